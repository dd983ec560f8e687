//! The tables of the page.

use super::tied;
use crate::analysis::Analysis;
use crate::analysis::cells::Cell;
use crate::analysis::fold::FaultRecord;
use crate::analysis::power::{Power, Spread};
use crate::domain::verdict::Verdict;
use crate::report::words::{interval_s, number, percent, place, seconds, status_meaning, suite_order, told_holds};

/// Lines of a table that are shown; the rest is in the files beside the page.
const LINES_MAX: usize = 240;

/// Faults that are shown in full.
const FAULTS_MAX: usize = 60;

/// A table as the template sees it. The first column names its row.
pub(super) struct Table {
    pub id: &'static str,
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

/// The hold for 95 %, and what an adaptive suite asks for, one interval each: the other quantities are in thresholds.csv and summary.json.
pub(super) fn thresholds(analysis: &Analysis) -> Table {
    let units = analysis.units();
    let mut sorted: Vec<_> = analysis.responses.iter().collect();
    sorted.sort_by_key(|response| suite_order(analysis, &response.group.adapter));
    let mut rows = Vec::new();
    let told = told_holds(analysis);
    let led = analysis.responses.iter().any(|response| !response.posterior.is_empty());
    let by = if led { "the posterior that led the run" } else { "profile likelihood" };
    for response in sorted {
        let group = &response.group;
        let plateau = response.plateau.map_or(String::new(), |plateau| percent(plateau.value));
        for one in told.iter().filter_map(|quantity| response.best(quantity)) {
            let relative = if one.quantity.ends_with("_rel") { ", of the way to its plateau" } else { "" };
            rows.push(vec![
                place(&group.adapter, group.supply_v, &group.dut_serial, units) + &group.pressed() + relative,
                one.value_s.map_or("–".to_owned(), seconds),
                if one.lo_s.is_some() || one.hi_s.is_some() { interval_s(one.lo_s, one.hi_s) } else { String::new() },
                response.n.to_string(),
                plateau.clone(),
                status_meaning(one.status).to_owned(),
            ]);
        }
    }
    Table {
        id: "thresholds",
        title: "The hold for 95 %",
        note: format!("From measured holds, with 95 % intervals by {by}. Holds for 50 and 99 % are in thresholds.csv."),
        class: "numbers words-last",
        head: vec!["Adapter", "Hold", "95 % interval", "Presses", "Levels off at", "Finding"],
        more: rows.len().saturating_sub(LINES_MAX),
        rows: rows.into_iter().take(LINES_MAX).collect(),
        empty: "No press was judged.",
        elsewhere: "thresholds.csv",
    }
}

pub(super) fn power(analysis: &Analysis) -> Table {
    let mut sorted: Vec<&Power> = analysis.power.iter().collect();
    sorted.sort_by_key(|power| suite_order(analysis, &power.adapter));
    let units = analysis.units();
    let row = |power: &&Power| {
        vec![
            place(&power.adapter, power.supply_v, &power.dut_serial, units),
            spread(power.open_v),
            spread(power.plug_v_start),
            spread(power.plug_v_idle),
            spread(power.plug_v_erase),
            power.plug_v_min.map_or(String::new(), |volts| number(volts.min)),
            power.plug_a_max.map_or(String::new(), |amps| number(amps.max)),
            of_measured(power.sagged, power.measured),
            if power.measured > 0 { power.brown_outs.to_string() } else { String::new() },
            format!("{} of {}", power.not_ready, power.trials),
        ]
    };
    let head = [
        "Adapter",
        "Open V",
        "Not started V",
        "Idle V",
        "Erase V",
        "Lowest V",
        "Highest A",
        "Below rating",
        "Brown-outs",
        "Never ready",
    ];
    let (head, rows) = without_empty(head.to_vec(), sorted.iter().take(LINES_MAX).map(row).collect());
    let rated = analysis.power.first().map_or(String::new(), |power| power.rated_min_v.to_string());
    Table {
        id: "power",
        title: "Power at the camera's plug",
        note: format!(
            "Volts: lowest to highest over all judged trials. Open: before the camera is connected. Not started: while a camera that never became \
             ready was waited for. Idle: when ready. Erase: the lowest while the camera showed that it erases. What is absent was not measured. \
             Below rating: trials in which the plug was below {rated} after contact, or while the camera was waited for in vain, of those in which \
             it was measured. Brown-outs: presses after which it was and the camera restarted without a whole reset, or was dead."
        ),
        class: "numbers wide",
        head,
        rows,
        empty: "No trial was judged.",
        more: sorted.len().saturating_sub(LINES_MAX),
        elsewhere: "summary.json",
    }
}

/// "3 of 10", or nothing where nothing was measured.
fn of_measured(count: u32, measured: u32) -> String {
    if measured > 0 { format!("{count} of {measured}") } else { String::new() }
}

/// The table without the columns that say nothing in any row.
fn without_empty(head: Vec<&'static str>, rows: Vec<Vec<String>>) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let says = |column: &usize| rows.is_empty() || rows.iter().any(|row| !row[*column].is_empty());
    let kept: Vec<usize> = (0..head.len()).filter(says).collect();
    let of_row = |row: &Vec<String>| kept.iter().map(|&column| row[column].clone()).collect();
    (kept.iter().map(|&column| head[column]).collect(), rows.iter().map(of_row).collect())
}

fn spread(spread: Option<Spread>) -> String {
    spread.map_or(String::new(), |one| match (format!("{:.2}", one.min), format!("{:.2}", one.max)) {
        (min, max) if min == max => min,
        (min, max) => format!("{min} to {max}"),
    })
}

pub(super) fn cells(analysis: &Analysis) -> Table {
    let mut sorted: Vec<&Cell> = analysis.cells.iter().collect();
    sorted.sort_by_key(|cell| suite_order(analysis, &cell.key.group.adapter));
    let units = analysis.units();
    Table {
        id: "cells",
        title: "Every condition",
        note: "Rates are factory resets among judged trials, without inconclusive and never ready ones, with 95 % Wilson intervals. Rates of \
               different evidence levels are never mixed. Exact intervals, and the rates with every inconclusive trial as a reset and as none, are \
               in summary.json."
            .to_owned(),
        class: "wide numbers words-last second-left",
        head: vec!["Adapter", "Stimulus", "Hold", "Level", "Resets", "Rate", "95 % interval", "Planned", "Not in the rate, caveats"],
        rows: sorted.iter().take(LINES_MAX).map(|cell| cell_row(cell, units)).collect(),
        empty: "No trial was planned or run.",
        more: sorted.len().saturating_sub(LINES_MAX),
        elsewhere: "cells.csv",
    }
}

fn cell_row(cell: &Cell, units: usize) -> Vec<String> {
    let (group, tally) = (&cell.key.group, &cell.tally);
    let stimulus = format!("{} {}", group.kind.name().replace('_', " "), group.manner().join(", "));
    vec![
        place(&group.adapter, group.supply_v, &group.dut_serial, units),
        stimulus.trim_end().to_owned(),
        cell.key.hold_s.map_or(String::new(), |hold| seconds(hold.get())),
        group.level.name().to_owned(),
        format!("{} of {}", tally.resets(), tally.n()),
        tally.rate().map_or("no data".to_owned(), percent),
        tally.interval().map_or(String::new(), |ends| format!("{:.0} to {}", 100.0 * ends.lo, percent(ends.hi))),
        cell.planned.to_string(),
        doubts(cell),
    ]
}

/// What is not in the rate, and the caveats that are peculiar to the cell: what holds for the whole report stands above, and what a count says
/// needs no word.
fn doubts(cell: &Cell) -> String {
    let tally = &cell.tally;
    let counts = [
        (tally.of(Verdict::Inconclusive), "inconclusive"),
        (tally.of(Verdict::NotReady), "never ready"),
        (tally.lost, "lost"),
        (tally.of(Verdict::Dead), "dead"),
    ];
    let said = ["one_unit", "inconclusive_present", "not_ready_present", "trials_lost", "dead_present", "no_data"];
    let counted = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| tied(&format!("{count} {what}")));
    let own = cell.caveats.iter().filter(|word| !said.contains(&word.as_str())).cloned();
    counted.chain(own).collect::<Vec<_>>().join(", ")
}

pub(super) fn faults(analysis: &Analysis) -> Table {
    let all: Vec<&FaultRecord> = analysis.runs.iter().flat_map(|run| &run.faults).collect();
    let row = |one: &&FaultRecord| {
        vec![
            one.trial.map_or("between trials".to_owned(), |(slot, attempt)| format!("slot {slot}, attempt {attempt}")),
            format!("{:.0}", one.at),
            one.adapter.as_ref().map_or(String::new(), ToString::to_string),
            one.fault.fault.name().replace('_', " "),
            format!("{} (journal line {})", one.fault, one.seq),
        ]
    };
    Table {
        id: "faults",
        title: "Faults and losses",
        note: losses(analysis),
        class: "wide",
        head: vec!["Trial", "Time", "Adapter", "Kind", "What happened"],
        rows: all.iter().take(FAULTS_MAX).map(row).collect(),
        empty: "The rig had no fault.",
        more: all.len().saturating_sub(FAULTS_MAX),
        elsewhere: "trials.csv and the journal",
    }
}

/// How many attempts were lost, and to what.
fn losses(analysis: &Analysis) -> String {
    let sum = |count: &dyn Fn(&crate::analysis::run_summary::Extent) -> u32| {
        analysis.runs.iter().map(|run| count(&run.extent)).sum::<u32>()
    };
    let (faulted, abandoned, lost) = (sum(&|of| of.faulted), sum(&|of| of.abandoned), sum(&|of| of.lost));
    if faulted + abandoned == 0 {
        return "No attempt was lost.".to_owned();
    }
    format!(
        "Attempts lost: {faulted} to faults of the rig, {abandoned} to stops and crashes. {lost} slots were given up. A lost attempt says nothing \
         about the camera and enters no rate."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_nobody_filled_is_left_out_and_its_head_with_it() {
        let rows = |cells: [[&str; 3]; 2]| cells.map(|row| row.map(str::to_owned).to_vec()).to_vec();
        let (head, kept) = without_empty(vec!["a", "b", "c"], rows([["1", "", ""], ["2", "", "3"]]));
        assert_eq!((head, kept.concat()), (vec!["a", "c"], ["1", "", "2", "3"].map(str::to_owned).to_vec()));
        assert_eq!(without_empty(vec!["a"], vec![]).0, ["a"]);
    }
}
