//! One attempt as a row: what trials.csv shows, compact enough for a hundred thousand of them in memory.

use crate::domain::canary::Category;
use crate::domain::condition::{Condition, Origin, ReleasedBy};
use crate::domain::event::RunStarted;
use crate::domain::ids::{Attempt, BlockNo, RunId, Seq, SlotId};
use crate::domain::measurement::names;
use crate::domain::observation::Sense;
use crate::domain::units::Seconds;
use crate::domain::verdict::{FaultKind, Level, Outcome, Verdict};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is the same for all trials of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// The run.
    pub run_id: RunId,
    /// What is run, on what, by what.
    pub started: RunStarted,
}

/// A value of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Seconds from power-on to readiness.
    Boot,
    /// Seconds from contact to the acknowledgement.
    Ack,
    /// Seconds from the first sign of the reboot to readiness.
    Reboot,
    /// Seconds from contact to the first sign of the reboot.
    PressToReboot,
    /// Measured seconds from contact to release.
    Hold,
    /// Standard uncertainty of `Hold`, in seconds.
    HoldU,
    /// Seconds from readiness to contact.
    SinceReady,
    /// Volts at the adapter's end before the camera is connected.
    Open,
    /// Mean volts at the plug when ready.
    PlugIdle,
    /// Lowest volts at the plug while a camera that never became ready was waited for.
    PlugStartMin,
    /// Highest volts in the same time.
    PlugStartMax,
    /// Lowest volts at the plug from contact to the end of the watch.
    PlugMin,
    /// Lowest volts at the plug while the camera showed that it erases.
    PlugErase,
    /// Highest amperes at the plug from contact to the end of the watch.
    PlugMax,
    /// Air temperature in degrees Celsius.
    Ambient,
    /// Coil temperature in degrees Celsius.
    Coil,
}

/// How many kinds of [`Value`] there are.
const VALUES: usize = Value::Coil as usize + 1;

impl Value {
    /// The value that a measurement of this name gives; `None` for a name that no column shows.
    pub fn of_measurement(name: &str) -> Option<Value> {
        Some(match name {
            names::BOOT => Value::Boot,
            names::ACK => Value::Ack,
            names::REBOOT => Value::Reboot,
            names::HOLD => Value::Hold,
            names::SINCE_READY => Value::SinceReady,
            names::OPEN => Value::Open,
            names::PLUG_IDLE => Value::PlugIdle,
            names::PLUG_START_MIN => Value::PlugStartMin,
            names::PLUG_START_MAX => Value::PlugStartMax,
            names::PLUG_MIN => Value::PlugMin,
            names::PLUG_ERASE => Value::PlugErase,
            names::PLUG_MAX => Value::PlugMax,
            _ => return None,
        })
    }
}

/// The values of a trial. An absent one takes no more room than a present one, which an `Option` each would.
#[derive(Clone, Copy, Debug)]
pub struct Values([f64; VALUES]);

impl Default for Values {
    fn default() -> Self {
        Self([f64::NAN; VALUES])
    }
}

impl Values {
    /// The value, where it was observed.
    pub fn get(&self, which: Value) -> Option<f64> {
        let value = self.0[which as usize];
        (!value.is_nan()).then_some(value)
    }

    /// Sets a value; one that is no number reads "not observed".
    pub fn set(&mut self, which: Value, value: f64) {
        self.0[which as usize] = value;
    }

    /// Sets a value that was not observed before.
    pub fn set_first(&mut self, which: Value, value: f64) {
        if self.get(which).is_none() {
            self.set(which, value);
        }
    }
}

/// A set of canary categories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wiped(u8);

impl Wiped {
    /// Adds a category.
    pub fn add(&mut self, category: Category) {
        self.0 |= 1 << category as u8;
    }

    /// Their words joined by `+`, in the order of reports; empty for none.
    pub fn words(self) -> String {
        let gone = Category::ALL.into_iter().filter(|&category| self.0 & (1 << category as u8) != 0);
        gone.map(Category::name).collect::<Vec<_>>().join("+")
    }
}

/// Why a slot existed, without the reason in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// It stood in the plan.
    Planned,
    /// An adaptive design chose it.
    Chosen,
    /// A random place that guards an adaptive design.
    Probe,
    /// A control.
    Sham,
}

impl OriginKind {
    /// Whether earlier outcomes had a say in it. A rate at such a place is no sample of fixed size.
    pub fn adaptive(self) -> bool {
        matches!(self, OriginKind::Chosen | OriginKind::Probe)
    }
}

impl From<&Origin> for OriginKind {
    fn from(origin: &Origin) -> Self {
        match origin {
            Origin::Planned => OriginKind::Planned,
            Origin::Chosen(_) => OriginKind::Chosen,
            Origin::Probe => OriginKind::Probe,
            Origin::Sham => OriginKind::Sham,
        }
    }
}

/// One attempt that has ended.
#[derive(Clone, Debug)]
pub struct TrialRow {
    /// Its run.
    pub run: Arc<RunFacts>,
    /// What was tried.
    pub condition: Arc<Condition>,
    /// Who stood at the bench in that session.
    pub operator: Option<Arc<str>>,
    /// Wall time of its first line: the session's wall time at tick 0 plus the tick.
    pub started_at: Timestamp,
    /// Number of the line that ended it: `trial_finished`, `trial_abandoned`, or the `run_resumed` after a crash.
    pub seq: Seq,
    /// Bench time from its first to its last line.
    pub took: Seconds,
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt at the slot.
    pub attempt: Attempt,
    /// Its block.
    pub block: BlockNo,
    /// Why the slot existed.
    pub origin: OriginKind,
    /// How it ended.
    pub outcome: Outcome,
    /// Evidence level, where it was judged.
    pub level: Option<Level>,
    /// What ended the press.
    pub released_by: Option<ReleasedBy>,
    /// Through which sense the answer to the press was seen.
    pub ack_by: Option<Sense>,
    /// Categories of settings whose canary was gone.
    pub wiped: Wiped,
    /// Of some canary that was written it is not known what became of it.
    pub canary_unread: bool,
    /// Fault of the slot's first faulted attempt, this one included: a retry does not hide it.
    pub first_fault: Option<FaultKind>,
    /// Whether the camera itself said that its button was pressed; `None` where it does not say so.
    pub noticed: Option<bool>,
    /// It never came to the trial proper: the camera was still being prepared, perhaps on another adapter.
    pub only_prepared: bool,
    /// What was measured.
    pub values: Values,
}

impl TrialRow {
    /// The verdict, where it was judged.
    pub fn verdict(&self) -> Option<Verdict> {
        self.outcome.verdict()
    }

    /// The rig's fault, where it was faulted.
    pub fn fault(&self) -> Option<FaultKind> {
        match self.outcome {
            Outcome::Faulted(kind) => Some(kind),
            Outcome::Judged(_) | Outcome::Abandoned => None,
        }
    }

    /// The measured or observed value.
    pub fn value(&self, which: Value) -> Option<f64> {
        self.values.get(which)
    }
}

/// Whether two runs have the same judged trials in all slots that both judged: one replays the other. Attempts that were lost do not count,
/// since one of the two may have been broken off and gone on with. A hold is measured to a millionth of a second, so that two real ones are
/// never alike.
pub fn replays(a: &[TrialRow], b: &[TrialRow]) -> bool {
    let judged = |row: &&TrialRow| row.verdict().is_some();
    let others: BTreeMap<SlotId, &TrialRow> = b.iter().filter(judged).map(|row| (row.slot, row)).collect();
    let key = |row: &TrialRow| (row.outcome, row.level, row.value(Value::Hold));
    let mut measured = false;
    for row in a.iter().filter(judged) {
        let Some(other) = others.get(&row.slot) else { continue };
        if key(row) != key(other) || row.condition != other.condition {
            return false;
        }
        measured |= row.value(Value::Hold).is_some();
    }
    measured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stays_small() {
        assert!(size_of::<TrialRow>() <= 240, "{} bytes", size_of::<TrialRow>());
    }

    #[test]
    fn an_absent_value_is_not_zero_and_the_first_one_stands() {
        let mut values = Values::default();
        assert_eq!(values.get(Value::Coil), None);
        values.set_first(Value::Coil, 0.0);
        values.set_first(Value::Coil, 5.0);
        assert_eq!(values.get(Value::Coil), Some(0.0));
        assert_eq!(values.get(Value::Boot), None);
    }

    #[test]
    fn every_measurement_of_the_program_has_a_value() {
        for name in names::ALL {
            assert!(Value::of_measurement(name).is_some(), "{name}");
        }
        assert_eq!(Value::of_measurement("smell"), None);
    }

    #[test]
    fn wiped_categories_are_named_in_the_order_of_reports() {
        let mut wiped = Wiped::default();
        assert_eq!(wiped.words(), "");
        wiped.add(Category::Motion);
        wiped.add(Category::Wifi);
        assert_eq!(wiped.words(), "wifi+motion");
    }
}
