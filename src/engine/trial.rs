//! One attempt at a slot: setup, stimulus, judgement, teardown. Once a step has begun, teardown is run.

use super::halt::Halt;
use super::session::{Patience, Session};
use crate::domain::condition::{Slot, Stimulus};
use crate::domain::event::{Event, How, TrialAbandoned, TrialFinished, TrialStarted};
use crate::domain::ids::Attempt;
use crate::domain::step::{Procedure, Step, StepEnd, TimedStep};
use crate::domain::suite::Keep;
use crate::domain::verdict::{Diagnosis, Outcome, Verdict};
use crate::planning::reset_trial;
use crate::ports::RecordError;

impl Session<'_> {
    /// Runs one attempt to its outcome.
    ///
    /// # Errors
    /// The journal could not be written. The rig has been made safe then, without a record of it.
    pub fn attempt(&mut self, slot: &Slot, keep: Keep) -> Result<(), RecordError> {
        match self.try_attempt(slot, keep) {
            Ok(()) => Ok(()),
            Err(Halt::Record(error)) => {
                self.make_safe_unrecorded();
                Err(error)
            }
            // Faults and stops have become an outcome before.
            Err(Halt::Fault(_) | Halt::Stop(_)) => Ok(()),
        }
    }

    fn try_attempt(&mut self, slot: &Slot, keep: Keep) -> Result<(), Halt> {
        let attempt = self.recorder.state().next_attempt(slot.id);
        let provision = self.recorder.state().needs_provisioning;
        let procedure = reset_trial(&slot.condition, &self.bench, provision);
        self.record(Event::TrialStarted(TrialStarted { slot: slot.clone(), attempt }))?;
        self.begin_trial(slot, attempt);
        let ran = self.set_up_and_stimulate(&procedure);
        let diagnosis = match ran {
            Ok(()) => Some(self.judge(&slot.condition.stimulus)?),
            Err(Halt::Fault(ref fault)) => {
                self.record(Event::Faulted(fault.clone()))?;
                None
            }
            Err(Halt::Stop(_)) => None,
            Err(Halt::Record(error)) => return Err(error.into()),
        };
        self.tear_down(&procedure.teardown, diagnosis.as_ref())?;
        self.close(slot, attempt, keep, diagnosis, ran.err())
    }

    /// Setup, then stimulus. A camera that is not ready is never pressed.
    fn set_up_and_stimulate(&mut self, procedure: &Procedure) -> Result<(), Halt> {
        if !self.set_up(&procedure.setup)? {
            return Ok(());
        }
        for timed in &procedure.stimulus {
            if !matches!(timed.step, Step::Recover) || self.needs_recovery() {
                self.step(timed)?;
            }
        }
        Ok(())
    }

    /// Whether the camera may be asked. One that goes down while its settings are marked is waited for again, and marked again.
    fn set_up(&mut self, steps: &[TimedStep]) -> Result<bool, Halt> {
        let begin = steps.iter().position(|timed| timed.step == Step::Begin).unwrap_or(0);
        let awaits = |timed: &TimedStep| matches!(timed.step, Step::AwaitReady { .. });
        let awaited = steps.iter().rposition(awaits).filter(|place| *place > begin);
        let mut place = 0;
        while let Some(timed) = steps.get(place) {
            let end = self.step(timed)?;
            if awaits(timed) && end == StepEnd::NotSeen {
                return Ok(false);
            }
            place += 1;
            if place == steps.len() && !self.is_up() {
                place = awaited.unwrap_or(place);
            }
        }
        Ok(true)
    }

    fn judge(&mut self, stimulus: &Stimulus) -> Result<Diagnosis, Halt> {
        let diagnosis = crate::judging::diagnose(&self.evidence, &self.can, stimulus, self.bench.profile);
        self.record(Event::Diagnosed(diagnosis.clone()))?;
        Ok(diagnosis)
    }

    /// Every step gets its turn: one that fails is written down, and the next is done all the same.
    fn tear_down(&mut self, steps: &[TimedStep], diagnosis: Option<&Diagnosis>) -> Result<(), Halt> {
        self.patience = Patience::MakingSafe;
        let wiped = diagnosis.is_some_and(|diagnosis| matches!(diagnosis.verdict, Verdict::FactoryReset | Verdict::PartialReset));
        for timed in steps {
            if matches!(timed.step, Step::Provision) && !(wiped && self.is_up()) {
                continue;
            }
            match self.step(timed) {
                Err(Halt::Fault(fault)) => {
                    self.record(Event::Faulted(fault))?;
                }
                Err(Halt::Record(error)) => return Err(error.into()),
                Ok(_) | Err(Halt::Stop(_)) => {}
            }
        }
        self.patience = Patience::Working;
        Ok(())
    }

    fn close(
        &mut self,
        slot: &Slot,
        attempt: Attempt,
        keep: Keep,
        diagnosis: Option<Diagnosis>,
        halt: Option<Halt>,
    ) -> Result<(), Halt> {
        let outcome = match (&diagnosis, &halt) {
            (Some(diagnosis), _) => Outcome::Judged(diagnosis.verdict),
            (None, Some(Halt::Fault(fault))) => Outcome::Faulted(fault.fault),
            (None, _) => Outcome::Abandoned,
        };
        let kept = match keep {
            Keep::All => outcome != Outcome::Abandoned,
            Keep::Flagged => flagged(&slot.condition.stimulus, outcome),
            Keep::None => false,
        };
        let now = self.now();
        self.recorder.close_traces(now, kept)?;
        let event = match outcome {
            Outcome::Abandoned => Event::TrialAbandoned(TrialAbandoned { slot: slot.id, attempt, reason: reason(halt.as_ref()) }),
            outcome => {
                let observations_counted = self.quota.counted();
                Event::TrialFinished(TrialFinished { slot: slot.id, attempt, outcome, observations_counted })
            }
        };
        self.record(event).map(drop)
    }
}

fn reason(halt: Option<&Halt>) -> String {
    match halt {
        Some(Halt::Stop(How::Now)) => "stopped at once by the operator".to_owned(),
        _ => "stopped by the operator".to_owned(),
    }
}

/// Whether a person will want to see the raw readings.
fn flagged(stimulus: &Stimulus, outcome: Outcome) -> bool {
    use Verdict::{Dead, Inconclusive, NoResponse, NotReady, PartialReset};
    match outcome {
        Outcome::Judged(NotReady | Dead | Inconclusive | PartialReset) => true,
        Outcome::Judged(verdict) => {
            matches!(stimulus, Stimulus::Sham { .. } | Stimulus::UnpoweredPress { .. }) && verdict != NoResponse
        }
        Outcome::Faulted(_) => true,
        Outcome::Abandoned => false,
    }
}
