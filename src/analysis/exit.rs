//! The exit code that sums a report up.

use super::pool::Analysis;
use super::run_summary::RunSummary;
use crate::domain::limit::LimitStatus;
use crate::domain::verdict::Verdict;

/// The exit code of a run or report: 1 for a limit not met, a dead unit or a control that reset; else 3 where the rig faulted or the run is
/// incomplete; else 4 where something is undecided: a limit, a design that was cut short, or all presses; else 0. What speaks against the camera or the test comes first, since it stands even if
/// the rest is missing.
pub fn exit_code(analysis: &Analysis) -> u8 {
    let limit = |status| analysis.limits.iter().any(|limit| limit.status == status);
    let dead = analysis.rows.iter().any(|row| row.verdict() == Some(Verdict::Dead));
    if limit(LimitStatus::NotMet) || dead || analysis.control_resets().next().is_some() {
        1
    } else if !analysis.runs.iter().all(RunSummary::complete) {
        3
    } else if limit(LimitStatus::Undecided) || analysis.runs.iter().any(RunSummary::cut_short) || analysis.nothing_decided() {
        4
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press, rate_limit, sham};
    use crate::domain::condition::Origin;
    use crate::domain::event::FinishReason;
    use crate::domain::suite::DesignKind;
    use crate::domain::verdict::{FaultKind, Level};

    fn analysis(bench: Bench, reason: FinishReason) -> Analysis {
        Analysis::pool(vec![fold(&bench.finish(reason))]).unwrap()
    }

    fn with_limit(min_rate: f64, verdict: Verdict) -> Bench {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 10, 0);
        bench.started.suite.limits = vec![rate_limit(30.0, min_rate)];
        let mut bench = bench.start();
        for _ in 0..10 {
            bench.trial(press("oem", 30.0), verdict);
        }
        bench
    }

    #[test]
    fn exit_codes_follow_the_contract() {
        use FinishReason::*;
        use Verdict::*;
        let code = |bench, reason| exit_code(&analysis(bench, reason));
        assert_eq!(code(with_limit(0.6, FactoryReset), Complete), 0);
        assert_eq!(code(with_limit(0.6, NoResponse), Complete), 1);
        assert_eq!(code(with_limit(0.9, FactoryReset), Complete), 4);
        assert_eq!(code(with_limit(0.6, FactoryReset), Stopped), 3);
        assert_eq!(code(with_limit(0.6, FactoryReset), RigFaulted), 3);
        assert_eq!(code(with_limit(0.6, FactoryReset), BudgetSpent), 3);
        assert_eq!(code(with_limit(0.6, NoResponse), RigFaulted), 1);
        let mut dead = Bench::new("r", &["oem"], &[30.0], 1, 0).start();
        dead.trial(press("oem", 30.0), Dead);
        assert_eq!(code(dead, UnitDead), 1);
        let mut sham_reset = Bench::new("r", &["oem"], &[30.0], 0, 1).start();
        sham_reset.trial(sham("oem"), FactoryReset);
        assert_eq!(code(sham_reset, Complete), 1);
        assert_eq!(exit_code(&Analysis::pool(vec![fold(&with_limit(0.6, FactoryReset).events())]).unwrap()), 3);
    }

    #[test]
    fn a_slot_lost_after_its_tries_makes_a_run_incomplete_and_a_retried_one_does_not() {
        for (faults, code) in [(2, 0), (3, 3)] {
            let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0).start();
            for _ in 0..faults {
                bench.begin(Some(0), press("oem", 30.0), Origin::Planned);
                bench.fault(FaultKind::Timeout, "no edge");
            }
            if faults < 3 {
                bench.trial_at(Some(0), press("oem", 30.0), Verdict::FactoryReset, Level::Proved);
            }
            let analysis = analysis(bench, FinishReason::Complete);
            assert_eq!(exit_code(&analysis), code, "{faults} faults");
            assert_eq!(analysis.runs[0].extent.faulted, faults);
        }
    }

    #[test]
    fn presses_of_which_none_counts_decide_nothing() {
        for (verdicts, code) in
            [(&[Verdict::NotReady, Verdict::Inconclusive][..], 4), (&[Verdict::NotReady, Verdict::NoResponse], 0), (&[], 0)]
        {
            let mut bench = Bench::new("r", &["oem"], &[30.0], 2, 1).start();
            verdicts.iter().for_each(|verdict| bench.trial(press("oem", 30.0), *verdict));
            bench.trial(sham("oem"), Verdict::NoResponse);
            let analysis = analysis(bench, FinishReason::Complete);
            assert_eq!(exit_code(&analysis), code, "{verdicts:?}");
            assert_eq!(crate::report::words::headline(&analysis).contains("no press"), code == 4);
        }
    }

    #[test]
    fn a_budget_is_an_end_of_a_design_that_chooses_and_leaves_it_undecided() {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0);
        bench.started.suite.design.kind = DesignKind::Adaptive;
        assert_eq!(exit_code(&analysis(bench.start(), FinishReason::BudgetSpent)), 4);
    }
}
