//! Cells: counts and rates of one unit, adapter, voltage, stimulus, hold and evidence level.

use super::group::{CellKey, Group, own_level, usual_levels};
use super::planned;
use super::row::{RunFacts, TrialRow, Value};
use super::stats::interval::{Interval, wilson};
use crate::domain::ids::RunId;
use crate::domain::suite::DesignKind;
use crate::domain::verdict::{Level, Outcome, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Two-sided confidence of every interval that is shown.
pub const CONFIDENCE: f64 = 0.95;

/// Fewer judged trials than this are called few: a middling rate is then known to worse than 26 points either way (Wilson, 95 %).
pub const FEW: u32 = 10;

/// Counts of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Judged trials by verdict, in the order of [`Verdict`].
    by_verdict: [u32; 9],
    /// Attempts that the rig lost: faulted or abandoned. A slot lost twice and judged then counts two here and one above, so that the
    /// trials of a cell add up to `n` + not ready + inconclusive + lost.
    pub lost: u32,
    /// Presses without a response of which the camera, which says when its button is pressed, said nothing.
    pub unnoticed: u32,
}

impl Tally {
    /// Counts one attempt.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Judged(verdict) => self.by_verdict[verdict as usize] += 1,
            Outcome::Faulted(_) | Outcome::Abandoned => self.lost += 1,
        }
    }

    /// Trials with this verdict.
    pub fn of(&self, verdict: Verdict) -> u32 {
        self.by_verdict[verdict as usize]
    }

    /// Trials in the denominator of the reset rate: judged, without inconclusive and not ready ones.
    pub fn n(&self) -> u32 {
        let judged: u32 = self.by_verdict.iter().sum();
        judged - self.of(Verdict::Inconclusive) - self.of(Verdict::NotReady) - self.of(Verdict::Checked)
    }

    /// Factory resets.
    pub fn resets(&self) -> u32 {
        self.of(Verdict::FactoryReset)
    }

    /// Trials of the extremes: `n` and the inconclusive ones.
    pub fn n_with_inconclusive(&self) -> u32 {
        self.n() + self.of(Verdict::Inconclusive)
    }

    /// Reset rate; `None` without trials, since 0/0 is not 0 %.
    pub fn rate(&self) -> Option<f64> {
        share(self.resets(), self.n())
    }

    /// Reset rate if no inconclusive trial had been a reset.
    pub fn rate_worst(&self) -> Option<f64> {
        share(self.resets(), self.n_with_inconclusive())
    }

    /// Reset rate if every inconclusive trial had been a reset.
    pub fn rate_best(&self) -> Option<f64> {
        share(self.resets() + self.of(Verdict::Inconclusive), self.n_with_inconclusive())
    }

    /// Wilson's interval of the reset rate.
    pub fn interval(&self) -> Option<Interval> {
        wilson(self.resets(), self.n(), CONFIDENCE)
    }
}

fn share(k: u32, n: u32) -> Option<f64> {
    (n > 0).then(|| f64::from(k) / f64::from(n))
}

/// One line of cells.csv.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What was put together.
    pub key: CellKey,
    /// Trials that the suite asks for; for a design that chooses as it goes, the slots it has chosen.
    pub planned: u32,
    /// Counts.
    pub tally: Tally,
    /// Mean measured hold of its judged presses, in seconds.
    pub hold_mean_s: Option<f64>,
    /// Earlier outcomes had a say in where these trials were placed.
    pub adaptive: bool,
    /// Doubts, as stable words.
    pub caveats: Vec<String>,
}

/// The cells of all runs, in the order of their keys.
pub fn cells(runs: &[Arc<RunFacts>], rows: &[TrialRow]) -> Vec<Cell> {
    let usual = usual_levels(rows);
    let mut drafts: BTreeMap<CellKey, Draft> = BTreeMap::new();
    for facts in runs {
        let level = usual.get(&facts.run_id).copied().unwrap_or(Level::None);
        for (key, count) in planned::by_cell(facts, level).unwrap_or_default() {
            drafts.entry(key).or_default().planned += i64::from(count);
        }
    }
    for row in rows {
        count(row, &usual, &mut drafts);
    }
    let units: BTreeSet<_> = runs.iter().map(|facts| &facts.started.dut_serial).collect();
    drafts.retain(|_, draft| draft.planned > 0 || draft.tally != Tally::default());
    drafts.into_iter().map(|(key, draft)| draft.finish(key, units.len())).collect()
}

/// A cell while it is counted.
#[derive(Default)]
struct Draft {
    planned: i64,
    begun: u32,
    tally: Tally,
    holds: f64,
    measured: u32,
    adaptive: bool,
    open_ended: bool,
    /// A trial was left open, and a canary of it could not be read.
    canary_unread: bool,
}

fn count(row: &TrialRow, usual: &BTreeMap<RunId, Level>, drafts: &mut BTreeMap<CellKey, Draft>) {
    let started = &row.run.started;
    let main = usual.get(&row.run.run_id).copied().unwrap_or(Level::None);
    let level = own_level(row).unwrap_or(main);
    let Some(key) = CellKey::of(&started.dut_serial, &row.condition, level) else { return };
    let kind = started.suite.design.kind;
    let usual_key = CellKey { group: Group { level: main, ..key.group.clone() }, hold_s: key.hold_s };
    let chosen = kind != DesignKind::Grid && row.attempt.0 == 1;
    drafts.entry(usual_key.clone()).or_default().planned += i64::from(chosen);
    if level != main {
        // The plan cannot know levels: a slot judged at an unusual one was planned for the usual one.
        drafts.entry(usual_key).or_default().planned -= 1;
        drafts.entry(key.clone()).or_default().planned += 1;
    }
    let draft = drafts.entry(key).or_default();
    draft.tally.add(row.outcome);
    draft.tally.unnoticed += u32::from(row.verdict() == Some(Verdict::NoResponse) && row.noticed == Some(false));
    draft.begun += u32::from(row.attempt.0 == 1);
    draft.adaptive |= row.origin.adaptive();
    draft.canary_unread |= row.canary_unread && row.verdict() == Some(Verdict::Inconclusive);
    draft.open_ended |= kind == DesignKind::GoNoGo;
    let counts = row.verdict().is_some_and(Verdict::counts_in_reset_rate);
    if let (true, Some(hold)) = (counts, row.value(Value::Hold)) {
        draft.holds += hold;
        draft.measured += 1;
    }
}

impl Draft {
    fn finish(self, key: CellKey, units: usize) -> Cell {
        let planned = u32::try_from(self.planned).unwrap_or(0).max(self.begun);
        let caveats = self.caveats(&key, planned, units);
        Cell {
            key,
            planned,
            tally: self.tally,
            hold_mean_s: (self.measured > 0).then(|| self.holds / f64::from(self.measured)),
            adaptive: self.adaptive,
            caveats,
        }
    }

    fn caveats(&self, key: &CellKey, planned: u32, units: usize) -> Vec<String> {
        let n = self.tally.n();
        let settled = self.tally.n_with_inconclusive() + self.tally.of(Verdict::NotReady);
        let words = [
            (units == 1, "one_unit"),
            (units > 1, "several_units"),
            (n == 0, "no_data"),
            (n > 0 && n < FEW, "few"),
            (self.tally.of(Verdict::Inconclusive) > 0, "inconclusive_present"),
            (self.canary_unread, "canary_unread"),
            (self.tally.of(Verdict::NotReady) > 0, "not_ready_present"),
            (self.tally.of(Verdict::Dead) > 0, "dead_present"),
            (self.tally.lost > 0, "trials_lost"),
            (settled < planned, "incomplete"),
            (self.adaptive, "adaptive"),
            (self.open_ended, "stopped_by_data"),
        ];
        let mut caveats: Vec<String> = words.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()).collect();
        caveats.extend(key.group.extra_levels());
        caveats
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::group::Kind;
    use crate::analysis::testkit::{Bench, fold, press, sham};
    use crate::domain::condition::Origin;
    use crate::domain::verdict::FaultKind;

    fn cells_of(bench: Bench) -> Vec<Cell> {
        let mut fold = fold(&bench.events());
        let facts = fold.trials().run().cloned().unwrap();
        cells(&[facts], &fold.take_rows())
    }

    #[test]
    fn the_denominator_leaves_out_what_cannot_tell_and_the_extremes_bracket_the_rate() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 7, 0).start();
        use Verdict::*;
        for verdict in [FactoryReset, FactoryReset, PartialReset, NoResponse, Dead, Inconclusive, NotReady] {
            bench.trial(press("oem", 10.0), verdict);
        }
        let cells = cells_of(bench);
        let [cell] = cells.as_slice() else { panic!("{} cells", cells.len()) };
        assert_eq!((cell.tally.n(), cell.tally.resets(), cell.planned), (5, 2, 7));
        assert_eq!(cell.tally.rate(), Some(0.4));
        assert_eq!((cell.tally.rate_worst(), cell.tally.rate_best()), (Some(2.0 / 6.0), Some(3.0 / 6.0)));
        assert_eq!(cell.caveats, ["one_unit", "few", "inconclusive_present", "not_ready_present", "dead_present"]);
    }

    #[test]
    fn a_cell_without_trials_has_no_rate() {
        let cells = cells_of(Bench::new("r", &["oem"], &[10.0, 20.0], 3, 0).start());
        assert_eq!(cells.len(), 2);
        assert!(cells.iter().all(|cell| cell.planned == 3 && cell.tally.rate().is_none() && cell.tally.interval().is_none()));
        assert_eq!(cells[0].caveats, ["one_unit", "no_data", "incomplete"]);
    }

    #[test]
    fn levels_are_never_mixed_and_lost_or_unready_trials_go_to_the_usual_one() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 5, 0).start();
        bench.trial(press("oem", 10.0), Verdict::FactoryReset);
        bench.trial(press("oem", 10.0), Verdict::NoResponse);
        bench.trial_at(None, press("oem", 10.0), Verdict::FactoryReset, Level::Indicated);
        bench.trial_at(None, press("oem", 10.0), Verdict::NotReady, Level::None);
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.fault(FaultKind::Timeout, "no edge");
        let cells = cells_of(bench);
        let seen: Vec<_> = cells
            .iter()
            .map(|c| (c.key.group.level, c.planned, c.tally.n(), c.tally.of(Verdict::NotReady), c.tally.lost))
            .collect();
        assert_eq!(seen, [(Level::Indicated, 1, 1, 0, 0), (Level::Proved, 4, 2, 1, 1)]);
    }

    #[test]
    fn shams_are_pooled_and_checks_have_no_cell() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 0, 2).start();
        bench.trial(sham("oem"), Verdict::NoResponse);
        bench.trial(sham("oem"), Verdict::RebootOnly);
        let mut check = press("oem", 10.0);
        check.stimulus = crate::domain::condition::Stimulus::Check { check: crate::domain::condition::Check::Boot };
        bench.trial(check, Verdict::Checked);
        let cells = cells_of(bench);
        let [cell] = cells.as_slice() else { panic!("{cells:?}") };
        assert_eq!((cell.key.group.kind, cell.key.hold_s, cell.planned, cell.tally.n()), (Kind::Sham, None, 2, 2));
    }

    #[test]
    fn a_design_that_chooses_plans_what_it_has_chosen() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0);
        bench.started.suite.design.kind = DesignKind::Adaptive;
        let mut bench = bench.start();
        for slot in [0, 0, 1] {
            bench.begin(Some(slot), press("oem", 12.5), Origin::Chosen("widest".to_owned()));
            if slot == 0 { bench.fault(FaultKind::Timeout, "late") } else { bench.judge(Verdict::NoResponse, Level::Proved) }
        }
        let cells = cells_of(bench);
        let [cell] = cells.as_slice() else { panic!("{cells:?}") };
        assert!(cell.adaptive && cell.caveats.contains(&"adaptive".to_owned()));
        assert_eq!((cell.planned, cell.tally.n(), cell.tally.lost), (2, 1, 2));
    }
}
