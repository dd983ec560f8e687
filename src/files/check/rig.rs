//! Rules of a rig file.

use super::{Check, date, distinct, filled, name, positive, within};
use crate::domain::rig::{Calibration, Driver, Interlocks, Position, RigFile};
use crate::domain::units::Seconds;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// The driver that simulates a port.
const TWIN: &str = "twin";

/// No bench here touches more than safety extra-low voltage (IEC 60364-4-41: 60 V of ripple-free direct current and less without
/// protection in dry places).
const MAX_BENCH_V: f64 = 60.0;

/// Insulation class H; no coil stands more (IEC 60085).
const MAX_COIL_C: f64 = 180.0;

impl Check for RigFile {
    fn check(&self) -> Findings {
        let mut findings = Findings::default();
        name(&mut findings, "station".into(), self.station.as_str());
        findings.require(!self.positions.is_empty(), "positions", "this rig has no position", "add [[positions]]");
        let positions =
            || self.positions.iter().enumerate().map(|(index, position)| (KeyPath::from("positions").index(index), position));
        for (at, position) in positions() {
            name(&mut findings, at.key("name"), position.name.as_str());
            drivers(&mut findings, &at, position);
            channels(&mut findings, &at, position);
            interlocks(&mut findings, &at.key("interlocks"), &position.interlocks);
            calibration(&mut findings, &at.key("calibration"), &position.calibration);
        }
        distinct(&mut findings, positions().map(|(at, position)| (at.key("name"), &position.name)), "position");
        findings
    }
}

/// All ports of a position that have a driver.
fn ports(position: &Position) -> impl Iterator<Item = (&'static str, &Driver)> {
    let optional = [
        ("selector", &position.selector),
        ("light", &position.light),
        ("plug", &position.plug),
        ("sound", &position.sound),
        ("console", &position.console),
        ("probe", &position.probe),
    ];
    let always = [("presser", &position.presser), ("supply", &position.supply)];
    always.into_iter().chain(optional.into_iter().filter_map(|(port, driver)| Some((port, driver.as_ref()?))))
}

fn drivers(findings: &mut Findings, at: &KeyPath, position: &Position) {
    for (port, driver) in ports(position) {
        filled(findings, at.key(port).key("driver"), &driver.driver);
    }
    let twin = ports(position).find(|(_, driver)| driver.driver == TWIN);
    // A world beside other drivers is played by `pinhole twin` behind their ports.
    if let (Some((port, _)), None) = (twin, &position.world) {
        let help = "add `world = \"…\"` to this position: the path of a file in worlds/";
        findings.error(at.key(port).key("driver"), "the driver `twin` needs a world to live in", help);
    }
}

fn channels(findings: &mut Findings, at: &KeyPath, position: &Position) {
    let channels = at.key("channels");
    for (channel, adapter) in &position.channels {
        name(findings, channels.key(channel), adapter.as_str());
    }
    match (&position.selector, position.channels.is_empty()) {
        (Some(_), true) => {
            let help = format!("add [{}] with a line for each: 1 = \"oem-5v1a\"", channels.header());
            findings.error(at.key("selector"), "the selector does not know which adapter is on which channel", help);
        }
        (None, false) => {
            let help = "add `selector = { driver = \"…\" }`, or take the channels away";
            findings.error(channels, "channels need a selector", help);
        }
        _ => distinct(findings, position.channels.iter().map(|(channel, adapter)| (channels.key(channel), adapter)), "adapter"),
    }
}

fn interlocks(findings: &mut Findings, at: &KeyPath, bounds: &Interlocks) {
    let above_zero = [
        ("coil_max_on_s", bounds.coil_max_on_s.get()),
        ("coil_pull_w", bounds.coil_pull_w),
        ("coil_hold_w", bounds.coil_hold_w),
        ("coil_k_per_w", bounds.coil_k_per_w),
        ("coil_tau_s", bounds.coil_tau_s.get()),
    ];
    for (key, value) in above_zero {
        positive(findings, at.key(key), value);
    }
    for (key, value) in [
        ("coil_min_off_s", bounds.coil_min_off_s),
        ("coil_peak_s", bounds.coil_peak_s),
        ("supply_min_off_s", bounds.supply_min_off_s),
    ] {
        let message = format!("`{key}` cannot be negative");
        findings.require(value >= Seconds::ZERO, at.key(key), message, "write 0 or more seconds");
    }
    let message = format!("holding takes {} W, more than pulling in ({} W)", bounds.coil_hold_w, bounds.coil_pull_w);
    let fits = bounds.coil_hold_w <= bounds.coil_pull_w;
    findings.require(
        fits,
        at.key("coil_hold_w"),
        message,
        "a peak-and-hold drive holds with less; without one write the same for both",
    );
    within(findings, at.key("coil_max_c"), bounds.coil_max_c.get(), 30.0, MAX_COIL_C);
    within(findings, at.key("supply_max_v"), bounds.supply_max_v.get(), 1.0, MAX_BENCH_V);
}

fn calibration(findings: &mut Findings, at: &KeyPath, found: &Calibration) {
    if let Some(day) = &found.date {
        date(findings, at.key("date"), day);
    }
    // A small solenoid that needs a second to move is broken.
    for (key, span) in [("pull_in_s", found.pull_in_s), ("drop_out_s", found.drop_out_s), ("stroke_u_s", found.stroke_u_s)] {
        within(findings, at.key(key), span.get(), 0.0, 1.0);
    }
    within(findings, at.key("light_dark"), found.light_dark, 0.0, 1.0);
    within(findings, at.key("light_lit"), found.light_lit, 0.0, 1.0);
    let colour = at.key("colour");
    for part in 0..3 {
        within(findings, colour.key("dark").index(part), found.colour.dark[part], 0.0, 1.0);
        // A channel that needs more than a hundred times another's gain sees nothing of its colour.
        within(findings, colour.key("gain").index(part), found.colour.gain[part], 0.01, 100.0);
        for light in 0..3 {
            within(findings, colour.key("filters").index(part).index(light), found.colour.filters[part][light], 0.0, 1.0);
        }
    }
    let message = format!("the lit light ({}) is no brighter than the dark one ({})", found.light_lit, found.light_dark);
    findings.require(
        found.light_lit > found.light_dark,
        at.key("light_lit"),
        message,
        "aim the sensor at the light and calibrate again",
    );
}
