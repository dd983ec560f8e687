//! The colour channels beside the brightness: the same filters, dark levels that are followed, and what is lit has a colour.

use super::colour::{ColourRun, Told};
use super::filter::Filter;
use super::join::{Join, Moment};
use super::{LightError, RAIL};
use crate::domain::observation::Colour;
use crate::domain::rig::{Calibration, ColourChannel};

/// After this time in the dark a channel shows its dark level.
const DARK_AFTER_US: u64 = 30_000;
/// Steps (of a millisecond) over which a dark level is averaged.
const DARK_STEPS: f64 = 1024.0;
/// The filters remember a sample for less than this.
const MEMORY_US: u64 = 20_000;

/// What a decoder must know of one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Reading in the dark, as a share of full scale.
    pub dark: f64,
    /// What the reading above the dark is multiplied with, so that white is the same in all three.
    pub gain: f64,
    /// Share of full scale of one code.
    pub lsb: f64,
}

/// What a decoder must know of the colour channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourSettings {
    /// Red, green, blue.
    pub parts: [Part; 3],
}

impl ColourSettings {
    /// From a rig's calibration and the scales of its red, green and blue channels.
    pub fn new(calibration: &Calibration, lsb: [f64; 3]) -> Self {
        let part = |channel: ColourChannel, lsb| Part { dark: channel.dark, gain: channel.gain, lsb };
        let Calibration { red, green, blue, .. } = calibration;
        Self { parts: [part(*red, lsb[0]), part(*green, lsb[1]), part(*blue, lsb[2])] }
    }
}

/// The fold over colour samples.
#[derive(Clone, Debug)]
pub(super) struct ColourSense {
    parts: [Part; 3],
    filters: [Filter; 3],
    pub(super) join: Join,
    run: ColourRun,
    /// Present outputs of the filters, as shares of full scale.
    levels: [f64; 3],
    last: [i16; 3],
    /// Until then the filters hold samples that were missing or cut off.
    unknown_until_us: u64,
}

impl ColourSense {
    /// # Errors
    /// A scale is no positive number.
    pub(super) fn new(settings: ColourSettings, period_us: u64) -> Result<Self, LightError> {
        if let Some(part) = settings.parts.iter().find(|part| !(part.lsb.is_finite() && part.lsb > 0.0)) {
            return Err(LightError::Scale(part.lsb));
        }
        Ok(Self {
            parts: settings.parts,
            filters: std::array::from_fn(|_| Filter::new(period_us)),
            join: Join::default(),
            run: ColourRun::default(),
            levels: [0.0; 3],
            last: [0; 3],
            unknown_until_us: 0,
        })
    }

    pub(super) fn set_period(&mut self, period_us: u64) {
        self.filters = std::array::from_fn(|_| Filter::new(period_us));
    }

    /// The samples that follow have nothing to do with those before.
    pub(super) fn restart(&mut self) {
        self.filters.iter_mut().for_each(Filter::restart);
    }

    /// Forgets what was seen, but not how dark the dark is.
    pub(super) fn reset(&mut self) {
        self.restart();
        self.join.clear();
        self.run = ColourRun::default();
    }

    /// The light has just gone on or off. The colour that it had.
    pub(super) fn begin(&mut self) -> Option<Colour> {
        std::mem::take(&mut self.run).name()
    }

    /// The colour of the light since it was lit, or since it became another.
    pub(super) fn name(&self) -> Option<Colour> {
        self.run.name()
    }

    /// Takes the samples of one moment. What is missing or cut off by the sensor says nothing of a colour until the filters have forgotten it.
    pub(super) fn take(&mut self, moment: &Moment) {
        let codes = moment.parts.unwrap_or(self.last);
        self.last = codes;
        let cut_off = codes.iter().zip(&self.parts).any(|(&code, part)| f64::from(code) * part.lsb >= RAIL);
        if cut_off || moment.parts.is_none() {
            self.unknown_until_us = moment.at_us.saturating_add(MEMORY_US);
        }
        for (index, filter) in self.filters.iter_mut().enumerate() {
            if let Some(level) = filter.add(&codes[index..=index]) {
                self.levels[index] = level as f64 / filter.gain() * self.parts[index].lsb;
            }
        }
    }

    /// Looks at the step that is full now.
    pub(super) fn see(&mut self, at_us: u64, lit: bool, since_us: u64) -> Told {
        if at_us < self.unknown_until_us {
            return Told::Nothing;
        }
        if lit {
            let above = |index: usize| (self.levels[index] - self.parts[index].dark) * self.parts[index].gain;
            return self.run.see(at_us, std::array::from_fn(above));
        }
        if at_us >= since_us.saturating_add(DARK_AFTER_US) {
            for (part, level) in self.parts.iter_mut().zip(self.levels) {
                part.dark += (level - part.dark) / DARK_STEPS;
            }
        }
        Told::Nothing
    }
}
