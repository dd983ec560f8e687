//! What the posterior of a hold response is spread over, and what is believed before the first press.
//!
//! Success of a press of `h` seconds: `p(h) = g + (1 - g - l) F((ln h - x) / s)`, see [`Link`]. A row is one (link, lapse, scale);
//! each row has one cell for each location `x = ln mu` of a window that follows the data. Every number here is an assumption; where one
//! was chosen between near equals, by simulated cameras other than those that the documents report on (`docs/statistics.md`).

use crate::analysis::stats::link::Link;

/// The shapes of the rise, and what each is worth before the first press: none is favoured much.
pub const LINKS: [(Link, f64); 3] = [(Link::Logistic, 0.4), (Link::Normal, 0.3), (Link::Weibull, 0.3)];
/// Scale of each link with the standard deviation of a logistic of scale 1 (`pi / sqrt 3`), so that one axis serves all three.
pub const UNIT: [f64; 3] = [1.0, 1.814, std::f64::consts::SQRT_2];
/// Lapses (failures at any hold) and their prior: a third of all devices have none, and more than 20 % is a device or an adapter that does
/// not do its work; then a coarse step will do.
pub const LAPSES: [(f64, f64); 10] = [
    (0.001, 0.29),
    (0.015, 0.14),
    (0.035, 0.155),
    (0.06, 0.135),
    (0.09, 0.115),
    (0.12, 0.08),
    (0.155, 0.06),
    (0.25, 0.01),
    (0.42, 0.01),
    (0.65, 0.005),
];
/// Resets without reason, and failures without reason of an adapter that resets at any hold.
pub const GUESS: f64 = 0.005;
/// Reset rate of an adapter that resets at any hold.
pub const SURE: f64 = 0.98;
/// Scales in ln(hold), logistic units: from a timer's jitter to a press that may need half or twice the hold.
pub const SCALE_RANGE: (f64, f64) = (0.006, 0.35);
/// Locations in seconds that are thought of.
pub const LOCATION_RANGE: (f64, f64) = (0.25, 160.0);

/// Number of links.
pub const N_LINK: usize = LINKS.len();
/// Number of lapses.
pub const N_LAPSE: usize = LAPSES.len();
/// Number of scales.
pub const N_SCALE: usize = 18;
/// Number of (link, scale) pairs.
pub const N_SHAPE: usize = N_LINK * N_SCALE;
/// Number of locations in a window.
pub const N_X: usize = 96;
/// Rows: (link, lapse, scale), scale fastest.
pub const N_ROW: usize = N_LINK * N_LAPSE * N_SCALE;

/// Spreads of ln mu between the adapters of one camera that compete, with their prior.
pub const SPREADS: [(f64, f64); 3] = [(0.07, 0.3), (0.15, 0.4), (0.32, 0.3)];
/// Camera-level locations: one each 0.08 in ln(hold), finer than the least spread needs.
pub const N_M: usize = 82;
/// Camera-level columns: (location, spread), spread fastest.
pub const N_COL: usize = N_M * SPREADS.len();
/// Where adapters are tied ([`super::tie`]): standard deviation of an adapter's location about what its acknowledgements promise.
pub const TIED_SPREAD: f64 = 0.04;
/// Camera-level locations of adapters that are tied: one each 0.05 in ln(hold).
pub const N_TIED: usize = 130;
/// Prior of a tie, before what was measured is looked at.
pub const TIED: f64 = 0.5;
/// Share of adapters whose location has nothing to do with their siblings'.
pub const STRANGER: f64 = 0.05;
/// Prior share of adapters that never reset.
pub const NEVER: f64 = 0.02;
/// Prior share of adapters that reset at any hold.
pub const ALWAYS: f64 = 0.02;

/// Standard deviation in ln(scale) of an adapter about its camera's, and the share of adapters for which it holds: the scatter of a
/// threshold is the firmware's doing, the adapter's voltage moves it little. Wider kernels (0.7 here, 0.85 below) cost some 4 % more
/// minutes, and cover no worse (simulated cameras).
const SCALE_NEAR: (f64, f64) = (0.15, 0.85);
/// The same for most others; what is left may have any scale.
const SCALE_FAR: (f64, f64) = (0.4, 0.13);
/// Standard deviation of a lapse about the camera's, and the share of adapters for which it holds; the others have one of their own.
const LAPSE_NEAR: (f64, f64) = (0.015, 0.93);

/// The scale of index `i`, logistic units.
pub fn scale(i: usize) -> f64 {
    let (lo, hi) = SCALE_RANGE;
    lo * (hi / lo).powf(i as f64 / (N_SCALE - 1) as f64)
}

/// (link, lapse, scale) indices of a row.
pub fn parts(row: usize) -> (usize, usize, usize) {
    (row / (N_LAPSE * N_SCALE), row / N_SCALE % N_LAPSE, row % N_SCALE)
}

/// The (link, scale) index of a row.
pub fn shape(row: usize) -> usize {
    let (link, _, scale) = parts(row);
    link * N_SCALE + scale
}

/// The camera-level location of index `i`, ln seconds.
pub fn camera_x(i: usize) -> f64 {
    location(i, N_M)
}

/// The same of adapters that are tied.
pub fn tied_x(i: usize) -> f64 {
    location(i, N_TIED)
}

fn location(i: usize, n: usize) -> f64 {
    let (lo, hi) = (LOCATION_RANGE.0.ln(), LOCATION_RANGE.1.ln());
    lo + (hi - lo) * i as f64 / (n - 1) as f64
}

/// `P(scale index | camera's scale index)`, for an adapter with `N` scales over the same range.
pub fn scale_kernel<const N: usize>() -> Vec<[f64; N]> {
    let range = (SCALE_RANGE.1 / SCALE_RANGE.0).ln();
    let (step, own) = (range / (N_SCALE - 1) as f64, range / (N - 1) as f64);
    (0..N_SCALE)
        .map(|camera| {
            let part = |sd: f64| normalised(std::array::from_fn(|i| in_cell(i as f64 * own - camera as f64 * step, own, sd)));
            let (near, far): ([f64; N], [f64; N]) = (part(SCALE_NEAR.0), part(SCALE_FAR.0));
            let rest = (1.0 - SCALE_NEAR.1 - SCALE_FAR.1) / N as f64;
            std::array::from_fn(|i| SCALE_NEAR.1 * near[i] + SCALE_FAR.1 * far[i] + rest)
        })
        .collect()
}

/// `P(lapse index | camera's lapse index)`.
pub fn lapse_kernel() -> Vec<[f64; N_LAPSE]> {
    (0..N_LAPSE)
        .map(|camera| {
            // Each lapse stands for the cell between its neighbours, as far as the density reaches.
            let lower = |i: usize| if i == 0 { 0.0 } else { 0.5 * (LAPSES[i - 1].0 + LAPSES[i].0) };
            let upper = |i: usize| if i + 1 == N_LAPSE { 0.8 } else { 0.5 * (LAPSES[i].0 + LAPSES[i + 1].0) };
            let density = |i: usize| (-0.5 * ((LAPSES[i].0 - LAPSES[camera].0) / LAPSE_NEAR.0).powi(2)).exp();
            let near: [f64; N_LAPSE] = normalised(std::array::from_fn(|i| (upper(i) - lower(i)) * density(i)));
            std::array::from_fn(|i| LAPSE_NEAR.1 * near[i] + (1.0 - LAPSE_NEAR.1) * LAPSES[i].1)
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
