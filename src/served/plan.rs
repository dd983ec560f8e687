//! From a position of a rig file to the devices that its drivers would find: which are there, where, and what each relay leads to.

use crate::domain::ids::AdapterName;
use crate::domain::rig::{Driver, Position};
use std::collections::BTreeMap;
use std::fmt;

/// What cannot be served, and where it stands in the rig file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{port}: {what}")]
pub struct PlanError {
    /// The port of the position.
    pub port: &'static str,
    /// Why.
    pub what: String,
}

/// The devices of a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub(super) devices: Vec<Device>,
}

/// One device: several ports of a position may share it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Device {
    pub kind: Kind,
    pub place: Place,
    pub roles: Roles,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Console,
    Scpi,
    Korad,
    Lcus,
    Numato,
    Network,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Serial(String),
    Tcp(String),
    Udp(String),
}

/// What a relay or an input of a board leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles {
    pub relays: BTreeMap<u8, Role>,
    pub light: Option<u8>,
}

/// What a relay leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Coil,
    Output,
    Adapter(AdapterName),
}

impl Plan {
    /// The devices that the drivers of a position would find.
    ///
    /// # Errors
    /// A driver that is not served, or a setting without which nobody knows where or what.
    pub fn of(position: &Position) -> Result<Self, PlanError> {
        let mut plan = Plan { devices: Vec::new() };
        for (port, driver) in position.ports() {
            let Some(driver) = driver else { continue };
            plan.add(port, driver, position).map_err(|what| PlanError { port, what })?;
        }
        Ok(plan)
    }

    fn add(&mut self, port: &str, driver: &Driver, position: &Position) -> Result<(), String> {
        let kind = match (port, driver.driver.as_str()) {
            ("console", "serial") => Kind::Console,
            ("supply", "scpi") => Kind::Scpi,
            ("supply", "korad") => Kind::Korad,
            ("presser" | "supply" | "selector", "lcus") => Kind::Lcus,
            ("presser" | "supply" | "selector" | "light", "numato") => Kind::Numato,
            ("probe", "dhip") => {
                let place = match (text(driver, "tcp"), text(driver, "ask")) {
                    (Some(address), _) => Place::Tcp(address),
                    (None, Some(address)) => Place::Udp(address),
                    (None, None) => return Err("`ask` is missing: name a loopback address and a port".to_owned()),
                };
                self.devices.push(Device { kind: Kind::Network, place, roles: Roles::default() });
                return Ok(());
            }
            (_, other) => {
                return Err(format!(
                    "the driver `{other}` is not served: `serial`, `scpi`, `korad`, `lcus`, `numato`, `dhip` are"
                ));
            }
        };
        let place = match (text(driver, "port"), text(driver, "tcp")) {
            (Some(path), None) => Place::Serial(path),
            (None, Some(address)) => Place::Tcp(address),
            _ => return Err("name either `port` or `tcp`".to_owned()),
        };
        let roles = &mut self.device(kind, place)?.roles;
        let relay = || number(driver, "relay", u8::from(kind == Kind::Lcus));
        match (port, kind) {
            ("presser", _) => take(roles, relay()?, Role::Coil)?,
            ("supply", Kind::Lcus | Kind::Numato) => take(roles, relay()?, Role::Output)?,
            ("selector", _) => {
                for (channel, adapter) in &position.channels {
                    let relay = channel.parse().map_err(|_| format!("the channel `{channel}` is no relay's number"))?;
                    take(roles, relay, Role::Adapter(adapter.clone()))?;
                }
            }
            ("light", _) => roles.light = Some(number(driver, "adc", 0)?),
            _ => {}
        }
        Ok(())
    }

    /// The device at a place, which is the same for every port that names it.
    fn device(&mut self, kind: Kind, place: Place) -> Result<&mut Device, String> {
        let index = match self.devices.iter().position(|device| device.place == place) {
            Some(index) if self.devices[index].kind == kind => index,
            Some(_) => return Err(format!("{place} is named by two different drivers")),
            None => {
                self.devices.push(Device { kind, place, roles: Roles::default() });
                self.devices.len() - 1
            }
        };
        Ok(&mut self.devices[index])
    }
}

impl Device {
    /// What it is, for a person.
    pub fn said(&self) -> &'static str {
        match (&self.place, self.kind) {
            (_, Kind::Network) => "the camera's network",
            (_, Kind::Console) => "the camera's console",
            (_, Kind::Scpi) => "a supply that speaks SCPI",
            (_, Kind::Korad) => "a Korad supply",
            (_, Kind::Lcus) => "an LCUS relay board",
            (_, Kind::Numato) => "a Numato board",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Serial(place) | Place::Tcp(place) | Place::Udp(place) => f.write_str(place),
        }
    }
}

fn take(roles: &mut Roles, relay: u8, role: Role) -> Result<(), String> {
    match roles.relays.insert(relay, role) {
        None => Ok(()),
        Some(_) => Err(format!("relay {relay} of the board is used twice")),
    }
}

fn text(driver: &Driver, key: &str) -> Option<String> {
    driver.settings.get(key)?.as_str().map(str::to_owned)
}

fn number(driver: &Driver, key: &str, default: u8) -> Result<u8, String> {
    let Some(value) = driver.settings.get(key) else { return Ok(default) };
    value.as_u64().and_then(|value| u8::try_from(value).ok()).ok_or_else(|| format!("`{key} = {value}` is no number of a relay"))
}
