//! A drawing in pixels, over plotters' SVG backend.
//!
//! The backend takes whole numbers only, so everything is drawn [`FINE`] times larger and the size on the page is set back at the end: curves
//! stay smooth.

use plotters::backend::DrawingBackend;
use plotters::prelude::{Color, IntoFont, RGBColor, SVGBackend, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// How much larger than on the page it is drawn.
const FINE: f64 = 8.0;

/// The width that a dashed line has in the backend, which knows no dashes: no other line has it, since theirs are multiples of a quarter
/// pixel. [`titled`] writes the dashes in. (A line of its own for each dash made most of a drawing's length.)
const DASHED: u32 = 9;

/// Text and axes.
pub const INK: RGBColor = RGBColor(0x1B, 0x1F, 0x24);
/// Text that explains.
pub const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
/// Lines that guide the eye.
pub const GRID: RGBColor = RGBColor(0xD0, 0xD7, 0xDE);
/// The ground.
pub const SURFACE: RGBColor = RGBColor(0xFF, 0xFF, 0xFE);

/// The ground under a text that stands on a pattern, and inside of hollow marks. (The ground of a page may show through the other one.)
pub const PLATE: RGBColor = RGBColor(0xFF, 0xFF, 0xFD);

/// The neutral colours with the CSS variables that stand for them in a page, where the reader may want it dark.
const THEMED: [(&str, &str); 5] = [
    ("#1B1F24", "var(--ink)"),
    ("#57606A", "var(--muted)"),
    ("#D0D7DE", "var(--grid)"),
    ("#FFFFFE", "var(--surface)"),
    ("#FFFFFD", "var(--ground)"),
];

/// Which side of its point a text stands on, and how high.
#[derive(Clone, Copy)]
pub enum Anchor {
    /// Begins there, baseline area below the point.
    TopLeft,
    /// Centred on it, below the point.
    TopCentre,
    /// Ends there, below the point.
    TopRight,
    /// Begins there, centred in height.
    MiddleLeft,
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
            Anchor::TopRight => Pos::new(HPos::Right, VPos::Top),
            Anchor::MiddleLeft => Pos::new(HPos::Left, VPos::Center),
            Anchor::MiddleRight => Pos::new(HPos::Right, VPos::Center),
            Anchor::Middle => Pos::new(HPos::Center, VPos::Center),
        }
    }
}

/// The outline of a mark: told apart by shape as well as by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A disc.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle on its base.
    Triangle,
}

impl Mark {
    /// Its corners around a centre; none for a circle.
    fn corners(self, (x, y): Point, r: f64) -> Vec<Point> {
        match self {
            Mark::Circle => Vec::new(),
            Mark::Square => {
                let r = 0.87 * r;
                vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
            }
            Mark::Diamond => vec![(x, y - 1.2 * r), (x + 1.2 * r, y), (x, y + 1.2 * r), (x - 1.2 * r, y)],
            Mark::Triangle => vec![(x, y - 1.15 * r), (x + 1.1 * r, y + 0.85 * r), (x - 1.1 * r, y + 0.85 * r)],
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

    /// A thin line in dashes of 4 pixels.
    pub fn dashes(&mut self, from: Point, to: Point, colour: RGBColor) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: DASHED };
        let drawn = self.backend.draw_path([fine(from), fine(to)], &style);
        must(drawn);
    }

    /// A filled area between straight edges.
    pub fn area(&mut self, points: &[Point], colour: RGBColor, opacity: f64) {
        let style = ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: 0 };
        let drawn = self.backend.fill_polygon(points.iter().copied().map(fine), &style);
        must(drawn);
    }

    /// The edge of a rectangle.
    pub fn frame(&mut self, from: Point, to: Point, colour: RGBColor, width: f64) {
        self.line(&[from, (to.0, from.1), to, (from.0, to.1), from], colour, width);
    }

    /// Slanted lines over a rectangle, as one line that goes along its edges in between.
    pub fn hatch(&mut self, from: Point, to: Point, step: f64, colour: RGBColor) {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let mut points = Vec::new();
        let mut reach = step;
        while reach < width + height {
            // The slanted line on which x + y is `reach`: from the left or lower edge to the upper or right one.
            let low = (from.0 + (reach - height).max(0.0), from.1 + reach.min(height));
            let high = (from.0 + reach.min(width), from.1 + (reach - width).max(0.0));
            let [first, second] = if points.len() % 4 == 0 { [low, high] } else { [high, low] };
            points.extend([first, second]);
            reach += step;
        }
        if points.len() > 1 {
            self.line(&points, colour, 0.75);
        }
    }

    /// A mark with an edge.
    pub fn mark(&mut self, mark: Mark, centre: Point, radius: f64, fill: RGBColor, edge: RGBColor) {
        let mut corners = mark.corners(centre, radius);
        let Some(&first) = corners.first() else { return self.dot(centre, radius, fill, edge) };
        self.area(&corners, fill, 1.0);
        corners.push(first);
        self.line(&corners, edge, 1.0);
    }

    /// The edge of a circle.
    pub fn ring(&mut self, centre: Point, radius: f64, colour: RGBColor) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: FINE as u32 };
        let drawn = self.backend.draw_circle(fine(centre), (radius * FINE) as u32, &style, false);
        must(drawn);
    }

    /// A filled circle without an edge.
    pub fn disc(&mut self, centre: Point, radius: f64, colour: RGBColor) {
        let style = ShapeStyle { color: colour.to_rgba(), filled: true, stroke_width: 0 };
        let drawn = self.backend.draw_circle(fine(centre), (radius * FINE) as u32, &style, true);
        must(drawn);
    }

    /// A filled circle with an edge.
    pub fn dot(&mut self, centre: Point, radius: f64, fill: RGBColor, edge: RGBColor) {
        self.disc(centre, radius + 0.8, edge);
        self.disc(centre, radius, fill);
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
    // What is so by default, or said once for all, need not stand in each of some hundred elements.
    let body = SAID_ONCE.iter().fold(body.to_owned(), |body, (word, short)| body.replace(word, short));
    let (wide, high) = (width * FINE, height * FINE);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         font-family=\"sans-serif\" fill=\"none\" role=\"img\">\n<title>{}</title>{body}",
        escaped(title)
    )
}

/// What the backend says in every element, and what is left of it.
const SAID_ONCE: [(&str, &str); 8] = [
    (" font-family=\"sans-serif\"", ""),
    (" text-anchor=\"start\"", ""),
    (" opacity=\"1\"", ""),
    (" fill=\"none\"", ""),
    (" stroke=\"none\" stroke-width=\"0\"", ""),
    (" stroke=\"none\"", ""),
    ("\n</text>", "</text>"),
    (" stroke-width=\"9\"", " stroke-width=\"9\" stroke-dasharray=\"32 24\""),
];

/// The drawing for a page that sets its own neutral colours and width.
pub fn themed(svg: &str) -> String {
    THEMED.iter().fold(svg.to_owned(), |svg, (colour, variable)| svg.replace(colour, variable))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A generous estimate of the width of a text of `size` pixels, in pixels, from the widths of DejaVu Sans; most fonts are narrower.
pub fn text_width(text: &str, size: f64) -> f64 {
    size * text.chars().map(advance).sum::<f64>()
}

/// The width of a letter as a share of the font's size, rounded up.
fn advance(letter: char) -> f64 {
    match letter {
        ' ' | 'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' => 0.33,
        'f' | 't' | 'r' | ':' | ';' | '/' | '-' | '(' | ')' | 'I' | 'J' | '!' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '→' | '≥' | '≤' => 1.0,
        '+' | '=' | '<' | '>' | '~' | '#' | '&' => 0.85,
        letter if letter.is_ascii_uppercase() => 0.79,
        letter if letter.is_ascii() => 0.64,
        _ => 1.0,
    }
}

/// The text, cut to fit `width` pixels.
pub fn fitted(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut room = width - size * advance('…');
    let fits = |letter: &char| {
        room -= size * advance(*letter);
        room >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// A name, cut in its middle to fit `width` pixels: what tells it from its siblings (a voltage, a unit) stands at its end.
pub fn shortened(name: &str, size: f64, width: f64) -> String {
    if text_width(name, size) <= width {
        return name.to_owned();
    }
    let room = width - size * advance('…');
    let fits = |share: f64| {
        let mut left = share * room;
        move |letter: &char| {
            left -= size * advance(*letter);
            left >= 0.0
        }
    };
    let head: String = name.chars().take_while(fits(0.25)).collect();
    let mut tail: Vec<char> = name.chars().rev().take_while(fits(0.75)).collect();
    tail.reverse();
    format!("{head}…{}", tail.into_iter().collect::<String>())
}

/// The text in lines that fit `width` pixels each; a longer word stands alone and is cut.
pub fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) + size < width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fitted(word, size, width)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_fits_and_says_that_it_was_cut() {
        for text in ["clone-5v2a at 4.75 V", "WWWWWWWWWWWWWWWWWWWW", "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii", "äöüéèçñ äöüéèçñ"]
        {
            let cut = fitted(text, 11.0, 80.0);
            assert!(text_width(&cut, 11.0) <= 80.0 && cut.ends_with('…'), "{cut}");
            assert_eq!(fitted(text, 11.0, 400.0), text);
        }
        assert!(
            wrapped("a few words and onelongwordthatfitsnowhere", 11.0, 90.0).iter().all(|line| text_width(line, 11.0) <= 90.0)
        );
    }

    #[test]
    fn a_hatch_stays_within_its_rectangle() {
        let mut svg = String::new();
        let mut canvas = Canvas::new(&mut svg, 100.0, 50.0);
        canvas.hatch((10.0, 10.0), (90.0, 30.0), 6.0, INK);
        canvas.finish();
        let points = svg.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        let inside = |point: &str| {
            let (x, y) = point.split_once(',').unwrap();
            let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
            (79.0..=721.0).contains(&x) && (79.0..=241.0).contains(&y)
        };
        assert!(points.split_whitespace().count() > 20 && points.split_whitespace().all(inside), "{points}");
    }
}
