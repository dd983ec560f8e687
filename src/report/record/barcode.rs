//! A barcode that a hand scanner reads: Code 128 as an SVG drawing.

use barcoders::sym::code128::Code128;
use std::fmt::Write;

/// The letter by which the crate is told to begin in code set B: all printable ASCII.
const SET_B: char = '\u{0181}';
/// Blank modules beside the bars: the standard asks for ten.
const QUIET: usize = 10;
/// Height of the drawing, in modules.
const HEIGHT: usize = 40;

/// The drawing; empty where the text has letters that Code 128 does not know.
pub(super) fn svg(text: &str) -> String {
    let Ok(code) = Code128::new(format!("{SET_B}{text}")) else { return String::new() };
    let modules = code.encode();
    let width = modules.len() + 2 * QUIET;
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\">\
         <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    );
    let mut place = 0;
    while place < modules.len() {
        let run = modules[place..].iter().take_while(|module| **module == modules[place]).count();
        if modules[place] == 1 {
            let _ = write!(drawing, "<rect x=\"{}\" width=\"{run}\" height=\"{HEIGHT}\"/>", place + QUIET);
        }
        place += run;
    }
    drawing + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_length_that_the_standard_gives() {
        let drawing = svg("01990000-0000-7000-8000-000000000001");
        // Start, 36 letters and the check letter of 11 modules each, the stop of 13, and two quiet zones.
        assert!(drawing.contains(&format!("viewBox=\"0 0 {} ", 38 * 11 + 13 + 20)), "{drawing}");
        assert!(svg("ä").is_empty());
    }
}
