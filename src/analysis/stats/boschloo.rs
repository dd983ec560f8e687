//! Boschloo's exact test of two rates, and the difference that it can see.
//!
//! Fisher's test fixes the sum of the successes, which nobody fixed, and so keeps far under its level. Boschloo (1970), Statistica
//! Neerlandica 24, 1-35, takes Fisher's p-value as the measure of how unusual a table is, and gives as p-value the probability of a table at
//! least as unusual, at the common rate that makes it largest. It is exact as well, and never larger than Fisher's.

use super::dist::{normal_quantile, two_sided_z};
use super::two_rates::{Counts, Split, fisher};

/// Up to so many trials in both samples together the test is Boschloo's; above it is Fisher's, which then differs by less than it matters
/// and takes a fraction of the time. Which one it is follows from the numbers of trials alone, never from what they showed.
pub const LARGEST: u32 = 2000;

/// The probability with which a difference called detectable is found.
pub const POWER: f64 = 0.8;

/// Rounding of p-values that are compared with each other.
const SLACK: f64 = 1.0 + 1e-9;

/// The test for two samples of given size.
#[derive(Clone, Debug)]
pub struct ExactTest {
    n: (u32, u32),
    /// For each sum of successes Fisher's p-values, ascending; empty above [`LARGEST`].
    attainable: Vec<Vec<f64>>,
}

impl ExactTest {
    /// The test for samples of `n1` and `n2` trials; `None` where one is empty. The order does not matter.
    pub fn new(n1: u32, n2: u32) -> Option<Self> {
        if n1 == 0 || n2 == 0 {
            return None;
        }
        let n = (n1.min(n2), n1.max(n2));
        let all = n1.checked_add(n2).filter(|all| *all <= LARGEST);
        let attainable = all.map_or_else(Vec::new, |all| (0..=all).map(|sum| Split::new(n.0, n.1, sum).p_values()).collect());
        Some(Self { n, attainable })
    }

    /// Two-sided p-value of "both rates are equal"; `None` for counts that are not of this test's sizes.
    pub fn p_value(&self, a: Counts, b: Counts) -> Option<f64> {
        if (a.n.min(b.n), a.n.max(b.n)) != self.n {
            return None;
        }
        let conditional = fisher(a, b)?;
        Some(if self.attainable.is_empty() { conditional } else { self.level(conditional).min(conditional) })
    }

    /// The largest probability, over all common rates, of a table whose Fisher p-value is at most `cut`.
    fn level(&self, cut: f64) -> f64 {
        let share = |p_values: &Vec<f64>| {
            let within = p_values.partition_point(|&p| p <= cut * SLACK);
            within.checked_sub(1).map_or(0.0, |last| p_values[last])
        };
        largest_mean(&self.attainable.iter().map(share).collect::<Vec<f64>>())
    }

    /// The smallest difference of the true rates that this test finds with probability [`POWER`] in either direction at level `alpha`, where
    /// both samples together succeed at `rate`; to a thousandth. `None` where no difference at all would be found so often.
    ///
    /// Exact up to [`LARGEST`] trials. Above it comes from the normal approximation of the arcsine of the root (Cohen 1988, Statistical Power
    /// Analysis for the Behavioral Sciences, section 6.2).
    pub fn detectable(&self, rate: f64, alpha: f64) -> Option<f64> {
        if self.attainable.is_empty() {
            return Some(self.by_arcsine(rate, alpha));
        }
        let region = self.region(alpha);
        let found = |thousandths: u32| {
            let both = [1.0, -1.0].map(|sign| self.rates(rate, sign * 1e-3 * f64::from(thousandths)));
            both.iter().all(|(p1, p2)| self.power(&region, *p1, *p2) >= POWER)
        };
        if !found(1000) {
            return None;
        }
        let (mut missed, mut seen) = (0, 1000);
        while seen - missed > 1 {
            let middle = (missed + seen) / 2;
            if found(middle) { seen = middle } else { missed = middle }
        }
        Some(1e-3 * f64::from(seen))
    }

    /// Two rates `difference` apart whose mean over all trials is `rate`, or as near to it as 0 and 1 allow.
    fn rates(&self, rate: f64, difference: f64) -> (f64, f64) {
        let (n1, n2) = (f64::from(self.n.0), f64::from(self.n.1));
        let low = rate - difference * n2 / (n1 + n2);
        let first = low.clamp((-difference).max(0.0), (1.0 - difference).min(1.0));
        (first, (first + difference).clamp(0.0, 1.0))
    }

    /// For each number of successes of the first sample, which of the second are unusual at level `alpha`.
    fn region(&self, alpha: f64) -> Vec<Vec<bool>> {
        let cut = self.cut(alpha);
        let (n1, n2) = self.n;
        let mut region = vec![vec![false; n2 as usize + 1]; n1 as usize + 1];
        for sum in 0..=n1 + n2 {
            let split = Split::new(n1, n2, sum);
            for (k1, &p) in (split.first..).zip(&split.pmf) {
                region[k1 as usize][(sum - k1) as usize] = split.p_of(p) <= cut * SLACK;
            }
        }
        region
    }

    /// The largest of Fisher's p-values that Boschloo's test calls unusual at level `alpha`; below all of them for none.
    fn cut(&self, alpha: f64) -> f64 {
        let mut all: Vec<f64> = self.attainable.iter().flatten().copied().collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        let within = all.partition_point(|&p| self.level(p) <= alpha);
        within.checked_sub(1).map_or(-1.0, |last| all[last])
    }

    fn power(&self, region: &[Vec<bool>], p1: f64, p2: f64) -> f64 {
        let (first, second) = (binomial(self.n.0, p1), binomial(self.n.1, p2));
        let of_row = |row: &Vec<bool>| row.iter().zip(&second).filter(|(unusual, _)| **unusual).map(|(_, p)| p).sum::<f64>();
        // Outcomes rarer than this add nothing to a probability of four fifths.
        first.iter().zip(region).filter(|(p, _)| **p > 1e-9).map(|(p, row)| p * of_row(row)).sum()
    }

    fn by_arcsine(&self, rate: f64, alpha: f64) -> f64 {
        let (n1, n2) = (f64::from(self.n.0), f64::from(self.n.1));
        let apart = (two_sided_z(1.0 - alpha) + normal_quantile(POWER)) * (1.0 / n1 + 1.0 / n2).sqrt();
        let quarter = std::f64::consts::FRAC_PI_2;
        let middle = rate
            .clamp(0.0, 1.0)
            .sqrt()
            .asin()
            .clamp((0.25 * apart).min(0.5 * quarter), quarter - (0.25 * apart).min(0.5 * quarter));
        let end = |angle: f64| angle.clamp(0.0, quarter).sin().powi(2);
        end(middle + 0.25 * apart) - end(middle - 0.25 * apart)
    }
}

/// The binomial probabilities of 0 to `n` successes.
fn binomial(n: u32, p: f64) -> Vec<f64> {
    let mut pmf = vec![0.0; n as usize + 1];
    if p <= 0.0 || p >= 1.0 {
        pmf[if p <= 0.0 { 0 } else { n as usize }] = 1.0;
        return pmf;
    }
    let mode = ((f64::from(n) + 1.0) * p).floor().min(f64::from(n)) as usize;
    let odds = p / (1.0 - p);
    let up = |k: usize| (f64::from(n) - k as f64) / (k as f64 + 1.0) * odds;
    pmf[mode] = 1.0;
    for k in mode..n as usize {
        pmf[k + 1] = pmf[k] * up(k);
        if pmf[k + 1] < 1e-30 {
            break;
        }
    }
    for k in (0..mode).rev() {
        pmf[k] = pmf[k + 1] / up(k);
        if pmf[k] < 1e-30 {
            break;
        }
    }
    let sum: f64 = pmf.iter().sum();
    pmf.iter_mut().for_each(|term| *term /= sum);
    pmf
}

/// The largest mean of `shares` over all binomial distributions of 0 to `shares.len() - 1`.
///
/// In the angle whose squared sine is the rate every such distribution is at least `1 / (2 sqrt(n))` wide, so the mean cannot rise and fall
/// within the sixteenth part of `1 / sqrt(n)`, at which it is looked at; around the best place it is followed up.
pub(super) fn largest_mean(shares: &[f64]) -> f64 {
    let n = shares.len() as u32 - 1;
    let mean = |angle: f64| binomial(n, angle.sin().powi(2)).iter().zip(shares).map(|(p, share)| p * share).sum::<f64>();
    let quarter = std::f64::consts::FRAC_PI_2;
    let steps = (16.0 * quarter * f64::from(n).sqrt()).ceil().max(32.0);
    let step = quarter / steps;
    let angles = (0..=steps as u32).map(|i| f64::from(i) * step);
    let (mut best, mut at) = (0.0, 0.0);
    for angle in angles {
        let here = mean(angle);
        if here > best {
            (best, at) = (here, angle);
        }
    }
    // Golden section within one step to either side.
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let (mut lo, mut hi) = ((at - step).max(0.0), (at + step).min(quarter));
    for _ in 0..40 {
        let (left, right) = (hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo));
        let (at_left, at_right) = (mean(left), mean(right));
        best = best.max(at_left).max(at_right);
        if at_left < at_right { lo = left } else { hi = right }
    }
    best.min(1.0)
}

#[cfg(test)]
mod tests;
