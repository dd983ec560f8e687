//! Sound samples to the tones of a profile and to the motor's hum.
//!
//! Samples are taken in steps of 10 ms. A step that hardly stands out from the background costs a sum of squares; the others are searched for
//! each frequency of the profile. A note is a steady tone of at least 60 ms; notes in a row make a chime.

mod goertzel;
mod hum;
mod noise;
mod note;
mod row;

use crate::domain::observation::Observation;
use crate::domain::profile::Chime;
use crate::domain::units::{Hertz, Seconds, Tick};
use hum::{Hum, Step};
use noise::Noise;
use note::Notes;
use row::Row;

/// A tone may lie beside the frequency of the profile by this share of it.
pub const TOLERANCE: f64 = 0.03;
/// The highest frequency that is told, as a share of the sampling rate: one half is the limit of any sampling, and filters need room.
pub const HIGHEST: f64 = 0.45;
/// The lowest sampling rate.
pub const LEAST_RATE: Hertz = Hertz::from_micro(2_000_000_000);
/// Length of a step.
const STEP_US: u64 = 10_000;
/// A block that begins further than this from the end of the one before is not its continuation.
const HOLE_US: u64 = 5_000;

/// The sound cannot be decoded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SoundError {
    /// The samples are too far apart.
    #[error("the sound sensor gives a sample every {0:.6}; tones need {LEAST_RATE} or more")]
    Rate(Seconds),
    /// A chime is too high for the sampling rate.
    #[error("the chime `{chime}` sounds at {hz}, and this sound sensor hears up to {most:.0}: sample faster")]
    TooHigh {
        /// Its name.
        chime: String,
        /// Its frequency.
        hz: Hertz,
        /// The highest that can be told.
        most: Hertz,
    },
    /// Two chimes sound alike.
    #[error("the chimes `{one}` and `{other}` cannot be told apart: give them other frequencies or numbers of repeats")]
    Alike {
        /// Name of the first.
        one: String,
        /// Name of the second.
        other: String,
    },
}

/// One frequency of the profile.
#[derive(Clone, Debug)]
struct Line {
    notes: Notes,
    row: Row,
}

/// Decodes the samples of one microphone. Cutting the stream anywhere changes nothing.
#[derive(Clone, Debug)]
pub struct SoundDecoder {
    chimes: Vec<Chime>,
    period_us: u64,
    next_us: u64,
    /// Samples of a step, and those of the one that is being filled.
    samples: usize,
    step: Vec<i16>,
    begun_us: u64,
    noise: Noise,
    lines: Vec<Line>,
    hum: Hum,
}

impl SoundDecoder {
    /// A decoder for these chimes, sampled `period` apart.
    ///
    /// # Errors
    /// [`SoundError`] for a rate or chimes that cannot be told.
    pub fn new(chimes: &[Chime], period: Seconds) -> Result<Self, SoundError> {
        let period_us = u64::try_from(period.micro()).unwrap_or(0);
        if period_us == 0 || period_us as f64 * LEAST_RATE.get() > 1e6 {
            return Err(SoundError::Rate(period));
        }
        let most = HIGHEST * 1e6 / period_us as f64;
        if let Some(chime) = chimes.iter().find(|chime| !(chime.hz.get() > 0.0 && chime.hz.get() <= most)) {
            return Err(SoundError::TooHigh { chime: chime.name.clone(), hz: chime.hz, most: Hertz::new(most) });
        }
        for (i, one) in chimes.iter().enumerate() {
            if let Some(other) = chimes[i + 1..].iter().find(|other| one.sounds_like(other)) {
                return Err(SoundError::Alike { one: one.name.clone(), other: other.name.clone() });
            }
        }
        let samples = (STEP_US / period_us) as usize;
        let mut decoder = Self {
            chimes: chimes.to_vec(),
            period_us,
            next_us: 0,
            samples,
            step: Vec::with_capacity(samples),
            begun_us: 0,
            noise: Noise::new(samples as u64 * period_us),
            lines: Vec::new(),
            hum: Hum::new(period_us),
        };
        decoder.reset();
        Ok(decoder)
    }

    /// A trial begins: the background is learned anew, and what sounds already is not told.
    pub fn reset(&mut self) {
        self.step.clear();
        self.noise = Noise::new(self.samples as u64 * self.period_us);
        self.lines = lines(&self.chimes, self.period_us);
        self.hum = Hum::new(self.period_us);
    }

    /// Our coil was switched at `at`: it hums while it holds, and is no motor of the camera.
    pub fn coil(&mut self, at: Tick, energised: bool) {
        if energised {
            self.hum.coil(at.0);
        }
    }

    /// Takes codes sampled `period` apart, the first at `start`. Samples of another rate than the one that was promised are passed over.
    /// A tone is added to `out` with the moment its first note began.
    pub fn feed(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        if codes.is_empty() || u64::try_from(period.micro()) != Ok(self.period_us) {
            return;
        }
        if start.0.abs_diff(self.next_us) > HOLE_US.max(2 * self.period_us) {
            self.reset();
        }
        self.next_us = start.0 + codes.len() as u64 * self.period_us;
        let (mut rest, mut at_us) = (codes, start.0);
        while !rest.is_empty() {
            if self.step.is_empty() {
                self.begun_us = at_us;
            }
            let (now, later) = rest.split_at(rest.len().min(self.samples - self.step.len()));
            rest = later;
            at_us += now.len() as u64 * self.period_us;
            self.step.extend_from_slice(now);
            if self.step.len() == self.samples {
                self.take_step(out);
                self.step.clear();
            }
        }
    }

    fn take_step(&mut self, out: &mut Vec<(Tick, Observation)>) {
        let power = self.noise.step(&self.step);
        let loud = self.noise.is_loud(power);
        let (start_us, step_us) = (self.begun_us, self.samples as u64 * self.period_us);
        let mut tone = false;
        for Line { notes, row } in &mut self.lines {
            let mut tell = |event| row.apply(event, out);
            if loud {
                notes.feed(start_us, &self.step, self.noise.mean, self.noise.power, &mut tell);
            } else {
                notes.quiet(start_us + step_us, step_us, &mut tell);
            }
            if notes.sounds() {
                tone = true;
            } else {
                row.pass(start_us + step_us, out);
            }
        }
        let step = Step { power, mean: self.noise.mean, noise: self.noise.power, tone };
        self.hum.step(start_us, &self.step, step, out);
    }
}

/// One line for each frequency: chimes that differ by their repeats alone share one. Where frequencies are close, a tone must be nearer.
fn lines(chimes: &[Chime], period_us: u64) -> Vec<Line> {
    let mut chimes: Vec<&Chime> = chimes.iter().collect();
    chimes.sort_by_key(|chime| chime.hz);
    let groups: Vec<&[&Chime]> = chimes.chunk_by(|a, b| a.has_pitch_of(b)).collect();
    let middle = |group: &[&Chime]| group.iter().map(|chime| chime.hz.get()).sum::<f64>() / group.len() as f64;
    let hz: Vec<f64> = groups.iter().map(|group| middle(group)).collect();
    let nearest = |i: usize| {
        let others = hz.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| (other - hz[i]).abs());
        others.fold(f64::INFINITY, f64::min)
    };
    let line = |(i, group): (usize, &&[&Chime])| Line {
        notes: Notes::new(hz[i], TOLERANCE.min(nearest(i) / 2.0 / hz[i]), period_us),
        row: Row::new(group.iter().map(|chime| (chime.name.clone(), chime.repeats)).collect()),
    };
    groups.iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests;
