//! Raw samples of one channel, kept while a check of the rig wants them.

use crate::domain::units::{Seconds, Tick};
use crate::judging::bench::Sample;
use crate::ports::{Batch, Channel, Reading, Scale};

/// No more are kept: five minutes at a kilohertz, and then some.
const MOST: usize = 400_000;

/// What is kept.
#[derive(Debug)]
pub struct Tap {
    channel: Channel,
    scale: Scale,
    samples: Vec<Sample>,
}

impl Tap {
    /// An empty one.
    pub fn new(channel: Channel, scale: Scale) -> Self {
        Self { channel, scale, samples: Vec::new() }
    }

    /// Time between samples.
    pub fn period(&self) -> Seconds {
        self.scale.period
    }

    /// Takes what a batch holds of the channel.
    pub fn see(&mut self, batch: &Batch) {
        for reading in &batch.readings {
            let Reading::Samples(block) = reading else { continue };
            if block.channel != self.channel || self.samples.len() >= MOST {
                continue;
            }
            for (n, code) in batch.codes(block).iter().enumerate() {
                let at = block.start + Seconds::from_micro(block.period.micro() * n as i64);
                self.samples.push((at, f64::from(*code) * self.scale.lsb));
            }
        }
    }

    /// All of them.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The values from `from` on.
    pub fn since(&self, from: Tick) -> Vec<f64> {
        self.samples.iter().filter(|(at, _)| *at >= from).map(|(_, value)| *value).collect()
    }
}
