//! Puts the live view on a terminal, in place of the one before.

use crate::report::terminal::{Line, Look};

/// What stands on the terminal now.
#[derive(Debug, Default)]
pub struct Painter {
    /// Columns of each line of the last view.
    widths: Vec<usize>,
}

impl Painter {
    /// The text that puts `above` for good where the last view began, and the new view below it. The cursor stays at the end of the view.
    ///
    /// Each line is overwritten and then cleared to its end, so that nothing flickers. A view that was made for a wider terminal was broken
    /// into more rows when the terminal became narrower: they are counted by the width of now.
    pub fn paint(&mut self, above: &[String], view: &[Line], columns: usize, look: Look) -> String {
        let mut text = self.to_begin(columns);
        for line in above {
            text.push_str(line);
            text.push_str("\x1b[K\n");
        }
        for (index, line) in view.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            text.push_str(&line.render(look));
            text.push_str("\x1b[K");
        }
        text.push_str("\x1b[J");
        self.widths = view.iter().map(Line::width).collect();
        text
    }

    /// From the end of the last view to its begin.
    fn to_begin(&self, columns: usize) -> String {
        let rows: usize = self.widths.iter().map(|width| width.div_ceil(columns.max(1)).max(1)).sum();
        match rows {
            0 => String::new(),
            1 => "\r".to_owned(),
            rows => format!("\r\x1b[{}A", rows - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::Ink;

    /// As much of a terminal as the painter uses. It is high enough that nothing scrolls.
    struct Terminal {
        rows: Vec<String>,
        row: usize,
        column: usize,
    }

    impl Terminal {
        fn show(&mut self, text: &str) {
            let mut rest = text;
            while let Some(first) = rest.chars().next() {
                rest = &rest[first.len_utf8()..];
                match first {
                    '\r' => self.column = 0,
                    '\n' => (self.row, self.column) = (self.row + 1, 0),
                    '\x1b' => {
                        let end = rest.find(|letter: char| letter.is_ascii_alphabetic()).unwrap();
                        let (count, what) = (rest[1..end].parse().unwrap_or(1), &rest[end..=end]);
                        rest = &rest[end + 1..];
                        self.escape(what, count);
                    }
                    letter => {
                        self.reach();
                        let row = &mut self.rows[self.row];
                        let end = (self.column + 1).min(row.len());
                        row.replace_range(self.column..end, &letter.to_string());
                        self.column += 1;
                    }
                }
            }
        }

        fn reach(&mut self) {
            self.rows.resize(self.rows.len().max(self.row + 1), String::new());
            while self.rows[self.row].len() < self.column {
                self.rows[self.row].push(' ');
            }
        }

        fn escape(&mut self, what: &str, count: usize) {
            self.reach();
            match what {
                "A" => self.row -= count,
                "K" => self.rows[self.row].truncate(self.column),
                "J" => {
                    self.rows[self.row].truncate(self.column);
                    self.rows.truncate(self.row + 1);
                }
                other => panic!("the painter should not use {other}"),
            }
        }
    }

    fn view(lines: &[&str]) -> Vec<Line> {
        lines.iter().map(|line| Line::of(Ink::Plain, *line)).collect()
    }

    #[test]
    fn a_view_replaces_the_one_before_and_what_is_above_stays() {
        let mut terminal = Terminal { rows: vec!["$ pinhole run".to_owned()], row: 1, column: 0 };
        let mut painter = Painter::default();
        terminal.show(&painter.paint(&[], &view(&["one", "two", "three"]), 40, Look::PLAIN));
        assert_eq!(terminal.rows, ["$ pinhole run", "one", "two", "three"]);
        terminal.show(&painter.paint(&["slot 0: reset".to_owned()], &view(&["1", "2"]), 40, Look::PLAIN));
        assert_eq!(terminal.rows, ["$ pinhole run", "slot 0: reset", "1", "2"]);
        terminal.show(&painter.paint(&["slot 1: nothing".to_owned()], &[], 40, Look::PLAIN));
        assert_eq!(terminal.rows, ["$ pinhole run", "slot 0: reset", "slot 1: nothing", ""]);
        assert_eq!(terminal.column, 0);
    }

    #[test]
    fn rows_of_a_view_that_a_narrower_terminal_broke_are_replaced_too() {
        let mut painter = Painter::default();
        painter.paint(&[], &view(&["0123456789", "", "abc"]), 40, Look::PLAIN);
        assert!(painter.paint(&[], &view(&["x"]), 4, Look::PLAIN).starts_with("\r\x1b[4A"));
    }
}
