//! Draws one panel: axes, band, curve, bars and points.

use super::axis::HoldAxis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Point, fitted};
use super::panels::Panel;
use crate::report::words::number;
use plotters::prelude::RGBColor;

/// A panel's outer frame in pixels.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width with labels.
    pub width: f64,
    /// Height with title and labels.
    pub height: f64,
}

const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 42.0;
const BOTTOM: f64 = 44.0;
const LABEL: f64 = 11.0;

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
}

/// Draws `panel` into `frame` on an axis that all panels share.
pub fn draw(canvas: &mut Canvas<'_>, panel: &Panel, frame: Frame, axis: HoldAxis, colour: RGBColor) {
    let plot = Plot { frame, axis };
    let room = plot.width();
    canvas.text(&fitted(&panel.title, 13.0, room), (plot.left(), frame.y + 4.0), 13.0, INK, Anchor::TopLeft);
    canvas.text(&fitted(&panel.finding, LABEL, room), (plot.left(), frame.y + 22.0), LABEL, MUTED, Anchor::TopLeft);
    band(canvas, panel, &plot, colour);
    axes(canvas, panel, &plot);
    if let Some(curve) = panel.curve {
        let points: Vec<Point> = (0..=160)
            .map(|i| axis.hold(f64::from(i) / 160.0))
            .map(|hold| (plot.x(hold), plot.y(curve.rate(hold).clamp(0.0, 1.0))))
            .collect();
        canvas.line(&points, colour, 1.75);
    }
    points(canvas, panel, &plot, colour);
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
    for hold in plot.axis.ticks(&panel.tried, plot.width(), 20.0) {
        canvas.line(&[(plot.x(hold), base), (plot.x(hold), base + 4.0)], MUTED, 0.75);
        canvas.text(&number(hold), (plot.x(hold), base + 9.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.line(&[(plot.left(), base), (plot.right(), base)], MUTED, 1.0);
    canvas.text("hold in seconds", (0.5 * (plot.left() + plot.right()), base + 25.0), LABEL, MUTED, Anchor::TopCentre);
}

/// The interval of the hold for 95 % success; an open end reaches to the edge.
fn band(canvas: &mut Canvas<'_>, panel: &Panel, plot: &Plot, colour: RGBColor) {
    let Some((value, lo, hi)) = panel.hold95 else { return };
    let (from, to) = (lo.map_or(plot.left(), |lo| plot.x(lo)), hi.map_or(plot.right(), |hi| plot.x(hi)));
    canvas.rect((from, plot.y(1.0)), (to.max(from + 1.5), plot.y(0.0)), colour, 0.16);
    if (0.0..=1.0).contains(&plot.axis.share(value)) {
        canvas.dashes((plot.x(value), plot.y(1.0)), (plot.x(value), plot.y(0.0)), colour, 1.25);
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
