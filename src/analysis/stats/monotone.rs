//! Does success fall again at longer holds?
//!
//! Likelihood-ratio test of "a longer hold is never worse" (isotonic fit) against free rates per level
//! (Robertson, Wright, Dykstra 1988, Order Restricted Statistical Inference, chapter 2), with the p-value
//! by parametric bootstrap from the isotonic fit (Efron and Tibshirani 1993, An Introduction to the
//! Bootstrap, chapter 16): the chi-bar-square limit law is poor at rates near 0 and 1 with ten presses a level.

use super::dose::{Dose, pool};
use super::isotonic::isotonic_rates;
use super::random::SplitMix;

/// A p-value below this makes a response "not monotone". Strict, since the price is that no hold is given.
pub const FALL_LEVEL: f64 = 0.01;

/// Levels are put together until each has this many presses, so that single presses at many holds
/// (adaptive designs) make levels whose rate means something.
const LEAST_PER_LEVEL: u32 = 5;

/// Simulated experiments.
const DRAWS: u32 = 999;

/// Below this statistic no bootstrap is needed: with one violated order alone the p-value would be 0.05.
const CLEARLY_MONOTONE: f64 = 2.7;

/// The p-value of "success never falls as the hold grows"; 1 where nothing speaks against it.
///
/// `doses` sorted by hold, none empty. Deterministic: the bootstrap has its own generator and fixed seed.
pub fn monotone_p_value(doses: &[Dose]) -> f64 {
    let counts: Vec<(u32, u32)> = levels(doses).iter().map(|d| (d.resets, d.n)).collect();
    let Some((observed, null)) = fall_statistic(&counts) else {
        return 1.0;
    };
    if observed < CLEARLY_MONOTONE {
        return 1.0;
    }
    let mut random = SplitMix::new(0x5eed);
    let mut as_extreme = 0_u32;
    for _ in 0..DRAWS {
        let drawn: Vec<(u32, u32)> = counts.iter().zip(&null).map(|(&(_, n), &rate)| (random.binomial(n, rate), n)).collect();
        as_extreme += u32::from(fall_statistic(&drawn).is_some_and(|(t, _)| t >= observed - 1e-9));
    }
    f64::from(as_extreme + 1) / f64::from(DRAWS + 1)
}

/// The level, as a position in `doses`, at which success is highest before it falls: the split at which a
/// rise up to it and a fall from it on fit best. `None` without doses.
pub fn peak(doses: &[Dose]) -> Option<usize> {
    let counts: Vec<(u32, u32)> = doses.iter().map(|d| (d.resets, d.n)).collect();
    let fit = |split: usize| {
        let up = isotonic_rates(counts.get(..split)?)?;
        let falling: Vec<(u32, u32)> = counts.get(split..)?.iter().rev().copied().collect();
        let mut down = isotonic_rates(&falling)?;
        down.reverse();
        let rates: Vec<f64> = up.into_iter().chain(down).collect();
        let ll = log_likelihood(&counts, &rates);
        // The higher of the two neighbours of the split is the peak.
        let at = if split == rates.len() || (split > 0 && rates[split - 1] >= rates[split]) { split - 1 } else { split };
        Some((at, ll))
    };
    let fits = (1..=counts.len()).filter_map(fit);
    fits.reduce(|a, b| if b.1 > a.1 + 1e-9 { b } else { a }).map(|(at, _)| at)
}

/// Neighbouring levels put together until each has `LEAST_PER_LEVEL` presses.
fn levels(doses: &[Dose]) -> Vec<Dose> {
    let mut levels: Vec<Dose> = Vec::new();
    for &dose in doses {
        match levels.last_mut() {
            Some(last) if last.n < LEAST_PER_LEVEL => *last = pool(&[*last, dose]),
            _ => levels.push(dose),
        }
    }
    if let [.., before, last] = levels.as_mut_slice()
        && last.n < LEAST_PER_LEVEL
    {
        *before = pool(&[*before, *last]);
        levels.pop();
    }
    levels
}

/// Twice the log-likelihood lost by the isotonic fit, and that fit.
fn fall_statistic(counts: &[(u32, u32)]) -> Option<(f64, Vec<f64>)> {
    let isotonic = isotonic_rates(counts)?;
    let free: Vec<f64> = counts.iter().map(|&(k, n)| f64::from(k) / f64::from(n)).collect();
    let lost = log_likelihood(counts, &free) - log_likelihood(counts, &isotonic);
    Some((2.0 * lost.max(0.0), isotonic))
}

fn log_likelihood(counts: &[(u32, u32)], rates: &[f64]) -> f64 {
    let term = |count: u32, rate: f64| if count == 0 { 0.0 } else { f64::from(count) * rate.max(1e-300).ln() };
    counts.iter().zip(rates).map(|(&(k, n), &rate)| term(k, rate) + term(n - k, 1.0 - rate)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doses(resets: &[u32], n: u32) -> Vec<Dose> {
        (1..).zip(resets).map(|(i, &resets)| Dose { hold_s: f64::from(i), resets, n }).collect()
    }

    #[test]
    fn a_clear_window_is_seen_and_noise_is_not() {
        assert!(monotone_p_value(&doses(&[0, 0, 10, 10, 10, 4, 1], 10)) < FALL_LEVEL);
        assert!(monotone_p_value(&doses(&[0, 0, 10, 10, 10, 10, 5], 10)) < FALL_LEVEL);
        assert!(monotone_p_value(&doses(&[0, 0, 10, 9, 10, 10, 8], 10)) > FALL_LEVEL);
        assert!(monotone_p_value(&doses(&[0, 1, 0, 9, 10, 10, 10], 10)) > FALL_LEVEL);
        assert_eq!(monotone_p_value(&doses(&[0, 2, 5, 10], 10)), 1.0);
        assert_eq!(monotone_p_value(&[]), 1.0);
    }

    #[test]
    fn false_alarms_are_rare() {
        // A plateau at 0.8 is the worst case: every order at the top is a coin toss.
        let mut random = SplitMix::new(1);
        let alarms = (0..400)
            .filter(|_| {
                let resets: Vec<u32> = [0.0, 0.1, 0.8, 0.8, 0.8, 0.8, 0.8].iter().map(|&p| random.binomial(10, p)).collect();
                monotone_p_value(&doses(&resets, 10)) < FALL_LEVEL
            })
            .count();
        // Four expected; twelve or more has a probability of 0.001 at the level of 0.01.
        assert!(alarms < 12, "{alarms} of 400");
    }

    #[test]
    fn single_presses_are_put_together() {
        let singles = doses(&[0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], 1);
        assert_eq!(levels(&singles).iter().map(|d| d.n).collect::<Vec<_>>(), [5, 5, 9]);
        assert!(monotone_p_value(&singles) < 0.05);
    }

    #[test]
    fn the_peak_is_where_the_fall_begins() {
        assert_eq!(peak(&doses(&[0, 0, 8, 10, 9, 3, 0], 10)), Some(3));
        assert_eq!(peak(&doses(&[0, 5, 10], 10)), Some(2));
        assert_eq!(peak(&doses(&[10, 5, 0], 10)), Some(0));
        assert_eq!(peak(&[]), None);
    }
}
