//! The supply's part of the machine: what is connected, what is set, and whether it is on.

use super::rules::{OpenVoltage, Rules, Wiring};
use super::words::{Refusal, SourceId};
use crate::domain::units::{Tick, Volts};

/// What is known of the supply.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Supply {
    connected: Option<Connected>,
    /// When it was switched on; `None`: off.
    on_since: Option<Tick>,
    /// It was told to switch on and has not said that it did.
    switching: bool,
    /// End of the minimum off time.
    ready_at: Tick,
}

#[derive(Clone, Debug, PartialEq)]
struct Connected {
    source: SourceId,
    /// What a programmable source was set to.
    set: Option<Volts>,
    /// Highest open-circuit voltage that was measured since.
    open: Option<Volts>,
}

impl Supply {
    pub(super) fn new(rules: &Rules, ready_at: Tick) -> Self {
        let connected = match rules.wiring {
            Wiring::Permanent => Some(Connected::to(SourceId(0))),
            Wiring::Selector => None,
        };
        Self { connected, on_since: None, switching: false, ready_at }
    }

    pub(super) fn on_since(&self) -> Option<Tick> {
        self.on_since
    }

    pub(super) fn ready_at(&self) -> Tick {
        self.ready_at
    }

    /// What is connected, while the output is off.
    pub(super) fn idle_source(&self) -> Option<SourceId> {
        self.connected.as_ref().filter(|_| self.on_since.is_none()).map(|connected| connected.source)
    }

    /// Connects a source, only with the output off.
    pub(super) fn connect(&mut self, rules: &Rules, source: SourceId) -> Result<(), Refusal> {
        if rules.wiring == Wiring::Permanent {
            return Err(Refusal::NoSelector);
        }
        if self.on_since.is_some() {
            return Err(Refusal::OutputOn);
        }
        if source.0 >= rules.sources.len() {
            return Err(Refusal::UnknownSource);
        }
        self.connected = Some(Connected::to(source));
        Ok(())
    }

    /// Sets the voltage. `may_be_writing` until the given end of the write window: nothing is lowered below the rated range then.
    pub(super) fn set(&mut self, rules: &Rules, volts: Volts, may_be_writing: Option<Tick>) -> Result<(), Refusal> {
        let connected = self.connected.as_mut().ok_or(Refusal::NoSource)?;
        let source = rules.sources.get(connected.source.0).ok_or(Refusal::UnknownSource)?;
        if !source.programmable {
            return Err(Refusal::NotProgrammable);
        }
        let ceiling = rules.ceiling.min(source.rated);
        if volts < Volts::ZERO || volts > ceiling {
            return Err(Refusal::OverCeiling { asked: volts, ceiling });
        }
        let lowered = connected.set.is_none_or(|before| volts < before);
        if let Some(until) = may_be_writing.filter(|_| lowered && volts < rules.supply_min) {
            return Err(Refusal::WriteWindow { until });
        }
        connected.set = Some(volts);
        Ok(())
    }

    /// Notes an open-circuit voltage. Means nothing while the output is on.
    pub(super) fn open_circuit(&mut self, volts: Volts) {
        if let Some(connected) = self.connected.as_mut().filter(|_| self.on_since.is_none()) {
            connected.open = connected.open.max(Some(volts));
        }
    }

    /// Switches on, when the voltage that the camera will get is known and allowed. Being on already is no news: `false`.
    pub(super) fn switch_on(&mut self, rules: &Rules, now: Tick) -> Result<bool, Refusal> {
        let connected = self.connected.as_ref().ok_or(Refusal::NoSource)?;
        if self.on_since.is_some() {
            return Ok(false);
        }
        let open = connected.open_voltage(rules)?;
        if open > rules.ceiling {
            return Err(Refusal::OpenTooHigh { open, ceiling: rules.ceiling });
        }
        if now < self.ready_at {
            return Err(Refusal::SupplyResting { until: self.ready_at });
        }
        self.on_since = Some(now);
        self.switching = true;
        Ok(true)
    }

    /// The device has done what it was told last: what counts from its being on counts from now. Said again it means nothing.
    pub(super) fn switched(&mut self, now: Tick) {
        if std::mem::take(&mut self.switching) {
            self.on_since = self.on_since.map(|since| since.max(now));
        }
    }

    pub(super) fn switch_off(&mut self, rules: &Rules, now: Tick) {
        self.switching = false;
        if self.on_since.take().is_some() {
            self.ready_at = now + rules.supply_min_off;
        }
    }

    /// The device did not switch: it is as before.
    pub(super) fn declined_output(&mut self, on: bool, now: Tick) {
        self.on_since = if on { None } else { Some(now) };
    }

    /// The device did not take the voltage: none is known.
    pub(super) fn declined_set(&mut self) {
        if let Some(connected) = &mut self.connected {
            connected.set = None;
        }
    }

    /// The selector did not connect: nothing is known to be connected.
    pub(super) fn declined_connect(&mut self) {
        self.connected = None;
    }
}

impl Connected {
    fn to(source: SourceId) -> Self {
        Self { source, set: None, open: None }
    }

    /// The highest voltage that the camera can get without load.
    fn open_voltage(&self, rules: &Rules) -> Result<Volts, Refusal> {
        let source = rules.sources.get(self.source.0).ok_or(Refusal::UnknownSource)?;
        let promised = match (source.programmable, rules.open_voltage) {
            (true, _) => Some(self.set.ok_or(Refusal::NotSet)?),
            (false, OpenVoltage::Label) => Some(source.rated),
            (false, OpenVoltage::Measured) => None,
        };
        match (promised, self.open) {
            (Some(promised), Some(measured)) => Ok(promised.max(measured)),
            (Some(volts), None) | (None, Some(volts)) => Ok(volts),
            (None, None) => Err(Refusal::OpenUnknown),
        }
    }
}
