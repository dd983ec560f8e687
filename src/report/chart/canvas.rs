//! A drawing in pixels, over plotters' SVG backend.
//!
//! The backend takes whole numbers only, so everything is drawn [`FINE`] times larger and the size on the page is set back at the end: curves
//! stay smooth.

use plotters::backend::DrawingBackend;
use plotters::prelude::{Color, IntoFont, RGBColor, SVGBackend, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// How much larger than on the page it is drawn.
const FINE: f64 = 8.0;

/// Text and axes.
pub const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
/// Text that explains.
pub const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
/// Lines that guide the eye.
pub const GRID: RGBColor = RGBColor(0xD0, 0xD7, 0xDE);
/// The ground.
pub const SURFACE: RGBColor = RGBColor(0xFF, 0xFF, 0xFE);

/// The four neutral colours with the CSS variables that stand for them in a page, where the reader may want it dark.
const THEMED: [(&str, &str); 4] =
    [("#1B1F24", "var(--ink)"), ("#57606A", "var(--muted)"), ("#D0D7DE", "var(--grid)"), ("#FFFFFE", "var(--surface)")];

/// Which side of its point a text stands on, and how high.
#[derive(Clone, Copy)]
pub enum Anchor {
    /// Begins there, baseline area below the point.
    TopLeft,
    /// Centred on it, below the point.
    TopCentre,
    /// Ends there, centred in height.
    MiddleRight,
    /// Centred both ways.
    Middle,
}

impl Anchor {
    fn pos(self) -> Pos {
        match self {
            Anchor::TopLeft => Pos::new(HPos::Left, VPos::Top),
            Anchor::TopCentre => Pos::new(HPos::Center, VPos::Top),
            Anchor::MiddleRight => Pos::new(HPos::Right, VPos::Center),
            Anchor::Middle => Pos::new(HPos::Center, VPos::Center),
        }
    }
}

/// A drawing that becomes an SVG text.
pub struct Canvas<'a> {
    backend: SVGBackend<'a>,
}

/// A point in pixels from the upper left corner.
pub type Point = (f64, f64);

impl<'a> Canvas<'a> {
    /// An empty drawing of `width` x `height` pixels that goes to `buffer`.
    pub fn new(buffer: &'a mut String, width: f64, height: f64) -> Self {
        let size = ((width * FINE) as u32, (height * FINE) as u32);
        let mut canvas = Self { backend: SVGBackend::with_string(buffer, size) };
        canvas.rect((0.0, 0.0), (width, height), SURFACE, 1.0);
        canvas
    }

    /// A filled rectangle between two corners.
    pub fn rect(&mut self, from: Point, to: Point, colour: RGBColor, opacity: f64) {
        let style = ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: 0 };
        let drawn = self.backend.draw_rect(fine(from), fine(to), &style, true);
        must(drawn);
    }

    /// A line through all points.
    pub fn line(&mut self, points: &[Point], colour: RGBColor, width: f64) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: (width * FINE) as u32 };
        let drawn = self.backend.draw_path(points.iter().copied().map(fine), &style);
        must(drawn);
    }

    /// A line in dashes of 4 pixels.
    pub fn dashes(&mut self, from: Point, to: Point, colour: RGBColor, width: f64) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |pixels: f64| {
            let share = (pixels / length).min(1.0);
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        let mut done = 0.0;
        while done < length {
            self.line(&[at(done), at(done + 4.0)], colour, width);
            done += 7.0;
        }
    }

    /// A filled circle with an edge.
    pub fn dot(&mut self, centre: Point, radius: f64, fill: RGBColor, edge: RGBColor) {
        for (size, colour) in [(radius + 0.8, edge), (radius, fill)] {
            let style = ShapeStyle { color: colour.to_rgba(), filled: true, stroke_width: 0 };
            let drawn = self.backend.draw_circle(fine(centre), (size * FINE) as u32, &style, true);
            must(drawn);
        }
    }

    /// A line of text of `size` pixels.
    pub fn text(&mut self, text: &str, at: Point, size: f64, colour: RGBColor, anchor: Anchor) {
        // The backend writes font sizes divided by 1.24.
        let font = ("sans-serif", size * FINE * 1.24).into_font();
        let style = TextStyle::from(font).color(&colour).pos(anchor.pos());
        let drawn = self.backend.draw_text(text, &style, fine(at));
        must(drawn);
    }

    /// Completes the drawing.
    pub fn finish(mut self) {
        must(self.backend.present());
    }
}

fn fine(point: Point) -> (i32, i32) {
    ((point.0 * FINE).round() as i32, (point.1 * FINE).round() as i32)
}

/// Drawing to a string in memory has no way to fail; a result is all the same what the backend's trait gives.
fn must<T, E>(drawn: Result<T, E>) {
    debug_assert!(drawn.is_ok());
}

/// Sets a finished drawing back to its size on the page and gives it a name for those who cannot see it.
pub fn titled(svg: &str, width: f64, height: f64, title: &str) -> String {
    let body = svg.split_once('>').map_or("", |(_, rest)| rest);
    let (wide, high) = (width * FINE, height * FINE);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" role=\"img\">\n\
         <title>{}</title>{body}",
        escaped(title)
    )
}

/// The drawing for a page that sets its own neutral colours and width.
pub fn themed(svg: &str) -> String {
    THEMED.iter().fold(svg.to_owned(), |svg, (colour, variable)| svg.replace(colour, variable))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A generous estimate of the width of a text of `size` pixels, in pixels: most fonts are narrower than DejaVu Sans.
pub fn text_width(text: &str, size: f64) -> f64 {
    0.61 * size * text.chars().count() as f64
}

/// The text, cut to fit `width` pixels.
pub fn fitted(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let keep = ((width / (0.61 * size)) as usize).saturating_sub(1);
    text.chars().take(keep).chain(['…']).collect()
}

/// The text in lines that fit `width` pixels each.
pub fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) + size < width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
