//! The comparison of two runs: in words, as a table for a terminal, as a page, CSV and JSON.

mod files;
mod page;
mod text;

pub use files::{COMPARE, csv, json};
pub use page::html;
pub use text::text;

use super::words::{percent, place};
use crate::analysis::cells::Tally;
use crate::analysis::compare::{ALPHA, Comparison, Finding, Lone, Pair, Side, Why};
use crate::analysis::group::{CellKey, Group};
use crate::domain::ids::AdapterName;

/// Conditions that a sentence names.
const NAMED: usize = 3;

/// What the columns of the table say.
const METHOD_IN_SHORT: &str = "\
The 95 % interval is that of a condition taken alone; p is corrected for all conditions together (Holm), and it alone decides. So an interval
may leave 0 out beside \"not shown\". \"Sees\": the smallest true difference that so many trials show with 80 % probability.";

/// The result in one or two sentences. What was not shown is never called equal.
pub fn headline(comparison: &Comparison) -> String {
    let all = comparison.pairs.len();
    let differing: Vec<&Pair> = comparison.differing().collect();
    if !comparison.unlike.is_empty() {
        let fields = comparison.unlike.join(", ");
        return format!("Nothing was compared: the DUT profiles of A and B judge differently ({fields}).");
    }
    if all == 0 {
        return "Nothing was compared: A and B have no condition with judged trials in common.".to_owned();
    }
    let unseen = unseen(comparison);
    if differing.is_empty() {
        return format!("No condition differs ({all} compared). That does not show them to be equal: {unseen}.");
    }
    let named: Vec<String> = differing.iter().take(NAMED).map(|pair| in_words(pair)).collect();
    let more = match differing.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let rest = if differing.len() < all { format!(" Of the others: {unseen}.") } else { String::new() };
    let verb = if differing.len() == 1 { "conditions differs" } else { "conditions differ" };
    format!("{} of {all} {verb}: {}{more}.{rest}", differing.len(), named.join("; "))
}

fn in_words(pair: &Pair) -> String {
    let (a, b) = (&pair.a, &pair.b);
    format!("{}: {} of {} reset in A, {} of {} in B", condition(&pair.key), a.resets(), a.n(), b.resets(), b.n())
}

/// What the numbers of trials would not have let be seen.
fn unseen(comparison: &Comparison) -> String {
    let shown = |share: f64| format!("{:.0}", 100.0 * share);
    match comparison.detectable() {
        None => "with so few trials no difference at all would have been seen".to_owned(),
        Some((least, most)) => {
            let most =
                if shown(most) == shown(least) { String::new() } else { format!(" (in some conditions under {})", shown(most)) };
            format!(
                "with these numbers of trials a difference under {} points{most} would probably not have been seen",
                shown(least)
            )
        }
    }
}

/// A condition in words.
fn condition(key: &CellKey) -> String {
    let stimulus = stimulus(key);
    let extra: String = key.group.extra_levels().iter().map(|word| format!(", {}", word.replace('_', " "))).collect();
    format!("{}, {stimulus}{extra}", whose(&key.group))
}

/// What is compared: adapter or what stands for it, voltage, and the unit where that has to be the same.
fn whose(group: &Group) -> String {
    let units = if group.dut_serial.as_str().is_empty() { 1 } else { 2 };
    place(&group.adapter, group.supply_v, &group.dut_serial, units)
}

fn stimulus(key: &CellKey) -> String {
    let kind = key.group.kind.name().replace('_', " ");
    let hold = key.hold_s.map_or_else(String::new, |hold| format!(" of {}", super::words::seconds(hold.get())));
    let how = key.group.until_change().map_or_else(String::new, |how| format!(", {how}"));
    format!("{kind}{hold}{how}")
}

fn counted(tally: &Tally) -> String {
    match tally.rate() {
        Some(rate) => format!("{} of {} ({})", tally.resets(), tally.n(), percent(rate)),
        None => "none judged".to_owned(),
    }
}

/// A difference in points, with its sign.
fn points(difference: f64) -> String {
    let rounded = (100.0 * difference).round();
    // No sign before what is nothing.
    if rounded == 0.0 { "0".to_owned() } else { format!("{rounded:+}") }
}

fn interval(pair: &Pair) -> String {
    pair.interval.map_or_else(String::new, |ends| format!("{} to {}", points(ends.lo), points(ends.hi)))
}

fn p_value(p: f64) -> String {
    if p < 1e-4 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}

/// What a table shows of a condition, after its name.
fn columns(pair: &Pair) -> [String; 8] {
    [
        pair.key.group.level.name().to_owned(),
        format!("{} of {}", pair.a.resets(), pair.a.n()),
        format!("{} of {}", pair.b.resets(), pair.b.n()),
        points(pair.difference),
        interval(pair),
        p_value(pair.p_holm),
        detectable(pair),
        finding(pair).to_owned(),
    ]
}

fn finding(pair: &Pair) -> &'static str {
    match pair.finding {
        Finding::Differs => "differs",
        Finding::NotShown => "not shown",
    }
}

fn detectable(pair: &Pair) -> String {
    pair.detectable.map_or_else(|| "none".to_owned(), |share| format!("{:.0}", 100.0 * share))
}

/// Why a condition is compared with nothing, in words.
fn why(lone: &Lone) -> String {
    let (here, there) = if lone.in_a { ("A", "B") } else { ("B", "A") };
    match lone.why {
        Why::NotTried => format!("only in {here}"),
        Why::OtherLevel(level) => {
            format!("{} in {here}, {} in {there}: evidence levels are never compared", lone.key.group.level.name(), level.name())
        }
        Why::NotJudged => format!("no trial of {there} counts in the rate"),
        Why::EmptyHere => format!("no trial of {here} counts in the rate"),
        Why::UnlikeProfiles => "the DUT profiles judge differently".to_owned(),
    }
}

/// One side in a line.
fn side(side: &Side) -> String {
    let started = &side.facts.started;
    let fw = started.dut_fw.as_ref().map_or_else(String::new, |fw| format!(", firmware {fw}"));
    let open = if side.complete { "" } else { ", incomplete" };
    format!(
        "{}, unit {}{fw}, {:.0}, run {}: {} judged, {} lost{open}",
        started.suite.name,
        started.dut_serial,
        started.wall,
        side.run_id(),
        side.judged,
        side.lost
    )
}

/// What a reader must bear in mind.
fn notes(comparison: &Comparison) -> Vec<String> {
    let (a, b) = (&comparison.a, &comparison.b);
    let mut notes = Vec::new();
    if a.run_id() == b.run_id() {
        notes.push("A and B are the same run: nothing can differ, and nothing is shown by that.".to_owned());
    } else if comparison.copies {
        notes.push(
            "One replays the other: wherever both judged a trial, the two are the same to the last digit of the hold. They are no two samples, \
             and what is said of differences between them means nothing; give each run a seed of its own."
                .to_owned(),
        );
    }
    if !comparison.also.is_empty() {
        let also = comparison.also.join(", ");
        notes.push(format!("A and B also differ in: {also}. A difference of rates may come from any of it."));
    }
    if comparison.pairs.iter().any(|pair| pair.finding == Finding::Differs) && comparison.also.is_empty() {
        notes.push("Nothing else that is written down differs between A and B but the time.".to_owned());
    }
    notes.push("One unit a side: how units differ from each other is not estimated.".to_owned());
    if a.not_ready + b.not_ready > 0 {
        let counts = format!("{} trials of A, {} of B", a.not_ready, b.not_ready);
        notes.push(format!("Never ready: {counts}. They are in no rate and were not tested for a difference."));
    }
    if comparison.pairs.iter().any(|pair| pair.caveats.iter().any(|word| word == "adaptive" || word == "stopped_by_data")) {
        notes.push(
            "Earlier outcomes had a say in where or how often something was tried, so the p-values are only a guide.".to_owned(),
        );
    }
    if comparison.pairs.iter().any(|pair| pair.p != pair.p_worst) {
        notes.push("Trials that could not be judged were counted so that they speak least for a difference.".to_owned());
    }
    notes
}

/// How it was decided.
fn method() -> String {
    format!(
        "Rates are resets among judged trials. Differences are B less A in percentage points, with 95 % intervals after Newcombe, each for its condition alone. Each condition is \
         tested exactly (Boschloo; Fisher above {} trials), and the p-values are corrected for all conditions together (Holm): \"differs\" means at \
         most {} after that, so that an interval may leave 0 out beside \"not shown\". Whether intervals overlap decides nothing.",
        crate::analysis::stats::boschloo::LARGEST,
        ALPHA
    )
}

/// Pairs in the order of the suites: first that of A, then that of B.
fn ordered(comparison: &Comparison) -> Vec<&Pair> {
    let mut pairs: Vec<&Pair> = comparison.pairs.iter().collect();
    pairs.sort_by_key(|pair| suite_place(comparison, &pair.key.group.adapter));
    pairs
}

fn suite_place(comparison: &Comparison, adapter: &AdapterName) -> usize {
    let named = [&comparison.a, &comparison.b].into_iter().flat_map(|side| &side.facts.started.suite.factors.adapter);
    named.into_iter().position(|name| name == adapter).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
