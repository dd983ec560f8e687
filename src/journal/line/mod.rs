//! One line of the journal: `{"seq":N,"t_us":N,"kind":"...","h":"32 hexadecimal digits"` and the event's own fields.

pub mod decode;
pub mod encode;
pub mod envelope;
#[cfg(test)]
mod golden;
mod quick;

pub use decode::{Depth, decode};
pub use encode::encode;
pub use envelope::Envelope;
pub(super) use quick::observation_word;

use super::hash::Hash;
use crate::domain::run_state::Illegal;

/// Longest line that is written or read, in bytes. `run_started` is the longest kind and embeds all input: some ten thousand bytes.
pub const LONGEST: usize = 16 << 20;

/// What is wrong with a line; each reads after `path:line: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It does not begin as every line begins, or does not end in a closed brace.
    #[error("this is no line of a journal: {0}")]
    Garbled(&'static str),
    /// It is longer than [`LONGEST`].
    #[error("the line is longer than {LONGEST} bytes")]
    TooLong,
    /// The fields of its kind are not there, or are something else.
    #[error("the fields of `{kind}` cannot be read: {why}")]
    Fields {
        /// Its kind.
        kind: &'static str,
        /// The reason.
        why: String,
    },
    /// No version up to ours has this kind.
    #[error("the kind `{0}` is unknown")]
    UnknownKind(String),
    /// A line is missing, or stands twice.
    #[error("the line is number {found} where {expected} is due")]
    Number {
        /// The number that is due.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// The line before is not the one that was written.
    #[error("the line before was changed: its hash is {expected}, and {found} was written")]
    Chain {
        /// Hash of the line before as it stands.
        expected: Hash,
        /// The hash that this line carries.
        found: String,
    },
    /// The format is of a version that this program cannot read.
    #[error("the journal's format is `{0}`; this program reads 1.x")]
    Format(String),
    /// It may not follow.
    #[error(transparent)]
    Illegal(#[from] Illegal),
}

impl LineError {
    /// Whether a write that was cut short may have left it so.
    pub fn may_be_torn(&self) -> bool {
        matches!(self, LineError::Garbled(_) | LineError::Fields { .. })
    }
}
