//! Judging a trial again: from what the instruments delivered, or from the observations that were written down.
//!
//! What the engine did stays as it was: steps and their ends, the coil's edges, what became of canaries, what the network said, and when the
//! camera was taken for ready. What the decoders tell, and what follows from it, is made anew.

mod replay;
#[cfg(test)]
mod tests;

pub use replay::{Piece, Replay, Row, Signal, Switched};

use super::diagnose::diagnose;
use super::{Capabilities, Changes, Evidence};
use crate::domain::condition::Stimulus;
use crate::domain::event::{Event, Observed};
use crate::domain::ids::Seq;
use crate::domain::observation::{LightPattern, Observation};
use crate::domain::profile::Profile;
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::Diagnosis;

/// Name of the step after which the camera is up.
const AWAIT_READY: &str = "await_ready";

/// What a trial is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The profile to judge by.
    pub profile: &'a Profile,
    /// What rig and profile can see together.
    pub can: &'a Capabilities,
    /// From coil on to contact closed: only what comes after the contact answers a press.
    pub pull_in: Seconds,
}

/// Judges a trial again from its journal lines, `trial_started` first. Up to the line that judged it they count; `None` where none did.
/// With a `replay` everything that its channels tell comes from there, and not from the lines.
pub fn judge_again(rules: Rules<'_>, lines: &[(Seq, Tick, Event)], replay: Option<Replay>) -> Option<Diagnosis> {
    let Some((_, _, Event::TrialStarted(started))) = lines.first() else { return None };
    let judged = lines.iter().position(|(_, _, event)| matches!(event, Event::Diagnosed(_)))?;
    let mut again = Again::new(rules);
    match replay {
        Some(replay) => again.replay(&lines[..=judged], replay),
        None => lines[..judged].iter().for_each(|(seq, at, event)| again.as_written(*seq, *at, event)),
    }
    Some(again.diagnose(&started.slot.condition.stimulus))
}

/// The fold over the lines and what is told between them.
struct Again<'a> {
    rules: Rules<'a>,
    evidence: Evidence,
    changes: Changes,
    light: Option<LightPattern>,
    light_before: Option<LightPattern>,
    /// Contact, or the beginning of a sham.
    stimulus: Option<Tick>,
    /// A change that answered the stimulus was seen.
    answered: bool,
}

impl<'a> Again<'a> {
    fn new(rules: Rules<'a>) -> Self {
        Self {
            rules,
            evidence: Evidence::new(rules.profile),
            changes: Changes::default(),
            light: None,
            light_before: None,
            stimulus: None,
            answered: false,
        }
    }

    fn diagnose(&self, stimulus: &Stimulus) -> Diagnosis {
        diagnose(&self.evidence, self.rules.can, stimulus, self.rules.profile)
    }

    /// A line counts as it was written, but for what another profile calls its markers and chimes.
    fn as_written(&mut self, seq: Seq, at: Tick, event: &Event) {
        let Event::Observed(observed) = event else { return self.evidence.apply(seq, at, event) };
        if let Some(observation) = self.renamed(&observed.observation) {
            self.evidence.apply(seq, at, &Event::Observed(Observed { at_us: observed.at_us, observation }));
        }
    }

    /// The observation as the profile has it; `None` where it knows no such marker or chime, or no console at all.
    fn renamed(&self, observation: &Observation) -> Option<Observation> {
        let console = self.rules.profile.console.as_ref();
        match observation {
            Observation::Marker { marker, .. } => {
                let known = console?.markers.iter().find(|known| known.name == *marker)?;
                Some(Observation::Marker { marker: marker.clone(), meaning: known.meaning })
            }
            Observation::Boot { .. } | Observation::Console { .. } => console.map(|_| observation.clone()),
            Observation::Tone { tone } => {
                self.rules.profile.chimes.iter().any(|chime| chime.name == *tone).then(|| observation.clone())
            }
            other => Some(other.clone()),
        }
    }

    /// Each line comes after everything that the instruments had delivered by its time.
    fn replay(&mut self, lines: &[(Seq, Tick, Event)], mut replay: Replay) {
        let mut last = Seq(0);
        for (seq, at, event) in lines {
            for (told, from, observation) in replay.until(*at) {
                self.told(last, told, from, observation);
            }
            last = *seq;
            match event {
                Event::Diagnosed(_) => return,
                Event::Observed(observed) if replay.tells(&observed.observation) => {}
                event => self.line(*seq, *at, event),
            }
        }
    }

    fn line(&mut self, seq: Seq, at: Tick, event: &Event) {
        if let Event::StepStarted(started) = event {
            match started.step {
                Step::PowerOn => self.changes.power_on(),
                Step::Press { .. } => self.begin(at + self.rules.pull_in),
                Step::Sham { .. } => self.begin(at),
                _ => {}
            }
        }
        if let Event::StepFinished(end) = event
            && end.step == AWAIT_READY
            && end.end == StepEnd::Done
        {
            self.changes.up();
        }
        if let Event::Observed(observed) = event {
            return self.told(seq, at, observed.at_us, observed.observation.clone());
        }
        self.evidence.apply(seq, at, event);
    }

    fn begin(&mut self, contact: Tick) {
        self.stimulus = Some(contact);
        self.light_before = self.light;
        self.answered = false;
    }

    /// An observation that was made at `from` and known at `told`. It has no line of its own, and goes by the one before it.
    fn told(&mut self, seq: Seq, told: Tick, from: Tick, observation: Observation) {
        let change = self.changes.see(self.rules.profile, self.light_before.as_ref(), &observation);
        if let Observation::Light(pattern) = &observation {
            self.light = Some(*pattern);
        }
        let after = self.stimulus.is_some_and(|contact| from > contact);
        if let Some(sense) = change.filter(|_| after && !self.answered) {
            self.answered = true;
            self.observed(seq, told, from, Observation::Change { sense });
        }
        self.observed(seq, told, from, observation);
    }

    fn observed(&mut self, seq: Seq, told: Tick, at_us: Tick, observation: Observation) {
        self.evidence.apply(seq, told, &Event::Observed(Observed { at_us, observation }));
    }
}
