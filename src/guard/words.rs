//! What the machine is told and what it orders.

use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};
use crate::ports::{PressOrder, Refused};
use std::fmt;

/// A session of an engine with the guard. Each is numbered higher than all before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// A source of the rules, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceId(pub usize);

/// What the machine is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// A new session wants the outputs.
    Arm(SessionId),
    /// The session lives, and its engine will be heard of again before `deadline`.
    Beat {
        /// What the engine announced.
        deadline: Tick,
    },
    /// The session's socket has closed.
    SocketClosed,
    /// Energise the coil.
    Press(PressOrder),
    /// Release the coil now.
    Release,
    /// Set the voltage of a programmable source.
    SetSupply(Volts),
    /// Switch the supply.
    Output(bool),
    /// Switch everything off although the camera may be writing: the operator's second Ctrl-C.
    PowerOffNow,
    /// The supply has done what it was told last; an instrument takes its time. The write window counts from there.
    Switched,
    /// Connect a source.
    Connect(SourceId),
    /// Open-circuit voltage of the connected source, measured while the output is off.
    OpenCircuit(Volts),
    /// What was measured at the plug since the last such input.
    Plug {
        /// Highest voltage, single glitches left out.
        highest: Option<Volts>,
        /// Lowest current: what flowed all the time.
        lowest: Option<Amps>,
    },
    /// Temperature of the air.
    Air(Celsius),
    /// Temperature of the coil, where a rig measures it. Believed where it is higher than the model's.
    CoilTemperature(Celsius),
    /// The coil's current was seen to be switched.
    CoilEdge {
        /// On or off.
        energised: bool,
        /// When.
        at: Tick,
    },
    /// The emergency stop was pressed or let go.
    EStop {
        /// Pressed or not.
        pressed: bool,
    },
    /// The guard's process was told to end.
    Terminate,
    /// Only time has passed.
    Tick,
}

/// What the machine orders, to be done in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Energise the coil between both ends.
    Energise(PressOrder),
    /// Switch the coil off now and forget a press that has not begun.
    DeEnergise,
    /// Set the supply's voltage.
    SetSupply(Volts),
    /// Switch the supply.
    Output(bool),
    /// Connect a source.
    Connect(SourceId),
    /// The input was refused; nothing was done.
    Refuse(Refusal),
    /// The machine has tripped.
    Trip(TripReason),
    /// Power was cut inside the write window: to be told, and counted against the unit.
    PowerCut(PowerCut),
}

/// Why the machine tripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TripReason {
    /// The socket closed.
    #[error("the engine's connection ended")]
    SocketClosed,
    /// No beat came in time.
    #[error("no beat came from the engine for 60 ms")]
    NoBeat,
    /// The engine announced a deadline and did not keep it.
    #[error("the engine overran the deadline that it announced")]
    EngineOverran,
    /// The coil is or would become hotter than it may be.
    #[error("the coil is warmer than planned and would pass its highest temperature")]
    TooHot,
    /// The coil is energised against the guard's orders.
    #[error("the coil is energised although it was ordered off")]
    CoilStuck,
    /// More voltage than the camera may be given.
    #[error("the voltage at the camera's plug is above the ceiling")]
    OverVoltage,
    /// More current than the camera can draw.
    #[error("the current at the camera's plug is that of a short circuit")]
    OverCurrent,
    /// The emergency stop.
    #[error("the emergency stop was pressed")]
    EStop,
    /// The process was told to end.
    #[error("the guard was told to end")]
    Terminated,
}

impl TripReason {
    /// For these, and no other trip, the supply goes off at once.
    pub fn cut_cause(self) -> Option<CutCause> {
        match self {
            TripReason::OverVoltage => Some(CutCause::OverVoltage),
            TripReason::OverCurrent => Some(CutCause::OverCurrent),
            TripReason::EStop => Some(CutCause::EStop),
            _ => None,
        }
    }
}

/// Why power was cut inside the write window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutCause {
    /// More voltage than the camera may be given.
    OverVoltage,
    /// A short circuit.
    OverCurrent,
    /// The emergency stop.
    EStop,
    /// A person ordered it.
    Ordered,
}

impl fmt::Display for CutCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CutCause::OverVoltage => "over-voltage",
            CutCause::OverCurrent => "over-current",
            CutCause::EStop => "emergency stop",
            CutCause::Ordered => "operator's order",
        })
    }
}

/// Power was cut while the camera may have been writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerCut {
    /// When.
    pub at: Tick,
    /// Why.
    pub cause: CutCause,
    /// How much of the write window was left.
    pub left: Seconds,
}

impl fmt::Display for PowerCut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "power was cut with {:.1} of the write window left ({})", self.left, self.cause)
    }
}

/// Why an input was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No session holds the outputs.
    #[error("no session is armed")]
    NotArmed,
    /// The guard has tripped.
    #[error("the guard has tripped: {0}; a new run or `resume` arms it again")]
    Tripped(TripReason),
    /// A session that is not new wants to arm.
    #[error("the session is not a new one")]
    OldSession,
    /// Another session holds the outputs.
    #[error("another session holds the outputs")]
    Taken,
    /// The guard's process is ending.
    #[error("the guard is ending")]
    Ending,
    /// The emergency stop is pressed.
    #[error("the emergency stop is pressed")]
    EStopPressed,
    /// The coil does not go off.
    #[error("the coil is stuck on")]
    CoilStuck,
    /// A press must begin before it ends, and not in the past.
    #[error("a press must begin now or later and end after it began")]
    BadOrder,
    /// The press is longer than the coil may be energised.
    #[error("a press of {asked} is longer than the coil's {max}")]
    TooLong {
        /// What was asked.
        asked: Seconds,
        /// The bound.
        max: Seconds,
    },
    /// A press is ordered already.
    #[error("another press is ordered")]
    CoilBusy {
        /// When it and the rest after it have ended.
        until: Tick,
    },
    /// The coil has not been off for long enough.
    #[error("the coil must rest between presses")]
    CoilResting {
        /// When it has rested.
        until: Tick,
    },
    /// The press does not fit the heat budget now.
    #[error("the coil is too warm for a press so long")]
    TooHot {
        /// When it will have cooled for a press so long.
        until: Tick,
    },
    /// The press never fits the heat budget.
    #[error("a press so long never fits the coil's heat budget")]
    NeverCool,
    /// No source is connected.
    #[error("no adapter is connected")]
    NoSource,
    /// The rules do not know the source.
    #[error("the adapter is not one of this run's")]
    UnknownSource,
    /// There is no selector.
    #[error("the rig has no selector")]
    NoSelector,
    /// The output is on.
    #[error("an adapter is connected only while the supply is off")]
    OutputOn,
    /// The source has one voltage.
    #[error("the voltage of this adapter cannot be set")]
    NotProgrammable,
    /// The voltage is outside the bounds.
    #[error("{asked} is outside 0 V to {ceiling}")]
    OverCeiling {
        /// What was asked.
        asked: Volts,
        /// The bound.
        ceiling: Volts,
    },
    /// The voltage of a programmable source was never set.
    #[error("the supply's voltage was not set")]
    NotSet,
    /// The open-circuit voltage was not measured.
    #[error("the adapter's open-circuit voltage was not measured")]
    OpenUnknown,
    /// The open-circuit voltage is above the ceiling.
    #[error("the adapter gives {open} without load, above the ceiling of {ceiling}")]
    OpenTooHigh {
        /// What it gives.
        open: Volts,
        /// The bound.
        ceiling: Volts,
    },
    /// The supply has not been off for long enough.
    #[error("the supply must rest before it is switched on again")]
    SupplyResting {
        /// When it has rested.
        until: Tick,
    },
    /// The camera may be writing.
    #[error("the camera may be writing flash: power is not taken away inside the write window")]
    WriteWindow {
        /// When the window has passed.
        until: Tick,
    },
}

impl Refusal {
    /// From when the same input would be accepted, if nothing else happens.
    pub fn until(&self) -> Option<Tick> {
        match *self {
            Refusal::CoilBusy { until }
            | Refusal::CoilResting { until }
            | Refusal::TooHot { until }
            | Refusal::SupplyResting { until }
            | Refusal::WriteWindow { until } => Some(until),
            _ => None,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal.until() {
            Some(at) => Refused::Until { at, why: refusal.to_string() },
            None => Refused::Never(refusal.to_string()),
        }
    }
}
