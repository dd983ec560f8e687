//! Profile likelihood: the range of a quantity over all curves that the data do not speak against.
//!
//! A value is plausible when the best curve that has it is at most `drop` below the best curve of all in
//! log-likelihood (Venzon and Moolgavkar 1988, Applied Statistics 37, 87-94). The range reported runs from
//! the lowest to the highest plausible value, also where values between them are not plausible.

use super::explore::{Explored, Point, Space};
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

/// Everything needed to profile one data set.
pub(super) struct Profile<'a> {
    pub(super) like: &'a Likelihood,
    pub(super) space: &'a Space,
    pub(super) explored: &'a Explored,
}

/// Ends are found to this precision, in ln hold or in lapse.
const PRECISION: f64 = 1e-6;

/// Log-likelihoods at given values are found to this precision.
const LEVEL: f64 = 1e-6;

impl Profile<'_> {
    /// The range of plausible values of `quantity` between two limits, for a `drop` > 0 in log-likelihood.
    ///
    /// `None` if no plausible curve has such a value at all.
    pub(super) fn range(&self, quantity: Quantity, drop: f64, limits: (f64, f64)) -> Option<Range> {
        let cut = self.explored.best.ll - drop;
        let mut range: Option<Range> = None;
        for &link in self.space.links {
            let plausible = |p: &&Point| p.curve.link == link && p.ll >= cut && quantity.of(&p.curve).is_finite();
            let inside: Vec<Point> = self.explored.points.iter().filter(plausible).copied().collect();
            let by_value = |a: &&Point, b: &&Point| quantity.of(&a.curve).total_cmp(&quantity.of(&b.curve));
            let (Some(lowest), Some(highest)) = (inside.iter().min_by(by_value), inside.iter().max_by(by_value)) else {
                continue;
            };
            let lo = self.end(quantity, lowest, limits.0, drop);
            let hi = self.end(quantity, highest, limits.1, drop);
            range = Some(match range {
                None => Range { lo, hi },
                Some(r) => Range { lo: r.lo.zip(lo).map(|(a, b)| a.min(b)), hi: r.hi.zip(hi).map(|(a, b)| a.max(b)) },
            });
        }
        range
    }

    /// Walks from a plausible point towards `limit`, in growing steps, to the last plausible value;
    /// `None` if the limit itself is plausible.
    fn end(&self, quantity: Quantity, start: &Point, limit: f64, drop: f64) -> Option<f64> {
        let mut inside = (quantity.of(&start.curve), self.excess(start.ll, drop));
        let mut curve = start.curve;
        let mut step = if quantity == Quantity::Lapse { 0.02 } else { 0.05 };
        let direction = (limit - self.value_of_best(quantity)).signum();
        while direction * (limit - inside.0) > 0.0 {
            let next = inside.0 + direction * step.min((limit - inside.0).abs());
            let point = self.best_at(quantity, next, &curve);
            let excess = self.excess(point.ll, drop);
            if excess > 0.0 {
                return Some(self.crossing(quantity, inside, (next, excess), curve, drop));
            }
            inside = (next, excess);
            curve = point.curve;
            step *= 2.0;
        }
        None
    }

    /// The value on the best curve, or a value within every pair of limits where it has none.
    fn value_of_best(&self, quantity: Quantity) -> f64 {
        quantity.of(&self.explored.best.curve)
    }
}
