//! The table at the end of a run: the rate of each adapter and hold with its interval, then the limits, then the result in a sentence.

use super::line::{Ink, Line, Look, columns_of, wrap};
use crate::analysis::Analysis;
use crate::analysis::cells::Cell;
use crate::analysis::limits::LimitResult;
use crate::domain::verdict::Verdict;
use crate::report::junit::subject_name;
use crate::report::words::{headline, hold95_in_short, number, percent, place, suite_order, target, told_holds};
use comfy_table::{CellAlignment, LineStyle, Table, presets};

/// More cells than this are left to cells.csv: a screen is no place for them.
const CELLS_MAX: usize = 60;

/// Cells, thresholds, limits and the headline as text; no line is wider than `width` columns unless a single word is.
pub fn table(analysis: &Analysis, width: Option<u16>, look: Look) -> String {
    let columns = width.map_or(usize::MAX, usize::from);
    let mut cells: Vec<&Cell> = analysis.cells.iter().collect();
    cells.sort_by_key(|cell| suite_order(analysis, &cell.key.group.adapter));
    let left_out = cells.len().saturating_sub(CELLS_MAX);
    cells.truncate(CELLS_MAX);
    let wide = wide(&cells, analysis.units());
    let fits = wide.lines().all(|line| columns_of(line) <= columns);
    let mut text = if fits { wide } else { narrow(&cells, analysis.units(), columns) };
    let mut say = |ink: Ink, words: &str| {
        for line in wrap(words, columns, 4) {
            text.push_str(&Line::of(ink, line).render(look));
            text.push('\n');
        }
    };
    if left_out > 0 {
        say(Ink::Plain, &format!("{left_out} more cells are in cells.csv"));
    }
    let told = told_holds(analysis);
    for response in &analysis.responses {
        for one in told.iter().filter_map(|quantity| response.best(quantity)) {
            let group = &response.group;
            let place = place(&group.adapter, group.supply_v, &group.dut_serial, analysis.units()) + &group.pressed();
            say(Ink::Plain, &format!("{}, {place}: {}", target(one.quantity), hold95_in_short(group, Some(one))));
        }
    }
    for limit in &analysis.limits {
        say(Ink::Plain, limit_lines(limit, analysis.units()).trim_end());
    }
    say(Ink::Strong, &headline(analysis));
    text
}

fn limit_lines(limit: &LimitResult, units: usize) -> String {
    let mut lines = format!("limit `{}`: {}\n", limit.limit.name, limit.status.name().replace('_', " "));
    for subject in &limit.subjects {
        lines.push_str(&format!("  {}: {}\n", subject_name(subject, units), subject.reason));
    }
    lines
}

fn wide(cells: &[&Cell], units: usize) -> String {
    let mut table = Table::new();
    table.force_no_tty().load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_header(["adapter", "stimulus", "hold s", "level", "resets", "rate", "95 % interval", "unclear", "lost"]);
    for cell in cells {
        table.add_row(row(cell, units));
    }
    for column in [2, 4, 5, 6, 7, 8] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n")
}

fn row(cell: &Cell, units: usize) -> [String; 9] {
    let (group, tally) = (&cell.key.group, &cell.tally);
    [
        place(&group.adapter, group.supply_v, &group.dut_serial, units),
        stimulus(cell),
        cell.key.hold_s.map_or(String::new(), |hold| number(hold.get())),
        group.level.name().to_owned(),
        format!("{} of {}", tally.resets(), tally.n()),
        rate(cell),
        interval(cell),
        unclear(cell).to_string(),
        tally.lost.to_string(),
    ]
}

/// The same for a narrow screen: a heading for each adapter, stimulus and level, and a short line for each hold.
fn narrow(cells: &[&Cell], units: usize, columns: usize) -> String {
    let mut text = String::new();
    let mut last = String::new();
    for cell in cells {
        let group = &cell.key.group;
        let place = place(&group.adapter, group.supply_v, &group.dut_serial, units);
        let heading = format!("{place}, {} ({})", stimulus(cell), group.level.name());
        if heading != last {
            wrap(&heading, columns, 2).iter().for_each(|line| text.push_str(&format!("{line}\n")));
            last = heading;
        }
        let hold = cell.key.hold_s.map_or(String::new(), |hold| format!("{} s", number(hold.get())));
        let of = format!("{}/{}", cell.tally.resets(), cell.tally.n());
        let figures = format!("  {hold:>6} {of:>7} {:>7} {:>12}", rate(cell), interval(cell));
        let aside = [(unclear(cell), "unclear"), (cell.tally.lost, "lost")];
        let aside: Vec<String> = aside.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        text.push_str(&format!("{}\n", figures.trim_end()));
        if !aside.is_empty() {
            text.push_str(&format!("         {}\n", aside.join(", ")));
        }
    }
    text
}

fn stimulus(cell: &Cell) -> String {
    let group = &cell.key.group;
    format!("{} {}", group.kind.name(), group.manner().join(", ")).trim_end().to_owned()
}

fn rate(cell: &Cell) -> String {
    cell.tally.rate().map_or("no data".to_owned(), percent)
}

fn interval(cell: &Cell) -> String {
    cell.tally.interval().map_or(String::new(), |ends| format!("{:.0} to {}", 100.0 * ends.lo, percent(ends.hi)))
}

fn unclear(cell: &Cell) -> u32 {
    cell.tally.of(Verdict::Inconclusive) + cell.tally.of(Verdict::NotReady)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press, rate_limit};
    use crate::domain::event::FinishReason;

    #[test]
    fn at_no_width_from_40_columns_a_line_is_too_wide() {
        let mut bench = Bench::new("r", &["oem-5v1a", "long-cable"], &[3.0, 30.0], 10, 0);
        bench.started.suite.limits = vec![rate_limit(30.0, 0.6)];
        let mut bench = bench.start();
        for (adapter, hold, resets) in
            [("oem-5v1a", 3.0, 0), ("oem-5v1a", 30.0, 10), ("long-cable", 3.0, 0), ("long-cable", 30.0, 3)]
        {
            for replicate in 0..10 {
                let verdict = if replicate < resets { Verdict::FactoryReset } else { Verdict::NoResponse };
                bench.trial(press(adapter, hold), verdict);
            }
        }
        let analysis = Analysis::pool(vec![fold(&bench.finish(FinishReason::Complete))]).unwrap();
        let whole = table(&analysis, None, Look::PLAIN);
        for columns in 40..160 {
            let text = table(&analysis, Some(columns), Look::PLAIN);
            let wide = text.lines().find(|line| columns_of(line) > usize::from(columns));
            assert_eq!(wide, None, "{columns} columns");
            assert!(text.contains("30 %") && text.contains("long-cable"), "{columns} columns: {text}");
        }
        assert_eq!(table(&analysis, Some(400), Look::PLAIN), whole);
    }
}
