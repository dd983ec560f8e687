//! Logistic regression that stays finite when all failures lie below all successes.

use super::link::Link;
use super::regression::{Level, Square};

/// A logistic regression with the penalty of Jeffreys' prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Firth {
    /// The linear predictor at 0.
    pub intercept: f64,
    /// What a unit of the level adds to it.
    pub slope: f64,
    /// Covariance of both, from the information at the estimate.
    pub covariance: Square,
}

/// The regression that makes likelihood times the root of the information's determinant largest (Firth 1993, Biometrika 80, 27-38; for
/// separated data Heinze and Schemper 2002, Statistics in Medicine 21, 2409-2419). It has less bias than the most likely one, and exists also
/// where that one does not. Its standard errors say little under separation: take a profile interval.
///
/// `None` with fewer than two different levels, and for counts that cannot be.
pub fn firth(levels: &[Level]) -> Option<Firth> {
    let usable = |level: &Level| level.x.is_finite() && level.n > 0.0 && (0.0..=level.n).contains(&level.k);
    if !levels.iter().all(usable) {
        return None;
    }
    let mut at = (0.0, 0.0);
    let mut height = penalised(levels, at)?;
    for _ in 0..200 {
        let (score, information) = scores(levels, at)?;
        let full = information.inverse()?.times(score);
        let mut share = 1.0;
        let (next, higher) = loop {
            let next = (at.0 + share * full.0, at.1 + share * full.1);
            match penalised(levels, next) {
                Some(higher) if higher >= height - 1e-13 * height.abs() => break (next, higher),
                _ if share < 1e-12 => break (at, height),
                _ => share *= 0.5,
            }
        };
        let moved = (next.0 - at.0).abs() + (next.1 - at.1).abs();
        (at, height) = (next, higher);
        if moved <= 1e-11 * (1.0 + at.0.abs() + at.1.abs()) {
            let covariance = scores(levels, at)?.1.inverse()?;
            return Some(Firth { intercept: at.0, slope: at.1, covariance });
        }
    }
    None
}

fn information(levels: &[Level], at: (f64, f64)) -> Square {
    let mut all = Square::default();
    for level in levels {
        let (share, rest) = Link::Logistic.rise(at.0 + at.1 * level.x);
        all.add(level.n * share * rest, level.x);
    }
    all
}

/// The logarithm of the penalised likelihood.
fn penalised(levels: &[Level], at: (f64, f64)) -> Option<f64> {
    let Square { a, b, d } = information(levels, at);
    let determinant = a * d - b * b;
    let of = |level: &Level| {
        let (share, rest) = Link::Logistic.rise(at.0 + at.1 * level.x);
        let term = |count: f64, share: f64| if count == 0.0 { 0.0 } else { count * share.ln() };
        term(level.k, share) + term(level.n - level.k, rest)
    };
    (determinant > 0.0).then(|| levels.iter().map(of).sum::<f64>() + 0.5 * determinant.ln())
}

/// Firth's modified scores: each level counts half a success and half a failure more per unit of its leverage.
fn scores(levels: &[Level], at: (f64, f64)) -> Option<((f64, f64), Square)> {
    let information = information(levels, at);
    let inverse = information.inverse()?;
    let mut score = (0.0, 0.0);
    for level in levels {
        let (share, rest) = Link::Logistic.rise(at.0 + at.1 * level.x);
        let (u, v) = inverse.times((1.0, level.x));
        let leverage = level.n * share * rest * (u + v * level.x);
        let pull = level.k * rest - (level.n - level.k) * share + leverage * (0.5 - share);
        score = (score.0 + pull, score.1 + pull * level.x);
    }
    Some((score, information))
}

#[cfg(test)]
mod tests {
    use super::super::regression::Regression;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn it_is_finite_whatever_was_seen_and_nothing_near_it_is_better(
            counts in proptest::collection::vec(0_u32..=6, 2..7), step in 1e-3..0.3_f64, turn in 0.0..6.3_f64,
        ) {
            let levels: Vec<Level> =
                (0_u32..).zip(&counts).map(|(i, &k)| Level { x: f64::from(i), n: 6.0, k: f64::from(k) }).collect();
            let fit = firth(&levels).unwrap();
            let here = penalised(&levels, (fit.intercept, fit.slope)).unwrap();
            let near = penalised(&levels, (fit.intercept + step * turn.cos(), fit.slope + step * turn.sin()));
            prop_assert!(near.is_none_or(|near| near <= here + 1e-9), "{fit:?}");
        }
    }

    #[test]
    fn with_many_trials_it_is_the_plain_regression() {
        let many: Vec<Level> = [(0.0, 1200.0), (1.0, 5000.0), (2.0, 8700.0)].map(|(x, k)| Level { x, n: 1e4, k }).to_vec();
        let (firth, plain) = (firth(&many).unwrap(), Regression::fit(&many, Link::Logistic).unwrap());
        assert!((firth.slope - plain.slope).abs() < 2e-3 && (firth.intercept - plain.intercept).abs() < 2e-3);
        assert_eq!(super::firth(&[Level { x: 1.0, n: 2.0, k: 1.0 }]), None);
    }
}
