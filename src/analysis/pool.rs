//! All that reports show of one or several runs, and the exit code that sums it up.

use super::cells::{Cell, cells};
use super::compare::fields;
use super::course::{Course, course};
use super::fold::RunFold;
use super::guide::{Guide, guide};
use super::known::Known;
use super::limits::{LimitResult, judge};
use super::power::{Power, power};
use super::row::{RunFacts, TrialRow, replays};
use super::run_summary::RunSummary;
use super::thresholds::{Response, responses};
use crate::domain::adapter::Adapter;
use crate::domain::condition::Stimulus;
use crate::domain::ids::RunId;
use crate::domain::units::Seconds;
use crate::domain::verdict::Verdict;
use std::sync::{Arc, OnceLock};

/// Why runs cannot be pooled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// There is no run at all.
    #[error("there is no run to report on")]
    Nothing,
    /// A journal without `run_started`.
    #[error("{} was opened and never started: there is nothing to report on", named(.0))]
    NotStarted(RunId),
    /// The same run twice.
    #[error("run {0} was given twice: its trials would count double")]
    Twice(RunId),
    /// The trials of a run are those of another, to the last digit: the simulated bench was run twice with one seed.
    #[error("run {b} replays run {a} trial for trial: its trials would count double")]
    Replays {
        /// The first.
        a: RunId,
        /// The other.
        b: RunId,
    },
    /// Two runs that must not be put together.
    #[error("runs {a} and {b} cannot be pooled: {why}; report each by itself, or set them side by side with `pinhole compare`")]
    Differ {
        /// The first.
        a: RunId,
        /// The other.
        b: RunId,
        /// What differs.
        why: String,
    },
}

/// A journal that lost its first line has no name.
fn named(run: &RunId) -> String {
    if run.as_str().is_empty() { "a run without a name".to_owned() } else { format!("run {run}") }
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
    course: OnceLock<Option<Course>>,
}

impl Analysis {
    /// Puts runs together. Their order does not matter.
    ///
    /// # Errors
    /// [`Unlike`] where runs are missing, doubled, or must not be mixed: another profile, other limits, another adapter of the same name,
    /// another longest hold, or other firmware in the same unit.
    pub fn pool(folds: Vec<RunFold>) -> Result<Analysis, Unlike> {
        Self::led(folds, None)
    }

    /// The same where what a single adaptive run was led by is still at hand, which saves half of the work.
    ///
    /// # Errors
    /// As [`Analysis::pool`].
    pub fn led(mut folds: Vec<RunFold>, led_by: Option<&Known>) -> Result<Analysis, Unlike> {
        folds.sort_by(|a, b| a.run_id.cmp(&b.run_id));
        let mut runs = Vec::with_capacity(folds.len());
        let mut rows: Vec<TrialRow> = Vec::new();
        let mut begins = Vec::with_capacity(folds.len());
        for fold in folds {
            let run_id = fold.run_id.clone();
            let (run, own) = RunSummary::of(fold).ok_or(Unlike::NotStarted(run_id))?;
            runs.push(run);
            begins.push(rows.len());
            rows.extend(own);
        }
        alike(&runs)?;
        independent(&runs, &rows, &begins)?;
        let facts: Vec<Arc<RunFacts>> = runs.iter().map(|run| run.facts.clone()).collect();
        let first = facts.first().ok_or(Unlike::Nothing)?;
        let cells = cells(&facts, &rows);
        Ok(Analysis {
            responses: responses(&facts, &rows, led_by),
            limits: judge(&first.started.suite.limits, &facts, &rows, &cells),
            power: power(&rows),
            guide: guide(&rows),
            course: OnceLock::new(),
            runs,
            cells,
            rows,
        })
    }

    /// How adaptive runs came to know their holds; `None` for other designs. Sought when it is first asked for: charts alone show it.
    pub fn course(&self) -> Option<&Course> {
        self.course.get_or_init(|| course(&self.rows)).as_ref()
    }

    /// Shams, and presses with the supply off, after which a reset was seen: something else than the press resets the camera.
    pub fn control_resets(&self) -> impl Iterator<Item = &TrialRow> {
        let control = |row: &TrialRow| matches!(row.condition.stimulus, Stimulus::Sham { .. } | Stimulus::UnpoweredPress { .. });
        let reset = |row: &TrialRow| matches!(row.verdict(), Some(Verdict::FactoryReset | Verdict::PartialReset));
        self.rows.iter().filter(move |row| control(row) && reset(row))
    }

    /// What was pooled, and what that says nothing of; `None` for a single run.
    pub fn pooled(&self) -> Option<String> {
        let (runs, units) = (self.runs.len(), self.units());
        match (runs, units) {
            (0 | 1, _) => None,
            (_, 1) => Some(format!("{runs} runs of one unit pooled: the rates are this unit's only")),
            _ => Some(format!(
                "{runs} runs of {units} units pooled: each unit has its own rates, and how units differ from each other is not estimated"
            )),
        }
    }

    /// Whether presses were judged and not one of them counts in a rate: never ready, or never clear. Then nothing is known of any hold.
    pub fn nothing_decided(&self) -> bool {
        let presses = self.rows.iter().filter(|row| matches!(row.condition.stimulus, Stimulus::Press { .. }));
        let mut verdicts = presses.filter_map(TrialRow::verdict).peekable();
        verdicts.peek().is_some() && !verdicts.any(Verdict::counts_in_reset_rate)
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

/// Checks that no run replays another. `begins`: where the rows of each begin.
fn independent(runs: &[RunSummary], rows: &[TrialRow], begins: &[usize]) -> Result<(), Unlike> {
    let of = |run: usize| &rows[begins[run]..begins.get(run + 1).copied().unwrap_or(rows.len())];
    for (index, run) in runs.iter().enumerate() {
        if let Some(other) = (0..index).find(|other| replays(of(*other), of(index))) {
            return Err(Unlike::Replays { a: runs[other].facts.run_id.clone(), b: run.facts.run_id.clone() });
        }
    }
    Ok(())
}

fn difference(one: &RunSummary, other: &RunSummary) -> Option<String> {
    let (a, b) = (&one.facts.started, &other.facts.started);
    if a.profile != b.profile {
        let models = if a.profile.model == b.profile.model {
            format!("`{}`", a.profile.model)
        } else {
            format!("`{}` and `{}`", a.profile.model, b.profile.model)
        };
        return Some(format!("their DUT profiles ({models}) differ in {}", fields(&a.profile, &b.profile).join(", ")));
    }
    if a.suite.limits != b.suite.limits {
        return Some(format!("their suites (`{}` and `{}`) have different limits", a.suite.name, b.suite.name));
    }
    if a.suite.factors.hold_max_s != b.suite.factors.hold_max_s {
        let longest = |span: Option<Seconds>| span.map_or("none".to_owned(), |span| span.to_string());
        let (one, other) = (longest(a.suite.factors.hold_max_s), longest(b.suite.factors.hold_max_s));
        return Some(format!("the longest hold of their suites (factors.hold_max_s) differs: {one} and {other}"));
    }
    if a.dut_serial == b.dut_serial && a.dut_fw != b.dut_fw {
        let known = |fw: &Option<String>| fw.clone().unwrap_or("not known".to_owned());
        let (one, other) = (known(&a.dut_fw), known(&b.dut_fw));
        return Some(format!("the firmware of unit {} differs: {one} and {other}", a.dut_serial));
    }
    let described = |adapter: &&Adapter| b.adapters.iter().find(|twin| twin.name == adapter.name);
    let mut twins = a.adapters.iter().filter_map(|adapter| Some((adapter, described(&adapter)?)));
    let (adapter, twin) = twins.find(|(adapter, twin)| adapter != twin)?;
    Some(format!("adapter `{}` differs in {}", adapter.name, fields(adapter, twin).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, grid, press, rate_limit};
    use crate::domain::verdict::Level;

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
        assert!(
            why(&|bench| bench.started.profile.model = "other".to_owned())
                .contains("(`IP2M-841` and `other`) differ in model; report each by itself")
        );
        let wait = |bench: &mut Bench| bench.started.profile.ready.min_wait_s = Seconds::new(99.0);
        assert!(why(&wait).contains("(`IP2M-841`) differ in ready.min_wait_s;"));
        assert!(why(&|bench| bench.started.dut_fw = None).contains("the firmware of unit AMC0001 differs: 2.800 and not known"));
        assert!(why(&|bench| bench.started.adapters[0].lot = Some("L2".to_owned())).contains("adapter `oem` differs in lot;"));
        assert!(why(&|bench| bench.started.suite.limits.push(rate_limit(30.0, 0.5))).contains("limits"));
        let longest = |bench: &mut Bench| bench.started.suite.factors.hold_max_s = Some(Seconds::new(90.0));
        assert!(why(&longest).contains("differs: none and 90 s"));
    }

    #[test]
    fn a_pool_counts_the_trials_of_all_its_runs() {
        let run =
            |id, at_5: u32| fold(&grid(id, &["oem"], &[5.0, 10.0], 4, |_, hold| if hold < 10.0 { at_5 } else { 2 }).events());
        let replayed = Analysis::pool(vec![run("a", 2), run("b", 2)]).unwrap_err();
        assert_eq!(replayed, Unlike::Replays { a: "a".into(), b: "b".into() });
        let analysis = Analysis::pool(vec![run("a", 2), run("b", 0)]).unwrap();
        let presses: Vec<_> = analysis.cells.iter().map(|cell| (cell.planned, cell.tally.n(), cell.tally.resets())).collect();
        assert_eq!(presses, [(8, 8, 2), (8, 8, 4), (2, 2, 0)]);
        assert_eq!(analysis.units(), 1);
        assert!(analysis.pooled().unwrap().contains("this unit's only"));
        assert!(analysis.cells.iter().all(|cell| cell.caveats.contains(&"one_unit".to_owned())));
    }

    #[test]
    fn each_unit_and_each_evidence_level_of_a_pool_keeps_its_own_rate() {
        let run = |id: &str, unit: &str, verdict, level| {
            let mut bench = Bench::new(id, &["oem"], &[10.0], 1, 0);
            bench.started.dut_serial = unit.into();
            let mut bench = bench.start();
            bench.trial_at(None, press("oem", 10.0), verdict, level);
            fold(&bench.events())
        };
        let analysis = Analysis::pool(vec![
            run("a", "u1", Verdict::FactoryReset, Level::Proved),
            run("b", "u1", Verdict::FactoryReset, Level::Indicated),
            run("c", "u2", Verdict::NoResponse, Level::Proved),
        ])
        .unwrap();
        let seen =
            |cell: &Cell| (cell.key.group.dut_serial.to_string(), cell.key.group.level, cell.tally.resets(), cell.tally.n());
        let want = [("u1", Level::Indicated, 1, 1), ("u1", Level::Proved, 1, 1), ("u2", Level::Proved, 0, 1)];
        assert_eq!(analysis.cells.iter().map(seen).collect::<Vec<_>>(), want.map(|(u, l, k, n)| (u.to_owned(), l, k, n)));
        assert!(analysis.cells.iter().all(|cell| cell.caveats.contains(&"several_units".to_owned())));
        assert!(analysis.pooled().unwrap().contains("3 runs of 2 units pooled"));
    }
}
