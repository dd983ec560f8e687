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

/// Adds all weighted rows, in their order, four at a time: sums stay in registers, which is most of a decision's time.
pub(super) fn add_all<'a>(to: &mut [f32], rows: impl Iterator<Item = (f32, &'a [f32])>) {
    let n = to.len();
    let mut kept = Vec::with_capacity(rows.size_hint().1.unwrap_or(0));
    kept.extend(rows);
    let (fours, rest) = kept.as_chunks::<4>();
    for [(a, row_a), (b, row_b), (c, row_c), (d, row_d)] in fours {
        let rows = row_a[..n].iter().zip(&row_b[..n]).zip(row_c[..n].iter().zip(&row_d[..n]));
        for (t, ((ka, kb), (kc, kd))) in to.iter_mut().zip(rows) {
            *t = (((*t + a * ka) + b * kb) + c * kc) + d * kd;
        }
    }
    for (w, row) in rest {
        add(to, row, *w);
    }
}
