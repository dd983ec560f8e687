//! What power does on its way: adapters with bad habits, the outlet, and the camera's loads.

use super::*;
use crate::domain::units::{Amps, Volts};
use crate::drivers::twin::world::{AdapterModel, OverCurrent};

/// The shipped world without chance, with a change to the adapter from the box, which is connected.
fn with(change: impl FnOnce(&mut AdapterModel)) -> World {
    let mut world = plain();
    world.connected = Some("oem-5v1a".into());
    change(world.adapters.get_mut(&"oem-5v1a".into()).unwrap());
    world
}

fn on(world: World) -> Lab {
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab
}

fn watts(lab: &Lab) -> f64 {
    let (volts, amps) = lab.truth.plug();
    volts * amps
}

fn volts(lab: &Lab) -> Vec<f64> {
    lab.volts.iter().map(|code| f64::from(*code) * 0.00125).collect()
}

#[test]
fn a_source_at_its_current_limit_folds_back_at_once_or_tries_again_later() {
    let boots = |over_current| {
        let mut lab = on(with(|adapter| (adapter.limit_a, adapter.over_current) = (Amps::new(0.2), over_current)));
        lab.run(20.0);
        assert!(lab.trial().ready.is_empty());
        lab.trial().boots.len()
    };
    assert!(boots(OverCurrent::Foldback) > 2 * boots(OverCurrent::Retry { after_s: Seconds::new(1.0) }));
}

#[test]
fn ripple_is_seen_at_the_plug() {
    let mut lab = on(with(|adapter| adapter.ripple_v = Volts::new(0.6)));
    lab.run(60.0);
    lab.forget();
    lab.run(5.0);
    assert!((sd(&volts(&lab)) - 0.1).abs() < 0.005, "{}", sd(&volts(&lab)));
}

#[test]
fn a_source_takes_its_time_to_turn_on() {
    let mut lab = on(with(|adapter| adapter.turn_on_s = Seconds::new(3.0)));
    lab.run(6.0);
    let first = volts(&lab).iter().position(|volts| *volts > 1.0).unwrap();
    assert!((2_000..4_500).contains(&first), "{first} ms");
}

#[test]
fn a_source_may_give_another_voltage_than_its_label_says() {
    let world = with(|adapter| adapter.open_v = Volts::new(9.0));
    assert_eq!(world.check(), []);
    let mut lab = on(world);
    lab.run(60.0);
    assert!(lab.truth.plug().0 > 8.9);
}

#[test]
fn a_step_of_the_load_makes_the_output_dip_for_its_time() {
    let mut world = with(|adapter| {
        (adapter.step_v_per_a, adapter.step_s) = (2.0, Seconds::from_millis(3));
        adapter.ripple_v = Volts::ZERO;
    });
    world.camera.load.ir_after_s = Some(Seconds::new(15.0));
    let mut lab = on(world);
    lab.run(48.0);
    let before = lab.truth.plug();
    lab.forget();
    lab.run(15.0);
    let after = lab.truth.plug();
    // 1.2 W more for the lamps: 0.25 A, so that half a volt is missing for three samples, beyond what the resistance takes.
    let deep: Vec<f64> = volts(&lab).into_iter().filter(|volts| *volts < after.0 - 0.1).collect();
    assert_eq!(deep.len(), 3, "{before:?} {after:?} {deep:?}");
    assert!(deep.iter().all(|volts| (volts - (after.0 - 2.0 * (after.1 - before.1))).abs() < 0.05), "{deep:?}");
    assert!(lab.trial().losses.is_empty());
}

#[test]
fn a_deep_dip_takes_the_camera_down() {
    let mut world = with(|adapter| (adapter.step_v_per_a, adapter.step_s) = (5.0, Seconds::from_millis(20)));
    world.camera.load.ir_after_s = Some(Seconds::new(5.0));
    let mut lab = on(world);
    lab.run(60.0);
    assert!(lab.trial().brown_outs() > 0, "the lamps ask for more than the input capacitor has");
}

#[test]
fn a_warm_output_sags_and_starts_cold_again() {
    let mut lab = on(with(|adapter| (adapter.warm_v, adapter.warm_s) = (Volts::new(0.5), Seconds::new(60.0))));
    lab.run(50.0);
    let early = lab.truth.plug().0;
    lab.run(600.0);
    let warm = lab.truth.plug().0;
    // After 50 s it has sagged by 0.28 V or so.
    assert!((early - warm - 0.22).abs() < 0.03, "{early} {warm}");
    lab.power(false);
    lab.run(20.0);
    lab.power(true);
    lab.run(50.0);
    assert!((lab.truth.plug().0 - early).abs() < 0.02);
}

#[test]
fn a_dead_outlet_gives_nothing() {
    let mut world = plain();
    world.outlet.share = 0.0;
    let mut lab = on(world);
    lab.run(10.0);
    assert_eq!(lab.truth.plug(), (0.0, 0.0));
    assert!(lab.trial().boots.is_empty());
}

#[test]
fn a_sagging_outlet_lowers_the_output_of_a_source_that_it_is_too_low_for() {
    let plug = |share: f64| {
        let mut world = with(|_| {});
        world.outlet.share = share;
        let mut lab = on(world);
        lab.run(60.0);
        let plug = lab.truth.plug();
        // Switched off, nothing comes back.
        lab.power(false);
        lab.run(0.001);
        assert!(lab.truth.plug().0 <= plug.0 + 0.2, "{share}");
        plug
    };
    let whole = plug(1.0);
    assert_eq!(plug(0.5), whole, "made for 100 to 240 V");
    let (volts, amps) = plug(0.36);
    assert!(amps > 0.0 && (4.5..4.7).contains(&volts), "{volts}");
    let (volts, amps) = plug(0.25);
    assert!(amps == 0.0 && (volts - 5.15 * 0.25 / 0.39).abs() < 1e-6, "too low to start the camera: {volts}");
    assert_eq!(plug(0.1).0, 0.0);
}

#[test]
fn a_short_dip_of_the_mains_is_bridged_and_a_long_one_is_a_restart() {
    let run = |dip_s: Seconds, dip_share: f64| {
        let mut world = with(|_| {});
        (world.outlet.dips_per_h, world.outlet.dip_share, world.outlet.dip_s) = (120.0, dip_share, dip_s);
        let mut lab = on(world);
        lab.begin(3, 1);
        lab.run(600.0);
        (lab.trial().brown_outs(), lab.trial().boots.len())
    };
    assert_eq!(run(Seconds::from_millis(10), 0.0), (0, 1), "within the hold-up");
    assert_eq!(run(Seconds::from_millis(500), 0.7), (0, 1), "within what the source is made for");
    let (losses, boots) = run(Seconds::from_millis(500), 0.0);
    assert!((8..=35).contains(&losses) && boots == losses + 1, "{losses} {boots}");
}

#[test]
fn a_slot_done_again_meets_the_same_dips() {
    let run = |before: f64| {
        let mut world = with(|_| {});
        (world.outlet.dips_per_h, world.outlet.dip_s) = (100.0, Seconds::new(1.0));
        let mut lab = on(world);
        lab.run(before);
        lab.power(false);
        lab.run(10.0);
        lab.begin(3, 1);
        let begun = lab.now();
        lab.power(true);
        lab.run(300.0);
        lab.trial().losses.iter().map(|loss| loss.at.since(begun)).collect::<Vec<_>>()
    };
    let once = run(30.0);
    assert!(once.len() > 2);
    assert_eq!(once, run(77.7));
}

#[test]
fn wifi_and_erase_add_their_power() {
    let mut lab = on(with(|_| {}));
    lab.run(8.0);
    assert!((watts(&lab) - 1.6).abs() < 1e-9, "booting");
    lab.run(17.0);
    assert!((watts(&lab) - 1.9).abs() < 1e-9, "joining its Wi-Fi");
    lab.run(30.0);
    lab.press(14.0);
    assert!((watts(&lab) - 1.75).abs() < 1e-9, "erasing: {}", watts(&lab));
}

#[test]
fn infrared_lamps_light_at_boot_or_in_the_dark() {
    let after = |seconds: f64, change: &dyn Fn(&mut World)| {
        let mut world = with(|_| {});
        change(&mut world);
        let mut lab = on(world);
        lab.run(seconds);
        watts(&lab)
    };
    let near = |watts: f64, expected: f64| assert!((watts - expected).abs() < 1e-9, "{watts} W, not {expected} W");
    near(after(5.0, &|world| world.camera.load.ir_at_boot = true), 2.8);
    near(after(60.0, &|world| world.camera.load.ir_at_boot = true), 2.6);
    near(after(60.0, &|world| world.camera.load.ir_below = Some(0.05)), 2.6);
    near(after(60.0, &|world| world.camera.load.ir_below = Some(0.005)), 1.4);
    // A room that darkens: below 0.005 after 180 s.
    let dusk = |world: &mut World| {
        world.light_sensor.drift_per_h = -0.1;
        world.camera.load.ir_below = Some(0.005);
    };
    near(after(150.0, &dusk), 1.4);
    near(after(200.0, &dusk), 2.6);
}
