//! Groups of three lines with a hold and its interval in each: what charts of thresholds have in common.

use super::axis::HoldAxis;
use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, Mark, Point, text_width};
use super::sheet::{HEAD, LABEL};
use crate::analysis::stats::threshold::Status;
use crate::analysis::thresholds::Threshold;
use crate::report::words::number;
use plotters::prelude::RGBColor;

/// Height of a line.
pub const LINE: f64 = 18.0;
/// Height of a group: three lines and a space.
pub const GROUP: f64 = 3.0 * LINE + 12.0;
/// Width of a title, which stands beside the shortest label.
pub const TITLE: f64 = 240.0;
/// Width of the words below it.
pub const NAMES: f64 = 190.0;
/// Where the axis begins.
pub const AXIS: f64 = 310.0;
/// Where the words behind a line begin.
pub const WORDS: f64 = 650.0;
/// Width of the whole.
pub const WIDTH: f64 = 900.0;

fn x(axis: HoldAxis, hold: f64) -> f64 {
    AXIS + axis.share(hold).clamp(0.0, 1.0) * (WORDS - 20.0 - AXIS)
}

/// The axis of holds below all groups, with lines up through them.
pub fn ticks(canvas: &mut Canvas<'_>, axis: HoldAxis, base: f64) {
    for hold in axis.ticks(&[], WORDS - 20.0 - AXIS, |hold| text_width(&number(hold), LABEL)) {
        canvas.line(&[(x(axis, hold), HEAD), (x(axis, hold), base + 4.0)], GRID, 0.75);
        canvas.text(&number(hold), (x(axis, hold), base + 8.0), LABEL, MUTED, Anchor::TopCentre);
    }
    canvas.line(&[(AXIS, base), (WORDS - 20.0, base)], MUTED, 1.0);
    canvas.text("hold in seconds", (0.5 * (AXIS + WORDS - 20.0), base + 24.0), LABEL, MUTED, Anchor::TopCentre);
}

/// An estimate with its interval; arrows where it has no end.
pub fn interval(canvas: &mut Canvas<'_>, one: &Threshold, (mark, colour): (Mark, RGBColor), axis: HoldAxis, y: f64) {
    // Where there is no such hold, an end is only where one would begin.
    if matches!(one.status, Status::NoSuchHold | Status::NotEnoughData | Status::NotMonotone | Status::Open) {
        return;
    }
    let ends = [(one.lo_s, axis.lo, 1.0), (one.hi_s, axis.hi, -1.0)];
    let [from, to] = ends.map(|(end, edge, _)| x(axis, end.unwrap_or(edge)));
    canvas.line(&[(from, y), (to, y)], colour, 1.75);
    for (end, edge, inward) in ends {
        let at = x(axis, end.unwrap_or(edge));
        let tip: &[Point] = match end {
            Some(_) => &[(at, y - 4.0), (at, y + 4.0)],
            None => &[(at + inward * 6.0, y - 4.0), (at, y), (at + inward * 6.0, y + 4.0)],
        };
        canvas.line(tip, colour, 1.5);
    }
    if let Some(value) = one.value_s {
        canvas.mark(mark, (x(axis, value), y), 4.0, colour, INK);
    }
}
