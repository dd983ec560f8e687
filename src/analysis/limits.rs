//! Judges the limits of a suite.
//!
//! A rate limit is `met` where the one-sided exact bound (Clopper and Pearson) from below reaches the least rate at the stated confidence,
//! `not_met` where the bound from above stays under it, else `undecided`. It uses the worse extreme: no inconclusive trial was a reset. The
//! comparisons of one unit (adapters, voltages, and levels of the other factors) are one family, corrected after Holm; the bounds are
//! compared through their p-values, which is the same comparison. Each unit is judged by itself, since presses of one are no sample of others.
//!
//! In a go/no-go run the sequential test that ended the presses has the word: its errors are exact although the outcomes decided their number.
//!
//! A measurement limit is `met` where every value of every judged trial is within its bounds. No value is no proof: `undecided`.

mod measured;
mod rate;
pub mod sequential;

use super::cells::Cell;
use super::row::{RunFacts, TrialRow};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::limit::{Limit, LimitStatus, Question};
use crate::domain::units::Volts;
use crate::domain::verdict::Level;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the data say of one limit.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitResult {
    /// The limit.
    pub limit: Limit,
    /// `not_met` if any subject does not meet it, `met` if all do, else `undecided`.
    pub status: LimitStatus,
    /// The units and adapters that it speaks of.
    pub subjects: Vec<Subject>,
}

/// What the data say of one limit for one unit and adapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The unit.
    pub dut_serial: DutSerial,
    /// The adapter.
    pub adapter: AdapterName,
    /// The set voltage.
    pub supply_v: Option<Volts>,
    /// Evidence level of the rate; `None` for a measurement.
    pub level: Option<Level>,
    /// Levels of factors that have no column of their own.
    pub also: Vec<String>,
    /// The finding.
    pub status: LimitStatus,
    /// Trials (rate) or values (measurement) that it rests on.
    pub n: u32,
    /// The worse rate, or the value that is worst for the limit.
    pub value: Option<f64>,
    /// One-sided bound from below and from above at the limit's confidence, before Holm's correction.
    pub bounds: Option<(f64, f64)>,
    /// Values within the marginal share of a bound.
    pub marginal: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// Judges `limits`, which all `runs` share.
pub fn judge(limits: &[Limit], runs: &[Arc<RunFacts>], rows: &[TrialRow], cells: &[Cell]) -> Vec<LimitResult> {
    limits.iter().map(|limit| judge_one(limit, runs, rows, cells)).collect()
}

fn judge_one(limit: &Limit, runs: &[Arc<RunFacts>], rows: &[TrialRow], cells: &[Cell]) -> LimitResult {
    let mut subjects = match limit.question() {
        Some(Question::Rate { hold_s, min_rate, confidence }) => {
            let mut subjects = rate::judge(limit, &rate::Ask { hold_s, min_rate, confidence }, cells);
            sequential::answer(limit, runs, &mut subjects);
            subjects
        }
        Some(Question::Measurement { name, min, max, marginal }) => {
            measured::judge(limit, &measured::Ask { name, min, max, marginal }, rows)
        }
        None => Vec::new(),
    };
    for (dut_serial, adapter) in absent(limit, runs, &subjects) {
        subjects.push(Subject {
            dut_serial,
            adapter,
            supply_v: limit.supply_v,
            level: None,
            also: Vec::new(),
            status: LimitStatus::Undecided,
            n: 0,
            value: None,
            bounds: None,
            marginal: 0,
            reason: "nothing was tried or measured that this limit speaks of".to_owned(),
        });
    }
    LimitResult { limit: limit.clone(), status: worst(&subjects), subjects }
}

/// Units and adapters that the limit speaks of and no data do.
fn absent(limit: &Limit, runs: &[Arc<RunFacts>], subjects: &[Subject]) -> BTreeSet<(DutSerial, AdapterName)> {
    let mut all = BTreeSet::new();
    for facts in runs {
        let serial = &facts.started.dut_serial;
        let covered = facts.started.suite.factors.adapter.iter().filter(|name| limit.covers(name.as_str()));
        all.extend(covered.map(|name| (serial.clone(), name.clone())));
    }
    for subject in subjects {
        all.remove(&(subject.dut_serial.clone(), subject.adapter.clone()));
    }
    all
}

/// The status of the whole: a limit of no subject at all is undecided, never met.
fn worst(subjects: &[Subject]) -> LimitStatus {
    let any = |status| subjects.iter().any(|subject| subject.status == status);
    if any(LimitStatus::NotMet) {
        LimitStatus::NotMet
    } else if any(LimitStatus::Undecided) || subjects.is_empty() {
        LimitStatus::Undecided
    } else {
        LimitStatus::Met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::analysis::testkit::{Bench, fold, grid, max_limit, press, rate_limit};
    use crate::domain::event::FinishReason;
    use crate::domain::verdict::Verdict;

    fn judged(bench: Bench, limit: Limit) -> LimitResult {
        let events = bench.finish(FinishReason::Complete);
        let mut fold = fold(&events);
        let facts = vec![fold.trials().run().cloned().unwrap()];
        let rows = fold.take_rows();
        let cells = crate::analysis::cells::cells(&facts, &rows);
        judge_one(&limit, &facts, &rows, &cells)
    }

    #[test]
    fn one_adapter_meets_fails_or_leaves_open_by_the_exact_bounds() {
        // Exact one-sided 95 % bounds: 9 of 10 is at least 0.606, 2 of 10 is at most 0.507, 6 of 10 spans 0.60.
        for (resets, status) in [(9, LimitStatus::Met), (2, LimitStatus::NotMet), (6, LimitStatus::Undecided)] {
            let result = judged(grid("r", &["oem"], &[30.0], 10, |_, _| resets), rate_limit(30.0, 0.60));
            assert_eq!(result.status, status, "{resets} of 10");
            assert_eq!((result.subjects[0].n, result.subjects[0].value), (10, Some(f64::from(resets) / 10.0)));
        }
    }

    #[test]
    fn every_adapter_costs_confidence() {
        // 9 of 10 against 0.60 has p = 0.046: enough alone, not for the smallest of three (needs 0.0167).
        let alone = judged(grid("r", &["a"], &[30.0], 10, |_, _| 9), rate_limit(30.0, 0.60));
        let three = judged(grid("r", &["a", "b", "c"], &[30.0], 10, |_, _| 9), rate_limit(30.0, 0.60));
        assert_eq!((alone.status, three.status), (LimitStatus::Met, LimitStatus::Undecided));
        assert!(three.subjects[0].reason.contains("not after the correction for 3 comparisons"), "{}", three.subjects[0].reason);
    }

    #[test]
    fn inconclusive_trials_count_as_no_reset() {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 10, 0).start();
        for trial in 0..10 {
            bench.trial(press("oem", 30.0), if trial < 4 { Verdict::FactoryReset } else { Verdict::Inconclusive });
        }
        let result = judged(bench, rate_limit(30.0, 0.75));
        assert_eq!(result.status, LimitStatus::NotMet);
        assert!(result.subjects[0].reason.contains("6 inconclusive trials counted as no reset"), "{:?}", result.subjects);
    }

    #[test]
    fn no_data_is_undecided_never_met() {
        let result = judged(Bench::new("r", &["oem"], &[30.0], 10, 0).start(), rate_limit(30.0, 0.0));
        assert_eq!((result.status, result.subjects.len()), (LimitStatus::Undecided, 1));
        let result = judged(grid("r", &["oem"], &[30.0], 3, |_, _| 1), max_limit("open_v", 6.0, 0.0));
        assert_eq!(result.status, LimitStatus::Undecided);
        let result = judged(grid("r", &["oem"], &[30.0], 3, |_, _| 1), rate_limit(31.0, 0.1));
        assert_eq!((result.status, result.subjects.len()), (LimitStatus::Undecided, 1));
    }

    #[test]
    fn a_measurement_is_met_marginal_or_not_met() {
        for (max, status, marginal) in
            [(120.0, LimitStatus::Met, 0), (100.0, LimitStatus::Met, 4), (94.0, LimitStatus::NotMet, 0)]
        {
            let result = judged(grid("r", &["oem"], &[30.0], 3, |_, _| 1), max_limit("boot_s", max, 0.1));
            let subject = &result.subjects[0];
            assert_eq!((result.status, subject.marginal, subject.n, subject.value), (status, marginal, 4, Some(95.0)), "{max}");
        }
    }

    #[test]
    fn a_camera_that_was_never_ready_does_not_pass_its_boot_time() {
        for (max, status) in [(120.0, LimitStatus::NotMet), (400.0, LimitStatus::Undecided)] {
            let mut bench = Bench::new("r", &["oem"], &[30.0], 2, 0).start();
            bench.trial(press("oem", 30.0), Verdict::NoResponse);
            bench.trial(press("oem", 30.0), Verdict::NotReady);
            assert_eq!(judged(bench, max_limit("boot_s", max, 0.0)).status, status, "{max}");
        }
    }

    #[test]
    fn each_unit_of_a_pool_is_judged_by_itself() {
        let folds = ["u1", "u2"].map(|unit| {
            let mut bench = Bench::new(unit, &["oem"], &[30.0], 10, 0);
            bench.started.dut_serial = unit.into();
            bench.started.suite.limits = vec![rate_limit(30.0, 0.6)];
            let mut bench = bench.start();
            for _ in 0..10 {
                bench.trial(press("oem", 30.0), if unit == "u1" { Verdict::FactoryReset } else { Verdict::NoResponse });
            }
            fold(&bench.finish(FinishReason::Complete))
        });
        let limits = Analysis::pool(folds.into()).unwrap().limits;
        let found: Vec<_> = limits[0].subjects.iter().map(|subject| (subject.dut_serial.as_str(), subject.status)).collect();
        assert_eq!(found, [("u1", LimitStatus::Met), ("u2", LimitStatus::NotMet)]);
        assert_eq!(limits[0].status, LimitStatus::NotMet);
    }
}
