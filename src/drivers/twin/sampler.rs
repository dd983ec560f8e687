//! Samples: 1 kHz for all channels but sound. Between events the bench is in a steady state, so a channel is one level and one noise, and a
//! quiet batch costs a few multiplications a sample.
//!
//! Noise comes from a table of 4096 normal numbers. Each row of 10 ms reads it from an offset that is a hash of the trial's noise seed, the
//! channel and the row's number since the trial began: the same sample gets the same noise however the polls are cut. All arithmetic is on
//! whole numbers in 1/256 of a code.

use super::acoustics::{self, Sound};
use super::chance::Draw;
use super::line::{Lamps, Line};
use super::wave::Wave;
use super::world::World;
use crate::domain::units::{Hertz, Seconds, Tick};
use crate::ports::{Batch, Block, Channel, Reading, Scale};
use std::ops::Range;

/// Time between samples of all channels but sound.
pub const PERIOD_US: u64 = 1000;
const ROW: u64 = 10;
const ROW_US: u64 = PERIOD_US * ROW;
const TABLE: usize = 4096;

/// Value of one code of a channel.
pub fn lsb(channel: Channel) -> f64 {
    match channel {
        // A 16-bit converter, single-ended: half of its codes (ADS1115 data sheet).
        Channel::Light | Channel::Red | Channel::Green | Channel::Blue => 1.0 / 32_767.0,
        // INA226 data sheet: 1.25 mV a code; the current step is set by its calibration register.
        Channel::PlugVoltage => 0.00125,
        Channel::PlugCurrent => 0.00025,
        // A 16-bit sound card.
        Channel::Sound => 1.0 / 32_767.0,
        // A small load cell and its amplifier before a 16-bit converter: 65 N at most (assumption).
        Channel::Force => 0.002,
    }
}

/// The numbers of the samples of one rate.
pub struct Grid {
    period_us: u64,
    /// The batch that is being filled: its first sample's number, how many it has, and how many are done.
    first: u64,
    count: usize,
    done: usize,
}

impl Grid {
    /// A sample every `period_us`, `row` of them in 10 ms.
    pub fn new(period_us: u64, row: u64) -> Self {
        debug_assert_eq!(period_us * row, ROW_US);
        Self { period_us, first: 0, count: 0, done: 0 }
    }

    /// The number of the first sample at or after a moment.
    fn number(&self, origin: Tick, at: Tick) -> u64 {
        at.0.saturating_sub(origin.0).div_ceil(self.period_us)
    }

    /// Begins a batch; gives the time of its first sample, if there is any.
    fn open(&mut self, origin: Tick, start: Tick, end: Tick) -> Option<Tick> {
        self.first = self.number(origin, start);
        self.count = (self.number(origin, end) - self.first) as usize;
        self.done = 0;
        (self.count > 0).then_some(Tick(origin.0 + self.first * self.period_us))
    }

    /// Goes on to `to`: the number of the first sample on the way, and which part of the batch it is.
    pub fn advance(&mut self, origin: Tick, to: Tick) -> Option<(u64, Range<usize>)> {
        let until = ((self.number(origin, to).saturating_sub(self.first)) as usize).min(self.count);
        if until <= self.done {
            return None;
        }
        let part = self.done..until;
        self.done = until;
        Some((self.first + part.start as u64, part))
    }

    fn period(&self) -> Seconds {
        Seconds::from_micro(self.period_us as i64)
    }
}

/// Where noise comes from.
#[derive(Clone, Copy)]
pub struct Noise<'a> {
    table: &'a [i16],
    seed: u64,
}

impl<'a> Noise<'a> {
    /// The noise of a row of a channel from its sample `within` on.
    pub fn row(&self, salt: u64, row: u64, within: usize) -> &'a [i16] {
        let offset = (mix(self.seed ^ (salt << 56) ^ row) as usize) % TABLE;
        &self.table[offset + within..]
    }
}

/// All channels.
pub struct Sampler {
    origin: Tick,
    seed: u64,
    table: Vec<i16>,
    grid: Grid,
    lines: Vec<Line>,
    sound: Option<Sound>,
}

impl Sampler {
    /// With these channels, as the world's sensors have them. The noise table is drawn here.
    pub fn new(channels: &[Channel], sound: bool, world: &World, draw: &mut Draw) -> Self {
        let mut table: Vec<i16> = (0..TABLE).map(|_| (draw.normal() * 256.0).round() as i16).collect();
        // Rows may begin at any entry, so the first ones stand once more behind the last.
        table.extend_from_within(..acoustics::ROW);
        let (sensor, lamp) = (&world.light_sensor, &world.lamp);
        let flicker = (sensor.flicker > 0.0).then(|| Wave::new(sensor.flicker_hz.get(), PERIOD_US, sensor.flicker_phase));
        let pulses = lamp.pwm_hz.map(|hz| (Wave::new(hz.get(), PERIOD_US, 0.0), lamp.pwm_duty));
        let lamps = Lamps::new(flicker, pulses);
        Self {
            origin: Tick::ZERO,
            seed: draw.bits(),
            table,
            grid: Grid::new(PERIOD_US, ROW),
            lines: channels.iter().map(|channel| Line::new(*channel, lamps)).collect(),
            sound: sound.then(|| Sound::new(&world.microphone)),
        }
    }

    /// Starts the grids and the noise anew.
    pub fn align(&mut self, origin: Tick, seed: u64) {
        self.origin = origin;
        self.seed = seed;
    }

    /// The end of the 10 ms on the grid in which `now` lies.
    pub fn row_end(&self, now: Tick) -> Tick {
        Tick(self.origin.0 + (now.0.saturating_sub(self.origin.0) / ROW_US + 1) * ROW_US)
    }

    /// How codes of a channel become values; `None` where it is not wired.
    pub fn scale(&self, channel: Channel) -> Option<Scale> {
        let grid = match (channel, &self.sound) {
            (Channel::Sound, sound) => &sound.as_ref()?.grid,
            _ => self.line(channel).map(|_| &self.grid)?,
        };
        Some(Scale { lsb: lsb(channel), period: grid.period() })
    }

    fn line(&self, channel: Channel) -> Option<&Line> {
        self.lines.iter().find(|line| line.channel == channel)
    }

    /// A channel, where it is wired.
    pub fn line_mut(&mut self, channel: Channel) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.channel == channel)
    }

    /// Sets the steady state of a channel from now on, in its unit.
    pub fn set(&mut self, channel: Channel, value: f64, sd: f64) {
        if let Some(line) = self.line_mut(channel) {
            line.set(value, sd);
        }
    }

    /// How much of a channel comes and goes with the camera's lamp, and how much flickers with the mains, in its unit.
    pub fn set_lamps(&mut self, channel: Channel, lamp: f64, flicker: f64) {
        if let Some(line) = self.line_mut(channel) {
            line.set_lamps(lamp, flicker);
        }
    }

    /// Lets these tones sound from now on, each with its height as a share of full scale, and no others. Nothing where no microphone is.
    pub fn set_tones(&mut self, tones: &[(Hertz, f64)]) {
        if let Some(sound) = &mut self.sound {
            sound.set_tones(tones);
        }
    }

    /// Lets the camera's motor hum so loud from now on, as a share of full scale; 0: it stands. Nothing where no microphone is.
    pub fn set_motor(&mut self, loudness: f64) {
        if let Some(sound) = &mut self.sound {
            sound.set_motor(loudness);
        }
    }

    /// Lays out the blocks of a batch from `start` up to and without `end`.
    pub fn open(&mut self, start: Tick, end: Tick, batch: &mut Batch) {
        let mut used = 0;
        let mut block = |channel, start, grid: &Grid| {
            let range = used..used + grid.count;
            used = range.end;
            Reading::Samples(Block { channel, start, period: grid.period(), range })
        };
        if let Some(first) = self.grid.open(self.origin, start, end) {
            batch.readings.extend(self.lines.iter().map(|line| block(line.channel, first, &self.grid)));
        }
        if let Some(sound) = &mut self.sound
            && let Some(first) = sound.grid.open(self.origin, start, end)
        {
            batch.readings.push(block(Channel::Sound, first, &sound.grid));
            // A poll that was cut may find sound sooner than the other channels.
            batch.readings.sort_by_key(|reading| if let Reading::Samples(block) = reading { block.start } else { Tick::NEVER });
        }
        batch.samples.resize(used, 0);
    }

    /// Takes the samples before `to`, in the present state.
    pub fn fill(&mut self, to: Tick, samples: &mut [i16]) {
        let noise = Noise { table: &self.table, seed: self.seed };
        let (lines, heard) = samples.split_at_mut(self.lines.len() * self.grid.count);
        if let Some(sound) = &mut self.sound {
            sound.fill(self.origin, to, noise, heard);
        }
        let count = self.grid.count;
        let Some((number, part)) = self.grid.advance(self.origin, to) else { return };
        for (i, line) in self.lines.iter().enumerate() {
            let noise = noise.row(i as u64, number / ROW, (number % ROW) as usize);
            line.take(self.origin, number, noise, &mut lines[i * count..(i + 1) * count][part.clone()]);
        }
    }
}

/// A value in 1/256 of a code.
pub fn codes(channel: Channel, value: f64) -> i32 {
    (value / lsb(channel) * 256.0).round() as i32
}

/// Rounds 1/256 codes to what the converter gives.
pub fn code(fine: i32) -> i16 {
    ((fine + 128) >> 8).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// Spreads a number over all 64 bits (the finaliser of SplitMix64, Steele et al. 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
