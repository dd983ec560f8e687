//! Light samples to patterns.
//!
//! A lone photodiode sees brightness only. Samples are smoothed (mains flicker and fast dimming vanish), held against two thresholds
//! between the calibrated dark and lit levels, and the edges that remain are read as off, solid, blinking or unclear. The thresholds follow
//! slow changes of the light around. A sensor with red, green and blue channels also names the colour of what is lit; a change from one colour
//! to another is an edge too.

mod colour;
mod drift;
mod filter;
mod join;
mod pattern;
mod rhythm;
mod sense;

pub use colour::{Primary, name as colour_name};
pub use rhythm::{STEADY_BLINK_FLOOR_US, STEADY_US, UNCLEAR_EDGES};
pub use sense::ColourSettings;

use crate::domain::observation::Observation;
use crate::domain::rig::Calibration;
use crate::domain::units::{Seconds, Tick};
use colour::Told;
use drift::Drift;
use filter::Filter;
use join::Moment;
use rhythm::Rhythm;
use sense::ColourSense;

/// The light counts as lit above this share of the way from dark to lit. Below one half, since a light dimmed by pulses to this mean is lit.
pub const LIT_ABOVE: f64 = 0.40;
/// And as dark below this share: the distance between both is over three times noise of 5 % of full scale after smoothing.
pub const DARK_BELOW: f64 = 0.25;
/// The calibrated levels must differ by this share of full scale: what noise of 3 % of it needs for less than one false change in ten hours
/// (`examples/light.rs`).
pub const LEAST_CONTRAST: f64 = 0.10;
/// A difference of two shares as a person writes them may be off by so much.
const ROUNDING: f64 = 1e-9;
/// From this contrast on, in shares of full scale, single samples can be told from noise of 3 % of it.
const PEAK_CONTRAST: f64 = 0.20;
/// A light is not dark while one sample in its last 10 ms is above this share: pulses that dim it fall between the samples of a slow sensor, and
/// the mean then swings slowly by itself.
const PEAK_ABOVE: f64 = 0.65;
/// At this share of full scale a reading may be cut off.
const RAIL: f64 = 0.98;
/// A lamp whose calibrated level is below this does not drive the sensor to its end: something else blinds it.
const BRIGHTEST: f64 = 0.90;
/// A block that begins further than this from the end of the one before is not its continuation (a hole, or sampling aligned anew).
const HOLE_US: u64 = 5_000;

/// The light cannot be decoded.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LightError {
    /// Dark and lit are too close together.
    #[error(
        "the light sensor reads {dark} in the dark and {lit} when lit: the two must differ by {LEAST_CONTRAST} of full scale. \
         Bring it closer to the light or raise its gain, then calibrate it"
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
    /// The colour channels see the same.
    #[error("the colour channels of the light sensor see nearly the same: calibrate their filters, or use the brightness alone")]
    NoColours,
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
    /// How much later going off is seen than going on, for a lamp as bright as calibrated.
    late_off_us: u64,
    rhythm: Option<Rhythm>,
    drift: Drift,
    /// Something blinds the sensor.
    blinded: bool,
    colour: Option<Box<ColourSense>>,
    /// The stream has a hole in it, and the filter still holds what was made up for the time before: mains flicker at its crest looks lit then.
    hole: bool,
    /// The steps behind the hole: when the first was taken, and how many there are.
    fresh: (u64, usize),
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
        if !((lit - dark).is_finite() && (lit - dark).abs() > LEAST_CONTRAST - ROUNDING) {
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
            late_off_us: 0,
            rhythm: None,
            drift: Drift::default(),
            blinded: false,
            colour: None,
            hole: true,
            fresh: (0, 0),
        };
        decoder.set_period(1000);
        Ok(decoder)
    }

    /// The same decoder, of a sensor that sees colours too: it then waits for [`Self::feed_part`] beside [`Self::feed`].
    ///
    /// # Errors
    /// [`LightError`] when a channel's scale is no positive number, or the calibrated filters are too much alike.
    pub fn with_colour(mut self, settings: ColourSettings) -> Result<Self, LightError> {
        self.colour = Some(Box::new(ColourSense::new(settings, self.period_us)?));
        Ok(self)
    }

    /// Forgets the pattern, so that it is told anew; done when a trial begins, which must know how it stands. How bright the surroundings are
    /// is not forgotten.
    pub fn reset(&mut self) {
        self.rhythm = None;
        self.hole();
        self.filter.restart();
        self.drift.powered();
        self.colour.iter_mut().for_each(|colour| colour.reset());
    }

    /// Decodes codes sampled `period` apart, the first at `start`. Patterns are added to `out` with the moment they began.
    pub fn feed(&mut self, start: Tick, period: Seconds, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        if codes.is_empty() {
            return;
        }
        if let Some(colour) = &mut self.colour {
            colour.join.light(start.0, period_us, codes);
            return self.take_moments(out);
        }
        self.align(start.0, period_us);
        self.next_us = start.0.saturating_add((codes.len() as u64).saturating_mul(period_us));
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

    /// Whether the camera has power, from `at` on, where a meter tells. Without power it is dark, and what is seen is what is around.
    pub fn powered(&mut self, at: Tick, on: bool) {
        if on { self.drift.powered() } else { self.drift.unpowered(at.0) }
    }

    /// Takes codes of one colour channel of the same sensor. Brightness waits for them.
    pub fn feed_part(
        &mut self,
        primary: Primary,
        start: Tick,
        period: Seconds,
        codes: &[i16],
        out: &mut Vec<(Tick, Observation)>,
    ) {
        let Ok(period_us @ 1..) = u64::try_from(period.micro()) else { return };
        let Some(colour) = &mut self.colour else { return };
        colour.join.part(primary as usize, start.0, period_us, codes);
        self.take_moments(out);
    }

    fn take_moments(&mut self, out: &mut Vec<(Tick, Observation)>) {
        while let Some(moment) = self.colour.as_mut().and_then(|colour| colour.join.next()) {
            let Moment { at_us, period_us, code, .. } = moment;
            self.align(at_us, period_us);
            self.next_us = at_us.saturating_add(period_us);
            self.colour.iter_mut().for_each(|colour| colour.take(&moment));
            if let Some(level) = self.filter.add(&[code]) {
                self.step(at_us, level * self.sign, out);
                self.name(at_us.saturating_sub(self.filter.lag_us), out);
            }
        }
    }

    /// How many samples from `at_us` on may pass before the level is steady, and the outputs of the filter at which nothing changes till then.
    fn quiet(&self, at_us: u64) -> Option<(usize, (i64, i64))> {
        let rhythm = self.rhythm.as_ref()?;
        let left_us = rhythm.steady_at_us.min(self.drift.check_us).saturating_add(self.filter.lag_us).saturating_sub(at_us);
        let samples = usize::try_from(left_us / self.period_us).unwrap_or(usize::MAX).saturating_add(1);
        let (least, most) = if rhythm.lit() { (self.dark_below, i64::MAX) } else { (-i64::MAX, self.lit_above) };
        Some((samples, if self.sign > 0 { (least, most) } else { (-most, -least) }))
    }

    fn align(&mut self, start_us: u64, period_us: u64) {
        if period_us != self.period_us {
            self.set_period(period_us);
            self.hole();
        } else if start_us.abs_diff(self.next_us) > HOLE_US.max(period_us.saturating_mul(2)) && !self.hole {
            self.filter.restart();
            self.colour.iter_mut().for_each(|colour| colour.restart());
            self.hole();
        }
    }

    fn hole(&mut self) {
        self.hole = true;
        self.fresh = (0, 0);
    }

    fn set_period(&mut self, period_us: u64) {
        self.period_us = period_us;
        self.filter = Filter::new(period_us);
        self.late_off_us = self.filter.late_off_us(LIT_ABOVE, DARK_BELOW, self.filter.samples as u64 * period_us);
        self.colour.iter_mut().for_each(|colour| colour.set_period(period_us));
        self.set_thresholds();
    }

    /// The code at a share of the way from dark to lit, as the light around is now.
    fn code_at(&self, share: f64) -> f64 {
        let LightSettings { dark, lit, lsb } = self.settings;
        (dark + (share + self.drift.offset) * (lit - dark)) / lsb
    }

    fn set_thresholds(&mut self) {
        let at = |share: f64| (self.sign as f64 * self.code_at(share) * self.filter.gain()).round() as i64;
        (self.lit_above, self.dark_below) = (at(LIT_ABOVE), at(DARK_BELOW));
    }

    /// Takes the output of the step whose last sample was taken at `end_us`.
    #[inline]
    fn step(&mut self, end_us: u64, level: i64, out: &mut Vec<(Tick, Observation)>) {
        if let (Some(rhythm), false) = (&mut self.rhythm, self.hole) {
            let at_us = end_us.saturating_sub(self.filter.lag_us);
            let crossed = if rhythm.lit() { level < self.dark_below } else { level > self.lit_above };
            if crossed && !self.only_pulses() {
                self.edge(at_us, out);
            } else if self.rhythm.as_ref().is_some_and(|rhythm| at_us >= rhythm.steady_at_us.min(self.drift.check_us)) {
                self.look(at_us, level, out);
            }
            return;
        }
        self.begin(end_us, level);
    }

    /// Takes a step behind a hole. When the filter knows nothing but such steps, the light is lit or dark.
    fn begin(&mut self, end_us: u64, level: i64) {
        let first_us = end_us.saturating_sub((self.filter.samples as u64 - 1) * self.period_us);
        if self.fresh.1 == 0 {
            self.fresh.0 = first_us;
        }
        self.fresh.1 += 1;
        if self.fresh.1 < self.filter.steps() {
            return;
        }
        let (began_us, lit) = (self.fresh.0, level > i64::midpoint(self.lit_above, self.dark_below));
        self.hole = false;
        self.rhythm = Some(match &self.rhythm {
            Some(before) => before.after_hole(began_us, lit),
            None => Rhythm::new(began_us, lit),
        });
        self.drift.settle(began_us);
        self.colour.iter_mut().for_each(|colour| _ = colour.begin());
    }

    /// The level has crossed a threshold. Whether it is a light that pulses too fast for the sensor, and is still lit.
    fn only_pulses(&self) -> bool {
        let lit = self.rhythm.as_ref().is_some_and(Rhythm::lit);
        let contrast = (self.settings.lit - self.settings.dark).abs();
        lit && contrast >= PEAK_CONTRAST && self.filter.any_beyond(self.code_at(PEAK_ABOVE), self.sign)
    }

    fn edge(&mut self, at_us: u64, out: &mut Vec<(Tick, Observation)>) {
        let ended = self.colour.as_mut().and_then(|colour| colour.begin());
        let Some(rhythm) = &mut self.rhythm else { return };
        let lit = !rhythm.lit();
        let at_us = if lit { at_us } else { at_us.saturating_sub(self.late_off_us) };
        rhythm.edge(at_us, lit, ended, out);
        self.drift.edge(at_us);
    }

    /// The level stands: since long enough to be steady, or to look whether it drifts.
    #[cold]
    fn look(&mut self, at_us: u64, level: i64, out: &mut Vec<(Tick, Observation)>) {
        let LightSettings { dark, lit, lsb } = self.settings;
        let Some(rhythm) = &mut self.rhythm else { return };
        let value = (self.sign * level) as f64 / self.filter.gain() * lsb;
        if at_us >= self.drift.check_us {
            let moved = self.drift.look(at_us, rhythm.lit(), (value - dark) / (lit - dark));
            let blinded = self.sign > 0 && rhythm.lit() && lit < BRIGHTEST && value >= RAIL;
            if std::mem::replace(&mut self.blinded, blinded) != blinded {
                rhythm.stand_anew(at_us);
            }
            if moved {
                self.set_thresholds();
                // What was taken for a lamp may be the dark, as bright as it is now: that is no edge.
                let dark = level < self.dark_below;
                self.rhythm =
                    self.rhythm.take().map(|known| if known.lit() && dark { known.after_hole(at_us, false) } else { known });
            }
        }
        let Some(rhythm) = &mut self.rhythm else { return };
        if at_us >= rhythm.steady_at_us {
            rhythm.steady(self.colour.as_ref().and_then(|colour| colour.name()), self.blinded, out);
        }
    }

    /// Looks at the colour of a step.
    fn name(&mut self, at_us: u64, out: &mut Vec<(Tick, Observation)>) {
        let (Some(colour), Some(rhythm), false) = (&mut self.colour, &mut self.rhythm, self.hole) else { return };
        match colour.see(at_us, rhythm.lit(), rhythm.since_us()) {
            Told::Nothing => {}
            Told::Settled => rhythm.named(colour.name(), out),
            Told::Changed { at_us, before } => {
                rhythm.edge(at_us, true, before, out);
                self.drift.edge(at_us);
            }
        }
    }
}

#[cfg(test)]
mod tests;
