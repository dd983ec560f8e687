//! Reports of runs, and the exit code.

use super::args;
use super::attached::timeline;
use super::printer::Printer;
use super::trouble::{REFUSED, RIG, STOPPED, Trouble};
use crate::analysis::evidence::{FLAGGED_KEPT, OTHERS_KEPT, TrialEvidence, is_flagged};
use crate::analysis::timeline::TIMELINES_KEPT;
use crate::analysis::{Analysis, RunFold, exit_code};
use crate::domain::condition::Stimulus;
use crate::domain::event::{Event, FinishReason};
use crate::journal::{DiskStorage, JOURNAL, Kind, ReadError, Reader, Wanted, trial_at};
use crate::ports::Storage;
use crate::report;
use crate::report::terminal::wrap;
use anyhow::{Context, Result};
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The folder of timelines in a run's directory. Reports make the drawings in it anew.
const TIMELINES: &str = "timelines";

/// Reads runs and puts them together.
///
/// # Errors
/// A journal cannot be read, or the runs must not be pooled.
pub fn analyse(dirs: &[PathBuf]) -> Result<Analysis> {
    let folds = dirs.iter().map(|dir| fold(DiskStorage, dir)).collect::<Result<Vec<_>, _>>()?;
    Ok(Analysis::pool(folds)?)
}

fn fold<S: Storage + Clone>(storage: S, dir: &Path) -> Result<RunFold, ReadError> {
    let mut fold = RunFold::default();
    let mut reader = Reader::new(storage.clone(), dir, wanted());
    let mut kept = Kept::default();
    reader.for_each_placed(|from, seq, at, event| match event {
        Some(event) => {
            fold.apply(seq, at, event);
            kept.see(from, event, &fold);
        }
        None => fold.pass_over(at),
    })?;
    fold.journal_head = Some(reader.head().to_string());
    let mut timelines = 0;
    for (from, flagged) in kept.places {
        let lines = trial_at(&storage, dir, from)?;
        let Some(mut evidence) = TrialEvidence::of(&lines, flagged) else { continue };
        if flagged && timelines < TIMELINES_KEPT {
            evidence.timeline = timeline(&storage, dir, &lines);
            timelines += usize::from(evidence.timeline.is_some());
        }
        fold.evidence.push(evidence);
    }
    Ok(fold)
}

/// Which trials are read a second time for their evidence: failures and surprises, and as many others, to a bound.
#[derive(Default)]
struct Kept {
    /// Where each trial begins in the journal, and whether it is a failure or a surprise.
    places: Vec<(u64, bool)>,
    flagged: usize,
    open: Option<(u64, Stimulus)>,
}

impl Kept {
    fn see(&mut self, from: u64, event: &Event, fold: &RunFold) {
        match event {
            Event::TrialStarted(started) => self.open = Some((from, started.slot.condition.stimulus.clone())),
            Event::TrialFinished(end) => {
                let (Some((begin, stimulus)), Some(verdict)) = (self.open.take(), end.outcome.verdict()) else { return };
                let profile = fold.trials().run().map(|run| &run.started.profile);
                let flagged = profile.is_some_and(|profile| is_flagged(profile, &stimulus, verdict));
                let flagged = flagged && self.flagged < FLAGGED_KEPT;
                if flagged || self.places.len() - self.flagged < OTHERS_KEPT {
                    self.places.push((begin, flagged));
                    self.flagged += usize::from(flagged);
                }
            }
            _ => {}
        }
    }
}

/// What [`RunFold`] goes by. The rest is checked all the same, and read no further than that needs.
fn wanted() -> Wanted {
    use Kind::{
        Diagnosed, Environment, Faulted, JournalOpened, Measured, Observed, RunFinished, RunResumed, RunStarted, StepFinished,
        StepStarted, TrialAbandoned, TrialFinished, TrialStarted,
    };
    let run = [JournalOpened, RunStarted, RunResumed, RunFinished, Faulted, Environment];
    let trial = [TrialStarted, StepStarted, StepFinished, Observed, Measured, Diagnosed, TrialFinished, TrialAbandoned];
    Wanted::of(&[run.as_slice(), trial.as_slice()].concat()).with_changes_alone()
}

/// Writes all reports into `dir`. Each file is written beside its place and then moved there, so that a crash leaves the old one.
///
/// # Errors
/// A file cannot be written.
pub fn write(analysis: &Analysis, dir: &Path) -> Result<()> {
    let figures = report::chart::figures(analysis);
    save(dir, "trials.csv", report::csv::trials_in_parts(analysis))?;
    let files = [
        ("cells.csv", report::csv::cells(analysis)),
        ("thresholds.csv", report::csv::thresholds(analysis)),
        ("summary.json", report::summary::summary(analysis)),
        ("junit.xml", report::junit::junit(analysis)),
        ("report.html", report::html::html(analysis)),
    ];
    files.into_iter().try_for_each(|(name, bytes)| save(dir, name, [bytes]))?;
    for figure in figures {
        let name = figure.name;
        let png = report::png::png(&figure.svg).with_context(|| format!("drawing {name}.png"))?;
        save(dir, &format!("{name}.svg"), [figure.svg])?;
        save(dir, &format!("{name}.png"), [png])?;
    }
    write_timelines(analysis, dir)
}

/// Writes the timelines into a folder of their own, as SVG alone: a picture of each would take longer than all else together.
fn write_timelines(analysis: &Analysis, dir: &Path) -> Result<()> {
    let folder = dir.join(TIMELINES);
    for old in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if old.extension().is_some_and(|end| end == "svg") {
            fs::remove_file(&old).with_context(|| format!("removing the old {}", old.display()))?;
        }
    }
    let timelines = report::chart::timelines(analysis);
    if timelines.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    timelines.into_iter().try_for_each(|(_, figure)| save(&folder, &format!("{}.svg", figure.name), [figure.svg]))
}

/// Writes a file beside its place and moves it there.
///
/// # Errors
/// It cannot be written.
pub fn save(dir: &Path, name: &str, contents: impl IntoIterator<Item = Vec<u8>>) -> Result<()> {
    let path = dir.join(name);
    let part = dir.join(format!("{name}.part"));
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&part)?;
        contents.into_iter().try_for_each(|bytes| file.write_all(&bytes))?;
        fs::rename(&part, &path)
    };
    write().with_context(|| format!("writing {}", path.display()))
}

/// What a run is told apart by that did not begin: its files are right, and a device or the guard said no.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the bench could not be opened; nothing was energised")]
pub struct NotOpened;

/// Makes the reports of finished sessions, prints the result, and gives the exit code: the gravest of all positions.
/// The reports are written before anybody is waited for who should read the result.
pub fn conclude(
    finished: Vec<Result<FinishReason>>,
    dirs: &[PathBuf],
    show: args::Progress,
    printer: &Printer,
) -> Result<u8, Trouble> {
    let code = reported(finished, dirs, show, printer);
    let missing = printer.finish();
    if missing > 0 {
        let dirs: Vec<String> = dirs.iter().map(|dir| dir.display().to_string()).collect();
        let dirs = dirs.join(" ");
        let told = match show {
            args::Progress::Json => {
                format!(
                    "{missing} lines were not printed, since nobody read them in time: a gap in `seq` shows where; {dirs} holds them all in {JOURNAL}"
                )
            }
            _ => format!(
                "{missing} lines were not printed, since nobody read them in time; the result is printed again by: pinhole report {dirs}"
            ),
        };
        // Standard error may be gone; there is nobody to tell then.
        let _ = writeln!(std::io::stderr(), "warning: {told}");
    }
    code
}

fn reported(
    finished: Vec<Result<FinishReason>>,
    dirs: &[PathBuf],
    show: args::Progress,
    printer: &Printer,
) -> Result<u8, Trouble> {
    let mut code = 0;
    for (finished, dir) in finished.into_iter().zip(dirs) {
        let reason = match finished {
            Ok(reason) => reason,
            // The other positions have their reports all the same.
            Err(error) if error.is::<NotOpened>() => {
                Trouble::refused(error).print();
                // The folder was made for this run a moment ago, and holds nothing but copies of its files.
                let _ = std::fs::remove_dir_all(dir);
                // Beside others that ran it is a part that is missing.
                code = gravest(code, if dirs.len() == 1 { REFUSED } else { RIG });
                continue;
            }
            Err(error) => {
                let dir = dir.display();
                let next = format!("when the cause is removed, go on with: pinhole resume {dir}");
                Trouble::rig(error.context(format!("the run in {dir} broke off"))).help(next).print();
                code = gravest(code, RIG);
                continue;
            }
        };
        let analysis = analyse(std::slice::from_ref(dir)).map_err(Trouble::rig)?;
        write(&analysis, dir).map_err(Trouble::rig)?;
        if show != args::Progress::Quiet && show != args::Progress::Json {
            printer.text(&result(&analysis, dir, reason));
        }
        code = gravest(code, if reason == FinishReason::Stopped { STOPPED } else { exit_code(&analysis) });
    }
    Ok(code)
}

fn result(analysis: &Analysis, dir: &Path, reason: FinishReason) -> String {
    let mut text = table(analysis);
    let mut say = |line: String| {
        for line in wrap(&line, width().map_or(usize::MAX, usize::from), 4) {
            text.push_str(&format!("{line}\n"));
        }
    };
    say(format!("report: {}", dir.join("report.html").display()));
    if let Some(next) = next(analysis, dir, reason) {
        say(format!("next: {next}"));
    }
    text
}

/// What a person does next, where something is to be done.
fn next(analysis: &Analysis, dir: &Path, reason: FinishReason) -> Option<String> {
    let dir = dir.display();
    let more = format!(
        "run the suite again with a seed of its own (--set design.seed=NUMBER) and pool both: pinhole report {dir} OTHER --out BOTH"
    );
    match (reason, exit_code(analysis)) {
        (FinishReason::Stopped, _) => Some(format!("go on with: pinhole resume {dir}")),
        (FinishReason::RigFaulted, _) => {
            Some(format!("look after the rig (the report names its faults), then go on with: pinhole resume {dir}"))
        }
        (FinishReason::Declined, _) => Some("ask the customer; nothing was powered".to_owned()),
        (FinishReason::UnitDead, _) => Some("keep this unit for a closer look, and test another one".to_owned()),
        (FinishReason::UnitBudgetSpent, _) => Some("go on with another unit of this model, and pool the runs".to_owned()),
        (FinishReason::BudgetSpent, _) => Some(format!("for the trials that are missing, {more}")),
        (FinishReason::Complete, 0) => None,
        (FinishReason::Complete, 1) => Some("the report shows the evidence of each failure".to_owned()),
        (FinishReason::Complete, RIG) => Some(format!("look after the rig (the report names its faults), then {more}")),
        (FinishReason::Complete, _) if analysis.nothing_decided() => {
            Some("the report shows why each trial was not judged; the timelines show what the rig saw".to_owned())
        }
        (FinishReason::Complete, _) => Some(format!("{more}; `pinhole plan` tells how many trials each limit needs")),
    }
}

/// The table at the end, as standard output can show it.
pub fn table(analysis: &Analysis) -> String {
    report::terminal::table(analysis, width(), super::look::look(std::io::stdout().is_terminal()))
}

/// Columns of the terminal, where there is one.
pub fn width() -> Option<u16> {
    rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok().map(|size| size.ws_col).filter(|columns| *columns > 0)
}

/// Stopped by a person is said before all; then what the rig did; then what was found.
fn gravest(a: u8, b: u8) -> u8 {
    let rank = |code: u8| match code {
        STOPPED => 5,
        RIG => 4,
        1 => 3,
        4 => 2,
        0 => 0,
        _ => 1,
    };
    if rank(b) > rank(a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, press, sham};
    use crate::domain::condition::Origin;
    use crate::domain::event::{Event, Observed};
    use crate::domain::observation::Observation;
    use crate::domain::step::Step;
    use crate::domain::units::Seconds;
    use crate::domain::verdict::{FaultKind, Verdict};
    use crate::journal::{MemoryStorage, Traces, create};
    use crate::ports::Recorder;

    #[test]
    fn a_report_sees_all_it_needs_of_the_lines_that_it_reads() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 3, 1).start();
        bench.trial(press("oem", 10.0), Verdict::FactoryReset);
        bench.trial(sham("oem"), Verdict::Inconclusive);
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.fault(FaultKind::Timeout, "no edge");
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.step(Step::Drain { for_s: Seconds::new(10.0) }, None);
        bench.wait(40.0);
        let last = Observed { at_us: Default::default(), observation: Observation::Ready };
        // Nothing but the time of this line matters: the crash came after it.
        bench.push(Event::Observed(last));
        bench.crash_and_resume("2026-11-25T06:00:00Z", "bob");
        bench.trial(press("oem", 10.0), Verdict::Dead);

        let (storage, dir) = (MemoryStorage::new(), Path::new("/runs/one"));
        let mut writer = create(storage.clone(), dir, Traces::Off).unwrap();
        for (_, at, event) in bench.finish(FinishReason::UnitDead) {
            writer.record(at, event).unwrap();
        }
        drop(writer);
        let mut all = RunFold::default();
        let mut reader = Reader::new(storage.clone(), dir, Wanted::ALL);
        reader.for_each(|seq, at, event| all.apply(seq, at, event)).unwrap();
        all.journal_head = Some(reader.head().to_string());
        let read = fold(storage, dir).unwrap();
        assert!(read.trials().rows().iter().any(|row| row.took == Seconds::new(40.0)));
        let shown = |fold: &RunFold| {
            (format!("{:?}", fold.trials().rows()), format!("{:?}", (&fold.sessions, &fold.faults, &fold.findings, &fold.bench)))
        };
        assert_eq!(shown(&read), shown(&all));
        assert_eq!((read.finish, read.journal_head), (all.finish, all.journal_head));
    }
}
