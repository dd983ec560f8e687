//! The tables of the page.

use crate::analysis::Analysis;
use crate::analysis::cells::Cell;
use crate::analysis::fold::{FaultRecord, Finding};
use crate::analysis::group::release_word;
use crate::analysis::power::{Power, Spread};
use crate::domain::verdict::Verdict;
use crate::report::words::{interval_s, number, percent, place, seconds, status_meaning, suite_order};

/// Lines of a table that are shown; the rest is in the files beside the page.
const LINES_MAX: usize = 240;

/// Findings and faults that are shown in full.
const STORIES_MAX: usize = 60;

/// A table as the template sees it.
pub(super) struct Table {
    pub title: &'static str,
    pub note: String,
    pub class: &'static str,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    pub empty: &'static str,
    /// Lines that are not shown.
    pub more: usize,
    pub elsewhere: &'static str,
}

/// All tables of the page, in order.
pub(super) fn all(analysis: &Analysis) -> Vec<Table> {
    vec![cells(analysis), thresholds(analysis), power(analysis), findings(analysis), faults(analysis)]
}

fn cells(analysis: &Analysis) -> Table {
    let mut sorted: Vec<&Cell> = analysis.cells.iter().collect();
    sorted.sort_by_key(|cell| suite_order(analysis, &cell.key.group.adapter));
    let units = analysis.units();
    Table {
        title: "Cells",
        note: "Rates are factory resets among judged trials, without inconclusive and never ready ones, with 95 % Wilson intervals. Worst and best \
               count every inconclusive trial as no reset and as a reset. Rates of different evidence levels are never mixed."
            .to_owned(),
        class: "wide numbers cells",
        head: vec!["Adapter", "Stimulus", "Hold", "Level", "Resets", "Rate", "95 % interval", "Planned", "Not in the rate", "Caveats"],
        rows: sorted.iter().take(LINES_MAX).map(|cell| cell_row(cell, units)).collect(),
        empty: "No trial was planned or run.",
        more: sorted.len().saturating_sub(LINES_MAX),
        elsewhere: "cells.csv",
    }
}

fn cell_row(cell: &Cell, units: usize) -> Vec<String> {
    let (group, tally) = (&cell.key.group, &cell.tally);
    let release = group.release.map(release_word).filter(|word| *word != "after_hold").map(|word| format!(", {word}"));
    // What holds for the whole report stands above; here stands what is peculiar to the cell.
    let own: Vec<&str> = cell.caveats.iter().map(String::as_str).filter(|word| *word != "one_unit").collect();
    vec![
        place(&group.adapter, group.supply_v, &group.dut_serial, units),
        format!("{}{}", group.kind.name().replace('_', " "), release.unwrap_or_default()),
        cell.key.hold_s.map_or(String::new(), |hold| seconds(hold.get())),
        group.level.name().to_owned(),
        format!("{} of {}", tally.resets(), tally.n()),
        tally.rate().map_or("no data".to_owned(), percent),
        tally.interval().map_or(String::new(), |ends| format!("{:.0} to {}", 100.0 * ends.lo, percent(ends.hi))),
        cell.planned.to_string(),
        not_in_the_rate(cell),
        own.join(", "),
    ]
}

fn not_in_the_rate(cell: &Cell) -> String {
    let tally = &cell.tally;
    let mut parts = Vec::new();
    if let (1.., Some(worst), Some(best)) = (tally.of(Verdict::Inconclusive), tally.rate_worst(), tally.rate_best()) {
        let count = tally.of(Verdict::Inconclusive);
        parts.push(format!("{count} unclear (worst {}, best {})", percent(worst), percent(best)));
    }
    for (count, what) in [(tally.of(Verdict::NotReady), "not ready"), (tally.lost, "lost")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join(", ")
}

/// A count, empty for none: a table of zeros hides what is not zero.
fn nonzero(count: u32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

fn thresholds(analysis: &Analysis) -> Table {
    let units = analysis.units();
    let mut rows = Vec::new();
    let mut sorted: Vec<_> = analysis.responses.iter().collect();
    sorted.sort_by_key(|response| suite_order(analysis, &response.group.adapter));
    for response in sorted {
        let group = &response.group;
        for one in &response.thresholds {
            rows.push(vec![
                place(&group.adapter, group.supply_v, &group.dut_serial, units),
                format!("{} ({})", one.quantity, one.edge),
                one.value_s.map_or("–".to_owned(), seconds),
                if one.lo_s.is_some() || one.hi_s.is_some() { interval_s(one.lo_s, one.hi_s) } else { String::new() },
                response.n.to_string(),
                status_meaning(one.status).to_owned(),
            ]);
        }
    }
    Table {
        title: "Thresholds",
        note: "Holds for 50, 95 and 99 % success, and (hold95_rel) for 95 % of the way to the plateau, from measured holds, with 95 % intervals by \
               profile likelihood."
            .to_owned(),
        class: "numbers thresholds",
        head: vec!["Adapter", "Quantity", "Estimate", "95 % interval", "Presses", "Finding"],
        more: rows.len().saturating_sub(LINES_MAX),
        rows: rows.into_iter().take(LINES_MAX).collect(),
        empty: "Not enough data.",
        elsewhere: "thresholds.csv",
    }
}

fn power(analysis: &Analysis) -> Table {
    let mut sorted: Vec<&Power> = analysis.power.iter().collect();
    sorted.sort_by_key(|power| suite_order(analysis, &power.adapter));
    let units = analysis.units();
    let row = |power: &&Power| {
        vec![
            place(&power.adapter, power.supply_v, &power.dut_serial, units),
            power.trials.to_string(),
            spread(power.open_v),
            spread(power.plug_v_idle),
            spread(power.plug_v_min),
            spread(power.plug_a_max),
            spread(power.boot_s),
            nonzero(power.not_ready),
            nonzero(power.sagged),
        ]
    };
    Table {
        title: "Power",
        note: "Lowest, mean and highest over all judged trials. Empty: not measured. Sagged: below the camera's lowest rated voltage.".to_owned(),
        class: "numbers",
        head: vec!["Adapter", "Trials", "Open V", "Idle V", "Lowest V", "Highest A", "Boot s", "Not ready", "Sagged"],
        rows: sorted.iter().take(LINES_MAX).map(row).collect(),
        empty: "No trial was judged.",
        more: sorted.len().saturating_sub(LINES_MAX),
        elsewhere: "trials.csv has every value",
    }
}

fn spread(spread: Option<Spread>) -> String {
    match spread {
        None => String::new(),
        Some(one) if one.min == one.max => number(one.mean),
        Some(one) => format!("{} / {} / {}", number(one.min), number(one.mean), number(one.max)),
    }
}

fn findings(analysis: &Analysis) -> Table {
    let all: Vec<&Finding> = analysis.runs.iter().flat_map(|run| &run.findings).collect();
    let dropped: usize = analysis.runs.iter().map(|run| run.findings_dropped as usize).sum();
    let row = |one: &&Finding| {
        vec![
            format!("slot {}, attempt {}", one.slot, one.attempt),
            one.adapter.to_string(),
            one.stimulus.replace('_', " "),
            one.verdict.name().replace('_', " "),
            format!("{} ({}; journal line {})", one.reasons.join(" "), one.level.name(), one.seq),
        ]
    };
    Table {
        title: "Trials to look at",
        note: "Dead, partial, inconclusive and never ready ones, and controls that were not silent, with the reasons of the verdict.".to_owned(),
        class: "wide",
        head: vec!["Trial", "Adapter", "Stimulus", "Verdict", "Why"],
        rows: all.iter().take(STORIES_MAX).map(row).collect(),
        empty: "None.",
        more: all.len().saturating_sub(STORIES_MAX) + dropped,
        elsewhere: "trials.csv and the journal",
    }
}

fn faults(analysis: &Analysis) -> Table {
    let all: Vec<&FaultRecord> = analysis.runs.iter().flat_map(|run| &run.faults).collect();
    let row = |one: &&FaultRecord| {
        vec![
            format!("{:.0}", one.at),
            one.trial.map_or("between trials".to_owned(), |(slot, attempt)| format!("slot {slot}, attempt {attempt}")),
            one.adapter.as_ref().map_or(String::new(), ToString::to_string),
            one.fault.fault.name().replace('_', " "),
            format!("{} (journal line {})", one.fault, one.seq),
        ]
    };
    Table {
        title: "Faults of the rig",
        note: "They say nothing about the camera and enter no rate.".to_owned(),
        class: "wide",
        head: vec!["Time", "Trial", "Adapter", "Kind", "What happened"],
        rows: all.iter().take(STORIES_MAX).map(row).collect(),
        empty: "None.",
        more: all.len().saturating_sub(STORIES_MAX),
        elsewhere: "trials.csv and the journal",
    }
}
