//! Traps of buttons and firmware.

use super::*;
use pinhole::drivers::twin::{BootCause, WipeCause};

/// With the button changed so.
fn button(key: &str, value: impl Into<toml_edit::Value>) -> Files {
    let mut files = files();
    files.set(WORLD, &format!("camera.button.{key}"), value);
    files
}

/// With the firmware changed so.
fn firmware(key: &str, value: impl Into<toml_edit::Value>) -> Files {
    let mut files = files();
    files.set(WORLD, &format!("camera.firmware.{key}"), value);
    files
}

fn began(truth: &TrialTruth, cause: BootCause) -> bool {
    truth.boots.iter().any(|boot| boot.cause == cause)
}

#[test]
fn a_contact_that_chatters_is_one_press() {
    let all = fools_nobody(&button("contact.chatter_s", 0.05), |truth| !truth.presses.is_empty());
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
}

#[test]
fn a_worn_contact_that_opens_in_mid_hold_is_no_response() {
    let mut files = button("contact.open_s", 0.4);
    files.set(WORLD, "camera.button.contact.opens_at_s", toml_edit::Array::from_iter([6.0, 12.0, 18.0]));
    let all = fools_nobody(&files, |truth| truth.presses.iter().any(|press| press.openings.iter().any(|open| open.noticed)));
    assert_eq!(count(&all, Verdict::FactoryReset), 0);
}

#[test]
fn a_dead_button_is_no_response() {
    let all = fools_nobody(&button("contact.dead", true), |truth| !truth.misses.is_empty());
    assert_eq!(count(&all, Verdict::NoResponse), all.len());
}

#[test]
fn a_tip_beside_the_button_or_short_of_it_is_no_response_and_the_force_says_which() {
    for (key, words) in [("contact.beside", "no click was felt"), ("contact.short_stroke", "never reached")] {
        let mut files = button(key, 1.0);
        plug_in(&mut files, "force");
        let all = fools_nobody(&files, |truth| !truth.misses.is_empty());
        assert_eq!(count(&all, Verdict::NoResponse), all.len(), "{key}");
        assert!(all.iter().any(|told| told.says(words)), "{key}: {:?}", all[0].judged.reasons);
    }
}

#[test]
fn a_button_without_its_snap_still_resets() {
    let mut files = button("contact.mushy", true);
    plug_in(&mut files, "force");
    let all = fools_nobody(&files, |_| true);
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
}

#[test]
fn a_press_that_is_too_long_is_answered_and_resets_nothing() {
    let mut files = button("action", "on_release");
    files.set(WORLD, "camera.button.windows.0.to_s", 15.0);
    let all = fools_nobody(&files, |truth| !truth.answers.is_empty());
    assert_eq!((count(&all, Verdict::FactoryReset), count(&all, Verdict::AcknowledgedOnly)), (0, 2));
}

#[test]
fn a_camera_that_acts_on_release_is_judged_as_one_that_acts_at_its_threshold() {
    let all = fools_nobody(&button("action", "on_release"), |truth| truth.was_reset());
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
}

#[test]
fn an_acknowledgement_and_nothing_more_is_no_reset() {
    let all = fools_nobody(&button("acknowledged_only", 1.0), |truth| !truth.answers.is_empty());
    assert_eq!(count(&all, Verdict::AcknowledgedOnly), 2);
}

#[test]
fn a_press_before_the_boot_was_over_counts_from_readiness_or_not_at_all() {
    for (while_booting, resets) in [("ignored", false), ("from_ready", true)] {
        let mut files = button("while_booting", while_booting);
        files.set(QUICK, "factors.press_after_s", toml_edit::Array::from_iter([2]));
        files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([3, 30]));
        let all = fools_nobody(&files, |truth| !truth.presses.is_empty());
        assert_eq!(count(&all, Verdict::FactoryReset) > 0, resets, "{while_booting}");
    }
}

#[test]
fn a_reboot_on_a_timer_or_at_random_is_no_reset() {
    for mut files in [firmware("reboot_every_s", 15.0), firmware("reboots_per_h", 150.0)] {
        files.set(QUICK, "design.replicates", 4);
        let all = fools_nobody(&files, |truth| began(truth, BootCause::Own));
        assert!(count(&all, Verdict::RebootOnly) > 0);
    }
}

#[test]
fn a_camera_that_accepts_and_erases_nothing_was_not_reset() {
    let all = fools_nobody(&firmware("erases", "never"), |truth| began(truth, BootCause::Press));
    assert_eq!((count(&all, Verdict::FactoryReset), count(&all, Verdict::RebootOnly)), (0, 2));
}

#[test]
fn an_erase_that_waits_for_a_boot_counts_when_it_is_done() {
    let all = fools_nobody(&firmware("erases", "next_boot"), |truth| truth.was_reset());
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
    for erases in ["second_boot", "without_restart"] {
        assert!(told(&firmware("erases", erases)).iter().any(|told| told.truth.pending), "{erases}");
    }
}

#[test]
fn settings_that_are_kept_make_a_reset_partial_category_by_category() {
    let mut files = files();
    files.set(WORLD, "camera.flash.survive.wifi", 1.0);
    let all = fools_nobody(&files, |truth| !truth.erases.is_empty());
    assert_eq!((count(&all, Verdict::FactoryReset), count(&all, Verdict::PartialReset)), (0, 2));
    let partial = all.iter().find(|told| told.is(Verdict::PartialReset)).unwrap();
    let words: Vec<_> = partial.judged.canaries.iter().map(|(category, fate)| (category.name(), format!("{fate:?}"))).collect();
    assert!(words.contains(&("wifi", "Survived".to_owned())) && words.contains(&("accounts", "Gone".to_owned())), "{words:?}");
}

#[test]
fn a_wipe_by_corruption_is_never_a_reset_by_the_press() {
    let mut files = files();
    // The outlet dips, and what it interrupts is found damaged by the next boot.
    files.set(WORLD, "camera.flash.corrupt_by_brown_out", 1.0).set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([3]));
    files.set(WORLD, "outlet.dips_per_h", 90.0).set(WORLD, "outlet.dip_share", 0.0).set(WORLD, "outlet.dip_s", 0.5);
    files.set(QUICK, "design.replicates", 6);
    let all = told(&files);
    let corrupt = |told: &Told| told.truth.erases.iter().any(|erase| erase.cause == WipeCause::Corruption);
    assert!(all.iter().any(corrupt), "{:#?}", all[0].truth);
    let pressed: Vec<&Told> = all.iter().filter(|told| !told.truth.presses.is_empty()).collect();
    assert!(!pressed.is_empty() && pressed.iter().all(|told| !told.is(Verdict::FactoryReset)));
}

#[test]
fn a_camera_that_is_ruined_is_dead_however_its_boot_fails() {
    let mut dead = 0;
    for fails_as in ["silent", "hangs", "prompt", "panics", "panics_and_restarts", "loops"] {
        let mut files = firmware("fails_as", fails_as);
        // The erase takes what the cable does not give.
        files.set(WORLD, "camera.flash.brick", 1.0).set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
        files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "long-cable"]));
        files.set(WORLD, "adapters.long-cable.cable_ohm", 1.8);
        let all = told(&files);
        let ruined = all.iter().filter(|told| told.truth.bricked.is_some()).count();
        assert!(ruined == 0 || count(&all, Verdict::Dead) > 0, "{fails_as}");
        dead += count(&all, Verdict::Dead);
    }
    assert!(dead > 0);
}

#[test]
fn a_boot_that_fails_by_chance_is_no_reset() {
    for fails_as in ["panics_and_restarts", "loops", "hangs"] {
        let mut files = firmware("fails_as", fails_as);
        files.set(WORLD, "camera.firmware.boot_fails", 0.3).set(QUICK, "design.replicates", 4);
        told(&files);
    }
}

#[test]
fn a_camera_that_says_for_ever_that_it_erases_is_switched_off_in_the_end() {
    let mut files = firmware("fails_as", "loops");
    files.set(WORLD, "camera.firmware.boot_fails", 1.0);
    // What it prints at every start is taken for an erase. Waiting for the end of that would be waiting for ever.
    files.replace(DUT, r"regex = '\bflash: erasing settings\b'", r"regex = '\bflash: erasing settings\b|U-Boot'");
    let all = told(&files);
    assert!(!all.is_empty() && all.iter().all(|told| told.truth.presses.is_empty() && !told.is(Verdict::FactoryReset)));
}

#[test]
fn a_light_that_is_dark_after_a_reset_or_when_ready_fools_nobody() {
    let mut dark = files();
    dark.set(WORLD, "camera.dark_after_reset_s", 5.0);
    let all = fools_nobody(&dark, |truth| truth.was_reset());
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
    let mut ready = files();
    ready.remove(WORLD, "camera.light.ready");
    ready.set(DUT, "light.ready.shape", "off");
    let all = fools_nobody(&ready, |truth| truth.was_reset());
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
}
