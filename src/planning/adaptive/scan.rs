//! Sums over a posterior that every criterion needs, hold by hold.

use crate::analysis::posterior::Posterior;
use crate::analysis::posterior::axes::{GUESS, LAPSES, LINKS, N_ROW, N_SCALE, N_SHAPE, N_X, parts, shape};
use crate::analysis::posterior::spread;

/// Weights by (link, scale) and location, lapses summed out.
pub(super) struct Scan<'a> {
    pub post: &'a Posterior<'a>,
    /// Weight times (1 - guess - lapse): the share of presses that follow the rise.
    pub rising: Vec<f32>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(post: &'a Posterior<'a>) -> Self {
        let mut rising = vec![0.0_f32; N_SHAPE * N_X];
        for row in 0..N_ROW {
            let by = (1.0 - GUESS - LAPSES[parts(row).1].0) as f32;
            let to = &mut rising[shape(row) * N_X..][..N_X];
            to.iter_mut().zip(&post.weights[row * N_X..]).for_each(|(t, w)| *t += by * w);
        }
        Scan { post, rising }
    }

    /// Weights of one (link, scale).
    pub(super) fn weights(&self, shape: usize) -> &[f32] {
        &self.post.collapsed[shape * N_X..][..N_X]
    }

    /// Rising weights of one (link, scale).
    pub(super) fn rising(&self, shape: usize) -> &[f32] {
        &self.rising[shape * N_X..][..N_X]
    }

    /// Distance of the hold at share `q` from the location, ln seconds.
    pub(super) fn offset(shape: usize, q: f64) -> f64 {
        spread(shape) * LINKS[shape / N_SCALE].0.quantile(q)
    }
}

/// Mean and variance of ln(hold at share `q`), given that the adapter has one.
pub(super) fn moments(post: &Posterior<'_>, q: f64) -> (f64, f64) {
    let (mut n, mut s1, mut s2) = (0.0, 0.0, 0.0);
    for (shape, part) in post.collapsed.chunks(N_X).enumerate() {
        let offset = Scan::offset(shape, q) + post.window.low;
        for (x, w) in part.iter().enumerate() {
            let (w, t) = (f64::from(*w), offset + post.window.step * x as f64);
            n += w;
            s1 += w * t;
            s2 += w * t * t;
        }
    }
    (s1 / n, (s2 / n - (s1 / n).powi(2)).max(1e-12))
}

/// In eight sums, which the compiler makes vector instructions of.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            sum[k] += a[k] * b[k];
        }
    }
    sum.iter().sum()
}
