//! A session that wants the outputs: whether it gets them, and how devices are opened for it.

use super::super::machine::Machine;
use super::super::wire::{Arm, Armed, News, NotArmed, VERSION};
use super::super::words::{Input, Refusal, SessionId};
use super::Setup;
use super::active::{Active, memory};
use super::coil::{Coil, Lines};
use super::keeper::Keeper;
use super::obeys::Obeys;
use super::state::Server;
use super::stop::StopWatch;
use super::worker::{Devices, Task, Worker};
use crate::domain::units::Seconds;
use std::io;

impl Server {
    pub(super) fn arm(&mut self, arm: Arm) -> Result<Armed, NotArmed> {
        let Arm { version, session, position, rules } = arm;
        if version != VERSION {
            return Err(format!(
                "the guard speaks version {VERSION}, the engine version {version}: wait until the guard has ended"
            )
            .into());
        }
        if session <= self.newest {
            return Err(Refusal::OldSession.to_string().into());
        }
        if self.active.as_ref().is_some_and(|active| active.machine.is_armed()) {
            return Err(Refusal::Taken.to_string().into());
        }
        let setup = Setup { position, rules };
        if self.active.as_ref().is_none_or(|active| active.setup != setup) {
            self.open(setup)?;
        }
        let now = self.clock.now();
        if let Some(until) = self.active.as_ref().and_then(|active| active.left_on_until) {
            let wait = until.since(now);
            return Err(format!(
                "an earlier guard died and left the supply on: it is switched off in {wait:.0}, when nothing can be writing"
            )
            .into());
        }
        if let Some(refusal) = self.input(Input::Arm(SessionId(session))) {
            return Err(refusal.to_string().into());
        }
        self.newest = session;
        let active = self.active.as_ref().ok_or_else(|| NotArmed::Refused("nothing is open".to_owned()))?;
        let coil = active.machine.coil_temperature(now);
        let armed = Armed { pid: std::process::id(), warnings: active.warnings.clone(), off_bound: active.off_bound };
        self.tell(&News::Coil(coil));
        Ok(armed)
    }

    /// Opens the devices of a setup, after those of another were left alone.
    fn open(&mut self, setup: Setup) -> Result<(), NotArmed> {
        let kept = match self.active.take() {
            Some(active) if !active.is_off() => {
                self.active = Some(active);
                return Err("the guard still holds the outputs of a run with other files: wait until they are off"
                    .to_owned()
                    .into());
            }
            // Its threads end before the devices are opened again.
            Some(active) => {
                self.store(&active);
                drop(active);
                self.keep.load(&setup.rules)
            }
            None => self.keep.load(&setup.rules),
        };
        let outputs = (self.opener)(&setup.position).map_err(NotArmed::Devices)?;
        // An order may have to wait for a reading that has begun, which takes no longer than the order itself at worst.
        let off_bound = outputs.supply.off_bound() + outputs.supply.off_bound();
        let io = |error: io::Error| NotArmed::Refused(format!("starting the guard's threads: {error}"));
        let lines = Lines { pull: outputs.coil, hold: outputs.hold, peak: setup.position.interlocks.coil_peak_s };
        let (coil, mut warnings) = Coil::start(lines, self.bell.clone()).map_err(io)?;
        warnings.extend(memory());
        warnings.extend(self.warnings.iter().cloned());
        let devices = Devices { supply: outputs.supply, route: outputs.route };
        let worker = Worker::start(devices, self.keep.clone(), self.bell.clone()).map_err(io)?;
        let keeper = Keeper::start(self.keep.clone(), self.bell.clone()).map_err(io)?;
        let e_stop = outputs.e_stop.map(|stop| StopWatch::start(stop, self.bell.clone())).transpose().map_err(io)?;
        // The machine's clock began with the process, and the outputs have rested since.
        let machine = Machine::new(setup.rules.clone(), &kept.carried);
        let until = self.clock.now() + kept.writes_for_s;
        let left_on_until = (kept.writes_for_s > Seconds::ZERO).then_some(until);
        if left_on_until.is_none() {
            worker.tell(Task::Output(false));
        }
        let obeys = Obeys::default();
        self.active = Some(Active {
            setup,
            machine,
            coil,
            worker,
            keeper,
            obeys,
            _e_stop: e_stop,
            released: 0,
            warnings,
            off_bound,
            left_on_until,
            off_again: None,
        });
        Ok(())
    }

    fn store(&self, active: &Active) {
        let now = self.clock.now();
        let _ = self.keep.store(&self.keep.page(active.machine.carried(now), active.machine.may_write_for(now)));
    }
}
