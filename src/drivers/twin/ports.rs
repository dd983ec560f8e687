//! The ports: thin handles on the shared world.

use super::TwinPorts;
use super::bench::{Bench, Event};
use crate::domain::ids::{AdapterName, QuestionId};
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::ports::{
    Batch, Channel, Clock, Console, Person, PressOrder, Presser, Probe, ProbeQuery, Refused, Scale, Selector, Sensors, Supply,
    TrialKey,
};
use std::cell::RefCell;
use std::rc::Rc;

/// How long the person takes to answer.
const PERSON_S: Seconds = Seconds::from_millis(1000);

/// One handle; which port it is depends on the trait it is used through.
#[derive(Clone)]
struct Handle(Rc<RefCell<Bench>>);

/// All ports of a world.
pub(super) fn ports(bench: &Rc<RefCell<Bench>>) -> TwinPorts {
    let handle = Handle(Rc::clone(bench));
    TwinPorts {
        clock: Box::new(handle.clone()),
        sensors: Box::new(handle.clone()),
        presser: Box::new(handle.clone()),
        supply: Box::new(handle.clone()),
        selector: Box::new(handle.clone()),
        console: Box::new(handle.clone()),
        probe: Box::new(handle.clone()),
        person: Box::new(handle),
    }
}

impl Clock for Handle {
    fn now(&self) -> Tick {
        self.0.borrow().now
    }
}

impl Sensors for Handle {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        self.0.borrow_mut().poll(until, batch)
    }

    fn begin(&mut self, key: &TrialKey) {
        self.0.borrow_mut().begin(key);
    }

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.0.borrow().sampler.scale(channel)
    }
}

impl Presser for Handle {
    fn press(&mut self, order: PressOrder) -> Result<(), Refused> {
        self.0.borrow_mut().order(order)
    }

    fn release(&mut self) -> Result<(), Refused> {
        self.0.borrow_mut().release();
        Ok(())
    }

    /// The bare coil has no limits: now.
    fn possible_from(&self, _longest: Seconds) -> Tick {
        self.0.borrow().now
    }
}

impl Supply for Handle {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        self.0.borrow_mut().set_volts(volts)
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        self.0.borrow_mut().output(on)
    }
}

impl Selector for Handle {
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        self.0.borrow_mut().connect(adapter)
    }
}

impl Console for Handle {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.0.borrow_mut().send(bytes)
    }
}

impl Probe for Handle {
    fn query(&mut self, number: u32, query: ProbeQuery) -> Result<(), Refused> {
        self.0.borrow_mut().query(number, query);
        Ok(())
    }
}

impl Person for Handle {
    fn ask(&mut self, question: QuestionId, _text: &str, choices: &[String]) -> Result<(), Refused> {
        let mut bench = self.0.borrow_mut();
        let answer = choices.first().map_or("done", String::as_str).to_owned();
        let at = bench.now + PERSON_S;
        bench.queue.push(at, Event::Answer { question, answer });
        Ok(())
    }
}
