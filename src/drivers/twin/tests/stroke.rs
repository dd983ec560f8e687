//! The solenoid's stroke, and the force on the button.

use super::*;

/// The shipped world without chance, and without noise at the load cell; the camera is up.
fn up(change: impl FnOnce(&mut World)) -> Lab {
    let mut world = plain();
    world.button_force.noise_n = 0.0;
    change(&mut world);
    let mut lab = Lab::wired(world, 1, ALL);
    lab.power(true);
    lab.run(60.0);
    lab.begin(0, 1);
    lab.forget();
    lab
}

/// The force on the button through a press and a moment more.
fn pressed(lab: &mut Lab, seconds: f64) -> Vec<f64> {
    lab.press(seconds);
    lab.run(0.5);
    lab.values(Channel::Force)
}

/// Greatest fall between neighbours while the force is on its way up.
fn dip(force: &[f64]) -> f64 {
    let mut highest = 0.0f64;
    let mut deepest = 0.0f64;
    for value in &force[..force.len() / 2] {
        highest = highest.max(*value);
        deepest = deepest.max(highest - value);
    }
    deepest
}

fn top(force: &[f64]) -> f64 {
    force.iter().copied().fold(0.0, f64::max)
}

#[test]
fn a_good_button_snaps_and_then_bears_the_coil() {
    let mut lab = up(|_| {});
    let force = pressed(&mut lab, 1.0);
    assert_eq!(force[0], 0.0);
    let low = force.iter().position(|force| *force > 1.4).unwrap();
    let snapped = low + force[low..].iter().position(|force| *force < 1.2).unwrap();
    let peak = top(&force[..snapped]);
    assert!((1.5..=2.0).contains(&peak), "{peak}");
    assert!((force[snapped..snapped + 6].iter().copied().fold(9.0, f64::min) - 1.1).abs() < 0.05);
    // 5 N at 20 degrees, and it is 23.
    assert!((force[500] - 4.93).abs() < 0.01, "{}", force[500]);
    assert_eq!(*force.last().unwrap(), 0.0, "let go");
    assert_eq!(lab.trial().presses.len(), 1);
}

#[test]
fn a_worn_dome_has_no_snap() {
    for worn in [|world: &mut World| world.button_force.dip = 0.0, |world: &mut World| world.camera.button.contact.mushy = true] {
        let mut lab = up(worn);
        let force = pressed(&mut lab, 1.0);
        assert!(dip(&force) < 0.01, "{}", dip(&force));
        assert!((force[500] - 4.93).abs() < 0.01);
        assert_eq!(lab.trial().presses.len(), 1, "the contact closes all the same");
    }
}

#[test]
fn beside_the_button_the_force_is_high_and_nothing_snaps() {
    let mut lab = up(|world| world.camera.button.contact.beside = 1.0);
    let force = pressed(&mut lab, 1.0);
    assert!(dip(&force) < 0.01 && (force[500] - 12.0).abs() < 0.01, "{}", force[500]);
    assert_eq!(*force.last().unwrap(), 0.0);
    assert!(lab.trial().presses.is_empty());
}

#[test]
fn a_stroke_that_is_too_short_stays_below_the_snap() {
    let short: [fn(&mut World); 2] =
        [|world| world.camera.button.contact.short_stroke = 1.0, |world| world.faults.coil_partial = 1.0];
    for change in short {
        let mut lab = up(change);
        let force = pressed(&mut lab, 1.0);
        assert!((0.9..1.3).contains(&top(&force)), "{}", top(&force));
        assert!((force[500] - 1.0).abs() < 0.01, "{}", force[500]);
        assert_eq!(*force.last().unwrap(), 0.0);
        assert!(lab.trial().presses.is_empty());
    }
}

#[test]
fn a_hot_coil_is_weaker_and_may_be_too_weak() {
    let hot = |celsius: f64, force_n: f64| {
        let mut lab = up(|world| {
            (world.coil.start_c, world.coil.tau_s, world.coil.force_n) =
                (Some(Celsius::new(celsius)), Seconds::new(100_000.0), force_n)
        });
        let force = pressed(&mut lab, 1.0);
        (force[500], lab.trial().presses.len())
    };
    let (force, presses) = hot(85.0, 5.0);
    assert!((force - 3.5).abs() < 0.02 && presses == 1, "30 % less: {force}");
    assert_eq!(hot(20.0, 2.5).1, 1);
    let (force, presses) = hot(85.0, 2.5);
    assert!(force < 2.0 && presses == 0, "{force}");
}

#[test]
fn a_coil_that_is_stuck_presses_on_nothing() {
    let mut lab = up(|world| world.faults.coil_stuck = 1.0);
    assert!(pressed(&mut lab, 1.0).iter().all(|force| *force == 0.0));
}

#[test]
fn the_load_cell_has_its_noise_and_its_offset() {
    let mut lab = up(|world| (world.button_force.noise_n, world.button_force.offset_n) = (0.05, 0.3));
    lab.run(10.0);
    let force = lab.values(Channel::Force);
    assert!((mean(&force) - 0.3).abs() < 0.005 && (sd(&force) - 0.05).abs() < 0.002);
}

#[test]
fn a_late_coil_closes_the_contact_late() {
    let delay = |late: f64| {
        let mut lab = up(|world| world.faults.coil_late = late);
        let ordered = lab.now();
        lab.press(2.0);
        lab.trial().presses[0].closed.since(ordered).get()
    };
    let (soon, late) = (delay(0.0), delay(1.0));
    assert!(soon < 0.04, "{soon}");
    assert!((0.05..=0.301).contains(&(late - soon)), "{soon} {late}");
}

#[test]
fn a_hot_coil_that_cannot_hold_lets_go_and_a_cold_one_holds() {
    let held = |celsius: f64| {
        let mut lab = up(|world| {
            world.faults.coil_drops = 1.0;
            (world.coil.start_c, world.coil.tau_s) = (Some(Celsius::new(celsius)), Seconds::new(10_000.0));
        });
        let force = pressed(&mut lab, 25.0);
        assert_eq!(lab.trial().faults, ["coil_drops"]);
        let trial = lab.trial();
        assert_eq!(trial.presses.len(), 1);
        (trial.presses[0].held().unwrap().get(), force[24_000])
    };
    let (long, force) = held(25.0);
    assert!(long > 24.9 && force > 4.0, "{long} {force}");
    let (short, force) = held(80.0);
    assert!(short < 20.1 && force == 0.0, "{short} {force}");
}
