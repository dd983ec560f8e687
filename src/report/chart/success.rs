//! success-by-hold.svg: the reset rate over the hold, a small panel for each adapter (and unit, voltage, evidence level).

use super::axis::HoldAxis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, PLATE, Point, fitted, shortened, text_width};
use super::panels::{Panel, panels};
use super::sheet::{Frame, Grid, LABEL, MOST, PALETTE, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::stats::band::Reach;
use crate::analysis::stats::likelihood::Curve;
use crate::report::words::number;
use plotters::prelude::RGBColor;

const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 42.0;
const BOTTOM: f64 = 44.0;

/// The chart as an SVG file.
pub fn success_by_hold(analysis: &Analysis) -> Vec<u8> {
    let all = panels(analysis);
    let (shown, hidden) = all.split_at(all.len().min(MOST));
    let grid = Grid::of(shown.len(), (300.0, 262.0));
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let holds = shown.iter().flat_map(|panel| panel.points.iter().map(|point| point.hold_s).chain(panel.tried.iter().copied()));
    let axis = HoldAxis::over(holds);
    sheet(&format!("Reset rate by hold: {name}"), grid.width(), grid.height(), &note(analysis, shown, hidden.len()), |canvas| {
        for (index, panel) in shown.iter().enumerate() {
            draw(canvas, panel, &Plot { frame: grid.frame(index), axis }, PALETTE[index % PALETTE.len()]);
        }
    })
}

fn note(analysis: &Analysis, shown: &[Panel], hidden: usize) -> String {
    let mut levels: Vec<_> = analysis.cells.iter().filter(|cell| cell.tally.n() > 0).map(|cell| cell.key.group.level).collect();
    levels.sort();
    levels.dedup();
    let levels: Vec<&str> = levels.iter().map(|level| level.name()).collect();
    let units = match analysis.units() {
        1 => "One unit".to_owned(),
        more => format!("{more} units"),
    };
    let evidence = if levels.is_empty() { "no judged trial".to_owned() } else { levels.join(", ") };
    let mut note = format!(
        "{units}. Evidence: {evidence}. Points: share of factory resets among judged presses, larger for more presses, with 95 % Wilson intervals."
    );
    if shown.iter().any(|panel| panel.curve.is_some()) {
        note.push_str(
            " Line: the most likely response; dark and light band: where it lies at a hold with 50 % and 95 % confidence.",
        );
    }
    if shown.iter().any(|panel| !panel.believed.is_empty()) {
        note.push_str(
            " Line: the reset rate that the posterior takes for most likely (its median); dark and light band: where 50 % and 95 % of it lie.",
        );
    }
    if shown.iter().any(|panel| panel.hold95.is_some()) {
        note.push_str(" Diamond with a bar: the hold for 95 % success with its 95 % interval; an arrow where it has no end.");
    }
    if shown.iter().any(|panel| !panel.limits.is_empty()) {
        note.push_str(" Bar with a triangle below it: the least rate that a limit asks for at this hold.");
    }
    note + &not_drawn(hidden, "panels", "cells.csv")
}

/// The plotting area of a frame with its axis.
struct Plot {
    frame: Frame,
    axis: HoldAxis,
}

impl Plot {
    fn width(&self) -> f64 {
        self.frame.width - LEFT - RIGHT
    }

    fn x(&self, hold: f64) -> f64 {
        self.frame.x + LEFT + self.axis.share(hold).clamp(0.0, 1.0) * self.width()
    }

    fn y(&self, rate: f64) -> f64 {
        let height = self.frame.height - TOP - BOTTOM;
        self.frame.y + TOP + (1.0 - rate) * height
    }

    fn left(&self) -> f64 {
        self.frame.x + LEFT
    }

    fn right(&self) -> f64 {
        self.frame.x + self.frame.width - RIGHT
    }

    fn shows(&self, hold: f64) -> bool {
        (0.0..=1.0).contains(&self.axis.share(hold))
    }
}

fn draw(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot, colour: RGBColor) {
    let (room, y) = (plot.width(), plot.frame.y);
    canvas.text(&shortened(&panel.title, 13.0, room), (plot.left(), y + 4.0), 13.0, INK, Anchor::TopLeft);
    canvas.text(&fitted(&panel.finding, LABEL, room), (plot.left(), y + 22.0), LABEL, MUTED, Anchor::TopLeft);
    band(canvas, plot, panel.bands.iter().filter_map(|slice| Some((slice.rate, slice.full?))), colour, 0.15);
    band(canvas, plot, panel.bands.iter().filter_map(|slice| Some((slice.rate, slice.half?))), colour, 0.25);
    ribbon(canvas, plot, panel.believed.iter().map(|at| (at.hold_s, at.full)), colour, 0.15);
    ribbon(canvas, plot, panel.believed.iter().map(|at| (at.hold_s, at.half)), colour, 0.25);
    axes(canvas, panel, plot);
    if let Some(curve) = panel.curve {
        canvas.line(&trace(plot, &curve), colour, 1.75);
    }
    if !panel.believed.is_empty() {
        let median: Vec<Point> = panel.believed.iter().map(|at| (plot.x(at.hold_s), plot.y(at.median))).collect();
        canvas.line(&median, colour, 1.75);
    }
    points(canvas, panel, plot, colour);
    hold95(canvas, panel, plot, colour);
    limits(canvas, panel, plot);
    if panel.points.is_empty() {
        canvas.text("no judged press", (0.5 * (plot.left() + plot.right()), plot.y(0.5)), LABEL, MUTED, Anchor::Middle);
    }
}

fn axes(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot) {
    for quarter in 0..=4 {
        let rate = f64::from(quarter) / 4.0;
        canvas.line(&[(plot.left(), plot.y(rate)), (plot.right(), plot.y(rate))], GRID, 0.75);
        canvas.text(&format!("{} %", 25 * quarter), (plot.left() - 6.0, plot.y(rate)), LABEL, MUTED, Anchor::MiddleRight);
    }
    let base = plot.y(0.0);
    for hold in plot.axis.ticks(&panel.tried, plot.width(), |hold| text_width(&number(hold), LABEL)) {
        canvas.line(&[(plot.x(hold), base), (plot.x(hold), base + 4.0)], MUTED, 0.75);
        canvas.text(&number(hold), (plot.x(hold), base + 9.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.line(&[(plot.left(), base), (plot.right(), base)], MUTED, 1.0);
    canvas.text("hold in seconds", (0.5 * (plot.left() + plot.right()), base + 25.0), LABEL, MUTED, Anchor::TopCentre);
}

/// The curve, with a point at each pixel or two where it is steep.
fn trace(plot: &Plot, curve: &Curve) -> Vec<Point> {
    let shares = (0..=240).map(|step| f64::from(step) / 240.0);
    shares.map(|share| plot.axis.hold(share)).map(|hold| (plot.x(hold), plot.y(curve.rate(hold).clamp(0.0, 1.0)))).collect()
}

/// A band from its slices by rising rate: up the left edge, down the right one. Below the lowest slice it goes straight down.
fn band(canvas: &mut Canvas<'_>, plot: &Plot, slices: impl Iterator<Item = (f64, Reach)>, colour: RGBColor, opacity: f64) {
    let slices: Vec<(f64, Reach)> = slices.collect();
    let Some(&(_, lowest)) = slices.first() else { return };
    let left = |reach: Reach| reach.lo_s.map_or(plot.left(), |lo| plot.x(lo));
    let right = |reach: Reach| reach.hi_s.map_or(plot.right(), |hi| plot.x(hi));
    let mut points = vec![(right(lowest), plot.y(0.0)), (left(lowest), plot.y(0.0))];
    points.extend(slices.iter().map(|(rate, reach)| (left(*reach), plot.y(*rate))));
    points.extend(slices.iter().rev().map(|(rate, reach)| (right(*reach), plot.y(*rate))));
    canvas.area(&points, colour, opacity);
}

/// A band over the holds that were tried, from its lower to its upper rate.
fn ribbon(canvas: &mut Canvas<'_>, plot: &Plot, rates: impl Iterator<Item = (f64, (f64, f64))>, colour: RGBColor, opacity: f64) {
    let rates: Vec<(f64, (f64, f64))> = rates.collect();
    let upper = rates.iter().map(|(hold, (_, hi))| (plot.x(*hold), plot.y(*hi)));
    let lower = rates.iter().rev().map(|(hold, (lo, _))| (plot.x(*hold), plot.y(*lo)));
    let points: Vec<Point> = upper.chain(lower).collect();
    if points.len() > 2 {
        canvas.area(&points, colour, opacity);
    }
}

/// Wilson bars with points sized by the number of trials, but never so large that neighbours touch.
fn points(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot, colour: RGBColor) {
    let gap = panel.points.windows(2).map(|pair| plot.x(pair[1].hold_s) - plot.x(pair[0].hold_s)).fold(40.0, f64::min);
    let largest = (0.42 * gap).clamp(1.6, 6.0);
    for point in &panel.points {
        let (lo, hi) = point.interval();
        let x = plot.x(point.hold_s);
        let cap = (0.3 * gap).clamp(1.0, 3.5);
        canvas.line(&[(x, plot.y(lo)), (x, plot.y(hi))], colour, 1.25);
        for end in [lo, hi] {
            canvas.line(&[(x - cap, plot.y(end)), (x + cap, plot.y(end))], colour, 1.25);
        }
    }
    for point in &panel.points {
        // The area grows with the number of trials.
        let radius = (1.2 * f64::from(point.n).sqrt()).clamp(1.6, largest.max(1.6));
        canvas.dot((plot.x(point.hold_s), plot.y(point.rate())), radius, colour, INK);
    }
}

/// The interval of the hold for 95 % success, at the height of 95 %.
fn hold95(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot, colour: RGBColor) {
    let Some((value, lo, hi)) = panel.hold95 else { return };
    let y = plot.y(0.95);
    let (from, to) = (lo.map_or(plot.left(), |lo| plot.x(lo)), hi.map_or(plot.right(), |hi| plot.x(hi)));
    // A light line under a dark one stands out from the curve and its points.
    canvas.line(&[(from, y), (to, y)], PLATE, 4.5);
    canvas.line(&[(from, y), (to, y)], INK, 2.0);
    for (x, end, inward) in [(from, lo, 1.0), (to, hi, -1.0)] {
        if end.is_some_and(|end| plot.shows(end)) {
            canvas.line(&[(x, y - 4.0), (x, y + 4.0)], INK, 1.5);
        } else {
            canvas.line(&[(x + inward * 5.0, y - 4.0), (x, y), (x + inward * 5.0, y + 4.0)], INK, 1.5);
        }
    }
    if plot.shows(value) {
        canvas.mark(Mark::Diamond, (plot.x(value), y), 4.5, colour, INK);
    }
}

fn limits(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot) {
    for &(hold, least) in panel.limits.iter().filter(|(hold, _)| plot.shows(*hold)) {
        let (x, y) = (plot.x(hold), plot.y(least));
        canvas.line(&[(x - 9.0, y), (x + 9.0, y)], INK, 2.25);
        canvas.area(&[(x - 4.0, y + 8.0), (x + 4.0, y + 8.0), (x, y + 2.0)], INK, 1.0);
    }
}
