//! The width of an interval, and by how much a press is expected to make it smaller.

use super::scan::Scan;
use crate::analysis::posterior::axes::{GUESS, N_SHAPE, N_X};

/// Posterior mass beyond each end of the interval.
pub(super) const TAIL: f64 = 0.025;

/// The posterior of ln(hold at a share) in bins of the window's step.
pub(super) struct Width<'a> {
    scan: &'a Scan<'a>,
    /// (link, scale) with its shift: each is moved by its own offset, split between two neighbouring bins.
    live: Vec<(usize, usize, f32)>,
    whole: Vec<f32>,
    now: f64,
}

impl<'a> Width<'a> {
    pub(super) fn new(scan: &'a Scan<'a>, q: f64) -> Self {
        let steps = |shape: usize| Scan::offset(shape, q) / scan.post.window.step;
        let least = (0..N_SHAPE).map(steps).fold(f64::INFINITY, f64::min).floor();
        let live: Vec<(usize, usize, f32)> = (0..N_SHAPE)
            .filter(|shape| scan.weights(*shape).iter().sum::<f32>() > 1e-6)
            .map(|shape| (shape, steps(shape) - least))
            .map(|(shape, by)| (shape, by as usize, (by - by.floor()) as f32))
            .collect();
        let bins = N_X + live.iter().map(|(_, by, _)| *by).max().unwrap_or(0) + 2;
        let mut whole = vec![0.0_f32; bins];
        for &(shape, by, part) in &live {
            add(&mut whole[by..], scan.weights(shape), part);
        }
        let now = width(&whole);
        Width { scan, live, whole, now }
    }

    /// Expected drop of ln(width) by a press of lattice hold `hold`.
    pub(super) fn log_drop(&self, hold: usize) -> f64 {
        let mut reset: Vec<f32> = self.whole.iter().map(|w| GUESS as f32 * w).collect();
        let mut product = [0.0_f32; N_X];
        for &(shape, by, part) in &self.live {
            let rise = self.scan.post.window.rise(shape, hold);
            product.iter_mut().zip(self.scan.rising(shape).iter().zip(rise)).for_each(|(t, (w, f))| *t = w * f);
            add(&mut reset[by..], &product, part);
        }
        let quiet: Vec<f32> = self.whole.iter().zip(&reset).map(|(w, r)| (w - r).max(0.0)).collect();
        let total: f32 = self.whole.iter().sum();
        let p = f64::from(reset.iter().sum::<f32>() / total);
        self.now.ln() - p * width(&reset).ln() - (1.0 - p) * width(&quiet).ln()
    }
}

fn add(to: &mut [f32], weights: &[f32], part: f32) {
    to[..N_X].iter_mut().zip(weights).for_each(|(t, w)| *t += w * (1.0 - part));
    to[1..=N_X].iter_mut().zip(weights).for_each(|(t, w)| *t += w * part);
}

/// Width between the two ends of the interval, in bins; at least half a bin.
fn width(bins: &[f32]) -> f64 {
    let total: f64 = bins.iter().map(|w| f64::from(*w)).sum();
    let cut = |backwards: bool| {
        let mut sum = 0.0;
        for n in 0..bins.len() {
            let w = f64::from(bins[if backwards { bins.len() - 1 - n } else { n }]);
            if sum + w >= TAIL * total {
                return n as f64 + (TAIL * total - sum) / w.max(1e-30);
            }
            sum += w;
        }
        bins.len() as f64
    };
    (bins.len() as f64 - cut(false) - cut(true)).max(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_distribution_has_95_percent_of_its_bins_between_the_ends() {
        assert!((width(&[1.0; 100]) - 95.0).abs() < 1e-6);
        assert!((width(&[0.0, 0.0, 1.0, 0.0]) - 0.95).abs() < 1e-6, "within one bin, by interpolation");
    }
}
