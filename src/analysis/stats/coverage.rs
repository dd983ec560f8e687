//! Do the intervals keep their promise? Simulated grids of known devices, fitted, and how often the truth lies
//! inside. A few per device in the ordinary run; for the table in the module documentation:
//! `PINHOLE_COVERAGE_REPS=1000 cargo test --release coverage -- --nocapture`.

use super::dose::Dose;
use super::likelihood::Curve;
use super::link::Link;
use super::random::SplitMix;
use super::response::{Settings, hold_response};
use super::threshold::{HoldResponse, Status, Threshold};

/// A way to spend presses: holds in seconds, and presses at each.
struct Grid {
    name: &'static str,
    holds: Vec<f64>,
    each: u32,
}

fn grids() -> [Grid; 2] {
    let fine = (0..20).map(|i| 3.0 * 20.0_f64.powf(f64::from(i) / 19.0)).collect();
    [
        Grid { name: "7 holds x 10", holds: vec![3.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0], each: 10 },
        Grid { name: "20 holds x 10", holds: fine, each: 10 },
    ]
}

/// Shape, spread and lapse of a device; its threshold is drawn anew in every experiment.
fn devices() -> Vec<(Link, f64, f64)> {
    let mut all = Vec::new();
    for link in [Link::Logistic, Link::Normal, Link::Weibull] {
        for s in [0.01, 0.03, 0.1, 0.2] {
            all.extend([0.0, 0.1, 0.4].map(|lapse| (link, s, lapse)));
        }
    }
    all
}

/// One experiment with a threshold between 4 and 40 s: the device and what the fit says of it.
fn experiment(grid: &Grid, (link, s, lapse): (Link, f64, f64), random: &mut SplitMix) -> (Curve, HoldResponse) {
    let truth = Curve { link, ln_mu: 4.0_f64.ln() + random.uniform() * 10.0_f64.ln(), s, lapse, guess: 0.0 };
    let press = |&hold_s: &f64| Dose { hold_s, resets: random.binomial(grid.each, truth.rate(hold_s)), n: grid.each };
    let doses: Vec<Dose> = grid.holds.iter().map(press).collect();
    (truth, hold_response(&doses, &Settings::default()).unwrap())
}

/// Whether the interval holds the truth (+inf: there is no such hold).
fn holds_truth(threshold: &Threshold, ln_truth: f64) -> bool {
    // "None" without a lower end says that no hold reaches the rate.
    let never = if threshold.status == Status::NoSuchHold { f64::INFINITY } else { 0.0 };
    let truth = ln_truth.exp();
    threshold.lo_s.unwrap_or(never) <= truth && truth <= threshold.hi_s.unwrap_or(f64::INFINITY)
}

/// Whether hold50, hold95, hold95_rel and the plateau are right; `None` where no interval is claimed.
fn right(truth: &Curve, said: &HoldResponse) -> Option<[bool; 4]> {
    let plateau = said.plateau?;
    Some([
        holds_truth(&said.hold50, truth.ln_hold_of_rate(0.5)),
        holds_truth(&said.hold95, truth.ln_hold_of_rate(0.95)),
        holds_truth(&said.hold95_rel, truth.ln_hold_of_rise(0.95)),
        plateau.interval.contains(1.0 - truth.lapse),
    ])
}

#[test]
fn coverage_of_the_intervals() {
    let asked = std::env::var("PINHOLE_COVERAGE_REPS").ok().and_then(|reps| reps.parse().ok());
    let reps = asked.unwrap_or(4_u32);
    for grid in grids() {
        let mut total = [0_u32; 4];
        let mut claimed = 0_u32;
        for (device, seed) in devices().into_iter().zip(1..) {
            let mut random = SplitMix::new(seed);
            let mut hits = [0_u32; 4];
            let mut used = 0_u32;
            for _ in 0..reps {
                let (truth, said) = experiment(&grid, device, &mut random);
                let Some(right) = right(&truth, &said) else { continue };
                used += 1;
                hits.iter_mut().zip(right).for_each(|(hits, right)| *hits += u32::from(right));
            }
            let share = hits.map(|hits| f64::from(hits) / f64::from(used.max(1)));
            println!(
                "{} {device:?}: hold50 {:.3} hold95 {:.3} hold95_rel {:.3} plateau {:.3}",
                grid.name, share[0], share[1], share[2], share[3]
            );
            // With few repetitions a single device says nothing; with many each must keep the promise.
            assert!(reps < 500 || share.iter().all(|&share| share >= 0.93), "{device:?} {share:?}");
            total.iter_mut().zip(hits).for_each(|(total, hits)| *total += hits);
            claimed += used;
        }
        assert!(claimed > 35 * reps, "an interval for nearly every device");
        for hits in total {
            assert!(f64::from(hits) >= 0.94 * f64::from(claimed), "{} {total:?} of {claimed}", grid.name);
        }
    }
}
