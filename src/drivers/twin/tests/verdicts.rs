//! The true verdict, from what really happened.

use super::*;
use crate::domain::profile::{Action, Effect};
use crate::domain::units::Amps;
use crate::domain::verdict::Verdict;
use crate::drivers::twin::world::{Failure, WhileBooting, WindowModel};
use crate::drivers::twin::{BootCause, BootTruth};

/// The verdict on a press of so many seconds.
fn pressed(seconds: f64, change: impl FnOnce(&mut World)) -> Verdict {
    let mut lab = Lab::ready(change);
    let at = lab.now();
    lab.press(seconds);
    lab.run(75.0);
    lab.trial().verdict(Some(at), lab.now())
}

#[test]
fn each_word_is_said_when_it_is_true() {
    assert_eq!(pressed(12.0, |_| {}), Verdict::FactoryReset);
    assert_eq!(pressed(5.0, |_| {}), Verdict::NoResponse);
    assert_eq!(pressed(12.0, |world| world.camera.button.acknowledged_only = 1.0), Verdict::AcknowledgedOnly);
    assert_eq!(pressed(12.0, |world| world.camera.button.windows[0].effect = Effect::Reboot), Verdict::RebootOnly);
    assert_eq!(pressed(12.0, |world| world.camera.button.windows[0].effect = Effect::WifiReset), Verdict::PartialReset);
    assert_eq!(pressed(12.0, |world| world.camera.button.lapse = 1.0), Verdict::NoResponse);
}

#[test]
fn a_press_that_is_too_long_is_answered_and_not_obeyed() {
    let verdict = pressed(25.0, |world| {
        let button = &mut world.camera.button;
        button.action = Action::OnRelease;
        let (threshold_s, to_s) = (Seconds::new(11.0), Some(Seconds::new(20.0)));
        button.windows = vec![WindowModel { threshold_s, spread: 0.0, to_s, effect: Effect::FactoryReset }];
    });
    assert_eq!(verdict, Verdict::AcknowledgedOnly);
}

#[test]
fn an_answer_that_nothing_shows_is_none() {
    let verdict = pressed(12.0, |world| {
        world.camera.button.acknowledged_only = 1.0;
        world.camera.light.remove(&LightMeaning::Acknowledged);
        world.camera.light.remove(&LightMeaning::Ready);
        world.camera.console.speaks = crate::drivers::twin::world::Speaks::All;
    });
    assert_eq!(verdict, Verdict::AcknowledgedOnly, "the console says it");
    let mut lab = Lab::ready(|world| {
        world.camera.button.acknowledged_only = 1.0;
        world.camera.light.clear();
        world.camera.console.speaks = crate::drivers::twin::world::Speaks::Bootloader;
    });
    let at = lab.now();
    lab.press(12.0);
    lab.run(5.0);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::NoResponse);
    assert!(lab.trial().answers[0].by.is_empty());
}

#[test]
fn a_press_before_the_boot_was_over_is_judged_by_what_came_of_it() {
    for (while_booting, verdict) in
        [(WhileBooting::Ignored, Verdict::NoResponse), (WhileBooting::FromReady, Verdict::FactoryReset)]
    {
        let mut lab = Lab::ready(|world| world.camera.button.while_booting = while_booting);
        lab.power(false);
        lab.run(10.0);
        lab.power(true);
        lab.run(20.0);
        let at = lab.now();
        lab.press(45.0);
        lab.run(75.0);
        assert_eq!(lab.trial().verdict(Some(at), lab.now()), verdict);
    }
}

#[test]
fn what_came_before_the_stimulus_or_after_the_end_does_not_count() {
    let mut lab = Lab::ready(|_| {});
    lab.press(12.0);
    lab.run(75.0);
    let (at, trial) = (lab.now(), lab.trial());
    assert_eq!(trial.verdict(Some(at), lab.now() + Seconds::new(1.0)), Verdict::NoResponse);
    assert_eq!(trial.verdict(Some(trial.begun), trial.begun + Seconds::new(5.0)), Verdict::NoResponse);
    assert_eq!(trial.verdict(None, at), Verdict::NotReady);
}

#[test]
fn a_camera_that_does_not_come_back_is_dead_and_one_that_is_switched_off_is_not() {
    let mut lab = Lab::ready(|_| {});
    let at = lab.now();
    lab.press(5.0);
    lab.power(false);
    lab.run(20.0);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::NoResponse, "we switched it off");
    // A reset and a boot loop after it: dead is what matters then.
    let mut lab = Lab::ready(|world| {
        world.camera.button.windows[0].effect = Effect::Reboot;
        world.camera.firmware.fails_as = Failure::Loops;
    });
    lab.truth.0.borrow_mut().camera.model.firmware.boot_fails = 1.0;
    let at = lab.now();
    lab.press(12.0);
    lab.run(200.0);
    assert!(lab.trial().boots.len() > 10);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::Dead);
}

#[test]
fn a_press_without_supply_asks_nothing_of_the_camera() {
    let mut lab = Lab::ready(|_| {});
    lab.power(false);
    lab.run(10.0);
    let at = lab.now();
    lab.press(12.0);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::NoResponse);
    lab.power(true);
    lab.run(60.0);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::NoResponse, "the boot that we caused is no reboot");
}

#[test]
fn a_camera_never_up_that_was_pressed_early_is_not_called_dead() {
    let mut world = plain();
    world.camera.firmware.fails_as = Failure::Hangs;
    world.camera.firmware.boot_fails = 1.0;
    let mut lab = Lab::new(world, 1);
    lab.begin(0, 1);
    lab.power(true);
    lab.run(20.0);
    let at = lab.now();
    lab.press(30.0);
    lab.run(300.0);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::Inconclusive);
}

/// Pressed soon after power-on, while it starts over and over; in the end it is revived.
fn starting_over(cause: BootCause, change: impl FnOnce(&mut World)) -> Verdict {
    let mut world = plain();
    change(&mut world);
    let mut lab = Lab::new(world, 1);
    lab.connect("oem-5v1a");
    lab.begin(0, 1);
    lab.power(true);
    lab.run(2.0);
    let at = lab.now();
    lab.press(20.0);
    lab.run(200.0);
    let mut trial = lab.trial();
    assert!(trial.boots.iter().filter(|boot| boot.cause == cause && boot.at > at).count() > 1, "{trial:?}");
    trial.ready.push(lab.now());
    trial.verdict(Some(at), lab.now())
}

#[test]
fn a_camera_that_starts_over_before_it_was_ever_up_has_not_booted_again() {
    let failing = starting_over(BootCause::Failure, |world| {
        world.camera.firmware.fails_as = Failure::Loops;
        world.camera.firmware.boot_fails = 1.0;
    });
    assert_eq!(failing, Verdict::NoResponse);
    let weak = starting_over(BootCause::BrownOut, |world| {
        world.adapters.get_mut(&"oem-5v1a".into()).unwrap().limit_a = Amps::new(0.2);
    });
    assert_eq!(weak, Verdict::NoResponse);
}

#[test]
fn a_camera_that_was_up_has_booted_again_when_its_supply_breaks_down() {
    let mut lab = Lab::ready(|_| {});
    let at = lab.now();
    lab.press(3.0);
    lab.run(75.0);
    let mut trial = lab.trial();
    trial.boots.push(BootTruth { at: at + Seconds::new(2.0), cold: true, cause: BootCause::BrownOut });
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::RebootOnly);
    // Switched on anew by us, and never up since.
    trial.boots.insert(0, BootTruth { at: at + Seconds::new(1.0), cold: true, cause: BootCause::PowerOn });
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::NoResponse);
}

#[test]
fn hold_then_power_is_judged_from_the_second_boot_on() {
    let mut world = plain();
    world.camera.button.mode = crate::domain::profile::PressMode::HoldThenPower;
    let mut lab = Lab::new(world, 1);
    for (hold, verdict) in [(20.0, Verdict::FactoryReset), (6.0, Verdict::NoResponse)] {
        lab.begin(0, 1);
        let at = lab.now();
        lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(hold + 2.0) }).unwrap();
        lab.run(2.0);
        lab.power(true);
        lab.run(120.0);
        assert_eq!(lab.trial().verdict(Some(at), lab.now()), verdict);
        lab.power(false);
        lab.run(10.0);
    }
}
