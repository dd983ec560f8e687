//! Acknowledgement times of one adapter as draws from a distribution of their own.
//!
//! `A = exp(x + s Z)` with `Z` of one of the links. An exact draw needs a far finer lattice of locations than an answer of yes or no, and
//! a finer one the smaller the scale: locations stand in units of the scale about the median acknowledgement.

use super::Heard;
use super::near::Near;
use crate::analysis::posterior::axes::{LINKS, N_COL, N_SCALE, N_SHAPE, SPREADS, camera_x};
use crate::analysis::posterior::spread;
use crate::analysis::stats::link::Link;

/// Locations for each (link, scale).
pub(super) const N_Z: usize = 21;
/// Cells: (link, scale, location), location fastest.
pub(super) const N_CELL: usize = N_SHAPE * N_Z;
/// Acknowledgements that come from nowhere, even in ln(time): an assumption.
const STRAY: f64 = 2e-3;
const RANGE_LN: f64 = 6.5;

/// The likelihood of one adapter's acknowledgement times.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    centre: f64,
    half: f64,
    /// `[cell]`, largest 1, times the cell's width.
    pub(super) like: Vec<f64>,
    /// `P(location | camera's column)`, `[cell][column]`.
    kernel: Vec<f32>,
}

impl Draws {
    /// Of presses of which at least one was acknowledged; `unseen` is the likelihood of a press that was not, given `F` at its hold.
    pub(super) fn new(presses: &[Heard], near: &Near, unseen: impl Fn(&Heard, &dyn Fn(f64) -> f64) -> f64) -> Self {
        let mut seen: Vec<f64> = presses.iter().filter_map(|press| press.ack_s).map(f64::ln).collect();
        seen.sort_unstable_by(f64::total_cmp);
        let n = seen.len();
        let centre = 0.5 * (seen[(n - 1) / 2] + seen[n / 2]);
        let half = 7.0 / (n as f64).sqrt() + 0.4;
        let mut draws = Draws { centre, half, like: vec![1.0; N_CELL], kernel: Vec::new() };
        for press in presses {
            let mut top = 0.0_f64;
            for cell in 0..N_CELL {
                let (link, x, s) = draws.cell(cell);
                let p = match press.ack_s {
                    Some(ack_s) => (1.0 - STRAY) * density(link, (ack_s.ln() - x) / s) / s + STRAY / RANGE_LN,
                    None => unseen(press, &|hold_s: f64| link.rise((hold_s.ln() - x) / s).0),
                };
                draws.like[cell] *= p;
                top = top.max(draws.like[cell]);
            }
            draws.like.iter_mut().for_each(|w| *w /= top);
        }
        for cell in 0..N_CELL {
            draws.like[cell] *= draws.width(cell);
        }
        draws.kernel = draws.kernel(near);
        draws
    }

    /// Link, location (ln seconds) and scale of a cell.
    pub(super) fn cell(&self, cell: usize) -> (Link, f64, f64) {
        let (shape, z) = (cell / N_Z, cell % N_Z);
        let s = spread(shape);
        let zeta = 2.0 * z as f64 / (N_Z - 1) as f64 - 1.0;
        (LINKS[shape / N_SCALE].0, self.centre + self.half * zeta * s, s)
    }

    /// Width of a cell in ln(time).
    pub(super) fn width(&self, cell: usize) -> f64 {
        spread(cell / N_Z) * self.half * 2.0 / (N_Z - 1) as f64
    }

    fn kernel(&self, near: &Near) -> Vec<f32> {
        let mut out = vec![0.0; N_CELL * N_COL];
        for (cell, row) in out.chunks_mut(N_COL).enumerate() {
            let (_, x, _) = self.cell(cell);
            for (column, k) in row.iter_mut().enumerate() {
                *k = near.density(column % SPREADS.len(), x - camera_x(column / SPREADS.len()));
            }
        }
        out
    }

    /// What the draws say about (link, scale) and the camera's column: `[shape][column]`.
    pub(super) fn up(&self) -> Vec<f32> {
        let mut out = vec![0.0_f32; N_SHAPE * N_COL];
        for (cell, like) in self.like.iter().enumerate().filter(|(_, like)| **like > 1e-12) {
            let row = &mut out[cell / N_Z * N_COL..][..N_COL];
            row.iter_mut().zip(&self.kernel[cell * N_COL..]).for_each(|(t, k)| *t += *like as f32 * k);
        }
        out
    }

    /// Posterior weights of the cells, sum 1, given what is known of (link, scale) and column without them.
    pub(super) fn down(&self, known: &[f32]) -> Vec<f64> {
        let mut out: Vec<f64> = (0..N_CELL)
            .map(|cell| {
                if self.like[cell] < 1e-12 {
                    return 0.0;
                }
                let row = &known[cell / N_Z * N_COL..][..N_COL];
                let sum: f32 = row.iter().zip(&self.kernel[cell * N_COL..]).map(|(a, b)| a * b).sum();
                self.like[cell] * f64::from(sum)
            })
            .collect();
        let total: f64 = out.iter().sum();
        if total > 0.0 {
            out.iter_mut().for_each(|w| *w /= total);
        } else {
            // Siblings rule out every cell in single precision: the draws alone, then.
            let own: f64 = self.like.iter().sum();
            out.iter_mut().zip(&self.like).for_each(|(w, l)| *w = l / own);
        }
        out
    }
}

/// Density of a link in its own unit.
fn density(link: Link, z: f64) -> f64 {
    match link {
        Link::Logistic => {
            let e = (-z.abs()).exp();
            e / (1.0 + e).powi(2)
        }
        Link::Normal => (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt(),
        Link::Weibull => {
            let hazard = std::f64::consts::LN_2 * z.min(50.0).exp();
            hazard * (-hazard).exp()
        }
    }
}
