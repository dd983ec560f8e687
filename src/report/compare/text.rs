//! The comparison for a terminal.

use super::{METHOD_IN_SHORT, NAMED, columns, condition, headline, notes, ordered, side, stimulus, whose, why};
use crate::analysis::compare::{Comparison, Finding, Lone};
use crate::report::words::threshold_in_short;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

/// More lines of one kind than this are left to the files.
const LINES_MAX: usize = 60;

/// Sides, conditions, thresholds, notes and the headline as text, `width` columns wide at most.
pub fn text(comparison: &Comparison, width: Option<u16>) -> String {
    let mut text = format!("A  {}\nB  {}\n\n", side(&comparison.a), side(&comparison.b));
    if !comparison.pairs.is_empty() {
        text.push_str(&format!("{}\n", conditions(comparison, width)));
        text.push_str(&more(comparison.pairs.len(), "conditions"));
        text.push_str(&format!("{METHOD_IN_SHORT}\n"));
    }
    for (why, lone) in grouped(comparison) {
        text.push_str(&format!("not compared, {why}: {}\n", named(&lone)));
    }
    let shown = comparison.thresholds.iter().filter(|one| matches!(one.a.quantity, "hold50" | "hold95"));
    for one in shown {
        let edge = if one.a.edge == "to" { " (end)" } else { "" };
        let (a, b) = (threshold_in_short(&one.a), threshold_in_short(&one.b));
        text.push_str(&format!("{}{edge}, {}: A {a}; B {b}\n", one.a.quantity, whose(&one.group)));
    }
    for note in notes(comparison) {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push_str(&format!("\n{}\n", headline(comparison)));
    text
}

/// Conditions without a counterpart, by the reason, in the order in which the reasons come.
fn grouped(comparison: &Comparison) -> Vec<(String, Vec<&Lone>)> {
    let mut groups: Vec<(String, Vec<&Lone>)> = Vec::new();
    for lone in &comparison.lone {
        let why = why(lone);
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, group)) => group.push(lone),
            None => groups.push((why, vec![lone])),
        }
    }
    groups
}

/// The conditions of one reason: each with its level where they are few, else the first and how many.
fn named(lone: &[&Lone]) -> String {
    let shown = if lone.len() > NAMED + 1 { NAMED } else { lone.len() };
    let names: Vec<String> =
        lone[..shown].iter().map(|one| format!("{} ({})", condition(&one.key), one.key.group.level.name())).collect();
    match lone.len() - shown {
        0 => names.join("; "),
        more => format!("{} conditions, such as {} (say --out DIR for the other {more})", lone.len(), names.join("; ")),
    }
}

fn more(count: usize, what: &str) -> String {
    match count.saturating_sub(LINES_MAX) {
        0 => String::new(),
        more => format!("{more} more {what}: say --out DIR for all of them\n"),
    }
}

fn conditions(comparison: &Comparison, width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.force_no_tty().load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    if let Some(width) = width {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(["condition", "level", "A", "B", "B - A, points", "95 % alone", "p (Holm)", "sees, points", "finding"]);
    // What differs must not be among the lines that are left out.
    let (mut pairs, rest): (Vec<_>, Vec<_>) = ordered(comparison).into_iter().partition(|pair| pair.finding == Finding::Differs);
    pairs.extend(rest);
    for pair in pairs.into_iter().take(LINES_MAX) {
        let condition = format!("{}, {}", whose(&pair.key.group), stimulus(&pair.key));
        table.add_row(std::iter::once(condition).chain(columns(pair)));
    }
    for column in 2..8 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
