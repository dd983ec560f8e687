//! The kinds of lines, and sets of them.

use super::line::observation_word;
use crate::domain::event::Event;
use crate::domain::observation::Observation;

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
pub struct Wanted {
    kinds: u32,
    changes_alone: bool,
}

impl Wanted {
    /// Every kind.
    pub const ALL: Wanted = Wanted { kinds: u32::MAX, changes_alone: false };
    /// No kind: only the state of the run is wanted.
    pub const NONE: Wanted = Wanted { kinds: 0, changes_alone: false };

    /// These kinds.
    pub fn of(kinds: &[Kind]) -> Self {
        Self { kinds: kinds.iter().fold(0, |set, &kind| set | 1 << kind as u32), changes_alone: false }
    }

    /// Of `observed` only the changes that answered a stimulus: half of all lines are other observations.
    pub fn with_changes_alone(self) -> Self {
        Self { changes_alone: true, ..self }
    }

    /// Whether a kind is in the set.
    pub fn has(self, kind: Kind) -> bool {
        self.kinds & 1 << kind as u32 != 0
    }

    /// Whether an event that was read is wanted.
    pub fn takes(self, kind: Kind, event: &Event) -> bool {
        let other = matches!(event, Event::Observed(observed) if !matches!(observed.observation, Observation::Change { .. }));
        self.has(kind) && !(self.changes_alone && other)
    }

    /// Whether the fields of a line show, without being read, that its event is not wanted. Fields that are not spelled as we spell them
    /// show nothing.
    pub(super) fn leaves(self, kind: Kind, fields: &[u8]) -> bool {
        !self.has(kind)
            || (self.changes_alone && kind == Kind::Observed && observation_word(fields).is_some_and(|word| word != b"change"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Observed;
    use crate::domain::observation::Sense;
    use crate::domain::units::Tick;

    #[test]
    fn every_word_names_its_kind() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name().as_bytes()), Some(kind));
        }
        assert_eq!(Kind::from_name(b"observe"), None);
    }

    #[test]
    fn changes_alone_are_taken_and_only_what_surely_is_none_is_left_unread() {
        let wanted = Wanted::of(&[Kind::Observed]).with_changes_alone();
        let observed = |observation| Event::Observed(Observed { at_us: Tick(5), observation });
        assert!(wanted.takes(Kind::Observed, &observed(Observation::Change { sense: Sense::Light })));
        assert!(!wanted.takes(Kind::Observed, &observed(Observation::Ready)));
        assert!(Wanted::ALL.takes(Kind::Observed, &observed(Observation::Ready)));
        assert!(wanted.leaves(Kind::Observed, br#","at_us":5,"what":"ready"}"#));
        assert!(!wanted.leaves(Kind::Observed, br#","at_us":5,"what":"change","sense":"light"}"#));
        assert!(!wanted.leaves(Kind::Observed, br#","what":"ready","at_us":5}"#), "spelled otherwise");
        assert!(!Wanted::ALL.leaves(Kind::Observed, br#","at_us":5,"what":"ready"}"#));
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
