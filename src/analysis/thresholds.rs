//! Thresholds: the holds at which presses reset, estimated from measured holds, one response curve per unit, adapter, voltage, release and
//! evidence level.

use super::group::{CellKey, Group, Kind, own_level};
use super::row::{RunFacts, TrialRow, Value};
use super::stats::dose::Press;
use super::stats::likelihood::Curve;
use crate::domain::condition::Release;
use crate::domain::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One line of thresholds.csv.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// `hold50`, `hold95`, `hold99` (absolute success) or `hold95_rel` (95 % of the way to the plateau).
    pub quantity: &'static str,
    /// `from` where the response rises, `to` where it falls again at long holds.
    pub edge: &'static str,
    /// The estimate, in seconds.
    pub value_s: Option<f64>,
    /// Lower end of its interval, in seconds; `None` where nothing below is excluded.
    pub lo_s: Option<f64>,
    /// Upper end of its interval, in seconds; `None` where nothing above is excluded.
    pub hi_s: Option<f64>,
    /// Two-sided confidence of the interval.
    pub confidence: f64,
    /// How it was estimated.
    pub method: &'static str,
    /// How it stands: `ok`, `open_above`, `open_below`, `open`, `none`, `not_enough_data` or `not_monotone`.
    pub status: &'static str,
}

/// The response of one group to the hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Whose response.
    pub group: Group,
    /// Presses it rests on.
    pub n: u32,
    /// The fitted curve, where there is one.
    pub curve: Option<Curve>,
    /// Its thresholds.
    pub thresholds: Vec<Threshold>,
    /// Doubts, as stable words.
    pub caveats: Vec<String>,
}

#[derive(Default)]
struct Draft {
    presses: Vec<Press>,
    unmeasured: u32,
    adaptive: bool,
    inconclusive: bool,
}

/// The responses of all runs, in the order of their groups.
pub fn responses(runs: &[Arc<RunFacts>], rows: &[TrialRow]) -> Vec<Response> {
    let mut drafts: BTreeMap<Group, Draft> = BTreeMap::new();
    for row in rows {
        let Some(level) = own_level(row) else { continue };
        let Some(key) = CellKey::of(&row.run.started.dut_serial, &row.condition, level) else { continue };
        if key.group.kind == Kind::Press {
            drafts.entry(key.group).or_default().add(row);
        }
    }
    let units: BTreeSet<_> = runs.iter().map(|facts| &facts.started.dut_serial).collect();
    drafts.into_iter().map(|(group, draft)| draft.respond(group, units.len())).collect()
}

impl Draft {
    fn add(&mut self, row: &TrialRow) {
        self.adaptive |= row.origin.adaptive();
        let verdict = row.verdict();
        self.inconclusive |= verdict == Some(Verdict::Inconclusive);
        if !verdict.is_some_and(Verdict::counts_in_reset_rate) {
            return;
        }
        match row.value(Value::Hold) {
            Some(hold_s) if hold_s > 0.0 => {
                self.presses.push(Press { hold_s, reset: verdict == Some(Verdict::FactoryReset) });
            }
            _ => self.unmeasured += 1,
        }
    }

    fn respond(self, group: Group, units: usize) -> Response {
        // The camera's own answer ended these presses, so their holds follow the outcome and are no doses.
        let by_response = group.release == Some(Release::OnChange);
        let presses: &[Press] = if by_response { &[] } else { &self.presses };
        let (curve, thresholds) = todo_fit(presses);
        let words = [
            (units == 1, "one_unit"),
            (by_response, "hold_ended_by_response"),
            (self.unmeasured > 0, "hold_not_measured"),
            (self.inconclusive, "inconclusive_present"),
            (self.adaptive, "adaptive"),
        ];
        let mut caveats = vec![format!("level_{}", group.level.name())];
        caveats.extend(words.iter().filter(|(holds, _)| *holds).map(|(_, word)| (*word).to_owned()));
        caveats.extend(group.extra_levels());
        Response { n: u32::try_from(presses.len()).unwrap_or(u32::MAX), group, curve, thresholds, caveats }
    }
}

fn todo_fit(_: &[Press]) -> (Option<Curve>, Vec<Threshold>) {
    (None, vec![])
}
