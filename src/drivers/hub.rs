//! Where the worker threads of real instruments put what they read, and the sensors that the engine polls.

use super::sampling::Sampling;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::Monotonic;
use crate::ports::device::{self, Sink, Stamped};
use crate::ports::{Batch, Block, Channel, Clock, Reading, Scale, Sensors, TrialKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest time that a poll lets pass: the contract of [`Sensors`].
const BATCH: Seconds = Seconds::from_millis(10);
/// A converter that gives nothing for so long has failed: one on a bus that is busy comes back within a fraction of it.
const SILENT: Seconds = Seconds::from_millis(1_500);
/// So many readings may wait: some seconds of a bench whose engine is writing to a slow disk. More is a fault, and nothing is lost in silence.
const WAITING_MAX: usize = 20_000;

impl Clock for Monotonic {
    fn now(&self) -> Tick {
        (*self).now()
    }
}

#[derive(Debug, Default)]
struct Queue {
    /// When, from which source, what; in the order in which it came.
    waiting: Vec<(u16, Stamped)>,
    fault: Option<Fault>,
    /// Why a source gives nothing, as it said last.
    troubles: BTreeMap<u16, Fault>,
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

impl Sink for Source {
    /// What finds no room any more is a fault of the next poll as well, and is dropped.
    fn put(&mut self, reading: Stamped) -> Result<(), Fault> {
        let mut queue = self.hub.lock();
        if queue.waiting.len() >= WAITING_MAX {
            let fault = Fault::new(FaultKind::Overflow, &self.name, "readings came faster than they were taken");
            queue.fault.get_or_insert_with(|| fault.clone());
            return Err(fault);
        }
        queue.troubles.remove(&self.number);
        queue.waiting.push((self.number, reading));
        Ok(())
    }

    fn trouble(&mut self, fault: Fault) {
        self.hub.lock().troubles.insert(self.number, fault);
    }
}

/// The sensors of a real rig.
pub struct HubSensors {
    hub: Hub,
    clock: Monotonic,
    scales: BTreeMap<Channel, Scale>,
    /// When each sampled channel was heard of last.
    heard: BTreeMap<Channel, Tick>,
    /// Threads that read for as long as this lives.
    _sampling: Vec<Sampling>,
}

impl HubSensors {
    /// Sensors over `hub`, whose sampled channels have `scales`.
    pub fn new(hub: Hub, clock: Monotonic, scales: BTreeMap<Channel, Scale>, sampling: Vec<Sampling>) -> Self {
        let now = clock.now();
        let heard = scales.keys().map(|channel| (*channel, now)).collect();
        Self { hub, clock, scales, heard, _sampling: sampling }
    }

    /// A converter that gives no samples any more: what it cannot see would be taken for darkness.
    fn silent(&mut self, batch: &Batch, troubles: &BTreeMap<u16, Fault>) -> Option<Fault> {
        for reading in &batch.readings {
            if let Reading::Samples(block) = reading {
                self.heard.insert(block.channel, batch.end);
            }
        }
        let (channel, heard) = self.heard.iter_mut().find(|(_, heard)| batch.end.since(**heard) >= SILENT)?;
        // Told again after as long, for as long as it lasts.
        *heard = batch.end;
        let why = troubles.values().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let why = if why.is_empty() { "its converter says nothing".to_owned() } else { why };
        Some(Fault::new(FaultKind::Disconnected, channel.name(), format!("no sample came for {SILENT}: {why}")))
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
        let troubles = queue.troubles.clone();
        drop(queue);
        // Stable: what one source told of one moment stays in its order.
        told.sort_by_key(|(source, stamped)| (stamped.at, *source));
        told.into_iter().for_each(|(_, stamped)| deliver(batch, stamped));
        batch.end = self.clock.now();
        let silent = self.silent(batch, &troubles);
        fault.or(silent).map_or(Ok(()), Err)
    }

    fn begin(&mut self, _: &TrialKey) {}

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.scales.get(&channel).copied()
    }
}

fn deliver(batch: &mut Batch, Stamped { at, reading }: Stamped) {
    batch.readings.push(match reading {
        device::Reading::Console(bytes) => {
            let from = batch.bytes.len();
            batch.bytes.extend(bytes);
            Reading::Console { at, range: from..batch.bytes.len() }
        }
        device::Reading::Samples { channel, period, codes } => {
            let from = batch.samples.len();
            batch.samples.extend(codes);
            Reading::Samples(Block { channel, start: at, period, range: from..batch.samples.len() })
        }
        device::Reading::ConsoleGap => Reading::ConsoleGap { at },
        device::Reading::Probe { number, answer } => Reading::Probe { number, at, answer },
        device::Reading::Answer { question, answer } => Reading::Answer { question, at, answer },
        device::Reading::Temperature { ambient_c, coil_c } => Reading::Temperature { at, ambient_c, coil_c },
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sensors() -> (Hub, HubSensors) {
        let hub = Hub::default();
        (hub.clone(), HubSensors::new(hub, Monotonic::from_now(), BTreeMap::new(), Vec::new()))
    }

    fn bytes(at: u64, bytes: &[u8]) -> Stamped {
        Stamped { at: Tick(at), reading: device::Reading::Console(bytes.to_vec()) }
    }

    #[test]
    fn readings_come_in_the_order_of_time_and_then_of_sources() {
        let (hub, mut sensors) = sensors();
        let (mut first, mut second) = (hub.source("console"), hub.source("light"));
        let samples = device::Reading::Samples { channel: Channel::Light, period: Seconds::from_millis(1), codes: vec![1, 2] };
        second.put(Stamped { at: Tick(5), reading: samples }).unwrap();
        first.put(bytes(5, b"up")).unwrap();
        first.put(bytes(3, b"U-Boot ")).unwrap();
        let mut batch = Batch::default();
        sensors.poll(Tick::ZERO, &mut batch).unwrap();
        let [Reading::Console { at: Tick(3), .. }, Reading::Console { range, .. }, Reading::Samples(block)] = &batch.readings[..]
        else {
            panic!("{:?}", batch.readings);
        };
        assert_eq!((batch.console(range), batch.codes(block)), (&b"up"[..], &[1_i16, 2][..]));
    }

    #[test]
    fn more_than_there_is_room_for_is_a_fault_once_and_what_came_before_is_kept() {
        let (hub, mut sensors) = sensors();
        let mut source = hub.source("light");
        (0..WAITING_MAX as u64).for_each(|at| source.put(bytes(at, b"")).unwrap());
        assert_eq!(source.put(bytes(0, b"")).unwrap_err().fault, FaultKind::Overflow);
        let mut batch = Batch::default();
        let fault = sensors.poll(Tick::NEVER, &mut batch).unwrap_err();
        assert_eq!((fault.fault, batch.readings.len()), (FaultKind::Overflow, WAITING_MAX));
        assert!(sensors.poll(Tick::ZERO, &mut batch).is_ok() && batch.readings.is_empty());
    }

    #[test]
    fn a_converter_that_gives_no_samples_is_a_fault_with_its_cause_for_as_long_as_it_lasts() {
        let hub = Hub::default();
        let scale = Scale { lsb: 1.0, period: Seconds::from_millis(1) };
        let mut sensors =
            HubSensors::new(hub.clone(), Monotonic::from_now(), BTreeMap::from([(Channel::Light, scale)]), Vec::new());
        let (mut source, mut batch) = (hub.source("light"), Batch::default());
        let faults = |sensors: &mut HubSensors, batch: &mut Batch| {
            let until = sensors.clock.now() + SILENT + Seconds::from_millis(20);
            let mut faults = Vec::new();
            while sensors.clock.now() < until {
                faults.extend(sensors.poll(until, batch).err());
            }
            faults
        };
        source.trouble(Fault::new(FaultKind::Disconnected, "i2c", "no acknowledge"));
        for _ in 0..2 {
            let fault = faults(&mut sensors, &mut batch).remove(0);
            assert!(fault.source_name == "light" && fault.detail.contains("no acknowledge"), "{fault}");
        }
        let samples = device::Reading::Samples { channel: Channel::Light, period: Seconds::from_millis(1), codes: vec![1] };
        source.put(Stamped { at: sensors.clock.now(), reading: samples }).unwrap();
        assert!(sensors.poll(Tick::NEVER, &mut batch).is_ok());
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
