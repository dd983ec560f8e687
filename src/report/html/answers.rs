//! The answer in words, adapter by adapter. Every claim names what it rests on.

use super::tied;
use crate::analysis::Analysis;
use crate::analysis::cells::{Cell, Tally};
use crate::analysis::group::{Group, Kind};
use crate::analysis::thresholds::Threshold;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Level, Verdict};
use crate::report::chart::group_titles;
use crate::report::words::{interval_s, level_meaning, number, percent, seconds};

/// What is said of one group of presses.
pub(super) struct Answer {
    /// The adapter, and what tells it from its siblings.
    pub title: String,
    /// The hold that resets.
    pub lead: String,
    /// What was seen.
    pub rest: Vec<String>,
}

/// One answer for each group of presses.
pub(super) fn answers(analysis: &Analysis) -> Vec<Answer> {
    group_titles(analysis).into_iter().map(|(group, title)| answer(analysis, &group, title)).collect()
}

fn answer(analysis: &Analysis, group: &Group, title: String) -> Answer {
    let cells: Vec<&Cell> = analysis.cells.iter().filter(|cell| cell.key.group == *group).collect();
    let response = analysis.responses.iter().find(|response| response.group == *group);
    let hold95 = response.and_then(|response| response.thresholds.iter().find(|one| one.quantity == "hold95"));
    let n = response.map_or(0, |response| response.n);
    let mut rest = Vec::new();
    rest.extend(seen(&cells));
    rest.extend(left_out(&cells));
    rest.extend(controls(analysis, group));
    rest.push(format!("Evidence level: {}.", group.level.name()));
    Answer { title, lead: tied(&lead(hold95, n)), rest: rest.iter().map(|sentence| tied(sentence)).collect() }
}

fn lead(hold95: Option<&Threshold>, n: u32) -> String {
    let Some(one) = hold95 else { return "Not enough data to say which hold resets 95 % of presses.".to_owned() };
    let interval = interval_s(one.lo_s, one.hi_s);
    match (one.status, one.value_s) {
        ("ok", Some(value)) => {
            format!(
                "A hold of {} resets 95 % of presses (95 % interval {interval}), by a response fitted to {n} presses.",
                seconds(value)
            )
        }
        ("none", _) => format!("No hold resets 95 % of presses: the response fitted to {n} presses levels off lower."),
        ("not_monotone", _) => "Long holds reset less often again, so no single hold is claimed for 95 %.".to_owned(),
        ("not_enough_data", _) | (_, None) if one.lo_s.is_none() && one.hi_s.is_none() => {
            "Not enough data to say which hold resets 95 % of presses.".to_owned()
        }
        _ => format!("The hold that resets 95 % of presses is {interval}; these holds do not bound it on both sides."),
    }
}

/// What was seen at the shortest and the longest hold, and over all.
fn seen(cells: &[&Cell]) -> Option<String> {
    let tried: Vec<&&Cell> = cells.iter().filter(|cell| cell.tally.n() > 0).collect();
    let of = |tally: &Tally| format!("{} of {}", tally.resets(), tally.n());
    let (first, last) = (tried.first()?, tried.last()?);
    let hold = |cell: &Cell| cell.key.hold_s.map_or(0.0, Seconds::get);
    if tried.len() == 1 {
        return Some(format!("At {} {} presses reset{}.", seconds(hold(first)), of(&first.tally), rate(&first.tally)));
    }
    if first.adaptive {
        let (resets, n) = tried.iter().fold((0, 0), |sum, cell| (sum.0 + cell.tally.resets(), sum.1 + cell.tally.n()));
        let ends = (number(hold(first)), seconds(hold(last)));
        return Some(format!("{resets} of {n} presses between {} and {} reset, at holds chosen by the data.", ends.0, ends.1));
    }
    let ends = (seconds(hold(first)), seconds(hold(last)));
    Some(format!(
        "Seen: {} reset at {}{}, {} at {}{}.",
        of(&first.tally),
        ends.0,
        rate(&first.tally),
        of(&last.tally),
        ends.1,
        rate(&last.tally)
    ))
}

fn rate(tally: &Tally) -> String {
    tally.interval().map_or(String::new(), |ends| format!(" ({:.0} to {})", 100.0 * ends.lo, percent(ends.hi)))
}

/// Trials that are not in the rates.
fn left_out(cells: &[&Cell]) -> Option<String> {
    let sum = |count: &dyn Fn(&Tally) -> u32| cells.iter().map(|cell| count(&cell.tally)).sum::<u32>();
    let counts = [
        (sum(&|tally| tally.of(Verdict::Inconclusive)), "inconclusive"),
        (sum(&|tally| tally.of(Verdict::NotReady)), "never ready"),
        (sum(&|tally| tally.lost), "lost to the rig or a stop"),
    ];
    let said: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!said.is_empty()).then(|| format!("Trials not in the rates: {}.", said.join(", ")))
}

/// Whether the camera resets without a press through the same adapter.
fn controls(analysis: &Analysis, group: &Group) -> Option<String> {
    let same = |other: &Group| {
        other.kind != Kind::Press
            && (&other.dut_serial, &other.adapter, other.supply_v) == (&group.dut_serial, &group.adapter, group.supply_v)
    };
    let cells = analysis.cells.iter().filter(|cell| same(&cell.key.group));
    let (resets, n) = cells.fold((0, 0), |sum, cell| {
        let partial = cell.tally.of(Verdict::PartialReset);
        (sum.0 + cell.tally.resets() + partial, sum.1 + cell.tally.n())
    });
    match (resets, n) {
        (_, 0) => None,
        (0, _) => Some(format!("Without a press: no reset in {n} controls.")),
        _ => Some(format!(
            "Without a press the camera reset in {resets} of {n} controls: something else than the button resets it."
        )),
    }
}

/// What holds for the whole report.
pub(super) fn remarks(analysis: &Analysis) -> Vec<String> {
    let mut remarks = Vec::new();
    match analysis.units() {
        1 => remarks.push(
            "One unit was tested. However often it was pressed, nothing here says how other units of the model behave."
                .to_owned(),
        ),
        units => remarks.push(format!("{units} units were tested, each judged by itself.")),
    }
    let mut levels: Vec<Level> =
        analysis.cells.iter().filter(|cell| cell.tally.n() > 0).map(|cell| cell.key.group.level).collect();
    levels.sort();
    levels.dedup();
    remarks.extend(levels.into_iter().rev().map(|level| format!("Evidence {}.", level_meaning(level))));
    for run in analysis.runs.iter().filter(|run| !run.complete()) {
        let planned = run.extent.planned.map_or(String::new(), |planned| format!(" of {planned}"));
        remarks.push(format!("Run {} is incomplete: {}{planned} slots have a verdict.", run.facts.run_id, run.extent.judged));
    }
    remarks
}
