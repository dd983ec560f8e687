//! What can be wrong with a camera, its button, its firmware, its supply, and with what is seen of it.

use super::worlds::{Base, Hostile};
use crate::it::support::dice::Dice;
use crate::it::support::files::Files;
use toml_edit::{InlineTable, Value};

/// One trap more.
pub(super) fn trap(files: &mut Files, base: &Base, dice: &mut Dice, hostile: &mut Hostile) {
    let name = match dice.below(8) {
        0 => button_trap(files, base, dice),
        1 => firmware_trap(files, base, dice),
        2 => settings_trap(files, base, dice),
        3 => supply_trap(files, base, dice),
        4 => coil_trap(files, base, dice),
        5 if base.light => light_trap(files, base, dice),
        6 if base.sound => sound_trap(files, base, dice),
        _ => sensor_trap(files, base, dice, hostile),
    };
    hostile.traps.push(name);
}

fn button_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let mut set = |key: &str, value: Value| {
        files.set(base.world, &format!("camera.button.contact.{key}"), value);
    };
    match dice.below(6) {
        0 => {
            set("dead", true.into());
            "dead button"
        }
        1 => {
            set("beside", dice.between(0.2, 0.9).into());
            "beside the button"
        }
        2 => {
            set("short_stroke", dice.between(0.2, 0.9).into());
            "stroke too short"
        }
        3 => {
            set("opens_per_s", dice.between(0.02, 0.5).into());
            set("open_s", dice.between(0.005, 0.4).into());
            "worn contact"
        }
        4 => {
            set("chatter_s", dice.between(0.005, 0.1).into());
            "chatter"
        }
        _ => {
            set("mushy", true.into());
            "mushy button"
        }
    }
}

fn firmware_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let mut set = |key: &str, value: Value| {
        files.set(base.world, &format!("camera.firmware.{key}"), value);
    };
    match dice.below(7) {
        0 => {
            set("reboots_per_h", dice.between(1.0, 40.0).into());
            "reboots by itself"
        }
        1 => {
            set("reboot_every_s", dice.between(15.0, 90.0).into());
            "reboots on a timer"
        }
        2 => {
            set("erases", "never".into());
            "accepts and erases nothing"
        }
        3 => {
            set("erases", "next_boot".into());
            "erases in the next boot"
        }
        4 => {
            set("erases", (*dice.pick(&["second_boot", "without_restart"])).into());
            "erases in a later boot"
        }
        5 => {
            set("boot_fails", dice.between(0.02, 0.3).into());
            set("fails_as", (*dice.pick(&["silent", "hangs", "prompt", "panics", "panics_and_restarts", "loops"])).into());
            "boots fail by chance"
        }
        _ => {
            let fails = *dice.pick(&["silent", "hangs", "prompt", "panics", "panics_and_restarts", "loops"]);
            set("fails_as", fails.into());
            files.set(base.world, "camera.flash.brick", 0.5);
            "ruined by a power loss"
        }
    }
}

fn settings_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let world = base.world;
    match dice.below(4) {
        0 => {
            for category in ["wifi", "accounts", "motion", "other"] {
                let survives = if dice.happens(0.5) { 0.0 } else { dice.between(0.0, 0.5) };
                files.set(world, &format!("camera.flash.survive.{category}"), survives);
            }
            "kept in part"
        }
        1 => {
            files.set(world, "camera.flash.corrupt", dice.between(0.1, 0.9));
            "corrupt after a power loss"
        }
        2 => {
            files.set(world, "camera.flash.corrupt_by_brown_out", dice.between(0.1, 0.9));
            files.set(world, "camera.flash.erase_s", dice.between(2.0, 15.0));
            "corrupt after a brown-out"
        }
        _ => {
            files.set(world, "camera.dark_after_reset_s", dice.between(1.0, 10.0));
            "dark after a reset"
        }
    }
}

fn sensor_trap(files: &mut Files, base: &Base, dice: &mut Dice, hostile: &mut Hostile) -> &'static str {
    let world = base.world;
    let key = |name: &str| format!("camera.console.{name}");
    match dice.below(if base.console { 9 } else { 1 }) {
        0 => sensor_missing(files, base, dice, hostile),
        1 => {
            files.set(world, &key("bench_baud"), *dice.pick(&[9600, 57_600, 921_600]));
            hostile.full = false;
            "wrong baud rate"
        }
        2 => {
            files.set(world, &key("splices"), dice.between(0.02, 0.3));
            "spliced console"
        }
        3 => {
            files.set(world, &key("newline"), *dice.pick(&["lf", "cr", "cr_lf"])).set(world, &key("ansi"), true);
            "line ends and colours"
        }
        4 => {
            files.set(world, &key("controls"), dice.between(0.0, 0.3)).set(world, &key("backspaces"), dice.between(0.0, 0.1));
            "control bytes"
        }
        5 => {
            files.set(world, &key("long_lines"), dice.between(0.0, 0.2));
            "long lines"
        }
        6 => {
            files.set(world, &key("garbage"), dice.between(0.0, 0.2));
            hostile.full = false;
            "garbage on the console"
        }
        7 => {
            files.set(world, &key("drops"), dice.between(0.0, 0.01));
            hostile.full = false;
            "lost bytes"
        }
        _ => {
            files.set(world, &key("speaks"), *dice.pick(&["bootloader", "nothing"]));
            hostile.full = false;
            "no console after the bootloader"
        }
    }
}

/// A sensor less, and a profile that does not insist on it.
fn sensor_missing(files: &mut Files, base: &Base, dice: &mut Dice, hostile: &mut Hostile) -> &'static str {
    let mut ports = vec!["plug"];
    // A camera without console has nothing else to wait for a change by.
    if base.light && base.console {
        ports.push("light");
    }
    if base.sound {
        ports.push("sound");
    }
    let port = *dice.pick(&ports);
    if port == "light" {
        files.remove(base.dut, "ready.light_stable_s");
    }
    files.remove(base.rig, &format!("positions.0.{port}"));
    hostile.full = false;
    "a sensor is missing"
}

/// A supply with the bad habits of real ones, and a camera that asks more of it.
fn supply_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let world = base.world;
    let adapter = *dice.pick(&base.adapters);
    let key = |name: &str| format!("adapters.{adapter}.{name}");
    match dice.below(7) {
        0 => {
            files.set(world, "outlet.dips_per_h", dice.between(2.0, 60.0));
            files.set(world, "outlet.dip_share", *dice.pick(&[0.0, 0.4, 0.7]));
            files.set(world, "outlet.dip_s", *dice.pick(&[0.02, 0.2, 0.5, 5.0]));
            "mains dips"
        }
        1 => {
            files.set(world, "outlet.share", dice.between(0.15, 0.6));
            "mains sags"
        }
        2 => {
            let watts = if base.volts < 6.0 { 3.0 } else { 7.0 };
            files.set(world, &key("limit_a"), watts / base.volts * dice.between(0.6, 1.4));
            if dice.happens(0.5) {
                let mut retry = InlineTable::new();
                retry.insert("does", "retry".into());
                retry.insert("after_s", dice.between(0.2, 5.0).into());
                files.set(world, &key("over_current"), retry);
            }
            "current limit"
        }
        3 => {
            files.set(world, &key("step_v_per_a"), dice.between(0.3, 3.0)).set(world, &key("step_s"), dice.between(0.001, 0.05));
            "load steps"
        }
        4 => {
            files.set(world, &key("warm_v"), base.volts * dice.between(0.02, 0.15)).set(world, &key("warm_s"), 30.0);
            "sags when warm"
        }
        5 => {
            files.set(world, "camera.load.ir_at_boot", true).set(world, "camera.load.ir_w", dice.between(1.0, 5.5));
            "infrared from the first instruction on"
        }
        _ => {
            files.set(world, "camera.load.ir_after_s", dice.between(0.0, 40.0));
            files.set(world, "camera.load.ir_w", dice.between(0.5, 5.5));
            "infrared comes on"
        }
    }
}

/// A solenoid that does not do what it is told.
fn coil_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let fault = *dice.pick(&["coil_stuck", "coil_sticks", "coil_late", "coil_partial", "coil_drops"]);
    files.set(base.world, &format!("faults.{fault}"), dice.between(0.1, 0.6));
    if fault == "coil_drops" {
        files.set(base.world, "coil.drop_above_c", 22.0);
    }
    match fault {
        "coil_stuck" => "coil does not move",
        "coil_sticks" => "coil lets go late",
        "coil_late" => "coil comes down late",
        "coil_partial" => "coil comes half way",
        _ => "hot coil lets go",
    }
}

/// A light that is hard to see.
fn light_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let mut set = |key: &str, value: f64| {
        files.set(base.world, key, value);
    };
    match dice.below(7) {
        0 => {
            set("light_sensor.flicker", dice.between(0.0, 0.15));
            set("light_sensor.flicker_hz", *dice.pick(&[100.0, 120.0]));
            "mains flicker"
        }
        1 => {
            set("light_sensor.noise", dice.between(0.002, 0.02));
            "noisy light"
        }
        2 => {
            set("light_sensor.drift_per_h", dice.between(-1.0, 1.0));
            set("light_sensor.ambient", dice.between(0.0, 0.05));
            "drifting light"
        }
        3 => {
            set("light_sensor.daylight", dice.between(0.0, 0.1));
            "daylight"
        }
        4 => {
            set("light_sensor.shot", dice.between(0.005, 0.03));
            "shot noise"
        }
        5 => {
            let duty = dice.between(0.3, 0.9);
            set("lamp.pwm_hz", *dice.pick(&[180.0, 200.0, 240.0, 490.0, 1000.0, 25_000.0]));
            set("lamp.pwm_duty", duty);
            // What a calibration of this lamp finds.
            files.set(base.rig, "positions.0.calibration.light_lit", 0.02 + 0.38 * duty);
            "dimmed by pulses"
        }
        _ => {
            set("camera.button.ack_shown_s", dice.between(0.6, 4.0));
            "acknowledged for a moment"
        }
    }
}

/// A camera and a room that make noises.
fn sound_trap(files: &mut Files, base: &Base, dice: &mut Dice) -> &'static str {
    let world = base.world;
    let tone = |hz: f64, repeats: i64| {
        let mut tone = InlineTable::new();
        tone.insert("hz", hz.into());
        tone.insert("repeats", repeats.into());
        tone
    };
    match dice.below(6) {
        0 => {
            files.set(world, "microphone.noise", dice.between(0.003, 0.05));
            "noisy room"
        }
        1 => {
            let mut fan = InlineTable::new();
            fan.insert("hz", dice.between(50.0, 3000.0).into());
            fan.insert("level", dice.between(0.01, 0.2).into());
            files.set(world, "microphone.room", [Value::from(fan)].into_iter().collect::<toml_edit::Array>());
            "a fan in the room"
        }
        2 => {
            files.remove(world, "camera.sound.acknowledged");
            "no chime"
        }
        3 => {
            files.set(world, "camera.sound.booting", tone(dice.between(400.0, 3500.0), 1));
            "a chime at every boot"
        }
        4 => {
            let mut prompt = tone(dice.between(300.0, 1500.0), 1);
            prompt.insert("tone_s", 1.7.into());
            prompt.insert("every_s", 10.1.into());
            files.set(world, "camera.sound.setup", prompt);
            "prompts to be set up"
        }
        _ => {
            files.set(world, "camera.motor.acknowledged_s", dice.between(0.5, 3.0));
            "moves when pressed"
        }
    }
}
