//! The kinds of lines, and sets of them.

/// Declares the kinds with their words, once.
macro_rules! kinds {
    ($($kind:ident $word:literal,)*) => {
        /// The kind of a line. Each stands for the variant of [`Event`](crate::domain::event::Event) of the same name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the variants of `Event` say it")]
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// The word of the contract.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$kind => $word,)*
                }
            }

            /// The kind that a word names.
            pub fn from_name(word: &[u8]) -> Option<Kind> {
                $(if word == $word.as_bytes() {
                    return Some(Kind::$kind);
                })*
                None
            }
        }
    };
}

// Frequent ones first: words are compared in this order.
kinds! {
    StepStarted "step_started",
    StepFinished "step_finished",
    Observed "observed",
    Measured "measured",
    TrialStarted "trial_started",
    Environment "environment",
    Diagnosed "diagnosed",
    TrialFinished "trial_finished",
    Attached "attached",
    BlockStarted "block_started",
    Faulted "faulted",
    TrialAbandoned "trial_abandoned",
    Asked "asked",
    Answered "answered",
    Paused "paused",
    Continued "continued",
    StopRequested "stop_requested",
    JournalOpened "journal_opened",
    RunStarted "run_started",
    RunResumed "run_resumed",
    RunFinished "run_finished",
}

/// A set of kinds: those that a reader is asked for in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted(u32);

impl Wanted {
    /// Every kind.
    pub const ALL: Wanted = Wanted(u32::MAX);
    /// No kind: only the state of the run is wanted.
    pub const NONE: Wanted = Wanted(0);

    /// These kinds.
    pub fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |set, &kind| set | 1 << kind as u32))
    }

    /// Whether a kind is in the set.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_kind() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name().as_bytes()), Some(kind));
        }
        assert_eq!(Kind::from_name(b"observe"), None);
    }

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let set = Wanted::of(&[Kind::Measured, Kind::RunFinished]);
        for &kind in Kind::ALL {
            assert_eq!(set.has(kind), matches!(kind, Kind::Measured | Kind::RunFinished));
            assert!(Wanted::ALL.has(kind) && !Wanted::NONE.has(kind));
        }
    }
}
