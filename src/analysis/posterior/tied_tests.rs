//! Adapters that may be tied, against enumeration of the whole tree.

use super::axes::*;
use super::tie::{Place, Ties};
use super::*;

const N: usize = 4 * N_X;
/// Holds at which the posterior is compared, seconds.
const HOLDS: [f64; 5] = [9.0, 12.0, 14.0, 17.0, 25.0];

fn presses(all: &[(f64, bool)]) -> Vec<Press> {
    all.iter().map(|(hold_s, reset)| Press { hold_s: *hold_s, reset: *reset }).collect()
}

fn ties(offsets: [(f64, f64); 2], odds: f64) -> Ties {
    Ties { offsets: offsets.map(|(ln_s, sd)| Place { ln_s, var: sd * sd }).to_vec(), odds }
}

fn camera(told: [&[Press]; 2], ties: Option<&Ties>) -> Camera {
    let mut camera = Camera::new(2, true);
    for i in 0..told[0].len().max(told[1].len()) {
        for (j, own) in told.iter().enumerate().filter(|(_, own)| i < own.len()) {
            if let Some(ties) = ties {
                camera.tie(j, ties);
            }
            camera.tell(j, own[i]);
        }
    }
    camera
}

/// Everything in double precision on a lattice four times as fine: the probability of a tie, and that half of the way to adapter 1's plateau is
/// reached below each of `HOLDS`.
fn enumerated(told: [&[Press]; 2], ties: &Ties) -> (f64, [f64; HOLDS.len()]) {
    let (low, high) = (LOCATION_RANGE.0.ln(), LOCATION_RANGE.1.ln());
    let step = (high - low) / N as f64;
    let at = |x: usize| low + step * (x as f64 + 0.5);
    let (columns, row_count) = (N_COL + N_TIED, N_LINK * N_LAPSE * N_SCALE);
    let near = |d: f64, sd: f64| {
        step * ((1.0 - STRANGER) * (-0.5 * (d / sd).powi(2)).exp() / (sd * std::f64::consts::TAU.sqrt())
            + STRANGER / (high - low))
    };
    let location = |j: usize, x: usize, column: usize| match column.checked_sub(N_COL) {
        None => near(at(x) - camera_x(column / SPREADS.len()), SPREADS[column % SPREADS.len()].0),
        Some(m) => near(at(x) - ties.offsets[j].ln_s - tied_x(m), TIED_SPREAD.hypot(ties.offsets[j].var.sqrt())),
    };
    let kernels: Vec<Vec<f64>> =
        (0..2).map(|j| (0..N * columns).map(|i| location(j, i / columns, i % columns)).collect()).collect();
    let rate = |row: usize, press: &Press, x: usize| {
        let (link, lapse, s) = parts(row);
        let rise = LINKS[link].0.rise((press.hold_s.ln() - at(x)) / (UNIT[link] * scale(s))).0;
        let reset = GUESS + (1.0 - GUESS - LAPSES[lapse].0) * rise;
        if press.reset { reset } else { 1.0 - reset }
    };
    let like = |j: usize, row: usize, x: usize| {
        (1.0 - NEVER - ALWAYS) * told[j].iter().map(|press| rate(row, press, x)).product::<f64>()
    };
    let states = |j: usize| -> f64 {
        let state =
            |p: f64, rate: f64| p * told[j].iter().map(|press| if press.reset { rate } else { 1.0 - rate }).product::<f64>();
        state(NEVER, GUESS) + state(ALWAYS, SURE)
    };
    let (lapses, scales) = (lapse_kernel(), scale_kernel::<N_SCALE>());
    // Weight of an adapter's row, given the camera's.
    let mix = |camera: usize, own: usize| {
        let ((a, l, s), (b, m, t)) = (parts(camera), parts(own));
        if a == b { lapses[l][m] * scales[s][t] } else { 0.0 }
    };
    let likes: Vec<Vec<f64>> = (0..2).map(|j| (0..row_count * N).map(|i| like(j, i / N, i % N)).collect()).collect();
    let mixed = |from: &[f64], down: bool| {
        let mut out = vec![0.0; row_count * columns];
        for a in 0..row_count {
            for b in 0..row_count {
                let w = if down { mix(b, a) } else { mix(a, b) };
                if w > 0.0 {
                    let row = &from[b * columns..][..columns];
                    out[a * columns..][..columns].iter_mut().zip(row).for_each(|(t, f)| *t += w * f);
                }
            }
        }
        out
    };
    let up = |j: usize| {
        let mut own = vec![0.0; row_count * columns];
        for row in 0..row_count {
            for x in 0..N {
                let (w, kernel) = (likes[j][row * N + x], &kernels[j][x * columns..][..columns]);
                own[row * columns..][..columns].iter_mut().zip(kernel).for_each(|(t, k)| *t += w * k);
            }
        }
        let mut out = mixed(&own, false);
        out.iter_mut().for_each(|w| *w += states(j));
        out
    };
    let prior = |i: usize| {
        let ((link, lapse, _), column) = (parts(i / columns), i % columns);
        let by = if column < N_COL {
            (1.0 - TIED) * SPREADS[column % SPREADS.len()].1 / N_M as f64
        } else {
            TIED * ties.odds / N_TIED as f64
        };
        LINKS[link].1 * LAPSES[lapse].1 / N_SCALE as f64 * by
    };
    let root: Vec<f64> = up(0).into_iter().enumerate().map(|(i, w)| w * prior(i)).collect();
    let (mut tied, mut total) = (0.0, 0.0);
    for (i, (w, own)) in root.iter().zip(up(1)).enumerate() {
        total += w * own;
        tied += if i % columns < N_COL { 0.0 } else { w * own };
    }
    let before = mixed(&root, true);
    let mut mass: Vec<f64> = vec![0.0; N];
    for row in 0..row_count {
        for (x, mass) in mass.iter_mut().enumerate() {
            let weights = before[row * columns..][..columns].iter().zip(&kernels[1][x * columns..]);
            *mass += likes[1][row * N + x] * weights.map(|(w, k)| w * k).sum::<f64>();
        }
    }
    let always = ALWAYS * told[1].iter().map(|press| if press.reset { SURE } else { 1.0 - SURE }).product::<f64>();
    let anywhere: f64 = root.iter().sum();
    let below = |hold_s: f64| mass.iter().enumerate().filter(|(x, _)| at(*x) < hold_s.ln()).map(|(_, w)| w).sum::<f64>();
    (tied / total, HOLDS.map(|hold_s| (below(hold_s) + always * anywhere) / total))
}

#[test]
fn tied_adapters_agree_with_enumeration() {
    let first = presses(&[(9.0, false), (30.0, true), (15.0, true), (12.0, false), (13.5, true), (12.5, false), (13.0, true)]);
    let second = presses(&[(20.0, true), (14.0, false)]);
    // Acknowledgements say that the second needs a fifth more.
    let ties = ties([(0.0, 0.02), (0.2, 0.03)], 1.3);
    let camera = camera([&first, &second], Some(&ties));
    let (tied, below) = enumerated([&first, &second], &ties);
    assert!((camera.tied() - tied).abs() < 0.02, "{} against {tied}", camera.tied());
    let hold = camera.posterior(1).distribution(Quantity::Relative(0.5));
    let half = (0.5 * camera.posterior(1).window.step).exp();
    for (hold_s, exact) in HOLDS.into_iter().zip(below) {
        // A window resolves half a cell, and no more.
        let (low, high) = (hold.below(hold_s / half) - 0.01, hold.below(hold_s * half) + 0.01);
        assert!(low <= exact && exact <= high, "{hold_s} s: {exact} not in {low} to {high}");
    }
}

#[test]
fn a_tie_that_is_ruled_out_or_taken_back_changes_nothing() {
    let told = presses(&[(9.0, false), (30.0, true), (15.0, true), (12.0, false)]);
    let other = presses(&[(20.0, true), (14.0, true), (11.0, false)]);
    let plain = camera([&told, &other], None);
    let ruled_out = camera([&told, &other], Some(&ties([(0.0, 0.02), (0.4, 0.02)], 0.0)));
    let mut taken_back = camera([&told, &other], Some(&ties([(0.0, 0.02), (0.4, 0.02)], 1.0)));
    assert!(ruled_out.tied() < 1e-9 && taken_back.tied() > 0.01);
    taken_back.untie();
    assert_eq!(taken_back.tied(), 0.0);
    for j in 0..2 {
        let ends = |camera: &Camera| camera.posterior(j).distribution(Quantity::Relative(0.95)).interval(0.95);
        let expected = ends(&plain);
        for (low, high) in [ends(&ruled_out), ends(&taken_back)] {
            assert!((low / expected.0 - 1.0).abs() < 1e-3 && (high / expected.1 - 1.0).abs() < 1e-3, "{low} {high} {expected:?}");
        }
    }
    // Nor does it count where an adapter is looked at by itself.
    let tied = camera([&told, &other], Some(&ties([(0.0, 0.02), (0.4, 0.02)], 1.0)));
    let alone = |camera: &Camera| camera.alone(1).distribution(Quantity::Relative(0.95)).interval(0.95);
    let (low, high) = alone(&tied);
    assert!((low / alone(&plain).0 - 1.0).abs() < 1e-2 && (high / alone(&plain).1 - 1.0).abs() < 1e-2, "{low} {high}");
}
