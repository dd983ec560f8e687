//! `pinhole rejudge`: new diagnoses from old evidence. The run itself is only read.

pub mod traces;

use super::args;
use super::compose::sees_colour;
use super::outputs::save;
use super::profile::profile;
use super::trouble::Trouble;
use crate::analysis::{Analysis, RunFold};
use crate::domain::event::{Event, RunStarted, TrialFinished};
use crate::domain::ids::Seq;
use crate::domain::profile::Profile;
use crate::domain::units::Tick;
use crate::domain::verdict::{Diagnosis, Outcome};
use crate::journal::{DiskStorage, Reader, Wanted, read_state};
use crate::judging::again::{Rules, judge_again};
use crate::judging::{Capabilities, Senses};
use crate::ports::Storage;
use crate::report::csv;
use crate::report::rejudged::{From, Rejudgement, changed, judged, summary};
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use traces::Traces;

/// Folder of the results in a run's directory.
const REJUDGED: &str = "rejudged";

/// Judges a run again and writes the results into its folder `rejudged/`.
pub fn rejudge(args: &args::Rejudge) -> Result<u8, Trouble> {
    let wanted = args.dut.as_deref().map(profile).transpose()?;
    if let (Some(file), Some(wanted), false) = (&args.dut, &wanted, args.other_model) {
        same_model(&args.dir, file, wanted)?;
    }
    let again = rejudge_run(DiskStorage, &args.dir, wanted)?;
    let dir = args.dir.join(REJUDGED);
    std::fs::create_dir_all(&dir).with_context(|| format!("making the folder {}", dir.display()))?;
    save(&dir, "changed.csv", [changed(&again.trials)])?;
    save(&dir, "judged.csv", [judged(&again.trials)])?;
    save(&dir, "trials.csv", csv::trials_in_parts(&again.analysis))?;
    save(&dir, "cells.csv", [csv::cells(&again.analysis)])?;
    super::out(&format!("{}results: {}\n", summary(&again.trials, &again.profile), dir.display()));
    Ok(0)
}

/// Refuses a profile of another model: its light, console and timing would be looked for in evidence of a camera that has none of them.
fn same_model(dir: &Path, file: &Path, wanted: &Profile) -> Result<(), Trouble> {
    let ending = read_state(DiskStorage, dir).map_err(Trouble::refused)?;
    let Some(started) = &ending.state.started else { return Ok(()) };
    let own = &started.profile.model;
    if *own == wanted.model {
        return Ok(());
    }
    let (dir, file) = (dir.display(), file.display());
    let what = anyhow!("{dir} is a run of the model `{own}`, and {file} describes the model `{}`", wanted.model);
    Err(Trouble::refused(what).help(format!(
        "name a profile of the model `{own}` (the run's own lies in {dir}/inputs/duts/), or say --other-model to judge by this one all the same"
    )))
}

/// A run that was judged again.
pub struct Rejudged {
    /// Model of the profile it was judged by.
    pub profile: String,
    /// Every trial that had a verdict, in the order in which they ended.
    pub trials: Vec<Rejudgement>,
    /// The run as it would be reported with the new verdicts.
    pub analysis: Analysis,
}

/// Judges every judged trial of a run again, by `wanted` or by the run's own profile.
///
/// # Errors
/// The journal cannot be read, or the profile cannot be used.
pub fn rejudge_run<S: Storage + Clone>(storage: S, dir: &Path, wanted: Option<Profile>) -> Result<Rejudged> {
    let mut again = Again {
        storage: storage.clone(),
        dir,
        wanted,
        bench: None,
        open: Vec::new(),
        fold: RunFold::default(),
        trials: Vec::new(),
    };
    let mut reader = Reader::new(storage, dir, Wanted::ALL);
    let mut failed = Ok(());
    reader.for_each(|seq, at, event| {
        if failed.is_ok() {
            failed = again.line(seq, at, event);
        }
    })?;
    failed?;
    again.flush();
    again.fold.journal_head = Some(reader.head().to_string());
    let profile = again.bench.as_ref().map_or(String::new(), |bench| bench.profile().model.clone());
    Ok(Rejudged { profile, trials: again.trials, analysis: Analysis::pool(vec![again.fold])? })
}

/// What the trials of a run are judged by.
struct Bench {
    /// With the profile to judge by.
    started: Box<RunStarted>,
    can: Capabilities,
}

impl Bench {
    fn profile(&self) -> &Profile {
        &self.started.profile
    }
}

/// The fold over a run that is judged again.
struct Again<'a, S> {
    storage: S,
    dir: &'a Path,
    wanted: Option<Profile>,
    bench: Option<Bench>,
    /// The lines of the trial that has begun.
    open: Vec<(Seq, Tick, Event)>,
    fold: RunFold,
    trials: Vec<Rejudgement>,
}

impl<S: Storage> Again<'_, S> {
    fn line(&mut self, seq: Seq, at: Tick, event: &Event) -> Result<()> {
        match event {
            Event::RunStarted(started) => {
                let mut started = started.clone();
                if let Some(profile) = self.wanted.take() {
                    started.profile = profile;
                }
                self.fold.apply(seq, at, &Event::RunStarted(started.clone()));
                let colour = started.position.light.as_ref().is_some_and(sees_colour);
                let senses = Senses { colour, ..Senses::of(&started.position) };
                let can = Capabilities::new(&started.profile, senses);
                self.bench = Some(Bench { started, can });
            }
            Event::TrialStarted(_) => {
                self.flush();
                self.open.push((seq, at, event.clone()));
            }
            Event::TrialFinished(end) => {
                self.open.push((seq, at, event.clone()));
                self.judge(end.clone())?;
                self.flush();
            }
            Event::TrialAbandoned(_) | Event::RunResumed(_) => {
                self.open.push((seq, at, event.clone()));
                self.flush();
            }
            _ if self.open.is_empty() => self.fold.apply(seq, at, event),
            _ => self.open.push((seq, at, event.clone())),
        }
        Ok(())
    }

    /// Hands the lines of a trial on to the reports.
    fn flush(&mut self) {
        for (seq, at, event) in self.open.drain(..) {
            self.fold.apply(seq, at, &event);
        }
    }

    /// Judges the trial at hand, and writes the new verdict into its lines.
    fn judge(&mut self, end: TrialFinished) -> Result<()> {
        let Some(bench) = &self.bench else { return Ok(()) };
        let old =
            self.open.iter().find_map(|(_, _, event)| if let Event::Diagnosed(old) = event { Some(old.clone()) } else { None });
        let (Some(old), Outcome::Judged(_)) = (old, end.outcome) else { return Ok(()) };
        let position = &bench.started.position;
        let traces = Traces::of(&self.storage, self.dir, &self.open);
        let (replay, note) = match traces.and_then(|traces| traces.replay(bench.profile(), position)) {
            Ok(replay) => (Some(replay), None),
            Err(note) => (None, Some(note)),
        };
        let from = if replay.is_some() { From::Traces } else { From::Observations };
        let rules = Rules { profile: bench.profile(), can: &bench.can, pull_in: position.calibration.pull_in_s };
        let Some(new) = judge_again(rules, &self.open, replay) else { return Ok(()) };
        self.trials.push(Rejudgement {
            slot: end.slot,
            attempt: end.attempt,
            old: (old.verdict, old.level),
            new: (new.verdict, new.level),
            from,
            note,
            reason: new.reasons.first().cloned().unwrap_or_default(),
        });
        self.rewrite(&new);
        Ok(())
    }

    fn rewrite(&mut self, new: &Diagnosis) {
        for (_, _, event) in &mut self.open {
            match event {
                Event::Diagnosed(diagnosis) => *diagnosis = new.clone(),
                Event::TrialFinished(end) => end.outcome = Outcome::Judged(new.verdict),
                _ => {}
            }
        }
    }
}
