//! The text of a file together with the path under which the user knows it.

use std::ops::Range;
use std::sync::Arc;

/// A file's text. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as shown to the user.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A text with its path.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The nearest span that lies inside the text and on character boundaries. Spans come from parsers, and a parser may report a place just
    /// behind the end.
    pub(crate) fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let start = self.floor(span.start);
        let end = self.floor(span.end.max(span.start));
        start..end.max(start)
    }

    fn floor(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_behind_the_end_or_inside_a_character_is_pulled_back() {
        let source = Source::new("a", "aé");
        assert_eq!(source.clamp(0..99), 0..3);
        assert_eq!(source.clamp(2..2), 1..1);
        assert_eq!(source.clamp(7..9), 3..3);
    }
}
