//! Drivers of real instruments by name: which there are for each port, how their settings are checked, and how they are opened.

use super::hub::{Hub, Source};
use super::{record, serial};
use crate::domain::rig::{Driver, Position};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::{Monotonic, Outputs};
use crate::ports::device::{PowerOutput, Route, Switch};
use crate::ports::{Channel, Console, Scale};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The drivers of a port, the recommended one first.
pub fn names(port: &str) -> &'static [&'static str] {
    match port {
        "presser" | "supply" | "selector" => &["record"],
        "console" => &["serial"],
        _ => &[],
    }
}

/// The schema of a driver's settings at a port; `None` where there is no such driver.
pub fn schema(port: &str, driver: &str) -> Option<serde_json::Value> {
    fn of<T: JsonSchema>() -> serde_json::Value {
        schemars::schema_for!(T).to_value()
    }
    match (port, driver) {
        ("presser" | "supply" | "selector", "record") => Some(of::<record::Settings>()),
        ("console", "serial") => Some(of::<serial::Settings>()),
        _ => None,
    }
}

/// Whether any port of a position has a driver of a real instrument.
pub fn is_real(position: &Position) -> bool {
    position.ports().iter().any(|(port, driver)| driver.is_some_and(|driver| names(port).contains(&driver.driver.as_str())))
}

/// Opens everything with an output. Called in the guard's process alone.
///
/// # Errors
/// The first device that is not there, with what it is.
pub fn outputs(position: &Position) -> Result<Outputs, Fault> {
    Ok(Outputs {
        coil: coil(&position.presser)?,
        hold: None,
        supply: supply(&position.supply)?,
        route: position.selector.as_ref().map(route).transpose()?,
        e_stop: None,
    })
}

/// What is read, opened: sources of the hub, and the console's other direction.
#[derive(Default)]
pub struct Inputs {
    /// The console.
    pub console: Option<Box<dyn Console>>,
    /// The sampled channels.
    pub scales: BTreeMap<Channel, Scale>,
}

/// Opens everything that is only read.
///
/// # Errors
/// The first device that is not there, with what it is.
pub fn inputs(position: &Position, hub: &Hub, clock: Monotonic) -> Result<Inputs, Fault> {
    let mut inputs = Inputs::default();
    if let Some(driver) = &position.console {
        inputs.console = Some(console(driver, hub.source("console"), clock)?);
    }
    Ok(inputs)
}

fn coil(driver: &Driver) -> Result<Box<dyn Switch>, Fault> {
    match driver.driver.as_str() {
        "record" => Ok(Box::new(record::Record::open("coil", &settings("presser", driver)?)?)),
        _ => Err(unknown("presser", driver)),
    }
}

fn supply(driver: &Driver) -> Result<Box<dyn PowerOutput>, Fault> {
    match driver.driver.as_str() {
        "record" => Ok(Box::new(record::Record::open("supply", &settings("supply", driver)?)?)),
        _ => Err(unknown("supply", driver)),
    }
}

fn route(driver: &Driver) -> Result<Box<dyn Route>, Fault> {
    match driver.driver.as_str() {
        "record" => Ok(Box::new(record::Record::open("selector", &settings("selector", driver)?)?)),
        _ => Err(unknown("selector", driver)),
    }
}

fn console(driver: &Driver, source: Source, clock: Monotonic) -> Result<Box<dyn Console>, Fault> {
    match driver.driver.as_str() {
        "serial" => Ok(Box::new(serial::open(settings("console", driver)?, source, clock)?)),
        _ => Err(unknown("console", driver)),
    }
}

/// The settings, which preflight has checked against the schema.
fn settings<T: DeserializeOwned>(port: &str, driver: &Driver) -> Result<T, Fault> {
    let table = serde_json::to_value(&driver.settings).unwrap_or_default();
    serde_json::from_value(table)
        .map_err(|error| Fault::new(FaultKind::Refused, port, format!("settings of `{}`: {error}", driver.driver)))
}

fn unknown(port: &str, driver: &Driver) -> Fault {
    Fault::new(FaultKind::Refused, port, format!("there is no driver `{}` for this port", driver.driver))
}
