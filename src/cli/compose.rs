//! From a rig file to live ports. The only place that names concrete drivers.

use crate::domain::ids::AdapterName;
use crate::domain::rig::{Driver, Position};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::Fault;
use crate::drivers::hub::{Hub, HubSensors};
use crate::drivers::table;
pub use crate::drivers::table::Doubt;
use crate::drivers::twin::world::PlayedResponse;
use crate::drivers::twin::{Answers, Truth, Twin, Wiring as TwinWiring, World};
use crate::files::{Bundle, FileError, FileErrors, Findings, KeyPath, Parsed, Severity, Source, check_at, read, schema_of};
use crate::guard::client::{Link, RemotePresser, RemoteSelector, RemoteSupply, Watched, connect};
use crate::guard::server::{Monotonic, Opener, Place};
use crate::guard::wire::{Arm, NotArmed, VERSION};
use crate::guard::{Carried, Lease, Machine, OpenVoltage, Rules, Wiring, guarded};
use crate::planning::chance::keyed;
use crate::ports::{Channel, Rig, Scale};
use anyhow::{Context, Result, anyhow};
use rand::Rng;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// The driver of a bench that exists only as physics.
const TWIN: &str = "twin";

/// The setting of the twin's light sensor that gives it three diodes more, behind colour filters.
const COLOUR: &str = "colour";

/// A rig that is ready to be run.
pub struct Composed {
    /// The ports, behind the guard.
    pub rig: Rig,
    /// What really happens on a twin, for tests.
    pub truth: Option<Truth>,
    /// Scales of the sampled channels.
    pub scales: BTreeMap<Channel, Scale>,
    /// What the system did not give the guard: to be recorded.
    pub warnings: Vec<String>,
    /// How long switching the supply off takes at worst; `None` on a twin, where it takes no time.
    pub off_bound: Option<Seconds>,
    /// What is odd about the console's bytes.
    pub doubt: Option<Doubt>,
}

/// Devices that are not there, or are not what the rig file says.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
pub struct Missing(pub Vec<Fault>);

/// What a person should know of a position's instruments: whether it is good, of which, and in words.
pub fn notes(position: &Position) -> Vec<(bool, &'static str, String)> {
    table::coil_notes(position).into_iter().map(|(good, what)| (good, "presser", what)).collect()
}

/// What is wrong with the drivers and the world of a position; nothing is opened.
///
/// # Errors
/// Each with its place in the rig or world file.
pub fn check(bundle: &Bundle, position: &Position) -> Result<(), FileErrors> {
    known_drivers(bundle, position)?;
    if table::is_real(position) { Ok(()) } else { world(bundle, position).map(drop) }
}

/// Opens the ports of a position. Nothing is energised. `state` is the folder for what outlives runs: a real bench's guard keeps its coil's heat
/// there.
///
/// # Errors
/// Files that do not fit, interlocks that leave nothing to do, devices that are not there.
pub fn compose(bundle: &Bundle, position: &Position, state: &Path) -> Result<Composed> {
    known_drivers(bundle, position)?;
    if table::is_real(position) { real(bundle, position, state) } else { twin(bundle, position) }
}

/// What the guard's process opens outputs with.
pub fn opener() -> Opener {
    table::outputs
}

fn twin(bundle: &Bundle, position: &Position) -> Result<Composed> {
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
    let rules = rules(bundle, position, Lease::SharedClock)?;
    let (rig, _) = guarded(raw, rules, &Carried::cold()).map_err(|why| anyhow!("the guard: {why}"))?;
    Ok(Composed { rig, truth: Some(twin.truth), scales, warnings: Vec::new(), off_bound: None, doubt: None })
}

/// Opens what is read in this process, and asks the guard's process for the outputs.
fn real(bundle: &Bundle, position: &Position, state: &Path) -> Result<Composed> {
    let rules = rules(bundle, position, Lease::Beats)?;
    let (clock, hub) = (Monotonic::from_now(), Hub::default());
    let place = place(bundle, position, state)?;
    let arm = || Arm { version: VERSION, session: Monotonic::RAW.now().0, position: position.clone(), rules: rules.clone() };
    let (stream, _) =
        connect(&place, guard_command(&place)?).with_context(|| format!("the guard at {}", place.socket.display()))?;
    // Asked first: who has the outputs has the rest as well, and says so more clearly.
    let opened = match Link::open(stream, arm(), clock) {
        Ok(opened) => opened,
        Err(NotArmed::Devices(mut faults)) => {
            faults.extend(table::inputs(position, &hub, clock).err().into_iter().flatten());
            return Err(Missing(faults).into());
        }
        Err(why) => return Err(anyhow!("the guard: {why}")),
    };
    let (link, off_bound) = (opened.link, Some(opened.armed.off_bound));
    let inputs = table::inputs(position, &hub, clock).inspect_err(|_| link.end()).map_err(Missing)?;
    let again = arm();
    let rescue = Box::new(move || rescue(&place, again, clock));
    let sensors = HubSensors::new(hub, clock, inputs.scales.clone(), inputs.sampling);
    let rig = Rig {
        clock: Box::new(clock),
        sensors: Box::new(Watched::new(Box::new(sensors), Arc::clone(&link), &rules, rescue)),
        presser: Box::new(RemotePresser(Arc::clone(&link))),
        supply: Box::new(RemoteSupply(Arc::clone(&link))),
        selector: position.selector.as_ref().map(|_| Box::new(RemoteSelector(link)) as _),
        console: inputs.console,
        probe: inputs.probe,
        person: None,
    };
    let (scales, warnings, doubt) = (inputs.scales, opened.armed.warnings, inputs.doubt);
    Ok(Composed { rig, truth: None, scales, warnings, off_bound, doubt })
}

/// After the guard's own death: another opens the outputs, which makes them safe, and the run ends.
fn rescue(place: &Place, arm: Arm, clock: Monotonic) -> String {
    let arm = Arm { session: Monotonic::RAW.now().0, ..arm };
    let stream = guard_command(place).and_then(|command| Ok(connect(place, command)?));
    match stream.map(|(stream, _)| Link::open(stream, arm, clock)) {
        Ok(Ok(opened)) => {
            opened.link.end();
            "another was started and has switched everything off".to_owned()
        }
        Ok(Err(why)) => format!("another was started and has released the coil: {why}"),
        Err(error) => format!("and no other could be started ({error:#}): SWITCH THE BENCH OFF BY HAND"),
    }
}

/// Where the guard of a position listens and what it keeps.
fn place(bundle: &Bundle, position: &Position, state: &Path) -> Result<Place> {
    std::fs::create_dir_all(state).with_context(|| format!("making the state folder {}", state.display()))?;
    let name = format!("guard-{}-{}", bundle.rig.value.station, position.name);
    let name: String =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' }).collect();
    let socket = state.join(format!("{name}.sock"));
    if socket.as_os_str().len() > SOCKET_MAX {
        return Err(anyhow!("{} is too long for a socket's name: name a shorter folder by --state", socket.display()));
    }
    Ok(Place { socket, record: state.join(format!("{name}.json")) })
}

/// Longest path of a local socket that Linux takes (`sun_path`, unix(7)).
const SOCKET_MAX: usize = 107;

/// This program as a guard.
fn guard_command(place: &Place) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.arg("guard").arg("--socket").arg(&place.socket).arg("--record").arg(&place.record);
    Ok(command)
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

/// The response that a twin plays on an adapter.
pub struct Played(PlayedResponse);

impl Played {
    /// The hold of a quantity of thresholds.csv; `None` where no hold reaches it.
    pub fn hold(&self, quantity: &str) -> Option<f64> {
        match quantity {
            "hold50" => self.0.absolute(0.50),
            "hold95" => self.0.absolute(0.95),
            "hold99" => self.0.absolute(0.99),
            "hold95_rel" => self.0.relative(0.95),
            _ => None,
        }
    }
}

/// What the world of a twin's position plays on each adapter of the suite, where its file alone decides it.
///
/// # Errors
/// The world cannot be read.
pub fn played(bundle: &Bundle, position: &Position) -> Result<BTreeMap<AdapterName, Played>, FileErrors> {
    let (world, _) = world(bundle, position)?;
    let names = bundle.suite.value.factors.adapter.iter();
    Ok(names.filter_map(|name| Some((name.clone(), Played(world.response(name)?)))).collect())
}

/// JSON schema of world files: they belong to the twin.
pub fn world_schema() -> serde_json::Value {
    schema_of::<World>()
}

/// Reads a world file by itself, with the console capture that it names.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read_world(path: &Path) -> Result<(World, Option<Vec<u8>>)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let parsed: Parsed<World> = read(&Source::new(&path.to_string_lossy(), &text))?;
    let mut findings = Findings::default();
    for (path, message) in parsed.value.check() {
        findings.error(path.as_str(), message, "choose a value in the range that is named");
    }
    let (errors, _) = parsed.locate_all(&findings);
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let capture = parsed.value.camera.boot_text.as_deref().map(|name| path.parent().unwrap_or(Path::new("")).join(name));
    let capture = capture.map(|path| std::fs::read(&path).with_context(|| format!("reading {}", path.display())));
    Ok((parsed.value, capture.transpose()?))
}

fn rules(bundle: &Bundle, position: &Position, lease: Lease) -> Result<Rules> {
    let adapters: Vec<_> = bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect();
    let wiring = if position.selector.is_some() { Wiring::Selector } else { Wiring::Permanent };
    // No driver measures an adapter before it is connected: labels are believed, and what is above the ceiling at the plug trips.
    Rules::new(&position.interlocks, &bundle.profile.value, &adapters, wiring, OpenVoltage::Label, lease)
        .with_context(|| format!("{}: position {}", bundle.rig.source.path, position.name))
}

/// Whether the guard would refuse to energise the coil so long however cold it is, asked of the guard's own rules.
///
/// # Errors
/// Interlocks that leave nothing to do.
pub fn press_that_never_fits(bundle: &Bundle, position: &Position, energised: Seconds) -> Result<bool> {
    let machine = Machine::new(rules(bundle, position, Lease::SharedClock)?, &Carried::cold());
    Ok(machine.possible_from(energised, Tick::ZERO) == Tick::NEVER)
}

fn world(bundle: &Bundle, position: &Position) -> Result<(World, Option<Vec<u8>>), FileErrors> {
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

/// Whether every driver exists and has the settings it takes. A bench is a twin or a real one, never half of each.
fn known_drivers(bundle: &Bundle, position: &Position) -> Result<(), FileErrors> {
    let mut errors: Vec<FileError> = Vec::new();
    for (index, other) in bundle.rig.value.positions.iter().enumerate().filter(|(_, other)| other.name == position.name) {
        for (port, driver) in other.ports() {
            let Some(driver) = driver else { continue };
            let path = KeyPath::root().key("positions").index(index).key(port);
            errors.extend(wrong_with(bundle, other, (port, driver), &path));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(FileErrors(errors)) }
}

fn wrong_with(bundle: &Bundle, position: &Position, (port, driver): (&str, &Driver), path: &KeyPath) -> Vec<FileError> {
    let mut findings = Findings::default();
    let name = driver.driver.as_str();
    if let Some(schema) = table::schema(port, name) {
        if let Err(FileErrors(errors)) = check_at(&bundle.rig.source, path, &schema) {
            return errors;
        }
        if !table::is_real(position)
            || position.ports().iter().any(|(_, driver)| driver.is_some_and(|driver| driver.driver == TWIN))
        {
            let message = format!("`{name}` is a real instrument, and other ports of this position are simulated");
            findings.error(path.key("driver"), message, "take real drivers for all ports of a position, or `twin` for all");
        }
    } else if name == TWIN {
        check_settings(port, driver, path, &mut findings);
    } else {
        let known = [&[TWIN], table::names(port)].concat().join(", ");
        let message = format!("there is no driver `{name}`");
        findings.error(path.key("driver"), message, format!("this version has: {known}"));
    }
    findings.errors.iter().map(|problem| bundle.rig.locate(problem, Severity::Error)).collect()
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
