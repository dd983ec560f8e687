//! Units of which one knows what they do: with them a bench shows that it sees a reset where there is one, and none where there is none.

use super::ids::{AdapterName, DutSerial};
use super::units::Seconds;
use super::verdict::{Level, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which unit lies in the nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// One that resets every time: the positive control of the bench.
    Golden,
    /// One that never resets, or none at all: the negative control of the bench.
    Dummy,
}

impl Known {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Known::Golden => "golden",
            Known::Dummy => "dummy",
        }
    }
}

/// What a bench last showed with known units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Shown {
    /// With one that resets every time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub golden: Option<UnitRun>,
    /// With one that never resets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dummy: Option<UnitRun>,
}

impl Shown {
    /// Whether no known unit was ever tried.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The run with a unit of this kind.
    pub fn get(&self, known: Known) -> Option<&UnitRun> {
        match known {
            Known::Golden => self.golden.as_ref(),
            Known::Dummy => self.dummy.as_ref(),
        }
    }

    /// Puts a run in the place of an older one.
    pub fn put(&mut self, known: Known, run: UnitRun) {
        match known {
            Known::Golden => self.golden = Some(run),
            Known::Dummy => self.dummy = Some(run),
        }
    }
}

/// A run with a known unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct UnitRun {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Last day on which it says something of the bench, `YYYY-MM-DD`.
    pub due: String,
    /// The unit.
    pub serial: DutSerial,
    /// Its model.
    pub model: String,
    /// What fed it.
    pub adapter: AdapterName,
    /// How long its button was pressed.
    pub hold_s: Seconds,
    /// The weakest evidence level of a judged press.
    pub level: Level,
    /// Verdicts of presses.
    pub presses: BTreeMap<Verdict, u32>,
    /// Verdicts of shams (golden), or of presses without power (dummy).
    pub controls: BTreeMap<Verdict, u32>,
}

/// What a run with a known unit says of the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It saw what was there.
    Good,
    /// It did not see what was there, or saw what was not.
    Wrong,
    /// It could not tell, every time.
    Nothing,
}

impl UnitRun {
    /// What it says. A golden unit has to reset at every press and to be silent at every sham; a dummy is never to be seen reset, with power or without.
    pub fn says(&self, known: Known) -> Says {
        let all = |verdicts: &BTreeMap<Verdict, u32>, wanted: Verdict| verdicts.keys().all(|verdict| *verdict == wanted);
        let wiped = |verdict: &Verdict| matches!(verdict, Verdict::FactoryReset | Verdict::PartialReset);
        let undecided = self.presses.keys().all(|verdict| *verdict == Verdict::Inconclusive);
        match known {
            Known::Dummy if self.presses.keys().chain(self.controls.keys()).any(wiped) => Says::Wrong,
            _ if undecided => Says::Nothing,
            Known::Dummy => Says::Good,
            Known::Golden if all(&self.presses, Verdict::FactoryReset) && all(&self.controls, Verdict::NoResponse) => Says::Good,
            Known::Golden => Says::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(presses: &[Verdict], controls: &[Verdict]) -> UnitRun {
        let count = |verdicts: &[Verdict]| {
            let mut counts = BTreeMap::new();
            verdicts.iter().for_each(|verdict| *counts.entry(*verdict).or_insert(0) += 1);
            counts
        };
        UnitRun {
            date: "2026-11-02".to_owned(),
            due: "2027-05-01".to_owned(),
            serial: "A1".into(),
            model: "camera".to_owned(),
            adapter: "oem".into(),
            hold_s: Seconds::new(45.0),
            level: Level::Proved,
            presses: count(presses),
            controls: count(controls),
        }
    }

    #[test]
    fn a_golden_unit_resets_every_time_and_is_silent_at_shams() {
        use Verdict::*;
        for (presses, controls, says) in [
            ([FactoryReset; 3].as_slice(), [NoResponse].as_slice(), Says::Good),
            (&[FactoryReset, FactoryReset, NoResponse], &[NoResponse], Says::Wrong),
            (&[FactoryReset, PartialReset], &[NoResponse], Says::Wrong),
            (&[FactoryReset], &[RebootOnly], Says::Wrong),
            (&[FactoryReset, Inconclusive], &[NoResponse], Says::Wrong),
            (&[Inconclusive, Inconclusive], &[NoResponse], Says::Nothing),
            (&[], &[], Says::Nothing),
        ] {
            assert_eq!(run(presses, controls).says(Known::Golden), says, "{presses:?} {controls:?}");
        }
    }

    #[test]
    fn a_dummy_never_resets_whatever_else_it_does() {
        use Verdict::*;
        for (presses, controls, says) in [
            ([NoResponse; 3].as_slice(), [NoResponse].as_slice(), Says::Good),
            (&[NotReady, NotReady], &[NoResponse], Says::Good),
            (&[RebootOnly, AcknowledgedOnly, Dead], &[NoResponse], Says::Good),
            (&[NoResponse, FactoryReset], &[NoResponse], Says::Wrong),
            (&[NoResponse], &[PartialReset], Says::Wrong),
            (&[Inconclusive], &[FactoryReset], Says::Wrong),
            (&[Inconclusive, Inconclusive], &[NoResponse], Says::Nothing),
        ] {
            assert_eq!(run(presses, controls).says(Known::Dummy), says, "{presses:?} {controls:?}");
        }
    }
}
