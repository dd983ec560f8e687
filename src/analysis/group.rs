//! What is put together, and what never is: trials of one unit, adapter, voltage, stimulus and evidence level.

use super::row::TrialRow;
use crate::domain::condition::{Condition, Release, Stimulus};
use crate::domain::ids::{AdapterName, DutSerial, OutletName, RunId};
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{Level, Verdict};
use std::collections::BTreeMap;

/// The kind of stimulus of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A press.
    Press,
    /// Everything but the press. Pooled over the times that nothing was pressed.
    Sham,
    /// A press with the supply off. Pooled over holds, as a control.
    UnpoweredPress,
}

impl Kind {
    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Press => "press",
            Kind::Sham => "sham",
            Kind::UnpoweredPress => "unpowered_press",
        }
    }
}

/// The word of the contract for the way a press ends.
pub fn release_word(release: Release) -> &'static str {
    match release {
        Release::AfterHold => "after_hold",
        Release::OnChange => "on_change",
    }
}

/// A combination of levels without the hold: one response curve.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    /// The unit.
    pub dut_serial: DutSerial,
    /// The adapter with its cable.
    pub adapter: AdapterName,
    /// The set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// The mains source, where the suite names one.
    pub outlet: Option<OutletName>,
    /// Pressed so long after power-on instead of when ready.
    pub press_after_s: Option<Seconds>,
    /// What was done.
    pub kind: Kind,
    /// How presses end.
    pub release: Option<Release>,
    /// The evidence level: rates of different levels are never mixed.
    pub level: Level,
}

impl Group {
    /// Levels of factors that have no column of their own, as words for the caveats: they are never mixed, so they must be told.
    pub fn extra_levels(&self) -> Vec<String> {
        let outlet = self.outlet.as_ref().map(|name| format!("outlet_{name}"));
        let after = self.press_after_s.map(|span| format!("press_after_{}s", span.get()));
        outlet.into_iter().chain(after).collect()
    }

    /// `, pressed until a change, 20 s after power-on`: [`Self::manner`] behind the name of an adapter; empty for the usual way.
    pub fn pressed(&self) -> String {
        let manner = self.manner();
        if manner.is_empty() { String::new() } else { format!(", pressed {}", manner.join(", ")) }
    }

    /// What is not the usual way to press, each in words that follow "pressed": they tell apart groups of one adapter.
    pub fn manner(&self) -> Vec<String> {
        let change = (self.release == Some(Release::OnChange)).then(|| "until a change".to_owned());
        let after = self.press_after_s.map(|after| format!("{} s after power-on", after.get()));
        let outlet = self.outlet.as_ref().map(|outlet| format!("on outlet {outlet}"));
        change.into_iter().chain(after).chain(outlet).collect()
    }
}

/// A group and a hold: one line of cells.csv.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Everything but the hold.
    pub group: Group,
    /// The commanded hold of a press.
    pub hold_s: Option<Seconds>,
}

impl CellKey {
    /// The cell of a condition; `None` for a check, which asks no reset question.
    pub fn of(dut_serial: &DutSerial, condition: &Condition, level: Level) -> Option<CellKey> {
        let (kind, hold_s) = match condition.stimulus {
            Stimulus::Press { hold_s, .. } => (Kind::Press, Some(hold_s)),
            Stimulus::Sham { .. } => (Kind::Sham, None),
            Stimulus::UnpoweredPress { .. } => (Kind::UnpoweredPress, None),
            Stimulus::Check { .. } => return None,
        };
        // A press with the supply off has no voltage and no outlet, and no control has a time of pressing.
        let powered = kind != Kind::UnpoweredPress;
        let group = Group {
            dut_serial: dut_serial.clone(),
            adapter: condition.adapter.clone(),
            supply_v: condition.supply_v.filter(|_| powered),
            outlet: condition.outlet.clone().filter(|_| powered),
            press_after_s: condition.press_after_s.filter(|_| kind == Kind::Press),
            kind,
            release: condition.stimulus.release(),
            level,
        };
        Some(CellKey { group, hold_s })
    }
}

/// The usual evidence level of each run: a trial that was lost or never ready showed none of its own and is counted there.
///
/// Usual is the level of most judged trials; of two as frequent, the weaker. A run without any judged trial has [`Level::None`].
pub fn usual_levels(rows: &[TrialRow]) -> BTreeMap<RunId, Level> {
    let mut counts: BTreeMap<&RunId, BTreeMap<Level, u32>> = BTreeMap::new();
    for row in rows {
        let of_run = counts.entry(&row.run.run_id).or_default();
        if let Some(level) = own_level(row) {
            *of_run.entry(level).or_default() += 1;
        }
    }
    let usual = |levels: &BTreeMap<Level, u32>| {
        let most = levels.values().copied().max().unwrap_or(0);
        levels.iter().find(|&(_, &count)| count == most).map_or(Level::None, |(&level, _)| level)
    };
    counts.into_iter().map(|(run, levels)| (run.clone(), usual(&levels))).collect()
}

/// The level at which a trial itself was judged; `None` where it was lost, never ready, or asked no reset question.
pub fn own_level(row: &TrialRow) -> Option<Level> {
    match row.verdict()? {
        Verdict::NotReady | Verdict::Checked => None,
        _ => row.level,
    }
}
