//! sharing.svg: the hold that an adaptive run asks for, of each adapter: with what its siblings tell, alone, and by likelihood.

use super::axis::HoldAxis;
use super::canvas::{Anchor, GRID, INK, MUTED, Mark, fitted, shortened};
use super::intervals::{AXIS, GROUP, LINE, NAMES, TITLE, WIDTH, WORDS, interval, ticks};
use super::panels::group_titles;
use super::sheet::{BLUE, GREEN, HEAD, LABEL, MOST, ORANGE, SIDE, VERMILION, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::shared::{ALONE, SHARED, disagree};
use crate::analysis::thresholds::{METHOD, Response, Threshold};
use crate::report::words::threshold_in_short;
use plotters::prelude::RGBColor;

/// How each estimate is named and marked.
const LINES: [(&str, &str, Mark, RGBColor); 3] = [
    (SHARED, "with siblings", Mark::Diamond, BLUE),
    (ALONE, "alone", Mark::Square, ORANGE),
    (METHOD, "by likelihood", Mark::Circle, GREEN),
];

/// The chart as an SVG file; `None` where no posterior led, or there is one adapter alone.
pub fn sharing(analysis: &Analysis) -> Option<Vec<u8>> {
    let target = analysis.course()?.target.as_str();
    let response = |group: &_| analysis.responses.iter().find(|one| one.group == *group && !one.posterior.is_empty());
    let rows: Vec<(String, &Response)> =
        group_titles(analysis).into_iter().filter_map(|(group, title)| Some((title, response(&group)?))).collect();
    if rows.len() < 2 {
        return None;
    }
    let (shown, hidden) = rows.split_at(rows.len().min(MOST));
    let ends = shown.iter().flat_map(|(_, response)| LINES.iter().filter_map(|line| find(response, target, line.0)));
    let axis = HoldAxis::over(ends.flat_map(|one| [one.value_s, one.lo_s, one.hi_s]).flatten());
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let notes = format!(
        "The hold that the suite asks for ({target}), with 95 % intervals. Diamond: what all adapters of the camera tell together. Square: what this \
         adapter's presses tell alone. Circle: the most likely one, without any prior. An arrow: no end on this side. \"Unlike its siblings\": what \
         they tell together lies outside of what this adapter tells alone, so believe the square.{}",
        not_drawn(hidden.len(), "groups", "thresholds.csv")
    );
    let body = GROUP * shown.len() as f64 + 48.0;
    Some(sheet(&format!("What adapters tell of each other: {name}"), WIDTH, body, &notes, |canvas| {
        ticks(canvas, axis, HEAD + GROUP * shown.len() as f64);
        for (index, (title, response)) in shown.iter().enumerate() {
            let y = HEAD + GROUP * index as f64;
            canvas.line(&[(SIDE, y), (WIDTH - SIDE, y)], GRID, 0.75);
            canvas.text(&shortened(title, 12.0, TITLE), (SIDE, y + 9.0), 12.0, INK, Anchor::TopLeft);
            if disagree(response, target) {
                canvas.text(&fitted("unlike its siblings", LABEL, NAMES), (SIDE, y + 28.0), LABEL, VERMILION, Anchor::TopLeft);
            }
            for (line, (method, label, mark, colour)) in LINES.into_iter().enumerate() {
                let middle = y + 6.0 + LINE * (line as f64 + 0.5);
                canvas.text(label, (AXIS - 12.0, middle), LABEL, MUTED, Anchor::MiddleRight);
                let Some(found) = find(response, target, method) else { continue };
                let words = threshold_in_short(found);
                canvas.text(&fitted(&words, LABEL, WIDTH - SIDE - WORDS), (WORDS, middle), LABEL, INK, Anchor::MiddleLeft);
                interval(canvas, found, (mark, colour), axis, middle);
            }
        }
    }))
}

fn find<'a>(response: &'a Response, target: &str, method: &str) -> Option<&'a Threshold> {
    let mut all = response.posterior.iter().chain(&response.thresholds);
    all.find(|one| one.quantity == target && one.method == method)
}
