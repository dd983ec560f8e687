//! The shapes that the success curve may have: distribution functions of a press's own threshold.
//!
//! A press resets when it is held longer than its own threshold, and thresholds of one device scatter in
//! ln(hold). All three shapes are centred on their median, so `F(0) = 1/2` and `mu` is the hold at which
//! half of the plateau is reached.

use super::dist::{normal_cdf, normal_quantile};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// The shape of the rise in ln(hold).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Log-logistic threshold: symmetric, heavy tails.
    Logistic,
    /// Lognormal threshold: symmetric, light tails (probit analysis: Bliss 1935; Finney 1971).
    Normal,
    /// Weibull threshold: slow start and sudden end in ln(hold) (complementary log-log).
    Weibull,
}

impl Link {
    /// `(F(z), 1 - F(z))`, both to full relative precision; `z` in units of the spread.
    pub fn rise(self, z: f64) -> (f64, f64) {
        match self {
            Link::Logistic => {
                let e = (-z.abs()).exp();
                let (small, large) = (e / (1.0 + e), 1.0 / (1.0 + e));
                if z < 0.0 { (small, large) } else { (large, small) }
            }
            Link::Normal => (normal_cdf(z), normal_cdf(-z)),
            Link::Weibull => {
                let hazard = LN_2 * z.exp();
                (-(-hazard).exp_m1(), (-hazard).exp())
            }
        }
    }

    /// The `z` with `F(z) = q`; -inf at `q <= 0`, +inf at `q >= 1`.
    pub fn quantile(self, q: f64) -> f64 {
        if q <= 0.0 {
            return f64::NEG_INFINITY;
        }
        if q >= 1.0 {
            return f64::INFINITY;
        }
        match self {
            Link::Logistic => (q / (1.0 - q)).ln(),
            Link::Normal => normal_quantile(q),
            Link::Weibull => (-(-q).ln_1p() / LN_2).ln(),
        }
    }

    /// The `z` range outside which `F` is 0 or 1 for every purpose here (within 1e-16 and 1e-15).
    pub(super) fn support(self) -> (f64, f64) {
        match self {
            Link::Logistic => (-37.0, 37.0),
            Link::Normal => (-8.2, 8.2),
            Link::Weibull => (-37.0, 4.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_inverts_the_rise_and_both_parts_add_to_one() {
        for link in [Link::Logistic, Link::Normal, Link::Weibull] {
            assert!((link.rise(0.0).0 - 0.5).abs() < 1e-12, "{link:?}");
            for i in 1..100 {
                let q = f64::from(i) / 100.0;
                let (f, s) = link.rise(link.quantile(q));
                assert!((f - q).abs() < 1e-9 && (f + s - 1.0).abs() < 1e-10, "{link:?} {q} {f} {s}");
            }
            let (lo, hi) = link.support();
            assert!(link.rise(lo).0 < 1e-15 && link.rise(hi).1 < 1e-15, "{link:?}");
            assert_eq!((link.quantile(0.0), link.quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        }
    }
}
