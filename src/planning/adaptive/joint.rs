//! What a press of one adapter is expected to teach about its siblings as well.

use super::criterion::dot;
use crate::analysis::posterior::axes::*;
use crate::analysis::posterior::{Camera, Posterior, spread};

/// What a sibling's interval owes to each row: weight, mean, second moment of ln hold_q (about the sibling's mean).
pub struct Sibling {
    rows: Vec<[f32; 3]>,
    variance: f64,
}

impl Sibling {
    pub fn new(post: &Posterior<'_>, q: f64) -> Self {
        let (mean, variance) = super::criterion::moments(post, q);
        let rows = (0..N_ROW)
            .map(|row| {
                let (k, _, s) = parts(row);
                let offset = spread(k * N_SCALE + s) * LINKS[k].0.quantile(q) + post.window.low - mean;
                let mut sums = [0.0_f32; 3];
                for (x, w) in post.weights[row * N_X..(row + 1) * N_X].iter().enumerate() {
                    let t = (offset + post.window.step * x as f64) as f32;
                    sums[0] += w;
                    sums[1] += w * t;
                    sums[2] += w * t * t;
                }
                sums
            })
            .collect();
        Sibling { rows, variance }
    }

    /// Expected drop of ln Var, given the probability of a reset for each of its rows.
    fn drop(&self, factor: &[f32]) -> f64 {
        let (mut all, mut up) = ([0.0_f64; 3], [0.0_f64; 3]);
        for (row, f) in self.rows.iter().zip(factor) {
            for k in 0..3 {
                all[k] += f64::from(row[k]);
                up[k] += f64::from(row[k] * f);
            }
        }
        let variance = |s: [f64; 3]| (s[2] / s[0] - (s[1] / s[0]).powi(2)).max(1e-9);
        let p = up[0] / all[0];
        let down = [all[0] - up[0], all[1] - up[1], all[2] - up[2]];
        self.variance.ln() - p * variance(up).ln() - (1.0 - p) * variance(down).ln()
    }
}

/// Sum over the siblings of the expected drop of ln Var(ln hold_q), for each candidate of `post`.
pub fn siblings_drop(camera: &Camera, post: &Posterior<'_>, siblings: &[Sibling], holds: &[usize]) -> Vec<f64> {
    let total: Vec<f32> = post.weights.chunks(N_X).map(|r| r.iter().sum()).collect();
    let ones = camera.echo(&vec![1.0; N_ROW]);
    holds
        .iter()
        .map(|&h| {
            let mut by_row = vec![0.0_f32; N_ROW];
            for row in 0..N_ROW {
                let (k, l, s) = parts(row);
                let f = post.window.rise(k * N_SCALE + s, h);
                let mean = if total[row] > 1e-12 {
                    dot(&post.weights[row * N_X..(row + 1) * N_X], f) / total[row]
                } else {
                    0.5
                };
                by_row[row] = (GUESS + (1.0 - GUESS - LAPSES[l].0) * f64::from(mean)) as f32;
            }
            let factor: Vec<f32> = camera.echo(&by_row).iter().zip(&ones).map(|(f, one)| f / one).collect();
            siblings.iter().map(|s| s.drop(&factor)).sum()
        })
        .collect()
}
