//! Devices with an output, at the level of the instrument: what the guard's process opens, and nobody else. The ports of the engine stand in
//! front of them.

use super::Refused;
use crate::domain::ids::AdapterName;
use crate::domain::units::{Amps, Seconds, Volts};
use crate::domain::verdict::Fault;

/// One line that is on or off: a coil, a relay.
pub trait Switch: Send {
    /// Sets the line and returns when the kernel or the instrument has taken it.
    ///
    /// # Errors
    /// A [`Fault`] when the device did not take it. What it did then is not known.
    fn set(&mut self, on: bool) -> Result<(), Fault>;
}

/// A supply whose output can be switched, and set where it is programmable. Calls may take as long as the instrument takes to answer; they are
/// made on a thread of their own.
pub trait PowerOutput: Send {
    /// Sets the voltage and reads the setting back.
    ///
    /// # Errors
    /// [`Refused`] where the output is fixed, or the instrument did not take the setting.
    fn set(&mut self, volts: Volts) -> Result<(), Refused>;

    /// Switches the output and reads its state back, where the instrument tells it.
    ///
    /// # Errors
    /// [`Refused::Broken`] when the instrument did not obey or does not answer.
    fn output(&mut self, on: bool) -> Result<(), Refused>;

    /// What the instrument itself measures; `None` where it measures nothing.
    ///
    /// # Errors
    /// A [`Fault`] when it does not answer, or answers with something else.
    fn read(&mut self) -> Result<Option<PowerReading>, Fault>;

    /// The longest that an order to switch off may take, all retries counted.
    fn off_bound(&self) -> Seconds;
}

/// What a supply measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerReading {
    /// At its terminals, not at the camera's plug.
    pub volts: Volts,
    /// Out of them.
    pub amps: Amps,
}

/// Relays that connect one of several adapters to the camera.
pub trait Route: Send {
    /// Connects one and nothing else.
    ///
    /// # Errors
    /// [`Refused`] where no channel holds it, or the relays did not obey.
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused>;
}
