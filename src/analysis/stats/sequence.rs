//! An interval that may be looked at after every trial.
//!
//! A Wilson or Clopper-Pearson interval keeps its promise at a number of trials that was fixed before. Who watches and stops when it pleases
//! needs one that holds at every moment at once.

use super::dist::is_level;
use super::interval::Interval;
use statrs::function::beta::ln_beta;

/// Confidence sequence for a rate: with probability `confidence` the true rate lies within it after every single trial.
///
/// Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409, with a uniform mixture: all rates `p` at which the mixture's likelihood is
/// less than `1 / (1 - confidence)` times that of `p`; then Ville's inequality.
///
/// `None` without trials, for more successes than trials, and at a `confidence` outside 0..1.
pub fn confidence_sequence(successes: u32, trials: u32, confidence: f64) -> Option<Interval> {
    if trials == 0 || successes > trials || !is_level(confidence) {
        return None;
    }
    let (k, n) = (f64::from(successes), f64::from(trials));
    let floor = ln_beta(k + 1.0, n - k + 1.0) + (1.0 - confidence).ln();
    let plausible = |p: f64| log_power(k, p) + log_power(n - k, 1.0 - p) >= floor;
    let best = k / n;
    let edge = |outside: f64| {
        if plausible(outside) {
            return outside;
        }
        let (mut out, mut inside) = (outside, best);
        // Each step halves the bracket, in the end down to neighbouring numbers.
        for _ in 0..200 {
            let middle = 0.5 * (out + inside);
            if plausible(middle) { inside = middle } else { out = middle }
        }
        inside
    };
    Some(Interval { lo: edge(0.0), hi: edge(1.0) })
}

/// The logarithm of `p` to the power of `k`, where nothing to the power of nothing is 1.
fn log_power(k: f64, p: f64) -> f64 {
    if k == 0.0 { 0.0 } else { k * p.ln() }
}

#[cfg(test)]
mod tests {
    use super::super::interval::clopper_pearson;
    use super::*;
    use rand::{Rng, SeedableRng};

    #[test]
    fn it_is_wider_than_an_interval_of_a_fixed_number_and_holds_the_rate() {
        for (k, n) in [(0, 1), (3, 10), (10, 10), (950, 1000)] {
            let (sequence, fixed) = (confidence_sequence(k, n, 0.95).unwrap(), clopper_pearson(k, n, 0.95).unwrap());
            assert!(sequence.lo <= fixed.lo && sequence.hi >= fixed.hi, "{k} of {n}");
            let rate = f64::from(k) / f64::from(n);
            assert!(sequence.lo <= rate && rate <= sequence.hi);
        }
        assert_eq!((confidence_sequence(0, 0, 0.95), confidence_sequence(2, 1, 0.95)), (None, None));
        assert_eq!((confidence_sequence(1, 2, 1.0), confidence_sequence(1, 2, 0.0)), (None, None));
    }

    #[test]
    fn looked_at_after_every_trial_it_still_holds_the_truth() {
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(5);
        for rate in [0.5, 0.9, 0.99] {
            // The share of 400 runs of 300 trials that leave the rate outside even once.
            let left = (0..400).filter(|_| {
                let mut successes = 0;
                (1..=300).any(|n| {
                    successes += u32::from(f64::from(dice.next_u32()) / f64::from(u32::MAX) < rate);
                    let seen = confidence_sequence(successes, n, 0.9).unwrap();
                    rate < seen.lo || rate > seen.hi
                })
            });
            let left = left.count();
            // Binomial(400, 0.1) exceeds 58 with a probability below 0.002.
            assert!(left <= 58, "{rate}: {left} of 400");
        }
    }
}
