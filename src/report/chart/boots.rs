//! boot-times.svg: how long the camera took to boot, to answer a press with a reboot, and to be ready again.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, fitted, shortened};
use super::sheet::{BLUE, HEAD, LABEL, MOST, SIDE, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::boots::{Distribution, Place, Span, times};
use crate::domain::measurement::names;
use crate::report::words::{number, place, suite_order};
use std::collections::BTreeMap;

/// Height of a row.
const ROW: f64 = 24.0;
/// Height of a panel above and below its rows.
const TOP: f64 = 30.0;
const BOTTOM: f64 = 52.0;
/// Where the axis and the words begin, and the width of the whole.
const AXIS: f64 = 240.0;
const WORDS: f64 = 660.0;
const WIDTH: f64 = 900.0;

/// What a panel shows.
struct Panel {
    title: &'static str,
    rows: Vec<(String, Distribution)>,
    /// Bounds of the suite.
    limits: Vec<f64>,
    hidden: usize,
}

/// The chart as an SVG file; `None` where no time was measured.
pub fn boot_times(analysis: &Analysis) -> Option<Vec<u8>> {
    let panels: Vec<Panel> = times(&analysis.rows).into_iter().map(|(span, found)| panel(analysis, span, found)).collect();
    if panels.is_empty() {
        return None;
    }
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let body: f64 = panels.iter().map(height).sum();
    let hidden = panels.iter().map(|panel| panel.hidden).max().unwrap_or(0);
    let limits = if panels.iter().any(|panel| !panel.limits.is_empty()) { " Dashed: a limit of the suite." } else { "" };
    let notes = format!(
        "Box: the middle half of the values, with the median as a line; whiskers to the smallest and the largest. Dots: single values, where \
         there are at most 24.{limits}{}",
        not_drawn(hidden, "rows", "trials.csv")
    );
    Some(sheet(&format!("How long the camera took: {name}"), WIDTH, body, &notes, |canvas| {
        let mut y = HEAD;
        for panel in &panels {
            draw(canvas, panel, y);
            y += height(panel);
        }
    }))
}

fn height(panel: &Panel) -> f64 {
    TOP + ROW * panel.rows.len() as f64 + BOTTOM
}

fn panel(analysis: &Analysis, span: Span, found: BTreeMap<Place, Distribution>) -> Panel {
    let mut places: Vec<(Place, Distribution)> = found.into_iter().collect();
    places.sort_by_key(|(place, _)| suite_order(analysis, &place.adapter));
    let hidden = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    let units = analysis.units();
    let title = |at: &Place| place(&at.adapter, at.supply_v, &at.dut_serial, units);
    let (title_of_span, measurement) = match span {
        Span::Boot => ("From power-on to ready", names::BOOT),
        Span::PressToReboot => ("From the press to the first sign of the reboot", ""),
        Span::Reboot => ("From the first sign of the reboot to ready", names::REBOOT),
    };
    let limits = analysis.limits.iter().map(|result| &result.limit);
    let of_span = limits.filter(|limit| limit.measurement.as_deref() == Some(measurement));
    Panel {
        title: title_of_span,
        rows: places.into_iter().map(|(place, spread)| (title(&place), spread)).collect(),
        limits: of_span.flat_map(|limit| [limit.min, limit.max]).flatten().collect(),
        hidden,
    }
}

fn draw(canvas: &mut Canvas<'_>, panel: &Panel, top: f64) {
    let ends = panel.rows.iter().flat_map(|(_, spread)| [spread.min, spread.max]);
    let axis = Axis::over(ends.chain(panel.limits.iter().copied()), 2.0);
    let x = |value: f64| AXIS + axis.share(value) * (WORDS - 20.0 - AXIS);
    let (first, base) = (top + TOP, top + TOP + ROW * panel.rows.len() as f64);
    canvas.text(panel.title, (SIDE, top + 6.0), 13.0, INK, Anchor::TopLeft);
    for value in axis.ticks(6) {
        canvas.line(&[(x(value), first), (x(value), base + 4.0)], GRID, 0.75);
        canvas.text(&number(value), (x(value), base + 8.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.line(&[(AXIS, base), (WORDS - 20.0, base)], MUTED, 1.0);
    canvas.text("seconds", (0.5 * (AXIS + WORDS - 20.0), base + 22.0), LABEL, MUTED, Anchor::TopCentre);
    for &limit in &panel.limits {
        canvas.dashes((x(limit), first), (x(limit), base), INK);
    }
    for (index, (title, spread)) in panel.rows.iter().enumerate() {
        let y = first + ROW * (index as f64 + 0.5);
        canvas.text(&shortened(title, LABEL, AXIS - 12.0 - SIDE), (AXIS - 12.0, y), LABEL, INK, Anchor::MiddleRight);
        row(canvas, spread, &x, y);
        let (n, median) = (spread.n, number(spread.median));
        let words = match n {
            1 => format!("{median} s, once"),
            _ => format!("median {median} s, {} to {} s, n {n}", number(spread.min), number(spread.max)),
        };
        canvas.text(&fitted(&words, LABEL, WIDTH - SIDE - WORDS), (WORDS, y), LABEL, INK, Anchor::MiddleLeft);
    }
}

fn row(canvas: &mut Canvas<'_>, spread: &Distribution, x: &impl Fn(f64) -> f64, y: f64) {
    canvas.line(&[(x(spread.min), y), (x(spread.max), y)], BLUE, 1.25);
    for end in [spread.min, spread.max] {
        canvas.line(&[(x(end), y - 4.0), (x(end), y + 4.0)], BLUE, 1.25);
    }
    if spread.n >= 4 {
        let (from, to) = ((x(spread.lower), y - 7.0), (x(spread.upper).max(x(spread.lower) + 1.0), y + 7.0));
        canvas.rect(from, to, BLUE, 0.25);
        canvas.frame(from, to, BLUE, 1.25);
        canvas.line(&[(x(spread.median), y - 7.0), (x(spread.median), y + 7.0)], INK, 2.0);
    }
    for &value in &spread.singles {
        canvas.dot((x(value), y), 1.8, BLUE, INK);
    }
}
