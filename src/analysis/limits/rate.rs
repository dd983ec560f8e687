//! Rate limits.

use super::Subject;
use crate::analysis::cells::Cell;
use crate::analysis::group::Kind;
use crate::analysis::stats::holm::{RateDecision, RateLimit, decide_rates};

use crate::analysis::stats::interval::{clopper_pearson_lower, clopper_pearson_upper};
use crate::domain::ids::DutSerial;
use crate::domain::limit::{Limit, LimitStatus};
use crate::domain::units::Seconds;
use crate::domain::verdict::Verdict;
use std::collections::BTreeMap;

/// What a rate limit asks.
pub(super) struct Ask {
    pub hold_s: Seconds,
    pub min_rate: f64,
    pub confidence: f64,
}

/// Judges a rate limit over the cells that it speaks of, unit by unit.
pub(super) fn judge(limit: &Limit, ask: &Ask, cells: &[Cell]) -> Vec<Subject> {
    let mut families: BTreeMap<&DutSerial, Vec<&Cell>> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| speaks_of(limit, ask, cell)) {
        families.entry(&cell.key.group.dut_serial).or_default().push(cell);
    }
    families.into_values().flat_map(|family| judge_family(ask, &family)).collect()
}

fn speaks_of(limit: &Limit, ask: &Ask, cell: &Cell) -> bool {
    let group = &cell.key.group;
    group.kind == Kind::Press
        && cell.key.hold_s == Some(ask.hold_s)
        && limit.covers(group.adapter.as_str())
        && (limit.supply_v.is_none() || limit.supply_v == group.supply_v)
}

/// Decides the comparisons of one unit together. A setting out of range, which the file check refuses, decides nothing.
fn judge_family(ask: &Ask, family: &[&Cell]) -> Vec<Subject> {
    let count = |cell: &&Cell| RateLimit { k: cell.tally.resets(), n: cell.tally.n_with_inconclusive(), min_rate: ask.min_rate };
    let counts: Vec<RateLimit> = family.iter().map(count).collect();
    let decided = decide_rates(&counts, ask.confidence).unwrap_or_else(|| vec![RateDecision::Undecided; family.len()]);
    family.iter().zip(decided).map(|(cell, decision)| subject(ask, cell, status(decision), family.len())).collect()
}

fn status(decision: RateDecision) -> LimitStatus {
    match decision {
        RateDecision::Met => LimitStatus::Met,
        RateDecision::NotMet => LimitStatus::NotMet,
        RateDecision::Undecided => LimitStatus::Undecided,
    }
}

fn subject(ask: &Ask, cell: &Cell, status: LimitStatus, family: usize) -> Subject {
    let (k, n) = (cell.tally.resets(), cell.tally.n_with_inconclusive());
    let bounds = clopper_pearson_lower(k, n, ask.confidence).zip(clopper_pearson_upper(k, n, ask.confidence));
    let group = &cell.key.group;
    Subject {
        dut_serial: group.dut_serial.clone(),
        adapter: group.adapter.clone(),
        supply_v: group.supply_v,
        level: Some(group.level),
        also: group.manner(),
        status,
        n,
        value: cell.tally.rate_worst(),
        bounds,
        marginal: 0,
        reason: reason(ask, cell, status, bounds, family),
    }
}

fn reason(ask: &Ask, cell: &Cell, status: LimitStatus, bounds: Option<(f64, f64)>, family: usize) -> String {
    let Some((lower, upper)) = bounds else { return "no judged trial at this hold".to_owned() };
    let (k, n) = (cell.tally.resets(), cell.tally.n_with_inconclusive());
    let [low, high, level, want] = [lower, upper, ask.confidence, ask.min_rate].map(|share| (1000.0 * share).round() / 10.0);
    let alone = format!("taken alone, but not after the correction for {family} comparisons");
    let claim = match status {
        LimitStatus::Met => format!("the rate is at least {low} % at {level} % confidence"),
        LimitStatus::NotMet => format!("the rate is at most {high} % at {level} % confidence"),
        LimitStatus::Undecided if lower >= ask.min_rate => {
            format!("the rate is at least {low} % at {level} % confidence {alone}")
        }
        LimitStatus::Undecided if upper < ask.min_rate => format!("the rate is at most {high} % at {level} % confidence {alone}"),
        LimitStatus::Undecided => format!("the rate may be anything from {low} to {high} % (each bound at {level} % confidence)"),
    };
    let unclear = match cell.tally.of(Verdict::Inconclusive) {
        0 => String::new(),
        1 => "; 1 inconclusive trial counted as no reset".to_owned(),
        count => format!("; {count} inconclusive trials counted as no reset"),
    };
    format!("{k} of {n} reset: {claim}; the limit asks for {want} %{unclear}")
}
