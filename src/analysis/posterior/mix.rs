//! Between a camera's lapse and scale and those of its adapters.

use super::axes::{N_LAPSE, N_LINK, N_SCALE, lapse_kernel, scale_kernel};

/// Weights this small, of the largest, are passed over.
const NEGLIGIBLE: f32 = 1e-9;

/// Which way a table of rows is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From adapter to camera: what a likelihood of the adapter's rows says about the camera's.
    Up,
    /// From camera to adapter: how mass of the camera's rows spreads over the adapter's.
    Down,
}

/// The two kernels. Links are shared exactly: the shape is the firmware's.
#[derive(Clone, Debug)]
pub(super) struct Mix {
    scale: Vec<[f64; N_SCALE]>,
    lapse: Vec<[f64; N_LAPSE]>,
}

impl Mix {
    pub(super) fn new() -> Self {
        Mix { scale: scale_kernel(), lapse: lapse_kernel() }
    }

    /// `from` has `n` cells a row.
    pub(super) fn apply(&self, from: &[f32], n: usize, way: Way) -> Vec<f32> {
        let at = |link: usize, lapse: usize, scale: usize| ((link * N_LAPSE + lapse) * N_SCALE + scale) * n;
        let mut half = vec![0.0_f32; from.len()];
        let mut to = vec![0.0_f32; from.len()];
        let top = from.iter().copied().fold(0.0_f32, f32::max);
        // Most rows are ruled out after some presses, and need not be carried.
        let live: Vec<bool> = from.chunks(n).map(|row| row.iter().any(|w| *w > NEGLIGIBLE * top)).collect();
        for link in 0..N_LINK {
            for a in 0..N_LAPSE {
                for b in 0..N_LAPSE {
                    if !live[at(link, b, 0) / n..][..N_SCALE].contains(&true) {
                        continue;
                    }
                    let w = if way == Way::Down { self.lapse[b][a] } else { self.lapse[a][b] } as f32;
                    add(&mut half[at(link, a, 0)..][..N_SCALE * n], &from[at(link, b, 0)..], w);
                }
                let live: [bool; N_SCALE] = std::array::from_fn(|b| half[at(link, a, b)..][..n].iter().any(|w| *w > 0.0));
                for s in 0..N_SCALE {
                    for b in (0..N_SCALE).filter(|b| live[*b]) {
                        let w = if way == Way::Down { self.scale[b][s] } else { self.scale[s][b] } as f32;
                        add(&mut to[at(link, a, s)..][..n], &half[at(link, a, b)..], w);
                    }
                }
            }
        }
        to
    }
}

fn add(to: &mut [f32], from: &[f32], weight: f32) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += weight * f);
}
