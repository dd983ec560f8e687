//! Sensors that let time pass only as far as the machine may go without a tick, and show it what concerns it.

use super::core::Core;
use crate::domain::units::{Celsius, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::guard::plug::Plug;
use crate::guard::rules::OpenVoltage;
use crate::guard::words::Input;
use crate::ports::{Batch, Block, Channel, Reading, Scale, Sensors, TrialKey};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) struct GuardedSensors {
    core: Rc<RefCell<Core>>,
    inner: Box<dyn Sensors>,
    watch: Watch,
}

/// What is looked at in every batch.
struct Watch {
    plug: Plug,
    measures_open: bool,
    air: Option<Celsius>,
    /// A trial has begun, and the bench has not told its temperatures yet.
    begins: bool,
}

impl GuardedSensors {
    pub(super) fn new(core: Rc<RefCell<Core>>, inner: Box<dyn Sensors>) -> Self {
        let watch = {
            let borrowed = core.borrow();
            let rules = borrowed.machine.rules();
            Watch {
                plug: Plug::new(rules, inner.scale(Channel::PlugVoltage), inner.scale(Channel::PlugCurrent)),
                measures_open: rules.open_voltage == OpenVoltage::Measured,
                air: None,
                begins: false,
            }
        };
        Self { core, inner, watch }
    }
}

impl Sensors for GuardedSensors {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        let core = &mut *self.core.borrow_mut();
        if let Some(fault) = core.take_fault() {
            batch.clear();
            batch.end = core.clock.now();
            return Err(fault);
        }
        let result = self.inner.poll(until.min(core.machine.deadline()), batch);
        self.watch.look(core, batch);
        if batch.end >= core.machine.deadline() {
            core.tell(Input::Tick, batch.end);
        }
        result
    }

    fn begin(&mut self, key: &TrialKey) {
        self.inner.begin(key);
        let core = &mut *self.core.borrow_mut();
        self.watch.set_up(core, key);
    }

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.inner.scale(channel)
    }
}

impl Watch {
    /// Shows the machine what concerns it, in the order of time.
    fn look(&mut self, core: &mut Core, batch: &mut Batch) {
        let end = batch.end;
        for reading in &mut batch.readings {
            match reading {
                Reading::Samples(block) if block.channel == Channel::PlugVoltage => {
                    self.plug_volts(core, block, &batch.samples[block.range.clone()], end);
                }
                Reading::Samples(block) if block.channel == Channel::PlugCurrent => {
                    self.plug_amps(core, &batch.samples[block.range.clone()], end);
                }
                Reading::Coil { energised, at, .. } => {
                    core.tell(Input::CoilEdge { energised: *energised, at: *at }, *at);
                }
                Reading::Temperature { at, ambient_c, coil_c } => self.temperature(core, *at, *ambient_c, coil_c),
                _ => {}
            }
        }
    }

    fn plug_volts(&self, core: &mut Core, block: &Block, codes: &[i16], end: Tick) {
        let Some(&highest) = codes.iter().max() else { return };
        if self.measures_open && core.machine.idle_source().is_some() {
            core.tell(Input::OpenCircuit(Volts::new(self.plug.volts.value(highest))), block.start.min(end));
        }
        if let Some(highest) = self.plug.highest(codes) {
            core.tell(Input::Plug { highest: Some(highest), lowest: None }, end);
        }
    }

    fn plug_amps(&mut self, core: &mut Core, codes: &[i16], end: Tick) {
        if let Some(lowest) = self.plug.lowest(codes) {
            core.tell(Input::Plug { highest: None, lowest: Some(lowest) }, end);
        }
    }

    fn temperature(&mut self, core: &mut Core, at: Tick, air: Option<Celsius>, coil: &mut Option<Celsius>) {
        if let Some(air) = air.filter(|air| self.air != Some(*air)) {
            self.air = Some(air);
            core.tell(Input::Air(air), at);
        }
        let begins = std::mem::take(&mut self.begins);
        match *coil {
            Some(measured) if begins => core.machine.assume_coil(measured, at),
            Some(measured) => core.tell(Input::CoilTemperature(measured), at),
            None => *coil = Some(core.machine.coil_temperature(at)),
        }
    }

    /// A trial that is redone starts as warm as its first attempt did, so that both go on alike to the last digit. The first attempt
    /// therefore starts from what a file would show: the temperature that the bench tells, or else the model's, rounded.
    fn set_up(&mut self, core: &mut Core, key: &TrialKey) {
        let now = core.clock.now();
        let coil = key.coil_c.unwrap_or_else(|| core.machine.coil_temperature(now));
        core.machine.assume_coil(coil, now);
        self.begins = true;
    }
}
