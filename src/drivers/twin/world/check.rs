//! Ranges of a world's constants.

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
    check_bench(&mut found, world);
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
            ("threshold_factor", adapter.threshold_factor, 0.1..=10.0),
            ("threshold_spread", adapter.threshold_spread.unwrap_or(0.0), 0.0..=1.0),
        ],
    );
    if let OverCurrent::Retry { after_s } = &adapter.over_current {
        found.range(format!("{table}.over_current.after_s"), after_s.get(), 0.01..=60.0);
    }
}

fn check_bench(found: &mut Findings, world: &World) {
    let (coil, light, plug, faults) = (&world.coil, &world.light_sensor, &world.plug_sensor, &world.faults);
    found.ranges(
        "coil",
        &[
            ("pull_in_s", coil.pull_in_s.get(), 0.0..=1.0),
            ("pull_in_sd_s", coil.pull_in_sd_s.get(), 0.0..=1.0),
            ("drop_out_s", coil.drop_out_s.get(), 0.0..=1.0),
            ("drop_out_sd_s", coil.drop_out_sd_s.get(), 0.0..=1.0),
            ("bounce_s", coil.bounce_s.get(), 0.0..=0.1),
            ("slower_per_k", coil.slower_per_k, 0.0..=0.05),
            ("lateness_s", coil.lateness_s.get(), 0.0..=0.01),
            ("edge_u_s", coil.edge_u_s.get(), 0.0..=0.1),
            ("pull_w", coil.pull_w, 0.0..=100.0),
            ("hold_w", coil.hold_w, 0.0..=100.0),
            ("peak_s", coil.peak_s.get(), 0.0..=60.0),
            ("k_per_w", coil.k_per_w, 0.0..=1000.0),
            ("tau_s", coil.tau_s.get(), 0.1..=100_000.0),
            ("start_c", coil.start_c.unwrap_or(world.ambient_c).get(), -20.0..=200.0),
        ],
    );
    found.ranges(
        "light_sensor",
        &[
            ("offset", light.offset, 0.0..=0.5),
            ("noise", light.noise, 0.0..=0.02),
            ("ambient", light.ambient, 0.0..=0.5),
            ("flicker", light.flicker, 0.0..=0.5),
        ],
    );
    found.ranges(
        "plug_sensor",
        &[
            ("noise_v", plug.noise_v.get(), 0.0..=0.1),
            ("noise_a", plug.noise_a.get(), 0.0..=0.1),
            ("busy_a", plug.busy_a.get(), 0.0..=0.1),
        ],
    );
    found.ranges(
        "faults",
        &[
            ("supply_refuses", faults.supply_refuses, 0.0..=1.0),
            ("supply_disobeys", faults.supply_disobeys, 0.0..=1.0),
            ("console_gap", faults.console_gap, 0.0..=1.0),
            ("sensors_lost", faults.sensors_lost, 0.0..=1.0),
            ("coil_stuck", faults.coil_stuck, 0.0..=1.0),
            ("coil_sticks", faults.coil_sticks, 0.0..=1.0),
            ("probe_silent", faults.probe_silent, 0.0..=1.0),
            ("provision_unanswered", faults.provision_unanswered, 0.0..=1.0),
        ],
    );
}
