//! A look over the whole likelihood of the hold response: every shape, spread and place once, each with
//! its best lapse. It finds the best curve and gives the profiles their starting points, so that no
//! second hill of the likelihood is missed.

use super::lapse::AlongLapse;
use super::likelihood::{Curve, Likelihood};
use super::link::Link;
use super::search::climb;

/// What the fit may assume.
#[derive(Clone, Copy, Debug)]
pub(super) struct Space {
    /// Shapes of the rise; the region of plausible curves is the union over them.
    pub(super) links: &'static [Link],
    /// Largest lapse, below 1.
    pub(super) lapse_max: f64,
    /// Smallest spread in ln(hold), > 0: below it a curve is a step for every purpose.
    pub(super) s_min: f64,
    /// Largest spread in ln(hold).
    pub(super) s_max: f64,
}

impl Space {
    /// The spread from its logarithm, kept within the space.
    pub(super) fn spread(&self, ln_s: f64) -> f64 {
        ln_s.exp().clamp(self.s_min, self.s_max)
    }

    /// The band, 0 to below `BANDS`, of equal width in ln(s), that a spread belongs to.
    pub(super) fn band(&self, s: f64) -> usize {
        let share = (s / self.s_min).ln() / (self.s_max / self.s_min).ln();
        ((share * BANDS as f64) as usize).min(BANDS - 1)
    }
}

/// A curve and its log-likelihood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) curve: Curve,
    pub(super) ll: f64,
}

/// What the look found.
pub(super) struct Explored {
    /// Every curve looked at, the best of each link included.
    pub(super) points: Vec<Point>,
    /// The maximum-likelihood curve. Among equals the steepest, in the middle of its gap.
    pub(super) best: Point,
}

/// Spreads looked at, evenly in ln(s).
const SPREADS: i32 = 30;

/// Steep, middling and shallow rises are searched apart: a likelihood with several hills has them there.
pub(super) const BANDS: usize = 4;

/// A curve with a rough lapse this far below the best in log-likelihood is not looked at any closer.
const HOPELESS: f64 = 50.0;

/// Two log-likelihoods this close are the same.
const SAME: f64 = 1e-6;

/// Looks over `space`; `None` if it has no link or the data no level.
pub(super) fn explore(like: &Likelihood, space: &Space) -> Option<Explored> {
    let mut points = Vec::new();
    let mut tops = Vec::new();
    for &link in space.links {
        let seen = scan(like, space, link);
        for band in 0..BANDS {
            let of_band: Vec<Point> = seen.iter().filter(|point| space.band(point.curve.s) == band).copied().collect();
            tops.extend(first_best(&of_band).map(|hill| polish(like, space, hill)));
        }
        points.extend(seen);
    }
    points.extend_from_slice(&tops);
    Some(Explored { points, best: first_best(&tops)? })
}

/// The best point, the first one among equals.
fn first_best(points: &[Point]) -> Option<Point> {
    points.iter().copied().reduce(|a, b| if b.ll > a.ll + SAME { b } else { a })
}

/// `curve` with the lapse that fits best.
fn with_best_lapse(along: &AlongLapse, space: &Space, curve: Curve) -> Point {
    let lapse = along.best(space.lapse_max);
    Point { curve: Curve { lapse, ..curve }, ll: along.of(lapse) }
}

/// Looks at every spread and place for one link, smallest spread first; leaves out what is hopeless.
fn scan(like: &Likelihood, space: &Space, link: Link) -> Vec<Point> {
    let mut points = Vec::new();
    let mut top = f64::NEG_INFINITY;
    let step = (space.s_max / space.s_min).ln() / f64::from(SPREADS - 1);
    for i in 0..SPREADS {
        let s = space.spread(space.s_min.ln() + step * f64::from(i));
        for ln_mu in places(like, s) {
            let curve = Curve { link, ln_mu, s, lapse: 0.0, guess: like.guess() };
            let along = like.along_lapse(&curve);
            if along.of(along.rough(space.lapse_max)) >= top - HOPELESS {
                let point = with_best_lapse(&along, space, curve);
                top = top.max(point.ll);
                points.push(point);
            }
        }
    }
    points
}

/// Where a rise of spread `s` makes a difference: around each level in steps of `s`, and once in the
/// middle of each gap.
fn places(like: &Likelihood, s: f64) -> Vec<f64> {
    let levels: Vec<f64> = like.levels().iter().map(|level| level.0).collect();
    let mut all: Vec<f64> = levels.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    for &x in &levels {
        all.extend((-7..=7).map(|i| x + s * f64::from(i)));
    }
    all.sort_by(f64::total_cmp);
    // Much closer than that is one place: this keeps many levels cheap.
    let mut last = f64::NEG_INFINITY;
    all.retain(|&place| {
        let far = place - last > (0.5 * s).min(0.1);
        last = if far { place } else { last };
        far
    });
    all
}

/// Climbs from `start` to its hilltop; a top that is no higher is not taken, so that a flat likelihood
/// keeps the middle of its gap.
fn polish(like: &Likelihood, space: &Space, start: Point) -> Point {
    let at = |[ln_mu, ln_s]: [f64; 2]| {
        let curve = Curve { ln_mu, s: space.spread(ln_s), ..start.curve };
        with_best_lapse(&like.along_lapse(&curve), space, curve)
    };
    let from = [start.curve.ln_mu, start.curve.s.ln()];
    let (top, ll) = climb(|p| at(p).ll, from, [0.5 * start.curve.s, 0.3], 1e-9);
    if ll > start.ll + SAME { at(top) } else { start }
}

#[cfg(test)]
mod tests {
    use super::super::dose::Dose;
    use super::*;

    const SPACE: Space = Space { links: &[Link::Logistic, Link::Weibull], lapse_max: 0.95, s_min: 0.003, s_max: 2.0 };

    fn look(resets: [u32; 7]) -> Explored {
        let holds = [3.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0];
        let doses: Vec<Dose> = holds.into_iter().zip(resets).map(|(hold_s, resets)| Dose { hold_s, resets, n: 10 }).collect();
        explore(&Likelihood::new(&doses, 0.004), &SPACE).unwrap()
    }

    #[test]
    fn separated_data_give_a_step_in_the_middle_of_the_gap() {
        let best = look([0, 0, 0, 10, 10, 10, 10]).best.curve;
        assert!((best.ln_mu.exp() - 200.0_f64.sqrt()).abs() < 1e-9, "{best:?}");
        assert_eq!((best.s, best.lapse), (SPACE.s_min, 0.0));
    }

    #[test]
    fn nothing_looked_at_beats_the_best() {
        for resets in [[0, 0, 3, 8, 9, 10, 9], [0, 4, 5, 6, 5, 6, 6], [1, 0, 0, 0, 0, 1, 6], [10, 9, 10, 10, 10, 10, 9]] {
            let seen = look(resets);
            assert!(seen.points.iter().all(|point| point.ll <= seen.best.ll + 1e-6), "{resets:?}");
        }
    }

    #[test]
    fn no_data_no_curve() {
        assert!(explore(&Likelihood::new(&[], 0.004), &SPACE).is_none());
        let no_links = Space { links: &[], ..SPACE };
        assert!(explore(&Likelihood::new(&[Dose { hold_s: 1.0, resets: 1, n: 2 }], 0.004), &no_links).is_none());
    }
}
