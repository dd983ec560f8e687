//! Open devices with the rules that stand before them.

use super::super::machine::Machine;
use super::super::words::{Action, Input};
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

    /// The moment at which an input counts. Whether the lease is over is decided by ticks alone, which first hear the beats that wait and know whether the
    /// computer stood still: an edge of the coil, an order, or the very beat that comes late would else trip the machine before that.
    pub(super) fn moment(&self, input: &Input, now: Tick) -> Tick {
        counts_at(input, now, self.machine.lease())
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

fn counts_at(input: &Input, now: Tick, lease: Tick) -> Tick {
    let last = Tick(lease.0.saturating_sub(1));
    if matches!(input, Input::Tick) { now } else { now.min(last) }
}

/// Keeps the process's memory from being moved to a disk; why not, where the system does not allow it.
pub(super) fn memory() -> Option<String> {
    use rustix::mm::{MlockAllFlags, mlockall};
    // What comes later is not locked: under a limit it could not be had at all then.
    let why = mlockall(MlockAllFlags::CURRENT).err()?;
    Some(format!("the guard's memory is not locked ({why}): it may be late when memory is short"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rig::Interlocks;
    use crate::guard::samples::rules;
    use crate::guard::words::SessionId;
    use crate::guard::{Carried, Lease};

    fn armed() -> Machine {
        let mut machine = Machine::new(rules(&Interlocks::default(), Lease::Beats), &Carried::cold());
        machine.step(Input::Arm(SessionId(1)), Tick(0));
        machine
    }

    #[test]
    fn what_comes_after_a_standstill_does_not_end_the_lease_and_the_tick_does() {
        // The computer stands still for 200 ms; then an edge, an order and the beat that could not be sent come together.
        let late = |machine: &Machine| Tick(machine.lease().0 + 140_000);
        for input in
            [Input::CoilEdge { energised: false, at: Tick(1) }, Input::Release, Input::Beat { deadline: Tick(60_000_000) }]
        {
            let mut machine = armed();
            let (now, lease) = (late(&machine), machine.lease());
            machine.step(input, counts_at(&input, now, lease));
            assert!(machine.is_armed(), "{input:?}");
        }
        let mut machine = armed();
        let (now, lease) = (late(&machine), machine.lease());
        machine
            .step(Input::Beat { deadline: Tick(60_000_000) }, counts_at(&Input::Beat { deadline: Tick(60_000_000) }, now, lease));
        assert!(machine.lease() > lease, "a beat prolongs the lease, however late it is heard");
        let mut machine = armed();
        let now = late(&machine);
        machine.step(Input::Tick, counts_at(&Input::Tick, now, machine.lease()));
        assert!(!machine.is_armed(), "nothing came: the tick trips");
    }
}
