//! report.html: one self-contained page. The answer comes first, in words; then what the guide says and what was measured of it; then what it
//! rests on; then the doubts; then where it comes from.

mod acks;
mod answers;
mod evidence;
mod guide;
mod provenance;
mod tables;

use super::chart::{Figure, figures, themed, timelines};
use super::words::{caveat_meaning, headline, presses, suite_order};
use crate::analysis::Analysis;
use crate::analysis::exit_code;
use crate::domain::limit::LimitStatus;
use crate::report::junit::subject_name;
use answers::{Answer, answers, remarks};
use askama::Template;
use evidence::{Stories, stories};
use guide::{Claim, claims};
use std::collections::BTreeSet;
use tables::Table;

/// The page as the template sees it.
#[derive(Template)]
#[template(path = "report.html", config = "src/report/askama.toml")]
struct Page {
    title: String,
    subtitle: String,
    headline: String,
    mood: &'static str,
    answers: Vec<Answer>,
    more_answers: Vec<Answer>,
    remarks: Vec<String>,
    claims: Vec<Claim>,
    thresholds: Table,
    limits: Vec<LimitRow>,
    drawings: Vec<Drawing>,
    power: Table,
    cells: Table,
    stories: Stories,
    faults: Table,
    caveats: Vec<(String, String)>,
    runs: Vec<Vec<(&'static str, String)>>,
}

/// A limit and one of its subjects.
struct LimitRow {
    limit: String,
    subject: String,
    status: &'static str,
    class: &'static str,
    reason: String,
}

/// A drawing in the colours of the page.
struct Drawing {
    title: String,
    caption: String,
    svg: String,
}

impl From<Figure> for Drawing {
    fn from(figure: Figure) -> Self {
        let svg = themed(&String::from_utf8_lossy(&figure.svg));
        Self { title: figure.title, caption: figure.caption, svg }
    }
}

/// The report as a page.
pub fn html(analysis: &Analysis) -> Vec<u8> {
    let mut answers = answers(analysis);
    let more_answers = answers.split_off(answers.len().min(answers::SHOWN));
    let page = Page {
        title: provenance::title(analysis),
        subtitle: provenance::subtitle(analysis),
        headline: headline(analysis),
        mood: match (exit_code(analysis), presses(analysis)) {
            // Limits that are met are no good news of a camera that nothing resets.
            (0, (0, 1..)) => "open",
            (0, _) => "good",
            (1, _) => "bad",
            _ => "open",
        },
        answers,
        more_answers,
        remarks: remarks(analysis),
        claims: claims(analysis),
        thresholds: tables::thresholds(analysis),
        limits: limits(analysis),
        drawings: figures(analysis).into_iter().map(Drawing::from).collect(),
        power: tables::power(analysis),
        cells: tables::cells(analysis),
        stories: stories(analysis, timelines(analysis).into_iter().map(|(key, figure)| (key, figure.into())).collect()),
        faults: tables::faults(analysis),
        caveats: caveats(analysis),
        runs: analysis.runs.iter().map(provenance::facts).collect(),
    };
    // Rendering fails only where writing does, and writing to memory does not.
    page.render().unwrap_or_default().into_bytes()
}

fn limits(analysis: &Analysis) -> Vec<LimitRow> {
    let rows = |limit: &crate::analysis::limits::LimitResult| {
        let name = tied(&limit.limit.name);
        let row = move |subject: &crate::analysis::limits::Subject| {
            let (status, class) = match subject.status {
                LimitStatus::Met if subject.marginal > 0 => ("✓ met, marginal", "open"),
                LimitStatus::Met => ("✓ met", "good"),
                LimitStatus::NotMet => ("✗ not met", "bad"),
                LimitStatus::Undecided => ("? undecided", "open"),
            };
            LimitRow {
                limit: name.clone(),
                subject: subject_name(subject, analysis.units()),
                status,
                class,
                reason: tied(&subject.reason),
            }
        };
        let mut subjects: Vec<_> = limit.subjects.iter().collect();
        subjects.sort_by_key(|subject| suite_order(analysis, &subject.adapter));
        subjects.into_iter().map(row).collect::<Vec<_>>()
    };
    analysis.limits.iter().flat_map(rows).collect()
}

/// The text with its numbers tied to their units, so that no line ends between them.
fn tied(text: &str) -> String {
    let mut tied = String::with_capacity(text.len());
    let mut after_digit = false;
    for (index, symbol) in text.char_indices() {
        let unit = [" s", " %", " V"].iter().any(|unit| text[index..].starts_with(unit));
        tied.push(if after_digit && unit { '\u{a0}' } else { symbol });
        after_digit = symbol.is_ascii_digit();
    }
    tied
}

/// Every caveat word of the report with its meaning.
fn caveats(analysis: &Analysis) -> Vec<(String, String)> {
    let of_cells = analysis.cells.iter().flat_map(|cell| &cell.caveats);
    let of_responses = analysis.responses.iter().flat_map(|response| &response.caveats);
    let words: BTreeSet<&String> = of_cells.chain(of_responses).collect();
    words.into_iter().filter(|word| !word.starts_with("level_")).map(|word| (word.clone(), caveat_meaning(word))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_units() {
        assert_eq!(tied("10 of 10 at 30 s (72 to 100 %), a sham"), "10 of 10 at 30\u{a0}s (72 to 100\u{a0}%), a sham");
    }
}
