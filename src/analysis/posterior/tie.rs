//! Adapters that differ in their resets as they differ in something else that was measured of each: where its acknowledgements lie.
//!
//! A camera whose light comes at some share of the threshold, whatever that share is, shows by how much its adapters differ long before the resets
//! do. Two accounts compete. *Apart*: the adapters' locations scatter about the camera's as they always may ([`super::axes::SPREADS`]), and what
//! was measured scatters by itself. *Tied*: `ln mu` less what was measured is the camera's, up to [`super::axes::TIED_SPREAD`], so that what was
//! measured scatters as locations do. Both stand in one tree, and the resets decide between them by marginal likelihood; what was measured
//! decides by its own scatter alone: a timer that shows the same time at every adapter says nothing of how they differ, and is no tie.

use super::axes::SPREADS;

/// Where one adapter's acknowledgements lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Median, ln seconds.
    pub ln_s: f64,
    /// Variance of what is known of it.
    pub var: f64,
}

/// Prior of the scatter of what was measured if it has nothing to do with the resets: a timer's for half of such devices, that of locations for the others.
pub const APART: [(f64, f64); 4] = [(0.01, 0.5), (0.07, 0.15), (0.15, 0.2), (0.32, 0.15)];
/// A difference `d` in what was measured is one of `d` in the resets to within this share of `d` squared: the two need not be proportional
/// over more than the distance of siblings. An assumption.
const BENT: f64 = 0.3;
/// Standard deviation of an adapter of which nothing was measured, about its siblings: that of middling locations.
const UNMEASURED: f64 = 0.2;

/// What was measured of all adapters of a camera, as far as it may tie them.
#[derive(Clone, Debug, PartialEq)]
pub struct Ties {
    /// One for each adapter, about a reference that the camera keeps.
    pub(super) offsets: Vec<Place>,
    /// Marginal likelihood of what was measured if tied, beside that if apart.
    pub odds: f64,
}

impl Ties {
    /// From the places of the adapters, as far as they are known, in ln seconds about `reference`. `None` where none is known.
    pub fn of(places: &[Option<Place>], reference: f64) -> Option<Self> {
        let known: Vec<Place> = places.iter().copied().flatten().collect();
        let mut at: Vec<f64> = known.iter().map(|place| place.ln_s).collect();
        at.sort_unstable_by(f64::total_cmp);
        let middle = 0.5 * (at.get(at.len().checked_sub(1)? / 2)? + at.get(at.len() / 2)?);
        let offset = |place: &Option<Place>| match place {
            Some(Place { ln_s, var }) => Place { ln_s: ln_s - reference, var: var + (BENT * (ln_s - middle).powi(2)).powi(2) },
            None => Place { ln_s: middle - reference, var: UNMEASURED * UNMEASURED },
        };
        let odds = scatter(&known, &SPREADS) / scatter(&known, &APART);
        Some(Ties { offsets: places.iter().map(offset).collect(), odds })
    }
}

/// Marginal likelihood of places that scatter by one of `spreads`, with a prior each, about a common one that may lie anywhere; up to a factor that is the same for
/// all spreads. With known variances `v` and weights `w = 1 / (spread^2 + v)` it is `prod sqrt(w) / sqrt(sum w) exp(-Q / 2)`, `Q` the
/// weighted sum of squares about the weighted mean (the normal random effects model: DerSimonian and Laird 1986, integrated over its mean).
pub fn scatter(known: &[Place], spreads: &[(f64, f64)]) -> f64 {
    let one = |(sd, prior): &(f64, f64)| {
        let weights: Vec<f64> = known.iter().map(|place| 1.0 / (sd * sd + place.var)).collect();
        let total: f64 = weights.iter().sum();
        let mean = known.iter().zip(&weights).map(|(place, w)| w * place.ln_s).sum::<f64>() / total;
        let square: f64 = known.iter().zip(&weights).map(|(place, w)| w * (place.ln_s - mean).powi(2)).sum();
        prior * weights.iter().map(|w| w.sqrt()).product::<f64>() / total.sqrt() * (-0.5 * square).exp()
    };
    spreads.iter().map(one).sum::<f64>().max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ties(at: &[f64], sd: f64) -> Ties {
        let places: Vec<Option<Place>> = at.iter().map(|ln_s| Some(Place { ln_s: *ln_s, var: sd * sd })).collect();
        Ties::of(&places, at[0]).unwrap()
    }

    #[test]
    fn one_adapter_says_nothing_and_equal_ones_are_a_timer() {
        assert!((ties(&[1.0], 0.1).odds - 1.0).abs() < 1e-9);
        assert!(ties(&[1.0, 1.002, 0.999], 0.01).odds < 0.04);
        assert!(ties(&[1.0, 1.002, 0.999, 1.003], 0.01).odds < 0.01);
        assert!(ties(&[1.0, 1.1, 0.85], 0.01).odds > 1.5);
        // Too little is known of them to tell.
        assert!((0.5..1.0).contains(&ties(&[1.0, 1.002, 0.999], 0.3).odds));
    }

    #[test]
    fn what_lies_far_off_ties_little() {
        let far = ties(&[1.0, 1.1, -0.8], 0.01);
        assert!(far.offsets[0].var.sqrt() < 0.02 && far.offsets[2].var.sqrt() > 0.8);
        assert_eq!(far.offsets[0].ln_s, 0.0);
    }

    #[test]
    fn an_adapter_that_was_not_measured_lies_about_its_siblings() {
        let ties = Ties::of(&[None, Some(Place { ln_s: 2.0, var: 0.0 }), Some(Place { ln_s: 3.0, var: 0.0 })], 2.0).unwrap();
        assert_eq!(ties.offsets[0], Place { ln_s: 0.5, var: UNMEASURED * UNMEASURED });
        assert_eq!(Ties::of(&[None, None], 0.0), None);
    }

    /// The closed form against sums over the common place.
    #[test]
    fn the_likelihood_is_the_integral_over_the_mean() {
        let known = [(0.3, 0.01), (0.42, 0.02), (0.1, 0.05)].map(|(ln_s, var)| Place { ln_s, var });
        let by_sums = |sd: f64| {
            let density = |x: f64, var: f64| (-0.5 * x * x / var).exp() / (std::f64::consts::TAU * var).sqrt();
            let step = 1e-4;
            (-30_000..30_000)
                .map(|i| {
                    step * known.iter().map(|one| density(one.ln_s - step * f64::from(i), sd * sd + one.var)).product::<f64>()
                })
                .sum::<f64>()
        };
        let closed = |sd: f64| scatter(&known, &[(sd, 1.0)]);
        let factor = by_sums(0.1) / closed(0.1);
        for sd in [0.01, 0.07, 0.32] {
            assert!((by_sums(sd) / closed(sd) / factor - 1.0).abs() < 1e-6, "{sd}");
        }
    }
}
