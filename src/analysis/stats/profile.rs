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
            let lo = self.end(quantity, lowest, (-1.0, limits.0), drop);
            let hi = self.end(quantity, highest, (1.0, limits.1), drop);
            range = Some(match range {
                None => Range { lo, hi },
                Some(r) => Range { lo: r.lo.zip(lo).map(|(a, b)| a.min(b)), hi: r.hi.zip(hi).map(|(a, b)| a.max(b)) },
            });
        }
        range
    }

    /// Walks from a plausible point in a direction (-1 or 1), in growing steps, to the last plausible value
    /// before the limit; `None` if the limit itself is plausible.
    fn end(&self, quantity: Quantity, start: &Point, (direction, limit): (f64, f64), drop: f64) -> Option<f64> {
        let mut inside = (quantity.of(&start.curve), self.excess(start.ll, drop));
        let mut curve = start.curve;
        let mut step: f64 = if quantity == Quantity::Lapse { 0.02 } else { 0.05 };
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

    /// The value between a plausible and an implausible (value, excess) at which the excess is zero: regula
    /// falsi with the Illinois rule (Dowell and Jarratt 1971, BIT 11, 168-174).
    fn crossing(&self, quantity: Quantity, mut inside: (f64, f64), mut outside: (f64, f64), mut curve: Curve, drop: f64) -> f64 {
        let mut last_was_inside = None;
        for _ in 0..60 {
            if (outside.0 - inside.0).abs() < PRECISION {
                break;
            }
            let share = inside.1 / (inside.1 - outside.1);
            let value = inside.0 + share.clamp(0.01, 0.99) * (outside.0 - inside.0);
            let point = self.best_at(quantity, value, &curve);
            let excess = self.excess(point.ll, drop);
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
    fn excess(&self, ll: f64, drop: f64) -> f64 {
        (2.0 * (self.explored.best.ll - ll).max(0.0)).sqrt() - (2.0 * drop).sqrt()
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
    const QUANTITIES: [Quantity; 4] = [Quantity::Rate(0.5), Quantity::Rate(0.95), Quantity::Rise(0.95), Quantity::Lapse];

    /// Every curve of a coarse grid that is plausible, found without any search.
    fn plausible_by_grid(like: &Likelihood, cut: f64, step: usize) -> Vec<Curve> {
        let mut found = Vec::new();
        for link in [Link::Logistic, Link::Weibull] {
            for i in (0..120).step_by(step) {
                let s = 0.003 * (2.0_f64 / 0.003).powf(i as f64 / 119.0);
                for j in (0..600).step_by(step) {
                    for k in (0..60).step_by(step) {
                        let lapse = 0.95 * (k as f64 / 59.0).powi(3);
                        let curve = Curve { link, ln_mu: -0.5 + 0.01 * j as f64, s, lapse, guess: GUESS };
                        if like.of(&curve) >= cut {
                            found.push(curve);
                        }
                    }
                }
            }
        }
        found
    }

    #[test]
    fn stress() {
        let mut seed = 1u64;
        let mut u = move || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as f64 / (1u64 << 31) as f64
        };
        let mut bad = 0;
        for rep in 0..60 {
            let mu = 4.0 * 10f64.powf(u());
            let s = 0.01 * 30f64.powf(u());
            let l = if u() < 0.4 { 0.0 } else { 0.5 * u() };
            let n = 3 + (u() * 20.0) as u32;
            let doses: Vec<Dose> = [3.0f64, 5.0, 8.0, 10.0, 14.0, 20.0, 30.0, 45.0, 60.0]
                .iter()
                .map(|&h| {
                    let p = (1.0 - l) / (1.0 + (-(h / mu).ln() / s).exp());
                    let k = (0..n).filter(|_| u() < p).count() as u32;
                    Dose { hold_s: h, resets: k, n }
                })
                .collect();
            let like = Likelihood::new(&doses, GUESS);
            let ex = explore(&like, &SPACE).unwrap();
            let pr = Profile { like: &like, space: &SPACE, explored: &ex };
            let cut = ex.best.ll - 2.69;
            let grid = plausible_by_grid(&like, cut, 1);
            for q in QUANTITIES {
                let limits = if q == Quantity::Lapse { (0.0, 0.95) } else { (3f64.ln() - 1.386, 60f64.ln() + 1.386) };
                let r = pr.range(q, 2.69, limits);
                let v: Vec<f64> = grid.iter().map(|c| q.of(c)).filter(|v| v.is_finite()).collect();
                let lo = v.iter().copied().fold(f64::INFINITY, f64::min);
                let hi = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let Some(r) = r else {
                    if !v.is_empty() {
                        println!("{rep} {q:?} none but grid {lo} {hi}");
                        bad += 1;
                    }
                    continue;
                };
                let tol = 1e-3;
                if r.lo.is_some_and(|a| lo < a - tol) || r.hi.is_some_and(|b| hi > b + tol) {
                    bad += 1;
                    println!("{rep} {q:?} {r:?} grid {lo} {hi} {:?} n {n}", doses.iter().map(|d| d.resets).collect::<Vec<_>>());
                }
                for (e, g) in [(r.lo, lo), (r.hi, hi)] {
                    if let Some(e) = e
                        && (e - g).abs() > 0.12
                        && v.len() > 5
                    {
                        println!("wide? {rep} {q:?} end {e} grid {g}");
                    }
                }
            }
            if ex.best.ll < grid.iter().map(|c| like.of(c)).fold(f64::NEG_INFINITY, f64::max) - 1e-4 {
                println!("{rep} best is not best");
                bad += 1;
            }
        }
        panic!("bad {bad}");
    }
}
