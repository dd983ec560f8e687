//! How a trial ended, as a person reads it.

use super::line::Tone;
use super::say::what;
use crate::analysis::row::{TrialRow, Value};
use crate::domain::condition::Stimulus;
use crate::domain::ids::{AdapterName, Attempt, SlotId};
use crate::domain::verdict::{Level, Outcome, Verdict};
use crate::report::words::duration;

/// How a trial ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt at it.
    pub attempt: Attempt,
    /// Its adapter.
    pub adapter: AdapterName,
    /// What was done, in words: `press 10 s`.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How strong the evidence could be, where it was judged.
    pub level: Option<Level>,
    /// The measured hold in seconds, where it was measured.
    pub held: Option<f64>,
    /// Bench time it took, in seconds.
    pub took: f64,
    /// Whether nothing was pressed that could reset a camera.
    pub control: bool,
}

impl Ending {
    /// What a row of trials.csv tells.
    pub fn of(row: &TrialRow) -> Self {
        Self {
            slot: row.slot,
            attempt: row.attempt,
            adapter: row.condition.adapter.clone(),
            what: what(&row.condition),
            outcome: row.outcome,
            level: row.level,
            held: row.value(Value::Hold),
            took: row.took.get(),
            control: matches!(row.condition.stimulus, Stimulus::Sham { .. } | Stimulus::UnpoweredPress { .. }),
        }
    }

    /// What kind of ending it is.
    pub fn tone(&self) -> Tone {
        match self.outcome {
            Outcome::Judged(Verdict::FactoryReset | Verdict::PartialReset) if self.control => Tone::Alarm,
            Outcome::Judged(Verdict::Dead) => Tone::Alarm,
            Outcome::Judged(Verdict::FactoryReset) => Tone::Reset,
            Outcome::Judged(Verdict::PartialReset | Verdict::RebootOnly | Verdict::AcknowledgedOnly) => Tone::Partly,
            Outcome::Judged(Verdict::NoResponse | Verdict::Checked) => Tone::Nothing,
            Outcome::Judged(Verdict::NotReady | Verdict::Inconclusive) | Outcome::Faulted(_) | Outcome::Abandoned => {
                Tone::Unclear
            }
        }
    }

    /// A sign that tells without colour: the fuller the circle, the more was reset.
    pub fn sign(&self) -> char {
        match (self.tone(), self.outcome) {
            (Tone::Reset, _) => '●',
            (Tone::Partly, _) => '◐',
            (Tone::Nothing, _) => '○',
            (Tone::Alarm, _) | (Tone::Unclear, Outcome::Faulted(_) | Outcome::Abandoned) => '!',
            (Tone::Unclear, Outcome::Judged(_)) => '?',
        }
    }

    /// Few large words.
    pub fn title(&self) -> String {
        match self.outcome {
            Outcome::Judged(verdict) if self.control && self.tone() == Tone::Alarm && verdict != Verdict::Dead => {
                format!("{} WITHOUT A PRESS", large(verdict.name()))
            }
            Outcome::Judged(verdict) => large(verdict.name()),
            Outcome::Faulted(kind) => format!("LOST, FAULT OF THE RIG: {}", large(kind.name())),
            Outcome::Abandoned => "ABANDONED".to_owned(),
        }
    }

    /// What was done, and to what: `slot 3 attempt 2: oem press 10 s`.
    pub fn subject(&self) -> String {
        let again = if self.attempt.0 > 1 { format!(" attempt {}", self.attempt) } else { String::new() };
        format!("slot {}{again}: {} {}", self.slot, self.adapter, self.what)
    }

    /// The outcome in the words of the files.
    pub fn word(&self) -> String {
        match self.outcome {
            Outcome::Judged(verdict) => verdict.name().to_owned(),
            Outcome::Faulted(kind) => format!("lost to a fault of the rig ({})", kind.name()),
            Outcome::Abandoned => "abandoned".to_owned(),
        }
    }

    /// Evidence level and measured hold, each after a comma or in brackets; then how long it took.
    pub fn detail(&self) -> String {
        let level = self.level.map_or(String::new(), |level| format!(" ({})", level.name()));
        let held = self.held.map_or(String::new(), |hold| format!(", held {hold:.3} s"));
        format!("{level}{held}, {}", duration(self.took))
    }
}

fn large(word: &str) -> String {
    word.replace('_', " ").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::FaultKind;

    fn ending(outcome: Outcome, control: bool) -> Ending {
        Ending {
            slot: SlotId(1),
            attempt: Attempt(2),
            adapter: "oem".into(),
            what: "press 10 s".to_owned(),
            outcome,
            level: None,
            held: None,
            took: 200.0,
            control,
        }
    }

    #[test]
    fn every_ending_has_a_sign_and_words_of_its_own() {
        use Verdict::*;
        let check = |outcome, control, sign, title| {
            let ending = ending(outcome, control);
            assert_eq!((ending.sign(), ending.title().as_str()), (sign, title));
        };
        check(Outcome::Judged(FactoryReset), false, '●', "FACTORY RESET");
        check(Outcome::Judged(FactoryReset), true, '!', "FACTORY RESET WITHOUT A PRESS");
        check(Outcome::Judged(PartialReset), false, '◐', "PARTIAL RESET");
        check(Outcome::Judged(NoResponse), true, '○', "NO RESPONSE");
        check(Outcome::Judged(Dead), true, '!', "DEAD");
        check(Outcome::Judged(NotReady), false, '?', "NOT READY");
        check(Outcome::Faulted(FaultKind::GuardTrip), false, '!', "LOST, FAULT OF THE RIG: GUARD TRIP");
        check(Outcome::Abandoned, false, '!', "ABANDONED");
    }

    #[test]
    fn a_sham_that_does_nothing_is_no_alarm() {
        assert_eq!(ending(Outcome::Judged(Verdict::NoResponse), true).tone(), Tone::Nothing);
        assert_eq!(ending(Outcome::Judged(Verdict::RebootOnly), true).tone(), Tone::Partly);
    }
}
