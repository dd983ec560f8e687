//! The likelihood of the hold response
//! `p(h) = g + (1 - g - l) F((ln h - ln mu) / s)`
//! (psychometric function with guess rate and lapse rate: Wichmann and Hill 2001, Perception & Psychophysics
//! 63, 1293-1313; here the stimulus is ln hold, a guess a reset without reason, a lapse a press that fails
//! at any hold).

use super::dose::Dose;
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
    fn split(&self, link: Link, ln_mu: f64, s: f64, mut each: impl FnMut(f64, f64, f64, f64)) -> Split {
        let (below, above) = link.support();
        let mut split = Split { floor: (0.0, 0.0), top: (0.0, 0.0) };
        for &(x, resets, failures) in &self.levels {
            let z = (x - ln_mu) / s;
            if z < below {
                split.floor = (split.floor.0 + resets, split.floor.1 + failures);
            } else if z > above {
                split.top = (split.top.0 + resets, split.top.1 + failures);
            } else {
                let (rise, short) = link.rise(z);
                each(rise, short, resets, failures);
            }
        }
        split
    }

    /// Log-likelihood without the binomial coefficients; `curve.guess` must be this likelihood's.
    pub(super) fn of(&self, curve: &Curve) -> f64 {
        let (g, l) = (self.guess, curve.lapse);
        let mut sum = 0.0;
        let split = self.split(curve.link, curve.ln_mu, curve.s, |rise, short, resets, failures| {
            if resets > 0.0 {
                sum += resets * ln(g + (1.0 - g - l) * rise);
            }
            if failures > 0.0 {
                sum += failures * ln((1.0 - g) * short + l * rise);
            }
        });
        sum + weigh(split.floor, self.ln_guess, self.ln_no_guess) + weigh(split.top, ln(1.0 - l), ln(l))
    }

    /// The lapse within 0..=`max` that fits best at (link, mu, s).
    ///
    /// Every probability is linear in the lapse, so the log-likelihood is concave in it and its slope falls:
    /// bisection of the slope, sped up by Newton steps that stay inside the bracket.
    pub(super) fn best_lapse(&self, link: Link, ln_mu: f64, s: f64, max: f64, scratch: &mut Vec<[f64; 4]>) -> f64 {
        scratch.clear();
        let split = self.split(link, ln_mu, s, |rise, short, resets, failures| {
            scratch.push([rise, short, resets, failures]);
        });
        scratch.push([1.0, 0.0, split.top.0, split.top.1]);
        let g = self.guess;
        // Slope and curvature of the log-likelihood.
        let slope = |l: f64| {
            let (mut first, mut second) = (0.0, 0.0);
            for &[rise, short, resets, failures] in scratch.iter() {
                let a = rise / (g + (1.0 - g - l) * rise).max(TINY);
                let b = rise / ((1.0 - g) * short + l * rise).max(TINY);
                first += failures * b - resets * a;
                second -= failures * b * b + resets * a * a;
            }
            (first, second)
        };
        let (mut lo, mut hi) = (0.0, max);
        if slope(lo).0 <= 0.0 {
            return lo;
        }
        if slope(hi).0 >= 0.0 {
            return hi;
        }
        let mut l = 0.1 * max;
        for _ in 0..60 {
            let (first, second) = slope(l);
            if first > 0.0 {
                lo = l
            } else {
                hi = l
            }
            let newton = l - first / second;
            let next = if newton > lo && newton < hi { newton } else { 0.5 * (lo + hi) };
            if (next - l).abs() < 1e-9 {
                return next;
            }
            l = next;
        }
        l
    }
}

/// The smallest probability that is told from zero.
const TINY: f64 = 1e-300;

/// Logarithm that stays finite at zero.
fn ln(p: f64) -> f64 {
    p.max(TINY).ln()
}

/// `resets * ln_reset + failures * ln_failure`.
fn weigh((resets, failures): (f64, f64), ln_reset: f64, ln_failure: f64) -> f64 {
    resets * ln_reset + failures * ln_failure
}
