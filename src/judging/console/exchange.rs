//! The answer to a command.

use super::lines::{Cut, Lines};
use super::matcher::Matcher;
use super::{QUIET, Watched};
use crate::domain::units::Tick;
use regex::bytes::Regex;

/// An answer was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which of the expressions it matches.
    pub which: usize,
    /// The line, freed of what is no text.
    pub line: String,
}

/// Waits for the first line that matches one of several expressions, from the moment a command is sent. The camera echoes what it is sent:
/// a line that ends with the command is never its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    lines: Lines,
    matcher: Matcher,
    watched: Watched,
    hits: Vec<usize>,
}

impl Exchange {
    /// Waits for an answer to `sent`.
    ///
    /// # Errors
    /// When all expressions together are too large for the regex engine.
    pub fn new(sent: &str, expect: Vec<Regex>) -> Result<Self, regex::Error> {
        let matcher = Matcher::of(expect)?.without_echo_of(sent);
        Ok(Self { lines: Lines::new(), matcher, watched: Watched::default(), hits: Vec::new() })
    }

    /// Takes bytes received by `at`. The first answer among them.
    pub fn feed(&mut self, at: Tick, bytes: &[u8]) -> Option<Answer> {
        if bytes.is_empty() {
            return None;
        }
        let mut answer = self.tick(at);
        for &byte in bytes {
            self.watched.grew(at);
            let Some(cut) = self.lines.push(byte) else { continue };
            match cut {
                Cut::End => self.matcher.end(self.lines.text(), &mut self.hits),
                Cut::Full => self.matcher.look(self.lines.text(), &mut self.hits),
            }
            answer = answer.or_else(|| self.answer());
            self.lines.pass(cut);
        }
        answer
    }

    /// Time has passed: an answer without an end, such as a prompt, is looked at when it has stopped growing.
    pub fn tick(&mut self, now: Tick) -> Option<Answer> {
        if self.watched.due(now, QUIET).is_none() || self.lines.text().is_empty() {
            return None;
        }
        self.matcher.look(self.lines.text(), &mut self.hits);
        self.answer()
    }

    fn answer(&mut self) -> Option<Answer> {
        let which = self.hits.drain(..).next()?;
        Some(Answer { which, line: String::from_utf8_lossy(self.lines.text()).into_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(sent: &str, expect: &[&str]) -> Exchange {
        Exchange::new(sent, expect.iter().map(|text| Regex::new(text).unwrap()).collect()).unwrap()
    }

    fn line(answer: Option<Answer>) -> Option<(usize, String)> {
        answer.map(|answer| (answer.which, answer.line))
    }

    #[test]
    fn the_echo_is_no_answer_and_the_first_line_after_it_is() {
        let mut wait = exchange("echo name=pin-4711", &["name=pin-4711", "name=.*"]);
        assert_eq!(line(wait.feed(Tick(1), b"# echo name=pin-4711\r\n")), None);
        assert_eq!(line(wait.feed(Tick(2), b"name=pin-4711\r\n# ")), Some((0, "name=pin-4711".to_owned())));
    }

    #[test]
    fn an_echo_into_which_the_kernel_wrote_is_no_answer() {
        let mut wait = exchange("setname pin-4711", &["pin-4711"]);
        let bytes = b"# setname pin-4711[    9.100000] wlan0 up\r\n# setname pin[    9.200000] wlan0 up\r\n-4711\r\n";
        assert_eq!(line(wait.feed(Tick(1), bytes)), None);
        assert_eq!(line(wait.feed(Tick(2), b"stored pin-4711\r\n")), Some((0, "stored pin-4711".to_owned())));
    }

    #[test]
    fn a_prompt_without_an_end_answers_when_it_stands_still() {
        let mut wait = exchange("reboot", &["^# $"]);
        assert_eq!(line(wait.feed(Tick(0), b"# ")), None);
        assert_eq!(line(wait.tick(Tick(100_000))), None);
        assert_eq!(line(wait.tick(Tick(200_000))), Some((0, "# ".to_owned())));
        assert_eq!(line(wait.tick(Tick(300_000))), None, "it is told once");
    }

    #[test]
    fn an_echo_that_comes_in_pieces_is_no_answer() {
        let mut wait = exchange("get name pin-4711", &["pin-4"]);
        assert_eq!(line(wait.feed(Tick(0), b"# get name pin-47")), None);
        assert_eq!(line(wait.tick(Tick(900_000))), None);
        assert_eq!(line(wait.feed(Tick(950_000), b"11\r\n")), None);
    }
}
