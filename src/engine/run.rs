//! One session of a run: slots as the design asks for them, until there is none or somebody stops it.

use super::halt::Halt;
use super::session::Session;
use super::watching::decoders;
use crate::domain::condition::Slot;
use crate::domain::event::{BlockStarted, Event, FinishReason, RunFinished};
use crate::domain::run_state::Phase;
use crate::domain::suite::Suite;
use crate::domain::units::{Seconds, Tick};
use crate::judging::WatchError;
use crate::planning::{Bench, Design, Next};
use crate::ports::{RecordError, Recorder, Rig};

/// So many faults while the run is paused, and nobody has to go on waiting.
const FAULTS_OF_A_PAUSE: u32 = 10;

/// What is to be run.
pub struct Job<'a> {
    /// The experiment.
    pub suite: &'a Suite,
    /// Model, adapters, position.
    pub bench: Bench<'a>,
    /// Which slot comes next.
    pub design: &'a dyn Design,
    /// What the unit suffered in other runs.
    pub suffered: Suffered,
}

/// What a unit has suffered, of what its profile limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suffered {
    /// Factory resets, whole or in part.
    pub resets: u32,
    /// Power cuts inside a write window.
    pub power_cuts: u32,
}

/// A run that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Over {
    /// A fact could not be written down; the rig has been made safe.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The decoders cannot be built.
    #[error("the profile or the calibration cannot be used: {0}")]
    Watch(#[from] WatchError),
}

/// Runs slots until the session ends, and says why it did.
///
/// # Errors
/// [`Over`]: the journal could not be written, or the profile cannot be used.
pub fn run(rig: &mut Rig, recorder: &mut dyn Recorder, job: &Job<'_>) -> Result<FinishReason, Over> {
    let watch = decoders(&job.bench, rig)?;
    let mut session = Session::new(rig, recorder, job, watch);
    loop {
        if let Some(reason) = session.over(job) {
            return Ok(session.finish(reason)?);
        }
        if session.recorder.state().phase == Phase::Paused {
            if let Some(reason) = session.stay_paused()? {
                return Ok(session.finish(reason)?);
            }
            continue;
        }
        match job.design.next(session.recorder.state()) {
            Next::Done(reason) => return Ok(session.finish(reason)?),
            Next::Slot(slot) => session.run_slot(&slot, job)?,
        }
    }
}

impl Session<'_> {
    /// Why no further trial is begun, if so.
    fn over(&self, job: &Job<'_>) -> Option<FinishReason> {
        let state = self.recorder.state();
        // Two slots lost in a row: the rig needs a person, not more presses.
        let faults = 2 * job.suite.design.attempts;
        if state.dead {
            Some(FinishReason::UnitDead)
        } else if self.stop.is_some() {
            Some(FinishReason::Stopped)
        } else if state.faults_in_a_row >= faults {
            Some(FinishReason::RigFaulted)
        } else if self.spent(job) {
            Some(FinishReason::UnitBudgetSpent)
        } else if state.bench_time() >= Seconds::new(job.suite.timeouts.run_h * 3600.0) {
            Some(FinishReason::BudgetSpent)
        } else {
            None
        }
    }

    /// Whether the unit has suffered as much as its profile allows, in this run and before.
    fn spent(&self, job: &Job<'_>) -> bool {
        let (state, budget) = (self.recorder.state(), &job.bench.profile.budget);
        state.resets + job.suffered.resets >= budget.resets || state.power_cuts + job.suffered.power_cuts >= budget.power_cuts
    }

    fn run_slot(&mut self, slot: &Slot, job: &Job<'_>) -> Result<(), RecordError> {
        if self.recorder.state().block != Some(slot.block) {
            let now = self.now();
            self.recorder.record(now, Event::BlockStarted(BlockStarted { block: slot.block }))?;
        }
        self.trial_deadline = self.now() + job.suite.timeouts.trial_s;
        self.attempt(slot, job.suite.traces)
    }

    /// Waits until the run goes on or any stop is asked for. A bench that keeps failing meanwhile ends the session.
    fn stay_paused(&mut self) -> Result<Option<FinishReason>, RecordError> {
        self.trial_deadline = Tick::NEVER;
        let goes_on = |session: &mut Self| session.stop.is_some() || session.recorder.state().phase != Phase::Paused;
        for _ in 0..FAULTS_OF_A_PAUSE {
            match self.wait(Tick::NEVER, goes_on) {
                Err(Halt::Record(error)) => return Err(error),
                Err(Halt::Fault(fault)) => {
                    let now = self.now();
                    self.recorder.record(now, Event::Faulted(fault))?;
                }
                // A stop is looked at by `over`.
                Ok(_) | Err(Halt::Stop(_)) => return Ok(None),
            }
        }
        Ok(Some(FinishReason::RigFaulted))
    }

    fn finish(&mut self, reason: FinishReason) -> Result<FinishReason, RecordError> {
        let now = self.now();
        self.recorder.record(now, Event::RunFinished(RunFinished { reason }))?;
        Ok(reason)
    }
}
