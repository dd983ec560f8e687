//! Regular expressions over lines into which the kernel may have spliced its own messages.

use super::lines::kernel_stamps;
use regex::bytes::{Regex, RegexSet};

/// So many expressions are tried one by one. An answer to a command is one or two, made anew for each command and used for a few lines.
const FEW: usize = 4;
/// What is kept of a line's beginning that a kernel message cut off.
const LONGEST_HEAD: usize = 256;
/// A cut line goes on after at most so many lines of kernel messages (our choice; captures show one).
const MOST_KERNEL_LINES: u32 = 4;

/// The beginning of a line that a kernel message cut off: the rest comes on a later line.
#[derive(Clone, Debug)]
struct Head {
    text: Vec<u8>,
    kernel_lines: u32,
}

/// Matches lines against a list of expressions, each at most once per line.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    /// All of them at once; `None` where there are so few that this would take longer to build than it saves.
    set: Option<RegexSet>,
    each: Vec<Regex>,
    /// Which of them have matched in this line.
    seen: Vec<bool>,
    head: Option<Head>,
    /// Text that was sent: a line that ends with it is its echo.
    echo: Option<Vec<u8>>,
}

impl Matcher {
    /// # Errors
    /// Those of `regex` for the first expression that does not compile, with its index.
    pub(super) fn new<'a>(expressions: impl IntoIterator<Item = &'a str>) -> Result<Self, (usize, regex::Error)> {
        let each: Vec<Regex> = expressions
            .into_iter()
            .enumerate()
            .map(|(index, text)| Regex::new(text).map_err(|error| (index, error)))
            .collect::<Result<_, _>>()?;
        Self::of(each).map_err(|error| (0, error))
    }

    /// # Errors
    /// When all of them together are too large.
    pub(super) fn of(each: Vec<Regex>) -> Result<Self, regex::Error> {
        let many = each.len() > FEW;
        let set = many.then(|| RegexSet::new(each.iter().map(Regex::as_str))).transpose()?;
        Ok(Self { set, seen: vec![false; each.len()], each, head: None, echo: None })
    }

    /// Pays no heed to lines that are the echo of `sent`.
    pub(super) fn without_echo_of(mut self, sent: &str) -> Self {
        let sent = sent.trim().as_bytes();
        self.echo = (!sent.is_empty()).then(|| sent.to_vec());
        self
    }

    /// Forgets all lines.
    pub(super) fn reset(&mut self) {
        self.seen.fill(false);
        self.head = None;
    }

    /// Looks at a line that may still grow. Adds the indices of expressions that match for the first time, in the order of their places.
    pub(super) fn look(&mut self, line: &[u8], hits: &mut Vec<usize>) {
        if !self.is_echo(line, true) {
            self.search(line, hits);
        }
    }

    /// Looks in the line as a whole, and in what stands before, between and after the beginnings of kernel messages.
    fn search(&mut self, line: &[u8], hits: &mut Vec<usize>) {
        let mut found = Vec::new();
        self.look_at(line, 0, &mut found);
        let stamps: Vec<usize> = kernel_stamps(line).filter(|&at| at > 0).collect();
        let ends = stamps.iter().copied().chain([line.len()]);
        for (from, to) in [0].into_iter().chain(stamps.iter().copied()).zip(ends) {
            if !stamps.is_empty() {
                self.look_at(&line[from..to], from, &mut found);
            }
        }
        found.sort_unstable();
        hits.extend(found.into_iter().map(|(_, index)| index));
    }

    /// Looks at a line that has ended, and at the rest of a line that a kernel message had cut.
    pub(super) fn end(&mut self, line: &[u8], hits: &mut Vec<usize>) {
        let head = self.head.take();
        let joined = head.as_ref().map(|head| [&head.text[..], line].concat());
        let starts_with_kernel = kernel_stamps(line).next() == Some(0);
        let echo = joined.as_ref().is_some_and(|text| self.is_echo(text, false)) || self.is_echo(line, false);
        if !echo {
            self.search(line, hits);
            if let (Some(joined), Some(head), false) = (&joined, &head, starts_with_kernel) {
                self.look_across(joined, head.text.len(), hits);
            }
        }
        self.head = match (kernel_stamps(line).find(|&at| at > 0), head) {
            // The rest of a line may be cut off again.
            (Some(at), head) if !starts_with_kernel => {
                let before = head.map(|head| head.text).unwrap_or_default();
                let text = [&before[..], &line[..at]].concat();
                Some(Head { text: text[text.len().saturating_sub(LONGEST_HEAD)..].to_vec(), kernel_lines: 0 })
            }
            (_, Some(head)) if starts_with_kernel && head.kernel_lines < MOST_KERNEL_LINES => {
                Some(Head { kernel_lines: head.kernel_lines + 1, ..head })
            }
            _ => None,
        };
        self.seen.fill(false);
    }

    /// Which expressions match.
    fn matching(&self, text: &[u8]) -> Vec<usize> {
        match &self.set {
            Some(set) => set.matches(text).iter().collect(),
            None => (0..self.each.len()).filter(|&index| self.each[index].is_match(text)).collect(),
        }
    }

    fn look_at(&mut self, text: &[u8], offset: usize, found: &mut Vec<(usize, usize)>) {
        for index in self.matching(text) {
            if !std::mem::replace(&mut self.seen[index], true) {
                let at = self.each[index].find(text).map_or(0, |place| place.start());
                found.push((offset + at, index));
            }
        }
    }

    /// Matches that lie across the place where a line was cut.
    fn look_across(&mut self, joined: &[u8], cut: usize, hits: &mut Vec<usize>) {
        for index in self.matching(joined) {
            let across = self.each[index].find_iter(joined).any(|place| place.start() < cut && place.end() > cut);
            if across && !std::mem::replace(&mut self.seen[index], true) {
                hits.push(index);
            }
        }
    }

    /// Whether the text ends with what was sent. Where it still grows, or a kernel message cut it off, a beginning of what was sent (two
    /// bytes or more) is enough.
    fn is_echo(&self, text: &[u8], growing: bool) -> bool {
        let Some(sent) = &self.echo else { return false };
        let ends = |part: &[u8], growing: bool| {
            let part = part.trim_ascii_end();
            part.ends_with(sent) || growing && (2..sent.len()).any(|length| part.ends_with(&sent[..length]))
        };
        ends(text, growing) || kernel_stamps(text).any(|at| ends(&text[..at], true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(expressions: &[&str], lines: &[&str]) -> Vec<usize> {
        let mut matcher = Matcher::new(expressions.iter().copied()).unwrap();
        let mut found = Vec::new();
        for line in lines {
            matcher.end(line.as_bytes(), &mut found);
        }
        found
    }

    #[test]
    fn kernel_text_in_a_line_hides_nothing_of_it() {
        let anchored = [r"^\[\s*\d+\.\d+\] Linux version", r"\w+ login:$"];
        assert_eq!(hits(&anchored, &["cam login:[    1.250000] Linux version 3.10"]), [1, 0]);
    }

    #[test]
    fn a_marker_cut_in_two_by_kernel_lines_is_found() {
        let lines = ["setup_but[    4.268330] usb 1-1", "[    4.270000] usb 1-2", "ton set long"];
        assert_eq!(hits(&["setup_button set long"], &lines), [0]);
        assert_eq!(hits(&["setup_button set long"], &["setup_but", "ton set long"]), [] as [usize; 0]);
    }

    #[test]
    fn a_marker_cut_twice_is_found() {
        let lines = ["setup_[    4.268330] usb 1-1", "but[    4.270000] usb 1-2", "ton set long"];
        assert_eq!(hits(&["setup_button set long"], &lines), [0]);
    }

    #[test]
    fn the_rest_of_a_cut_line_is_not_counted_again() {
        assert_eq!(hits(&["erasing"], &["erasing mtd3 [    4.268330] usb 1-1", "done"]), [0]);
    }

    #[test]
    fn matches_come_in_the_order_of_their_places() {
        assert_eq!(hits(&["b", "a"], &["a b"]), [1, 0]);
    }

    #[test]
    fn each_expression_counts_once_a_line_however_often_it_is_looked_at() {
        let mut matcher = Matcher::new(["="]).unwrap();
        let mut found = Vec::new();
        for line in ["=", "==", "==="] {
            matcher.look(line.as_bytes(), &mut found);
        }
        matcher.end(b"====", &mut found);
        assert_eq!(found, [0]);
        matcher.end(b"=", &mut found);
        assert_eq!(found, [0, 0]);
    }

    #[test]
    fn few_and_many_expressions_find_the_same() {
        let few = ["login:", "panic", r"^\w+ b", "erasing"];
        let many: Vec<&str> = few.iter().copied().chain(["never 1", "never 2"]).collect();
        for line in ["cam b login: panic", "erasing", "cam[    4.268330] usb 1-1", " b login:", ""] {
            assert_eq!(hits(&few, &[line]), hits(&many, &[line]), "{line}");
        }
        assert!(Matcher::new(few).unwrap().set.is_none() && Matcher::new(many).unwrap().set.is_some());
    }

    #[test]
    fn an_expression_that_does_not_compile_is_named() {
        assert_eq!(Matcher::new(["ok", "("]).unwrap_err().0, 1);
    }
}
