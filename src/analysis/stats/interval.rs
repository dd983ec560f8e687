//! Intervals for one rate: k successes in n trials.
//!
//! Which one: Wilson for showing a rate (its mean coverage is near the nominal level), Clopper-Pearson
//! for claims (never under the nominal level, hence wide), Jeffreys as the Bayesian middle,
//! Agresti-Coull for plots only. Comparison: Brown, Cai, DasGupta (2001), Statistical Science 16, 101-133.

use super::dist::{beta_quantile, is_level, two_sided_z};
use serde::{Deserialize, Serialize};

/// A closed interval of plausible values, `lo <= hi`, in the unit of the quantity it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl Interval {
    /// Whether `value` lies within the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.lo <= value && value <= self.hi
    }
}

/// The observed counts as numbers, if they make a rate: `n > 0`, `k <= n` and a level within 0..1.
fn counts(k: u32, n: u32, confidence: f64) -> Option<(f64, f64)> {
    (n > 0 && k <= n && is_level(confidence)).then(|| (f64::from(k), f64::from(n)))
}

/// Two-sided score interval of Wilson (1927), Journal of the American Statistical Association 22, 209-212.
///
/// `None` at `n = 0` (0/0 is not 0 %), at `k > n` and at a `confidence` outside 0..1.
pub fn wilson(k: u32, n: u32, confidence: f64) -> Option<Interval> {
    let (x, m) = counts(k, n, confidence)?;
    let z = two_sided_z(confidence);
    let centre = (x + 0.5 * z * z) / (m + z * z);
    let half = z * (x * (m - x) / m + 0.25 * z * z).sqrt() / (m + z * z);
    // The formula gives exactly 0 and 1 at the ends of the range, but for rounding.
    let lo = if k == 0 { 0.0 } else { centre - half };
    let hi = if k == n { 1.0 } else { centre + half };
    Some(Interval { lo, hi })
}

/// Two-sided exact interval of Clopper and Pearson (1934), Biometrika 26, 404-413: each tail has half
/// of `1 - confidence`. `None` as in [`wilson`].
pub fn clopper_pearson(k: u32, n: u32, confidence: f64) -> Option<Interval> {
    counts(k, n, confidence)?;
    let one_sided = 0.5 + 0.5 * confidence;
    Some(Interval { lo: clopper_pearson_lower(k, n, one_sided)?, hi: clopper_pearson_upper(k, n, one_sided)? })
}

/// One-sided exact lower bound (Clopper and Pearson 1934): the rate at which k or more successes have
/// probability `1 - confidence`; 0 at `k = 0`. "The rate is at least this." `None` as in [`wilson`].
pub fn clopper_pearson_lower(k: u32, n: u32, confidence: f64) -> Option<f64> {
    let (x, m) = counts(k, n, confidence)?;
    if k == 0 {
        return Some(0.0);
    }
    beta_quantile(x, m - x + 1.0, 1.0 - confidence)
}

/// One-sided exact upper bound (Clopper and Pearson 1934): the rate at which k or fewer successes have
/// probability `1 - confidence`; 1 at `k = n`. "The rate is at most this." `None` as in [`wilson`].
pub fn clopper_pearson_upper(k: u32, n: u32, confidence: f64) -> Option<f64> {
    counts(k, n, confidence)?;
    Some(1.0 - clopper_pearson_lower(n - k, n, confidence)?)
}

/// Two-sided equal-tailed interval of the posterior Beta(k + 1/2, n - k + 1/2) under Jeffreys' prior, ends
/// not moved to 0 and 1 at k = 0 and k = n (Brown, Cai, DasGupta 2001, section 3.1.3). `None` as in [`wilson`].
pub fn jeffreys(k: u32, n: u32, confidence: f64) -> Option<Interval> {
    let (x, m) = counts(k, n, confidence)?;
    let tail = 0.5 * (1.0 - confidence);
    Some(Interval { lo: beta_quantile(x + 0.5, m - x + 0.5, tail)?, hi: beta_quantile(x + 0.5, m - x + 0.5, 1.0 - tail)? })
}

/// Two-sided interval of Agresti and Coull (1998), The American Statistician 52, 119-126, cut at 0 and 1.
/// For plots; no claim rests on it. `None` as in [`wilson`].
pub fn agresti_coull(k: u32, n: u32, confidence: f64) -> Option<Interval> {
    let (x, m) = counts(k, n, confidence)?;
    let z = two_sided_z(confidence);
    let p = (x + 0.5 * z * z) / (m + z * z);
    let half = z * (p * (1.0 - p) / (m + z * z)).sqrt();
    Some(Interval { lo: (p - half).max(0.0), hi: (p + half).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `P(X >= k)` by adding the terms, an oracle that shares no code with the functions tested.
    fn at_least(k: u32, n: u32, p: f64) -> f64 {
        let mut term = (1.0 - p).powi(n as i32);
        let mut sum = 0.0;
        for i in 0..=n {
            sum += if i >= k { term } else { 0.0 };
            term *= f64::from(n - i) / f64::from(i + 1) * p / (1.0 - p);
        }
        sum
    }

    fn lower_by_bisection(k: u32, n: u32, confidence: f64) -> f64 {
        let (mut lo, mut hi) = (0.0, 1.0);
        for _ in 0..60 {
            let mid = 0.5 * (lo + hi);
            if at_least(k, n, mid) < 1.0 - confidence { lo = mid } else { hi = mid }
        }
        lo
    }

    #[test]
    fn wilson_25_of_100() {
        let i = wilson(25, 100, 0.95).unwrap();
        assert!((i.lo - 0.17545).abs() < 1e-5 && (i.hi - 0.34305).abs() < 1e-5, "{i:?}");
    }

    #[test]
    fn no_trials_give_no_rate() {
        for f in [wilson, clopper_pearson, jeffreys, agresti_coull] {
            assert_eq!(f(0, 0, 0.95), None);
            assert_eq!(f(3, 2, 0.95), None);
            assert_eq!(f(1, 2, 1.0), None);
            assert_eq!(f(1, 2, f64::NAN), None);
        }
    }

    proptest! {
        #[test]
        fn clopper_pearson_solves_the_exact_tail(n in 1_u32..60, share in 0.0..=1.0_f64, c in 0.5..0.999_f64) {
            let k = (share * f64::from(n)).round() as u32;
            let lower = clopper_pearson_lower(k, n, c).unwrap();
            let upper = clopper_pearson_upper(k, n, c).unwrap();
            let want = if k == 0 { 0.0 } else { lower_by_bisection(k, n, c) };
            prop_assert!((lower - want).abs() < 1e-9, "{lower} {want}");
            let mirrored = if k == n { 1.0 } else { 1.0 - lower_by_bisection(n - k, n, c) };
            prop_assert!((upper - mirrored).abs() < 1e-9, "{upper} {mirrored}");
        }

        #[test]
        fn every_interval_holds_the_rate_and_stays_in_range(n in 1_u32..400, share in 0.0..=1.0_f64, c in 0.3..0.999_f64) {
            let k = (share * f64::from(n)).round() as u32;
            // Jeffreys' interval leaves out 0 and 1 themselves.
            for (f, ends) in [(wilson as fn(_, _, _) -> _, true), (clopper_pearson, true), (jeffreys, false), (agresti_coull, true)] {
                let i: Interval = f(k, n, c).unwrap();
                prop_assert!(0.0 <= i.lo && i.lo <= i.hi && i.hi <= 1.0);
                if ends || (0 < k && k < n) {
                    prop_assert!(i.contains(f64::from(k) / f64::from(n)), "{i:?}");
                }
            }
        }
    }
}
