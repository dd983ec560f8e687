//! Traces: what the instruments delivered in a trial, one file a channel, lossless. `docs/journal.md` describes the files.
//!
//! They are streamed while the trial runs, since memory is bounded, and compressed on the way: on average below 10 ns a sample (measured
//! for steps with noise of a few codes; 15 ns with noise of hundreds).

pub mod codec;
mod file;
pub mod read;
mod set;

pub use read::{Body, Piece, Run, Trace, TraceError, read};
pub use set::TraceSet;

use crate::ports::{Channel, Scale};
use std::collections::BTreeMap;

/// End of the name of a trace that is not complete.
pub const PART: &str = ".part";
/// End of the name of a complete trace.
pub const TRACE: &str = ".trace";
/// The channel name of the console.
pub const CONSOLE: &str = "console";

/// What a writer does with raw readings.
#[derive(Clone, Debug, PartialEq)]
pub enum Traces {
    /// Nothing: the suite keeps none.
    Off,
    /// They are written while a trial runs, and kept or thrown away at its end. The scales of the rig's channels stand in the files.
    On(BTreeMap<Channel, Scale>),
}
