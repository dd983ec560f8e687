//! Traps of the bench's own senses: what disturbs the light, and what is heard.

use super::*;

fn light(changes: &[(&str, f64)]) {
    let mut files = files();
    for (key, value) in changes {
        files.set(WORLD, key, *value);
    }
    let all = fools_nobody(&files, TrialTruth::was_reset);
    assert_eq!(count(&all, Verdict::FactoryReset), 2, "{changes:?}");
}

#[test]
fn mains_flicker_fools_nobody() {
    light(&[("light_sensor.flicker", 0.15), ("light_sensor.flicker_hz", 100.0)]);
    light(&[("light_sensor.flicker", 0.15), ("light_sensor.flicker_hz", 120.0)]);
}

#[test]
fn a_lamp_that_is_dimmed_by_pulses_fools_nobody() {
    light(&[("lamp.pwm_hz", 200.0), ("lamp.pwm_duty", 0.6)]);
}

#[test]
fn light_around_that_drifts_and_a_noisy_sensor_fool_nobody() {
    light(&[("light_sensor.drift_per_h", 0.1), ("light_sensor.noise", 0.02), ("light_sensor.shot", 0.02)]);
    light(&[("light_sensor.daylight", 0.15)]);
}

/// With a microphone, and a profile that knows one chime for a press that was noticed.
fn heard() -> Files {
    let mut files = files();
    plug_in(&mut files, "sound");
    let text = files.text(DUT);
    files.put(DUT, format!("{text}\n[[chimes]]\nname = \"noticed\"\nhz = 1500\nmeaning = \"acknowledged\"\n"));
    files
}

#[test]
fn a_chime_without_a_reset_and_a_reset_without_a_chime_fool_nobody() {
    let mut chimes = heard();
    chimes.set(WORLD, "camera.sound.acknowledged.hz", 1500.0).set(WORLD, "camera.button.acknowledged_only", 1.0);
    let all = fools_nobody(&chimes, |truth| !truth.answers.is_empty());
    assert_eq!((count(&all, Verdict::AcknowledgedOnly), count(&all, Verdict::FactoryReset)), (2, 0));
    assert_eq!(count(&fools_nobody(&heard(), TrialTruth::was_reset), Verdict::FactoryReset), 2);
}

#[test]
fn a_motor_that_runs_on_every_boot_proves_nothing() {
    let mut files = heard();
    files.set(WORLD, "camera.motor.boot_s", 4.0).set(WORLD, "camera.motor.after_s", 1.0);
    let all = fools_nobody(&files, |truth| !truth.boots.is_empty());
    assert_eq!((count(&all, Verdict::FactoryReset), count(&all, Verdict::NoResponse)), (2, all.len() - 2));
}

#[test]
fn fans_and_transformers_are_no_motor() {
    let mut files = heard();
    files.set(WORLD, "microphone.noise", 0.05);
    let all = fools_nobody(&files, TrialTruth::was_reset);
    assert_eq!(count(&all, Verdict::FactoryReset), 2);
}

#[test]
fn a_canary_that_can_never_be_read_back_leaves_resets_open_and_is_named() {
    let mut files = files();
    files.set(DUT, "canaries.motion.read.present", "never printed {value}").set(DUT, "canaries.motion.read.absent", "nor this");
    files.set(DUT, "canaries.motion.read.timeout_s", 1.0);
    let all = told(&files);
    let open: Vec<_> = all.iter().filter(|told| told.truth.was_reset()).collect();
    assert!(
        !open.is_empty() && open.iter().all(|told| told.is(Verdict::Inconclusive) && told.says("motion")),
        "{:?}",
        open[0].judged
    );
}
