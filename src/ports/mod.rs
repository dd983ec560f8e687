//! Ports: what the engine asks of a bench. Every method only accepts or refuses and returns at once; results come back as readings
//! through [`Sensors::poll`], the one place where time passes.

pub mod batch;
#[cfg(test)]
pub(crate) mod contract;
pub mod device;
pub mod recorder;
pub mod storage;

pub use batch::{Batch, Block, Channel, ProbeAnswer, Reading, Scale};
pub use recorder::{RecordError, Recorder};
pub use storage::{AppendFile, Locked, Storage, StorageError};

use crate::domain::condition::Slot;
use crate::domain::ids::{AdapterName, Attempt, QuestionId};
use crate::domain::units::{Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::Fault;

/// A command was not accepted, and nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It would be accepted from this moment on: heat, minimum off time.
    #[error("{why}; possible again at tick {at:?}")]
    Until {
        /// From when.
        at: Tick,
        /// Why.
        why: String,
    },
    /// It is outside a bound, or the guard has tripped.
    #[error("{0}")]
    Never(String),
    /// The device failed or is gone.
    #[error("{0}")]
    Broken(Fault),
}

/// The rig's clock.
pub trait Clock {
    /// Now. Never goes back, never sleeps.
    fn now(&self) -> Tick;
}

/// Which trial the bench is told about.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialKey {
    /// The slot.
    pub slot: Slot,
    /// The attempt at it.
    pub attempt: Attempt,
    /// Whether the trial proper begins, after the camera was prepared.
    pub proper: bool,
    /// Coil temperature when the slot was first begun. A bench that can set up its own past starts a redone trial from there; a real one
    /// cannot, and pays no heed.
    pub coil_c: Option<Celsius>,
}

/// Everything that is read.
pub trait Sensors {
    /// Lets time pass until the next batch of readings (at most 10 ms of bench time) or `until`, whichever comes first, and fills `batch`
    /// (cleared before), ordered by time, source, number.
    ///
    /// # Errors
    /// A [`Fault`] of the rig: a device went away or overran its queue.
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault>;

    /// Tells the bench that a trial begins: sampling is aligned to this moment.
    fn begin(&mut self, key: &TrialKey);

    /// How codes of a channel become values; `None` where the rig has no such channel.
    fn scale(&self, channel: Channel) -> Option<Scale>;
}

/// A press with both its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PressOrder {
    /// When the coil is switched on; not before now.
    pub at: Tick,
    /// When it is switched off, unless [`Presser::release`] brings that forward.
    pub release_at: Tick,
}

/// The solenoid.
pub trait Presser {
    /// Orders a press. Refused as a whole when any part of it is over an interlock.
    ///
    /// # Errors
    /// [`Refused`]; nothing is energised then.
    fn press(&mut self, order: PressOrder) -> Result<(), Refused>;

    /// Switches the coil off now, or as soon as may be. Does nothing when it is off.
    ///
    /// # Errors
    /// [`Refused::Broken`] when the device does not answer.
    fn release(&mut self) -> Result<(), Refused>;

    /// The first moment, not before now, at which a press so long would fit the heat budget and the minimum off time.
    /// [`Tick::NEVER`] when it never would.
    fn possible_from(&self, longest: Seconds) -> Tick;
}

/// The camera's supply.
pub trait Supply {
    /// Sets the voltage of a programmable supply.
    ///
    /// # Errors
    /// [`Refused`] over the ceiling, or where the supply is fixed.
    fn set(&mut self, volts: Volts) -> Result<(), Refused>;

    /// Switches the output.
    ///
    /// # Errors
    /// [`Refused`] before the minimum off time has passed, or after a trip.
    fn output(&mut self, on: bool) -> Result<(), Refused>;

    /// Switches coil and output off at once, although the camera may be writing: only on a person's explicit order. A device without a
    /// guard before it knows no write window and just switches off.
    ///
    /// # Errors
    /// [`Refused::Broken`] when the device does not answer.
    fn cut(&mut self) -> Result<(), Refused> {
        self.output(false)
    }
}

/// Connects one of several adapters.
pub trait Selector {
    /// Connects `adapter` and nothing else; only with the output off.
    ///
    /// # Errors
    /// [`Refused`] when the output is on or no channel holds the adapter.
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused>;
}

/// The line to the camera's console.
pub trait Console {
    /// Sends bytes. The answer comes as readings.
    ///
    /// # Errors
    /// [`Refused::Broken`] when the port is gone.
    fn send(&mut self, bytes: &[u8]) -> Result<(), Refused>;
}

/// What is asked of the camera over the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeQuery {
    /// Factory state or not.
    Status,
    /// Bring it out of the factory state.
    Provision,
    /// Write a setting.
    Write {
        /// Its name in the profile.
        setting: String,
        /// The value.
        value: String,
    },
    /// Read a setting.
    Read {
        /// Its name in the profile.
        setting: String,
    },
}

/// The network probe.
pub trait Probe {
    /// Asks. The answer comes as a reading that repeats `number`.
    ///
    /// # Errors
    /// [`Refused`] when the probe is gone, or would have to guess a password.
    fn query(&mut self, number: u32, query: ProbeQuery) -> Result<(), Refused>;
}

/// The person at the bench.
pub trait Person {
    /// Puts a question on the screen. The answer comes as a reading.
    ///
    /// # Errors
    /// [`Refused`] when nobody can be asked.
    fn ask(&mut self, question: QuestionId, text: &str, choices: &[String]) -> Result<(), Refused>;
}

/// The live bundle of ports at one position.
pub struct Rig {
    /// Time.
    pub clock: Box<dyn Clock>,
    /// Readings.
    pub sensors: Box<dyn Sensors>,
    /// The solenoid.
    pub presser: Box<dyn Presser>,
    /// The supply.
    pub supply: Box<dyn Supply>,
    /// The selector, where there is one.
    pub selector: Option<Box<dyn Selector>>,
    /// The console, where there is one.
    pub console: Option<Box<dyn Console>>,
    /// The network probe, where there is one.
    pub probe: Option<Box<dyn Probe>>,
    /// The person, where there is one.
    pub person: Option<Box<dyn Person>>,
}
