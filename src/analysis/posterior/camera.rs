//! The adapters of one camera together: exact messages on a tree.
//!
//! Root: link, lapse, scale, location and spread of the camera. Leaves: the adapters. Given the root the adapters are independent, so
//! each leaf sends one table up (what its presses say about the root), and gets back the product of the others' (Pearl 1988).

use super::adapter::{Adapter, Press};
use super::axes::*;
use super::marginal::Posterior;
use super::window::Window;

/// Where posterior mass this small begins, the window may end.
const EDGE: f64 = 1e-6;

/// A camera's adapters and what each says about the camera.
#[derive(Clone, Debug)]
pub struct Camera {
    adapters: Vec<Adapter>,
    /// `[row][column]` for each adapter, largest 1; rows as the adapters' but with the camera's lapse and scale.
    up: Vec<Vec<f32>>,
    prior: Vec<f32>,
    to_scale: Vec<[f64; N_SCALE]>,
    to_lapse: Vec<[f64; N_LAPSE]>,
    sharing: bool,
}

impl Camera {
    /// `n` adapters without a press; without `sharing` each stands alone.
    pub fn new(n: usize, sharing: bool) -> Self {
        let prior = (0..N_ROW * N_COL)
            .map(|i| {
                let (link, lapse, _) = parts(i / N_COL);
                let (_, spread) = SPREADS[i % SPREADS.len()];
                ([[0.4, 0.3, 0.3], [0.34, 0.33, 0.33], [0.5, 0.0, 0.5], [0.5, 0.25, 0.25]][env("LP", 0.0) as usize][link] * LAPSES[lapse].1 * spread / (N_SCALE * N_M) as f64) as f32
            })
            .collect();
        Camera {
            adapters: (0..n).map(|_| Adapter::new()).collect(),
            up: vec![vec![1.0; N_ROW * N_COL]; n],
            prior,
            to_scale: scale_kernel(),
            to_lapse: lapse_kernel(),
            sharing,
        }
    }

    /// Presses of adapter `j` so far.
    pub fn presses(&self, j: usize) -> &[Press] {
        &self.adapters[j].data
    }

    /// Takes one press of adapter `j`.
    pub fn tell(&mut self, j: usize, press: Press) {
        self.adapters[j].tell(press);
        self.settle(j);
        if self.sharing {
            self.up[j] = self.message(j);
        }
    }

    /// The posterior of adapter `j`.
    pub fn posterior(&self, j: usize) -> Posterior<'_> {
        let cavity = self.cavity(j);
        self.down(j, &cavity)
    }

    /// What an observation with these probabilities by row of one adapter is for a row of its sibling: through the camera's scale and lapse.
    pub fn echo(&self, by_row: &[f32]) -> Vec<f32> {
        let (mut up, mut back) = (vec![0.0; N_ROW], vec![0.0; N_ROW]);
        self.mix(by_row, &mut up, 1, false);
        self.mix(&up, &mut back, 1, true);
        back
    }

    /// Fits the window to the posterior: narrower where most of it is empty, wide again where mass comes to an end of it.
    fn settle(&mut self, j: usize) {
        for _ in 0..3 {
            let Some((low, high)) = self.posterior(j).support(EDGE) else { return };
            let w = &self.adapters[j].window;
            let whole = Window::bounds();
            let at_edge = (low <= 1 && w.low > whole.0 + 1e-9) || (high + 2 >= N_X && w.high() < whole.1 - 1e-9);
            let (from, to) = (w.x(low), w.x(high));
            let span = to - from;
            let next = if at_edge {
                let span = w.high() - w.low;
                (from - span, to + span)
            } else if span < 0.45 * (w.high() - w.low) && span > 0.0 && w.step > 0.002 {
                (from - 0.3 * span - 0.01, to + 0.3 * span + 0.01)
            } else {
                return;
            };
            let next = Window::new(next.0.max(whole.0), next.1.min(whole.1));
            self.adapters[j] = Adapter::on(next, std::mem::take(&mut self.adapters[j].data));
        }
    }

    /// Prior times what the others say.
    fn cavity(&self, j: usize) -> Vec<f32> {
        let mut out = self.prior.clone();
        if self.sharing {
            for (i, up) in self.up.iter().enumerate() {
                if i != j && !self.adapters[i].data.is_empty() {
                    out.iter_mut().zip(up).for_each(|(a, b)| *a *= b);
                }
            }
        }
        out
    }

    /// What adapter `j` says about the camera.
    fn message(&self, j: usize) -> Vec<f32> {
        let a = &self.adapters[j];
        let mut rows = vec![0.0_f32; N_ROW * N_X];
        self.mix(&a.like, &mut rows, N_X, false);
        let mut out = vec![0.0_f32; N_ROW * N_COL];
        let atoms = (NEVER * a.never + ALWAYS * a.always) as f32;
        let normal = (1.0 - NEVER - ALWAYS) as f32;
        let mut top = 0.0_f32;
        for row in 0..N_ROW {
            let to = &mut out[row * N_COL..(row + 1) * N_COL];
            for x in 0..N_X {
                let w = rows[row * N_X + x] * normal;
                if w > 1e-12 {
                    to.iter_mut().zip(&a.kernel[x * N_COL..(x + 1) * N_COL]).for_each(|(t, k)| *t += w * k);
                }
            }
            to.iter_mut().for_each(|t| *t += atoms);
            top = to.iter().copied().fold(top, f32::max);
        }
        out.iter_mut().for_each(|t| *t /= top);
        out
    }

    /// The posterior of adapter `j` under what the others say.
    fn down(&self, j: usize, cavity: &[f32]) -> Posterior<'_> {
        let a = &self.adapters[j];
        let total: f64 = cavity.iter().map(|w| f64::from(*w)).sum();
        let top = cavity.iter().copied().fold(0.0_f32, f32::max);
        // Columns that matter for any row.
        let mut live: Vec<usize> = Vec::new();
        for c in 0..N_COL {
            if (0..N_ROW).any(|r| cavity[r * N_COL + c] > 1e-6 * top) {
                live.push(c);
            }
        }
        // Location kernel, transposed for the live columns.
        let mut k = vec![0.0_f32; live.len() * N_X];
        for (n, c) in live.iter().enumerate() {
            for x in 0..N_X {
                k[n * N_X + x] = a.kernel[x * N_COL + c];
            }
        }
        let mut rows = vec![0.0_f32; N_ROW * N_X];
        for row in 0..N_ROW {
            let to = &mut rows[row * N_X..(row + 1) * N_X];
            for (n, c) in live.iter().enumerate() {
                let w = cavity[row * N_COL + c];
                if w > 1e-9 * top {
                    to.iter_mut().zip(&k[n * N_X..(n + 1) * N_X]).for_each(|(t, k)| *t += w * k);
                }
            }
        }
        let mut weights = vec![0.0_f32; N_ROW * N_X];
        self.mix(&rows, &mut weights, N_X, true);
        let normal = (1.0 - NEVER - ALWAYS) as f32;
        weights.iter_mut().zip(&a.like).for_each(|(w, l)| *w *= l * normal);
        Posterior::new(&a.window, weights, NEVER * a.never * total, ALWAYS * a.always * total)
    }

    /// Mixes rows by the scale and lapse kernels: from adapter to camera, or (`down`) from camera to adapter.
    fn mix(&self, from: &[f32], to: &mut [f32], n: usize, down: bool) {
        let at = |k: usize, l: usize, s: usize| ((k * N_LAPSE + l) * N_SCALE + s) * n;
        let mut half = vec![0.0_f32; from.len()];
        for k in 0..N_LINK {
            for l in 0..N_LAPSE {
                for (a, b) in (0..N_LAPSE).map(|b| (l, b)) {
                    let w = if down { self.to_lapse[b][a] } else { self.to_lapse[a][b] } as f32;
                    let (src, dst) = (at(k, b, 0), at(k, a, 0));
                    half[dst..dst + N_SCALE * n].iter_mut().zip(&from[src..src + N_SCALE * n]).for_each(|(t, f)| *t += w * f);
                }
                for s in 0..N_SCALE {
                    for b in 0..N_SCALE {
                        let w = if down { self.to_scale[b][s] } else { self.to_scale[s][b] } as f32;
                        let (src, dst) = (at(k, l, b), at(k, l, s));
                        to[dst..dst + n].iter_mut().zip(&half[src..src + n]).for_each(|(t, f)| *t += w * f);
                    }
                }
            }
        }
    }
}
