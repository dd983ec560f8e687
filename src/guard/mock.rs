//! A small bench for tests: its time is virtual, its adapters give what they are told to, its coil does as ordered unless it is broken.

use crate::domain::ids::AdapterName;
use crate::domain::units::{Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::ports::{
    Batch, Block, Channel, Clock, PressOrder, Presser, Reading, Refused, Rig, Scale, Selector, Sensors, Supply, TrialKey,
};
use std::cell::RefCell;
use std::rc::Rc;

/// Volts and amperes of one code.
pub(crate) const LSB: f64 = 0.00125;

/// The world behind the ports. Tests look into it and break it.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) now: Tick,
    pub(crate) on: bool,
    pub(crate) volts: f64,
    pub(crate) amps: f64,
    pub(crate) connected: Option<AdapterName>,
    pub(crate) stuck: bool,
    pub(crate) refuses: bool,
    pub(crate) air: Option<Celsius>,
    pub(crate) releases: u32,
    /// Every change of the output.
    pub(crate) outputs: Vec<(Tick, bool)>,
    order: Option<PressOrder>,
    energised: bool,
    edges: Vec<(bool, Tick)>,
}

#[derive(Clone, Default)]
pub(crate) struct Bench(pub(crate) Rc<RefCell<World>>);

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self::default();
        bench.0.borrow_mut().volts = 5.0;
        bench.0.borrow_mut().amps = 0.3;
        bench
    }

    pub(crate) fn rig(&self) -> Rig {
        Rig {
            clock: Box::new(self.clone()),
            sensors: Box::new(self.clone()),
            presser: Box::new(self.clone()),
            supply: Box::new(self.clone()),
            selector: Some(Box::new(self.clone())),
            console: None,
            probe: None,
            person: None,
        }
    }

    pub(crate) fn energised(&self) -> bool {
        self.0.borrow().energised
    }
}

impl World {
    fn switch_coil(&mut self, energised: bool, at: Tick) {
        if self.energised != energised && (energised || !self.stuck) {
            self.energised = energised;
            self.edges.push((energised, at));
        }
    }

    fn run_to(&mut self, end: Tick) {
        if let Some(order) = self.order {
            if order.at <= end {
                self.switch_coil(true, order.at);
            }
            if order.release_at <= end {
                self.switch_coil(false, order.release_at);
                self.order = None;
            }
        }
        self.now = end;
    }

    fn block(&self, batch: &mut Batch, channel: Channel, start: Tick, value: f64) {
        let begin = batch.samples.len();
        let count = (self.now.since(start).micro() / 1000).max(1) as usize;
        batch.samples.resize(begin + count, (value / LSB) as i16);
        let range = begin..batch.samples.len();
        batch.readings.push(Reading::Samples(Block { channel, start, period: Seconds::from_millis(1), range }));
    }
}

impl Clock for Bench {
    fn now(&self) -> Tick {
        self.0.borrow().now
    }
}

impl Sensors for Bench {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        let mut world = self.0.borrow_mut();
        let start = world.now;
        world.run_to(until.min(start + Seconds::from_millis(10)));
        batch.clear();
        batch.end = world.now;
        for (energised, at) in world.edges.split_off(0) {
            batch.readings.push(Reading::Coil { energised, at, uncertainty: Seconds::from_micro(50) });
        }
        if let Some(air) = world.air {
            let at = world.now;
            batch.readings.push(Reading::Temperature { at, ambient_c: Some(air), coil_c: None });
        }
        let on = f64::from(u8::from(world.on));
        world.block(batch, Channel::PlugVoltage, start, world.volts * on);
        world.block(batch, Channel::PlugCurrent, start, world.amps * on);
        Ok(())
    }

    fn begin(&mut self, _: &TrialKey) {}

    fn scale(&self, channel: Channel) -> Option<Scale> {
        matches!(channel, Channel::PlugVoltage | Channel::PlugCurrent)
            .then_some(Scale { lsb: LSB, period: Seconds::from_millis(1) })
    }
}

impl Presser for Bench {
    fn press(&mut self, order: PressOrder) -> Result<(), Refused> {
        let mut world = self.0.borrow_mut();
        if world.refuses || order.at < world.now || order.release_at <= order.at {
            return Err(Refused::Never("not that".to_owned()));
        }
        world.order = Some(order);
        Ok(())
    }

    fn release(&mut self) -> Result<(), Refused> {
        let mut world = self.0.borrow_mut();
        world.releases += 1;
        world.order = None;
        let now = world.now;
        world.switch_coil(false, now);
        Ok(())
    }

    fn possible_from(&self, _: Seconds) -> Tick {
        self.0.borrow().now
    }
}

impl Supply for Bench {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        self.0.borrow_mut().volts = volts.get();
        Ok(())
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        let mut world = self.0.borrow_mut();
        if world.refuses {
            return Err(Refused::Never("not now".to_owned()));
        }
        if world.on != on {
            let now = world.now;
            world.outputs.push((now, on));
        }
        world.on = on;
        Ok(())
    }
}

impl Selector for Bench {
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        let mut world = self.0.borrow_mut();
        if world.on || adapter.as_str().starts_with("no such") {
            return Err(Refused::Never("not that".to_owned()));
        }
        world.connected = Some(adapter.clone());
        Ok(())
    }
}
