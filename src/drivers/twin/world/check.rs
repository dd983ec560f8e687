//! Ranges of a world's constants.

mod bench;

use super::{AdapterModel, ButtonModel, CameraModel, OverCurrent, World};
use crate::domain::observation::LightShape;
use crate::domain::profile::Action;
use std::ops::RangeInclusive;

/// Collects what is out of range.
struct Findings(Vec<(String, String)>);

impl Findings {
    fn say(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push((path.into(), message.into()));
    }

    fn range(&mut self, path: impl Into<String>, value: f64, allowed: RangeInclusive<f64>) {
        if !allowed.contains(&value) {
            self.say(path, format!("{value} is not between {} and {}", allowed.start(), allowed.end()));
        }
    }

    /// Several values of one table with ranges of their own.
    fn ranges(&mut self, table: &str, values: &[(&str, f64, RangeInclusive<f64>)]) {
        for (key, value, allowed) in values {
            self.range(format!("{table}.{key}"), *value, allowed.clone());
        }
    }
}

/// Everything that is out of its range.
pub fn check(world: &World) -> Vec<(String, String)> {
    let mut found = Findings(Vec::new());
    if world.schema != 1 {
        found.say("schema", format!("{} is not a known version: expected 1", world.schema));
    }
    if world.adapters.is_empty() {
        found.say("adapters", "at least one adapter is needed");
    }
    if let Some(name) = &world.connected
        && !world.adapters.contains_key(name)
    {
        found.say("connected", format!("there is no adapter {name} in this world"));
    }
    found.range("ambient_c", world.ambient_c.get(), -20.0..=60.0);
    for (name, adapter) in &world.adapters {
        check_adapter(&mut found, &format!("adapters.{name}"), adapter);
    }
    check_camera(&mut found, &world.camera);
    check_button(&mut found, &world.camera.button);
    bench::check(&mut found, world);
    found.0
}

fn check_adapter(found: &mut Findings, table: &str, adapter: &AdapterModel) {
    found.ranges(
        table,
        &[
            ("open_v", adapter.open_v.get(), 0.0..=60.0),
            ("output_ohm", adapter.output_ohm, 0.0..=10.0),
            ("cable_ohm", adapter.cable_ohm, 0.0..=10.0),
            ("limit_a", adapter.limit_a.get(), 0.01..=20.0),
            ("ripple_v", adapter.ripple_v.get(), 0.0..=2.0),
            ("hold_up_s", adapter.hold_up_s.get(), 0.0..=1.0),
            ("turn_on_s", adapter.turn_on_s.get(), 0.0..=10.0),
            ("rise_s", adapter.rise_s.get(), 0.0..=1.0),
            ("mains_min", adapter.mains_min, 0.0..=1.0),
            ("step_v_per_a", adapter.step_v_per_a, 0.0..=5.0),
            ("step_s", adapter.step_s.get(), 0.0001..=1.0),
            ("warm_v", adapter.warm_v.get(), 0.0..=10.0),
            ("warm_s", adapter.warm_s.get(), 1.0..=36_000.0),
            ("threshold_factor", adapter.threshold_factor, 0.1..=10.0),
            ("threshold_spread", adapter.threshold_spread.unwrap_or(0.0), 0.0..=1.0),
        ],
    );
    if let OverCurrent::Retry { after_s } = &adapter.over_current {
        found.range(format!("{table}.over_current.after_s"), after_s.get(), 0.01..=60.0);
    }
}

fn check_camera(found: &mut Findings, camera: &CameraModel) {
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
        let table = format!("camera.light.{}", format!("{meaning:?}").to_lowercase());
        match (light.shape, light.hz) {
            (LightShape::Blink, Some(hz)) => found.range(format!("{table}.hz"), hz.get(), 0.05..=50.0),
            (LightShape::Blink, None) => found.say(format!("{table}.hz"), "a blink needs its rate"),
            (LightShape::Off | LightShape::Solid, _) => {}
            _ => found.say(format!("{table}.shape"), "the twin's light can be off, solid or blink"),
        }
        found.ranges(&table, &[("duty", light.duty, 0.01..=0.99), ("brightness", light.brightness, 0.0..=1.0)]);
    }
}

fn check_button(found: &mut Findings, button: &ButtonModel) {
    found.ranges(
        "camera.button",
        &[
            ("lapse", button.lapse, 0.0..=1.0),
            ("acknowledged_only", button.acknowledged_only, 0.0..=1.0),
            ("ack_lead_s", button.ack_lead_s.get(), 0.0..=60.0),
            ("ack_shown_s", button.ack_shown_s.get(), 0.0..=60.0),
            ("debounce_s", button.debounce_s.get(), 0.0..=1.0),
        ],
    );
    let mut last = 0.0;
    for (i, window) in button.windows.iter().enumerate() {
        let table = format!("camera.button.windows[{i}]");
        found.ranges(&table, &[("threshold_s", window.threshold_s.get(), 0.05..=600.0), ("spread", window.spread, 0.0..=1.0)]);
        if window.threshold_s.get() <= last {
            found.say(format!("{table}.threshold_s"), "windows must rise");
        }
        last = window.threshold_s.get();
        if let Some(to) = window.to_s {
            if button.action == Action::AtThreshold {
                found.say(
                    format!("{table}.to_s"),
                    "a camera that acts at the threshold cannot know that the press will be too long",
                );
            } else if to <= window.threshold_s {
                found.say(format!("{table}.to_s"), "the upper end must be above the threshold");
            }
        }
    }
}
