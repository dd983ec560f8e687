//! Ranges of what the bench is made of.

use super::super::World;
use super::Findings;

/// Everything of the bench that is out of its range.
pub(super) fn check(found: &mut Findings, world: &World) {
    check_coil(found, world);
    check_light(found, world);
    check_senses(found, world);
    check_faults(found, world);
}

fn check_coil(found: &mut Findings, world: &World) {
    let coil = &world.coil;
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
            ("force_n", coil.force_n, 0.1..=50.0),
            ("weaker_per_k", coil.weaker_per_k, 0.0..=0.05),
            ("stiff_n", coil.stiff_n, 0.1..=50.0),
            ("drop_above_c", coil.drop_above_c.get(), -20.0..=200.0),
            ("start_c", coil.start_c.unwrap_or(world.ambient_c).get(), -20.0..=200.0),
        ],
    );
}

fn check_light(found: &mut Findings, world: &World) {
    let (light, lamp) = (&world.light_sensor, &world.lamp);
    found.ranges(
        "light_sensor",
        &[
            ("offset", light.offset, 0.0..=0.5),
            ("noise", light.noise, 0.0..=0.02),
            ("shot", light.shot, 0.0..=0.05),
            ("ambient", light.ambient, 0.0..=0.5),
            ("drift_per_h", light.drift_per_h, -1.0..=1.0),
            ("daylight", light.daylight, 0.0..=0.5),
            ("flicker", light.flicker, 0.0..=0.5),
            ("flicker_hz", light.flicker_hz.get(), 90.0..=130.0),
            ("flicker_phase", light.flicker_phase, 0.0..=1.0),
        ],
    );
    for (row, filter) in light.filters.iter().enumerate() {
        for share in filter {
            found.range(format!("light_sensor.filters[{row}]"), *share, 0.0..=1.0);
        }
    }
    found.ranges(
        "lamp",
        &[("pwm_hz", lamp.pwm_hz.map_or(50.0, |hz| hz.get()), 50.0..=100_000.0), ("pwm_duty", lamp.pwm_duty, 0.01..=1.0)],
    );
}

fn check_senses(found: &mut Findings, world: &World) {
    let (plug, sound, force, outlet) = (&world.plug_sensor, &world.microphone, &world.button_force, &world.outlet);
    found.ranges(
        "plug_sensor",
        &[
            ("noise_v", plug.noise_v.get(), 0.0..=0.1),
            ("noise_a", plug.noise_a.get(), 0.0..=0.1),
            ("busy_a", plug.busy_a.get(), 0.0..=0.1),
        ],
    );
    found.ranges("microphone", &[("noise", sound.noise, 0.0..=0.2), ("motor_hz", sound.motor_hz.get(), 20.0..=800.0)]);
    for (i, tone) in sound.room.iter().enumerate() {
        let table = format!("microphone.room[{i}]");
        found.ranges(&table, &[("hz", tone.hz.get(), 20.0..=3900.0), ("level", tone.level, 0.0..=0.5)]);
    }
    found.ranges(
        "button_force",
        &[
            ("snap_n", force.snap_n, 0.2..=10.0),
            ("dip", force.dip, 0.0..=0.95),
            ("ramp_s", force.ramp_s.get(), 0.001..=0.1),
            ("snap_s", force.snap_s.get(), 0.001..=0.05),
            ("short", force.short, 0.0..=0.8),
            ("noise_n", force.noise_n, 0.0..=1.0),
            ("offset_n", force.offset_n, -5.0..=5.0),
        ],
    );
    found.ranges(
        "outlet",
        &[
            ("share", outlet.share, 0.0..=1.3),
            ("dips_per_h", outlet.dips_per_h, 0.0..=3600.0),
            ("dip_share", outlet.dip_share, 0.0..=1.0),
            ("dip_s", outlet.dip_s.get(), 0.005..=600.0),
        ],
    );
}

fn check_faults(found: &mut Findings, world: &World) {
    let faults = &world.faults;
    found.ranges(
        "faults",
        &[
            ("supply_refuses", faults.supply_refuses, 0.0..=1.0),
            ("supply_disobeys", faults.supply_disobeys, 0.0..=1.0),
            ("console_gap", faults.console_gap, 0.0..=1.0),
            ("sensors_lost", faults.sensors_lost, 0.0..=1.0),
            ("coil_stuck", faults.coil_stuck, 0.0..=1.0),
            ("coil_sticks", faults.coil_sticks, 0.0..=1.0),
            ("coil_late", faults.coil_late, 0.0..=1.0),
            ("coil_partial", faults.coil_partial, 0.0..=1.0),
            ("coil_drops", faults.coil_drops, 0.0..=1.0),
            ("probe_silent", faults.probe_silent, 0.0..=1.0),
            ("provision_unanswered", faults.provision_unanswered, 0.0..=1.0),
        ],
    );
}
