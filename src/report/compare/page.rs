//! compare.html: one self-contained page, the answer first.

use super::{columns, condition, counted, headline, method, notes, ordered, side, whose, why};
use crate::analysis::compare::{Comparison, Finding, Pair};
use crate::report::words::threshold_in_short;
use askama::Template;

#[derive(Template)]
#[template(path = "compare.html", config = "src/report/askama.toml")]
struct Page {
    title: String,
    sides: [(&'static str, String); 2],
    headline: String,
    mood: &'static str,
    method: String,
    notes: Vec<String>,
    tables: Vec<Table>,
}

struct Table {
    title: &'static str,
    note: &'static str,
    class: &'static str,
    head: Vec<&'static str>,
    rows: Vec<Row>,
}

struct Row {
    class: &'static str,
    fields: Vec<String>,
}

/// The comparison as a page.
pub fn html(comparison: &Comparison) -> Vec<u8> {
    let suites = [&comparison.a, &comparison.b].map(|side| side.facts.started.suite.name.as_str());
    let title = if suites[0] == suites[1] { format!("Two runs of {}", suites[0]) } else { suites.join(" and ") };
    let page = Page {
        title,
        sides: [("A", side(&comparison.a)), ("B", side(&comparison.b))],
        headline: headline(comparison),
        mood: match comparison.exit_code() {
            1 => "bad",
            4 => "open",
            // Nothing was shown, which is no good news by itself.
            _ => "",
        },
        method: method(),
        notes: notes(comparison),
        tables: [conditions(comparison), thresholds(comparison), left_over(comparison)]
            .into_iter()
            .filter(|table| !table.rows.is_empty())
            .collect(),
    };
    // Rendering fails only where writing does, and writing to memory does not.
    page.render().unwrap_or_default().into_bytes()
}

fn conditions(comparison: &Comparison) -> Table {
    let row = |pair: &&Pair| Row {
        class: if pair.finding == Finding::Differs { "bad" } else { "" },
        fields: std::iter::once(condition(&pair.key)).chain(columns(pair)).collect(),
    };
    Table {
        title: "Conditions",
        note: "Sees: the smallest true difference, in points, that these numbers of trials would have shown with 80 % probability near these \
               rates. Not shown is not the same as equal.",
        class: "wide numbers",
        head: vec![
            "Condition",
            "Level",
            "A",
            "B",
            "B − A, points",
            "95 % interval, alone",
            "p (Holm)",
            "Sees, points",
            "Finding",
        ],
        rows: ordered(comparison).iter().map(row).collect(),
    }
}

fn thresholds(comparison: &Comparison) -> Table {
    let rows = comparison.thresholds.iter().map(|one| Row {
        class: "",
        fields: vec![
            whose(&one.group),
            one.group.level.name().to_owned(),
            if one.a.edge == "to" { format!("{} (end)", one.a.quantity) } else { one.a.quantity.to_owned() },
            threshold_in_short(&one.a),
            threshold_in_short(&one.b),
        ],
    });
    Table {
        title: "Thresholds side by side",
        note: "Holds with their 95 % intervals. They are not tested against each other, and whether they overlap decides nothing.",
        class: "wide",
        head: vec!["Adapter", "Level", "Quantity", "A", "B"],
        rows: rows.collect(),
    }
}

fn left_over(comparison: &Comparison) -> Table {
    let rows = comparison.lone.iter().map(|lone| Row {
        class: "",
        fields: vec![condition(&lone.key), lone.key.group.level.name().to_owned(), counted(&lone.tally), why(lone)],
    });
    Table {
        title: "Not compared",
        note: "",
        class: "wide",
        head: vec!["Condition", "Level", "Resets", "Why"],
        rows: rows.collect(),
    }
}
