//! Two-parameter regression of a binomial share on a level, and the level at which a share is reached.
//!
//! The response of [`super::response`] is this with a plateau and a guess; the plain regression is what other programs compute, so it serves
//! as a check on ours, and its quick intervals show how short such intervals are.

use super::dist::{is_level, two_sided_z};
use super::link::Link;
use std::f64::consts::{LN_2, PI};

/// Trials at one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The level; ln(hold) for a press.
    pub x: f64,
    /// Trials.
    pub n: f64,
    /// Successes, 0 to `n`.
    pub k: f64,
}

/// A symmetric matrix of two by two: `(a, b; b, d)`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Square {
    /// Upper left.
    pub a: f64,
    /// Both others.
    pub b: f64,
    /// Lower right.
    pub d: f64,
}

impl Square {
    /// Adds `weight` times the square of the vector `(1, x)`.
    pub(super) fn add(&mut self, weight: f64, x: f64) {
        self.a += weight;
        self.b += weight * x;
        self.d += weight * x * x;
    }

    /// The inverse; `None` where there is none that could be used.
    pub fn inverse(self) -> Option<Self> {
        let determinant = self.a * self.d - self.b * self.b;
        let usable = determinant.is_finite() && determinant > 1e-12 * self.a * self.d;
        usable.then(|| Self { a: self.d / determinant, b: -self.b / determinant, d: self.a / determinant })
    }

    /// The product with a vector.
    pub fn times(self, (u, v): (f64, f64)) -> (f64, f64) {
        (self.a * u + self.b * v, self.b * u + self.d * v)
    }
}

/// A regression of a share on a level: `F(intercept + slope * x)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// The shape.
    pub link: Link,
    /// The linear predictor at 0.
    pub intercept: f64,
    /// What a unit of the level adds to it.
    pub slope: f64,
    /// Covariance of both, from the expected information.
    pub covariance: Square,
    /// Logarithm of the likelihood, without binomial coefficients.
    pub log_likelihood: f64,
    /// Twice the distance to the likelihood of a model that gives every level its own share.
    pub deviance: f64,
}

/// Steps of scoring before a regression counts as one that does not end.
const STEPS: u32 = 60;

impl Regression {
    /// The most likely regression, by Fisher's scoring (McCullagh and Nelder 1989, Generalized Linear Models, section 2.5).
    ///
    /// `None` with fewer than two levels, and where successes and failures lie apart: no finite slope is the most likely one then (Albert and
    /// Anderson 1984, Biometrika 71, 1-10); see [`super::firth`].
    pub fn fit(levels: &[Level], link: Link) -> Option<Self> {
        let usable = |level: &Level| level.x.is_finite() && level.n > 0.0 && (0.0..=level.n).contains(&level.k);
        if !levels.iter().all(usable) {
            return None;
        }
        let (all, reset) = levels.iter().fold((0.0, 0.0), |(n, k), level| (n + level.n, k + level.k));
        let mut at = (predictor(link, ((reset + 0.5) / (all + 1.0)).clamp(0.01, 0.99)), 0.0);
        let mut height = log_likelihood(levels, link, at);
        for _ in 0..STEPS {
            let (score, information) = slope_and_curve(levels, link, at);
            let full = information.inverse()?.times(score);
            // A step that overshoots is halved.
            let mut share = 1.0;
            let (next, higher) = loop {
                let next = (at.0 + share * full.0, at.1 + share * full.1);
                let higher = log_likelihood(levels, link, next);
                if higher >= height - 1e-12 * height.abs() {
                    break (next, higher);
                }
                share *= 0.5;
                if share < 1e-12 {
                    break (at, height);
                }
            };
            let moved = (next.0 - at.0).abs() + (next.1 - at.1).abs();
            (at, height) = (next, higher);
            if moved <= 1e-12 * (1.0 + at.0.abs() + at.1.abs()) {
                return Some(Self::at(levels, link, at, information.inverse()?));
            }
        }
        None
    }

    fn at(levels: &[Level], link: Link, at: (f64, f64), covariance: Square) -> Self {
        let own = |level: &Level| term(level.k, level.k / level.n) + term(level.n - level.k, 1.0 - level.k / level.n);
        let whole: f64 = levels.iter().map(own).sum();
        let log_likelihood = log_likelihood(levels, link, at);
        Self { link, intercept: at.0, slope: at.1, covariance, log_likelihood, deviance: 2.0 * (whole - log_likelihood) }
    }

    /// The share at a level.
    pub fn share(&self, x: f64) -> f64 {
        shares(self.link, self.intercept + self.slope * x).0
    }

    /// The level at which the share is `q`, with its standard error by the delta method (Finney 1971, Probit Analysis, chapter 3). `None` on a
    /// flat regression and for a `q` outside 0..1.
    pub fn effective_level(&self, q: f64) -> Option<(f64, f64)> {
        if self.slope == 0.0 || !is_level(q) {
            return None;
        }
        let at = (predictor(self.link, q) - self.intercept) / self.slope;
        let Square { a, b, d } = self.covariance;
        let variance = (a + 2.0 * at * b + at * at * d) / (self.slope * self.slope);
        Some((at, variance.sqrt()))
    }

    /// Fieller's interval for that level (1954, Journal of the Royal Statistical Society B 16, 175-185). `None` where the slope could be zero:
    /// the interval has no ends then.
    pub fn fieller(&self, q: f64, confidence: f64) -> Option<(f64, f64)> {
        if !is_level(q) || !is_level(confidence) {
            return None;
        }
        let z2 = two_sided_z(confidence).powi(2);
        let Square { a, b, d } = self.covariance;
        let above = predictor(self.link, q) - self.intercept;
        // The levels x with (slope x - above)^2 <= z^2 (a + 2 b x + d x^2).
        let (square, linear, constant) = (self.slope * self.slope - z2 * d, -above * self.slope - z2 * b, above * above - z2 * a);
        let root = (linear * linear - square * constant).sqrt();
        (square > 0.0 && root.is_finite()).then(|| ((-linear - root) / square, (-linear + root) / square))
    }
}

/// The linear predictor of a share.
fn predictor(link: Link, q: f64) -> f64 {
    match link {
        // This one is centred on its median elsewhere, and not in the regression that everybody computes.
        Link::Weibull => link.quantile(q) + LN_2.ln(),
        Link::Logistic | Link::Normal => link.quantile(q),
    }
}

/// The share and its complement at a value of the linear predictor.
fn shares(link: Link, eta: f64) -> (f64, f64) {
    match link {
        Link::Weibull => link.rise(eta - LN_2.ln()),
        Link::Logistic | Link::Normal => link.rise(eta),
    }
}

/// How fast the share grows with the linear predictor.
pub(super) fn growth(link: Link, eta: f64) -> f64 {
    let (share, rest) = shares(link, eta);
    match link {
        Link::Logistic => share * rest,
        Link::Normal => (-0.5 * eta * eta).exp() / (2.0 * PI).sqrt(),
        Link::Weibull => rest * eta.exp(),
    }
}

/// What one trial tells of the linear predictor, Fisher's information: `F'^2 / (F (1 - F))`.
pub(super) fn information(link: Link, eta: f64) -> f64 {
    let (share, rest) = shares(link, eta);
    let told = growth(link, eta).powi(2) / (share * rest);
    if told.is_finite() { told } else { 0.0 }
}

fn log_likelihood(levels: &[Level], link: Link, at: (f64, f64)) -> f64 {
    let of = |level: &Level| {
        let (share, rest) = shares(link, at.0 + at.1 * level.x);
        term(level.k, share) + term(level.n - level.k, rest)
    };
    levels.iter().map(of).sum()
}

/// `count` times the logarithm of a share; nothing where nothing was counted.
fn term(count: f64, share: f64) -> f64 {
    if count == 0.0 { 0.0 } else { count * share.ln() }
}

/// The gradient of the log-likelihood, and the expected information.
fn slope_and_curve(levels: &[Level], link: Link, at: (f64, f64)) -> ((f64, f64), Square) {
    let (mut score, mut curve) = ((0.0, 0.0), Square::default());
    for level in levels {
        let eta = at.0 + at.1 * level.x;
        let (share, rest) = shares(link, eta);
        let pull = (level.k * rest - (level.n - level.k) * share) * growth(link, eta) / (share * rest);
        let pull = if pull.is_finite() { pull } else { 0.0 };
        score = (score.0 + pull, score.1 + pull * level.x);
        curve.add(level.n * information(link, eta), level.x);
    }
    (score, curve)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINKS: [Link; 3] = [Link::Logistic, Link::Normal, Link::Weibull];

    fn levels(counts: &[u32]) -> Vec<Level> {
        (0_u32..).zip(counts).map(|(i, &k)| Level { x: f64::from(i) * 0.5, n: 10.0, k: f64::from(k) }).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn nothing_near_it_is_likelier(counts in proptest::collection::vec(0_u32..=10, 3..8), step in 1e-3..0.3_f64, turn in 0.0..6.3_f64) {
            let levels = levels(&counts);
            for link in LINKS {
                let Some(fit) = Regression::fit(&levels, link) else { continue };
                let near = (fit.intercept + step * turn.cos(), fit.slope + step * turn.sin());
                prop_assert!(log_likelihood(&levels, link, near) <= fit.log_likelihood + 1e-9, "{link:?} {fit:?}");
                prop_assert!(fit.deviance >= -1e-9);
                if let (Some((at, _)), Some((lo, hi))) = (fit.effective_level(0.5), fit.fieller(0.5, 0.95)) {
                    prop_assert!(lo <= at && at <= hi && (fit.share(at) - 0.5).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn separated_successes_have_no_finite_slope_and_a_flat_one_no_level() {
        for link in LINKS {
            assert_eq!(Regression::fit(&levels(&[0, 0, 10, 10]), link), None, "{link:?}");
            assert_eq!(Regression::fit(&levels(&[5]), link), None);
            let flat = Regression::fit(&levels(&[5, 3, 5]), link).unwrap();
            assert!(flat.fieller(0.95, 0.95).is_none() && flat.effective_level(1.0).is_none());
        }
        assert_eq!(Regression::fit(&[Level { x: 1.0, n: 2.0, k: 3.0 }], Link::Logistic), None);
    }
}
