//! Traps of adapters, cables, outlets and loads.

use super::*;

/// The camera on an adapter that is changed so.
fn on(adapter: &str, changes: &[(&str, f64)]) -> Files {
    let mut files = files();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", adapter]));
    for (key, value) in changes {
        files.set(WORLD, &format!("adapters.{adapter}.{key}"), *value);
    }
    files
}

fn browns_out(truth: &TrialTruth) -> bool {
    truth.brown_outs() > 0
}

#[test]
fn a_current_limit_that_folds_back_is_no_fault_of_the_camera() {
    let all = fools_nobody(&on("long-cable", &[("limit_a", 0.2)]), browns_out);
    assert!(count(&all, Verdict::NotReady) > 0);
}

#[test]
fn a_source_that_tries_again_and_again_starts_no_camera_and_resets_none() {
    let all = fools_nobody(&on("clone-5v2a", &[("limit_a", 0.2)]), browns_out);
    assert!(count(&all, Verdict::NotReady) > 0);
}

#[test]
fn ripple_and_a_short_hold_up_fool_nobody() {
    fools_nobody(&on("clone-5v2a", &[("ripple_v", 0.5), ("hold_up_s", 0.001)]), |_| true);
}

#[test]
fn a_step_of_the_load_that_dips_the_voltage_fools_nobody() {
    fools_nobody(&on("long-cable", &[("step_v_per_a", 1.5), ("step_s", 0.05), ("cable_ohm", 0.3)]), |_| true);
}

#[test]
fn a_slow_source_and_a_wrong_voltage_fool_nobody() {
    fools_nobody(&on("long-cable", &[("turn_on_s", 2.5), ("rise_s", 0.3), ("cable_ohm", 0.3), ("open_v", 5.45)]), |_| true);
}

#[test]
fn an_erase_that_browns_out_is_judged_by_what_is_left() {
    let all = told(&on("long-cable", &[("cable_ohm", 2.6)]));
    assert!(all.iter().any(|told| browns_out(&told.truth) || told.is(Verdict::NotReady)));
}

#[test]
fn an_outlet_that_is_dead_makes_no_camera_dead() {
    let mut files = files();
    files.set(WORLD, "outlet.share", 0.0);
    let all = fools_nobody(&files, |truth| truth.boots.is_empty());
    assert_eq!(count(&all, Verdict::NotReady), all.len());
}

#[test]
fn an_outlet_that_dips_makes_a_reboot_and_no_reset() {
    let mut files = files();
    files.set(WORLD, "outlet.dips_per_h", 60.0).set(WORLD, "outlet.dip_share", 0.0).set(WORLD, "outlet.dip_s", 0.5);
    fools_nobody(&files, browns_out);
}

#[test]
fn lamps_wifi_and_a_speaker_that_draw_are_no_restart() {
    let mut files = files();
    files.set(WORLD, "camera.load.ir_w", 1.5).set(WORLD, "camera.load.ir_after_s", 3.0).set(WORLD, "camera.load.wifi_w", 0.8);
    files.set(WORLD, "camera.load.speaker_w", 1.0).set(WORLD, "camera.sound.acknowledged.hz", 1500.0);
    fools_nobody(&files, |_| true);
}

#[test]
fn a_supply_that_collapses_in_every_boot_is_no_reboot() {
    // Enough for the bootloader and the kernel, and not for the radio.
    let mut files = on("long-cable", &[("limit_a", 0.40)]);
    files.set(QUICK, "factors.press_after_s", toml_edit::Array::from_iter([3]));
    let all = fools_nobody(&files, browns_out);
    assert!(all.iter().any(|told| told.is(Verdict::NoResponse) && told.says("began to boot anew")));
    assert_eq!(count(&all, Verdict::RebootOnly), 0);
}
