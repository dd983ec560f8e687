//! The table at the end of a run.

use crate::analysis::Analysis;
use crate::analysis::cells::Cell;
use crate::analysis::limits::LimitResult;
use crate::domain::verdict::Verdict;
use crate::report::junit::subject_name;
use crate::report::words::{headline, number, percent, place, suite_order, threshold_in_short};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

/// More cells than this are left to cells.csv: a screen is no place for them.
const CELLS_MAX: usize = 60;

/// Cells, thresholds, limits and the headline as text, `width` columns wide at most.
pub fn table(analysis: &Analysis, width: Option<u16>) -> String {
    let mut text = format!("{}\n", cell_table(analysis, width));
    if analysis.cells.len() > CELLS_MAX {
        text.push_str(&format!("{} more cells are in cells.csv\n", analysis.cells.len() - CELLS_MAX));
    }
    for response in &analysis.responses {
        for one in response.thresholds.iter().filter(|one| one.quantity == "hold95") {
            let group = &response.group;
            let how = group.until_change().map_or_else(String::new, |how| format!(", pressed {how}"));
            let place = place(&group.adapter, group.supply_v, &group.dut_serial, analysis.units()) + &how;
            text.push_str(&format!("hold for 95 % success, {place}: {}\n", threshold_in_short(one)));
        }
    }
    for limit in &analysis.limits {
        text.push_str(&limit_lines(limit, analysis.units()));
    }
    text.push_str(&headline(analysis));
    text.push('\n');
    text
}

fn limit_lines(limit: &LimitResult, units: usize) -> String {
    let mut lines = format!("limit `{}`: {}\n", limit.limit.name, limit.status.name().replace('_', " "));
    for subject in &limit.subjects {
        lines.push_str(&format!("  {}: {}\n", subject_name(subject, units), subject.reason));
    }
    lines
}

fn cell_table(analysis: &Analysis, width: Option<u16>) -> Table {
    let mut table = Table::new();
    table.force_no_tty().load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    if let Some(width) = width {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(["adapter", "stimulus", "hold s", "level", "resets", "rate", "95 % interval", "unclear", "lost"]);
    let mut cells: Vec<&Cell> = analysis.cells.iter().collect();
    cells.sort_by_key(|cell| suite_order(analysis, &cell.key.group.adapter));
    for cell in cells.into_iter().take(CELLS_MAX) {
        table.add_row(row(cell, analysis.units()));
    }
    for column in [2, 4, 5, 6, 7, 8] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(cell: &Cell, units: usize) -> [String; 9] {
    let (group, tally) = (&cell.key.group, &cell.tally);
    let interval = tally.interval().map(|ends| format!("{:.0} to {}", 100.0 * ends.lo, percent(ends.hi)));
    [
        place(&group.adapter, group.supply_v, &group.dut_serial, units),
        group.until_change().map_or_else(|| group.kind.name().to_owned(), |how| format!("{} {how}", group.kind.name())),
        cell.key.hold_s.map_or(String::new(), |hold| number(hold.get())),
        group.level.name().to_owned(),
        format!("{} of {}", tally.resets(), tally.n()),
        tally.rate().map_or("no data".to_owned(), percent),
        interval.unwrap_or_default(),
        (tally.of(Verdict::Inconclusive) + tally.of(Verdict::NotReady)).to_string(),
        tally.lost.to_string(),
    ]
}
