//! The posterior of one adapter, and what is read from it.

use super::axes::*;
use super::window::{Window, spread};

/// Weights over (row, location), not normalised, with the two states beside them.
#[derive(Clone, Debug)]
pub struct Posterior<'a> {
    pub window: &'a Window,
    /// `[row][x]`, sum 1 together with the two states.
    pub weights: Vec<f32>,
    pub never: f64,
    pub always: f64,
    /// Summed over lapses: `[(link, scale)][x]`.
    pub collapsed: Vec<f32>,
}

impl<'a> Posterior<'a> {
    pub(super) fn new(window: &'a Window, mut weights: Vec<f32>, never: f64, always: f64) -> Self {
        let total = weights.chunks(N_X).map(|r| f64::from(r.iter().sum::<f32>())).sum::<f64>() + never + always;
        let by = (1.0 / total) as f32;
        weights.iter_mut().for_each(|w| *w *= by);
        let mut collapsed = vec![0.0_f32; N_LINK * N_SCALE * N_X];
        for row in 0..N_ROW {
            let (k, _, s) = parts(row);
            let ks = k * N_SCALE + s;
            collapsed[ks * N_X..(ks + 1) * N_X].iter_mut().zip(&weights[row * N_X..]).for_each(|(t, w)| *t += w);
        }
        Posterior { window, weights, never: never / total, always: always / total, collapsed }
    }

    /// First and last location index outside which there is less than `edge` of the mass on either side.
    pub(super) fn support(&self, edge: f64) -> Option<(usize, usize)> {
        let mut by_x = [0.0_f64; N_X];
        for part in self.collapsed.chunks(N_X) {
            by_x.iter_mut().zip(part).for_each(|(t, w)| *t += f64::from(*w));
        }
        let total: f64 = by_x.iter().sum();
        if total < 0.5 {
            return None;
        }
        let cut = |from_above: bool| {
            let mut sum = 0.0;
            (0..N_X).map(|i| if from_above { N_X - 1 - i } else { i }).find(|i| {
                sum += by_x[*i];
                sum > edge * total
            })
        };
        Some((cut(false)?, cut(true)?))
    }

    /// The hold (seconds) with `share` of the posterior of "`q` of the way from floor to plateau" below it; 0 and infinity are answers.
    pub fn hold(&self, q: f64, share: f64) -> f64 {
        if share <= self.always {
            return 0.0;
        }
        if share >= 1.0 - self.never {
            return f64::INFINITY;
        }
        let cumulated: Vec<[f64; N_X]> = self
            .collapsed
            .chunks(N_X)
            .map(|part| {
                let mut sum = 0.0;
                std::array::from_fn(|x| {
                    sum += f64::from(part[x]);
                    sum
                })
            })
            .collect();
        let offsets: Vec<f64> = (0..N_LINK * N_SCALE).map(|ks| spread(ks) * LINKS[ks / N_SCALE].0.quantile(q)).collect();
        let w = self.window;
        let below = |t: f64| {
            let mut sum = self.always;
            for (cells, offset) in cumulated.iter().zip(&offsets) {
                // Each cell's mass lies evenly over its width.
                let at = (t - offset - w.low) / w.step + 0.5;
                if at >= N_X as f64 {
                    sum += cells[N_X - 1];
                } else if at > 0.0 {
                    let i = at as usize;
                    let before = if i == 0 { 0.0 } else { cells[i - 1] };
                    sum += before + (cells[i] - before) * (at - i as f64);
                }
            }
            sum
        };
        let (mut low, mut high) = (w.low - 3.0, w.high() + 3.0);
        for _ in 0..30 {
            let mid = 0.5 * (low + high);
            if below(mid) < share { low = mid } else { high = mid }
        }
        (0.5 * (low + high)).exp()
    }
}
