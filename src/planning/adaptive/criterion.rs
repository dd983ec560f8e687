//! What a press of a given hold is expected to teach, and what it costs.

use crate::analysis::posterior::axes::*;
use crate::analysis::posterior::{N_HOLD, Posterior, spread};

/// What a trial costs, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub boot_s: f64,
    pub success_s: f64,
    pub failure_s: f64,
}

impl Cost {
    /// Expected seconds of a press of `hold_s` that resets with probability `p`.
    pub fn expected(&self, hold_s: f64, p: f64) -> f64 {
        self.boot_s + hold_s + p * self.success_s + (1.0 - p) * self.failure_s
    }
}

/// Holds that may be asked for, as lattice indices of the posterior's window.
pub fn candidates(post: &Posterior<'_>, limits: (f64, f64), most: usize) -> Vec<usize> {
    let w = post.window;
    let (low, high) = (limits.0.ln(), limits.1.ln());
    let first = (((low - w.low) / w.step).ceil().max(0.0)) as usize;
    let last = (((high - w.low) / w.step).floor().min((N_HOLD - 1) as f64)).max(0.0) as usize;
    let stride = (last.saturating_sub(first) / most + 1).max(1);
    (first..=last).step_by(stride).collect()
}

/// The hold of a lattice index, seconds.
pub fn hold_of(post: &Posterior<'_>, i: usize) -> f64 {
    (post.window.low + post.window.step * i as f64).exp()
}

/// Mean and variance of ln(hold_q), given that the adapter has one.
pub fn moments(post: &Posterior<'_>, q: f64) -> (f64, f64) {
    let (mut n, mut s1, mut s2) = (0.0, 0.0, 0.0);
    for (ks, part) in post.collapsed.chunks(N_X).enumerate() {
        let offset = spread(ks) * LINKS[ks / N_SCALE].0.quantile(q) + post.window.low;
        for (x, w) in part.iter().enumerate() {
            let (w, t) = (f64::from(*w), offset + post.window.step * x as f64);
            n += w;
            s1 += w * t;
            s2 += w * t * t;
        }
    }
    (s1 / n, (s2 / n - (s1 / n).powi(2)).max(1e-12))
}

/// Sums of weights for every candidate: for each function `v` of (link-scale, location) the expectation of `v` and of `v p`.
pub struct Scan {
    /// Weight, and weight times (1 - g - l), by (link, scale), location.
    w0: Vec<f32>,
    w1: Vec<f32>,
}

impl Scan {
    pub fn new(post: &Posterior<'_>) -> Self {
        let mut w1 = vec![0.0_f32; N_LINK * N_SCALE * N_X];
        for row in 0..N_ROW {
            let (k, l, s) = parts(row);
            let ks = k * N_SCALE + s;
            let by = (1.0 - GUESS - LAPSES[l].0) as f32;
            w1[ks * N_X..(ks + 1) * N_X].iter_mut().zip(&post.weights[row * N_X..]).for_each(|(t, w)| *t += by * w);
        }
        Scan { w0: post.collapsed.clone(), w1 }
    }

    /// Probability of a reset at lattice hold `i`, over adapters that have a threshold.
    pub fn reset(&self, post: &Posterior<'_>, i: usize) -> f64 {
        let mut p = GUESS * self.w0.iter().map(|w| f64::from(*w)).sum::<f64>();
        for ks in 0..N_LINK * N_SCALE {
            let f = post.window.rise(ks, i);
            p += f64::from(dot(&self.w1[ks * N_X..(ks + 1) * N_X], f));
        }
        p
    }
}

pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            sum[k] += a[k] * b[k];
        }
    }
    sum.iter().sum()
}

/// Expected drop of ln Var(ln hold_q) for each candidate, and the probability of a reset.
pub fn log_variance_drop(post: &Posterior<'_>, q: f64, holds: &[usize]) -> Vec<(f64, f64)> {
    let scan = Scan::new(post);
    let (mean, var) = moments(post, q);
    let n = N_LINK * N_SCALE * N_X;
    let (mut v1, mut v2, mut t1, mut t2) = (vec![0.0_f32; n], vec![0.0_f32; n], 0.0_f64, 0.0_f64);
    let mut total = 0.0;
    for ks in 0..N_LINK * N_SCALE {
        let offset = spread(ks) * LINKS[ks / N_SCALE].0.quantile(q) + post.window.low - mean;
        for x in 0..N_X {
            let v = (offset + post.window.step * x as f64) as f32;
            let i = ks * N_X + x;
            v1[i] = scan.w1[i] * v;
            v2[i] = v1[i] * v;
            let w = f64::from(scan.w0[i]);
            total += w;
            t1 += w * f64::from(v);
            t2 += w * f64::from(v) * f64::from(v);
        }
    }
    holds
        .iter()
        .map(|&h| {
            let (mut s0, mut s1, mut s2) = (GUESS * total, GUESS * t1, GUESS * t2);
            for ks in 0..N_LINK * N_SCALE {
                let f = post.window.rise(ks, h);
                let r = ks * N_X..(ks + 1) * N_X;
                s0 += f64::from(dot(&scan.w1[r.clone()], f));
                s1 += f64::from(dot(&v1[r.clone()], f));
                s2 += f64::from(dot(&v2[r], f));
            }
            let variance = |n: f64, a: f64, b: f64| (b / n - (a / n).powi(2)).max(1e-9);
            let p = s0 / total;
            let gain = var.ln() - p * variance(s0, s1, s2).ln() - (1.0 - p) * variance(total - s0, t1 - s1, t2 - s2).ln();
            (gain, p)
        })
        .collect()
}

/// Expected information (nats) of each candidate about threshold, shape and the two states, lapses integrated out, and the probability of
/// a reset: the criterion of QUEST+ (Watson 2017) with the lapse marginal, as Prins (2013) has it.
pub fn information(post: &Posterior<'_>, holds: &[usize]) -> Vec<(f64, f64)> {
    let scan = Scan::new(post);
    // (link, scale) parts and, in them, the cells that matter.
    let parts: Vec<(usize, Vec<(usize, f32, f32)>)> = (0..N_LINK * N_SCALE)
        .map(|ks| {
            let cells = (0..N_X).map(|x| (x, scan.w0[ks * N_X + x], scan.w1[ks * N_X + x]));
            (ks, cells.filter(|(_, w, _)| *w > 3e-7).map(|(x, w, w1)| (x, w, w1 / w)).collect())
        })
        .collect();
    let table = EntropyTable::new();
    holds
        .iter()
        .map(|&h| {
            let (mut p, mut inner) = (0.0_f64, 0.0_f64);
            for (ks, cells) in &parts {
                let f = post.window.rise(*ks, h);
                let (mut a, mut b) = (0.0_f32, 0.0_f32);
                for &(x, w, slope) in cells {
                    let q = GUESS as f32 + slope * f[x];
                    a += w * q;
                    b += w * table.at(q);
                }
                p += f64::from(a);
                inner += f64::from(b);
            }
            p += post.never * GUESS + post.always * 0.98;
            inner += post.never * entropy(GUESS) + post.always * entropy(0.98);
            (entropy(p) - inner, p)
        })
        .collect()
}

fn entropy(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 { 0.0 } else { -p * p.ln() - (1.0 - p) * (1.0 - p).ln() }
}

/// Entropy at 1024 steps: the logarithms would be most of a decision's time.
struct EntropyTable(Vec<f32>);

impl EntropyTable {
    fn new() -> Self {
        EntropyTable((0..=1024).map(|i| entropy((f64::from(i)) / 1024.0) as f32).collect())
    }

    fn at(&self, p: f32) -> f32 {
        self.0[(p * 1024.0 + 0.5) as usize & 2047]
    }
}

/// Expected drop of ln(width of the 95 % interval of ln hold_q) for each candidate, and the probability of a reset.
pub fn log_width_drop(post: &Posterior<'_>, q: f64, tail: f64, holds: &[usize]) -> Vec<(f64, f64)> {
    let scan = Scan::new(post);
    // Bins of one step; each (link, scale) is shifted by its own offset, split between two neighbours.
    let shifts: Vec<(usize, f32)> = {
        let all: Vec<f64> = (0..N_LINK * N_SCALE).map(|ks| spread(ks) * LINKS[ks / N_SCALE].0.quantile(q) / post.window.step).collect();
        all.iter().map(|o| (o.max(0.0).floor() as usize, (o - o.floor()) as f32)).collect()
    };
    let live: Vec<usize> =
        (0..N_LINK * N_SCALE).filter(|ks| scan.w0[ks * N_X..(ks + 1) * N_X].iter().sum::<f32>() > 1e-6).collect();
    let bins = N_X + live.iter().map(|ks| shifts[*ks].0).max().unwrap_or(0) + 2;
    let mut whole = vec![0.0_f32; bins];
    for &ks in &live {
        add(&mut whole, &scan.w0[ks * N_X..(ks + 1) * N_X], None, shifts[ks]);
    }
    let total: f64 = whole.iter().map(|w| f64::from(*w)).sum();
    let now = width(&whole, tail);
    let (mut up, mut down) = (vec![0.0_f32; bins], vec![0.0_f32; bins]);
    holds
        .iter()
        .map(|&h| {
            up.iter_mut().zip(&whole).for_each(|(u, w)| *u = GUESS as f32 * w);
            for &ks in &live {
                add(&mut up, &scan.w1[ks * N_X..(ks + 1) * N_X], Some(post.window.rise(ks, h)), shifts[ks]);
            }
            down.iter_mut().zip(whole.iter().zip(&up)).for_each(|(d, (w, u))| *d = (w - u).max(0.0));
            let p = up.iter().map(|w| f64::from(*w)).sum::<f64>() / total;
            (now.ln() - p * width(&up, tail).ln() - (1.0 - p) * width(&down, tail).ln(), p)
        })
        .collect()
}

fn add(to: &mut [f32], weights: &[f32], by: Option<&[f32]>, (shift, part): (usize, f32)) {
    let mut product = [0.0_f32; N_X];
    match by {
        Some(f) => product.iter_mut().zip(weights.iter().zip(f)).for_each(|(t, (w, f))| *t = w * f),
        None => product.copy_from_slice(weights),
    }
    to[shift..shift + N_X].iter_mut().zip(&product).for_each(|(t, w)| *t += w * (1.0 - part));
    to[shift + 1..shift + 1 + N_X].iter_mut().zip(&product).for_each(|(t, w)| *t += w * part);
}

/// Width, in bins, between the two quantiles with `tail` beyond each.
fn width(bins: &[f32], tail: f64) -> f64 {
    let total: f64 = bins.iter().map(|w| f64::from(*w)).sum();
    let cut = |backwards: bool| {
        let mut sum = 0.0;
        for n in 0..bins.len() {
            let w = f64::from(bins[if backwards { bins.len() - 1 - n } else { n }]);
            if sum + w >= tail * total {
                return n as f64 + (tail * total - sum) / w.max(1e-30);
            }
            sum += w;
        }
        bins.len() as f64
    };
    (bins.len() as f64 - cut(false) - cut(true)).max(0.5)
}
