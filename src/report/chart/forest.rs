//! thresholds.svg: the holds for 50, 95 and 99 % success, group by group, with their intervals.

use super::axis::HoldAxis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, fitted, shortened};
use super::intervals::{AXIS, GROUP, LINE, NAMES, TITLE, WIDTH, WORDS, interval, ticks};
use super::panels::group_titles;
use super::sheet::{BLUE, GREEN, HEAD, LABEL, MOST, SIDE, VERMILION, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::group::Group;
use crate::analysis::thresholds::{Response, Threshold};
use crate::domain::condition::Release;
use crate::report::words::{percent, threshold_in_short};
use plotters::prelude::RGBColor;

/// A line of a group: what it is of, in short and in words, and how it is marked.
struct Line<'a> {
    label: &'static str,
    found: Option<&'a Threshold>,
    words: String,
    mark: Mark,
    colour: RGBColor,
}

/// The chart as an SVG file; `None` where no response was sought.
pub fn forest(analysis: &Analysis) -> Option<Vec<u8>> {
    // Presses that an answer ended have no response to find a hold in.
    let asked = |group: &Group| group.release != Some(Release::OnChange);
    let response = |group: &_| analysis.responses.iter().find(|response| response.group == *group);
    let rows: Vec<_> = group_titles(analysis)
        .into_iter()
        .filter(|(group, _)| asked(group) || response(group).is_some_and(|one| one.n > 0))
        .map(|(group, title)| (title, response(&group)))
        .collect();
    if rows.iter().all(|(_, response)| response.is_none()) {
        return None;
    }
    let (shown, hidden) = rows.split_at(rows.len().min(MOST));
    let found = || shown.iter().filter_map(|(_, response)| *response).flat_map(|response| &response.thresholds);
    let axis = HoldAxis::over(found().flat_map(|one| [one.value_s, one.lo_s, one.hi_s]).flatten());
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let notes = format!(
        "Holds at which so many of a hundred presses reset, with 95 % intervals (profile likelihood). Circle 50 %, diamond 95 %, triangle 99 %. \
         An arrow: the interval has no end on this side. Plateau: the rate that no hold exceeds.{}",
        not_drawn(hidden.len(), "groups", "thresholds.csv")
    );
    let body = GROUP * shown.len() as f64 + 48.0;
    Some(sheet(&format!("The hold that a reset needs: {name}"), WIDTH, body, &notes, |canvas| {
        let base = HEAD + GROUP * shown.len() as f64;
        ticks(canvas, axis, base);
        for (index, (title, response)) in shown.iter().enumerate() {
            let y = HEAD + GROUP * index as f64;
            canvas.line(&[(SIDE, y), (WIDTH - SIDE, y)], GRID, 0.75);
            canvas.text(&shortened(title, 12.0, TITLE), (SIDE, y + 9.0), 12.0, INK, Anchor::TopLeft);
            if let Some(plateau) = response.and_then(|response| response.plateau) {
                let (lo, hi) = (percent(plateau.interval.lo), percent(plateau.interval.hi));
                let words = format!("plateau {} ({lo} to {hi})", percent(plateau.value));
                canvas.text(&fitted(&words, LABEL, NAMES), (SIDE, y + 28.0), LABEL, MUTED, Anchor::TopLeft);
            }
            for (index, line) in lines(*response).iter().enumerate() {
                draw_line(canvas, line, axis, y + 6.0 + LINE * (index as f64 + 0.5));
            }
        }
    }))
}

/// The three holds of a response. One that falls again has two holds with one half instead, and no other.
fn lines(response: Option<&Response>) -> [Line<'_>; 3] {
    let find = |quantity, edge| {
        let mut all = response.map_or(&[][..], |response| &response.thresholds).iter();
        all.find(|one| one.quantity == quantity && one.edge == edge)
    };
    let falls = find("hold50", "to");
    let [second, third] = match falls {
        Some(falls) => {
            let no_more = Line { words: "none (falls again)".to_owned(), ..line("95, 99 %", None, Mark::Triangle, VERMILION) };
            [line("50 %, falling", Some(falls), Mark::Square, BLUE), no_more]
        }
        None => [
            line("95 %", find("hold95", "from"), Mark::Diamond, BLUE),
            line("99 %", find("hold99", "from"), Mark::Triangle, VERMILION),
        ],
    };
    [line("50 %", find("hold50", "from"), Mark::Circle, GREEN), second, third]
}

fn line<'a>(label: &'static str, found: Option<&'a Threshold>, mark: Mark, colour: RGBColor) -> Line<'a> {
    let words = found.map_or("not enough data".to_owned(), threshold_in_short);
    Line { label, found, words, mark, colour }
}

fn draw_line(canvas: &mut Canvas<'_>, line: &Line<'_>, axis: HoldAxis, y: f64) {
    canvas.text(line.label, (AXIS - 12.0, y), LABEL, MUTED, Anchor::MiddleRight);
    canvas.text(&fitted(&line.words, LABEL, WIDTH - SIDE - WORDS), (WORDS, y), LABEL, INK, Anchor::MiddleLeft);
    if let Some(found) = line.found {
        interval(canvas, found, (line.mark, line.colour), axis, y);
    }
}
