//! What keeps outputs safe. [`machine`] is the whole of the rules as a pure machine; [`inprocess`] puts it in front of the ports of a rig
//! that runs in this process. `docs/guard.md` tells the rules in words.

pub mod carried;
pub mod client;
mod coil;
pub mod heat;
pub mod inprocess;
pub mod machine;
mod plug;
pub mod rules;
pub mod server;
mod supply;
pub mod wire;
pub mod words;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod oracle;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use carried::{Carried, Stamp};
pub use inprocess::{GuardHandle, guarded};
pub use machine::Machine;
pub use rules::{BadRules, Lease, OpenVoltage, Rules, Source, Wiring};
pub use words::{Action, CutCause, Input, PowerCut, Refusal, SessionId, SourceId, TripReason};
