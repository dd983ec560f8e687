//! One step: begun, performed, ended, whatever happens in between.

use super::halt::Halt;
use super::session::Session;
use crate::domain::condition::ReleasedBy;
use crate::domain::event::{Event, StepFinished, StepStarted};
use crate::domain::step::{Step, StepEnd, TimedStep};
use crate::domain::units::Tick;

impl Session<'_> {
    /// Performs a step between its two journal lines.
    ///
    /// # Errors
    /// What ended it before its end; the second line is written all the same, where lines can be written.
    pub fn step(&mut self, timed: &TimedStep) -> Result<StepEnd, Halt> {
        self.record(Event::StepStarted(StepStarted { step: timed.step.clone() }))?;
        let deadline = self.now() + timed.timeout_s;
        let mut released_by = None;
        let result = self.perform(&timed.step, deadline, &mut released_by);
        let end = match &result {
            Ok(end) => *end,
            Err(Halt::Fault(_)) => StepEnd::Faulted,
            Err(Halt::Stop(_)) => StepEnd::Stopped,
            Err(Halt::Record(_)) => return result,
        };
        if end != StepEnd::Done && released_by.is_none() && matches!(timed.step, Step::Hold { .. }) {
            released_by = Some(ReleasedBy::Interrupted);
        }
        let power_cut = std::mem::take(&mut self.cut_inside_window);
        self.record(Event::StepFinished(StepFinished { step: timed.step.name().to_owned(), end, released_by, power_cut }))?;
        result
    }

    fn perform(&mut self, step: &Step, deadline: Tick, released_by: &mut Option<ReleasedBy>) -> Result<StepEnd, Halt> {
        match step {
            Step::RestCoil { longest_s } => self.rest_coil(*longest_s, deadline),
            Step::Begin => self.begin_proper(),
            Step::PowerOff => self.power_off(deadline),
            Step::Drain { for_s } => self.pass(*for_s).map(|()| StepEnd::Done),
            Step::Connect { adapter } => self.connect(adapter),
            Step::MeasureOpen => Ok(StepEnd::NotSeen),
            Step::SetSupply { volts } => self.set_supply(*volts),
            Step::PowerOn => self.power_on(deadline),
            Step::AwaitReady { not_before_s } => self.await_ready(*not_before_s),
            Step::AwaitSincePower { for_s } => self.await_since_power(*for_s),
            Step::Provision => self.provision(),
            Step::ProveNotFactory => self.prove_not_factory(deadline),
            Step::WriteCanaries => self.write_canaries(),
            Step::ReadBackCanaries => self.read_canaries(),
            Step::Press { max_s } => self.press(*max_s, deadline),
            Step::Hold { for_s, until_change, max_s } => {
                let (end, by) = self.hold(*for_s, *until_change, *max_s)?;
                *released_by = Some(by);
                Ok(end)
            }
            Step::Sham { for_s } => self.sham(*for_s),
            Step::Release => self.release(),
            Step::Watch => self.watch(deadline),
            Step::Verify => self.verify(deadline),
            Step::Measure { check } => self.measure(*check, deadline),
            Step::Aligned => self.ask_aligned(),
            Step::Recover => self.recover(deadline),
            Step::SitOutWriteWindow => self.sit_out_write_window(),
        }
    }
}
