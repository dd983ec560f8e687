//! Which event may follow which.

use super::event::{Event, TrialStarted};
use super::ids::{Attempt, SlotId};
use super::run_state::{EARLIER, Illegal, OpenTrial, Phase, RunState};
use super::units::Tick;
use super::verdict::Outcome;

impl RunState {
    pub(super) fn check(&self, at: Tick, event: &Event) -> Result<(), Illegal> {
        let illegal = |why: &str| Err(Illegal { kind: event.kind(), why: why.to_owned() });
        let reopens = matches!(event, Event::RunResumed(_));
        if !reopens && at < self.last_tick {
            return illegal(EARLIER);
        }
        match (self.phase, event) {
            (Phase::Empty, Event::JournalOpened(_)) => return Ok(()),
            (Phase::Empty, _) => return illegal("a journal begins with `journal_opened`"),
            (_, Event::JournalOpened(_)) => return illegal("a journal is opened once"),
            (Phase::Opened, Event::RunStarted(started)) if Some(&started.run_id) != self.run_id.as_ref() => {
                return illegal("the journal was opened for another run");
            }
            (Phase::Opened, Event::RunStarted(_) | Event::Environment(_) | Event::Faulted(_)) => return Ok(()),
            (Phase::Opened, Event::RunResumed(_) | Event::StopRequested(_)) => return Ok(()),
            (Phase::Opened, Event::RunFinished(finished)) if finished.reason.can_be_resumed() => return Ok(()),
            (Phase::Opened, _) => return illegal("the run has not started"),
            (_, Event::RunStarted(_)) => return illegal("a run is started once"),
            (Phase::Finished(reason), Event::RunResumed(_)) if reason.can_be_resumed() => return Ok(()),
            (Phase::Finished(_), _) => return illegal("the run has finished"),
            (_, Event::RunResumed(_)) => return Ok(()),
            (Phase::Running | Phase::Paused, _) => {}
        }
        self.check_running(event)
    }

    fn check_running(&self, event: &Event) -> Result<(), Illegal> {
        let why = match (event, &self.open) {
            (Event::BlockStarted(_) | Event::TrialStarted(_) | Event::RunFinished(_), Some(_)) => {
                Some("a trial is open".to_owned())
            }
            (Event::TrialStarted(_), None) if self.phase == Phase::Paused => Some("the run is paused".to_owned()),
            (Event::TrialStarted(_), None) if self.stop.is_some() => Some("a stop was asked for".to_owned()),
            (Event::TrialStarted(started), None) => self.check_started(started),
            (
                Event::StepStarted(_)
                | Event::StepFinished(_)
                | Event::Observed(_)
                | Event::Measured(_)
                | Event::Attached(_)
                | Event::Diagnosed(_)
                | Event::TrialFinished(_)
                | Event::TrialAbandoned(_),
                None,
            ) => Some("no trial is open".to_owned()),
            (Event::StepStarted(_), Some(open)) => open.step.map(|step| format!("the step `{step}` has not ended")),
            (Event::StepFinished(end), Some(open)) if open.step != Some(end.step.as_str()) => {
                Some(format!("the step `{}` was not begun", end.step))
            }
            (Event::Diagnosed(_), Some(open)) if open.diagnosed.is_some() => Some("the trial was judged before".to_owned()),
            (Event::TrialFinished(end), Some(open)) => check_finished(open, end.slot, end.attempt, end.outcome),
            (Event::TrialAbandoned(end), Some(open)) if (end.slot, end.attempt) != (open.slot.id, open.attempt) => {
                Some("it names another trial than the open one".to_owned())
            }
            (Event::Asked(asked), _) if asked.question.0 != self.questions => {
                Some(format!("questions are numbered in order and the next is {}", self.questions))
            }
            (Event::Answered(answered), _) if !self.unanswered.contains_key(&answered.question) => {
                Some("no such question waits for an answer".to_owned())
            }
            (Event::Paused(_), _) if self.phase == Phase::Paused => Some("the run is paused".to_owned()),
            (Event::Continued(_), _) if self.phase != Phase::Paused => Some("the run is not paused".to_owned()),
            _ => None,
        };
        why.map_or(Ok(()), |why| Err(Illegal { kind: event.kind(), why }))
    }

    fn check_started(&self, started: &TrialStarted) -> Option<String> {
        let expected = self.next_attempt(started.slot.id);
        if self.block != Some(started.slot.block) {
            return Some(format!("block {} was not begun", started.slot.block));
        }
        if started.attempt != expected {
            return Some(format!("the next attempt at slot {} is number {expected}", started.slot.id));
        }
        let known = self.slots.get(&started.slot.id)?;
        if known.begun.as_ref().is_some_and(|begun| begun.slot != started.slot) {
            return Some(format!("slot {} was something else before", started.slot.id));
        }
        matches!(known.last, Some(Outcome::Judged(_))).then(|| format!("slot {} was judged before", started.slot.id))
    }
}

fn check_finished(open: &OpenTrial, slot: SlotId, attempt: Attempt, outcome: Outcome) -> Option<String> {
    if (slot, attempt) != (open.slot.id, open.attempt) {
        return Some("it names another trial than the open one".to_owned());
    }
    match (outcome, open.diagnosed) {
        (Outcome::Judged(verdict), Some(diagnosed)) if verdict != diagnosed => {
            Some(format!("the trial was judged `{}`", diagnosed.name()))
        }
        (Outcome::Judged(_), None) => Some("the trial was not judged".to_owned()),
        (Outcome::Judged(_), Some(_)) if open.step.is_some() => Some("a step has not ended".to_owned()),
        (Outcome::Abandoned, _) => Some("an attempt that is given up ends with `trial_abandoned`".to_owned()),
        _ => None,
    }
}
