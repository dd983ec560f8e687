//! What engine and guard say to each other over a local socket: one JSON value a frame, after its length.
//!
//! Moments are microseconds of the kernel's monotonic clock, which both processes share.

mod frame;

pub use frame::{Frames, TooLong, encode};

use super::rules::Rules;
use super::words::TripReason;
use crate::domain::ids::AdapterName;
use crate::domain::rig::Position;
use crate::domain::units::{Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::ports::Refused;
use crate::ports::device::PowerReading;
use serde::{Deserialize, Serialize};

/// Version of these messages. Engine and guard are the same binary; a guard that outlived an update is told apart by it.
pub const VERSION: u32 = 1;

/// From the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Wants the outputs.
    Arm(Box<Arm>),
    /// Lives, and will be heard of again before `deadline`.
    Beat {
        /// What its engine announced.
        deadline: Tick,
        /// When it was sent: a guard that was held up itself must not take beats that waited for none.
        sent: Tick,
    },
    /// Wants something done.
    Order {
        /// Repeated by the answer.
        number: u64,
        /// What.
        order: Order,
    },
    /// Measured temperatures.
    Temperatures {
        /// Of the air.
        air: Option<Celsius>,
        /// Of the coil.
        coil: Option<Celsius>,
    },
    /// The plug's highest voltage, or the lowest current, of a batch in which it was above a limit.
    Plug {
        /// Highest voltage.
        highest: Option<Volts>,
        /// Lowest current, in amperes.
        lowest: Option<crate::domain::units::Amps>,
    },
    /// What the connected source gives without a load.
    OpenCircuit(Volts),
}

/// What a session begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// [`VERSION`].
    pub version: u32,
    /// Higher than that of every session before: microseconds of the monotonic clock will do.
    pub session: u64,
    /// The devices.
    pub position: Position,
    /// The bounds.
    pub rules: Rules,
}

/// What is wanted of an output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Energise the coil between both moments.
    Press {
        /// On.
        at: Tick,
        /// Off.
        release_at: Tick,
    },
    /// Release it now.
    Release,
    /// Set the supply.
    Set(Volts),
    /// Switch it.
    Output(bool),
    /// Switch everything off at once, whatever the camera does.
    Cut,
    /// Connect an adapter.
    Connect(AdapterName),
    /// Tell from when a press so long is possible.
    PossibleFrom(Seconds),
}

/// From the guard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// The session holds the outputs.
    Armed(Armed),
    /// It does not, and never will: why.
    NotArmed(NotArmed),
    /// An order was taken.
    Done {
        /// Which.
        number: u64,
        /// The answer to [`Order::PossibleFrom`].
        possible_from: Option<Tick>,
    },
    /// An order was not taken.
    Refused {
        /// Which.
        number: u64,
        /// From when it would be.
        until: Option<Tick>,
        /// Why.
        why: String,
    },
    /// The coil's current was switched.
    Edge(Edge),
    /// Temperature of the coil by the model.
    Coil(Celsius),
    /// What the supply measures at its terminals, about once a second while it is on.
    Supply(PowerReading),
    /// An output did not do what it was told.
    Broken(Fault),
    /// The guard has tripped.
    Tripped {
        /// Why.
        reason: String,
        /// The write window in which power was cut, in words.
        cut: Option<String>,
    },
}

/// Why a session does not get the outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NotArmed {
    /// The guard refuses.
    #[error("{0}")]
    Refused(String),
    /// Devices are not there, or are not what the rig file says.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Devices(Vec<Fault>),
}

impl From<String> for NotArmed {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

/// What a session is told when it begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Armed {
    /// The guard's process.
    pub pid: u32,
    /// What the system did not give: a real-time thread, locked memory. To be recorded.
    pub warnings: Vec<String>,
    /// How long switching the supply off may take.
    pub off_bound: Seconds,
}

/// A switched coil.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// On or off.
    pub energised: bool,
    /// When: the middle of the call that switched it.
    pub at: Tick,
    /// Standard uncertainty of that: the call's length over the square root of twelve.
    pub uncertainty: Seconds,
    /// How much later than ordered.
    pub late: Seconds,
}

impl News {
    /// The answer to order `number` for a refusal.
    pub fn refused(number: u64, refused: Refused) -> Self {
        match refused {
            Refused::Until { at, why } => News::Refused { number, until: Some(at), why },
            other => News::Refused { number, until: None, why: other.to_string() },
        }
    }

    /// The news of a trip.
    pub fn tripped(reason: TripReason, cut: Option<String>) -> Self {
        News::Tripped { reason: reason.to_string(), cut }
    }
}
