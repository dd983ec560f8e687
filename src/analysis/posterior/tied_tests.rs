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

const COLUMNS: usize = N_COL + N_TIED;

/// Both adapters in double precision on a lattice four times as fine, by the formulas of the modules' documentation.
struct Enumerated<'a> {
    told: [&'a [Press]; 2],
    ties: &'a Ties,
    /// `[x][column]`.
    kernels: [Vec<f64>; 2],
    /// `[row][x]`.
    likes: [Vec<f64>; 2],
}

fn range() -> f64 {
    (LOCATION_RANGE.1 / LOCATION_RANGE.0).ln()
}

fn at(x: usize) -> f64 {
    LOCATION_RANGE.0.ln() + range() / N as f64 * (x as f64 + 0.5)
}

fn location(x: usize, column: usize, offset: Place) -> f64 {
    let (d, sd) = match column.checked_sub(N_COL) {
        None => (at(x) - camera_x(column / SPREADS.len()), SPREADS[column % SPREADS.len()].0),
        Some(m) => (at(x) - offset.ln_s - tied_x(m), TIED_SPREAD.hypot(offset.var.sqrt())),
    };
    let near = (-0.5 * (d / sd).powi(2)).exp() / (sd * std::f64::consts::TAU.sqrt());
    range() / N as f64 * ((1.0 - STRANGER) * near + STRANGER / range())
}

fn rate(row: usize, press: &Press, x: usize) -> f64 {
    let (link, lapse, s) = parts(row);
    let rise = LINKS[link].0.rise((press.hold_s.ln() - at(x)) / (UNIT[link] * scale(s))).0;
    outcome(press, GUESS + (1.0 - GUESS - LAPSES[lapse].0) * rise)
}

fn outcome(press: &Press, reset: f64) -> f64 {
    if press.reset { reset } else { 1.0 - reset }
}

fn state(told: &[Press], prior: f64, rate: f64) -> f64 {
    prior * told.iter().map(|press| outcome(press, rate)).product::<f64>()
}

/// Rows carried between a camera and an adapter.
fn mixed(from: &[f64], down: bool) -> Vec<f64> {
    let (lapses, scales) = (lapse_kernel(), scale_kernel::<N_SCALE>());
    let mix = |camera: usize, own: usize| {
        let ((a, l, s), (b, m, t)) = (parts(camera), parts(own));
        if a == b { lapses[l][m] * scales[s][t] } else { 0.0 }
    };
    let mut out = vec![0.0; N_ROW * COLUMNS];
    for (a, to) in out.chunks_mut(COLUMNS).enumerate() {
        for (b, row) in from.chunks(COLUMNS).enumerate() {
            let w = if down { mix(b, a) } else { mix(a, b) };
            if w > 0.0 {
                to.iter_mut().zip(row).for_each(|(t, f)| *t += w * f);
            }
        }
    }
    out
}

impl<'a> Enumerated<'a> {
    fn new(told: [&'a [Press]; 2], ties: &'a Ties) -> Self {
        let kernel = |j: usize| (0..N * COLUMNS).map(|i| location(i / COLUMNS, i % COLUMNS, ties.offsets[j])).collect();
        let like = |j: usize, row: usize, x: usize| {
            (1.0 - NEVER - ALWAYS) * told[j].iter().map(|press| rate(row, press, x)).product::<f64>()
        };
        let likes = |j: usize| (0..N_ROW * N).map(|i| like(j, i / N, i % N)).collect();
        Enumerated { told, ties, kernels: [kernel(0), kernel(1)], likes: [likes(0), likes(1)] }
    }

    /// What adapter `j` says about the camera: `[row][column]`.
    fn up(&self, j: usize) -> Vec<f64> {
        let mut own = vec![0.0; N_ROW * COLUMNS];
        for (row, to) in own.chunks_mut(COLUMNS).enumerate() {
            for (x, kernel) in self.kernels[j].chunks(COLUMNS).enumerate() {
                let w = self.likes[j][row * N + x];
                to.iter_mut().zip(kernel).for_each(|(t, k)| *t += w * k);
            }
        }
        let states = state(self.told[j], NEVER, GUESS) + state(self.told[j], ALWAYS, SURE);
        mixed(&own, false).into_iter().map(|w| w + states).collect()
    }

    fn prior(&self, i: usize) -> f64 {
        let ((link, lapse, _), column) = (parts(i / COLUMNS), i % COLUMNS);
        let by = if column < N_COL {
            (1.0 - TIED) * SPREADS[column % SPREADS.len()].1 / N_M as f64
        } else {
            TIED * self.ties.odds / N_TIED as f64
        };
        LINKS[link].1 * LAPSES[lapse].1 / N_SCALE as f64 * by
    }

    /// The probability of a tie, and that half of the way to adapter 1's plateau is reached below each of `HOLDS`.
    fn answers(&self) -> (f64, [f64; HOLDS.len()]) {
        let root: Vec<f64> = self.up(0).into_iter().enumerate().map(|(i, w)| w * self.prior(i)).collect();
        let both: Vec<f64> = root.iter().zip(self.up(1)).map(|(w, own)| w * own).collect();
        let total: f64 = both.iter().sum();
        let tied: f64 = both.chunks(COLUMNS).flat_map(|row| &row[N_COL..]).sum();
        let before = mixed(&root, true);
        let mut mass: Vec<f64> = vec![0.0; N];
        for (row, before) in before.chunks(COLUMNS).enumerate() {
            for (x, (mass, kernel)) in mass.iter_mut().zip(self.kernels[1].chunks(COLUMNS)).enumerate() {
                *mass += self.likes[1][row * N + x] * before.iter().zip(kernel).map(|(w, k)| w * k).sum::<f64>();
            }
        }
        let always = state(self.told[1], ALWAYS, SURE) * root.iter().sum::<f64>();
        let below = |hold_s: f64| mass.iter().enumerate().filter(|(x, _)| at(*x) < hold_s.ln()).map(|(_, w)| w).sum::<f64>();
        (tied / total, HOLDS.map(|hold_s| (below(hold_s) + always) / total))
    }
}

#[test]
fn tied_adapters_agree_with_enumeration() {
    let first = presses(&[(9.0, false), (30.0, true), (15.0, true), (12.0, false), (13.5, true), (12.5, false), (13.0, true)]);
    let second = presses(&[(20.0, true), (14.0, false)]);
    // Acknowledgements say that the second needs a fifth more.
    let ties = ties([(0.0, 0.02), (0.2, 0.03)], 1.3);
    let camera = camera([&first, &second], Some(&ties));
    let (tied, below) = Enumerated::new([&first, &second], &ties).answers();
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
