//! A hold, believed by both accounts.

use super::draws::{Draws, N_CELL};
use super::meaning::Meaning;
use crate::analysis::posterior::Distribution;
use crate::analysis::posterior::axes::LINKS;

/// Bins of ln(time).
const STEP: f64 = 0.004;

/// The distribution of the acknowledgement time below which a share of presses acknowledge.
#[derive(Clone, Debug)]
pub(super) struct AckShare {
    low: f64,
    /// Cumulated mass at the bins' upper ends.
    sums: Vec<f64>,
}

impl AckShare {
    pub(super) fn new(draws: &Draws, weights: &[f64], share: f64) -> Self {
        let quantiles: Vec<f64> = LINKS.iter().map(|(link, _)| link.quantile(share)).collect();
        // (lower end, upper end, mass) of each cell, whose mass lies evenly over its width.
        let part = |cell: usize| {
            let rise = draws.cell(cell);
            let (at, half) = (rise.x + rise.s * quantiles[rise.link], 0.5 * draws.width(cell));
            (at - half, at + half, weights[cell])
        };
        let parts: Vec<(f64, f64, f64)> = (0..N_CELL).filter(|cell| weights[*cell] > 1e-9).map(part).collect();
        let low = parts.iter().map(|part| part.0).fold(f64::INFINITY, f64::min);
        let high = parts.iter().map(|part| part.1).fold(f64::NEG_INFINITY, f64::max);
        let mut sums = vec![0.0; ((high - low) / STEP).ceil().clamp(1.0, 1e5) as usize + 1];
        for (from, to, mass) in parts {
            let (from, to) = ((from - low) / STEP, (to - low) / STEP);
            let last = (to.ceil() as usize).clamp(from as usize + 1, sums.len());
            for (i, sum) in sums.iter_mut().enumerate().take(last).skip(from as usize) {
                let overlap = (to.min(i as f64 + 1.0) - from.max(i as f64)).max(0.0);
                *sum += mass * overlap / (to - from);
            }
        }
        let mut total = 0.0;
        sums.iter_mut().for_each(|sum| {
            total += *sum;
            *sum = total;
        });
        sums.iter_mut().for_each(|sum| *sum /= total);
        AckShare { low, sums }
    }

    fn below(&self, ln_s: f64) -> f64 {
        let at = (ln_s - self.low) / STEP;
        if at <= 0.0 {
            return 0.0;
        }
        let i = at as usize;
        if i >= self.sums.len() {
            return 1.0;
        }
        let before = if i == 0 { 0.0 } else { self.sums[i - 1] };
        before + (self.sums[i] - before) * (at - i as f64)
    }
}

/// A hold as the resets alone show it, and as the acknowledgements do, by the weights of the two.
#[derive(Clone, Debug)]
pub struct Hold {
    resets: Distribution,
    acks: Option<Shown>,
}

/// A hold as exact links show it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Weight beside the resets.
    pub weight: f64,
    /// Shares of the acknowledgement times that are asked for.
    pub shares: Vec<AckShare>,
    /// (index of the share, meaning, weight); the weights and `none` add to one.
    pub parts: Vec<(usize, Meaning, f64)>,
    /// Weight of links under which no hold does it.
    pub none: f64,
}

impl Hold {
    /// By the resets alone.
    pub fn by_resets(resets: Distribution) -> Self {
        Hold { resets, acks: None }
    }

    pub(super) fn mixed(resets: Distribution, shown: Shown) -> Self {
        Hold { resets, acks: Some(shown) }
    }

    /// Mass at no hold at all.
    pub fn at_none(&self) -> f64 {
        let Some(shown) = &self.acks else { return self.resets.at_none };
        (1.0 - shown.weight) * self.resets.at_none + shown.weight * shown.none
    }

    /// The probability that the hold is shorter than `hold_s` seconds.
    pub fn below(&self, hold_s: f64) -> f64 {
        let resets = self.resets.below(hold_s);
        let Some(Shown { weight, shares, parts, .. }) = &self.acks else { return resets };
        let shown: f64 = parts.iter().map(|(share, meaning, w)| w * shares[*share].below(meaning.ack(hold_s).ln())).sum();
        (1.0 - weight) * resets + weight * shown
    }

    /// The hold (seconds) with `share` of the posterior below it; 0 and infinity are answers.
    pub fn at(&self, share: f64) -> f64 {
        let Some(shown) = &self.acks else { return self.resets.at(share) };
        if share <= (1.0 - shown.weight) * self.resets.at_any {
            return 0.0;
        }
        if share >= 1.0 - self.at_none() {
            return f64::INFINITY;
        }
        let (mut low, mut high) = (-6.0, 12.0);
        for _ in 0..36 {
            let mid: f64 = 0.5 * (low + high);
            if self.below(mid.exp()) < share { low = mid } else { high = mid }
        }
        (0.5 * (low + high)).exp()
    }

    /// The central interval that holds `level` of the posterior.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let tail = 0.5 * (1.0 - level);
        (self.at(tail), self.at(1.0 - tail))
    }
}
