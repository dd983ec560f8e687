//! success-by-hold.svg: the reset rate over the hold, a small panel for each adapter (and unit, voltage, evidence level).

mod axis;
mod canvas;
mod draw;
mod figure;
mod panels;

pub use canvas::themed;
pub use figure::{Figure, TrialKey, figures, timelines};
pub use panels::group_titles;

use crate::analysis::Analysis;
use axis::HoldAxis;
use canvas::{Anchor, Canvas, INK, MUTED, titled, wrapped};
use draw::{Frame, draw};
use panels::{Panel, panels};
use plotters::prelude::RGBColor;

/// Width of a panel in pixels where one, two or three stand side by side.
const WIDTHS: [f64; 3] = [620.0, 420.0, 320.0];

/// Height of the title above the panels.
const HEAD: f64 = 44.0;

/// Panels beyond this number are left out, and the drawing says so.
const PANELS_MAX: usize = 48;

/// Colours that people with any common colour blindness can tell apart (Okabe and Ito 2008, "Color Universal Design"), without the black
/// and the yellow, which vanish on a dark and a white ground. Titles tell the panels apart; colours only help.
const PALETTE: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
];

/// The chart as an SVG file.
pub fn success_by_hold(analysis: &Analysis) -> Vec<u8> {
    let all = panels(analysis);
    let (shown, hidden) = all.split_at(all.len().min(PANELS_MAX));
    let columns = columns(shown.len());
    let frame = (WIDTHS[columns - 1], if columns < 3 { 300.0 } else { 262.0 });
    let width = frame.0 * columns as f64;
    let notes = wrapped(&note(analysis, shown, hidden.len()), 11.0, width - 30.0);
    let rows = shown.len().div_ceil(columns).max(1);
    let height = HEAD + rows as f64 * frame.1 + 15.0 * notes.len() as f64 + 18.0;
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let title = format!("Reset rate by hold: {name}");

    let mut svg = String::new();
    let mut canvas = Canvas::new(&mut svg, width, height);
    canvas.text(&title, (15.0, 14.0), 17.0, INK, Anchor::TopLeft);
    draw_panels(&mut canvas, shown, columns, frame);
    for (index, line) in notes.iter().enumerate() {
        let y = HEAD + rows as f64 * frame.1 + 6.0 + 15.0 * index as f64;
        canvas.text(line, (15.0, y), 11.0, MUTED, Anchor::TopLeft);
    }
    canvas.finish();
    titled(&svg, width, height, &title).into_bytes()
}

fn draw_panels(canvas: &mut Canvas<'_>, shown: &[Panel], columns: usize, (width, height): (f64, f64)) {
    let holds = shown.iter().flat_map(|panel| panel.points.iter().map(|point| point.hold_s).chain(panel.tried.iter().copied()));
    let axis = HoldAxis::over(holds);
    for (index, panel) in shown.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let frame = Frame { x: column as f64 * width, y: HEAD + row as f64 * height, width, height };
        draw(canvas, panel, frame, axis, PALETTE[index % PALETTE.len()]);
    }
}

/// One, two or three panels side by side: narrower ones would crowd their labels.
fn columns(panels: usize) -> usize {
    match panels {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
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
        note.push_str(" Line: fitted response.");
    }
    if shown.iter().any(|panel| panel.hold95.is_some()) {
        note.push_str(" Dashed line and band: the hold for 95 % success with its 95 % interval.");
    }
    if hidden > 0 {
        note.push_str(&format!(" {hidden} more panels are not drawn; cells.csv has them."));
    }
    note
}
