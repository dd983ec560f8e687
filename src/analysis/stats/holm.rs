//! Several adapters judged against limits at once: Holm's step-down correction, and what it makes of
//! rate limits.
//!
//! Holm (1979), Scandinavian Journal of Statistics 6, 65-70: with `m` hypotheses and their p-values in
//! rising order, reject while the j-th (from 0) is at most `alpha / (m - j)`. The chance of any false
//! rejection stays at `alpha`, however the hypotheses depend on each other.

use super::dist::{binomial_at_least, binomial_at_most, is_level};
use serde::{Deserialize, Serialize};

/// Holm-adjusted p-values, in the order given: a hypothesis is rejected at level `alpha` exactly when
/// its adjusted p-value is at most `alpha`. What is not a number counts as 1.
pub fn holm_adjust(p_values: &[f64]) -> Vec<f64> {
    let clean: Vec<f64> = p_values.iter().map(|&p| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }).collect();
    let mut order: Vec<usize> = (0..clean.len()).collect();
    order.sort_by(|&a, &b| clean[a].total_cmp(&clean[b]));
    let mut adjusted = vec![1.0; clean.len()];
    let mut largest = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        largest = largest.max(clean[i] * (clean.len() - rank) as f64).min(1.0);
        adjusted[i] = largest;
    }
    adjusted
}

/// One adapter's counts and the rate it has to reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Resets, 0 to `n`.
    pub k: u32,
    /// Judged presses.
    pub n: u32,
    /// The rate to be reached, 0 to 1.
    pub min_rate: f64,
}

/// What the counts say about a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateDecision {
    /// The rate is at least `min_rate`, at the confidence asked for.
    Met,
    /// The rate is below `min_rate`, at the confidence asked for.
    NotMet,
    /// The counts allow both.
    Undecided,
}

/// Decides each limit of one family (one written limit that stands for several adapters), in order.
///
/// "Met" rejects "the rate is at most `min_rate`" by its exact binomial p-value, `P(X >= k)` at
/// `min_rate`; "not met" rejects "the rate is at least `min_rate`" by `P(X <= k)`. Each direction is one
/// Holm family at `1 - confidence`: the chance that any adapter is wrongly said to meet the limit is at
/// most that, and so is the chance that any is wrongly said to miss it. A family of one gives exactly the
/// rule by one-sided Clopper-Pearson bounds: met when the lower one reaches `min_rate`, not met when the
/// upper one is below it.
///
/// An adapter without presses is undecided, yet counts in the family. `None` at `confidence` not within
/// 0.5..1, a `min_rate` outside 0..=1, or `k > n`.
pub fn decide_rates(family: &[RateLimit], confidence: f64) -> Option<Vec<RateDecision>> {
    let usable = |l: &RateLimit| l.k <= l.n && (0.0..=1.0).contains(&l.min_rate);
    if !is_level(confidence) || confidence < 0.5 || !family.iter().all(usable) {
        return None;
    }
    let alpha = 1.0 - confidence;
    let meets: Vec<f64> = family.iter().map(p_of_at_most).collect();
    let misses: Vec<f64> = family.iter().map(p_of_at_least).collect();
    let decide = |(meets, misses): (f64, f64)| match (meets <= alpha, misses < alpha) {
        (true, false) => RateDecision::Met,
        (false, true) => RateDecision::NotMet,
        _ => RateDecision::Undecided,
    };
    Some(holm_adjust(&meets).into_iter().zip(holm_adjust(&misses)).map(decide).collect())
}

/// p-value of "the rate is at most `min_rate`"; 0 where that is false whatever the counts.
fn p_of_at_most(limit: &RateLimit) -> f64 {
    if limit.min_rate == 0.0 && limit.n > 0 {
        return 0.0;
    }
    binomial_at_least(limit.k, limit.n, limit.min_rate)
}

/// p-value of "the rate is at least `min_rate`".
fn p_of_at_least(limit: &RateLimit) -> f64 {
    binomial_at_most(limit.k, limit.n, limit.min_rate)
}

#[cfg(test)]
mod tests {
    use super::super::interval::{clopper_pearson_lower, clopper_pearson_upper};
    use super::*;
    use proptest::prelude::*;

    /// Holm's procedure as it is told: step down the sorted p-values and stop at the first that fails.
    fn rejected_by_steps(p: &[f64], alpha: f64) -> Vec<bool> {
        let mut left: Vec<usize> = (0..p.len()).collect();
        let mut rejected = vec![false; p.len()];
        while let Some(&next) = left.iter().min_by(|&&a, &&b| p[a].total_cmp(&p[b])) {
            if p[next] * left.len() as f64 > alpha {
                break;
            }
            rejected[next] = true;
            left.retain(|&i| i != next);
        }
        rejected
    }

    #[test]
    fn adjusts_a_known_family() {
        let got = holm_adjust(&[0.01, 0.04, 0.03, 0.005]);
        for (got, want) in got.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((got - want).abs() < 1e-12);
        }
        assert_eq!(holm_adjust(&[]), Vec::<f64>::new());
        assert_eq!(holm_adjust(&[f64::NAN, 2.0]), vec![1.0, 1.0]);
    }

    #[test]
    fn a_family_is_stricter_than_its_members() {
        let limit = RateLimit { k: 10, n: 10, min_rate: 0.73 };
        assert_eq!(decide_rates(&[limit], 0.95), Some(vec![RateDecision::Met]));
        assert_eq!(decide_rates(&[limit; 3], 0.95), Some(vec![RateDecision::Undecided; 3]));
        let clear = RateLimit { k: 40, n: 40, min_rate: 0.73 };
        // Once the clear ones are through, the last one is judged alone.
        assert_eq!(decide_rates(&[clear, limit, clear], 0.95), Some(vec![RateDecision::Met; 3]));
    }

    #[test]
    fn bad_or_missing_counts() {
        let limit = |k, n, min_rate| RateLimit { k, n, min_rate };
        assert_eq!(decide_rates(&[limit(0, 0, 0.5)], 0.95), Some(vec![RateDecision::Undecided]));
        assert_eq!(decide_rates(&[limit(0, 0, 0.0)], 0.95), Some(vec![RateDecision::Undecided]));
        assert_eq!(decide_rates(&[limit(3, 2, 0.5)], 0.95), None);
        assert_eq!(decide_rates(&[limit(1, 2, 1.5)], 0.95), None);
        assert_eq!(decide_rates(&[], 1.0), None);
        assert_eq!(decide_rates(&[], 0.95), Some(vec![]));
    }

    proptest! {
        #[test]
        fn adjusted_values_reject_what_the_steps_reject(p in prop::collection::vec(0.0..0.2_f64, 0..9), alpha in 0.01..0.2_f64) {
            let by_value: Vec<bool> = holm_adjust(&p).iter().map(|&p| p <= alpha).collect();
            prop_assert_eq!(by_value, rejected_by_steps(&p, alpha));
        }

        #[test]
        fn one_member_is_the_clopper_pearson_rule(
            n in 1_u32..60, share in 0.0..=1.0_f64, min_rate in prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64], c in 0.5..0.999_f64,
        ) {
            let k = (share * f64::from(n)).round() as u32;
            let want = if clopper_pearson_lower(k, n, c).unwrap() >= min_rate {
                RateDecision::Met
            } else if clopper_pearson_upper(k, n, c).unwrap() < min_rate {
                RateDecision::NotMet
            } else {
                RateDecision::Undecided
            };
            prop_assert_eq!(decide_rates(&[RateLimit { k, n, min_rate }], c), Some(vec![want]));
        }
    }
}
