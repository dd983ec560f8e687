//! Limits of measurements.

use super::Subject;
use crate::analysis::row::{TrialRow, Value};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::limit::{Limit, LimitStatus};
use crate::domain::units::Volts;
use crate::domain::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;

/// What a measurement limit asks.
pub(super) struct Ask<'a> {
    pub name: &'a str,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub marginal: f64,
}

/// The values of one unit with one adapter.
#[derive(Default)]
struct Seen {
    values: u32,
    judged: u32,
    outside: u32,
    marginal: u32,
    /// Trials that waited for the measured moment longer than the limit allows, in vain.
    never: u32,
    /// Trials that waited in vain, but not so long.
    cut_short: u32,
    lowest: Option<f64>,
    highest: Option<f64>,
}

/// Judges a measurement limit over all judged trials, by unit, adapter and voltage.
pub(super) fn judge(limit: &Limit, ask: &Ask<'_>, rows: &[TrialRow]) -> Vec<Subject> {
    let mut all: BTreeMap<(&DutSerial, &AdapterName, Option<Volts>), Seen> = BTreeMap::new();
    for row in rows {
        let condition = &row.condition;
        let covered =
            limit.covers(condition.adapter.as_str()) && (limit.supply_v.is_none() || limit.supply_v == condition.supply_v);
        if covered && matches!(row.outcome, Outcome::Judged(_)) {
            all.entry((&row.run.started.dut_serial, &condition.adapter, condition.supply_v)).or_default().add(ask, row);
        }
    }
    all.into_iter().map(|((serial, adapter, supply_v), seen)| seen.subject(ask, serial, adapter, supply_v)).collect()
}

impl Seen {
    fn add(&mut self, ask: &Ask<'_>, row: &TrialRow) {
        self.judged += 1;
        let Some(value) = Value::of_measurement(ask.name).and_then(|which| row.value(which)) else {
            if let Some(waited) = waited_in_vain(ask.name, row) {
                let too_long = ask.max.is_some_and(|max| waited >= max);
                *(if too_long { &mut self.never } else { &mut self.cut_short }) += 1;
            }
            return;
        };
        self.values += 1;
        self.lowest = Some(self.lowest.map_or(value, |low| low.min(value)));
        self.highest = Some(self.highest.map_or(value, |high| high.max(value)));
        if ask.min.is_some_and(|min| value < min) || ask.max.is_some_and(|max| value > max) {
            self.outside += 1;
        } else if ask.min.is_some_and(|min| value < min + ask.marginal * min.abs())
            || ask.max.is_some_and(|max| value > max - ask.marginal * max.abs())
        {
            self.marginal += 1;
        }
    }

    fn subject(&self, ask: &Ask<'_>, serial: &DutSerial, adapter: &AdapterName, supply_v: Option<Volts>) -> Subject {
        let status = if self.outside + self.never > 0 {
            LimitStatus::NotMet
        } else if self.values == 0 || self.cut_short > 0 {
            LimitStatus::Undecided
        } else {
            LimitStatus::Met
        };
        Subject {
            dut_serial: serial.clone(),
            adapter: adapter.clone(),
            supply_v,
            level: None,
            also: Vec::new(),
            status,
            n: self.values,
            value: self.worst(ask),
            bounds: None,
            marginal: self.marginal,
            reason: self.reason(ask),
        }
    }

    /// The value that lies furthest outside, or nearest to a bound.
    fn worst(&self, ask: &Ask<'_>) -> Option<f64> {
        let (low, high) = (self.lowest?, self.highest?);
        Some(match (ask.min, ask.max) {
            (Some(min), Some(max)) if low - min < max - high => low,
            (Some(_), None) => low,
            _ => high,
        })
    }

    fn reason(&self, ask: &Ask<'_>) -> String {
        let mut parts = Vec::new();
        match (self.lowest, self.highest) {
            (Some(low), Some(high)) => {
                let (low, high) = (rounded(low), rounded(high));
                let range = if low == high { format!("each {low}") } else { format!("from {low} to {high}") };
                parts.push(format!("{} of {} judged trials measured it, {range}", self.values, self.judged));
            }
            _ => parts.push(format!("none of {} judged trials measured it", self.judged)),
        }
        let bounds = match (ask.min, ask.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "no bound".to_owned(),
        };
        let counted = [
            (self.outside, format!("outside the limit ({bounds})")),
            (self.never, "waited longer than the limit in vain".to_owned()),
            (self.cut_short, "ended before the limit without the measured moment".to_owned()),
            (self.marginal, format!("marginal (limit {bounds})")),
        ];
        parts.extend(counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
        parts.join("; ")
    }
}

/// To a thousandth, for a sentence.
fn rounded(value: f64) -> f64 {
    (1000.0 * value).round() / 1000.0
}

/// How long a trial waited for the moment that this measurement times, where it never came. Leaving such trials out would let the slowest
/// ones pass for good.
fn waited_in_vain(name: &str, row: &TrialRow) -> Option<f64> {
    let profile = &row.run.started.profile;
    match (Value::of_measurement(name)?, row.verdict()?) {
        (Value::Boot, Verdict::NotReady) => Some(profile.ready.timeout_s.get()),
        (Value::Reboot, Verdict::Dead) => Some(profile.watch.reboot_s.get()),
        _ => None,
    }
}
