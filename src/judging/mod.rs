//! Readings to facts, facts to a judgement. Everything here is pure and incremental: cutting a stream anywhere changes nothing.
//! `docs/evidence.md` tells the rules.

pub mod again;
pub mod bench;
pub mod capabilities;
pub mod change;
pub mod console;
pub mod diagnose;
pub mod evidence;
pub mod force;
pub mod light;
pub mod plug;
pub mod ready;
pub mod rules;
pub mod sound;
pub mod watch;

pub use capabilities::{Capabilities, Senses};
pub use change::Changes;
pub use diagnose::diagnose;
pub use evidence::Evidence;
pub use ready::Readiness;
pub use watch::{Channels, Watch, WatchError};

#[cfg(test)]
mod story;
#[cfg(test)]
mod testing;
