//! What a run found, slot by slot: that which no crash may change.

use super::bench::Bench;
use pinhole::analysis::row::{TrialRow, Value};
use pinhole::domain::condition::Condition;
use pinhole::domain::ids::SlotId;
use pinhole::domain::verdict::{Level, Outcome, Verdict};
use std::collections::BTreeMap;

/// A judged slot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged {
    /// What was tried.
    pub(crate) condition: Condition,
    /// What came of it.
    pub(crate) verdict: Verdict,
    /// By how many signs.
    pub(crate) level: Option<Level>,
    /// The measured hold, as the report shows it.
    pub(crate) hold: Option<String>,
}

/// Every judged slot of a run; fails when one was judged twice.
pub(crate) fn judged(bench: &Bench) -> BTreeMap<SlotId, Judged> {
    let mut slots = BTreeMap::new();
    for row in &bench.analysis().rows {
        if let Outcome::Judged(verdict) = row.outcome {
            let before = slots.insert(row.slot, of(row, verdict));
            assert!(before.is_none(), "slot {} was judged twice", row.slot);
        }
    }
    slots
}

fn of(row: &TrialRow, verdict: Verdict) -> Judged {
    let hold = row.value(Value::Hold).map(|hold| hold.to_string());
    Judged { condition: (*row.condition).clone(), verdict, level: row.level, hold }
}
