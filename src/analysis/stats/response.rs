//! The hold response of one adapter: which hold resets the camera, how surely, and how well that is known.

use super::band::{Reach, Slice, rates, rising};
use super::dist::{chi_square_1_quantile, is_level};
use super::dose::{BadInput, Dose, Press, group_doses, group_presses};
use super::explore::{Space, explore};
use super::interval::Interval;
use super::likelihood::{Curve, Likelihood};
use super::link::Link;
use super::monotone::{FALL_LEVEL, monotone_p_value, peak};
use super::profile::{Quantity, Region};
use super::threshold::{Edges, HoldResponse, Plateau, Status, Threshold};
use serde::{Deserialize, Serialize};

/// What a fit takes as given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Confidence of the intervals, 0 to 1.
    pub confidence: f64,
    /// Share of presses that reset at any hold, 0 to below 0.05; fixed, not estimated.
    pub guess: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { confidence: 0.95, guess: 0.004 }
    }
}

/// Judged presses without which nothing is estimated.
pub const LEAST_PRESSES: u32 = 12;

/// The chi-square cut of the likelihood is multiplied by this (module documentation).
const CALIBRATION: f64 = 1.35;

/// What the curves may be (module documentation).
const SPACE: Space = Space { links: &[Link::Logistic, Link::Weibull], lapse_max: 0.95, s_min: 0.003, s_max: 2.0 };

/// Holds are not extrapolated further than this factor beyond the tested ones; a bound there is none.
const BEYOND: f64 = 4.0;

/// Curves within this log-likelihood of the best cannot be told from it; their middle is the value.
const INDISTINCT: f64 = 0.01;

/// Fits the response to single presses; those with practically the same measured hold are put together.
///
/// # Errors
///
/// As [`hold_response`].
pub fn response_of_presses(presses: &[Press], settings: &Settings) -> Result<HoldResponse, BadInput> {
    hold_response(&group_presses(presses)?, settings)
}

/// Fits the response to grouped presses, in any order.
///
/// # Errors
///
/// A hold that is not positive, more resets than presses, or a setting out of range.
pub fn hold_response(doses: &[Dose], settings: &Settings) -> Result<HoldResponse, BadInput> {
    check(settings)?;
    let levels = group_doses(doses)?;
    let Some(fit) = Fit::new(&levels, settings) else {
        return Ok(without_fit(&levels, Status::NotEnoughData));
    };
    let monotone_p = Some(monotone_p_value(&levels));
    if monotone_p < Some(FALL_LEVEL) {
        let edges = edges(&levels, settings);
        return Ok(HoldResponse { monotone_p, edges, ..without_fit(&levels, Status::NotMonotone) });
    }
    Ok(HoldResponse {
        presses: presses_of(&levels),
        hold50: fit.threshold(Quantity::Rate(0.50)),
        hold95: fit.threshold(Quantity::Rate(0.95)),
        hold99: fit.threshold(Quantity::Rate(0.99)),
        hold95_rel: fit.threshold(Quantity::Rise(0.95)),
        plateau: Some(fit.plateau),
        curve: Some(fit.best),
        monotone_p,
        edges: None,
    })
}

/// The 50 % band and the band at the confidence of `settings` around the response to grouped presses, by rising success rate; empty where
/// [`hold_response`] gives no curve.
///
/// # Errors
///
/// As [`hold_response`].
pub fn bands(doses: &[Dose], settings: &Settings) -> Result<Vec<Slice>, BadInput> {
    check(settings)?;
    let levels = group_doses(doses)?;
    let Some(fit) = Fit::new(&levels, settings) else { return Ok(Vec::new()) };
    if monotone_p_value(&levels) < FALL_LEVEL {
        return Ok(Vec::new());
    }
    Ok(fit.bands())
}

fn check(settings: &Settings) -> Result<(), BadInput> {
    if !is_level(settings.confidence) {
        return Err(BadInput::Setting("confidence"));
    }
    if !(0.0..0.05).contains(&settings.guess) {
        return Err(BadInput::Setting("guess"));
    }
    Ok(())
}

fn presses_of(levels: &[Dose]) -> u32 {
    levels.iter().map(|level| level.n).fold(0, u32::saturating_add)
}

/// The answer where no threshold is claimed.
fn without_fit(levels: &[Dose], status: Status) -> HoldResponse {
    let none = Threshold::without_value(status);
    HoldResponse {
        presses: presses_of(levels),
        hold50: none,
        hold95: none,
        hold99: none,
        hold95_rel: none,
        plateau: None,
        curve: None,
        monotone_p: None,
        edges: None,
    }
}

/// Both sides of the peak, each fitted alone; the falling side in 1 / hold, where it rises.
fn edges(levels: &[Dose], settings: &Settings) -> Option<Edges> {
    let peak = peak(levels)?;
    let falling: Vec<Dose> = levels.get(peak..)?.iter().rev().map(|dose| Dose { hold_s: 1.0 / dose.hold_s, ..*dose }).collect();
    let hold50 = |side: &[Dose]| match Fit::new(side, settings) {
        Some(fit) => fit.threshold(Quantity::Rate(0.5)),
        None => Threshold::without_value(Status::NotEnoughData),
    };
    Some(Edges { from: hold50(levels.get(..=peak)?), to: hold50(&falling).mirrored() })
}

/// One data set with its likelihood looked over.
struct Fit {
    best: Curve,
    /// Curves within the interval's cut.
    plausible: Region,
    /// Curves within the cut of the 50 % band.
    half: Region,
    /// Curves that cannot be told from the best.
    indistinct: Region,
    /// ln of the holds beyond which nothing is said.
    limits: (f64, f64),
    plateau: Plateau,
}

impl Fit {
    /// `None` where there are not enough data.
    fn new(levels: &[Dose], settings: &Settings) -> Option<Self> {
        let all_failed = levels.iter().all(|level| level.resets == 0);
        let all_reset = levels.iter().all(|level| level.resets == level.n);
        if presses_of(levels) < LEAST_PRESSES || all_failed || all_reset {
            return None;
        }
        let like = Likelihood::new(levels, settings.guess);
        let explored = explore(&like, &SPACE)?;
        let drop = |confidence| 0.5 * CALIBRATION * chi_square_1_quantile(confidence);
        let plausible = Region::new(&like, &SPACE, &explored, drop(settings.confidence));
        let half = Region::new(&like, &SPACE, &explored, drop(0.5));
        let indistinct = Region::new(&like, &SPACE, &explored, INDISTINCT);
        let best = explored.best.curve;
        let interval = plateau(&plausible)?;
        let limits = ((levels.first()?.hold_s / BEYOND).ln(), (levels.last()?.hold_s * BEYOND).ln());
        Some(Fit { best, plausible, half, indistinct, limits, plateau: Plateau { value: 1.0 - best.lapse, interval } })
    }

    fn bands(&self) -> Vec<Slice> {
        let Some(half) = plateau(&self.half) else { return Vec::new() };
        let reach = |region: &Region, plateau: Interval, rate: f64| {
            let range = region.range(Quantity::Rate(rate), self.limits).filter(|_| rate < plateau.hi)?;
            // Some plausible curve stays below this rate at any hold.
            let hi = range.hi.filter(|_| rate < plateau.lo);
            Some(Reach { lo_s: range.lo.map(f64::exp), hi_s: hi.map(f64::exp) })
        };
        let full = self.plateau.interval;
        let slice = |rate| Slice { rate, half: reach(&self.half, half, rate), full: reach(&self.plausible, full, rate) };
        let mut slices: Vec<Slice> = rates(half, full).into_iter().map(slice).collect();
        rising(&mut slices, |slice| slice.half.as_mut());
        rising(&mut slices, |slice| slice.full.as_mut());
        slices
    }

    fn threshold(&self, quantity: Quantity) -> Threshold {
        let range = self.plausible.range(quantity, self.limits);
        let lo_s = range.and_then(|range| range.lo).map(f64::exp);
        // A rate that a plausible plateau does not exceed may have no hold at all.
        let out_of_reach = matches!(quantity, Quantity::Rate(rate) if self.plateau.interval.lo <= rate);
        let hi_s = if out_of_reach { None } else { range.and_then(|range| range.hi).map(f64::exp) };
        let (least, most) = self.indistinct.span(quantity);
        if least == f64::INFINITY {
            return Threshold { value_s: None, lo_s, hi_s: None, status: Status::NoSuchHold };
        }
        // No value beyond the limits, or where some of the best curves have none.
        let middle = 0.5 * (least + most);
        let value_s = (self.limits.0 <= middle && middle <= self.limits.1).then(|| middle.exp());
        Threshold { value_s, lo_s, hi_s, status: Status::of_bounds(lo_s, hi_s) }
    }
}

/// The range of the highest success rate over the curves of a region.
fn plateau(region: &Region) -> Option<Interval> {
    let lapse = region.range(Quantity::Lapse, (0.0, SPACE.lapse_max))?;
    Some(Interval { lo: 1.0 - lapse.hi.unwrap_or(SPACE.lapse_max), hi: 1.0 - lapse.lo.unwrap_or(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOLDS: [f64; 7] = [3.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0];

    fn fit(resets: [u32; 7], n: u32) -> HoldResponse {
        let doses: Vec<Dose> = HOLDS.into_iter().zip(resets).map(|(hold_s, resets)| Dose { hold_s, resets, n }).collect();
        hold_response(&doses, &Settings::default()).unwrap()
    }

    #[test]
    fn separated_data_bound_the_threshold_by_the_gap_and_no_closer() {
        let r = fit([0, 0, 0, 10, 10, 10, 10], 10);
        let t = r.hold50;
        assert_eq!(t.status, Status::Ok);
        assert!((13.0..15.5).contains(&t.value_s.unwrap()), "{t:?}");
        assert!((9.0..11.0).contains(&t.lo_s.unwrap()) && (19.0..22.0).contains(&t.hi_s.unwrap()), "{t:?}");
        // The last success may lie on a shoulder: the hold for 95 % can be longer than 20 s.
        assert!((20.0..30.0).contains(&r.hold95_rel.hi_s.unwrap()), "{r:?}");
        // Forty resets without a failure do not show a rate of 99 %.
        assert_eq!(r.hold99.status, Status::OpenAbove);
        assert_eq!(r.plateau.unwrap().value, 1.0);
    }

    #[test]
    fn a_low_plateau_has_no_hold_of_95_percent_but_a_relative_one() {
        let r = fit([0, 0, 3, 13, 12, 13, 11], 20);
        assert_eq!((r.hold95.status, r.hold95.value_s), (Status::NoSuchHold, None));
        assert_eq!(r.hold95_rel.status, Status::Ok);
        let plateau = r.plateau.unwrap();
        assert!((0.55..0.7).contains(&plateau.value) && plateau.interval.contains(0.6), "{plateau:?}");
    }

    #[test]
    fn a_rate_that_the_plateau_may_miss_is_open_above() {
        // All thirty long presses reset, and 0.95 to the 30th is 0.21: a plateau below 95 % is plausible.
        let holds = [3.0, 5.0, 8.0, 10.0, 14.0, 20.0, 30.0, 45.0, 60.0];
        let doses = holds.map(|hold_s| Dose { hold_s, resets: if hold_s < 10.0 { 0 } else { 5 }, n: 5 });
        let r = hold_response(&doses, &Settings::default()).unwrap();
        assert_eq!((r.hold95.status, r.hold95.hi_s), (Status::OpenAbove, None));
        assert!((8.0..10.1).contains(&r.hold95.value_s.unwrap()), "{r:?}");
        assert_eq!(r.hold50.status, Status::Ok);
    }

    #[test]
    fn where_one_shape_fits_better_its_values_are_within_the_interval() {
        // Steep at the end, so Weibull; the logistic is plausible too, but only with a much longer hold99.
        let resets = [0, 3, 13, 23, 45, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50];
        let holds = (0..20).map(|i| 3.0 * 20.0_f64.powf(f64::from(i) / 19.0));
        let doses: Vec<Dose> = holds.zip(resets).map(|(hold_s, resets)| Dose { hold_s, resets, n: 50 }).collect();
        let r = hold_response(&doses, &Settings::default()).unwrap();
        let best = r.curve.unwrap().ln_hold_of_rate(0.99).exp();
        assert!(r.hold99.lo_s.unwrap() < best && best < r.hold99.hi_s.unwrap(), "{r:?}");
    }

    #[test]
    fn a_band_is_cut_at_95_percent_where_hold95_has_its_interval_and_the_inner_one_lies_inside() {
        let doses: Vec<Dose> =
            HOLDS.into_iter().zip([0, 0, 4, 37, 40, 40, 40]).map(|(hold_s, resets)| Dose { hold_s, resets, n: 40 }).collect();
        let (fit, slices) = (fit([0, 0, 4, 37, 40, 40, 40], 40), bands(&doses, &Settings::default()).unwrap());
        let curve = fit.curve.unwrap();
        assert!(slices.len() > 12 && slices.windows(2).all(|pair| pair[0].rate < pair[1].rate), "{slices:?}");
        // The band at a rate is what the threshold of that rate would have for its interval.
        let near = slices.iter().min_by(|a, b| (a.rate - 0.5).abs().total_cmp(&(b.rate - 0.5).abs())).unwrap();
        let (lo, hi) = (near.full.unwrap().lo_s.unwrap(), near.full.unwrap().hi_s.unwrap());
        assert!((lo / fit.hold50.lo_s.unwrap() - 1.0).abs() < 0.1 && (hi / fit.hold50.hi_s.unwrap() - 1.0).abs() < 0.1);
        for slice in &slices {
            let (Some(half), Some(full)) = (slice.half, slice.full) else { continue };
            assert!(
                full.lo_s <= half.lo_s && full.hi_s.is_none_or(|full| half.hi_s.is_some_and(|half| half <= full)),
                "{slice:?}"
            );
            let best = curve.ln_hold_of_rate(slice.rate).exp();
            assert!(half.lo_s.is_none_or(|lo| lo <= best) && half.hi_s.is_none_or(|hi| best <= hi), "{slice:?} {best}");
        }
        // Edges rise with the rate, since every curve does.
        let los: Vec<f64> = slices.iter().filter_map(|slice| slice.full?.lo_s).collect();
        assert!(los.is_sorted(), "{los:?}");
    }

    #[test]
    fn what_has_no_curve_has_no_band() {
        let window = HOLDS.into_iter().zip([0, 0, 10, 10, 9, 1, 0]).map(|(hold_s, resets)| Dose { hold_s, resets, n: 10 });
        assert_eq!(bands(&window.collect::<Vec<_>>(), &Settings::default()), Ok(vec![]));
        assert_eq!(bands(&[], &Settings::default()), Ok(vec![]));
    }

    #[test]
    fn too_little_is_not_enough() {
        let dose = |resets, n| Dose { hold_s: 10.0, resets, n };
        for doses in [vec![], vec![dose(5, 11)], vec![dose(0, 40)], vec![dose(40, 40)]] {
            let r = hold_response(&doses, &Settings::default()).unwrap();
            assert_eq!(r.hold50, Threshold::without_value(Status::NotEnoughData));
            assert_eq!((r.plateau, r.monotone_p), (None, None));
        }
        // One hold alone cannot tell a short threshold with many lapses from a threshold near that hold.
        let one_hold = hold_response(&[dose(5, 12)], &Settings::default()).unwrap();
        assert_eq!(one_hold.hold50, Threshold::without_value(Status::Open));
    }

    #[test]
    fn a_response_that_falls_again_has_two_edges_and_no_hold95() {
        let r = fit([0, 0, 10, 10, 9, 1, 0], 10);
        assert_eq!(r.hold95, Threshold::without_value(Status::NotMonotone));
        assert_eq!(r.hold95_rel.status, Status::NotMonotone);
        let Edges { from, to } = r.edges.unwrap();
        assert!((5.0..10.0).contains(&from.value_s.unwrap()), "{from:?}");
        assert!((30.0..45.0).contains(&to.value_s.unwrap()) && to.lo_s < to.hi_s, "{to:?}");
    }

    #[test]
    fn jittered_presses_give_the_same_answer_as_their_levels() {
        let resets = [0, 0, 2, 9, 10, 10, 10];
        let presses: Vec<Press> = (0..10_u32)
            .flat_map(|i| HOLDS.into_iter().zip(resets).map(move |(hold, resets)| (i, hold, resets)))
            .map(|(i, hold, resets)| Press { hold_s: hold * (1.0 + 0.0002 * f64::from(i)), reset: i < resets })
            .collect();
        let (a, b) = (response_of_presses(&presses, &Settings::default()).unwrap(), fit(resets, 10));
        for (a, b) in [(a.hold50, b.hold50), (a.hold95_rel, b.hold95_rel)] {
            for (a, b) in [(a.value_s, b.value_s), (a.lo_s, b.lo_s), (a.hi_s, b.hi_s)] {
                assert!((a.unwrap() / b.unwrap() - 1.0).abs() < 0.005, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_higher_confidence_is_wider_and_bad_settings_are_named() {
        let doses: Vec<Dose> =
            HOLDS.into_iter().zip([0, 0, 3, 9, 10, 10, 10]).map(|(hold_s, resets)| Dose { hold_s, resets, n: 10 }).collect();
        let at = |confidence, guess| hold_response(&doses, &Settings { confidence, guess });
        let (narrow, wide) = (at(0.8, 0.004).unwrap().hold50, at(0.99, 0.004).unwrap().hold50);
        assert!(wide.lo_s < narrow.lo_s && narrow.hi_s < wide.hi_s);
        assert_eq!(at(1.0, 0.004), Err(BadInput::Setting("confidence")));
        assert_eq!(at(0.95, 0.05), Err(BadInput::Setting("guess")));
        assert_eq!(at(f64::NAN, 0.0), Err(BadInput::Setting("confidence")));
    }

    #[test]
    fn huge_counts_neither_panic_nor_hang() {
        let resets = [0, 3, 1, u32::MAX - 9, u32::MAX, u32::MAX - 5_000_000, u32::MAX - 90_000_000];
        let doses: Vec<Dose> =
            HOLDS.into_iter().zip(resets).map(|(hold_s, resets)| Dose { hold_s, resets, n: u32::MAX }).collect();
        let r = hold_response(&doses, &Settings::default()).unwrap();
        assert_eq!(r.presses, u32::MAX);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_counts_give_ordered_finite_numbers(
            levels in prop::collection::vec((0.01..500.0_f64, 0_u32..9, 1_u32..9), 0..9), guess in prop_oneof![Just(0.0), Just(0.01)],
        ) {
            let doses: Vec<Dose> = levels.iter().map(|&(hold_s, k, n)| Dose { hold_s, resets: k.min(n), n }).collect();
            let settings = Settings { confidence: 0.95, guess };
            let r = hold_response(&doses, &settings).unwrap();
            prop_assert_eq!(hold_response(&doses, &settings).unwrap(), r);
            for t in [r.hold50, r.hold95, r.hold99, r.hold95_rel] {
                let numbers = [t.lo_s, t.value_s, t.hi_s].into_iter().flatten().collect::<Vec<f64>>();
                prop_assert!(numbers.is_sorted() && numbers.iter().all(|x| x.is_finite() && *x > 0.0), "{:?}", t);
                if !matches!(t.status, Status::NoSuchHold | Status::NotEnoughData | Status::NotMonotone) {
                    prop_assert_eq!(t.status, Status::of_bounds(t.lo_s, t.hi_s));
                }
            }
        }
    }
}
