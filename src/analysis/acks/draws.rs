//! Acknowledgement times of one adapter as draws from a distribution of their own.
//!
//! `A = exp(x + s Z)` with `Z` of one of the links. An exact draw needs a far finer lattice of locations than an answer of yes or no, and
//! a finer one the smaller the scale: locations stand in units of the scale about the median acknowledgement.

use super::Heard;
use super::near::Near;
use super::rise::Rise;
use crate::analysis::posterior::axes::{LINKS, N_COL, N_LINK, SCALE_RANGE, SPREADS, UNIT, camera_x};
use crate::analysis::stats::link::Link;
use std::sync::LazyLock;

/// Locations for each (link, scale).
pub(super) const N_Z: usize = 21;
/// Cells: (link, scale, location), location fastest.
pub(super) const N_CELL: usize = N_SHAPE * N_Z;
/// Scales of an adapter: twice as fine as the camera's, since a score of exact draws tells them apart.
pub(super) const N_OWN: usize = 35;
/// (link, scale) of an adapter.
const N_SHAPE: usize = N_LINK * N_OWN;
/// Acknowledgements that come from nowhere, even in ln(time): an assumption.
const STRAY: f64 = 2e-3;
/// Likelihoods this small, of the largest, are passed over.
const NEGLIGIBLE: f64 = 1e-9;
/// No later press makes a cell of this likelihood count again.
const RULED_OUT: f64 = 1e-16;
const RANGE_LN: f64 = 6.5;

/// The likelihood of one adapter's acknowledgement times.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    centre: f64,
    half: f64,
    /// `[cell]`, largest 1, times the cell's width.
    pub(super) like: Vec<f64>,
    /// `P(location | camera's column)`, `[cell][column]`, which is never 0; of cells that count.
    kernel: Vec<f32>,
}

impl Draws {
    /// On a lattice that fits these presses, of which at least one was acknowledged; none is taken yet.
    pub(super) fn around(presses: &[Heard]) -> Self {
        let mut seen: Vec<f64> = presses.iter().filter_map(|press| press.ack_s).map(f64::ln).collect();
        seen.sort_unstable_by(f64::total_cmp);
        let n = seen.len();
        let centre = 0.5 * (seen[(n - 1) / 2] + seen[n / 2]);
        let half = 7.0 / (n as f64).sqrt() + 0.4;
        let mut draws = Draws { centre, half, like: Vec::new(), kernel: vec![0.0; N_CELL * N_COL] };
        draws.like = (0..N_CELL).map(|cell| draws.width(cell)).collect();
        draws
    }

    /// Takes presses; `unseen` gives the likelihood of one that was not acknowledged, as a function of the times' distribution.
    pub(super) fn take<L: Fn(&Rise) -> f64>(&mut self, presses: &[Heard], near: &Near, unseen: impl Fn(&Heard) -> L) {
        let live = (0..N_CELL).filter(|cell| self.like[*cell] > 0.0);
        let mut live: Vec<(usize, Rise)> = live.map(|cell| (cell, self.cell(cell))).collect();
        for press in presses {
            let mut top = 0.0_f64;
            let ack = press.ack_s.map(f64::ln);
            let unseen = unseen(press);
            for (cell, rise) in &live {
                let p = match ack {
                    Some(ack) => (1.0 - STRAY) * density(rise, ack) + STRAY / RANGE_LN,
                    None => unseen(rise),
                };
                self.like[*cell] *= p;
                top = top.max(self.like[*cell]);
            }
            live.retain(|(cell, _)| {
                self.like[*cell] /= top;
                let counts = self.like[*cell] >= RULED_OUT;
                if !counts {
                    self.like[*cell] = 0.0;
                }
                counts
            });
        }
        for (cell, rise) in live {
            if self.like[cell] > NEGLIGIBLE {
                self.reach(cell, rise.x, near);
            }
        }
    }

    /// The distribution that a cell stands for.
    pub(super) fn cell(&self, cell: usize) -> Rise {
        let (shape, z) = (cell / N_Z, cell % N_Z);
        let s = SPREADS_OWN[shape];
        let zeta = 2.0 * z as f64 / (N_Z - 1) as f64 - 1.0;
        Rise { link: shape / N_OWN, x: self.centre + self.half * zeta * s, s }
    }

    /// Width of a cell in ln(time).
    pub(super) fn width(&self, cell: usize) -> f64 {
        SPREADS_OWN[cell / N_Z] * self.half * 2.0 / (N_Z - 1) as f64
    }

    /// Fills the kernel of a cell at `x`, once.
    fn reach(&mut self, cell: usize, x: f64, near: &Near) {
        let row = &mut self.kernel[cell * N_COL..][..N_COL];
        if row[0] > 0.0 {
            return;
        }
        for (m, row) in row.chunks_mut(SPREADS.len()).enumerate() {
            let d = x - camera_x(m);
            row.iter_mut().enumerate().for_each(|(spread, k)| *k = near.density(spread, d));
        }
    }

    /// What the draws say about (link, scale) and the camera's column: `[shape][column]`.
    pub(super) fn up(&self) -> Vec<f32> {
        let mut out = vec![0.0_f32; N_SHAPE * N_COL];
        for (cell, like) in self.like.iter().enumerate().filter(|(_, like)| **like > NEGLIGIBLE) {
            let row = &mut out[cell / N_Z * N_COL..][..N_COL];
            row.iter_mut().zip(&self.kernel[cell * N_COL..]).for_each(|(t, k)| *t += *like as f32 * k);
        }
        out
    }

    /// Posterior weights of the cells, sum 1, given what is known of (link, scale) and column without them.
    pub(super) fn down(&self, known: &[f32]) -> Vec<f64> {
        let (known, kernel) = (known.as_chunks::<N_COL>().0, self.kernel.as_chunks::<N_COL>().0);
        let live: Vec<usize> = (0..N_CELL).filter(|cell| self.like[*cell] > NEGLIGIBLE).collect();
        let mut out = vec![0.0; N_CELL];
        // Each sum waits for its last addition, so four are made at once.
        let (fours, rest) = live.as_chunks::<4>();
        for cells in fours {
            let [known_a, known_b, known_c, known_d] = cells.map(|cell| &known[cell / N_Z]);
            let [a, b, c, d] = cells.map(|cell| &kernel[cell]);
            let mut sums = [0.0_f32; 4];
            for column in 0..N_COL {
                sums[0] += known_a[column] * a[column];
                sums[1] += known_b[column] * b[column];
                sums[2] += known_c[column] * c[column];
                sums[3] += known_d[column] * d[column];
            }
            cells.iter().zip(sums).for_each(|(cell, sum)| out[*cell] = self.like[*cell] * f64::from(sum));
        }
        for cell in rest {
            let sum: f32 = known[cell / N_Z].iter().zip(&kernel[*cell]).map(|(a, b)| a * b).sum();
            out[*cell] = self.like[*cell] * f64::from(sum);
        }
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

/// The scale of each (link, scale) index in the link's own unit.
static SPREADS_OWN: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let (low, high) = SCALE_RANGE;
    let spread = |shape: usize| UNIT[shape / N_OWN] * low * (high / low).powf((shape % N_OWN) as f64 / (N_OWN - 1) as f64);
    (0..N_SHAPE).map(spread).collect()
});

/// Density at `ln_s`.
fn density(rise: &Rise, ln_s: f64) -> f64 {
    let z = (ln_s - rise.x) / rise.s;
    let own = match LINKS[rise.link].0 {
        Link::Logistic => {
            let e = (-z.abs()).exp();
            e / (1.0 + e).powi(2)
        }
        Link::Normal => (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt(),
        Link::Weibull => {
            let hazard = std::f64::consts::LN_2 * z.min(50.0).exp();
            hazard * (-hazard).exp()
        }
    };
    own / rise.s
}
