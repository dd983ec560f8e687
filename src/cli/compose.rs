//! From a rig file to live ports. The only place that names concrete drivers.

use crate::domain::ids::AdapterName;
use crate::domain::rig::{Driver, Position};
use crate::domain::units::Seconds;
use crate::drivers::twin::{Answers, Truth, Twin, Wiring as TwinWiring, World};
use crate::files::{Bundle, FileError, FileErrors, Findings, KeyPath, Parsed, Severity, read, schema_of};
use crate::guard::{Carried, GuardHandle, Lease, OpenVoltage, Rules, Wiring, guarded};
use crate::planning::chance::keyed;
use crate::ports::{Channel, Rig, Scale};
use anyhow::{Context, Result, anyhow};
use rand::Rng;
use std::collections::BTreeMap;

/// Names of the drivers there are.
const DRIVERS: [&str; 1] = ["twin"];

/// The setting of the twin's light sensor that gives it three diodes more, behind colour filters.
const COLOUR: &str = "colour";

/// A rig that is ready to be run.
pub struct Composed {
    /// The ports, behind the guard.
    pub rig: Rig,
    /// A look at the guard from outside.
    pub guard: GuardHandle,
    /// What really happens on a twin, for tests.
    pub truth: Truth,
    /// Scales of the sampled channels.
    pub scales: BTreeMap<Channel, Scale>,
}

/// What is wrong with the drivers and the world of a position; nothing is opened.
///
/// # Errors
/// Each with its place in the rig or world file.
pub fn check(bundle: &Bundle, position: &Position) -> Result<(), FileErrors> {
    world(bundle, position).map(drop)
}

/// Opens the ports of a position. Nothing is energised.
///
/// # Errors
/// Files that do not fit, and interlocks that leave nothing to do.
pub fn compose(bundle: &Bundle, position: &Position) -> Result<Composed> {
    let (world, boot_text) = world(bundle, position)?;
    let wiring = TwinWiring {
        light: position.light.is_some(),
        plug: position.plug.is_some(),
        console: position.console.is_some(),
        colour: position.light.as_ref().is_some_and(sees_colour),
        sound: position.sound.is_some(),
        force: position.force.is_some(),
    };
    let simulated = world.person == Answers::Simulated;
    let twin = Twin::new(world, seed(bundle, position), boot_text, wiring);
    let ports = twin.ports;
    let raw = Rig {
        clock: ports.clock,
        sensors: ports.sensors,
        presser: ports.presser,
        supply: ports.supply,
        selector: position.selector.as_ref().map(|_| ports.selector),
        console: position.console.as_ref().map(|_| ports.console),
        probe: position.probe.as_ref().map(|_| ports.probe),
        person: simulated.then_some(ports.person),
    };
    let scales = Channel::ALL.iter().filter_map(|channel| Some((*channel, raw.sensors.scale(*channel)?))).collect();
    let (rig, guard) = guarded(raw, rules(bundle, position)?, &Carried::cold()).map_err(|why| anyhow!("the guard: {why}"))?;
    Ok(Composed { rig, guard, truth: twin.truth, scales })
}

/// Positions are benches of their own: two that drew the same chance would be counted as twice the evidence. The first draws from the suite's
/// seed itself.
fn seed(bundle: &Bundle, position: &Position) -> u64 {
    let seed = bundle.suite.value.design.seed;
    match bundle.rig.value.positions.iter().position(|other| other.name == position.name) {
        None | Some(0) => seed,
        Some(index) => keyed(seed, "position", index as u64).next_u64(),
    }
}

/// JSON schema of world files: they belong to the twin.
pub fn world_schema() -> serde_json::Value {
    schema_of::<World>()
}

fn rules(bundle: &Bundle, position: &Position) -> Result<Rules> {
    let adapters: Vec<_> = bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect();
    let wiring = if position.selector.is_some() { Wiring::Selector } else { Wiring::Permanent };
    // The twin's adapters are what their world says; a real selector measures before it connects.
    Rules::new(&position.interlocks, &bundle.profile.value, &adapters, wiring, OpenVoltage::Label, Lease::SharedClock)
        .with_context(|| format!("{}: position {}", bundle.rig.source.path, position.name))
}

/// Whether the guard would refuse to energise the coil so long however cold it is, asked of the guard itself.
pub fn press_that_never_fits(rig: &Rig, energised: Seconds) -> bool {
    rig.presser.possible_from(energised) == crate::domain::units::Tick::NEVER
}

fn world(bundle: &Bundle, position: &Position) -> Result<(World, Option<Vec<u8>>), FileErrors> {
    known_drivers(bundle, position)?;
    let index = bundle.rig.value.positions.iter().position(|other| other.name == position.name).unwrap_or(0);
    let missing = || {
        let mut findings = Findings::default();
        let path = KeyPath::root().key("positions").index(index);
        findings.error(path, "a position with `twin` drivers needs a world", "add world = \"../worlds/NAME.toml\"");
        bundle.rig.locate_all(&findings).0
    };
    let file = bundle.world(position).ok_or_else(missing)?;
    let parsed: Parsed<World> = read(&file.source)?;
    let mut findings = Findings::default();
    for (path, message) in parsed.value.check() {
        findings.error(path.as_str(), message, "choose a value in the range that is named");
    }
    let adapters = bundle.adapters.iter().map(|adapter| &adapter.value.name);
    for name in adapters.filter(|name| !parsed.value.adapters.contains_key(*name)) {
        findings.error("adapters", unknown_adapter(name), format!("add a table [adapters.{name}]"));
    }
    let (errors, _) = parsed.locate_all(&findings);
    if !errors.is_empty() {
        return Err(errors);
    }
    let boot_text = parsed.value.camera.boot_text.as_deref().and_then(|reference| file.capture(reference)).map(<[u8]>::to_vec);
    Ok((parsed.value, boot_text))
}

fn unknown_adapter(name: &AdapterName) -> String {
    format!("the suite uses the adapter `{name}`, and this world does not have it")
}

fn known_drivers(bundle: &Bundle, position: &Position) -> Result<(), FileErrors> {
    let mut errors: Vec<FileError> = Vec::new();
    for (index, other) in bundle.rig.value.positions.iter().enumerate().filter(|(_, other)| other.name == position.name) {
        for (port, driver) in other.ports() {
            let Some(driver) = driver else { continue };
            let path = KeyPath::root().key("positions").index(index).key(port);
            let mut findings = Findings::default();
            if !DRIVERS.contains(&driver.driver.as_str()) {
                let known = DRIVERS.join(", ");
                let message = format!("there is no driver `{}`", driver.driver);
                findings.error(path.key("driver"), message, format!("this version has: {known}"));
            } else {
                check_settings(port, driver, &path, &mut findings);
            }
            errors.extend(findings.errors.iter().map(|problem| bundle.rig.locate(problem, Severity::Error)));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(FileErrors(errors)) }
}

/// What of a twin's settings is unknown or of the wrong type. Its light sensor has one, `colour`; everything else stands in the world.
fn check_settings(port: &str, driver: &Driver, path: &KeyPath, findings: &mut Findings) {
    for (key, value) in &driver.settings {
        if port == "light" && key == COLOUR {
            if !value.is_boolean() {
                findings.error(
                    path.key(key),
                    format!("`{value}` is neither true nor false"),
                    "write true for a sensor that tells colours apart",
                );
            }
        } else {
            let message = format!("the driver `twin` has no setting `{key}`");
            findings.error(path.key(key), message, "remove it: the twin's physics stand in the world file");
        }
    }
}

/// Whether a light sensor tells colours apart.
pub(super) fn sees_colour(light: &Driver) -> bool {
    light.settings.get(COLOUR) == Some(&serde_json::Value::Bool(true))
}
