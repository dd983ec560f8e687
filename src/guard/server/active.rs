//! Open devices with the rules that stand before them.

use super::super::machine::Machine;
use super::super::words::Action;
use super::Setup;
use super::coil::Coil;
use super::keeper::Keeper;
use super::obeys::Obeys;
use super::stop::StopWatch;
use super::worker::{Task, Worker};
use crate::domain::units::{Seconds, Tick};

/// Open devices with their rules.
pub(super) struct Active {
    pub(super) setup: Setup,
    pub(super) machine: Machine,
    pub(super) coil: Coil,
    pub(super) worker: Worker,
    pub(super) keeper: Keeper,
    pub(super) obeys: Obeys,
    /// The emergency stop is watched for as long as this lives.
    pub(super) _e_stop: Option<StopWatch>,
    /// How often the coil was told to be off.
    pub(super) released: u64,
    pub(super) warnings: Vec<String>,
    pub(super) off_bound: Seconds,
    /// The supply that an earlier guard left behind is switched off then, and nobody is armed before.
    pub(super) left_on_until: Option<Tick>,
    /// The supply did not go off: it is told again then.
    pub(super) off_again: Option<Tick>,
}

impl Active {
    pub(super) fn is_off(&self) -> bool {
        self.machine.is_off() && self.left_on_until.is_none() && self.off_again.is_none()
    }

    pub(super) fn deadline(&self) -> Tick {
        let told = [self.left_on_until, self.off_again].into_iter().flatten();
        told.fold(self.machine.deadline(), Tick::min)
    }

    /// The machine's action behind a task.
    pub(super) fn action(&self, task: &Task) -> Option<Action> {
        match task {
            Task::Set(volts) => Some(Action::SetSupply(*volts)),
            Task::Output(on) => Some(Action::Output(*on)),
            Task::Keep(_) => None,
            Task::Connect(adapter) => self.machine.rules().source(adapter).map(Action::Connect),
        }
    }
}

/// Keeps the process's memory from being moved to a disk; why not, where the system does not allow it.
pub(super) fn memory() -> Option<String> {
    use rustix::mm::{MlockAllFlags, mlockall};
    // What comes later is not locked: under a limit it could not be had at all then.
    let why = mlockall(MlockAllFlags::CURRENT).err()?;
    Some(format!("the guard's memory is not locked ({why}): it may be late when memory is short"))
}
