//! Samples at 1 kHz. Between events the bench is in a steady state, so a channel is one level and one noise, and a quiet batch costs a few
//! multiplications a sample.
//!
//! Noise comes from a table of 4096 normal numbers. Each row of ten samples reads it from an offset that is a hash of the trial's noise
//! seed, the channel and the row's number since the trial began: the same sample gets the same noise however the polls are cut. All
//! arithmetic is on whole numbers in 1/256 of a code.

use super::chance::Draw;
use crate::domain::units::{Seconds, Tick};
use crate::ports::{Batch, Block, Channel, Reading, Scale};

const PERIOD_US: u64 = 1000;
const ROW: u64 = 10;
const TABLE: usize = 4096;
/// One period of a sine in ten steps, in 1/256: mains lamps flicker at 100 Hz, a tenth of the sampling rate.
const SINE: [i32; 10] = [0, 150, 243, 243, 150, 0, -150, -243, -243, -150];

/// Value of one code of a channel; `None` for channels that the twin has not.
pub fn lsb(channel: Channel) -> Option<f64> {
    match channel {
        // A 16-bit converter, single-ended: half of its codes (ADS1115 data sheet).
        Channel::Light => Some(1.0 / 32_767.0),
        // INA226 data sheet: 1.25 mV a code; the current step is set by its calibration register.
        Channel::PlugVoltage => Some(0.00125),
        Channel::PlugCurrent => Some(0.00025),
        Channel::Red | Channel::Green | Channel::Blue | Channel::Sound | Channel::Force => None,
    }
}

/// One channel.
struct Line {
    channel: Channel,
    level: i32,
    noise: i32,
    flicker: i32,
}

/// All channels, on one grid.
pub struct Sampler {
    origin: Tick,
    seed: u64,
    table: Vec<i16>,
    lines: Vec<Line>,
    /// The batch that is being filled: its first sample's number, how many it has, and how many are done.
    first: u64,
    count: usize,
    done: usize,
}

impl Sampler {
    /// With these channels. The noise table is drawn here.
    pub fn new(channels: &[Channel], flicker: f64, draw: &mut Draw) -> Self {
        let mut table: Vec<i16> = (0..TABLE).map(|_| (draw.normal() * 256.0).round() as i16).collect();
        // Rows may begin at any entry, so the first ones stand once more behind the last.
        table.extend_from_within(..ROW as usize);
        let lines = channels
            .iter()
            .map(|&channel| Line {
                channel,
                level: 0,
                noise: 0,
                flicker: if channel == Channel::Light { codes(channel, flicker) } else { 0 },
            })
            .collect();
        Self { origin: Tick::ZERO, seed: draw.bits(), table, lines, first: 0, count: 0, done: 0 }
    }

    /// Starts the grid and the noise anew.
    pub fn align(&mut self, origin: Tick, seed: u64) {
        self.origin = origin;
        self.seed = seed;
    }

    /// The end of the 10 ms on the grid in which `now` lies.
    pub fn row_end(&self, now: Tick) -> Tick {
        let row = PERIOD_US * ROW;
        Tick(self.origin.0 + (now.0.saturating_sub(self.origin.0) / row + 1) * row)
    }

    /// How codes of a channel become values; `None` where it is not wired.
    pub fn scale(&self, channel: Channel) -> Option<Scale> {
        self.lines.iter().find(|line| line.channel == channel)?;
        Some(Scale { lsb: lsb(channel)?, period: Seconds::from_micro(PERIOD_US as i64) })
    }

    /// Sets the steady state of a channel from now on, in its unit.
    pub fn set(&mut self, channel: Channel, value: f64, sd: f64) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.channel == channel) {
            line.level = codes(channel, value);
            line.noise = codes(channel, sd);
        }
    }

    /// Lays out the blocks of a batch from `start` up to and without `end`.
    pub fn open(&mut self, start: Tick, end: Tick, batch: &mut Batch) {
        self.first = self.number(start);
        self.count = (self.number(end) - self.first) as usize;
        self.done = 0;
        if self.count == 0 {
            return;
        }
        batch.samples.resize(self.lines.len() * self.count, 0);
        let (start, count) = (Tick(self.origin.0 + self.first * PERIOD_US), self.count);
        batch.readings.extend(self.lines.iter().enumerate().map(|(i, line)| {
            let period = Seconds::from_micro(PERIOD_US as i64);
            Reading::Samples(Block { channel: line.channel, start, period, range: i * count..(i + 1) * count })
        }));
    }

    /// Takes the samples before `to`, in the present state.
    pub fn fill(&mut self, to: Tick, samples: &mut [i16]) {
        let until = ((self.number(to).saturating_sub(self.first)) as usize).min(self.count);
        if until <= self.done {
            return;
        }
        for (i, line) in self.lines.iter().enumerate() {
            let block = &mut samples[i * self.count..(i + 1) * self.count];
            self.take(i as u64, line, &mut block[self.done..until]);
        }
        self.done = until;
    }

    /// Samples of one channel; a batch never crosses the end of a row.
    fn take(&self, salt: u64, line: &Line, samples: &mut [i16]) {
        let number = self.first + self.done as u64;
        let within = (number % ROW) as usize;
        let offset = (mix(self.seed ^ (salt << 56) ^ (number / ROW)) as usize) % TABLE;
        let noise = self.table[offset + within..].iter();
        for (sample, noise) in samples.iter_mut().zip(noise) {
            *sample = code(line.level + ((i32::from(*noise) * line.noise) >> 8));
        }
        if line.flicker != 0 {
            for (k, sample) in samples.iter_mut().enumerate() {
                *sample = code((i32::from(*sample) << 8) + ((line.flicker * SINE[(within + k) % SINE.len()]) >> 8));
            }
        }
    }

    /// The number of the first sample at or after a moment.
    fn number(&self, at: Tick) -> u64 {
        at.0.saturating_sub(self.origin.0).div_ceil(PERIOD_US)
    }
}

/// A value in 1/256 of a code.
fn codes(channel: Channel, value: f64) -> i32 {
    lsb(channel).map_or(0, |lsb| (value / lsb * 256.0).round() as i32)
}

/// Rounds 1/256 codes to what the converter gives.
fn code(fine: i32) -> i16 {
    ((fine + 128) >> 8).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// Spreads a number over all 64 bits (the finaliser of SplitMix64, Steele et al. 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
