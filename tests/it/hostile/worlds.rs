//! A random camera with random traps.

use super::traps::trap;
use crate::it::support::dice::Dice;
use crate::it::support::files::Files;
use toml_edit::{Array, Value};

/// A suite to run, with what was done to its world.
pub(crate) struct Hostile {
    pub(crate) files: Files,
    pub(crate) suite: String,
    pub(crate) traps: Vec<&'static str>,
    /// Every sensor that the camera's profile goes by is there, and none is disturbed.
    pub(crate) full: bool,
}

/// One of the shipped cameras.
pub(super) struct Base {
    suite: &'static str,
    pub(super) dut: &'static str,
    pub(super) world: &'static str,
    pub(super) rig: &'static str,
    pub(super) adapters: [&'static str; 3],
    pub(super) volts: f64,
    /// The hold that resets it, and what can be seen of it.
    needs_s: f64,
    pub(super) console: bool,
    pub(super) light: bool,
    pub(super) sound: bool,
}

const FIVE: [&str; 3] = ["oem-5v1a", "clone-5v2a", "long-cable"];
const TWELVE: [&str; 3] = ["oem-12v1a", "clone-12v1a", "pigtail-20m"];

const fn base(name: (&'static str, &'static str), files: [&'static str; 2], needs_s: f64, console: bool, light: bool) -> Base {
    let [world, rig] = files;
    Base { suite: name.0, dut: name.1, world, rig, adapters: TWELVE, volts: 12.0, needs_s, console, light, sound: false }
}

const BASES: [Base; 6] = [
    Base {
        adapters: FIVE,
        volts: 5.0,
        ..base(
            ("suites/quick.toml", "duts/amcrest-indoor.toml"),
            ["worlds/amcrest-indoor.toml", "rigs/twin.toml"],
            11.0,
            true,
            true,
        )
    },
    Base {
        adapters: FIVE,
        volts: 5.0,
        sound: true,
        ..base(("suites/ptz.toml", "duts/ptz-5v.toml"), ["worlds/ptz-5v.toml", "rigs/twin-ptz.toml"], 6.0, true, true)
    },
    base(("suites/dome.toml", "duts/dome-12v.toml"), ["worlds/dome-12v.toml", "rigs/twin-dome.toml"], 15.0, true, true),
    base(("suites/bullet.toml", "duts/bullet-12v.toml"), ["worlds/bullet-12v.toml", "rigs/twin-bullet.toml"], 10.0, false, true),
    base(
        ("suites/hold-then-power.toml", "duts/hold-then-power-12v.toml"),
        ["worlds/hold-then-power-12v.toml", "rigs/twin-hold-then-power.toml"],
        15.0,
        true,
        false,
    ),
    base(
        ("suites/on-release.toml", "duts/on-release-12v.toml"),
        ["worlds/on-release-12v.toml", "rigs/twin-on-release.toml"],
        15.0,
        true,
        true,
    ),
];

fn list(from: impl IntoIterator<Item = impl Into<Value>>) -> Array {
    from.into_iter().map(Into::into).collect()
}

/// The suite of a seed.
pub(crate) fn hostile(seed: u64) -> Hostile {
    let mut dice = Dice::new(seed ^ 0x686f_7374_696c_6531);
    let base = dice.pick(&BASES);
    let mut files = brisk(base);
    let mut world = Hostile { files: Files::default(), suite: base.suite.to_owned(), traps: Vec::new(), full: true };
    suite(&mut files, base, &mut dice);
    camera(&mut files, base, &mut dice);
    power(&mut files, base, &mut dice);
    for _ in 0..dice.below(4) {
        trap(&mut files, base, &mut dice, &mut world);
    }
    if world.traps.is_empty() {
        world.traps.push("none");
    }
    world.files = files;
    world
}

/// Short waits, and a camera that boots in seconds: judging is the same, and costs less.
fn brisk(base: &Base) -> Files {
    let mut files = Files::new();
    files.set(base.dut, "press.write_window_s", 15.0);
    files.set(base.dut, "ready.min_wait_s", 14.0);
    if base.light {
        files.set(base.dut, "ready.light_stable_s", 4.0);
    }
    files.set(base.dut, "ready.timeout_s", 70.0);
    files.set(base.dut, "watch.quiet_s", 15.0);
    files.set(base.dut, "watch.recovery_s", 70.0);
    for (stage, span_s) in [("bootloader_s", 1.5), ("kernel_s", 1.0), ("userland_s", 2.0), ("application_s", 5.0)] {
        files.set(base.world, &format!("camera.boot.{stage}"), span_s);
    }
    files.set(base.world, "camera.flash.erase_s", 4.0);
    if base.sound {
        files.set(base.world, "camera.motor.after_s", 1.0).set(base.world, "camera.motor.boot_s", 3.0);
    }
    files
}

fn suite(files: &mut Files, base: &Base, dice: &mut Dice) {
    let name = base.suite;
    files.set(name, "factors.adapter", list([base.adapters[0], *dice.pick(&base.adapters[1..])]));
    let short = base.needs_s * dice.between(0.1, 0.9);
    let long = base.needs_s * dice.between(1.15, 2.6);
    files.set(name, "factors.hold_s", list([short, long]));
    if dice.happens(0.2) && base.suite != "suites/hold-then-power.toml" {
        files.set(name, "factors.release", list(["after_hold", "on_change"])).set(name, "factors.hold_max_s", 60.0);
    }
    if dice.happens(0.15) && base.suite != "suites/hold-then-power.toml" {
        files.set(name, "factors.press_after_s", list([3.0, 30.0]));
    }
    files.set(name, "design.replicates", 2);
    files.set(name, "design.shams_per_adapter", 1);
    files.set(name, "design.unpowered_per_adapter", dice.below(2) as i64);
    files.set(name, "design.seed", dice.below(1 << 40) as i64);
    files.set(name, "traces", "none");
}

/// A camera as it may be.
fn camera(files: &mut Files, base: &Base, dice: &mut Dice) {
    let world = base.world;
    files.set(world, "camera.starts_as", *dice.pick(&["factory", "configured"]));
    files.set(world, "camera.button.lapse", dice.between(0.0, 0.2));
    files.set(world, "camera.button.acknowledged_only", dice.between(0.0, 0.2));
    files.set(world, "camera.button.ack_lead_s", dice.between(0.0, 2.0));
    files.set(world, "camera.button.while_booting", *dice.pick(&["ignored", "from_ready"]));
    files.set(world, "camera.flash.brick", if dice.happens(0.8) { 0.0 } else { 0.1 });
}

/// Its adapters, from good to hopeless.
fn power(files: &mut Files, base: &Base, dice: &mut Dice) {
    for adapter in base.adapters {
        files.set(base.world, &format!("adapters.{adapter}.open_v"), base.volts * dice.between(0.98, 1.03));
        files.set(base.world, &format!("adapters.{adapter}.ripple_v"), dice.between(0.0, 0.06) * base.volts);
    }
    let long = base.adapters[2];
    let worst = if base.volts < 6.0 { 2.6 } else { 9.0 };
    files.set(base.world, &format!("adapters.{long}.cable_ohm"), dice.between(0.3, 1.0) * worst);
}
