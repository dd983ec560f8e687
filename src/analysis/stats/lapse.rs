//! The likelihood of the hold response as a function of the lapse alone.
//!
//! With shape, place and spread of the rise fixed, every success probability is linear in the lapse, so the
//! log-likelihood is concave in it: one top, and the plausible lapses form one interval.

use super::likelihood::{TINY, ln};

/// The log-likelihood at one (link, mu, s), as a function of the lapse.
pub(super) struct AlongLapse {
    /// (F, 1 - F, resets, failures) of each level on the rise, and of all those above it together.
    pub(super) parts: Vec<[f64; 4]>,
    /// Log-likelihood of the levels below the rise, which the lapse does not touch.
    pub(super) floor: f64,
    /// Guess rate.
    pub(super) guess: f64,
}

/// Bisections for the ends of the plausible lapses: they only start a finer search.
const HALVINGS: usize = 8;

impl AlongLapse {
    /// Log-likelihood at a lapse.
    pub(super) fn of(&self, lapse: f64) -> f64 {
        let g = self.guess;
        let mut sum = self.floor;
        for &[rise, short, resets, failures] in &self.parts {
            if resets > 0.0 {
                sum += resets * ln(g + (1.0 - g - lapse) * rise);
            }
            if failures > 0.0 {
                sum += failures * ln((1.0 - g) * short + lapse * rise);
            }
        }
        sum
    }

    /// First and second derivative of the log-likelihood.
    fn slopes(&self, lapse: f64) -> (f64, f64) {
        let g = self.guess;
        let (mut first, mut second) = (0.0, 0.0);
        for &[rise, short, resets, failures] in &self.parts {
            let up = rise / (g + (1.0 - g - lapse) * rise).max(TINY);
            let down = rise / ((1.0 - g) * short + lapse * rise).max(TINY);
            first += failures * down - resets * up;
            second -= failures * down * down + resets * up * up;
        }
        (first, second)
    }

    /// A lapse near the best one, without search: the share of failures among the presses above the rise, each
    /// level counted as far as it is.
    pub(super) fn rough(&self, max: f64) -> f64 {
        let (mut failed, mut all) = (0.0, TINY);
        for &[rise, _, resets, failures] in &self.parts {
            failed += rise * failures;
            all += rise * (resets + failures);
        }
        (failed / all).min(max)
    }

    /// The lapse within 0..=`max` that fits best: bisection of the falling slope, sped up by Newton steps
    /// that stay inside the bracket.
    pub(super) fn best(&self, max: f64) -> f64 {
        let (mut lo, mut hi) = (0.0, max);
        if self.slopes(lo).0 <= 0.0 {
            return lo;
        }
        if self.slopes(hi).0 >= 0.0 {
            return hi;
        }
        let mut lapse = self.rough(max);
        for _ in 0..60 {
            let (first, second) = self.slopes(lapse);
            if first > 0.0 {
                lo = lapse
            } else {
                hi = lapse
            }
            let newton = lapse - first / second;
            let next = if newton > lo && newton < hi { newton } else { 0.5 * (lo + hi) };
            if (next - lapse).abs() < 1e-9 {
                return next;
            }
            lapse = next;
        }
        lapse
    }

    /// Lapses near both ends of those within 0..=`max` whose log-likelihood reaches `cut`, themselves
    /// reaching it if `best` does.
    pub(super) fn ends(&self, best: f64, cut: f64, max: f64) -> (f64, f64) {
        (self.end(best, 0.0, cut), self.end(best, max, cut))
    }

    fn end(&self, mut inside: f64, limit: f64, cut: f64) -> f64 {
        if self.of(limit) >= cut {
            return limit;
        }
        let mut outside = limit;
        for _ in 0..HALVINGS {
            let middle = 0.5 * (inside + outside);
            if self.of(middle) >= cut { inside = middle } else { outside = middle }
        }
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::super::dose::Dose;
    use super::super::likelihood::{Curve, Likelihood};
    use super::super::link::Link;
    use proptest::prelude::*;

    fn data() -> impl Strategy<Value = (Vec<Dose>, Link, f64, f64)> {
        let dose = (0_u32..12, 1_u32..12).prop_map(|(k, n)| (k.min(n), n));
        let link = prop_oneof![Just(Link::Logistic), Just(Link::Normal), Just(Link::Weibull)];
        (prop::collection::vec(dose, 1..9), link, 0.5..4.5_f64, 0.01..1.0_f64).prop_map(|(counts, link, ln_mu, s)| {
            let dose = |(i, (resets, n))| Dose { hold_s: 2.0_f64 * 1.6_f64.powi(i), resets, n };
            ((0..).zip(counts).map(dose).collect(), link, ln_mu, s)
        })
    }

    proptest! {
        #[test]
        fn agrees_with_the_whole_likelihood_and_finds_its_top((doses, link, ln_mu, s) in data(), guess in prop_oneof![Just(0.0), Just(0.004)]) {
            let like = Likelihood::new(&doses, guess);
            let along = like.along_lapse(&Curve { link, ln_mu, s, lapse: 0.0, guess });
            let best = along.best(0.95);
            prop_assert!((0.0..=0.95).contains(&best));
            let top = along.of(best);
            let cut = top - 2.0;
            let (least, most) = along.ends(best, cut, 0.95);
            prop_assert!(least <= best && best <= most && along.of(least) >= cut && along.of(most) >= cut);
            for i in 0..=95 {
                let lapse = f64::from(i) / 100.0;
                let whole = like.of(&Curve { link, ln_mu, s, lapse, guess });
                prop_assert!((along.of(lapse) - whole).abs() < 1e-9 * whole.abs().max(1.0));
                prop_assert!(whole <= top + 1e-7, "{lapse} is better than {best}");
                // The ends are found within 0.95 / 2^8.
                prop_assert!(whole < cut || (least - 0.004 <= lapse && lapse <= most + 0.004));
            }
        }
    }
}
