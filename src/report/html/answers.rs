//! The answer in words, adapter by adapter. Every claim names what it rests on.

use super::tied;
use crate::analysis::Analysis;
use crate::analysis::cells::{Cell, Tally};
use crate::analysis::group::{Group, Kind};
use crate::analysis::stats::threshold::Status;
use crate::analysis::thresholds::Response;
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
    let mut rest = Vec::new();
    rest.extend(seen(&cells));
    rest.extend(left_out(&cells));
    rest.extend(controls(analysis, group));
    rest.push(format!("Evidence level: {}.", group.level.name()));
    Answer { title, lead: tied(&lead(response)), rest: rest.iter().map(|sentence| tied(sentence)).collect() }
}

fn lead(response: Option<&Response>) -> String {
    let unknown = "Not enough data to say which hold resets 95 % of presses.".to_owned();
    let Some(response) = response else { return unknown };
    let Some(one) = response.thresholds.iter().find(|one| one.quantity == "hold95") else { return unknown };
    let (interval, n) = (interval_s(one.lo_s, one.hi_s), response.n);
    match (one.status, one.value_s) {
        (Status::Ok, Some(value)) => {
            format!(
                "A hold of {} resets 95 % of presses (95 % interval {interval}), by a response fitted to {n} presses.",
                seconds(value)
            )
        }
        (Status::NoSuchHold, _) => no_such_hold(response),
        (Status::NotMonotone, _) => "Long holds reset less often again, so no single hold is claimed for 95 %.".to_owned(),
        (Status::NotEnoughData, _) => unknown,
        (Status::Open, _) => "These presses do not bound the hold that resets 95 % of presses.".to_owned(),
        (_, value) => {
            let best = value.map_or(String::new(), |value| format!("; the best estimate is {}", seconds(value)));
            format!("The hold that resets 95 % of presses is {interval}{best}. {n} presses do not bound it on both sides.")
        }
    }
}

/// A plateau below 95 % is a claim only where its whole interval is.
fn no_such_hold(response: &Response) -> String {
    let n = response.n;
    let Some(plateau) = response.plateau else {
        return format!("No hold resets 95 % of presses, by a response fitted to {n} presses.");
    };
    let (lo, hi) = (100.0 * plateau.interval.lo, percent(plateau.interval.hi));
    let level = format!("levels off at {} ({lo:.0} to {hi})", percent(plateau.value));
    if plateau.interval.hi < 0.95 {
        format!("No hold resets 95 % of presses: the response fitted to {n} presses {level}.")
    } else {
        format!("Undecided whether any hold resets 95 % of presses: the response fitted to {n} presses {level}.")
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
        (0, 1) => Some("Without a press: no reset in 1 control.".to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, grid, press, sham};
    use crate::domain::event::FinishReason;

    fn said(bench: Bench) -> Vec<String> {
        let analysis = Analysis::pool(vec![fold(&bench.finish(FinishReason::Complete))]).unwrap();
        let one = |answer: Answer| format!("{} {}", answer.lead, answer.rest.join(" ")).replace('\u{a0}', " ");
        answers(&analysis).into_iter().map(one).collect()
    }

    const HOLDS: [f64; 5] = [3.0, 6.0, 12.0, 24.0, 48.0];

    #[test]
    fn a_clear_threshold_is_named_with_its_interval_and_its_evidence() {
        let said = said(grid("r", &["oem"], &HOLDS, 60, |_, hold| if hold > 10.0 { 60 } else { 0 }));
        assert!(said[0].starts_with("A hold of ") && said[0].contains("95 % interval"), "{said:?}");
        assert!(said[0].contains("no reset in 1 control") && said[0].ends_with("Evidence level: proved."), "{said:?}");
    }

    #[test]
    fn a_low_plateau_is_a_claim_only_where_its_interval_is_low() {
        let low = said(grid("r", &["oem"], &HOLDS, 60, |_, hold| if hold > 10.0 { 30 } else { 0 }));
        assert!(low[0].starts_with("No hold resets 95 %") && low[0].contains("levels off at 50 %"), "{low:?}");
        let unclear = said(grid("r", &["oem"], &HOLDS, 10, |_, hold| if hold > 10.0 { 9 } else { 0 }));
        assert!(unclear[0].starts_with("Undecided whether"), "{unclear:?}");
    }

    #[test]
    fn little_data_and_a_reset_without_a_press_are_said() {
        let mut bench = Bench::new("r", &["oem"], &[5.0], 2, 1).start();
        bench.trial(press("oem", 5.0), Verdict::FactoryReset);
        bench.trial(press("oem", 5.0), Verdict::Inconclusive);
        bench.trial(sham("oem"), Verdict::FactoryReset);
        let said = said(bench);
        assert!(said[0].starts_with("Not enough data"), "{said:?}");
        assert!(said[0].contains("1 inconclusive") && said[0].contains("something else than the button"), "{said:?}");
    }
}
