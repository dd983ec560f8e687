//! The likelihood of the hold response
//! `p(h) = g + (1 - g - l) F((ln h - ln mu) / s)`
//! (psychometric function with guess rate and lapse rate: Wichmann and Hill 2001, Perception & Psychophysics
//! 63, 1293-1313; here the stimulus is ln hold, a guess a reset without reason, a lapse a press that fails
//! at any hold).

use super::dose::Dose;
use super::lapse::AlongLapse;
use super::link::Link;
use serde::{Deserialize, Serialize};

/// One success curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Shape of the rise.
    pub link: Link,
    /// ln of the hold, in seconds, at which half of the plateau is reached.
    pub ln_mu: f64,
    /// Spread of the threshold in ln(hold), > 0, in the link's own unit.
    pub s: f64,
    /// Share of presses that fail at any hold, 0 to 1; the plateau is `1 - lapse`.
    pub lapse: f64,
    /// Share of presses that reset at any hold, 0 to 1.
    pub guess: f64,
}

impl Curve {
    /// Probability that a press of `hold_s` seconds (> 0) resets.
    pub fn rate(&self, hold_s: f64) -> f64 {
        let (rise, _) = self.link.rise((hold_s.ln() - self.ln_mu) / self.s);
        self.guess + (1.0 - self.guess - self.lapse) * rise
    }

    /// ln of the hold that goes the share `q` (0 to 1) of the way from floor to plateau.
    pub fn ln_hold_of_rise(&self, q: f64) -> f64 {
        self.ln_mu + self.s * self.link.quantile(q)
    }

    /// ln of the hold at which the success rate itself is `q`; +inf where the plateau does not exceed it.
    pub fn ln_hold_of_rate(&self, q: f64) -> f64 {
        self.ln_hold_of_rise((q - self.guess) / (1.0 - self.guess - self.lapse))
    }
}

/// Grouped presses, ready for many evaluations.
#[derive(Clone, Debug)]
pub(super) struct Likelihood {
    /// (ln hold, resets, failures) per level, shortest hold first.
    levels: Vec<(f64, f64, f64)>,
    guess: f64,
    ln_guess: f64,
    ln_no_guess: f64,
}

/// The levels seen from one (link, mu, s): those below the rise, on it, and above it.
struct Split {
    floor: (f64, f64),
    top: (f64, f64),
}

impl Likelihood {
    pub(super) fn new(doses: &[Dose], guess: f64) -> Self {
        let level = |d: &Dose| (d.hold_s.ln(), f64::from(d.resets), f64::from(d.n - d.resets));
        Likelihood { levels: doses.iter().map(level).collect(), guess, ln_guess: ln(guess), ln_no_guess: ln(1.0 - guess) }
    }

    /// The levels' (ln hold, resets, failures).
    pub(super) fn levels(&self) -> &[(f64, f64, f64)] {
        &self.levels
    }

    /// Guess rate, fixed.
    pub(super) fn guess(&self) -> f64 {
        self.guess
    }

    /// Calls `each(F, 1 - F, resets, failures)` for the levels on the rise, and adds up the others.
    fn split(&self, curve: &Curve, mut each: impl FnMut(f64, f64, f64, f64)) -> Split {
        let (below, above) = curve.link.support();
        let mut split = Split { floor: (0.0, 0.0), top: (0.0, 0.0) };
        for &(x, resets, failures) in &self.levels {
            let z = (x - curve.ln_mu) / curve.s;
            if z < below {
                split.floor = (split.floor.0 + resets, split.floor.1 + failures);
            } else if z > above {
                split.top = (split.top.0 + resets, split.top.1 + failures);
            } else {
                let (rise, short) = curve.link.rise(z);
                each(rise, short, resets, failures);
            }
        }
        split
    }

    /// Log-likelihood without the binomial coefficients; `curve.guess` must be this likelihood's.
    pub(super) fn of(&self, curve: &Curve) -> f64 {
        let (g, l) = (self.guess, curve.lapse);
        let mut sum = 0.0;
        let split = self.split(curve, |rise, short, resets, failures| {
            if resets > 0.0 {
                sum += resets * ln(g + (1.0 - g - l) * rise);
            }
            if failures > 0.0 {
                sum += failures * ln((1.0 - g) * short + l * rise);
            }
        });
        sum + weigh(split.floor, self.ln_guess, self.ln_no_guess) + weigh(split.top, ln(1.0 - l), ln(l))
    }

    /// The log-likelihood as a function of the lapse alone, all else as in `curve`.
    pub(super) fn along_lapse(&self, curve: &Curve) -> AlongLapse {
        let mut parts = Vec::with_capacity(self.levels.len() + 1);
        let split = self.split(curve, |rise, short, resets, failures| {
            parts.push([rise, short, resets, failures]);
        });
        parts.push([1.0, 0.0, split.top.0, split.top.1]);
        AlongLapse { parts, floor: weigh(split.floor, self.ln_guess, self.ln_no_guess), guess: self.guess }
    }
}

/// The smallest probability that is told from zero.
pub(super) const TINY: f64 = 1e-300;

/// Logarithm that stays finite at zero.
pub(super) fn ln(p: f64) -> f64 {
    p.max(TINY).ln()
}

/// `resets * ln_reset + failures * ln_failure`.
fn weigh((resets, failures): (f64, f64), ln_reset: f64, ln_failure: f64) -> f64 {
    resets * ln_reset + failures * ln_failure
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve = Curve { link: Link::Logistic, ln_mu: 2.0, s: 0.2, lapse: 0.1, guess: 0.01 };

    #[test]
    fn the_curve_runs_from_guess_to_plateau() {
        assert!((CURVE.rate(0.01) - 0.01).abs() < 1e-9);
        assert!((CURVE.rate(1e4) - 0.9).abs() < 1e-9);
        assert!((CURVE.rate(2.0_f64.exp()) - (0.01 + 0.89 / 2.0)).abs() < 1e-12);
    }

    #[test]
    fn holds_invert_the_rate() {
        for rate in [0.05, 0.5, 0.89] {
            assert!((CURVE.rate(CURVE.ln_hold_of_rate(rate).exp()) - rate).abs() < 1e-12);
        }
        assert_eq!(CURVE.ln_hold_of_rate(0.9), f64::INFINITY);
        assert_eq!(CURVE.ln_hold_of_rate(0.95), f64::INFINITY);
        let rel = CURVE.rate(CURVE.ln_hold_of_rise(0.95).exp());
        assert!((rel - (0.01 + 0.95 * 0.89)).abs() < 1e-12);
    }

    #[test]
    fn the_likelihood_is_the_sum_over_levels_also_where_rates_touch_their_ends() {
        // The longest and the shortest hold lie far outside the rise, where the fast path is taken.
        let doses =
            [(0.001, 1, 9), (5.0, 2, 10), (8.0, 6, 10), (1e6, 9, 10)].map(|(hold_s, resets, n)| Dose { hold_s, resets, n });
        let sum: f64 = doses
            .iter()
            .map(|d| {
                let p = CURVE.rate(d.hold_s);
                f64::from(d.resets) * p.ln() + f64::from(d.n - d.resets) * (1.0 - p).ln()
            })
            .sum();
        assert!((Likelihood::new(&doses, 0.01).of(&CURVE) - sum).abs() < 1e-9);
        let impossible = Curve { lapse: 0.0, guess: 0.0, ..CURVE };
        let ll = Likelihood::new(&doses, 0.0).of(&impossible);
        assert!(ll.is_finite() && ll < -500.0, "{ll}");
    }
}
