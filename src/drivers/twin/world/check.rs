//! Ranges of a world's constants.

mod bench;
mod button;
mod camera;

use super::{AdapterModel, OverCurrent, World};
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
    camera::check(&mut found, &world.camera);
    button::check(&mut found, &world.camera.button);
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
