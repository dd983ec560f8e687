//! The posterior against enumeration, and what must hold for any presses.

use super::axes::*;
use super::*;
use proptest::prelude::*;

fn press(hold_s: f64, reset: bool) -> Press {
    Press { hold_s, reset }
}

fn camera(n: usize, sharing: bool, presses: &[(usize, Press)]) -> Camera {
    let mut camera = Camera::new(n, sharing);
    presses.iter().for_each(|(j, press)| camera.tell(*j, *press));
    camera
}

/// Shares of the way to the plateau, and holds, at which the posterior is compared.
const SHARES: [f64; 2] = [0.5, 0.95];
const HOLDS: [f64; 7] = [4.0, 8.0, 12.0, 14.0, 16.0, 25.0, 60.0];

/// The posterior of one adapter that stands alone, by enumeration in double precision on a lattice ten times as fine, from the formulas of
/// the module's documentation: the probability that the hold at each share is below each of `HOLDS`.
fn enumerated(presses: &[Press]) -> [[f64; HOLDS.len()]; SHARES.len()] {
    let (low, high) = (LOCATION_RANGE.0.ln(), LOCATION_RANGE.1.ln());
    let cells = 10 * N_X;
    let step = (high - low) / cells as f64;
    let scales: Vec<f64> =
        (0..N_SCALE).map(|s| scale_kernel::<N_SCALE>().iter().map(|row| row[s] / N_SCALE as f64).sum()).collect();
    let lapses: Vec<f64> =
        (0..N_LAPSE).map(|l| lapse_kernel().iter().zip(LAPSES).map(|(row, (_, prior))| row[l] * prior).sum()).collect();
    let state = |prior: f64, rate: f64| -> f64 {
        prior * presses.iter().map(|p| if p.reset { rate } else { 1.0 - rate }).product::<f64>()
    };
    let (never, always) = (state(NEVER, GUESS), state(ALWAYS, SURE));
    let mut total = never + always;
    let mut below = [[always; HOLDS.len()]; SHARES.len()];
    for i in 0..cells {
        let x = low + step * (i as f64 + 0.5);
        let prior = (1.0 - NEVER - ALWAYS) * location_density(x) * step;
        for ((k, s), (link, link_prior)) in (0..N_LINK * N_SCALE).map(|j| ((j / N_SCALE, j % N_SCALE), LINKS[j / N_SCALE])) {
            let spread = UNIT[k] * scale(s);
            let rises: Vec<f64> = presses.iter().map(|p| link.rise((p.hold_s.ln() - x) / spread).0).collect();
            for (l, (lapse, _)) in LAPSES.iter().enumerate() {
                let rate = |f: f64| GUESS + (1.0 - GUESS - lapse) * f;
                let each = presses.iter().zip(&rises).map(|(p, f)| if p.reset { rate(*f) } else { 1.0 - rate(*f) });
                let w = prior * link_prior * lapses[l] * scales[s] * each.product::<f64>();
                total += w;
                for (row, q) in below.iter_mut().zip(SHARES) {
                    let centre = x + spread * link.quantile(q);
                    row.iter_mut().zip(HOLDS).for_each(|(sum, t)| *sum += w * (0.5 + (t.ln() - centre) / step).clamp(0.0, 1.0));
                }
            }
        }
    }
    below.map(|row| row.map(|sum| sum / total))
}

/// Of an adapter's location before any press.
fn location_density(x: f64) -> f64 {
    let mut density = STRANGER / (LOCATION_RANGE.1 / LOCATION_RANGE.0).ln();
    for m in 0..N_M {
        for (sd, weight) in SPREADS {
            let z = (x - camera_x(m)) / sd;
            density += (1.0 - STRANGER) * weight / N_M as f64 * (-0.5 * z * z).exp() / (sd * std::f64::consts::TAU.sqrt());
        }
    }
    density
}

#[test]
fn one_adapter_agrees_with_enumeration() {
    let searched =
        [(9.0, false), (30.0, true), (15.0, true), (12.0, false), (13.5, true), (13.0, false), (20.0, true), (14.0, true)];
    let lapsed = [(10.0, true), (40.0, false), (40.0, true), (5.0, false), (7.0, true), (60.0, true)];
    for presses in [&searched[..1], &searched[..3], &searched, &lapsed] {
        let presses: Vec<Press> = presses.iter().map(|(hold_s, reset)| press(*hold_s, *reset)).collect();
        let told: Vec<(usize, Press)> = presses.iter().map(|press| (0, *press)).collect();
        let camera = camera(1, false, &told);
        let half = (0.5 * camera.posterior(0).window.step).exp();
        for (q, exact) in SHARES.into_iter().zip(enumerated(&presses)) {
            let hold = camera.posterior(0).distribution(Quantity::Relative(q));
            for (t, exact) in HOLDS.into_iter().zip(exact) {
                // A window resolves half a cell, and no more.
                let (low, high) = (hold.below(t / half) - 0.01, hold.below(t * half) + 0.01);
                assert!(
                    low <= exact && exact <= high,
                    "{} presses, share {q}, {t} s: {exact} not in {low} to {high}",
                    presses.len()
                );
            }
        }
    }
}

#[test]
fn a_sibling_without_presses_says_nothing() {
    let presses: Vec<(usize, Press)> = [(9.0, false), (30.0, true), (15.0, true)].map(|(h, y)| (0, press(h, y))).to_vec();
    let hold = |n, sharing| camera(n, sharing, &presses).posterior(0).distribution(Quantity::Relative(0.95)).interval(0.95);
    assert_eq!(hold(1, true), hold(4, true));
    assert_eq!(hold(1, true), hold(1, false));
}

#[test]
fn siblings_narrow_what_an_adapter_does_not_know_itself() {
    let mut presses = Vec::new();
    for (hold, reset) in
        [(5.0, false), (20.0, true), (10.0, false), (14.0, true), (12.0, false), (13.0, true), (40.0, true), (12.5, false)]
    {
        (0..3).for_each(|j| presses.push((j, press(hold, reset))));
    }
    presses.push((3, press(20.0, true)));
    let shared = camera(4, true, &presses);
    let width = |post: Posterior<'_>| {
        let (low, high) = post.distribution(Quantity::Relative(0.95)).interval(0.95);
        (high / low).ln()
    };
    assert!(width(shared.posterior(3)) < 0.5 * width(shared.alone(3)));
    // An adapter that fails where its siblings reset is a stranger, and is believed.
    let mut odd = presses.clone();
    (0..8).for_each(|_| odd.push((3, press(50.0, false))));
    let odd = camera(4, true, &odd);
    assert!(odd.posterior(3).distribution(Quantity::Relative(0.5)).below(20.0) < 0.2);
    assert!(odd.posterior(0).distribution(Quantity::Relative(0.5)).below(20.0) > 0.95);
}

#[test]
fn never_and_always_are_seen_and_a_low_plateau_has_no_absolute_hold() {
    let never = camera(1, true, &[(0, press(90.0, false)); 8]);
    assert!(never.posterior(0).distribution(Quantity::Relative(0.95)).at(0.025) > 90.0);
    let always = camera(1, true, &[(0, press(0.5, true)); 8]);
    assert!(always.posterior(0).distribution(Quantity::Relative(0.95)).at(0.975) < 1.0);
    // From 10 s on all the same: a plateau.
    let late = |i: u32| press([10.0, 20.0, 40.0, 80.0][(i / 2 % 4) as usize], i % 14 != 1);
    let presses: Vec<(usize, Press)> = (0..160).map(|i| (0, if i % 2 == 0 { press(5.0, false) } else { late(i) })).collect();
    let lossy = camera(1, true, &presses);
    let (absolute, relative) = (Quantity::Absolute(0.99), Quantity::Relative(0.99));
    assert!(lossy.posterior(0).distribution(absolute).at_none > 0.98);
    assert!(lossy.posterior(0).distribution(relative).at_none < 0.01);
    let plateau: f64 = lossy.posterior(0).plateau().iter().map(|(rate, w)| rate * w).sum();
    assert!((0.84..0.93).contains(&plateau), "{plateau}");
}

fn told() -> impl Strategy<Value = Vec<(usize, Press)>> {
    let one = (0..3_usize, 0.5..90.0_f64, any::<bool>()).prop_map(|(j, hold_s, reset)| (j, press(hold_s, reset)));
    prop::collection::vec(one, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The order of presses means nothing; single precision and windows of other steps leave a little.
    #[test]
    fn the_order_of_presses_means_nothing(presses in told()) {
        let mut turned = presses.clone();
        turned.reverse();
        let (a, b) = (camera(3, true, &presses), camera(3, true, &turned));
        for j in 0..3 {
            let (a, b) = (a.posterior(j).distribution(Quantity::Relative(0.95)), b.posterior(j).distribution(Quantity::Relative(0.95)));
            for t in [1.0, 3.0, 10.0, 30.0, 80.0] {
                prop_assert!((a.below(t) - b.below(t)).abs() < 0.02, "adapter {j}, {t} s: {} and {}", a.below(t), b.below(t));
            }
        }
    }

    /// Masses add to one, quantiles rise, and `at` inverts `below`.
    #[test]
    fn a_distribution_is_one(presses in told(), share in 0.01..0.99_f64) {
        let camera = camera(3, true, &presses);
        let post = camera.posterior(0);
        let sum = f64::from(post.weights.iter().sum::<f32>()) + post.never + post.always;
        prop_assert!((sum - 1.0).abs() < 1e-3);
        for quantity in [Quantity::Relative(0.95), Quantity::Absolute(0.95)] {
            let hold = post.distribution(quantity);
            let at = hold.at(share);
            prop_assert!(at <= hold.at(share + 0.01));
            if at > 0.0 && at.is_finite() {
                prop_assert!((hold.below(at) - share).abs() < 1e-3, "{share}: {}", hold.below(at));
            }
        }
        let rates = post.rate(10.0, 50);
        prop_assert!((rates.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-3);
    }
}

#[test]
fn another_account_moves_mass_to_never_and_leaves_the_shape_of_the_rest() {
    let told: Vec<(usize, Press)> =
        [(20.0, true), (8.0, false), (14.0, true)].map(|(hold_s, reset)| (0, press(hold_s, reset))).to_vec();
    let camera = camera(1, false, &told);
    for quantity in [Quantity::Relative(0.95), Quantity::Absolute(0.95)] {
        let own = camera.posterior(0).distribution(quantity);
        let same = own.clone().if_never(0.0, 0.7);
        assert_eq!(HOLDS.map(|hold_s| same.below(hold_s)), HOLDS.map(|hold_s| own.below(hold_s)));
        let never = camera.posterior(0).never;
        let mixed = own.clone().if_never(0.5, 0.7);
        let by = (1.0 - (0.5 * never + 0.35)) / (1.0 - never);
        for hold_s in HOLDS {
            assert!((mixed.below(hold_s) - by * own.below(hold_s)).abs() < 1e-6);
        }
        assert!((mixed.below(1e9) + mixed.at_none - own.below(1e9) - own.at_none).abs() < 1e-6);
    }
}
