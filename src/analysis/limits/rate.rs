//! Rate limits.

use super::Subject;
use crate::analysis::cells::Cell;
use crate::analysis::group::Kind;
use crate::analysis::stats::dist::{binomial_at_least, binomial_at_most};

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

fn judge_family(ask: &Ask, family: &[&Cell]) -> Vec<Subject> {
    let above: Vec<f64> = family.iter().map(|cell| p_above(ask, cell)).collect();
    let below: Vec<f64> = family.iter().map(|cell| p_below(ask, cell)).collect();
    let (above, below) = (holm(&above), holm(&below));
    family.iter().zip(above.iter().zip(&below)).map(|(cell, (&up, &down))| subject(ask, cell, up, down, family.len())).collect()
}

/// How likely so many resets would be if the rate were only just the least allowed: small speaks for the limit.
fn p_above(ask: &Ask, cell: &Cell) -> f64 {
    let (k, n) = (cell.tally.resets(), cell.tally.n_with_inconclusive());
    match n {
        0 => 1.0,
        _ if ask.min_rate <= 0.0 => 0.0,
        _ => binomial_at_least(k, n, ask.min_rate),
    }
}

/// How likely so few resets would be if the rate were the least allowed: small speaks against the limit.
fn p_below(ask: &Ask, cell: &Cell) -> f64 {
    let (k, n) = (cell.tally.resets(), cell.tally.n_with_inconclusive());
    if n == 0 { 1.0 } else { binomial_at_most(k, n, ask.min_rate) }
}

fn subject(ask: &Ask, cell: &Cell, p_above: f64, p_below: f64, family: usize) -> Subject {
    let alpha = 1.0 - ask.confidence;
    // The slack is the rounding of 1 - 0.95; a bound that reaches the rate exactly counts as reaching it.
    let status = if p_above <= alpha + 1e-12 {
        LimitStatus::Met
    } else if p_below < alpha - 1e-12 {
        LimitStatus::NotMet
    } else {
        LimitStatus::Undecided
    };
    let (k, n) = (cell.tally.resets(), cell.tally.n_with_inconclusive());
    let bounds = clopper_pearson_lower(k, n, ask.confidence).zip(clopper_pearson_upper(k, n, ask.confidence));
    let group = &cell.key.group;
    Subject {
        dut_serial: group.dut_serial.clone(),
        adapter: group.adapter.clone(),
        supply_v: group.supply_v,
        level: Some(group.level),
        also: group.extra_levels(),
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

fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut out = vec![0.0; p.len()];
    let mut run: f64 = 0.0;
    for (rank, &i) in order.iter().enumerate() {
        run = run.max(((p.len() - rank) as f64 * p[i]).min(1.0));
        out[i] = run;
    }
    out
}
