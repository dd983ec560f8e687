//! Presses: what the camera makes of them, and what the truth says of them.

use super::*;
use crate::domain::canary::Category;
use crate::domain::profile::{Action, Effect, PressMode};
use crate::drivers::twin::world::{WhileBooting, WindowModel};
use crate::ports::Refused;

fn edges(lab: &Lab) -> Vec<(bool, Tick)> {
    let edge = |reading: &Reading| match reading {
        Reading::Coil { energised, at, .. } => Some((*energised, *at)),
        _ => None,
    };
    lab.readings.iter().filter_map(edge).collect()
}

#[test]
fn a_press_is_a_reset_exactly_when_the_contact_was_closed_long_enough() {
    let world = world();
    let mut resets = 0;
    let mut lab = Lab::new(world, 11);
    lab.prepare("oem-5v1a");
    for slot in 0..40 {
        lab.begin(slot, 1);
        lab.type_line("provision");
        lab.press(8.0 + 0.15 * f64::from(slot));
        lab.run(65.0);
        let trial = lab.trial();
        let press = &trial.presses[0];
        let long = press.needed_s.is_some_and(|needed| press.held().unwrap() >= needed);
        assert_eq!(press.accepted.is_some(), long, "slot {slot}: {press:?}");
        if trial.wiped().contains(&Category::Accounts) {
            assert!(long && lab.truth.is_factory());
            resets += 1;
        }
    }
    assert!((10..35).contains(&resets), "{resets}");
}

#[test]
fn the_needed_hold_is_lognormal_around_the_median_of_its_adapter() {
    for (adapter, median, spread) in [("oem-5v1a", 11.0, 0.10), ("clone-5v2a", 15.0, 0.08)] {
        let mut lab = Lab::new(world(), 2);
        lab.prepare(adapter);
        let mut logs = Vec::new();
        for slot in 0..400 {
            lab.begin(slot, 1);
            lab.press(0.3);
            logs.extend(lab.trial().presses[0].needed_s.map(|needed| (needed.get() / median).ln()));
        }
        assert!(logs.len() > 380, "a few lapses, no more");
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let sd = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
        assert!(mean.abs() < 0.02 && (sd / spread - 1.0).abs() < 0.15, "{adapter}: mean {mean}, sd {sd}");
    }
}

#[test]
fn a_reset_is_acknowledged_then_erased_then_booted() {
    let mut lab = Lab::new(plain(), 1);
    lab.prepare("oem-5v1a");
    lab.begin(0, 1);
    lab.forget();
    lab.press(12.0);
    lab.run(70.0);
    let text = lab.text();
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
    let order = [
        "button: pressed",
        "button: factory reset accepted",
        "flash: erasing settings",
        "reboot: Restarting system",
        "U-Boot 2016.11",
        "Starting kernel ...",
        "VFS: Mounted root (squashfs filesystem)",
        "app: ready",
        "app: state=setup",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{text}");
    assert!((7..=10).contains(&text.matches("flash: erasing settings").count()), "once a second");
    let trial = lab.trial();
    assert!(trial.was_reset() && lab.truth.is_factory() && lab.truth.settings().is_empty());
    assert_eq!((trial.boots.len(), trial.boots[0].cold), (1, false), "a restart, not a power-on");
    assert_eq!(trial.presses[0].needed_s, Some(Seconds::new(11.0)));
}

#[test]
fn the_coil_reports_the_edges_that_it_was_ordered() {
    let mut lab = Lab::new(plain(), 1);
    lab.run(0.5);
    let at = lab.now() + Seconds::new(0.25);
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(5.0) }).unwrap();
    assert!(matches!(lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(1.0) }), Err(Refused::Never(_))));
    lab.run(6.0);
    let seen = edges(&lab);
    assert_eq!(seen.iter().map(|edge| edge.0).collect::<Vec<_>>(), [true, false]);
    for ((_, seen), ordered) in seen.iter().zip([at, at + Seconds::new(5.0)]) {
        assert!(*seen >= ordered && seen.since(ordered) < Seconds::from_micro(400), "{seen:?} for {ordered:?}");
    }
    let press = &lab.trial().presses[0];
    let (pull_in, drop_out) = (press.closed.since(seen[0].1).get(), press.opened.unwrap().since(seen[1].1).get());
    assert!((0.010..0.030).contains(&pull_in) && (0.005..0.050).contains(&drop_out), "{pull_in} {drop_out}");
    assert_eq!(press.needed_s, None, "an unpowered camera counts nothing");
}

#[test]
fn a_release_brings_the_end_forward_and_an_order_not_begun_is_forgotten() {
    let mut lab = Lab::new(plain(), 1);
    let at = lab.now();
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(50.0) }).unwrap();
    lab.run(3.0);
    lab.ports.presser.release().unwrap();
    lab.run(60.0);
    let seen = edges(&lab);
    assert_eq!(seen.len(), 2);
    assert!(seen[1].1.since(Tick(3_000_000)) < Seconds::from_millis(20));
    lab.ports.presser.release().unwrap();
    let at = lab.now() + Seconds::new(1.0);
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(1.0) }).unwrap();
    lab.ports.presser.release().unwrap();
    lab.run(5.0);
    assert_eq!(edges(&lab).len(), 2);
    assert_eq!(lab.trial().presses.len(), 1);
}

#[test]
fn a_press_shorter_than_the_stroke_closes_no_contact() {
    let mut lab = Lab::new(plain(), 1);
    lab.press(0.004);
    lab.press(0.0001);
    assert_eq!(edges(&lab).iter().map(|edge| edge.0).collect::<Vec<_>>(), [true, false, true, false]);
    assert!(lab.trial().presses.is_empty());
}

/// Presses a fresh camera of a changed plain world and gives the truth and the console text since the press.
fn pressed(seconds: f64, change: impl FnOnce(&mut World)) -> (TrialTruth, String) {
    let mut world = plain();
    change(&mut world);
    let mut lab = Lab::new(world, 1);
    lab.prepare("oem-5v1a");
    lab.begin(0, 1);
    lab.forget();
    lab.press(seconds);
    lab.run(70.0);
    (lab.trial(), lab.text())
}

#[test]
fn a_camera_that_acts_on_release_knows_a_press_that_is_too_long() {
    let ladder = |world: &mut World| {
        let button = &mut world.camera.button;
        button.action = Action::OnRelease;
        let rung = |threshold: f64, to: Option<f64>, effect| WindowModel {
            threshold_s: Seconds::new(threshold),
            spread: 0.0,
            to_s: to.map(Seconds::new),
            effect,
        };
        button.windows = vec![
            rung(2.0, None, Effect::Reboot),
            rung(5.0, None, Effect::WifiReset),
            rung(10.0, Some(20.0), Effect::FactoryReset),
        ];
    };
    let wiped = |seconds: f64| pressed(seconds, ladder).0.wiped().len();
    let (short, text) = pressed(1.0, ladder);
    assert!(short.boots.is_empty() && text.contains("button: pressed"));
    let (reboot, text) = pressed(3.0, ladder);
    assert!(reboot.boots.len() == 1 && reboot.erases.is_empty() && text.contains("app: state=configured"));
    assert_eq!((wiped(7.0), wiped(15.0)), (1, 4));
    let (long, text) = pressed(25.0, ladder);
    assert!(long.erases.is_empty() && long.boots.is_empty() && text.contains("factory reset accepted"));
}

#[test]
fn an_acknowledgement_before_the_threshold_is_no_reset() {
    let (trial, text) = pressed(9.5, |world| world.camera.button.ack_lead_s = Seconds::new(3.0));
    assert!(text.contains("button: factory reset accepted"));
    assert!(trial.presses[0].accepted.is_none() && trial.boots.is_empty());
}

#[test]
fn lapses_and_empty_acknowledgements_wipe_nothing() {
    let (trial, text) = pressed(15.0, |world| world.camera.button.lapse = 1.0);
    assert!(!text.contains("button:") && trial.erases.is_empty());
    let (trial, text) = pressed(15.0, |world| world.camera.button.acknowledged_only = 1.0);
    assert!(text.contains("factory reset accepted") && trial.erases.is_empty() && trial.boots.is_empty());
    let (trial, _) = pressed(15.0, |world| world.camera.flash.survive = [(Category::Motion, 1.0)].into());
    assert_eq!(trial.wiped().into_iter().collect::<Vec<_>>(), [Category::Wifi, Category::Accounts, Category::Other]);
}

/// Presses at 20 s into the boot, for 45 s.
fn pressed_early(while_booting: WhileBooting) -> TrialTruth {
    let mut world = plain();
    world.camera.button.while_booting = while_booting;
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(20.0);
    lab.press(45.0);
    lab.run(60.0);
    lab.trial()
}

#[test]
fn a_press_before_the_boot_is_over_counts_from_readiness_or_not_at_all() {
    let ignored = pressed_early(WhileBooting::Ignored);
    assert!(ignored.erases.is_empty() && ignored.presses[0].needed_s.is_none());
    let counted = pressed_early(WhileBooting::FromReady);
    let accepted = counted.presses[0].accepted.unwrap().0;
    assert_eq!(accepted.since(counted.ready[0]), Seconds::new(11.0));
    assert_eq!(counted.wiped().len(), 4);
}

#[test]
fn hold_then_power_counts_from_power_on() {
    let mut world = plain();
    world.camera.button.mode = PressMode::HoldThenPower;
    let mut lab = Lab::new(world, 1);
    let at = lab.now();
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(20.0) }).unwrap();
    lab.run(3.0);
    lab.power(true);
    lab.run(90.0);
    let trial = lab.trial();
    assert_eq!(trial.presses[0].accepted.unwrap().0.since(trial.boots[0].at), Seconds::new(11.0));
    assert_eq!((trial.boots.len(), trial.wiped().len(), trial.ready.len()), (2, 4, 1));
    lab.begin(1, 1);
    lab.press(20.0);
    assert!(lab.trial().presses[0].accepted.is_none(), "a running camera of this kind pays no heed");
}
