//! Relay boards on a serial port: as a coil's or an output's switch, or as the selector that connects one adapter of several.

pub mod lcus;
pub mod numato;
#[cfg(test)]
mod tests;

use crate::domain::ids::AdapterName;
use crate::domain::verdict::Fault;
use crate::ports::Refused;
use crate::ports::device::{Route, Switch};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A board with relays, numbered as printed on it.
pub(super) trait Board: Send {
    fn set(&mut self, relay: u8, on: bool) -> Result<(), Fault>;
}

/// A board that several ports of a rig share: each has a relay or some of its own.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<dyn Board>>);

impl Shared {
    pub(super) fn new(board: impl Board + 'static) -> Self {
        Self(Arc::new(Mutex::new(board)))
    }

    fn set(&self, relay: u8, on: bool) -> Result<(), Fault> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).set(relay, on)
    }
}

/// One relay.
pub struct RelaySwitch {
    board: Shared,
    relay: u8,
}

impl RelaySwitch {
    /// A relay of a board. Nothing is switched yet.
    pub fn new(board: Shared, relay: u8) -> Self {
        Self { board, relay }
    }
}

impl Switch for RelaySwitch {
    fn set(&mut self, on: bool) -> Result<(), Fault> {
        self.board.set(self.relay, on)
    }
}

/// Relays of which at most one is closed: each leads one adapter to the camera.
pub struct RelayRoute {
    board: Shared,
    channels: BTreeMap<AdapterName, u8>,
}

impl RelayRoute {
    /// `channels` says which relay leads which adapter. Nothing is switched yet: the relays' states are unknown.
    pub fn new(board: Shared, channels: BTreeMap<AdapterName, u8>) -> Self {
        Self { board, channels }
    }
}

impl Route for RelayRoute {
    /// Opens every relay before it closes one: two adapters are never connected at once, whatever the relays' states were.
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        let Some(&relay) = self.channels.get(adapter) else {
            return Err(Refused::Never(format!("no channel of the selector holds the adapter `{adapter}`")));
        };
        self.disconnect()?;
        self.board.set(relay, true).map_err(Refused::Broken)
    }

    /// Opens all, also after one failed; tells the first failure.
    fn disconnect(&mut self) -> Result<(), Refused> {
        let opened: Vec<_> = self.channels.values().map(|relay| self.board.set(*relay, false)).collect();
        opened.into_iter().collect::<Result<(), Fault>>().map_err(Refused::Broken)
    }
}
