//! The colour channels beside the brightness: the same filters, dark levels that are followed, and what is lit has a colour.

use super::colour::{ColourRun, Told};
use super::filter::Filter;
use super::join::{Join, Moment};
use super::{LightError, RAIL};
use crate::domain::observation::Colour;
use crate::domain::rig::ColourCalibration;

/// After this time in the dark a channel shows its dark level.
const DARK_AFTER_US: u64 = 30_000;
/// Steps (of a millisecond) over which a dark level is averaged.
const DARK_STEPS: f64 = 1024.0;
/// The filters remember a sample for less than this.
const MEMORY_US: u64 = 20_000;

/// Filters whose matrix has a smaller determinant see nearly the same: undoing their overlap would show nothing but noise (our choice; a TCS3472
/// has about 0.4).
const LEAST_DETERMINANT: f64 = 0.05;

/// What a decoder must know of the colour channels: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourSettings {
    /// What was calibrated.
    pub found: ColourCalibration,
    /// Shares of full scale of one code.
    pub lsb: [f64; 3],
}

/// The fold over colour samples.
#[derive(Clone, Debug)]
pub(super) struct ColourSense {
    dark: [f64; 3],
    lsb: [f64; 3],
    /// From readings above the dark to red, green and blue light: gains and crosstalk undone.
    unmix: [[f64; 3]; 3],
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
    /// A scale is no positive number, or the channels cannot be told apart.
    pub(super) fn new(settings: ColourSettings, period_us: u64) -> Result<Self, LightError> {
        let ColourSettings { found, lsb } = settings;
        if let Some(&lsb) = lsb.iter().find(|lsb| !(lsb.is_finite() && **lsb > 0.0)) {
            return Err(LightError::Scale(lsb));
        }
        Ok(Self {
            dark: found.dark,
            lsb,
            unmix: unmix(&found).ok_or(LightError::NoColours)?,
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
        let cut_off = codes.iter().zip(self.lsb).any(|(&code, lsb)| f64::from(code) * lsb >= RAIL);
        if cut_off || moment.parts.is_none() {
            self.unknown_until_us = moment.at_us.saturating_add(MEMORY_US);
        }
        for (index, filter) in self.filters.iter_mut().enumerate() {
            if let Some(level) = filter.add(&codes[index..=index]) {
                self.levels[index] = level as f64 / filter.gain() * self.lsb[index];
            }
        }
    }

    /// Looks at the step that is full now.
    pub(super) fn see(&mut self, at_us: u64, lit: bool, since_us: u64) -> Told {
        if at_us < self.unknown_until_us {
            return Told::Nothing;
        }
        if lit {
            let above: [f64; 3] = std::array::from_fn(|index| self.levels[index] - self.dark[index]);
            let light = |row: [f64; 3]| row.iter().zip(above).map(|(share, level)| share * level).sum::<f64>().max(0.0);
            return self.run.see(at_us, self.unmix.map(light));
        }
        if at_us >= since_us.saturating_add(DARK_AFTER_US) {
            for (dark, level) in self.dark.iter_mut().zip(self.levels) {
                *dark += (level - *dark) / DARK_STEPS;
            }
        }
        Told::Nothing
    }
}

/// The inverse of what the filters do, times the gains; `None` where the channels see too much the same.
fn unmix(found: &ColourCalibration) -> Option<[[f64; 3]; 3]> {
    let m = &found.filters;
    // Cofactors of the matrix, each turned so that no sign is needed.
    let minor = |row: usize, column: usize| {
        let (r1, r2, c1, c2) = ((row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant = (0..3).map(|column| m[0][column] * minor(0, column)).sum::<f64>();
    let inverse = |row: usize, column: usize| minor(column, row) / determinant * found.gain[column];
    let whole: [[f64; 3]; 3] = std::array::from_fn(|row| std::array::from_fn(|column| inverse(row, column)));
    let sound = determinant.abs() >= LEAST_DETERMINANT && whole.iter().flatten().all(|share| share.is_finite());
    sound.then_some(whole)
}
