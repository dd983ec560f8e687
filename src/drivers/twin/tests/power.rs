//! Power: boots, brown-outs, cuts.

use super::*;
use crate::domain::canary::Category;
use crate::domain::units::{Amps, Volts};
use crate::drivers::twin::world::OverCurrent;
use crate::ports::Refused;

#[test]
fn a_cold_boot_goes_from_power_to_ready_in_about_forty_seconds() {
    let mut lab = Lab::new(plain(), 1);
    lab.begin(0, 1);
    lab.power(true);
    lab.run(60.0);
    let trial = lab.trial();
    assert_eq!((trial.boots.len(), trial.ready.len(), trial.losses.len()), (1, 1, 0));
    assert!(trial.boots[0].cold);
    let boot = trial.ready[0].since(trial.boots[0].at).get();
    assert!((36.0..44.0).contains(&boot), "{boot}");
    let (volts, amps) = lab.truth.plug();
    assert!((volts * amps - 1.4).abs() < 1e-9, "an idle camera draws its idle power");
}

#[test]
fn the_plug_follows_adapter_and_load() {
    let mut lab = Lab::new(plain(), 1);
    lab.run(1.0);
    assert!(lab.volts.iter().all(|v| v.abs() < 10), "nothing at the plug");
    lab.forget();
    lab.power(true);
    lab.run(60.0);
    let mean = |codes: &[i16], lsb: f64| codes.iter().map(|c| f64::from(*c)).sum::<f64>() / codes.len() as f64 * lsb;
    let tail = lab.volts.len() - 1000;
    let (volts, amps) = (mean(&lab.volts[tail..], 0.00125), mean(&lab.amps[tail..], 0.00025));
    // The adapter that is first by name: the laboratory supply, 5 V behind 0.02 ohm.
    assert!((volts - 4.994).abs() < 0.005, "{volts}");
    assert!((amps - 1.4 / 4.994).abs() < 0.002, "{amps}");
    lab.power(false);
    lab.run(5.0);
    assert_eq!(lab.truth.plug(), (0.0, 0.0), "drained");
}

#[test]
fn a_cut_in_the_boot_is_a_loss_of_power_and_the_next_boot_is_whole() {
    let mut lab = Lab::new(plain(), 1);
    lab.power(true);
    lab.run(12.0);
    lab.power(false);
    lab.run(10.0);
    let cut = lab.text();
    assert!(cut.contains("Starting kernel") && !cut.contains("app: ready"), "{cut}");
    assert!(f64::from(*lab.light.last().unwrap()) / 32_767.0 < 0.03, "dark");
    let trial = lab.trial();
    assert_eq!(trial.losses.len(), 1);
    assert!(!trial.losses[0].brown_out && !trial.losses[0].writing);
    lab.forget();
    lab.power(true);
    lab.run(60.0);
    assert!(lab.text().ends_with("app: ready\r\napp: state=setup\r\n"));
}

#[test]
fn below_the_restart_voltage_nothing_starts() {
    let mut lab = Lab::new(plain(), 1);
    lab.connect("bench-psu");
    lab.ports.supply.set(Volts::new(4.15)).unwrap();
    lab.power(true);
    lab.run(20.0);
    assert!(lab.trial().boots.is_empty());
    lab.ports.supply.set(Volts::new(4.25)).unwrap();
    lab.run(1.0);
    assert_eq!(lab.trial().boots.len(), 1);
    // Running, it goes on below the voltage at which it would start, down to the lock-out.
    lab.ports.supply.set(Volts::new(4.0)).unwrap();
    lab.run(1.0);
    assert!(lab.trial().losses.is_empty());
    lab.ports.supply.set(Volts::new(3.85)).unwrap();
    lab.run(1.0);
    assert_eq!(lab.trial().brown_outs(), 1);
}

#[test]
fn a_brown_out_in_the_erase_leaves_it_half_done() {
    let mut world = plain();
    world.camera.power.erase_min_v = Volts::new(4.6);
    let mut seen = std::collections::BTreeSet::new();
    for slot in 0..12 {
        let mut lab = Lab::new(world.clone(), 3);
        lab.begin(slot, 1);
        lab.prepare("long-cable");
        lab.press(15.0);
        lab.run(70.0);
        let trial = lab.trial();
        assert_eq!((trial.brown_outs(), trial.erases.len(), trial.boots.len()), (1, 1, 2), "{trial:?}");
        assert!(trial.losses[0].writing && trial.erases[0].interrupted == Some(trial.losses[0].at));
        let wiped = trial.wiped();
        assert_eq!(lab.truth.is_factory(), wiped.contains(&Category::Accounts));
        for category in Category::ALL {
            let there = lab.truth.settings().contains_key(&format!("{}.canary", category.name()));
            assert_eq!(there, !wiped.contains(&category));
        }
        seen.insert(wiped.len());
    }
    assert!(seen.len() >= 3 && !seen.contains(&4), "nothing to much, never all: {seen:?}");
}

#[test]
fn about_half_of_the_erases_on_the_long_cable_brown_out() {
    let world = world();
    let model = &world.camera.power;
    let mut lab = Lab::new(world.clone(), 5);
    let mut browned = 0;
    let trials = 60;
    lab.prepare("long-cable");
    for slot in 0..trials {
        lab.begin(slot, 1);
        lab.press(20.0);
        lab.run(70.0);
        browned += lab.trial().brown_outs();
        if !lab.truth.settings().contains_key("wifi.canary") {
            lab.type_line("provision");
        }
    }
    assert!(model.erase_min_v > model.lockout_v);
    assert!((18..=42).contains(&browned), "{browned} of {trials}");
}

#[test]
fn a_write_that_loses_power_can_be_the_end() {
    let mut world = plain();
    world.camera.flash.brick = 1.0;
    let mut lab = Lab::new(world, 1);
    lab.prepare("oem-5v1a");
    lab.press(11.5);
    lab.run(4.0);
    lab.power(false);
    lab.run(10.0);
    let trial = lab.trial();
    assert!(trial.losses[0].writing && !trial.losses[0].brown_out);
    assert!(trial.bricked.is_some() && lab.truth.is_bricked());
    lab.forget();
    lab.power(true);
    lab.run(90.0);
    assert!(lab.console.is_empty(), "silent");
    assert_eq!(lab.trial().ready.len(), 1, "never ready again");
    assert!(lab.light.iter().any(|c| *c > 8000), "the failed light");
}

#[test]
fn a_cut_while_idle_ruins_nothing() {
    let mut world = plain();
    world.camera.flash.brick = 1.0;
    let mut lab = Lab::new(world, 1);
    lab.prepare("oem-5v1a");
    lab.run(1.0);
    lab.prepare("oem-5v1a");
    assert_eq!(lab.trial().bricked, None);
    assert_eq!(lab.trial().ready.len(), 2);
}

#[test]
fn an_adapter_too_small_for_the_load_never_gets_it_up() {
    for over_current in [OverCurrent::Foldback, OverCurrent::Retry { after_s: Seconds::new(1.0) }] {
        let mut world = plain();
        let adapter = world.adapters.get_mut(&"oem-5v1a".into()).unwrap();
        (adapter.limit_a, adapter.over_current) = (Amps::new(0.2), over_current.clone());
        let mut lab = Lab::new(world, 1);
        lab.connect("oem-5v1a");
        lab.power(true);
        lab.run(20.0);
        let trial = lab.trial();
        assert!(trial.ready.is_empty() && trial.brown_outs() > 5, "{over_current:?}: {}", trial.brown_outs());
        let slow = matches!(over_current, OverCurrent::Retry { .. });
        assert_eq!(trial.brown_outs() < 25, slow, "a retry takes its time: {}", trial.brown_outs());
    }
}

#[test]
fn commands_are_refused_and_then_nothing_happens() {
    let mut lab = Lab::new(plain(), 1);
    lab.connect("oem-5v1a");
    assert!(matches!(lab.ports.supply.set(Volts::new(5.0)), Err(Refused::Never(_))), "a fixed adapter");
    assert!(matches!(lab.ports.selector.connect(&"unheard-of".into()), Err(Refused::Never(_))));
    lab.power(true);
    assert!(matches!(lab.ports.selector.connect(&"long-cable".into()), Err(Refused::Never(_))), "under power");
    lab.run(2.0);
    let (volts, _) = lab.truth.plug();
    assert!(volts > 4.9, "still the first adapter: {volts}");
}

#[test]
fn the_infrared_lamps_add_their_power() {
    let mut world = plain();
    world.camera.load.ir_after_s = Some(Seconds::new(2.0));
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    let (volts, amps) = lab.truth.plug();
    assert!((volts * amps - 2.6).abs() < 1e-9);
}

#[test]
fn the_camera_outlives_its_supply_by_hold_up_and_capacitor() {
    let mut lab = Lab::new(plain(), 1);
    lab.connect("oem-5v1a");
    lab.power(true);
    lab.run(60.0);
    let (volts, _) = lab.truth.plug();
    let off = lab.now();
    lab.power(false);
    lab.run(1.0);
    // 15 ms of hold-up, then 470 uF down to the lock-out at 3.9 V under 1.4 W.
    let expected = 0.015 + 470e-6 * (volts * volts - 3.9 * 3.9) / 2.0 / 1.4;
    let lived = lab.trial().losses[0].at.since(off).get();
    assert!((lived - expected).abs() < 2e-6, "{lived} instead of {expected}");
}

#[test]
fn a_dip_shorter_than_the_capacitor_lasts_is_survived() {
    let mut lab = Lab::new(plain(), 1);
    lab.power(true);
    lab.run(60.0);
    lab.ports.supply.set(Volts::new(3.0)).unwrap();
    lab.run(0.001);
    lab.ports.supply.set(Volts::new(5.0)).unwrap();
    lab.run(1.0);
    assert!(lab.trial().losses.is_empty());
    lab.ports.supply.set(Volts::new(3.0)).unwrap();
    lab.run(0.003);
    lab.ports.supply.set(Volts::new(5.0)).unwrap();
    lab.run(1.0);
    assert_eq!(lab.trial().brown_outs(), 1);
}
