//! Steps that switch, set and connect the supply.

use super::halt::{Halt, refused};
use super::session::{Session, Waited};
use crate::domain::adapter::AdapterKind;
use crate::domain::ids::AdapterName;
use crate::domain::observation::PowerState;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::Refused;

/// How long a programmable supply may take to show its voltage at the plug.
const SUPPLY_RISE: Seconds = Seconds::from_millis(5_000);

impl Session<'_> {
    /// Switches the supply off. The write window was sat out before, or the operator wanted it at once.
    pub fn power_off(&mut self) -> Result<StepEnd, Halt> {
        self.rig.supply.output(false).map_err(|why| refused("supply", why))?;
        self.powered_since = None;
        self.last_write = None;
        Ok(StepEnd::Done)
    }

    /// Connects an adapter.
    pub fn connect(&mut self, adapter: &AdapterName) -> Result<StepEnd, Halt> {
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
        loop {
            match self.rig.supply.output(true) {
                Ok(()) => break,
                Err(Refused::Until { at, .. }) if at < deadline => {
                    self.wait(at, |_| false)?;
                }
                Err(why) => return Err(refused("supply", why).into()),
            }
        }
        let now = self.now();
        self.powered_since = Some(now);
        self.last_write = Some(now);
        self.senses.power_on(now);
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

    /// Whether the connected source is of this kind.
    pub fn feeds_from(&self, kind: AdapterKind) -> bool {
        let connected = self.connected.as_ref();
        self.bench.adapters.iter().any(|adapter| Some(&adapter.name) == connected && adapter.kind == kind)
    }

    /// Waits until the camera can no longer be writing what the last press, power-on or set-up made it write.
    pub fn sit_out_write_window(&mut self) -> Result<StepEnd, Halt> {
        if let Some(since) = self.last_write {
            self.wait(since + self.bench.profile.press.write_window_s, |_| false)?;
        }
        Ok(StepEnd::Done)
    }
}
