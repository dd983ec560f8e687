//! Steps that switch, set and connect the supply.

use super::halt::{Halt, refused};
use super::session::{Session, Waited};
use crate::domain::adapter::AdapterKind;
use crate::domain::event::How;
use crate::domain::ids::AdapterName;
use crate::domain::observation::PowerState;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::Refused;

/// How long a programmable supply may take to show its voltage at the plug.
const SUPPLY_RISE: Seconds = Seconds::from_millis(5_000);
/// What the plug gives so long after power-on is the supply's own doing, whether it has come to the camera's voltage or not: adapters take up to
/// three seconds (IEC-style data sheets of 5 V and 12 V adapters state 2 to 3 s of turn-on delay at most).
pub const RISES_WITHIN: Seconds = Seconds::from_millis(3_000);
/// A camera that says that it erases keeps its power for so many write windows after the last order, and no longer: the window itself is the
/// longest time that its maker's worst erase takes.
const WINDOWS_BELIEVED: i64 = 4;
/// So many faults of the sensors are borne while the power has to stay on for a while, before it is given up.
pub const FAULTS_BORNE: u32 = 16;

impl Session<'_> {
    /// Switches the supply off, when the write window has passed: the guard refuses it before. Only a person who wants the run to end now
    /// has the power cut.
    pub fn power_off(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        if self.stop == Some(How::Now) {
            self.cut_inside_window = self.in_write_window();
            self.rig.supply.cut().map_err(|why| refused("supply", why))?;
        } else {
            self.outlast_write_window()?;
            self.switch(false, deadline)?;
        }
        (self.powered_since, self.fed_since) = (None, None);
        (self.ready_at, self.rises_until) = (None, None);
        (self.last_write, self.last_erase) = (None, None);
        self.readiness.power_off();
        Ok(StepEnd::Done)
    }

    /// Connects an adapter.
    pub fn connect(&mut self, adapter: &AdapterName) -> Result<StepEnd, Halt> {
        if self.bench.position.swapped_by_hand() {
            self.swap_by_hand(adapter)?;
        }
        match &mut self.rig.selector {
            Some(selector) => selector.connect(adapter).map_err(|why| refused("selector", why))?,
            None => return Err(Fault::new(FaultKind::Interlock, "selector", "this rig has no selector").into()),
        }
        self.connected = Some(adapter.clone());
        Ok(StepEnd::Done)
    }

    /// Sets a programmable supply.
    pub fn set_supply(&mut self, volts: Volts) -> Result<StepEnd, Halt> {
        self.rig.supply.set(volts).map_err(|why| refused("supply", why))?;
        Ok(StepEnd::Done)
    }

    /// Switches the supply on. An adapter that gives nothing is a finding; a programmable supply that gives nothing is a fault.
    pub fn power_on(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        self.switch(true, deadline)?;
        let now = self.now();
        (self.powered_since, self.fed_since) = (Some(now), None);
        self.rises_until = Some(now + RISES_WITHIN);
        self.last_write = Some(now);
        self.readiness.power_on(now, Seconds::ZERO);
        self.changes.power_on();
        if self.power.is_some() && self.feeds_from(AdapterKind::Programmable) {
            let rise = deadline.min(now + SUPPLY_RISE);
            let risen = self.wait(rise, |session| session.power != Some(PowerState::Off))?;
            if risen == Waited::Late {
                let detail = "the output was switched on and no voltage came to the plug";
                return Err(Fault::new(FaultKind::Disobeyed, "supply", detail).into());
            }
        }
        Ok(StepEnd::Done)
    }

    /// Switches the output as soon as the guard allows it.
    fn switch(&mut self, on: bool, deadline: Tick) -> Result<(), Halt> {
        loop {
            match self.rig.supply.output(on) {
                Ok(()) => return Ok(()),
                Err(Refused::Until { at, .. }) if at < deadline.max(self.now() + self.bench.profile.press.write_window_s) => {
                    self.wait(at, |_| false)?;
                }
                Err(why) => return Err(refused("supply", why).into()),
            }
        }
    }

    /// Lets the write window pass also where the step that sat it out was ended by a fault: the camera's flash is worth more than a sensor.
    fn outlast_write_window(&mut self) -> Result<(), Halt> {
        let mut faults = 0;
        loop {
            match self.sit_out_write_window() {
                Err(Halt::Fault(_)) if faults < FAULTS_BORNE => faults += 1,
                other => return other.map(drop),
            }
        }
    }

    /// Whether the camera may be writing flash now.
    fn in_write_window(&self) -> bool {
        self.now() < self.writes_until()
    }

    /// Whether the connected source is of this kind.
    pub fn feeds_from(&self, kind: AdapterKind) -> bool {
        let connected = self.connected.as_ref();
        self.bench.adapters.iter().any(|adapter| Some(&adapter.name) == connected && adapter.kind == kind)
    }

    /// Until when the camera may be writing what the last press, power-on or set-up made it write, or what it said itself that it erases.
    /// Without supply it writes nothing.
    fn writes_until(&self) -> Tick {
        let Some(ordered) = self.last_write.filter(|_| self.powered_since.is_some()) else { return Tick::ZERO };
        let window = self.bench.profile.press.write_window_s;
        let told = self.last_erase.map_or(ordered, |at| at.max(ordered));
        // A camera that says for ever that it erases does so in a loop, and waiting for it would be for ever.
        (told + window).min(ordered + Seconds::from_micro(window.micro().saturating_mul(WINDOWS_BELIEVED)))
    }

    /// Waits until the camera can no longer be writing.
    pub fn sit_out_write_window(&mut self) -> Result<StepEnd, Halt> {
        while self.now() < self.writes_until() {
            self.wait(self.writes_until(), |_| false)?;
        }
        Ok(StepEnd::Done)
    }
}
