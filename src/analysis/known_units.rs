//! What a run with a known unit came to: its verdicts, counted; and the line that a person reads.

use super::rig_check::{Line, State};
use crate::domain::condition::Stimulus;
use crate::domain::event::{Event, FinishReason};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::known::{Known, Says, UnitRun};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Diagnosis, Level, Outcome, Verdict};
use std::collections::BTreeMap;

/// The fold over the events of such a run.
#[derive(Clone, Debug, Default)]
pub struct UnitFold {
    serial: Option<DutSerial>,
    model: String,
    now: Option<(Stimulus, AdapterName)>,
    diagnosis: Option<Diagnosis>,
    adapter: Option<AdapterName>,
    hold: Option<Seconds>,
    level: Option<Level>,
    presses: BTreeMap<Verdict, u32>,
    controls: BTreeMap<Verdict, u32>,
    /// Presses that were planned.
    planned: u32,
    lost: u32,
    causes: Vec<String>,
    complete: bool,
}

impl UnitFold {
    /// Takes the next event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::RunStarted(started) => {
                self.serial = Some(started.dut_serial.clone());
                self.model.clone_from(&started.profile.model);
                self.planned = started.suite.design.replicates.unwrap_or(1) * started.suite.factors.adapter.len() as u32;
            }
            Event::TrialStarted(started) => {
                let condition = &started.slot.condition;
                self.now = Some((condition.stimulus.clone(), condition.adapter.clone()));
                self.diagnosis = None;
            }
            Event::Diagnosed(diagnosis) => self.diagnosis = Some(diagnosis.clone()),
            Event::Faulted(fault) => {
                let cause = fault.to_string();
                if !self.causes.contains(&cause) {
                    self.causes.push(cause);
                }
            }
            Event::TrialFinished(finished) => self.finished(&finished.outcome),
            Event::RunFinished(finished) => self.complete = finished.reason == FinishReason::Complete,
            _ => {}
        }
    }

    fn finished(&mut self, outcome: &Outcome) {
        let (Some((stimulus, adapter)), Outcome::Judged(verdict)) = (self.now.take(), outcome) else {
            self.lost += 1;
            return;
        };
        let level = self.diagnosis.take().map(|diagnosis| diagnosis.level);
        let counts = match stimulus {
            Stimulus::Press { hold_s, .. } => {
                (self.adapter, self.hold) = (Some(adapter), Some(hold_s));
                self.level = self.level.into_iter().chain(level).min();
                &mut self.presses
            }
            _ => &mut self.controls,
        };
        *counts.entry(*verdict).or_default() += 1;
    }

    /// The run, for the record; `None` where a press was not judged.
    pub fn run(&self, date: &str, due: &str) -> Option<UnitRun> {
        if !self.complete || self.presses.values().sum::<u32>() < self.planned.max(1) {
            return None;
        }
        Some(UnitRun {
            date: date.to_owned(),
            due: due.to_owned(),
            serial: self.serial.clone()?,
            model: self.model.clone(),
            adapter: self.adapter.clone()?,
            hold_s: self.hold?,
            level: self.level?,
            presses: self.presses.clone(),
            controls: self.controls.clone(),
        })
    }

    /// What a person reads.
    pub fn lines(&self, known: Known) -> Vec<Line> {
        let mut lines = Vec::new();
        let what = format!("{} unit", known.name());
        let Some(run) = self.run("", "") else {
            let why = if self.causes.is_empty() { "the run did not come to its end".to_owned() } else { self.causes.join("; ") };
            return vec![Line::new(&what, State::Faulted, format!("nothing was shown: {why}"))];
        };
        let (state, hint) = match (run.says(known), known) {
            (Says::Good, _) => (State::Good, ""),
            (Says::Wrong, Known::Golden) => (
                State::Out,
                ": a unit that resets every time was not seen to; look at the stroke, the hold and the signs of the profile",
            ),
            (Says::Wrong, Known::Dummy) => {
                (State::Out, ": a reset was claimed where there is none; no verdict of this bench can be trusted")
            }
            (Says::Nothing, _) => (State::Out, ": it could not tell, every time; look at what its sensors see"),
        };
        let detail = format!(
            "{} presses of {}, evidence `{}`: {}{hint}",
            run.presses.values().sum::<u32>(),
            run.hold_s,
            run.level.name(),
            counts(&run.presses),
        );
        lines.push(Line::new(&what, state, detail));
        if !run.controls.is_empty() {
            let controls = if known == Known::Golden { "shams" } else { "presses without power" };
            lines.push(Line::new(&what, State::Note, format!("{controls}: {}", counts(&run.controls))));
        }
        if self.lost > 0 {
            let causes = self.causes.join("; ");
            lines.push(Line::new(&what, State::Note, format!("{} trials were lost and made again: {causes}", self.lost)));
        }
        lines
    }
}

fn counts(verdicts: &BTreeMap<Verdict, u32>) -> String {
    verdicts.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect::<Vec<_>>().join(", ")
}
