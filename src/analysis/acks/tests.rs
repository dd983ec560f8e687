//! The joint model on made-up cameras whose truth is known.

use super::*;
use crate::analysis::posterior::{Camera, Press, Quantity};

const Q: Quantity = Quantity::Relative(0.95);

/// What a camera shows when its own threshold is `threshold_s`: the time of its acknowledgement.
type Shows = fn(f64) -> f64;

/// Presses of `adapters`, each let go `extra_s` after the acknowledgement; thresholds scatter by 3 % about `middle_s`.
fn told(adapters: usize, presses: usize, middle_s: f64, extra_s: f64, shows: Shows) -> (Camera, Acks) {
    let (mut camera, mut acks) = (Camera::new(adapters, true), Acks::new(adapters, true));
    for i in 0..presses * adapters {
        let u = ((i as f64 + 0.5) * 0.618_033_988_75).fract();
        let threshold_s = middle_s * (0.03 * (u / (1.0 - u)).ln()).exp();
        let ack_s = shows(threshold_s);
        let held_s = ack_s + 0.05 + extra_s;
        tell(&mut camera, &mut acks, i % adapters, held_s, Some(ack_s), held_s >= threshold_s);
    }
    (camera, acks)
}

fn tell(camera: &mut Camera, acks: &mut Acks, j: usize, held_s: f64, ack_s: Option<f64>, reset: bool) {
    let expected = camera.posterior(j).reset_rate(held_s);
    acks.tell(j, Heard { held_s, ack_s, reset, expected });
    camera.tell(j, Press { hold_s: held_s, reset });
}

fn interval(camera: &Camera, acks: &Acks, j: usize) -> (f64, f64) {
    acks.hold(j, Q, camera.posterior(j).distribution(Q)).interval(0.95)
}

/// The truth of [`told`].
fn hold95(middle_s: f64) -> f64 {
    middle_s * (0.03 * (0.95_f64 / 0.05).ln()).exp()
}

#[test]
fn an_honest_chime_is_believed_and_finds_the_hold_in_few_presses() {
    let (mut camera, mut acks) = told(3, 3, 12.0, 0.0, |threshold_s| threshold_s + 0.07);
    // Let go before it chimes, and nothing happens.
    (0..3).for_each(|j| tell(&mut camera, &mut acks, j, 9.5, None, false));
    assert!(acks.words()[&Word::Reset] > 0.95, "{:?}", acks.words());
    assert!((acks.words().values().sum::<f64>() - 1.0).abs() < 1e-9);
    for j in 0..3 {
        let (low, high) = interval(&camera, &acks, j);
        assert!(low <= hold95(12.0) && hold95(12.0) <= high, "{low} to {high}");
        assert!(high - low < 0.35 * 12.0, "{low} to {high}");
        let (alone_low, alone_high) = camera.posterior(j).distribution(Q).interval(0.95);
        assert!(high - low < 0.7 * (alone_high - alone_low), "{alone_low} to {alone_high} by the resets alone");
    }
}

/// A chime 2 s before adapters reset, at `middles_s`; let go at the chime they never do, and `rounds` of later presses find that.
fn misled(middles_s: [f64; 3], rounds: usize) -> Acks {
    let (mut camera, mut acks) = (Camera::new(3, true), Acks::new(3, true));
    for i in 0..6 {
        let ack_s = (middles_s[i % 3] - 2.0) * (0.06 * ((0.618 * i as f64).fract() - 0.5)).exp();
        tell(&mut camera, &mut acks, i % 3, ack_s + 0.05, Some(ack_s), false);
    }
    assert!(acks.words()[&Word::Reset] < 0.05, "{:?}", acks.words());
    let extras_s = [4.0, 1.0, 2.6, 1.6, 2.3, 1.85, 2.15, 1.95, 2.05, 1.9, 2.1, 1.8];
    for (i, extra_s) in extras_s.into_iter().cycle().take(rounds * extras_s.len()).enumerate() {
        let ack_s = middles_s[i % 3] - 2.0 + 0.02 * (i % extras_s.len()) as f64;
        tell(&mut camera, &mut acks, i % 3, ack_s + extra_s, Some(ack_s), extra_s >= 2.0);
    }
    acks
}

#[test]
fn a_chime_before_the_reset_is_known_by_the_presses_that_it_misleads() {
    let acks = misled([12.0, 13.2, 11.2], 1);
    assert!(acks.words()[&Word::After] > 0.8, "{:?}", acks.words());
    let links = acks.links(0);
    let margin: f64 = links.iter().map(|(meaning, _, w)| w * (meaning.threshold(10.0) - 10.0)).sum();
    assert!((1.7..2.4).contains(&margin), "{margin}");
}

/// What chimes at the same time everywhere may be a timer that has nothing to do with the reset: it takes more presses.
#[test]
fn a_chime_that_all_adapters_have_at_the_same_time_is_trusted_later() {
    let (soon, later) = (misled([12.0; 3], 1), misled([12.0; 3], 2));
    let differs = misled([12.0, 13.2, 11.2], 1);
    assert!(soon.words()[&Word::After] < differs.words()[&Word::After]);
    assert!(later.words()[&Word::After] > 0.8, "{:?}", later.words());
}

/// A timer's light that comes at 5 s, whatever the camera does at 12 s.
#[test]
fn a_light_that_means_nothing_leaves_the_hold_to_the_resets() {
    let (mut camera, mut acks) = (Camera::new(2, true), Acks::new(2, true));
    let resets = [20.0, 14.0, 9.0, 10.0, 10.5, 9.5, 11.0].map(|held_s| (held_s, true));
    let others = [5.1, 8.0, 16.0, 15.0, 13.0, 14.5, 12.0].map(|held_s| (held_s, false));
    let presses: Vec<(f64, bool)> = resets.into_iter().zip(others).flat_map(|(reset, other)| [reset, other]).collect();
    for (i, (held_s, reset)) in presses.into_iter().enumerate() {
        tell(&mut camera, &mut acks, i / 2 % 2, held_s, Some(5.0 + 0.01 * (i % 3) as f64), reset);
    }
    assert!(acks.words()[&Word::Reset] < 0.05 && acks.words()[&Word::Unrelated] > 0.5, "{:?}", acks.words());
    assert!(acks.exact(0) < 0.2, "{}", acks.exact(0));
    let alone = camera.posterior(0).distribution(Q);
    let mixed = acks.hold(0, Q, alone.clone());
    let ratio = mixed.at(0.5) / alone.at(0.5);
    assert!((0.85..1.15).contains(&ratio), "{ratio}");
}

#[test]
fn where_nothing_was_acknowledged_the_resets_alone_are_believed() {
    let (mut camera, mut acks) = (Camera::new(1, true), Acks::new(1, true));
    for (held_s, reset) in [(8.0, false), (20.0, true), (12.0, false), (14.0, true)] {
        tell(&mut camera, &mut acks, 0, held_s, None, reset);
    }
    assert!(!acks.heard(0) && acks.exact(0) == 0.0 && !acks.lost());
    assert_eq!(interval(&camera, &acks, 0), camera.posterior(0).distribution(Q).interval(0.95));
}

/// An acknowledgement is never a reset: an adapter that chimes and never resets has no hold, whatever its siblings do.
#[test]
fn an_adapter_that_chimes_and_never_resets_is_an_exception() {
    let (mut camera, mut acks) = told(3, 4, 12.0, 0.0, |threshold_s| threshold_s + 0.07);
    // The siblings chime at no shorter hold, and do not reset there.
    (0..8).for_each(|i| tell(&mut camera, &mut acks, i % 2, 10.0, None, false));
    for i in 0..12 {
        let ack_s = 12.0 + 0.05 * f64::from(i);
        tell(&mut camera, &mut acks, 2, if i < 3 { ack_s + 0.05 } else { 90.0 }, Some(ack_s), false);
    }
    assert!(acks.exact(0) > 0.9 && acks.exact(2) < 0.02, "{} {}", acks.exact(0), acks.exact(2));
}

#[test]
fn a_threshold_and_its_acknowledgement_are_inverse() {
    for (meaning, _) in MEANINGS.iter() {
        for ack_s in [0.5, 3.0, 40.0] {
            assert!((meaning.ack(meaning.threshold(ack_s)) - ack_s).abs() < 1e-9, "{meaning:?} {ack_s}");
        }
        let at = meaning.threshold(20.0);
        assert!(meaning.passed(20.0, 0.5 * at) < 0.05 && meaning.passed(20.0, 2.0 * at) > 0.95, "{meaning:?}");
    }
    let sum: f64 = MEANINGS.iter().map(|(_, p)| p).sum();
    let habits: f64 = HABITS.iter().map(|(_, p)| p).sum();
    assert!((sum - 1.0).abs() < 1e-9 && (habits - 1.0).abs() < 1e-9, "{sum} {habits}");
}

/// The posterior of exact draws against enumeration: one adapter, one link, all cells by the formula itself on a lattice of its own.
#[test]
fn exact_draws_agree_with_enumeration() {
    use crate::analysis::posterior::axes::{LINKS, SCALE_RANGE, UNIT};
    let seen = [11.0_f64, 12.5, 12.0, 11.4, 13.1, 12.2];
    let (mut camera, mut acks) = (Camera::new(1, false), Acks::new(1, false));
    seen.iter().for_each(|ack_s| tell(&mut camera, &mut acks, 0, ack_s + 0.05, Some(*ack_s), true));
    let cells = acks.cells(0).unwrap();
    let (low, high) = SCALE_RANGE;
    let (mut total, mut mean, mut square) = (0.0, 0.0, 0.0);
    for (k, (link, prior)) in LINKS.into_iter().enumerate() {
        for i in 0..100 {
            let s = UNIT[k] * low * (high / low).powf((f64::from(i) + 0.5) / 100.0);
            for n in 0..1500 {
                let x = 9.0_f64.ln() + 0.6 * (f64::from(n) + 0.5) / 1500.0;
                let density = |ack_s: f64| link.rise((ack_s.ln() - x + 5e-4) / s).0 - link.rise((ack_s.ln() - x - 5e-4) / s).0;
                let w: f64 = prior * seen.iter().map(|ack_s| 1e3 * density(*ack_s)).product::<f64>();
                total += w;
                mean += w * x;
                square += w * x * x;
            }
        }
    }
    let (mean, sd) = (mean / total, (square / total - (mean / total).powi(2)).sqrt());
    let found: f64 = cells.cells.iter().map(|(rise, w)| w * rise.x).sum();
    let spread = cells.cells.iter().map(|(rise, w)| w * (rise.x - found).powi(2)).sum::<f64>().sqrt();
    assert!((found - mean).abs() < 0.15 * sd, "{found} against {mean}");
    assert!((0.8..1.25).contains(&(spread / sd)), "{spread} against {sd}");
}

/// Two adapters chime 2 s before they reset and were let go too early now and then; the third never chimed. By the resets alone it may have many
/// dead presses as they seem to have; its siblings' chimes say that presses are hardly ever dead.
#[test]
fn a_mute_adapter_beside_siblings_that_answer_is_known_to_never_reset() {
    let third = |sharing: bool, held_s: f64, reset: bool| {
        let (mut camera, mut acks) = (Camera::new(3, sharing), Acks::new(3, sharing));
        for (i, extra_s) in [0.05, 4.0, 1.0, 2.6, 1.6, 2.3, 1.85, 2.15, 0.5, 0.9, 1.4, 1.2].into_iter().enumerate() {
            let ack_s = 10.0 * (0.3 * ((0.618 * i as f64).fract() - 0.5)).exp();
            tell(&mut camera, &mut acks, i % 2, ack_s + extra_s, Some(ack_s), extra_s >= 2.0);
        }
        (0..4).for_each(|i| tell(&mut camera, &mut acks, 2, held_s, None, reset && i == 0));
        let resets = camera.posterior(2).distribution(Q);
        (acks.hold(2, Q, resets.clone()).below(90.0), resets.below(90.0))
    };
    let (known, by_resets) = third(true, 90.0, false);
    assert!(known < 0.025 && by_resets > 2.0 * known, "{known} against {by_resets}");
    // Held for less than any chime takes: silence says no more than the resets do.
    let (known, by_resets) = third(true, 5.0, false);
    assert!((known - by_resets).abs() < 0.02, "{known} against {by_resets}");
    // It reset once: mute, and alive.
    let (known, by_resets) = third(true, 90.0, true);
    assert_eq!(known, by_resets);
    // Adapters of unlike cameras know nothing of each other.
    let (known, by_resets) = third(false, 90.0, false);
    assert_eq!(known, by_resets);
}

/// Both chime when they reset, 6 s or so; the supply of the second sags, and one in six of its presses chimes and does nothing.
#[test]
fn an_adapter_that_makes_presses_lapse_says_little_about_the_plateau_of_another() {
    let (mut camera, mut acks) = (Camera::new(2, true), Acks::new(2, true));
    for i in 0..80 {
        let ack_s = 6.0 * (0.3 * ((0.618 * f64::from(i) + 0.3).fract() - 0.5)).exp();
        let j = (i % 2) as usize;
        tell(&mut camera, &mut acks, j, ack_s + f64::from(1 + 2 * (i % 7)), Some(ack_s), i % 12 != 1 && i != 40);
        // Let go too early.
        if i % 8 < 2 {
            tell(&mut camera, &mut acks, j, 0.7 * ack_s, None, false);
        }
    }
    let none = |j: usize| {
        let quantity = Quantity::Absolute(0.95);
        acks.hold(j, quantity, camera.posterior(j).distribution(quantity)).at_none()
    };
    assert!(none(1) > 0.9, "7 of 40 do nothing: {}", none(1));
    assert!(none(0) < 0.8, "1 of 40 does nothing: {}", none(0));
}
