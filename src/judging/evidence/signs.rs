//! The three signs of a reset, and what became of each.

use crate::domain::ids::Seq;
use crate::domain::verdict::Level;

/// What a sign says after the stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// It cannot be seen with this rig and profile, or setup did not prove that it can change.
    Unseeable,
    /// It was seen.
    Seen,
    /// It could have been seen and was not; nothing says the contrary.
    NotSeen,
    /// The contrary was seen.
    Against,
    /// Canaries only: some categories were wiped, others survived.
    Partly,
}

impl Sign {
    /// Whether it counts towards the evidence level.
    pub fn seeable(self) -> bool {
        self != Sign::Unseeable
    }
}

/// The three signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signs {
    /// (a) A reboot after the press.
    pub reboot: Sign,
    /// (b) A positive sign of the factory state.
    pub factory: Sign,
    /// (c) The canaries are gone.
    pub canaries: Sign,
}

impl Signs {
    /// The evidence level of the trial: which signs could be seen, not which were.
    pub fn level(&self) -> Level {
        match (self.reboot.seeable(), self.factory.seeable(), self.canaries.seeable()) {
            (true, true, true) => Level::Proved,
            (true, true, false) | (true, false, true) | (false, true, true) => Level::Indicated,
            (false, true, false) | (false, false, true) => Level::Suggested,
            (_, false, false) => Level::None,
        }
    }
}

/// Journal lines for and against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// They show the sign.
    pub seen: Vec<Seq>,
    /// They show the contrary.
    pub against: Vec<Seq>,
}
