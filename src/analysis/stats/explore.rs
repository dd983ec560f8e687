//! A look over the whole likelihood of the hold response: every shape, spread and place once, each with
//! its best lapse. It finds the best curve and gives the profiles their starting points, so that no
//! second hill of the likelihood is missed.

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
const SPREADS: i32 = 20;

/// Two log-likelihoods this close are the same.
const SAME: f64 = 1e-6;

/// Looks over `space`; `None` if it has no link or the data no level.
pub(super) fn explore(like: &Likelihood, space: &Space) -> Option<Explored> {
    let mut points = Vec::new();
    let mut tops = Vec::new();
    for &link in space.links {
        let seen = scan(like, space, link);
        tops.push(polish(like, space, first_best(&seen)?));
        points.extend(seen);
    }
    points.extend_from_slice(&tops);
    Some(Explored { points, best: first_best(&tops)? })
}

/// The best point, the first one among equals.
fn first_best(points: &[Point]) -> Option<Point> {
    points.iter().copied().reduce(|a, b| if b.ll > a.ll + SAME { b } else { a })
}

/// Looks at every spread and place for one link, smallest spread first.
fn scan(like: &Likelihood, space: &Space, link: Link) -> Vec<Point> {
    let mut scratch = Vec::new();
    let mut points = Vec::new();
    let step = (space.s_max / space.s_min).ln() / f64::from(SPREADS - 1);
    for i in 0..SPREADS {
        let s = space.spread(space.s_min.ln() + step * f64::from(i));
        for ln_mu in places(like, s) {
            let lapse = like.best_lapse(link, ln_mu, s, space.lapse_max, &mut scratch);
            let curve = Curve { link, ln_mu, s, lapse, guess: like.guess() };
            points.push(Point { curve, ll: like.of(&curve) });
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
    // Closer than half a step is one place: this keeps many levels cheap.
    let mut last = f64::NEG_INFINITY;
    all.retain(|&place| {
        let far = place - last > 0.5 * s;
        last = if far { place } else { last };
        far
    });
    all
}

/// Climbs from `start` to its hilltop; a top that is no higher is not taken, so that a flat likelihood
/// keeps the middle of its gap.
fn polish(like: &Likelihood, space: &Space, start: Point) -> Point {
    let at = |[ln_mu, ln_s]: [f64; 2]| {
        let mut curve = Curve { ln_mu, s: space.spread(ln_s), ..start.curve };
        curve.lapse = like.best_lapse(curve.link, ln_mu, curve.s, space.lapse_max, &mut Vec::new());
        Point { curve, ll: like.of(&curve) }
    };
    let from = [start.curve.ln_mu, start.curve.s.ln()];
    let (top, ll) = climb(|p| at(p).ll, from, [0.5 * start.curve.s, 0.3], 1e-9);
    if ll > start.ll + SAME { at(top) } else { start }
}
