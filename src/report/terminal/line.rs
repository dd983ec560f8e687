//! A line of a terminal as pieces of text with a meaning. How a meaning looks is decided last, so that colour never carries it alone.

use unicode_width::UnicodeWidthChar;

/// What the terminal can show and what its user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Bold and reversed text, and colours if they are wanted.
    pub styled: bool,
    /// Colours.
    pub colour: bool,
    /// Characters outside ASCII.
    pub unicode: bool,
}

impl Look {
    /// Text alone, for files and pipes.
    pub const PLAIN: Look = Look { styled: false, colour: false, unicode: true };
}

/// What kind of ending a trial had. There is no "good": a reset after two seconds may be the bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A factory reset after a press.
    Reset,
    /// Something happened, short of a reset.
    Partly,
    /// Nothing happened.
    Nothing,
    /// A dead unit, or a reset without a press.
    Alarm,
    /// Not judged, or lost.
    Unclear,
}

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As it is.
    Plain,
    /// To be read first.
    Strong,
    /// To be read last.
    Faint,
    /// How a trial ended, within a line.
    Toned(Tone),
    /// How a trial ended, large: a bar of its own.
    Banner(Tone),
}

impl Ink {
    /// Parameters of the escape sequence that begins it (ECMA-48, SGR); empty for none.
    fn codes(self, look: Look) -> &'static str {
        match (self, look.styled, look.colour) {
            (Ink::Plain, _, _) | (_, false, _) => "",
            (Ink::Strong, true, _) => "1",
            (Ink::Faint, true, _) => "2",
            (Ink::Toned(_), true, false) => "1",
            (Ink::Banner(_), true, false) => "1;7",
            (Ink::Toned(tone), true, true) => match tone {
                Tone::Reset => "1;36",
                Tone::Partly => "1;33",
                Tone::Nothing => "1",
                Tone::Alarm => "1;31",
                Tone::Unclear => "1;35",
            },
            (Ink::Banner(tone), true, true) => match tone {
                Tone::Reset => "1;37;44",
                Tone::Partly => "1;30;43",
                Tone::Nothing => "1;7",
                Tone::Alarm => "1;37;41",
                Tone::Unclear => "1;37;45",
            },
        }
    }
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    parts: Vec<(Ink, String)>,
}

impl Line {
    /// A line of one piece.
    pub fn of(ink: Ink, text: impl Into<String>) -> Self {
        Self::default().and(ink, text)
    }

    /// The line with a further piece. Control characters, which a name in a file may hold, are shown as `?`.
    pub fn and(mut self, ink: Ink, text: impl Into<String>) -> Self {
        let text: String = text.into().chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        self.parts.push((ink, text));
        self
    }

    /// The line with another behind it.
    pub fn join(mut self, other: Line) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.parts.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.parts.iter().map(|(_, text)| columns_of(text)).sum()
    }

    /// Whether it has no text.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|(_, text)| text.is_empty())
    }

    /// The line cut to so many columns; three points show that something is missing.
    pub fn fit(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mark = "...";
        let mut left = columns.saturating_sub(mark.len());
        let mut parts = Vec::new();
        for (ink, text) in self.parts {
            let kept = head(&text, left).to_owned();
            left = left.saturating_sub(columns_of(&kept));
            let cut = kept.len() < text.len();
            parts.push((ink, kept));
            if cut {
                parts.push((ink, mark[..mark.len().min(columns)].to_owned()));
                break;
            }
        }
        Self { parts }
    }

    /// The line with blanks at its end, so that a bar reaches over so many columns.
    pub fn fill(mut self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        if let Some((_, text)) = self.parts.last_mut() {
            text.extend(std::iter::repeat_n(' ', missing));
        }
        self
    }

    /// The line for this terminal.
    pub fn render(&self, look: Look) -> String {
        let mut text = String::new();
        for (ink, part) in &self.parts {
            let codes = ink.codes(look);
            if codes.is_empty() || part.is_empty() {
                text.push_str(part);
            } else {
                text.push_str(&format!("\x1b[{codes}m{part}\x1b[0m"));
            }
        }
        if look.unicode { text } else { ascii(&text) }
    }
}

/// How many columns a text takes on a terminal.
pub fn columns_of(text: &str) -> usize {
    text.chars().map(|letter| letter.width().unwrap_or(0)).sum()
}

/// As much of the beginning as takes no more than so many columns.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, letter) in text.char_indices() {
        used += letter.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// The characters that this program itself draws have their likeness in ASCII; others become `?`.
fn ascii(text: &str) -> String {
    let plain = |letter: char| match letter {
        '●' => '*',
        '◐' => '+',
        '○' => 'o',
        '█' | '▉' => '#',
        '░' => '.',
        '─' => '-',
        letter if letter.is_ascii() => letter,
        _ => '?',
    };
    text.chars().map(plain).collect()
}

/// Breaks a text at blanks into lines of at most so many columns; all but the first begin with `indent` blanks. A word that is longer than a
/// line, such as a path, is left whole: who copies it needs it so.
pub fn wrap(text: &str, columns: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let first = paragraph.len() - paragraph.trim_start().len();
        let mut line = paragraph[..first].to_owned();
        let mut empty = true;
        for word in words(paragraph) {
            if !empty && columns_of(&line) + 1 + columns_of(&word) > columns {
                lines.push(std::mem::replace(&mut line, " ".repeat(first + indent)));
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(&word);
            empty = false;
        }
        lines.push(line);
    }
    lines
}

/// The words of a text; a unit stays with its number.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let unit = matches!(word.trim_end_matches([',', '.', ';', ':', ')']), "%" | "s" | "V" | "A" | "min" | "h");
        let number = words.last().is_some_and(|last| last.ends_with(|letter: char| letter.is_ascii_digit()));
        match words.last_mut().filter(|_| unit && number) {
            Some(last) => *last += &format!(" {word}"),
            None => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: Look = Look { styled: true, colour: true, unicode: true };

    #[test]
    fn a_line_reads_the_same_with_and_without_its_looks() {
        let line = Line::of(Ink::Toned(Tone::Reset), "● RESET").and(Ink::Plain, " at 3 s");
        assert_eq!(line.render(Look::PLAIN), "● RESET at 3 s");
        assert_eq!(line.render(Look { unicode: false, ..Look::PLAIN }), "* RESET at 3 s");
        assert_eq!(line.render(ALL), "\x1b[1;36m● RESET\x1b[0m at 3 s");
        assert_eq!(line.render(Look { colour: false, ..ALL }), "\x1b[1m● RESET\x1b[0m at 3 s");
    }

    #[test]
    fn names_cannot_move_the_cursor() {
        assert_eq!(Line::of(Ink::Plain, "a\x1b[2Jb\n").text(), "a?[2Jb?");
    }

    #[test]
    fn what_does_not_fit_is_cut_and_marked() {
        let line = Line::of(Ink::Strong, "hold-sweep").and(Ink::Plain, " of unit 7");
        assert_eq!(line.clone().fit(20).text(), "hold-sweep of unit 7");
        assert_eq!(line.clone().fit(14).text(), "hold-sweep ...");
        assert_eq!(line.fit(8).text(), "hold-...");
        assert_eq!(Line::of(Ink::Plain, "x").fill(3).text(), "x  ");
    }

    #[test]
    fn a_text_is_broken_at_blanks_and_indented() {
        assert_eq!(wrap("  one two three\nfour", 9, 2), ["  one two", "    three", "four"]);
        assert_eq!(wrap("of at least 60 %, or 17.5 s.", 15, 2), ["of at least", "  60 %, or", "  17.5 s."]);
        assert_eq!(wrap("pinhole resume reports/long-name", 12, 2), ["pinhole", "  resume", "  reports/long-name"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_what_it_is_fitted_to(parts in prop::collection::vec("[a-z0-9 ●世…]{0,12}", 0..5), columns in 0_usize..40) {
            let line = parts.iter().fold(Line::default(), |line, part| line.and(Ink::Plain, part.as_str()));
            prop_assert!(line.fit(columns).width() <= columns);
        }

        #[test]
        fn wrapping_loses_no_word(text in "[a-z ]{0,80}", columns in 1_usize..40) {
            let words: Vec<String> = wrap(&text, columns, 2).iter().flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
            let wanted: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            prop_assert_eq!(words, wanted);
        }
    }
}
