//! What the posterior of a hold response is spread over, and what is believed before the first press.
//!
//! Success of a press of `h` seconds: `p(h) = g + (1 - g - l) F((ln h - x) / s)`, see [`Link`]. A row is one (link, lapse, scale);
//! each row has one cell for each location `x = ln mu` of a window that follows the data. Every number here is an assumption, written
//! down in `docs/adaptive.md`.

use crate::analysis::stats::link::Link;

/// The shapes of the rise, and what each is worth before the first press: none is favoured much.
pub const LINKS: [(Link, f64); 3] = [(Link::Logistic, 0.4), (Link::Normal, 0.3), (Link::Weibull, 0.3)];
/// Scale of each link with the standard deviation of a logistic of scale 1 (`pi / sqrt 3`), so that one axis serves all three.
pub const UNIT: [f64; 3] = [1.0, 1.814, std::f64::consts::SQRT_2];
/// Lapses (failures at any hold) and their prior: a third of all devices have none, and more than 16 % is a broken device.
pub const LAPSES: [(f64, f64); 7] =
    [(0.001, 0.30), (0.015, 0.14), (0.035, 0.16), (0.06, 0.14), (0.09, 0.12), (0.12, 0.08), (0.155, 0.06)];
/// Resets without reason.
pub const GUESS: f64 = 0.005;
/// Scales in ln(hold), logistic units: from a timer's jitter to a press that may need half or twice the hold.
pub const SCALE_RANGE: (f64, f64) = (0.006, 0.35);
/// Locations in seconds that are thought of.
pub const LOCATION_RANGE: (f64, f64) = (0.25, 160.0);

/// Number of links, lapses, scales, locations.
pub const N_LINK: usize = LINKS.len();
pub const N_LAPSE: usize = LAPSES.len();
pub const N_SCALE: usize = 18;
pub const N_X: usize = 96;
/// Rows: (link, lapse, scale), scale fastest.
pub const N_ROW: usize = N_LINK * N_LAPSE * N_SCALE;

/// Spreads of ln mu between the adapters of one camera that compete, with their prior.
pub const SPREADS: [(f64, f64); 3] = [(0.07, 0.3), (0.15, 0.4), (0.32, 0.3)];
/// Camera-level locations: one each 0.08 in ln(hold), finer than the least spread needs.
pub const N_M: usize = 82;
/// Camera-level columns: (location, spread), spread fastest.
pub const N_COL: usize = N_M * SPREADS.len();
/// Share of adapters whose location has nothing to do with their siblings'.
pub const STRANGER: f64 = 0.05;
/// Prior share of adapters that never reset, and of those that reset at any hold.
pub const NEVER: f64 = 0.02;
pub const ALWAYS: f64 = 0.02;

/// The scale of index `i`, logistic units.
pub fn scale(i: usize) -> f64 {
    let (lo, hi) = SCALE_RANGE;
    lo * (hi / lo).powf(i as f64 / (N_SCALE - 1) as f64)
}

/// (link, lapse, scale) indices of a row.
pub fn parts(row: usize) -> (usize, usize, usize) {
    (row / (N_LAPSE * N_SCALE), row / N_SCALE % N_LAPSE, row % N_SCALE)
}

/// The camera-level location of index `i`.
pub fn camera_x(i: usize) -> f64 {
    let (lo, hi) = (LOCATION_RANGE.0.ln(), LOCATION_RANGE.1.ln());
    lo + (hi - lo) * i as f64 / (N_M - 1) as f64
}

/// `P(scale index | camera's scale index)`: within some 15 %, sometimes 40 %, rarely anything.
pub fn scale_kernel() -> Vec<[f64; N_SCALE]> {
    let step = (SCALE_RANGE.1 / SCALE_RANGE.0).ln() / (N_SCALE - 1) as f64;
    (0..N_SCALE)
        .map(|camera| {
            let part = |sd: f64| {
                let mut row = [0.0; N_SCALE];
                for (i, w) in row.iter_mut().enumerate() {
                    *w = in_cell((i as f64 - camera as f64) * step, step, sd);
                }
                normalised(row)
            };
            let (narrow, wide) = (part(env("SN", 0.15)), part(0.4));
            { let (a, b) = (env("KA", 0.7), env("KB", 0.03)); std::array::from_fn(|i| a * narrow[i] + (1.0 - a - b) * wide[i] + b / N_SCALE as f64) }
        })
        .collect()
}

/// `P(lapse index | camera's lapse index)`: a lapse is the device's, mostly within 1.5 points; one adapter in seven has its own.
pub fn lapse_kernel() -> Vec<[f64; N_LAPSE]> {
    (0..N_LAPSE)
        .map(|camera| {
            let mut near = [0.0; N_LAPSE];
            for (i, w) in near.iter_mut().enumerate() {
                let lower = if i == 0 { 0.0 } else { 0.5 * (LAPSES[i - 1].0 + LAPSES[i].0) };
                let upper = if i + 1 == N_LAPSE { 0.2 } else { 0.5 * (LAPSES[i].0 + LAPSES[i + 1].0) };
                *w = (upper - lower) * (-0.5 * ((LAPSES[i].0 - LAPSES[camera].0) / 0.015).powi(2)).exp();
            }
            let near = normalised(near);
            { let a = env("LA", 0.85); std::array::from_fn(|i| a * near[i] + (1.0 - a) * LAPSES[i].1) }
        })
        .collect()
}

/// Mass of a centred normal within a cell of width `step` around `d`, by five points: exact enough and smooth.
fn in_cell(d: f64, step: f64, sd: f64) -> f64 {
    (-2..=2).map(|k| (-0.5 * ((d + 0.2 * f64::from(k) * step) / sd).powi(2)).exp()).sum::<f64>()
}

fn normalised<const N: usize>(mut row: [f64; N]) -> [f64; N] {
    let sum: f64 = row.iter().sum();
    row.iter_mut().for_each(|w| *w /= sum);
    row
}

pub fn env(k: &str, d: f64) -> f64 { std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d) }
