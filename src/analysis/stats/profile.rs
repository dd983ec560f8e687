//! Maximum likelihood and profile-likelihood intervals of the hold response.
use super::likelihood::{Curve, Likelihood};
use super::link::Link;
use super::search::climb;

/// What the fit may assume.
#[derive(Clone, Copy, Debug)]
pub(super) struct Space {
    pub links: &'static [Link],
    pub lapse_max: f64,
    pub s_min: f64,
    pub s_max: f64,
}

/// A number read off a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quantity {
    /// ln hold at which the success rate is q.
    Rate(f64),
    /// ln hold at the share q of the way from floor to plateau.
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

#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub curve: Curve,
    pub ll: f64,
}

pub(super) struct Explored {
    like: Likelihood,
    space: Space,
    points: Vec<Point>,
    pub best: Point,
    pub per_link: Vec<Point>,
}

const TOLERANCE: f64 = 1e-6;
const SPREADS: usize = 20;

impl Explored {
    pub(super) fn new(like: Likelihood, space: Space) -> Option<Self> {
        let mut points = Vec::new();
        let mut per_link = Vec::new();
        for &link in space.links {
            let from = points.len();
            scan(&like, &space, link, &mut points);
            let start = first_best(&points[from..])?;
            let top = polish(&like, &space, start);
            points.push(top);
            per_link.push(top);
        }
        let best = first_best(&per_link)?;
        Some(Explored { like, space, points, best, per_link })
    }

    /// hull
    pub(super) fn ends(&self, q: Quantity, drop: f64, limits: (f64, f64)) -> (Option<f64>, Option<f64>) {
        let cut = self.best.ll - drop;
        let mut lo = f64::INFINITY;
        let mut hi = f64::NEG_INFINITY;
        for &link in self.space.links {
            let own = std::env::var("OWN").is_ok();
            let top = self.per_link.iter().find(|p| p.curve.link == link).map(|p| p.ll).unwrap_or(0.0);
            if own && top < self.best.ll - 3.0 { continue; }
            let top = if own { top } else { self.best.ll };
            let cut = top - drop;
            let inside = self.points.iter().filter(|p| p.curve.link == link && p.ll >= cut && q.of(&p.curve).is_finite());
            let low = inside.clone().min_by(|a, b| q.of(&a.curve).total_cmp(&q.of(&b.curve)));
            let high = inside.max_by(|a, b| q.of(&a.curve).total_cmp(&q.of(&b.curve)));
            if let (Some(low), Some(high)) = (low, high) {
                lo = lo.min(self.push(q, low, -1.0, cut, top, limits.0));
                hi = hi.max(self.push(q, high, 1.0, cut, top, limits.1));
            }
        }
        if lo > hi { return (None, None); }
        ((lo > limits.0).then_some(lo), (hi < limits.1).then_some(hi))
    }

    /// From a point inside outward.
    fn push(&self, q: Quantity, from: &Point, dir: f64, cut: f64, top: f64, limit: f64) -> f64 {
        let root = |ll: f64| (2.0 * (top - ll).max(0.0)).sqrt() - (2.0 * (top - cut)).sqrt();
        let mut inside = (q.of(&from.curve), root(from.ll));
        let mut curve = from.curve;
        if dir * (inside.0 - limit) >= 0.0 { return limit; }
        let mut step = if q == Quantity::Lapse { 0.02 } else { 0.05 };
        let mut outside;
        loop {
            let t = inside.0 + dir * step;
            let t = if dir * (t - limit) >= 0.0 { limit } else { t };
            let p = self.profile(q, t, &curve);
            if p.ll >= cut {
                inside = (t, root(p.ll));
                curve = p.curve;
                if t == limit { return limit; }
                step *= 2.0;
            } else {
                outside = (t, root(p.ll));
                break;
            }
        }
        let mut side = 0;
        for _ in 0..60 {
            if (outside.0 - inside.0).abs() < 2e-6 { break; }
            let w = inside.1 / (inside.1 - outside.1);
            let mut t = inside.0 + w * (outside.0 - inside.0);
            if !(w > 0.001 && w < 0.999) { t = 0.5 * (inside.0 + outside.0); }
            let p = self.profile(q, t, &curve);
            let r = root(p.ll);
            if r <= 0.0 {
                inside = (t, r); curve = p.curve;
                if side == 1 { outside.1 *= 0.5; }
                side = 1;
                if r > -1e-6 { break; }
            } else {
                outside = (t, r);
                if side == -1 { inside.1 *= 0.5; }
                side = -1;
                if r < 1e-6 { inside = outside; break; }
            }
        }
        inside.0
    }

    /// Best with quantity = t, near `near`.
    pub(super) fn profile(&self, q: Quantity, t: f64, near: &Curve) -> Point {
        let build = |p: [f64; 2]| -> Curve {
            let mut c = *near;
            match q {
                Quantity::Lapse => {
                    c.lapse = t;
                    c.ln_mu = p[0];
                    c.s = p[1].clamp(self.space.s_min.ln(), self.space.s_max.ln()).exp();
                }
                Quantity::Rise(r) => {
                    c.s = p[0].clamp(self.space.s_min.ln(), self.space.s_max.ln()).exp();
                    c.lapse = p[1].abs().min(self.space.lapse_max);
                    c.ln_mu = t - c.s * c.link.quantile(r);
                }
                Quantity::Rate(r) => {
                    c.s = p[0].clamp(self.space.s_min.ln(), self.space.s_max.ln()).exp();
                    c.lapse = p[1].abs().min(self.space.lapse_max).min((1.0 - r) * (1.0 - 1e-9));
                    c.ln_mu = t - c.s * c.link.quantile((r - c.guess) / (1.0 - c.guess - c.lapse));
                }
            }
            c
        };
        let (start, steps) = match q {
            Quantity::Lapse => ([near.ln_mu, near.s.ln()], [0.5 * near.s, 0.3]),
            Quantity::Rise(_) => ([near.s.ln(), near.lapse], [0.3, 0.03]),
            Quantity::Rate(r) => ([near.s.ln(), near.lapse], [0.3, 0.03_f64.min(0.2 * (1.0 - r))]),
        };
        let (p, ll) = climb(|p| self.like.of(&build(p)), start, steps, TOLERANCE);
        Point { curve: build(p), ll }
    }
}

fn first_best(points: &[Point]) -> Option<Point> {
    points.iter().copied().reduce(|a, b| if b.ll > a.ll + 1e-9 { b } else { a })
}

fn scan(like: &Likelihood, space: &Space, link: Link, points: &mut Vec<Point>) {
    let mut scratch = Vec::new();
    let ratio = (space.s_max / space.s_min).powf(1.0 / (SPREADS - 1) as f64);
    for i in 0..SPREADS {
        let s = space.s_min * ratio.powi(i as i32);
        for ln_mu in places(like, s) {
            let lapse = like.best_lapse(link, ln_mu, s, space.lapse_max, &mut scratch);
            let curve = Curve { link, ln_mu, s, lapse, guess: like.guess() };
            points.push(Point { curve, ll: like.of(&curve) });
        }
    }
}

fn places(like: &Likelihood, s: f64) -> Vec<f64> {
    let x: Vec<f64> = like.levels().iter().map(|l| l.0).collect();
    let mut all: Vec<f64> = x.windows(2).map(|w| 0.5 * (w[0] + w[1])).collect();
    for &x in &x {
        all.extend((-7..=7).map(|i| x + s * f64::from(i)));
    }
    all.sort_by(f64::total_cmp);
    let mut last = f64::NEG_INFINITY;
    all.retain(|&m| { let keep = m - last > 0.5 * s; if keep { last = m; } keep });
    all
}

fn polish(like: &Likelihood, space: &Space, start: Point) -> Point {
    let link = start.curve.link;
    let build = |p: [f64; 2]| {
        let s = p[1].clamp(space.s_min.ln(), space.s_max.ln()).exp();
        let lapse = like.best_lapse(link, p[0], s, space.lapse_max, &mut Vec::new());
        Curve { link, ln_mu: p[0], s, lapse, guess: like.guess() }
    };
    let (p, ll) = climb(|p| like.of(&build(p)), [start.curve.ln_mu, start.curve.s.ln()], [0.5 * start.curve.s, 0.3], 1e-9);
    if ll > start.ll + 1e-6 { Point { curve: build(p), ll } } else { start }
}
