//! How near the locations of one camera's adapters lie to the camera's, tabulated.

use crate::analysis::posterior::axes::{LOCATION_RANGE, N_M, SPREADS, STRANGER};

const STEP: f64 = 0.01;

/// Density of an adapter's location at a distance from the camera's, for each spread.
#[derive(Clone, Debug)]
pub(super) struct Near {
    tables: Vec<Vec<f32>>,
}

impl Near {
    pub(super) fn new() -> Self {
        let range = (LOCATION_RANGE.1 / LOCATION_RANGE.0).ln();
        let cell = range / (N_M - 1) as f64;
        let table = |sd: f64| {
            let sd2 = sd * sd + cell * cell / 12.0;
            let density = |d: f64| (-0.5 * d * d / sd2).exp() / (std::f64::consts::TAU * sd2).sqrt();
            let n = (6.0 * sd2.sqrt() / STEP) as usize + 2;
            let at = |i: usize| (1.0 - STRANGER) * density(i as f64 * STEP) + STRANGER / range;
            (0..n).map(|i| at(i) as f32).collect()
        };
        Near { tables: SPREADS.iter().map(|(sd, _)| table(*sd)).collect() }
    }

    /// At distance `d` (ln) for one spread.
    pub(super) fn density(&self, spread: usize, d: f64) -> f32 {
        let table = &self.tables[spread];
        table[((d.abs() / STEP + 0.5) as usize).min(table.len() - 1)]
    }
}
