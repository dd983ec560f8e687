//! Drivers of real instruments by name: which there are for each port, how their settings are checked, and how they are opened.

use super::feed::Now;
use super::hub::{Hub, Source};
use super::sampling::Sampling;
use super::{console, dhip, gpio, i2c, korad, manual, record, relay, scpi, spi};
use crate::domain::rig::{Driver, Position};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::Monotonic;
use crate::ports::{Channel, Console, Probe, Scale};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

mod outputs;

pub use outputs::outputs;

/// The drivers of a port.
pub fn names(port: &str) -> &'static [&'static str] {
    match port {
        "presser" => &["gpiocdev", "lcus", "manual", "numato", "record", "rppal"],
        "supply" => &["gpiocdev", "korad", "lcus", "numato", "record", "rppal", "scpi"],
        "selector" => &["lcus", "manual", "numato", "record"],
        "e_stop" => &["gpiocdev", "record"],
        "light" => &["ads1115", "mcp3008", "numato"],
        "plug" => &["ina226"],
        "console" => &["serial"],
        "probe" => &["dhip"],
        _ => &[],
    }
}

/// The schema of a driver's settings at a port; `None` where the port has no such driver.
pub fn schema(port: &str, driver: &str) -> Option<serde_json::Value> {
    fn of<T: JsonSchema>() -> Option<serde_json::Value> {
        Some(schemars::schema_for!(T).to_value())
    }
    if !names(port).contains(&driver) {
        return None;
    }
    match driver {
        "gpiocdev" if port == "e_stop" => of::<gpio::e_stop::Settings>(),
        "manual" => of::<manual::Settings>(),
        "ads1115" => of::<i2c::ads1115::Settings>(),
        "dhip" => of::<dhip::Settings>(),
        "gpiocdev" => of::<gpio::cdev::Settings>(),
        "ina226" => of::<i2c::ina226::Settings>(),
        "korad" => of::<korad::Settings>(),
        "lcus" => of::<relay::lcus::Settings>(),
        "mcp3008" => of::<spi::Settings>(),
        "numato" => of::<relay::numato::Settings>(),
        "record" => of::<record::Settings>(),
        "rppal" => of::<gpio::registers::Settings>(),
        "scpi" => of::<scpi::Settings>(),
        "serial" => of::<console::Settings>(),
        _ => None,
    }
}

/// Whether any port of a position has a driver of a real instrument.
pub fn is_real(position: &Position) -> bool {
    position.ports().iter().any(|(port, driver)| driver.is_some_and(|driver| names(port).contains(&driver.driver.as_str())))
}

/// Says what is odd about what a console says, if anything.
pub type Doubt = Box<dyn Fn() -> Option<String> + Send>;

/// What of a coil's driver a person should know before it is trusted: good or not, and in words.
pub fn coil_notes(position: &Position) -> Vec<(bool, String)> {
    let mut notes = Vec::new();
    match (position.presser.driver.as_str(), gpio::lets_go()) {
        ("gpiocdev", Some(true)) => {
            notes.push((true, "the kernel lets go of its pin when the guard is gone (strict_gpiod)".to_owned()))
        }
        ("gpiocdev", Some(false)) => {
            let what =
                "its pin stays as it was when the guard is gone: write dtparam=strict_gpiod into config.txt and start again";
            notes.push((false, what.to_owned()));
        }
        ("gpiocdev", None) => {
            notes.push((false, "this kernel does not say whether it lets go of a pin whose process is gone".to_owned()));
        }
        ("rppal", _) => {
            notes.push((
                false,
                "mapped registers stay as they are when the guard is killed: drive the coil by `gpiocdev`".to_owned(),
            ));
        }
        _ => {}
    }
    let locks = &position.interlocks;
    if is_real(position) && !position.pressed_by_hand() && !locks.pull_down {
        notes.push((false, "the rig declares no pull-down at its gate: without a program the coil may be on".to_owned()));
    }
    if is_real(position) && !position.pressed_by_hand() && !locks.one_shot {
        notes
            .push((false, "the rig declares no one-shot: nothing ends a press when computer and guard fail together".to_owned()));
    }
    notes
}

/// What is read, opened: it goes on for as long as this is kept.
#[derive(Default)]
pub struct Inputs {
    /// The console.
    pub console: Option<Box<dyn Console>>,
    /// What is odd about the console's bytes.
    pub doubt: Option<Doubt>,
    /// The network probe.
    pub probe: Option<Box<dyn Probe>>,
    /// The sampled channels.
    pub scales: BTreeMap<Channel, Scale>,
    /// Their threads.
    pub sampling: Vec<Sampling>,
}

/// Opens everything that is only read.
///
/// # Errors
/// Every device that is not there, with what it is.
pub fn inputs(position: &Position, hub: &Hub, clock: Monotonic) -> Result<Inputs, Vec<Fault>> {
    let now: Now = Arc::new(move || clock.now());
    let mut inputs = Inputs::default();
    let mut faults = Vec::new();
    if let Some(driver) = &position.console {
        faults.extend(console(driver, hub.source("console"), &now, &mut inputs).err());
    }
    if let Some(driver) = &position.light {
        faults.extend(light(driver, hub.source("light"), &now, &mut inputs).err());
    }
    if let Some(driver) = &position.plug {
        faults.extend(plug(driver, hub.source("plug"), &now, &mut inputs).err());
    }
    if let Some(driver) = &position.probe {
        let source = Box::new(hub.source("probe"));
        let probe = settings("probe", driver).and_then(|settings| dhip::DhipProbe::open(settings, source, now));
        match probe {
            Ok(probe) => inputs.probe = Some(Box::new(probe)),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(inputs) } else { Err(faults) }
}

fn console(driver: &Driver, source: Source, now: &Now, inputs: &mut Inputs) -> Result<(), Fault> {
    let console = console::SerialConsole::open(&settings("console", driver)?, Box::new(source), Arc::clone(now))?;
    inputs.doubt = Some(Box::new(console.doubts()));
    inputs.console = Some(Box::new(console));
    Ok(())
}

fn plug(driver: &Driver, source: Source, now: &Now, inputs: &mut Inputs) -> Result<(), Fault> {
    let settings = settings("plug", driver)?;
    inputs.sampling.push(i2c::ina226::plug(&settings, Box::new(source), Arc::clone(now))?);
    let channels = [Channel::PlugVoltage, Channel::PlugCurrent];
    let scale = |channel| Some((channel, i2c::ina226::scale(&settings, channel)?));
    inputs.scales.extend(channels.into_iter().filter_map(scale));
    Ok(())
}

fn light(driver: &Driver, source: Source, now: &Now, inputs: &mut Inputs) -> Result<(), Fault> {
    let (source, now) = (Box::new(source), Arc::clone(now));
    let (sampling, scale) = match driver.driver.as_str() {
        "ads1115" => (i2c::ads1115::light(&settings("light", driver)?, source, now)?, i2c::ads1115::LIGHT),
        "mcp3008" => {
            let settings: spi::Settings = settings("light", driver)?;
            (spi::light(&settings, source, now)?, spi::scale(&settings))
        }
        "numato" => {
            let settings: relay::numato::Settings = settings("light", driver)?;
            let board = relay::numato::Numato::open(&settings)?;
            (board.light(settings.adc, source, now)?, relay::numato::LIGHT)
        }
        _ => return Err(unknown("light", driver)),
    };
    inputs.sampling.push(sampling);
    inputs.scales.insert(Channel::Light, scale);
    Ok(())
}

/// The settings, which preflight has checked against the schema.
fn settings<T: DeserializeOwned>(port: &str, driver: &Driver) -> Result<T, Fault> {
    let table = serde_json::to_value(&driver.settings).unwrap_or_default();
    let wrong = |error| Fault::new(FaultKind::Refused, port, format!("settings of `{}`: {error}", driver.driver));
    serde_json::from_value(table).map_err(wrong)
}

fn unknown(port: &str, driver: &Driver) -> Fault {
    Fault::new(FaultKind::Refused, port, format!("there is no driver `{}` for this port", driver.driver))
}
