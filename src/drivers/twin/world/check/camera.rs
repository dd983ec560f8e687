//! Ranges of a camera's constants.

use super::super::{CameraModel, LightModel};
use super::Findings;
use crate::domain::observation::LightShape;
use crate::domain::profile::ChimeMeaning;

/// What is out of range in a camera but for its button.
pub(super) fn check(found: &mut Findings, camera: &CameraModel) {
    let (boot, power, load, flash, network) = (&camera.boot, &camera.power, &camera.load, &camera.flash, &camera.network);
    found.ranges(
        "camera",
        &[
            ("baud", f64::from(camera.baud), 1200.0..=4e6),
            ("boot.bootloader_s", boot.bootloader_s.get(), 0.0..=600.0),
            ("boot.kernel_s", boot.kernel_s.get(), 0.0..=600.0),
            ("boot.userland_s", boot.userland_s.get(), 0.0..=600.0),
            ("boot.application_s", boot.application_s.get(), 0.0..=600.0),
            ("boot.spread", boot.spread, 0.0..=1.0),
            ("boot.restart_s", boot.restart_s.get(), 0.001..=60.0),
            ("power.lockout_v", power.lockout_v.get(), 0.5..=60.0),
            ("power.restart_v", power.restart_v.get(), power.lockout_v.get()..=60.0),
            ("power.restart_delay_s", power.restart_delay_s.get(), 0.001..=10.0),
            ("power.capacitor_f", power.capacitor_f, 1e-6..=0.1),
            ("power.drain_s", power.drain_s.get(), 0.01..=60.0),
            ("power.erase_min_v", power.erase_min_v.get(), 0.0..=60.0),
            ("power.erase_min_sd_v", power.erase_min_sd_v.get(), 0.0..=10.0),
            ("load.idle_w", load.idle_w, 0.0..=100.0),
            ("load.boot_w", load.boot_w, 0.0..=100.0),
            ("load.restart_w", load.restart_w, 0.0..=100.0),
            ("load.wifi_w", load.wifi_w, 0.0..=100.0),
            ("load.ir_w", load.ir_w, 0.0..=100.0),
            ("load.erase_w", load.erase_w, 0.0..=100.0),
            ("load.ir_below", load.ir_below.unwrap_or(0.0), 0.0..=1.0),
            ("load.ir_after_s", load.ir_after_s.map_or(0.0, |s| s.get()), 0.0..=86_400.0),
            ("flash.erase_s", flash.erase_s.get(), 0.1..=1800.0),
            ("flash.erase_spread", flash.erase_spread, 0.0..=1.0),
            ("flash.commit_s", flash.commit_s.get(), 0.0..=60.0),
            ("flash.brick", flash.brick, 0.0..=1.0),
            ("network.delay_s", network.delay_s.get(), 0.001..=60.0),
            ("network.spread", network.spread, 0.0..=2.0),
            ("network.timeout_s", network.timeout_s.get(), 0.01..=60.0),
        ],
    );
    for (category, probability) in &flash.survive {
        found.range(format!("camera.flash.survive.{}", category.name()), *probability, 0.0..=1.0);
    }
    for (meaning, light) in &camera.light {
        check_light(found, &format!("camera.light.{}", format!("{meaning:?}").to_lowercase()), light);
    }
    check_sound(found, camera);
    check_firmware(found, camera);
}

fn check_light(found: &mut Findings, table: &str, light: &LightModel) {
    match (light.shape, light.hz) {
        (LightShape::Blink | LightShape::Alternating, Some(hz)) => found.range(format!("{table}.hz"), hz.get(), 0.05..=50.0),
        (LightShape::Blink, None) => found.say(format!("{table}.hz"), "a blink needs its rate"),
        (LightShape::Alternating, None) => found.say(format!("{table}.hz"), "an alternating light needs its rate"),
        (LightShape::Off | LightShape::Solid, _) => {}
        (LightShape::Unclear, _) => {
            found.say(format!("{table}.shape"), "the twin's light can be off, solid, blink or alternating");
        }
    }
    match (light.shape, light.colour, light.second) {
        (LightShape::Alternating, Some(one), Some(other)) if one != other => {}
        (LightShape::Alternating, _, _) => found.say(format!("{table}.second"), "an alternating light needs two colours"),
        (_, _, Some(_)) => found.say(format!("{table}.second"), "only an alternating light has a second colour"),
        (_, _, None) => {}
    }
    found.ranges(table, &[("duty", light.duty, 0.01..=0.99), ("brightness", light.brightness, 0.0..=1.0)]);
}

fn check_sound(found: &mut Findings, camera: &CameraModel) {
    for (meaning, tone) in &camera.sound {
        let table = format!("camera.sound.{}", format!("{meaning:?}").to_lowercase());
        found.ranges(
            &table,
            &[
                ("hz", tone.hz.get(), 50.0..=20_000.0),
                ("tone_s", tone.tone_s.get(), 0.02..=10.0),
                ("repeats", f64::from(tone.repeats), 1.0..=20.0),
                ("pause_s", tone.pause_s.get(), 0.02..=10.0),
                ("loudness", tone.loudness, 0.0..=1.0),
            ],
        );
        if let Some(every) = tone.every_s {
            found.range(format!("{table}.every_s"), every.get(), 0.1..=3600.0);
            if *meaning != ChimeMeaning::Setup {
                found.say(format!("{table}.every_s"), "only the prompt to set the camera up is repeated");
            } else if every <= tone.row_s() {
                found.say(format!("{table}.every_s"), "the row takes longer than that");
            }
        }
    }
    let motor = &camera.motor;
    found.ranges(
        "camera.motor",
        &[
            ("boot_s", motor.boot_s.get(), 0.0..=120.0),
            ("after_s", motor.after_s.get(), 0.0..=600.0),
            ("acknowledged_s", motor.acknowledged_s.get(), 0.0..=60.0),
            ("watts", motor.watts, 0.0..=100.0),
            ("loudness", motor.loudness, 0.0..=1.0),
        ],
    );
}

fn check_firmware(found: &mut Findings, camera: &CameraModel) {
    let (firmware, console) = (&camera.firmware, &camera.console);
    found.ranges(
        "camera",
        &[
            ("dark_after_reset_s", camera.dark_after_reset_s.get(), 0.0..=600.0),
            ("load.speaker_w", camera.load.speaker_w, 0.0..=100.0),
            ("flash.corrupt", camera.flash.corrupt, 0.0..=1.0),
            ("flash.corrupt_by_brown_out", camera.flash.corrupt_by_brown_out, 0.0..=1.0),
            ("firmware.reboot_every_s", firmware.reboot_every_s.map_or(1.0, |s| s.get()), 1.0..=604_800.0),
            ("firmware.reboots_per_h", firmware.reboots_per_h, 0.0..=3600.0),
            ("firmware.boot_fails", firmware.boot_fails, 0.0..=1.0),
            ("console.splices", console.splices, 0.0..=1.0),
            ("console.controls", console.controls, 0.0..=1.0),
            ("console.backspaces", console.backspaces, 0.0..=1.0),
            ("console.long_lines", console.long_lines, 0.0..=1.0),
            ("console.garbage", console.garbage, 0.0..=1.0),
            ("console.drops", console.drops, 0.0..=0.5),
            ("console.bench_baud", f64::from(console.bench_baud.unwrap_or(camera.baud)), 1200.0..=4e6),
        ],
    );
}
