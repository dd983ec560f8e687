//! What acknowledgement times of one camera's adapters tell each other: the same tree as that of the resets, without lapses.

use super::draws::{Draws, N_OWN};
use crate::analysis::posterior::axes::{LINKS, N_COL, N_M, N_SCALE, N_SHAPE, SPREADS, scale_kernel};

/// Root and kernels.
#[derive(Clone, Debug)]
pub(super) struct Share {
    scales: Vec<[f64; N_OWN]>,
    root: Vec<f32>,
}

impl Share {
    pub(super) fn new() -> Self {
        let root = (0..N_SHAPE * N_COL)
            .map(|i| (LINKS[i / N_COL / N_SCALE].1 * SPREADS[i % SPREADS.len()].1 / (N_SCALE * N_M) as f64) as f32)
            .collect();
        Share { scales: scale_kernel(), root }
    }

    /// What an adapter says about the camera: `[(link, camera's scale)][column]`, largest 1.
    pub(super) fn up(&self, draws: &Draws) -> Vec<f32> {
        let mut out = mix(&draws.up(), (N_SCALE, N_OWN), |camera, own| self.scales[camera][own]);
        let top = out.iter().copied().fold(0.0_f32, f32::max).max(f32::MIN_POSITIVE);
        out.iter_mut().for_each(|w| *w /= top);
        out
    }

    /// What is known of an adapter's (link, scale) and column, given what its siblings said.
    pub(super) fn known<'a>(&self, siblings: impl Iterator<Item = &'a Vec<f32>>) -> Vec<f32> {
        let mut root = self.root.clone();
        for up in siblings {
            root.iter_mut().zip(up).for_each(|(a, b)| *a *= b);
            let top = root.iter().copied().fold(0.0_f32, f32::max).max(f32::MIN_POSITIVE);
            root.iter_mut().for_each(|w| *w /= top);
        }
        mix(&root, (N_OWN, N_SCALE), |own, camera| self.scales[camera][own])
    }
}

/// `[(link, b)][column]` carried to `[(link, a)][column]`, for `(a, b)` scales.
fn mix(from: &[f32], (to_scales, from_scales): (usize, usize), weight: impl Fn(usize, usize) -> f64) -> Vec<f32> {
    let mut to = vec![0.0_f32; LINKS.len() * to_scales * N_COL];
    for link in 0..LINKS.len() {
        for a in 0..to_scales {
            let out = &mut to[(link * to_scales + a) * N_COL..][..N_COL];
            for b in 0..from_scales {
                let w = weight(a, b) as f32;
                let row = &from[(link * from_scales + b) * N_COL..][..N_COL];
                if w > 1e-7 && row.iter().any(|f| *f > 0.0) {
                    out.iter_mut().zip(row).for_each(|(t, f)| *t += w * f);
                }
            }
        }
    }
    to
}
