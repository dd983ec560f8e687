//! What a single instrument offers to whoever composes a rig of real ones. The guard's process owns those that have outputs; the others put
//! their readings into a queue that the rig's sensors merge. A method may take as long as the instrument's stated bound: it is called from a
//! thread of its own, never from the engine.

use super::{ProbeAnswer, Refused};
use crate::domain::ids::{AdapterName, QuestionId};
use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::ports::Channel;
use serde::{Deserialize, Serialize};

#[cfg(test)]
pub(crate) mod contract;

/// Where an instrument puts what it reads.
pub trait Sink: Send {
    /// Takes a reading.
    ///
    /// # Errors
    /// A [`Fault`] when the queue is full: it is bounded, and whoever reads it has fallen behind.
    fn put(&mut self, reading: Stamped) -> Result<(), Fault>;

    /// Takes why the instrument gives no readings at the moment. It is a fault only when it stays silent.
    fn trouble(&mut self, _: Fault) {}
}

/// A reading and when it was taken: of samples the first one, of bytes the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// When.
    pub at: Tick,
    /// What.
    pub reading: Reading,
}

/// What an instrument read.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Evenly spaced samples.
    Samples {
        /// Which channel.
        channel: Channel,
        /// Time between samples.
        period: Seconds,
        /// The instrument's own codes.
        codes: Vec<i16>,
    },
    /// Console bytes, as they came.
    Console(Vec<u8>),
    /// The console port was lost and is open again: bytes may be missing.
    ConsoleGap,
    /// The probe answered.
    Probe {
        /// The number of the query.
        number: u32,
        /// What.
        answer: ProbeAnswer,
    },
    /// The person answered.
    Answer {
        /// Which question.
        question: QuestionId,
        /// What.
        answer: String,
    },
    /// Temperatures of the bench.
    Temperature {
        /// Of the air, where measured.
        ambient_c: Option<Celsius>,
        /// Of the coil, where measured.
        coil_c: Option<Celsius>,
    },
}

/// One line that is on or off: a coil, a relay.
pub trait Switch: Send {
    /// Switches it.
    ///
    /// # Errors
    /// A [`Fault`] when the device did not take the command; the line may be in either state then.
    fn set(&mut self, on: bool) -> Result<(), Fault>;
}

/// A power supply's output.
pub trait PowerOutput: Send {
    /// Sets the voltage, and reads it back.
    ///
    /// # Errors
    /// [`Refused`] outside the instrument's range, or when it did not do it.
    fn set(&mut self, volts: Volts) -> Result<(), Refused>;

    /// Switches the output, and reads it back where the instrument can tell.
    ///
    /// # Errors
    /// [`Refused::Broken`] when it did not do it.
    fn output(&mut self, on: bool) -> Result<(), Refused>;

    /// What it measures at its terminals.
    ///
    /// # Errors
    /// A [`Fault`] when it did not answer, or with something that is no reading.
    fn read(&mut self) -> Result<PowerReading, Fault>;

    /// How long switching off takes at worst.
    fn off_bound(&self) -> Seconds;
}

/// What a supply measures at its terminals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PowerReading {
    /// Volts.
    pub volts: Volts,
    /// Amperes.
    pub amps: Amps,
    /// Whether the output is on; `None` where the instrument cannot tell.
    pub on: Option<bool>,
}

/// A way from one of several adapters to the camera.
pub trait Route: Send {
    /// Connects an adapter and nothing else.
    ///
    /// # Errors
    /// [`Refused`] when no channel holds it, or the device did not take the command.
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused>;

    /// Connects nothing.
    ///
    /// # Errors
    /// [`Refused::Broken`] when the device did not take the command.
    fn disconnect(&mut self) -> Result<(), Refused>;
}
