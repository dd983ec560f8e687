//! residuals.svg: what the fit says minus what was seen, against bench time.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, PLATE, fitted, shortened};
use super::panels::group_titles;
use super::sheet::{Frame, Grid, LABEL, MOST, PALETTE, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::drift::{Bin, drift};
use crate::report::words::number;
use plotters::prelude::RGBColor;
use std::collections::BTreeMap;

const LEFT: f64 = 50.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 42.0;
const BOTTOM: f64 = 44.0;

/// The chart as an SVG file; `None` where nothing was fitted.
pub fn residuals(analysis: &Analysis) -> Option<Vec<u8>> {
    let found: BTreeMap<_, _> = drift(&analysis.rows, &analysis.responses).into_iter().collect();
    let panels: Vec<(String, &Vec<Bin>)> =
        group_titles(analysis).into_iter().filter_map(|(group, title)| Some((title, found.get(&group)?))).collect();
    if panels.is_empty() {
        return None;
    }
    let (shown, hidden) = panels.split_at(panels.len().min(MOST));
    let bins = || shown.iter().flat_map(|(_, bins)| bins.iter());
    let hours = bins().map(|bin| bin.to_h).fold(0.1, f64::max);
    let most = bins()
        .flat_map(|bin| [bin.residual, bin.expected.0, bin.expected.1])
        .fold(0.05, |most: f64, value| most.max(value.abs()));
    let reach = [0.1, 0.2, 0.3, 0.5].into_iter().find(|reach| *reach >= most).unwrap_or(1.0);
    let axes = (Axis { lo: -0.02 * hours, hi: 1.02 * hours }, Axis { lo: -reach, hi: reach });
    let grid = Grid::of(shown.len(), (230.0, 210.0));
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let notes = format!(
        "Each mark: mean of fitted reset probability minus reset (1 or 0) over presses that follow each other; above the line there were fewer \
         resets than the fit says. Bar: where 19 of 20 marks lie if nothing changes with time; a square lies outside it. Bench hours count \
         from the first trial of a run, without pauses.{}",
        not_drawn(hidden.len(), "panels", "trials.csv")
    );
    Some(sheet(&format!("Fitted minus seen, over bench time: {name}"), grid.width(), grid.height(), &notes, |canvas| {
        for (index, (title, bins)) in shown.iter().enumerate() {
            draw(canvas, grid.frame(index), (title, bins), axes, PALETTE[index % PALETTE.len()]);
        }
    }))
}

fn finding(bins: &[Bin]) -> String {
    let outside = bins.iter().filter(|bin| bin.outside()).count();
    let n: usize = bins.iter().map(|bin| bin.n).sum();
    match outside {
        0 => format!("{n} presses; nothing outside the range"),
        _ => format!("{n} presses; {outside} of {} outside the range", bins.len()),
    }
}

fn draw(canvas: &mut Canvas<'_>, frame: Frame, (title, bins): (&str, &[Bin]), (hours, rates): (Axis, Axis), colour: RGBColor) {
    let (left, right) = (frame.x + LEFT, frame.x + frame.width - RIGHT);
    let (top, base) = (frame.y + TOP, frame.y + frame.height - BOTTOM);
    let x = |hour: f64| left + hours.share(hour) * (right - left);
    let y = |rate: f64| base - rates.share(rate) * (base - top);
    canvas.text(&shortened(title, 13.0, right - left), (left, frame.y + 4.0), 13.0, INK, Anchor::TopLeft);
    canvas.text(&fitted(&finding(bins), LABEL, right - left), (left, frame.y + 22.0), LABEL, MUTED, Anchor::TopLeft);
    for rate in [rates.lo, 0.5 * rates.lo, 0.0, 0.5 * rates.hi, rates.hi] {
        canvas.line(&[(left, y(rate)), (right, y(rate))], if rate == 0.0 { MUTED } else { GRID }, 0.75);
        let sign = if rate > 0.0 { "+" } else { "" };
        canvas.text(&format!("{sign}{}", number(rate)), (left - 6.0, y(rate)), LABEL, MUTED, Anchor::MiddleRight);
    }
    for hour in hours.ticks(if frame.width > 350.0 { 8 } else { 5 }) {
        canvas.line(&[(x(hour), base), (x(hour), base + 4.0)], MUTED, 0.75);
        canvas.text(&number(hour), (x(hour), base + 9.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.text("bench hours", (0.5 * (left + right), base + 25.0), LABEL, MUTED, Anchor::TopCentre);
    for bin in bins {
        let at = x(0.5 * (bin.from_h + bin.to_h));
        let ends = (y(bin.expected.1), y(bin.expected.0));
        canvas.rect((at - 5.0, ends.0 - 1.0), (at + 5.0, ends.1 + 1.0), colour, 0.25);
    }
    let line: Vec<_> = bins.iter().map(|bin| (x(0.5 * (bin.from_h + bin.to_h)), y(bin.residual))).collect();
    canvas.line(&line, colour, 1.0);
    for (bin, at) in bins.iter().zip(line) {
        match bin.outside() {
            true => canvas.mark(Mark::Square, at, 4.5, PLATE, INK),
            false => canvas.dot(at, 3.0, colour, INK),
        }
    }
}
