//! Firmware with a will of its own, late erases, lies, corruption, and boots that fail.

use super::*;
use crate::domain::canary::Category;
use crate::domain::units::Volts;
use crate::domain::verdict::Verdict;
use crate::drivers::twin::world::{Erases, Failure, StartsAs};
use crate::drivers::twin::{BootCause, WipeCause};

fn causes(trial: &TrialTruth) -> Vec<BootCause> {
    trial.boots.iter().map(|boot| boot.cause).collect()
}

/// A press of 12 s on a camera that erases in this way, and the boot after it.
fn pressed(erases: Erases) -> (Lab, Tick) {
    let mut lab = Lab::ready(|world| world.camera.firmware.erases = erases);
    let at = lab.now();
    lab.press(12.0);
    lab.run(75.0);
    (lab, at)
}

fn power_cycle(lab: &mut Lab) {
    lab.power(false);
    lab.run(10.0);
    lab.power(true);
    lab.run(75.0);
}

#[test]
fn a_camera_reboots_by_itself_on_its_timer_and_says_so() {
    let mut lab = Lab::ready(|world| world.camera.firmware.reboot_every_s = Some(Seconds::new(100.0)));
    let at = lab.now();
    lab.run(150.0);
    assert!(lab.text().contains("app: remain 100 sec to autoreboot"));
    let trial = lab.trial();
    assert_eq!((causes(&trial), trial.self_reboots()), (vec![BootCause::Own], 1));
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::RebootOnly, "a reboot is no reset, whoever wanted it");
    lab.run(280.0);
    assert_eq!(lab.trial().self_reboots(), 3, "every 100 s of readiness and 41 s of boot");
}

#[test]
fn a_camera_reboots_at_random_at_its_rate() {
    let mut lab = Lab::ready(|world| world.camera.firmware.reboots_per_h = 20.0);
    lab.run(20_000.0);
    // 180 s up on average and 41 s of boot: 90 expected, with a standard deviation below 9.
    let reboots = lab.trial().self_reboots();
    assert!((60..125).contains(&reboots), "{reboots}");
}

#[test]
fn a_reboot_of_its_own_forgets_the_press() {
    let mut lab = Lab::ready(|world| world.camera.firmware.reboot_every_s = Some(Seconds::new(30.0)));
    lab.run(3.0);
    lab.press(20.0);
    lab.run(40.0);
    let trial = lab.trial();
    let (press, reboot) = (&trial.presses[0], &trial.boots[0]);
    assert!(reboot.at > press.closed && reboot.at < press.opened.unwrap() && trial.self_reboots() == 1);
    assert!(trial.erases.is_empty() && press.accepted.is_none());
}

#[test]
fn accepted_and_rebooted_and_nothing_erased() {
    let (lab, at) = pressed(Erases::Never);
    let (trial, text) = (lab.trial(), lab.text());
    assert!(text.contains("button: factory reset accepted") && text.contains("app: state=configured"));
    assert!(trial.erases.is_empty() && lab.truth.settings().len() == 4);
    assert_eq!((causes(&trial), trial.verdict(Some(at), lab.now())), (vec![BootCause::Press], Verdict::RebootOnly));
}

#[test]
fn an_erase_deferred_to_the_next_boot_is_done_in_it() {
    let (lab, at) = pressed(Erases::NextBoot);
    let text = lab.text();
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
    let order = [
        "will be erased on next mount",
        "reboot: Restarting",
        "VFS: Mounted",
        "flash: erasing",
        "ph-twin login:",
        "app: state=setup",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{text}");
    assert_eq!(text.matches("app: ready").count(), 1, "one boot, which waits for the erase");
    let trial = lab.trial();
    assert!(trial.was_reset() && !trial.pending && lab.truth.is_factory());
    assert_eq!((trial.boots.len(), trial.verdict(Some(at), lab.now())), (1, Verdict::FactoryReset));
}

#[test]
fn an_erase_deferred_to_the_second_boot_leaves_the_first_one_configured() {
    let (mut lab, at) = pressed(Erases::SecondBoot);
    assert!(lab.text().contains("app: state=configured") && lab.trial().pending && lab.truth.settings().len() == 4);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::RebootOnly, "so far");
    power_cycle(&mut lab);
    let trial = lab.trial();
    assert!(trial.was_reset() && !trial.pending && lab.truth.is_factory());
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::FactoryReset);
}

#[test]
fn an_erase_that_waits_for_a_boot_that_nobody_causes() {
    let (mut lab, at) = pressed(Erases::WithoutRestart);
    assert!(lab.trial().boots.is_empty() && lab.trial().pending);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::AcknowledgedOnly);
    // It comes in the preparation of the next trial, and is told there.
    lab.begin(1, 1);
    assert!(lab.trial().pending);
    power_cycle(&mut lab);
    assert!(lab.trial().was_reset() && lab.trial().erases[0].from_before);
}

#[test]
fn a_deferred_erase_that_loses_its_power_is_done_in_the_boot_after() {
    let mut lab = Lab::ready(|world| world.camera.firmware.erases = Erases::NextBoot);
    lab.press(12.0);
    lab.run(12.0);
    assert!(lab.text().contains("flash: erasing"));
    power_cycle(&mut lab);
    let trial = lab.trial();
    assert!(trial.erases[0].interrupted.is_some() && trial.erases[1].interrupted.is_none() && trial.erases.len() == 2);
    assert!(trial.was_reset() && lab.truth.settings().is_empty());
}

#[test]
fn network_settings_may_be_kept() {
    let mut lab = Lab::ready(|world| world.camera.flash.survive = [(Category::Wifi, 1.0)].into());
    let at = lab.now();
    lab.press(12.0);
    lab.run(75.0);
    assert_eq!(lab.truth.settings().keys().collect::<Vec<_>>(), ["wifi.canary"]);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::PartialReset);
}

#[test]
fn corruption_wipes_settings_without_a_press() {
    let mut lab = Lab::ready(|world| {
        world.camera.flash.corrupt = 1.0;
        world.camera.flash.commit_s = Seconds::new(5.0);
    });
    let at = lab.now();
    lab.type_line("cfg set other.name x");
    power_cycle(&mut lab);
    assert!(lab.text().contains("settings: bad blocks found, formatting") && lab.truth.is_factory());
    let trial = lab.trial();
    assert_eq!((trial.erases.len(), trial.erases[0].cause), (1, WipeCause::Corruption));
    assert!(trial.wiped().is_empty() && lab.truth.settings().is_empty(), "no press wiped anything");
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::Inconclusive);
    lab.forget();
    power_cycle(&mut lab);
    assert!(!lab.text().contains("formatting"), "once is enough");
}

#[test]
fn a_breakdown_of_the_voltage_may_corrupt_settings_that_nobody_writes() {
    let mut lab = Lab::ready(|world| world.camera.flash.corrupt_by_brown_out = 1.0);
    lab.power(false);
    lab.run(10.0);
    lab.connect("bench-psu");
    lab.power(true);
    lab.run(60.0);
    lab.forget();
    let at = lab.now();
    lab.ports.supply.set(Volts::new(3.0)).unwrap();
    lab.run(1.0);
    lab.ports.supply.set(Volts::new(5.0)).unwrap();
    lab.run(75.0);
    let trial = lab.trial();
    assert_eq!((trial.brown_outs(), trial.boots.last().unwrap().cause), (1, BootCause::BrownOut));
    assert_eq!(trial.erases[0].cause, WipeCause::Corruption);
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::Inconclusive);
}

#[test]
fn an_erase_that_loses_its_power_may_be_finished_by_the_next_boot() {
    let mut lab = Lab::ready(|world| world.camera.flash.corrupt = 1.0);
    let at = lab.now();
    lab.press(13.0);
    lab.run(3.0);
    power_cycle(&mut lab);
    let trial = lab.trial();
    assert_eq!(trial.erases.iter().map(|erase| erase.cause).collect::<Vec<_>>(), [WipeCause::Press, WipeCause::LostErase]);
    assert_eq!(trial.verdict(Some(at), lab.now()), Verdict::FactoryReset);
}

#[test]
fn a_brown_out_in_the_erase_may_ruin_the_camera_for_good() {
    let mut lab = Lab::ready(|world| {
        world.camera.flash.brick = 1.0;
        world.camera.power.erase_min_v = Volts::new(6.0);
        world.camera.firmware.fails_as = Failure::Hangs;
    });
    let at = lab.now();
    lab.press(12.0);
    lab.run(60.0);
    let trial = lab.trial();
    assert!(trial.bricked.is_some() && trial.losses[0].brown_out && trial.ready.is_empty());
    power_cycle(&mut lab);
    assert_eq!(lab.trial().verdict(Some(at), lab.now()), Verdict::Dead);
}

#[test]
fn formatting_may_take_minutes_and_says_so_all_the_time() {
    let mut lab = Lab::ready(|world| {
        world.camera.flash.erase_s = Seconds::new(240.0);
        world.camera.flash.erase_spread = 0.0;
    });
    lab.press(13.5);
    lab.forget();
    lab.run(230.0);
    assert!((228..=231).contains(&lab.text().matches("flash: erasing").count()));
    assert!(lab.truth.plug().1 > 0.34 && !lab.trial().was_reset());
    lab.run(60.0);
    assert!(lab.trial().was_reset() && lab.truth.is_factory());
}

/// A camera that came ruined in this way, a minute after power-on.
fn ruined(fails_as: Failure) -> Lab {
    let mut world = plain();
    world.camera.starts_as = StartsAs::Bricked;
    world.camera.firmware.fails_as = fails_as;
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(60.0);
    assert!(lab.trial().ready.is_empty() && !lab.text().contains("login:") | (fails_as == Failure::Loops));
    lab
}

#[test]
fn firmware_that_is_ruined_may_be_silent() {
    let lab = ruined(Failure::Silent);
    assert!(lab.console.is_empty() && lab.truth.light() == Some(LightMeaning::Failed));
}

#[test]
fn an_interrupted_update_may_stop_at_a_prompt() {
    let mut lab = ruined(Failure::Prompt);
    assert!(lab.text().ends_with("Bad Data CRC\r\nERROR: can't get kernel image!\r\ntwin# "), "{}", lab.text());
    assert!(!lab.text().contains("Linux version") && lab.truth.light() == Some(LightMeaning::Booting));
    lab.forget();
    lab.run(100.0);
    assert!(lab.console.is_empty());
}

#[test]
fn a_bad_image_may_hang_silently_after_the_kernel_was_started() {
    let mut lab = ruined(Failure::Hangs);
    assert!(lab.text().ends_with("Starting kernel ...\r\n\r\n") && !lab.text().contains("ERROR"), "{}", lab.text());
    assert!(lab.truth.plug().1 > 0.3, "it draws what its boot drew");
    lab.forget();
    lab.run(100.0);
    assert!(lab.console.is_empty() && lab.trial().boots.len() == 1);
}

#[test]
fn a_kernel_may_panic_once_or_for_ever() {
    let lab = ruined(Failure::Panics);
    assert_eq!(lab.text().matches("Kernel panic - not syncing").count(), 1);
    assert_eq!(lab.trial().boots.len(), 1);
    let lab = ruined(Failure::PanicsAndRestarts);
    let panics = lab.text().matches("Kernel panic - not syncing").count();
    assert!((5..=6).contains(&panics), "every 11 s: {panics}");
    assert!(causes(&lab.trial())[1..].iter().all(|cause| *cause == BootCause::Failure));
}

#[test]
fn a_camera_may_loop_in_its_boot() {
    let mut lab = ruined(Failure::Loops);
    lab.run(60.0);
    assert!((8..=10).contains(&lab.trial().boots.len()), "every 13 s: {}", lab.trial().boots.len());
    assert!(lab.text().contains("login:") && !lab.text().contains("app: ready"));
}

#[test]
fn a_boot_may_fail_by_chance_and_the_next_one_succeed() {
    let mut world = plain();
    world.camera.firmware.boot_fails = 0.5;
    world.camera.firmware.fails_as = Failure::PanicsAndRestarts;
    let mut lab = Lab::new(world, 1);
    lab.power(true);
    lab.run(8000.0);
    let first = lab.trial();
    assert_eq!(first.ready.len(), 1, "it stays up once it is");
    let mut failed = 0;
    for slot in 0..40 {
        lab.begin(slot, 1);
        power_cycle(&mut lab);
        failed += usize::from(lab.trial().boots.len() > 1);
    }
    assert!((10..=30).contains(&failed), "{failed}");
}
