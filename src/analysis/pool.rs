//! All that reports show of one or several runs, and the exit code that sums it up.

use super::cells::{Cell, cells};
use super::fold::RunFold;
use super::guide::{Guide, guide};
use super::limits::{LimitResult, judge};
use super::power::{Power, power};
use super::row::{RunFacts, TrialRow};
use super::run_summary::RunSummary;
use super::thresholds::{Response, responses};
use crate::domain::condition::Stimulus;
use crate::domain::ids::RunId;
use crate::domain::verdict::Verdict;
use std::sync::Arc;

/// Why runs cannot be pooled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// There is no run at all.
    #[error("there is no run to report on")]
    Nothing,
    /// A journal without `run_started`.
    #[error("run {0} was opened and never started: there is nothing to report on")]
    NotStarted(RunId),
    /// The same run twice.
    #[error("run {0} was given twice: its trials would count double")]
    Twice(RunId),
    /// Two runs that must not be put together.
    #[error("runs {a} and {b} cannot be pooled: {why}")]
    Differ {
        /// The first.
        a: RunId,
        /// The other.
        b: RunId,
        /// What differs.
        why: String,
    },
}

/// Everything that reports show.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The runs, by run id; at least one.
    pub runs: Vec<RunSummary>,
    /// All trials, by run and in the order in which they ended.
    pub rows: Vec<TrialRow>,
    /// Counts and rates.
    pub cells: Vec<Cell>,
    /// Response curves with their thresholds.
    pub responses: Vec<Response>,
    /// The limits of the suite.
    pub limits: Vec<LimitResult>,
    /// What the adapters gave.
    pub power: Vec<Power>,
    /// What was measured of the support guide's claims.
    pub guide: Guide,
}

impl Analysis {
    /// Puts runs together. Their order does not matter.
    ///
    /// # Errors
    /// [`Unlike`] where runs are missing, doubled, or must not be mixed: another profile, other limits, another adapter of the same name,
    /// another longest hold, or other firmware in the same unit.
    pub fn pool(mut folds: Vec<RunFold>) -> Result<Analysis, Unlike> {
        folds.sort_by(|a, b| a.run_id.cmp(&b.run_id));
        let mut runs = Vec::with_capacity(folds.len());
        let mut rows = Vec::new();
        for fold in folds {
            let run_id = fold.run_id.clone();
            let (run, own) = RunSummary::of(fold).ok_or(Unlike::NotStarted(run_id))?;
            runs.push(run);
            rows.extend(own);
        }
        alike(&runs)?;
        let facts: Vec<Arc<RunFacts>> = runs.iter().map(|run| run.facts.clone()).collect();
        let first = facts.first().ok_or(Unlike::Nothing)?;
        let cells = cells(&facts, &rows);
        Ok(Analysis {
            responses: responses(&facts, &rows),
            limits: judge(&first.started.suite.limits, &facts, &rows, &cells),
            power: power(&rows),
            guide: guide(&rows),
            runs,
            cells,
            rows,
        })
    }

    /// Shams, and presses with the supply off, after which a reset was seen: something else than the press resets the camera.
    pub fn control_resets(&self) -> impl Iterator<Item = &TrialRow> {
        let control = |row: &TrialRow| matches!(row.condition.stimulus, Stimulus::Sham { .. } | Stimulus::UnpoweredPress { .. });
        let reset = |row: &TrialRow| matches!(row.verdict(), Some(Verdict::FactoryReset | Verdict::PartialReset));
        self.rows.iter().filter(move |row| control(row) && reset(row))
    }

    /// How many units were tested.
    pub fn units(&self) -> usize {
        let mut serials: Vec<_> = self.runs.iter().map(|run| &run.facts.started.dut_serial).collect();
        serials.sort();
        serials.dedup();
        serials.len()
    }
}

/// Checks that the runs, ordered by id, may be put together.
fn alike(runs: &[RunSummary]) -> Result<(), Unlike> {
    for pair in runs.windows(2) {
        if pair[0].facts.run_id == pair[1].facts.run_id {
            return Err(Unlike::Twice(pair[0].facts.run_id.clone()));
        }
    }
    for (index, run) in runs.iter().enumerate() {
        for other in &runs[index + 1..] {
            if let Some(why) = difference(run, other) {
                let (a, b) = (run.facts.run_id.clone(), other.facts.run_id.clone());
                return Err(Unlike::Differ { a, b, why });
            }
        }
    }
    Ok(())
}

fn difference(one: &RunSummary, other: &RunSummary) -> Option<String> {
    let (a, b) = (&one.facts.started, &other.facts.started);
    if a.profile != b.profile {
        return Some(format!("their DUT profiles differ (`{}` and `{}`)", a.profile.model, b.profile.model));
    }
    if a.suite.limits != b.suite.limits {
        return Some("their suites have different limits".to_owned());
    }
    if a.suite.factors.hold_max_s != b.suite.factors.hold_max_s {
        return Some("their longest holds (`hold_max_s`) differ".to_owned());
    }
    if a.dut_serial == b.dut_serial && a.dut_fw != b.dut_fw {
        return Some(format!("unit {} had different firmware in them", a.dut_serial));
    }
    let changed = a.adapters.iter().find(|adapter| b.adapters.iter().any(|twin| twin.name == adapter.name && twin != *adapter));
    changed.map(|adapter| format!("adapter `{}` is described differently in them", adapter.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, grid, rate_limit};

    #[test]
    fn unlike_runs_are_refused_with_the_reason() {
        let run = |id: &str, change: &dyn Fn(&mut Bench)| {
            let mut bench = Bench::new(id, &["oem"], &[30.0], 1, 0);
            change(&mut bench);
            fold(&bench.start().events())
        };
        let why =
            |change: &dyn Fn(&mut Bench)| Analysis::pool(vec![run("a", &|_| ()), run("b", change)]).unwrap_err().to_string();
        assert!(Analysis::pool(vec![run("a", &|_| ()), run("b", &|_| ())]).is_ok());
        assert_eq!(Analysis::pool(vec![]).unwrap_err(), Unlike::Nothing);
        assert_eq!(Analysis::pool(vec![run("a", &|_| ()), run("a", &|_| ())]).unwrap_err(), Unlike::Twice("a".into()));
        assert!(why(&|bench| bench.started.profile.model = "other".to_owned()).contains("`other`"));
        assert!(why(&|bench| bench.started.dut_fw = None).contains("firmware"));
        assert!(why(&|bench| bench.started.adapters[0].lot = Some("L2".to_owned())).contains("adapter `oem`"));
        assert!(why(&|bench| bench.started.suite.limits.push(rate_limit(30.0, 0.5))).contains("limits"));
    }

    #[test]
    fn a_pool_counts_the_trials_of_all_its_runs() {
        let folds = || ["a", "b"].map(|id| fold(&grid(id, &["oem"], &[5.0, 10.0], 4, |_, hold| (hold / 5.0) as u32).events()));
        let analysis = Analysis::pool(folds().into()).unwrap();
        let presses: Vec<_> = analysis.cells.iter().map(|cell| (cell.planned, cell.tally.n(), cell.tally.resets())).collect();
        assert_eq!(presses, [(8, 8, 2), (8, 8, 4), (2, 2, 0)]);
        assert_eq!(analysis.units(), 1);
    }
}
