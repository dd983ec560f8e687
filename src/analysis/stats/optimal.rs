//! The best place for trials when the response is known: what no design can beat, and so what a design is measured by.

use super::link::Link;
use super::regression::information;

/// Where trials go, in units of the spread from the median of a symmetric link (from the scale's own centre for the Weibull one).
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Places with their shares of the trials, one or two.
    pub points: Vec<(f64, f64)>,
    /// Variance of the estimate, times the number of trials, in squares of the spread.
    pub variance: f64,
}

impl Placement {
    /// The mean place of a trial.
    pub fn mean(&self) -> f64 {
        self.points.iter().map(|(z, share)| z * share).sum()
    }
}

/// Farthest place that is looked at, in units of the spread: beyond it a trial tells nothing.
const REACH: f64 = 20.0;
/// Two sides that tell the same but for this share are even: as near as the direction is found.
const EVEN: f64 = 1e-4;
/// Places are multiples of this: closer than any press is, and what a linear program over such places finds.
const FINE: f64 = 0.0025;
const GOLDEN: f64 = 0.618_033_988_749_895;

/// The distance from the median at which half of the trials on either side tell most of median and spread together: the largest determinant of
/// the information (D-optimal; for symmetric links two points, see Abdelbasit and Plackett 1983, Journal of the American Statistical
/// Association 78, 90-98). `None` for the Weibull link, which is not symmetric.
pub fn d_optimal(link: Link) -> Option<f64> {
    match link {
        Link::Logistic | Link::Normal => Some(top(|z| z * information(link, z), 0.0, 6.0)),
        Link::Weibull => None,
    }
}

/// The trials that tell most of the place where the linear predictor is `z` (c-optimal): Elfving (1952), Annals of Mathematical Statistics 23,
/// 255-262. Found through the dual: of all directions the one in which no trial tells more than the unit and the place tells most.
///
/// `None` for a `z` out of reach.
pub fn c_optimal(link: Link, z: f64) -> Option<Placement> {
    if z.abs() >= REACH {
        return None;
    }
    let told = |angle: f64| {
        let (cos, sin) = (angle.cos(), angle.sin());
        (cos + z * sin).abs() / farthest(link, angle).1
    };
    // The ratio has one top within half a turn around the direction of the place itself.
    let own = z.atan();
    let angle = top(told, own - std::f64::consts::FRAC_PI_2, own + std::f64::consts::FRAC_PI_2);
    let variance = told(angle).powi(2);
    Some(Placement { points: points(link, angle, z), variance })
}

/// What a trial at `z` tells in a direction, with its sign.
fn reach(link: Link, angle: f64, z: f64) -> f64 {
    information(link, z).sqrt() * (angle.cos() + z * angle.sin())
}

/// Where a trial tells most in a direction, and how much.
fn farthest(link: Link, angle: f64) -> (f64, f64) {
    let (left, right) = (top(|z| reach(link, angle, z), -REACH, REACH), top(|z| -reach(link, angle, z), -REACH, REACH));
    let (above, below) = (reach(link, angle, left), -reach(link, angle, right));
    if above >= below { (left, above) } else { (right, below) }
}

/// The one or two places that tell the most in a direction, weighted so that together they point at the place `z`.
fn points(link: Link, angle: f64, z: f64) -> Vec<(f64, f64)> {
    let sides = [1.0, -1.0].map(|sign| {
        let told = |x: f64| sign * reach(link, angle, x);
        let at = top(told, -REACH, REACH);
        let (below, above) = ((at / FINE).floor() * FINE, (at / FINE).ceil() * FINE);
        let at = if told(below) >= told(above) { below } else { above };
        let root = sign * information(link, at).sqrt();
        (at, sign * reach(link, angle, at), root, root * at)
    });
    let [(first, tells, a1, b1), (second, other, a2, b2)] = sides;
    // Where one side tells less, it alone would do worse, so it gets nothing.
    if tells.min(other) < (1.0 - EVEN) * tells.max(other) {
        return vec![(if tells > other { first } else { second }, 1.0)];
    }
    // (1, z) as a sum of both.
    let determinant = a1 * b2 - a2 * b1;
    let (u, v) = ((b2 - z * a2) / determinant, (z * a1 - b1) / determinant);
    let all = u.abs() + v.abs();
    vec![(first, u.abs() / all), (second, v.abs() / all)]
}

/// The place of the top of a function with one top after a coarse look, within `lo..=hi`.
fn top(of: impl Fn(f64) -> f64, lo: f64, hi: f64) -> f64 {
    const LOOKS: u32 = 400;
    let step = (hi - lo) / f64::from(LOOKS);
    let places = (0..=LOOKS).map(|i| lo + f64::from(i) * step);
    let coarse =
        places.map(|x| (x, of(x))).fold((lo, f64::NEG_INFINITY), |best, here| if here.1 > best.1 { here } else { best }).0;
    let (mut lo, mut hi) = ((coarse - step).max(lo), (coarse + step).min(hi));
    for _ in 0..60 {
        let (left, right) = (hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo));
        if of(left) < of(right) { lo = left } else { hi = right }
    }
    0.5 * (lo + hi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_designs() {
        // Abdelbasit and Plackett (1983): 17.6 % and 82.4 % (logit), 12.8 % and 87.2 % (probit).
        for (link, z) in [(Link::Logistic, 1.543), (Link::Normal, 1.138)] {
            assert!((d_optimal(link).unwrap() - z).abs() < 1e-3, "{link:?}");
        }
        assert_eq!(d_optimal(Link::Weibull), None);
        let median = c_optimal(Link::Logistic, 0.0).unwrap();
        assert!((median.variance - 4.0).abs() < 1e-6 && median.mean().abs() < 1e-4, "{median:?}");
        assert_eq!(c_optimal(Link::Logistic, 1e3), None);
    }

    #[test]
    fn no_pair_of_places_tells_more() {
        for link in [Link::Logistic, Link::Normal, Link::Weibull] {
            for z in [0.0, 1.1, 2.0, 2.944] {
                let best = c_optimal(link, z).unwrap();
                let total: f64 = best.points.iter().map(|point| point.1).sum();
                assert!((total - 1.0).abs() < 1e-9, "{best:?}");
                let places = || (0..60).map(|i| -4.0 + 8.0 * f64::from(i) / 59.0);
                for (x, y) in places().flat_map(|x| places().map(move |y| (x, y))).filter(|(x, y)| x < y) {
                    for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
                        let mut all = super::super::regression::Square::default();
                        all.add(share * information(link, x), x);
                        all.add((1.0 - share) * information(link, y), y);
                        let Some(inverse) = all.inverse() else { continue };
                        let (u, v) = inverse.times((1.0, z));
                        assert!(u + v * z >= best.variance * (1.0 - 1e-6), "{link:?} {z}: {x} {y} {share}: {best:?}");
                    }
                }
            }
        }
    }
}
