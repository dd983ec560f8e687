//! Thin wrappers over `statrs`: the few distributions that the other files need.
//!
//! Nothing here panics: arguments out of range give `None` or a limit value. Quantiles of the beta
//! distribution are found by bisection of its distribution function, which always ends, instead of
//! by Newton steps, which need not.

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::{erfc, erfc_inv};
use std::f64::consts::SQRT_2;

/// Whether `confidence` can be a confidence level: strictly between 0 and 1.
pub(super) fn is_level(confidence: f64) -> bool {
    confidence > 0.0 && confidence < 1.0
}

/// Standard normal distribution function, `P(Z <= z)`, to about 1e-11.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

/// The `z` with `P(Z <= z) = p` for a standard normal `Z`; -inf at `p <= 0`, +inf at `p >= 1`.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// The two-sided normal factor of a confidence level: 1.960 for 0.95.
pub fn two_sided_z(confidence: f64) -> f64 {
    normal_quantile(0.5 + 0.5 * confidence)
}

/// The quantile at `confidence` of the chi-square distribution with one degree of freedom: the square
/// of the two-sided normal factor, 3.841 for 0.95.
pub fn chi_square_1_quantile(confidence: f64) -> f64 {
    two_sided_z(confidence).powi(2)
}

/// The value that a Beta(`a`, `b`) variable stays under with probability `q`; `None` unless
/// `a, b > 0` and `q` is within 0..=1.
pub fn beta_quantile(a: f64, b: f64, q: f64) -> Option<f64> {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&q)) {
        return None;
    }
    let (mut lo, mut hi) = (0.0_f64, 1.0_f64);
    // Each step halves the bracket, in the end down to neighbouring numbers (near zero in relative size).
    for _ in 0..200 {
        let mid = 0.5 * (lo + hi);
        if mid <= lo || mid >= hi {
            break;
        }
        if checked_beta_reg(a, b, mid).ok()? < q {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    Some(0.5 * (lo + hi))
}

/// `P(X >= k)` for X binomial(`n`, `p`), `p` in 0..=1: the exact p-value of "at least k successes".
///
/// Through the incomplete beta function: `P(X >= k) = I_p(k, n - k + 1)` (Abramowitz and Stegun 1964,
/// 26.5.24).
pub fn binomial_at_least(k: u32, n: u32, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    checked_beta_reg(f64::from(k), f64::from(n - k) + 1.0, p.clamp(0.0, 1.0)).unwrap_or(f64::NAN)
}

/// `P(X <= k)` for X binomial(`n`, `p`), `p` in 0..=1: the exact p-value of "at most k successes".
pub fn binomial_at_most(k: u32, n: u32, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    // The failures are binomial too, so no difference of nearly equal numbers is formed.
    binomial_at_least(n - k, n, 1.0 - p.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The binomial tail added up term by term, each term by recursion in logarithms.
    fn tail_by_sum(k: u32, n: u32, p: f64) -> f64 {
        let mut ln_term = f64::from(n) * (1.0 - p).ln();
        let mut sum = 0.0;
        for i in 0..=n {
            if i >= k {
                sum += ln_term.exp();
            }
            ln_term += (f64::from(n - i) / f64::from(i + 1)).ln() + (p / (1.0 - p)).ln();
        }
        sum
    }

    #[test]
    fn known_quantiles() {
        assert!((two_sided_z(0.95) - 1.959_963_984_540_054).abs() < 1e-10);
        assert!((chi_square_1_quantile(0.95) - 3.841_458_820_694_124).abs() < 1e-9);
        assert!((normal_cdf(normal_quantile(0.123)) - 0.123).abs() < 1e-10);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(beta_quantile(0.0, 1.0, 0.5), None);
        assert_eq!(beta_quantile(1.0, 1.0, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn tails_agree_with_the_sum_and_with_each_other(n in 1_u32..80, share in 0.0..=1.0_f64, p in 0.01..0.99_f64) {
            let k = (share * f64::from(n)).round() as u32;
            prop_assert!((binomial_at_least(k, n, p) - tail_by_sum(k, n, p)).abs() < 1e-11);
            let both = binomial_at_least(k + 1, n, p) + binomial_at_most(k, n, p);
            prop_assert!((both - 1.0).abs() < 1e-12);
        }

        #[test]
        fn beta_quantile_inverts_the_distribution(a in 0.5..60.0_f64, b in 0.5..60.0_f64, q in 0.001..0.999_f64) {
            let x = beta_quantile(a, b, q).unwrap();
            prop_assert!((checked_beta_reg(a, b, x).unwrap() - q).abs() < 1e-9);
        }
    }
}
