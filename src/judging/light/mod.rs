//! Light samples to patterns.
//!
//! A lone photodiode sees brightness only. Samples are smoothed (mains flicker and fast dimming vanish), held against two thresholds
//! between the calibrated dark and lit levels, and the edges that remain are read as off, solid, blinking or unclear.

mod filter;
mod rhythm;

pub use rhythm::{STEADY_BLINK_FLOOR_US, STEADY_US, UNCLEAR_EDGES};

use crate::domain::observation::Observation;
use crate::domain::rig::Calibration;
use crate::domain::units::{Seconds, Tick};
use filter::Filter;
use rhythm::Rhythm;

/// The light counts as lit above this share of the way from dark to lit. Below one half, since a light dimmed by pulses to this mean is lit.
pub const LIT_ABOVE: f64 = 0.40;
/// And as dark below this share: the distance between both is over three times noise of 5 % of full scale after smoothing.
pub const DARK_BELOW: f64 = 0.25;
/// The calibrated levels must differ by this share of full scale, or noise of a few percent is taken for light.
pub const LEAST_CONTRAST: f64 = 0.05;
/// A block that begins further than this from the end of the one before is not its continuation (a hole, or sampling aligned anew).
const HOLE_US: u64 = 5_000;

/// The light cannot be decoded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LightError {
    /// Dark and lit are too close together.
    #[error(
        "the light sensor reads {dark} in the dark and {lit} when lit: calibrate it, the two must differ by {LEAST_CONTRAST} of full scale"
    )]
    NoContrast {
        /// Reading in the dark, as a share of full scale.
        dark: f64,
        /// Reading when lit.
        lit: f64,
    },
    /// The scale of the codes is no positive number.
    #[error("the light channel's scale is {0}; it must be a positive number")]
    Scale(f64),
}

/// What a decoder must know of the sensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LightSettings {
    /// Reading in the dark, as a share of full scale.
    pub dark: f64,
    /// Reading with the camera's light on. Below `dark` for a sensor that falls with light.
    pub lit: f64,
    /// Share of full scale of one code.
    pub lsb: f64,
}

impl LightSettings {
    /// From a rig's calibration and the scale of its channel.
    pub fn new(calibration: &Calibration, lsb: f64) -> Self {
        Self { dark: calibration.light_dark, lit: calibration.light_lit, lsb }
    }
}

/// Decodes the samples of one photodiode. Cutting the stream anywhere changes nothing; nothing is allocated but what `out` needs.
#[derive(Clone, Debug)]
pub struct LightDecoder {
    settings: LightSettings,
    period_us: u64,
    /// Where the next sample belongs.
    next_us: u64,
    filter: Filter,
    /// Thresholds in units of the filter's output, and the sign that makes light positive.
    lit_above: i64,
    dark_below: i64,
    sign: i64,
    rhythm: Option<Rhythm>,
    /// The stream has a hole in it; the first step behind it has not come.
    hole: bool,
}

impl LightDecoder {
    /// A decoder that has seen nothing.
    ///
    /// # Errors
    /// [`LightError`] when the calibration tells no dark from light.
    pub fn new(settings: LightSettings) -> Result<Self, LightError> {
        let LightSettings { dark, lit, lsb } = settings;
        if !(lsb.is_finite() && lsb > 0.0) {
            return Err(LightError::Scale(lsb));
        }
        if !((lit - dark).is_finite() && (lit - dark).abs() >= LEAST_CONTRAST) {
            return Err(LightError::NoContrast { dark, lit });
        }
        let mut decoder = Self {
            settings,
            period_us: 0,
            next_us: 0,
            filter: Filter::new(1000),
            lit_above: 0,
            dark_below: 0,
            sign: if lit >= dark { 1 } else { -1 },
            rhythm: None,
            hole: true,
        };
        decoder.set_period(1000);
        Ok(decoder)
    }

    /// Forgets the pattern, so that it is told anew; done when a trial begins, which must know how it stands.
    pub fn reset(&mut self) {
        self.rhythm = None;
        self.hole = true;
        self.filter.restart();
    }

    /// Decodes codes sampled `period` apart, the first at `start`. Patterns are added to `out` with the moment they began.
    pub fn feed(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        if codes.is_empty() {
            return;
        }
        self.align(start.0, period_us);
        self.next_us = start.0 + codes.len() as u64 * period_us;
        if self.filter.samples == 1 {
            self.feed_steps(start.0, codes, out);
            return;
        }
        let (mut rest, mut read) = (codes, 0_u64);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.filter.missing));
            read += now.len() as u64;
            rest = later;
            if let Some(level) = self.filter.add(now) {
                self.step(start.0 + (read - 1) * period_us, level * self.sign, out);
            }
        }
    }

    /// Codes of a slow sensor: every sample is a step.
    fn feed_steps(&mut self, mut at_us: u64, mut codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        while let Some((&first, _)) = codes.split_first() {
            let (taken, level) = match self.quiet(at_us) {
                Some((samples, levels)) if !self.hole => self.filter.run(&codes[..codes.len().min(samples)], levels),
                _ => (1, self.filter.step(i64::from(first))),
            };
            at_us += taken as u64 * self.period_us;
            self.step(at_us - self.period_us, level * self.sign, out);
            codes = &codes[taken..];
        }
    }

    /// How many samples from `at_us` on may pass before the level is steady, and the outputs of the filter at which nothing changes till then.
    fn quiet(&self, at_us: u64) -> Option<(usize, (i64, i64))> {
        let rhythm = self.rhythm.as_ref()?;
        let left_us = rhythm.steady_at_us.saturating_add(self.filter.lag_us).saturating_sub(at_us);
        let samples = usize::try_from(left_us / self.period_us).unwrap_or(usize::MAX).saturating_add(1);
        let (least, most) = if rhythm.lit() { (self.dark_below, i64::MAX) } else { (-i64::MAX, self.lit_above) };
        Some((samples, if self.sign > 0 { (least, most) } else { (-most, -least) }))
    }

    fn align(&mut self, start_us: u64, period_us: u64) {
        if period_us != self.period_us {
            self.set_period(period_us);
            self.hole = true;
        } else if start_us.abs_diff(self.next_us) > HOLE_US.max(2 * period_us) && !self.hole {
            self.filter.restart();
            self.hole = true;
        }
    }

    fn set_period(&mut self, period_us: u64) {
        self.period_us = period_us;
        self.filter = Filter::new(period_us);
        let LightSettings { dark, lit, lsb } = self.settings;
        let at = |share: f64| (self.sign as f64 * (dark + share * (lit - dark)) / lsb * self.filter.gain()).round() as i64;
        (self.lit_above, self.dark_below) = (at(LIT_ABOVE), at(DARK_BELOW));
    }

    /// Takes the output of the step whose last sample was taken at `end_us`.
    #[inline]
    fn step(&mut self, end_us: u64, level: i64, out: &mut Vec<(Tick, Observation)>) {
        if let (Some(rhythm), false) = (&mut self.rhythm, self.hole) {
            let at_us = end_us.saturating_sub(self.filter.lag_us);
            let crossed = if rhythm.lit() { level < self.dark_below } else { level > self.lit_above };
            if crossed {
                rhythm.edge(at_us, out);
            } else if at_us >= rhythm.steady_at_us {
                rhythm.steady(out);
            }
            return;
        }
        let lit = level > i64::midpoint(self.lit_above, self.dark_below);
        self.hole = false;
        // The first step stands for the time before it, so it does not lag.
        let first_us = end_us.saturating_sub((self.filter.samples as u64 - 1) * self.period_us);
        self.rhythm = Some(match &self.rhythm {
            Some(before) => before.after_hole(first_us, lit),
            None => Rhythm::new(first_us, lit),
        });
    }
}

#[cfg(test)]
mod tests;
