//! The journal of a run: the only source of truth. `docs/journal.md` is the specification.

mod ahead;
pub mod disk;
pub mod fold;
pub mod glance;
pub mod hash;
pub mod kind;
pub mod line;
pub mod memory;
pub mod open;
pub mod reader;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
pub mod traces;
pub mod verify;
pub mod writer;

pub use disk::DiskStorage;
pub use glance::trial_at;
pub use hash::Hash;
pub use kind::{Kind, Wanted};
pub use memory::MemoryStorage;
pub use open::{OpenError, create, reopen};
pub use reader::{Ending, ReadError, Reader, Torn, read_state};
pub use traces::Traces;
pub use verify::{Finding, Integrity, verify};
pub use writer::{JournalWriter, Tap};

/// Name of the journal in a run's directory.
pub const JOURNAL: &str = "journal.jsonl";
/// Name of what was set aside from a journal in a run's directory, before its number.
pub const TORN: &str = "journal.torn";
/// Name of the folder of traces in a run's directory.
pub const TRACES: &str = "traces";
/// Name of the file that one writer holds locked.
pub const LOCK: &str = "journal.lock";

/// The number of a line in its file, from 1, by its `seq`.
fn line_number(seq: u64) -> u64 {
    seq + 1
}
