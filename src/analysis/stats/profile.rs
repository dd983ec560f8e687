//! Profile likelihood: the range of a quantity over all curves that the data do not speak against.
//!
//! A value is plausible when the best curve that has it is at most `drop` below the best curve of all in
//! log-likelihood (Venzon and Moolgavkar 1988, Applied Statistics 37, 87-94). The range reported runs from
//! the lowest to the highest plausible value, also where values between them are not plausible.

use super::explore::{BANDS, Explored, Point, Space};
use super::likelihood::{Curve, Likelihood};
use super::search::climb;

/// A number that can be read off a success curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quantity {
    /// ln hold at which the success rate is this; +inf where the plateau does not exceed it.
    Rate(f64),
    /// ln hold at this share of the way from floor to plateau.
    Rise(f64),
    /// The lapse.
    Lapse,
}

impl Quantity {
    pub(super) fn of(self, curve: &Curve) -> f64 {
        match self {
            Quantity::Rate(q) => curve.ln_hold_of_rate(q),
            Quantity::Rise(q) => curve.ln_hold_of_rise(q),
            Quantity::Lapse => curve.lapse,
        }
    }
}

/// The plausible range; an end is `None` where values down or up to the limit are plausible.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) lo: Option<f64>,
    pub(super) hi: Option<f64>,
}

/// The curves that the data do not speak against.
pub(super) struct Region {
    like: Likelihood,
    space: Space,
    /// Log-likelihood of the best curve.
    best: f64,
    /// How far below that a plausible curve may lie.
    drop: f64,
    /// Plausible curves from all over the region; its ends are searched from the nearest.
    seeds: Vec<Point>,
}

/// Ends are found to this precision, in ln hold or in lapse.
const PRECISION: f64 = 2e-6;

/// An excess this small is none, in standard errors.
const ON_THE_CUT: f64 = 3e-5;

/// A further start is worth while if it gets this much farther.
const NUDGE: f64 = 1e-3;

/// Log-likelihoods at given values are found to this precision.
const LEVEL: f64 = 5e-5;

impl Region {
    /// The curves at most `drop` > 0 below the best in log-likelihood.
    pub(super) fn new(like: &Likelihood, space: &Space, explored: &Explored, drop: f64) -> Self {
        let best = explored.best.ll;
        let cut = best - drop;
        let mut seeds = Vec::new();
        for point in explored.points.iter().filter(|point| point.ll >= cut) {
            let lapse = point.curve.lapse;
            let along = like.along_lapse(&point.curve);
            let (least, most) = along.ends(lapse, cut, space.lapse_max);
            for lapse in [least, lapse, most] {
                seeds.push(Point { curve: Curve { lapse, ..point.curve }, ll: along.of(lapse) });
            }
        }
        Region { like: like.clone(), space: *space, best, drop, seeds }
    }

    /// The range of plausible values of `quantity` between two limits; `None` if no plausible curve has such
    /// a value at all.
    pub(super) fn range(&self, quantity: Quantity, limits: (f64, f64)) -> Option<Range> {
        let lo = self.end(quantity, -1.0, limits.0)?;
        let hi = self.end(quantity, 1.0, limits.1)?;
        // A whole range beyond a limit still has that limit as its bound.
        Some(Range { lo: (lo > limits.0).then_some(lo.min(limits.1)), hi: (hi < limits.1).then_some(hi.max(limits.0)) })
    }

    /// Lowest and highest value on the curves kept, not searched any finer; +inf where a curve has none.
    pub(super) fn span(&self, quantity: Quantity) -> (f64, f64) {
        let values = self.seeds.iter().map(|seed| quantity.of(&seed.curve));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)))
    }

    /// The last plausible value in a direction (-1 or 1), or the limit where that is plausible; `None` if no
    /// seed has a value.
    ///
    /// The likelihood may have several hills, so the search starts from several seeds: each goes on from the
    /// end that the ones before it have found.
    fn end(&self, quantity: Quantity, direction: f64, limit: f64) -> Option<f64> {
        let mut end: Option<f64> = None;
        for seed in self.starts(quantity, direction) {
            let from = match end {
                None => seed,
                Some(end) => self.best_at(quantity, end + direction * NUDGE, &seed.curve),
            };
            if self.excess(from.ll) <= 0.0 && end.is_none_or(|end| direction * (limit - end) > 0.0) {
                end = Some(self.walk(quantity, &from, direction, limit));
            }
        }
        end
    }

    /// The seeds that lie farthest in a direction, one of each link and band of spreads, the farthest first.
    fn starts(&self, quantity: Quantity, direction: f64) -> Vec<Point> {
        let reach = |seed: &Point| direction * quantity.of(&seed.curve);
        let farther = |a: &Point, b: &Point| reach(b).total_cmp(&reach(a));
        let mut starts = Vec::new();
        for &link in self.space.links {
            for band in 0..BANDS {
                let near = |seed: &&Point| seed.curve.link == link && self.space.band(seed.curve.s) == band;
                let with_value = self.seeds.iter().filter(near).filter(|seed| reach(seed).is_finite());
                starts.extend(with_value.copied().min_by(farther));
            }
        }
        starts.extend(self.with_rate_in_reach(quantity));
        starts.sort_by(farther);
        starts
    }

    /// For a rate: the best curves at lapses that leave it in reach, as far as they are plausible. Those curves
    /// may be few among the plausible ones, and no seed.
    fn with_rate_in_reach(&self, quantity: Quantity) -> Vec<Point> {
        let Quantity::Rate(rate) = quantity else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for &link in self.space.links {
            let of_link = self.seeds.iter().filter(|seed| seed.curve.link == link);
            let Some(near) = of_link.min_by(|a, b| a.curve.lapse.total_cmp(&b.curve.lapse)) else {
                continue;
            };
            let lapses = [0.0, 0.3, 0.6, 0.9].map(|share| share * (1.0 - rate));
            found.extend(lapses.map(|lapse| self.best_at(Quantity::Lapse, lapse, &near.curve)));
        }
        found.retain(|point| self.excess(point.ll) <= 0.0);
        found
    }

    /// Walks from a plausible point in a direction, in growing steps, to the last plausible value before the
    /// limit, or to the limit if that is plausible.
    fn walk(&self, quantity: Quantity, start: &Point, direction: f64, limit: f64) -> f64 {
        let mut inside = (quantity.of(&start.curve), self.excess(start.ll));
        let mut curve = start.curve;
        let mut step: f64 = if quantity == Quantity::Lapse { 0.02 } else { 0.05 };
        while direction * (limit - inside.0) > 0.0 {
            let next = inside.0 + direction * step;
            let next = if direction * (limit - next) > 0.0 { next } else { limit };
            let point = self.best_at(quantity, next, &curve);
            let excess = self.excess(point.ll);
            if excess > 0.0 {
                return self.crossing(quantity, inside, (next, excess), curve);
            }
            inside = (next, excess);
            curve = point.curve;
            step *= 2.0;
        }
        limit
    }

    /// The value between a plausible and an implausible (value, excess) at which the excess is zero: regula
    /// falsi with the Illinois rule (Dowell and Jarratt 1971, BIT 11, 168-174).
    fn crossing(&self, quantity: Quantity, mut inside: (f64, f64), mut outside: (f64, f64), mut curve: Curve) -> f64 {
        let mut last_was_inside = None;
        for _ in 0..60 {
            if (outside.0 - inside.0).abs() < PRECISION {
                break;
            }
            let share = inside.1 / (inside.1 - outside.1);
            let value = inside.0 + share.clamp(0.01, 0.99) * (outside.0 - inside.0);
            let point = self.best_at(quantity, value, &curve);
            let excess = self.excess(point.ll);
            if excess.abs() < ON_THE_CUT {
                return value;
            }
            let is_inside = excess <= 0.0;
            let same_side_again = last_was_inside == Some(is_inside);
            last_was_inside = Some(is_inside);
            if is_inside {
                inside = (value, excess);
                curve = point.curve;
                outside.1 *= if same_side_again { 0.5 } else { 1.0 };
            } else {
                outside = (value, excess);
                inside.1 *= if same_side_again { 0.5 } else { 1.0 };
            }
        }
        inside.0
    }

    /// How far a log-likelihood lies below the cut, on the scale of standard errors, where it is nearly
    /// linear in the value: negative for plausible ones.
    fn excess(&self, ll: f64) -> f64 {
        (2.0 * (self.best - ll).max(0.0)).sqrt() - (2.0 * self.drop).sqrt()
    }

    /// The best curve, of the shape of `near` and found from there, on which `quantity` has `value`.
    pub(super) fn best_at(&self, quantity: Quantity, value: f64, near: &Curve) -> Point {
        let at = |p: [f64; 2]| self.curve_with(quantity, value, near, p);
        let (start, steps) = match quantity {
            Quantity::Lapse => ([near.s.ln(), near.ln_mu], [0.3, 0.5 * near.s]),
            Quantity::Rise(_) => ([near.s.ln(), near.lapse], [0.3, 0.03]),
            Quantity::Rate(q) => ([near.s.ln(), near.lapse], [0.3, 0.03_f64.min(0.2 * (1.0 - q))]),
        };
        let (top, ll) = climb(|p| self.like.of(&at(p)), start, steps, LEVEL);
        Point { curve: at(top), ll }
    }

    /// The curve on which `quantity` has `value`, with two free parameters: ln of the spread, and the
    /// lapse (for the lapse itself: `ln_mu`). A lapse below 0 is mirrored, so the search may step over 0.
    fn curve_with(&self, quantity: Quantity, value: f64, near: &Curve, [ln_s, other]: [f64; 2]) -> Curve {
        let mut curve = Curve { s: self.space.spread(ln_s), ..*near };
        match quantity {
            Quantity::Lapse => {
                curve.lapse = value;
                curve.ln_mu = other;
            }
            Quantity::Rise(_) => curve.lapse = other.abs().min(self.space.lapse_max),
            // The plateau must exceed the rate, or there is no such hold.
            Quantity::Rate(q) => curve.lapse = other.abs().min(self.space.lapse_max).min((1.0 - q) * (1.0 - 1e-9)),
        }
        if quantity != Quantity::Lapse {
            curve.ln_mu = 0.0;
            curve.ln_mu = value - quantity.of(&curve);
        }
        curve
    }
}

#[cfg(test)]
mod tests {
    use super::super::dose::Dose;
    use super::super::explore::explore;
    use super::super::link::Link;
    use super::*;
    use proptest::prelude::*;

    const SPACE: Space = Space { links: &[Link::Logistic, Link::Weibull], lapse_max: 0.95, s_min: 0.003, s_max: 2.0 };
    const GUESS: f64 = 0.004;

    /// The plausible curves of a coarse grid, found without any search.
    fn plausible_by_grid(like: &Likelihood, cut: f64) -> Vec<Curve> {
        let mut found = Vec::new();
        for link in SPACE.links {
            for (i, j, k) in (0..30).flat_map(|i| (0..120).flat_map(move |j| (0..15).map(move |k| (i, j, k)))) {
                let s = SPACE.s_min * (SPACE.s_max / SPACE.s_min).powf(f64::from(i) / 29.0);
                let ln_mu = 0.5 + 0.035 * f64::from(j);
                let lapse = 0.8 * (f64::from(k) / 14.0).powi(2);
                let curve = Curve { link: *link, ln_mu, s, lapse, guess: GUESS };
                if like.of(&curve) >= cut {
                    found.push(curve);
                }
            }
        }
        found
    }

    /// Presses at nine holds of a device drawn by three numbers in 0..1, a few a hold.
    fn device() -> impl Strategy<Value = Vec<Dose>> {
        let holds = [3.0, 5.0, 8.0, 10.0, 14.0, 20.0, 30.0, 45.0, 60.0_f64];
        (3_u32..60, 1.3..3.8_f64, -4.5..-1.0_f64, 0.0..0.5_f64, prop::collection::vec(-0.15..0.15_f64, 9)).prop_map(
            move |(n, ln_mu, ln_s, lapse, noise)| {
                let curve = Curve { link: Link::Logistic, ln_mu, s: ln_s.exp(), lapse, guess: 0.0 };
                let resets = |hold: f64, noise: f64| ((curve.rate(hold) + noise).clamp(0.0, 1.0) * f64::from(n)).round() as u32;
                holds.iter().zip(noise).map(|(&hold_s, noise)| Dose { hold_s, resets: resets(hold_s, noise), n }).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn no_plausible_curve_lies_outside_and_every_end_is_plausible(doses in device()) {
            let like = Likelihood::new(&doses, GUESS);
            let explored = explore(&like, &SPACE).unwrap();
            let region = Region::new(&like, &SPACE, &explored, 2.4);
            let plausible = plausible_by_grid(&like, region.best - 2.4);
            let ln = |hold: f64| hold.ln();
            for (quantity, limits) in [
                (Quantity::Rate(0.5), (ln(0.75), ln(240.0))),
                (Quantity::Rise(0.95), (ln(0.75), ln(240.0))),
                (Quantity::Lapse, (0.0, 0.95)),
            ] {
                let Some(range) = region.range(quantity, limits) else { continue };
                let (lo, hi) = (range.lo.unwrap_or(f64::NEG_INFINITY), range.hi.unwrap_or(f64::INFINITY));
                for curve in &plausible {
                    let value = quantity.of(curve);
                    prop_assert!(lo - 2e-3 <= value && (value <= hi + 2e-3 || value == f64::INFINITY), "{quantity:?} {range:?} {curve:?}");
                }
                for end in [range.lo, range.hi].into_iter().flatten() {
                    // The certificate: a curve with just this value, by its own parameters, that reaches the cut.
                    let best = region.seeds.iter().map(|seed| region.best_at(quantity, end, &seed.curve));
                    let best = best.max_by(|a, b| a.ll.total_cmp(&b.ll)).unwrap();
                    prop_assert!((quantity.of(&best.curve) - end).abs() < 1e-9);
                    prop_assert!(like.of(&best.curve) >= region.best - 2.4 - 1e-3, "{quantity:?} {range:?}");
                }
            }
        }
    }
}
