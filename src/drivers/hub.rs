//! Where the worker threads of real instruments put what they read, and the sensors that the engine polls.

use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::Monotonic;
use crate::ports::{Batch, Block, Channel, Clock, Reading, Scale, Sensors, TrialKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest time that a poll lets pass: the contract of [`Sensors`].
const BATCH: Seconds = Seconds::from_millis(10);
/// So many readings may wait: some seconds of a bench whose engine is writing to a slow disk. More is a fault, and nothing is lost in silence.
const WAITING_MAX: usize = 20_000;

impl Clock for Monotonic {
    fn now(&self) -> Tick {
        (*self).now()
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Anything that carries no bytes and no samples.
    Reading(Reading),
    /// Bytes of the console.
    Bytes(Vec<u8>),
    /// Evenly spaced samples that began at the moment told.
    Samples {
        /// Of which channel.
        channel: Channel,
        /// Time between them.
        period: Seconds,
        /// The codes.
        codes: Vec<i16>,
    },
}

#[derive(Debug, Default)]
struct Queue {
    /// When, from which source, what; in the order in which it came.
    waiting: Vec<(Tick, u16, Told)>,
    fault: Option<Fault>,
    sources: u16,
}

/// The place where readings wait.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<(Mutex<Queue>, Condvar)>);

/// One instrument's access to the hub.
#[derive(Clone, Debug)]
pub struct Source {
    hub: Hub,
    number: u16,
    name: String,
}

impl Hub {
    /// A further source; earlier ones come first among readings of one moment.
    pub fn source(&self, name: &str) -> Source {
        let mut queue = self.lock();
        queue.sources += 1;
        Source { hub: self.clone(), number: queue.sources, name: name.to_owned() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    /// Puts a reading of the moment `at` in. What finds no room any more is a fault, and is dropped.
    pub fn tell(&self, at: Tick, told: Told) {
        let mut queue = self.hub.lock();
        if queue.waiting.len() >= WAITING_MAX {
            let fault = Fault::new(FaultKind::Overflow, &self.name, "readings came faster than they were taken");
            queue.fault.get_or_insert(fault);
        } else {
            queue.waiting.push((at, self.number, told));
        }
    }

    /// Something went wrong with the instrument. The first fault stands until it is told.
    pub fn fail(&self, kind: FaultKind, detail: impl Into<String>) {
        let fault = Fault::new(kind, &self.name, detail);
        self.hub.lock().fault.get_or_insert(fault);
        self.hub.0.1.notify_all();
    }
}

/// The sensors of a real rig.
pub struct HubSensors {
    hub: Hub,
    clock: Monotonic,
    scales: BTreeMap<Channel, Scale>,
}

impl HubSensors {
    /// Sensors over `hub`, whose sampled channels have `scales`.
    pub fn new(hub: Hub, clock: Monotonic, scales: BTreeMap<Channel, Scale>) -> Self {
        Self { hub, clock, scales }
    }
}

impl Sensors for HubSensors {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        batch.clear();
        let end = until.min(self.clock.now() + BATCH);
        let mut queue = self.hub.lock();
        loop {
            let left = end.since(self.clock.now());
            if left <= Seconds::ZERO || queue.fault.is_some() {
                break;
            }
            let left = Duration::from_micros(left.micro().unsigned_abs());
            queue = self.hub.0.1.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut told = std::mem::take(&mut queue.waiting);
        let fault = queue.fault.take();
        drop(queue);
        // Stable: what one source told of one moment stays in its order.
        told.sort_by_key(|(at, source, _)| (*at, *source));
        told.into_iter().for_each(|(at, _, told)| deliver(batch, at, told));
        batch.end = self.clock.now();
        fault.map_or(Ok(()), Err)
    }

    fn begin(&mut self, _: &TrialKey) {}

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.scales.get(&channel).copied()
    }
}

fn deliver(batch: &mut Batch, at: Tick, told: Told) {
    batch.readings.push(match told {
        Told::Reading(reading) => reading,
        Told::Bytes(bytes) => {
            let from = batch.bytes.len();
            batch.bytes.extend(bytes);
            Reading::Console { at, range: from..batch.bytes.len() }
        }
        Told::Samples { channel, period, codes } => {
            let from = batch.samples.len();
            batch.samples.extend(codes);
            Reading::Samples(Block { channel, start: at, period, range: from..batch.samples.len() })
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sensors() -> (Hub, HubSensors) {
        let hub = Hub::default();
        (hub.clone(), HubSensors::new(hub, Monotonic::from_now(), BTreeMap::new()))
    }

    #[test]
    fn readings_come_in_the_order_of_time_and_then_of_sources() {
        let (hub, mut sensors) = sensors();
        let (first, second) = (hub.source("console"), hub.source("light"));
        second.tell(Tick(5), Told::Samples { channel: Channel::Light, period: Seconds::from_millis(1), codes: vec![1, 2] });
        first.tell(Tick(5), Told::Bytes(b"up".to_vec()));
        first.tell(Tick(3), Told::Bytes(b"U-Boot ".to_vec()));
        let mut batch = Batch::default();
        sensors.poll(Tick::ZERO, &mut batch).unwrap();
        let [Reading::Console { at: Tick(3), .. }, Reading::Console { range, .. }, Reading::Samples(block)] = &batch.readings[..]
        else {
            panic!("{:?}", batch.readings);
        };
        assert_eq!((batch.console(range), batch.codes(block)), (&b"up"[..], &[1_i16, 2][..]));
    }

    #[test]
    fn a_fault_is_told_once_behind_what_was_read_before_it() {
        let (hub, mut sensors) = sensors();
        let source = hub.source("console");
        source.tell(Tick(1), Told::Bytes(b"x".to_vec()));
        source.fail(FaultKind::Disconnected, "gone");
        source.fail(FaultKind::Disconnected, "gone again");
        let mut batch = Batch::default();
        let fault = sensors.poll(Tick::NEVER, &mut batch).unwrap_err();
        assert_eq!((fault.to_string().as_str(), batch.readings.len()), ("console: gone", 1));
        assert!(sensors.poll(Tick::ZERO, &mut batch).is_ok() && batch.readings.is_empty());
    }

    #[test]
    fn more_than_there_is_room_for_is_a_fault_and_what_came_before_is_kept() {
        let (hub, mut sensors) = sensors();
        let source = hub.source("light");
        (0..=WAITING_MAX as u64).for_each(|at| source.tell(Tick(at), Told::Bytes(Vec::new())));
        let mut batch = Batch::default();
        let fault = sensors.poll(Tick::ZERO, &mut batch).unwrap_err();
        assert_eq!((fault.fault, batch.readings.len()), (FaultKind::Overflow, WAITING_MAX));
    }

    #[test]
    fn a_poll_takes_no_longer_than_a_batch() {
        let (_, mut sensors) = sensors();
        let mut batch = Batch::default();
        let before = sensors.clock.now();
        sensors.poll(Tick::NEVER, &mut batch).unwrap();
        assert!(batch.end >= before + BATCH);
    }
}
