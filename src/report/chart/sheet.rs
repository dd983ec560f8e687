//! The sheet that a drawing stands on: title above, notes below, and small panels side by side.

use super::canvas::{Anchor, Canvas, INK, MUTED, fitted, titled, wrapped};
use plotters::prelude::RGBColor;

/// Height of the title.
pub const HEAD: f64 = 44.0;

/// Space at the sides.
pub const SIDE: f64 = 15.0;

/// Size of the letters of labels, in pixels.
pub const LABEL: f64 = 11.0;

/// Panels or rows beyond this number are left out, and the drawing says so.
pub const MOST: usize = 48;

/// Okabe and Ito 2008, "Color Universal Design".
pub const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// Red for those who see it, and darker than orange for all.
pub const VERMILION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// Bluish green.
pub const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
/// Reddish purple.
pub const PURPLE: RGBColor = RGBColor(0xCC, 0x79, 0xA7);
/// Light and warm.
pub const ORANGE: RGBColor = RGBColor(0xE6, 0x9F, 0x00);
/// Light and cold.
pub const SKY: RGBColor = RGBColor(0x56, 0xB4, 0xE9);

/// The colours without black and yellow, which vanish on a dark and on a white ground.
pub const PALETTE: [RGBColor; 6] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY];

/// Text on a light and on a dark filling of our own, whatever ground the page has.
pub const ON_LIGHT: RGBColor = RGBColor(0x00, 0x00, 0x00);
/// The other.
pub const ON_DARK: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// Makes a drawing `width` pixels wide: the title, `body` pixels from [`HEAD`] on that `draw` fills, and the notes.
pub fn sheet(title: &str, width: f64, body: f64, notes: &str, draw: impl FnOnce(&mut Canvas<'_>)) -> Vec<u8> {
    let notes = if notes.is_empty() { Vec::new() } else { wrapped(notes, LABEL, width - 2.0 * SIDE) };
    let height = HEAD + body + 15.0 * notes.len() as f64 + 18.0;
    let mut svg = String::new();
    let mut canvas = Canvas::new(&mut svg, width, height);
    canvas.text(&fitted(title, 17.0, width - 2.0 * SIDE), (SIDE, 14.0), 17.0, INK, Anchor::TopLeft);
    draw(&mut canvas);
    for (index, line) in notes.iter().enumerate() {
        canvas.text(line, (SIDE, HEAD + body + 6.0 + 15.0 * index as f64), LABEL, MUTED, Anchor::TopLeft);
    }
    canvas.finish();
    titled(&svg, width, height, title).into_bytes()
}

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

/// Equal panels in rows.
#[derive(Clone, Copy)]
pub struct Grid {
    columns: usize,
    rows: usize,
    panel: (f64, f64),
}

impl Grid {
    /// One, two or three of `panels` side by side, since narrower ones would crowd their labels; each so high where they stand alone or in
    /// pairs, and lower where three do.
    pub fn of(panels: usize, heights: (f64, f64)) -> Self {
        let columns = match panels {
            0 | 1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        let width = [620.0, 420.0, 320.0][columns - 1];
        let height = if columns < 3 { heights.0 } else { heights.1 };
        Self { columns, rows: panels.div_ceil(columns).max(1), panel: (width, height) }
    }

    /// Width of all.
    pub fn width(&self) -> f64 {
        self.columns as f64 * self.panel.0
    }

    /// Height of all.
    pub fn height(&self) -> f64 {
        self.rows as f64 * self.panel.1
    }

    /// The frame of a panel on a sheet.
    pub fn frame(&self, index: usize) -> Frame {
        let (column, row) = (index % self.columns, index / self.columns);
        let (width, height) = self.panel;
        Frame { x: column as f64 * width, y: HEAD + row as f64 * height, width, height }
    }
}

/// What a note says of panels or rows that are not drawn; empty where all are.
pub fn not_drawn(hidden: usize, what: &str, elsewhere: &str) -> String {
    if hidden == 0 { String::new() } else { format!(" {hidden} more {what} are not drawn; {elsewhere} has them.") }
}
