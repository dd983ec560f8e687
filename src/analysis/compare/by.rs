//! What two conditions must have in common to be compared.

use crate::analysis::row::{RunFacts, TrialRow};
use crate::domain::condition::Condition;
use crate::domain::event::RunStarted;
use crate::domain::ids::{AdapterName, DutSerial};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

/// Something that two conditions may have to have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// The adapter, by name.
    Adapter,
    /// The unit, by serial number.
    Dut,
    /// The production lot of the adapter.
    Lot,
    /// The unit's firmware.
    Fw,
}

impl Factor {
    /// Every factor, in the order of the contract.
    pub const ALL: [Factor; 4] = [Factor::Adapter, Factor::Dut, Factor::Lot, Factor::Fw];

    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Factor::Adapter => "adapter",
            Factor::Dut => "dut",
            Factor::Lot => "lot",
            Factor::Fw => "fw",
        }
    }
}

/// No factor has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of adapter, dut, lot, fw")]
pub struct UnknownFactor(String);

impl FromStr for Factor {
    type Err = UnknownFactor;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|factor| factor.name() == word).ok_or_else(|| UnknownFactor(word.to_owned()))
    }
}

/// The factors that two conditions must have in common. Trials that differ in others are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By(BTreeSet<Factor>);

impl Default for By {
    fn default() -> Self {
        Self(BTreeSet::from([Factor::Adapter]))
    }
}

impl FromIterator<Factor> for By {
    fn from_iter<I: IntoIterator<Item = Factor>>(factors: I) -> Self {
        Self(factors.into_iter().collect())
    }
}

impl By {
    /// The factors, in the order of the contract.
    pub fn factors(&self) -> impl Iterator<Item = Factor> {
        self.0.iter().copied()
    }

    fn has(&self, factor: Factor) -> bool {
        self.0.contains(&factor)
    }

    /// Renames unit and adapter of every row of a run to what is compared, so that cells and responses are put together by it.
    pub(super) fn relabel(&self, rows: &mut [TrialRow]) {
        let Some(first) = rows.first() else { return };
        let old = first.run.clone();
        let mut started: RunStarted = old.started.clone();
        if !self.has(Factor::Dut) {
            started.dut_serial = DutSerial::default();
        }
        let run = Arc::new(RunFacts { run_id: old.run_id.clone(), started });
        // The fold keeps one value for all trials of a condition; so does this.
        let mut renamed: BTreeMap<*const Condition, Arc<Condition>> = BTreeMap::new();
        for row in rows.iter_mut() {
            let condition = renamed.entry(Arc::as_ptr(&row.condition)).or_insert_with(|| {
                let adapter = self.label(&old.started, &row.condition.adapter);
                Arc::new(Condition { adapter, ..(*row.condition).clone() })
            });
            row.condition = condition.clone();
            row.run = run.clone();
        }
    }

    /// What stands for the adapter.
    fn label(&self, started: &RunStarted, adapter: &AdapterName) -> AdapterName {
        let mut parts = Vec::new();
        if self.has(Factor::Adapter) {
            parts.push(adapter.to_string());
        }
        if self.has(Factor::Lot) {
            let lot = started.adapters.iter().find(|one| one.name == *adapter).and_then(|one| one.lot.as_deref());
            parts.push(lot.map_or_else(|| "no lot".to_owned(), |lot| format!("lot {lot}")));
        }
        if self.has(Factor::Fw) {
            let fw = started.dut_fw.as_deref();
            parts.push(fw.map_or_else(|| "no firmware known".to_owned(), |fw| format!("firmware {fw}")));
        }
        if parts.is_empty() {
            parts.push("any adapter".to_owned());
        }
        AdapterName::from(parts.join(", ").as_str())
    }
}
