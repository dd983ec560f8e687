//! shmoo.svg: what was tried, by adapter or voltage and hold, and how often it reset.

use super::canvas::{Anchor, Canvas, GRID, INK, MUTED, PLATE, Point, shortened, text_width};
use super::panels::group_titles;
use super::sheet::{HEAD, LABEL, MOST, ON_DARK, ON_LIGHT, SIDE, not_drawn, sheet};
use crate::analysis::Analysis;
use crate::analysis::group::Group;
use crate::analysis::shmoo::{Column, Count, shmoo};
use crate::report::words::{number, suite_order};
use plotters::prelude::RGBColor;
use std::cmp::Reverse;

/// Height of a cell.
const ROW: f64 = 24.0;
/// Size of the letters in a cell.
const SMALL: f64 = 10.0;
/// The widest that the names of the rows may be.
const NAMES: f64 = 320.0;
/// Width of a box of the legend.
const BOX: f64 = 46.0;

/// The colours of no, half and all resets: darker for more, so that grey tells the order too.
const RAMP: [[f64; 3]; 3] = [[253.0, 236.0, 204.0], [122.0, 180.0, 214.0], [0.0, 72.0, 118.0]];

/// A row of the drawing.
struct Row {
    title: String,
    counts: Vec<Count>,
    group: Group,
}

/// Holds whose contours are drawn where voltages stand one above the other, with the words of the legend and whether the line is solid.
const CONTOURS: [(&str, &str, bool); 2] = [("hold50", "50 % by the fit", false), ("hold95", "95 % by the fit", true)];

/// The chart as an SVG file; `None` for fewer than two rows, which success-by-hold shows better.
pub fn shmoo_chart(analysis: &Analysis) -> Option<Vec<u8>> {
    let found = shmoo(&analysis.cells)?;
    let mut groups: Vec<(Group, String)> = group_titles(analysis);
    // The highest voltage stands on top, as in every shmoo.
    groups.sort_by_key(|(group, _)| (suite_order(analysis, &group.adapter), group.dut_serial.clone(), Reverse(group.supply_v)));
    let row = |(group, title): (Group, String)| Some(Row { counts: found.rows.get(&group)?.clone(), title, group });
    let rows: Vec<Row> = groups.into_iter().filter_map(row).collect();
    if rows.len() < 2 {
        return None;
    }
    let (shown, hidden) = rows.split_at(rows.len().min(MOST));
    let heads: Vec<String> = found.columns.iter().map(head).collect();
    let texts = shown.iter().flat_map(|row| row.counts.iter().map(words)).chain(heads.iter().cloned());
    let cell = texts.map(|text| text_width(&text, SMALL) + 8.0).fold(30.0, f64::max);
    let names = shown.iter().map(|row| text_width(&row.title, LABEL)).fold(40.0, f64::max).min(NAMES);
    let left = SIDE + names + 10.0;
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let title = format!("What was tried, and how often it reset: {name}");
    // Room for the legend.
    let room = if shown.iter().any(|row| row.group.supply_v.is_some()) { 650.0 } else { SIDE + 6.0 * BOX + 190.0 };
    let least = (text_width(&title, 17.0) + 2.0 * SIDE).min(620.0).max(room);
    let width = (left + cell * heads.len() as f64 + SIDE).max(least);
    let body = ROW * shown.len() as f64 + 78.0;
    let notes = format!(
        "In each cell: factory resets / judged presses. \"Not ready\": the camera was never ready, so never pressed.{}",
        not_drawn(hidden.len(), "rows", "cells.csv")
    );
    Some(sheet(&title, width, body, &notes, |canvas| {
        for (index, row) in shown.iter().enumerate() {
            draw_row(canvas, row, (left, HEAD + ROW * index as f64), cell, names);
        }
        let drawn = CONTOURS.map(|contour| contour_of(analysis, contour, shown, &found.columns));
        for (lines, (_, _, solid)) in drawn.iter().zip(CONTOURS) {
            lines.iter().for_each(|line| draw_contour(canvas, line, (left, HEAD), cell, solid));
        }
        let base = HEAD + ROW * shown.len() as f64;
        for (index, head) in heads.iter().enumerate() {
            canvas.text(head, (left + cell * (index as f64 + 0.5), base + 6.0), SMALL, MUTED, Anchor::TopCentre);
        }
        let middle = left + 0.5 * cell * heads.len() as f64;
        let half = 0.5 * text_width("hold in seconds", LABEL);
        canvas.text("hold in seconds", (middle.min(width - SIDE - half), base + 22.0), LABEL, MUTED, Anchor::TopCentre);
        legend(canvas, base + 48.0, drawn.iter().any(|lines| !lines.is_empty()));
    }))
}

/// The holds of a column.
fn head(column: &Column) -> String {
    let (from, to) = (number(column.from_s), number(column.to_s));
    if from == to { from } else { format!("{from} to {to}") }
}

fn words(count: &Count) -> String {
    match count {
        Count { n: 0, not_ready: 0, .. } => String::new(),
        Count { n: 0, .. } => "not ready".to_owned(),
        Count { resets, n, .. } => format!("{resets}/{n}"),
    }
}

fn draw_row(canvas: &mut Canvas<'_>, row: &Row, (left, y): Point, cell: f64, names: f64) {
    let middle = y + 0.5 * ROW;
    canvas.text(&shortened(&row.title, LABEL, names), (left - 10.0, middle), LABEL, INK, Anchor::MiddleRight);
    for (index, count) in row.counts.iter().enumerate() {
        let x = left + cell * index as f64;
        let (from, to) = ((x + 0.75, y + 0.75), (x + cell - 0.75, y + ROW - 0.75));
        let text = words(count);
        let centre = (x + 0.5 * cell, middle);
        if count.n > 0 {
            let rate = f64::from(count.resets) / f64::from(count.n);
            canvas.rect(from, to, colour(rate), 1.0);
            canvas.text(&text, centre, SMALL, ink(rate), Anchor::Middle);
            continue;
        }
        untested(canvas, from, to);
        if !text.is_empty() {
            let half = 0.5 * text_width(&text, SMALL) + 1.0;
            canvas.rect((centre.0 - half, middle - 7.0), (centre.0 + half, middle + 7.0), PLATE, 1.0);
            canvas.text(&text, centre, SMALL, INK, Anchor::Middle);
        }
    }
}

fn untested(canvas: &mut Canvas<'_>, from: Point, to: Point) {
    canvas.hatch(from, to, 6.0, MUTED);
    canvas.frame(from, to, GRID, 0.75);
}

/// A contour: in which rows, and before which column each of them reaches it.
type Contour = Vec<(usize, usize)>;

/// Where rows of one adapter and unit at voltages reach a hold: one line for as many rows as stand below each other and have such a hold.
fn contour_of(analysis: &Analysis, (quantity, ..): (&str, &str, bool), rows: &[Row], columns: &[Column]) -> Vec<Contour> {
    let reached = |row: &Row| {
        row.group.supply_v?;
        let response = analysis.responses.iter().find(|response| response.group == row.group)?;
        let hold = response.best(quantity)?.value_s?;
        Some(columns.iter().filter(|column| (column.from_s * column.to_s).sqrt() < hold).count())
    };
    let same = |a: &Row, b: &Row| Group { supply_v: None, ..a.group.clone() } == Group { supply_v: None, ..b.group.clone() };
    let mut lines: Vec<Contour> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(at) = reached(row) else { continue };
        match lines.last_mut().filter(|line| line.last().is_some_and(|(last, _)| last + 1 == index && same(&rows[*last], row))) {
            Some(line) => line.push((index, at)),
            None => lines.push(vec![(index, at)]),
        }
    }
    lines.retain(|line| line.len() > 1);
    lines
}

/// Along the edges of cells, so that no number is covered.
fn draw_contour(canvas: &mut Canvas<'_>, line: &Contour, (left, top): Point, cell: f64, solid: bool) {
    let at = |row: usize, column: usize| (left + cell * column as f64, top + ROW * row as f64);
    let points: Vec<Point> = line.iter().flat_map(|(row, column)| [at(*row, *column), at(row + 1, *column)]).collect();
    if solid {
        canvas.line(&points, PLATE, 4.0);
        canvas.line(&points, INK, 2.0);
    } else {
        points.windows(2).filter(|pair| pair[0] != pair[1]).for_each(|pair| canvas.dashes(pair[0], pair[1], INK));
    }
}

fn legend(canvas: &mut Canvas<'_>, y: f64, contours: bool) {
    for quarter in 0..=4_u32 {
        let (x, rate) = (SIDE + BOX * f64::from(quarter), 0.25 * f64::from(quarter));
        canvas.rect((x, y), (x + BOX, y + 18.0), colour(rate), 1.0);
        canvas.text(&format!("{} %", 25 * quarter), (x + 0.5 * BOX, y + 9.0), SMALL, ink(rate), Anchor::Middle);
    }
    let x = SIDE + 5.0 * BOX + 14.0;
    untested(canvas, (x, y), (x + 30.0, y + 18.0));
    canvas.text("nothing judged", (x + 38.0, y + 9.0), LABEL, MUTED, Anchor::MiddleLeft);
    for (index, (_, words, solid)) in CONTOURS.into_iter().enumerate().filter(|_| contours) {
        let x = x + 130.0 + 125.0 * index as f64;
        let ends = [(x, y + 9.0), (x + 24.0, y + 9.0)];
        if solid {
            canvas.line(&ends, INK, 2.0)
        } else {
            canvas.dashes(ends[0], ends[1], INK)
        }
        canvas.text(words, (x + 30.0, y + 9.0), LABEL, MUTED, Anchor::MiddleLeft);
    }
}

fn colour(rate: f64) -> RGBColor {
    let (from, to, share) = if rate < 0.5 { (RAMP[0], RAMP[1], 2.0 * rate) } else { (RAMP[1], RAMP[2], 2.0 * rate - 1.0) };
    let mix = |index: usize| (from[index] + share * (to[index] - from[index])).round() as u8;
    RGBColor(mix(0), mix(1), mix(2))
}

/// Dark letters on light cells, light ones on dark cells.
fn ink(rate: f64) -> RGBColor {
    if luminance(colour(rate)) > 0.18 { ON_LIGHT } else { ON_DARK }
}

/// Relative luminance (WCAG 2.1): 0 for black to 1 for white. At 0.18 black and white letters have the same contrast.
fn luminance(RGBColor(red, green, blue): RGBColor) -> f64 {
    let linear = |value: u8| {
        let share = f64::from(value) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_resets_are_always_darker_and_letters_can_be_read() {
        let shades: Vec<f64> = (0..=100).map(|percent| luminance(colour(f64::from(percent) / 100.0))).collect();
        assert!(shades.windows(2).all(|pair| pair[1] < pair[0]), "{shades:?}");
        for percent in 0..=100 {
            let rate = f64::from(percent) / 100.0;
            let (ground, letters) = (luminance(colour(rate)), luminance(ink(rate)));
            let contrast = (ground.max(letters) + 0.05) / (ground.min(letters) + 0.05);
            assert!(contrast >= 4.5, "{percent} %: {contrast}");
        }
    }
}
