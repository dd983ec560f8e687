//! LCUS-1, -2, -4 and -8: relay boards behind a CH340. Four bytes a command, no answer ever: that a relay has switched is not known.

use super::{Board, Shared};
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::wire::{Place, Wire, fault};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

const NAME: &str = "lcus relay board";
const CONNECT: Duration = Duration::from_secs(1);

/// Where the board is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its serial port by stable name. A CH340 has no serial number, so two of them differ only by `/dev/serial/by-path/...`.
    pub port: Option<String>,
    /// Address of a port that ser2net serves raw, `host:port`, instead of a serial port.
    pub tcp: Option<String>,
    /// The relay of a presser or a supply, from 1; a selector takes them from `channels`.
    #[serde(default = "first")]
    pub relay: u8,
}

fn first() -> u8 {
    1
}

/// The bytes that switch a relay: start, number, state, and their sum.
pub fn command(relay: u8, on: bool) -> [u8; 4] {
    let (start, state) = (0xa0u8, u8::from(on));
    [start, relay, state, start.wrapping_add(relay).wrapping_add(state)]
}

/// Opens a board. Nothing is switched.
///
/// # Errors
/// A [`Fault`] that names the place.
pub fn open(settings: &Settings) -> Result<Shared, Fault> {
    let place = Place::new(settings.port.as_deref(), 9600, settings.tcp.as_deref());
    let place = place.map_err(|what| Fault::new(FaultKind::Refused, NAME, what))?;
    let mut board = Lcus { place, wire: None };
    board.wire()?;
    Ok(Shared::new(board))
}

struct Lcus {
    place: Place,
    wire: Option<Wire>,
}

impl Lcus {
    fn wire(&mut self) -> Result<&mut Wire, Fault> {
        if self.wire.is_none() {
            let opened = self.place.open(CONNECT);
            self.wire = Some(opened.map_err(|error| self.gone(format!("it cannot be opened: {error}")))?);
        }
        // Cannot fail: it was filled above.
        Ok(self.wire.as_mut().expect("the line is open"))
    }

    fn gone(&self, what: String) -> Fault {
        fault(NAME, &self.place, FaultKind::Disconnected, what)
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let sent = self.wire()?.write(bytes);
        sent.map_err(|error| {
            self.wire = None;
            self.gone(format!("it did not take a command: {error}"))
        })
    }
}

impl Board for Lcus {
    /// A board that was unplugged meanwhile is opened again once.
    fn set(&mut self, relay: u8, on: bool) -> Result<(), Fault> {
        let bytes = command(relay, on);
        self.send(&bytes).or_else(|_| self.send(&bytes))
    }
}
