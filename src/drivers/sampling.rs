//! Reads converters on a grid of times, on a thread of its own. A sample that would come too late for its place begins a new block: a hole
//! is not filled with inventions.

use super::feed::{Feed, Now};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::Channel;
use crate::ports::device::{Reading, Sink};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Samples are handed on when they span so long a time.
const SPAN: Seconds = Seconds::from_millis(50);
/// After a converter failed, it is asked again so much later.
const RETRY: Duration = Duration::from_millis(100);

/// What is sampled: each channel, and the time between samples.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub name: &'static str,
    pub channels: Vec<Channel>,
    pub period: Seconds,
}

/// Converters that are being read. Dropping it ends the thread.
pub struct Sampling {
    stop: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
}

impl Sampling {
    /// Begins to read: `take` gives the codes of all channels, as they are now.
    pub(super) fn start(
        plan: Plan,
        take: impl FnMut() -> Result<Vec<i16>, Fault> + Send + 'static,
        sink: Box<dyn Sink>,
        now: Now,
    ) -> Result<Self, Fault> {
        let stop = Arc::new(AtomicBool::new(false));
        let name = plan.name;
        let sampler = Sampler { feed: Feed::new(sink, now), take, start: Tick::ZERO, rows: Vec::new(), plan };
        let stopped = Arc::clone(&stop);
        let worker = std::thread::Builder::new().name(name.to_owned()).spawn(move || sampler.run(&stopped));
        let worker = worker.map_err(|error| Fault::new(FaultKind::Refused, name, format!("no thread for it: {error}")))?;
        Ok(Self { stop, worker: Some(worker) })
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

struct Sampler<T> {
    plan: Plan,
    take: T,
    feed: Feed,
    /// When the first row that waits was taken.
    start: Tick,
    rows: Vec<Vec<i16>>,
}

impl<T: FnMut() -> Result<Vec<i16>, Fault>> Sampler<T> {
    #[expect(clippy::disallowed_methods, reason = "a driver's edge: converters are read in real time")]
    fn run(mut self, stop: &AtomicBool) {
        let period = self.plan.period;
        let most = (SPAN.micro() / period.micro().max(1)).max(1) as usize;
        let mut due = self.feed.now();
        while !stop.load(Ordering::Acquire) {
            let now = self.feed.now();
            if now < due {
                std::thread::sleep(Duration::from_micros(due.0 - now.0));
                continue;
            }
            if now.since(due) >= period {
                self.hand_on();
                due = now;
            }
            if self.rows.is_empty() {
                self.start = due;
            }
            match (self.take)() {
                Ok(row) => self.rows.push(row),
                Err(fault) => {
                    self.hand_on();
                    self.feed.trouble(fault);
                    std::thread::sleep(RETRY);
                }
            }
            due = due + period;
            if self.rows.len() >= most {
                self.hand_on();
            }
        }
    }

    fn hand_on(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return;
        }
        for (index, channel) in self.plan.channels.iter().enumerate() {
            let codes = rows.iter().filter_map(|row| row.get(index).copied()).collect();
            self.feed.give_at(self.start, Reading::Samples { channel: *channel, period: self.plan.period, codes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::feed::testing::{feed, next};

    #[test]
    fn samples_of_all_channels_come_in_blocks_and_a_failure_ends_a_block() {
        let plan =
            Plan { name: "test", channels: vec![Channel::PlugVoltage, Channel::PlugCurrent], period: Seconds::from_millis(1) };
        let mut count = 0;
        let take = move || {
            count += 1;
            if count == 4 { Err(Fault::new(FaultKind::Disconnected, "test", "gone")) } else { Ok(vec![count, -count]) }
        };
        let (sink, now, receiver) = feed();
        let sampling = Sampling::start(plan, take, sink, now).expect("runs");
        let (mut volts, mut amps) = (Vec::new(), Vec::new());
        while volts.len() < 8 {
            let Reading::Samples { channel, codes, .. } = next(&receiver) else { panic!("samples come") };
            assert!(!codes.iter().any(|code| code.abs() == 4), "what failed is no sample");
            if channel == Channel::PlugVoltage { volts.extend(codes) } else { amps.extend(codes) }
        }
        drop(sampling);
        assert_eq!(volts[..6], [1, 2, 3, 5, 6, 7]);
        assert_eq!(amps[..3], [-1, -2, -3]);
    }
}
