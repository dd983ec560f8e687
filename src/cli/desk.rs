//! Questions of a bench that wait for the person at the terminal, and answers that wait for the engine. The twin has a person of its own; a
//! bench of real drivers asks here.

use crate::domain::ids::QuestionId;
use crate::ports::{Person, Refused};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest answer, in bytes: what a scanner reads from a tag, and far less than a fault would fill a journal with.
const ANSWER_MAX: usize = 200;

/// A question that nobody answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its number.
    pub question: QuestionId,
    /// The words.
    pub text: String,
    /// What can be answered; any text where it is empty.
    pub choices: Vec<String>,
}

impl Open {
    /// Whether one digit answers.
    pub fn by_digit(&self) -> bool {
        (1..=9).contains(&self.choices.len())
    }

    /// What `typed` means: any text, the number of a choice, or its words.
    fn meant(&self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        if self.choices.is_empty() {
            return (!typed.is_empty()).then(|| typed.to_owned());
        }
        let numbered = typed.parse::<usize>().ok().and_then(|number| self.choices.get(number.checked_sub(1)?));
        let named = || self.choices.iter().find(|choice| choice.eq_ignore_ascii_case(typed));
        numbered.or_else(named).cloned()
    }
}

/// The place where the engine of one run and its person meet.
#[derive(Debug, Default)]
pub struct Desk(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    open: Option<Open>,
    typed: String,
    answers: Vec<(QuestionId, String)>,
}

impl Desk {
    /// The question that waits, and what was typed of its answer so far.
    pub fn waiting(&self) -> Option<(Open, String)> {
        let inner = self.lock();
        inner.open.clone().map(|open| (open, inner.typed.clone()))
    }

    /// A byte from the keyboard. Returns whether it belonged to an answer: while a question with choices waits only digits do, so that the keys
    /// of the live view keep their meaning.
    pub fn byte(&self, byte: u8) -> bool {
        let mut inner = self.lock();
        let Some(open) = &inner.open else { return false };
        if open.by_digit() {
            let digit = byte.is_ascii_digit();
            return digit && inner.answer(&char::from(byte).to_string());
        }
        match byte {
            b'\r' | b'\n' => {
                let typed = std::mem::take(&mut inner.typed);
                inner.answer(&typed);
            }
            0x7f | 0x08 => drop(inner.typed.pop()),
            // An answer is what a scanner or a keyboard can print; other bytes could move a cursor.
            b' '..=b'~' if inner.typed.len() < ANSWER_MAX => inner.typed.push(char::from(byte)),
            _ => {}
        }
        true
    }

    /// A whole line, where lines are read instead of keys. Returns whether it answered.
    pub fn line(&self, line: &str) -> bool {
        let printable: String = line.chars().filter(|letter| !letter.is_control()).take(ANSWER_MAX).collect();
        self.lock().answer(&printable)
    }

    /// Takes back a question that came too late to be answered.
    pub fn close(&self) {
        let mut inner = self.lock();
        inner.open = None;
        inner.typed.clear();
    }

    /// The answers that the engine was not told yet.
    pub fn take(&self) -> Vec<(QuestionId, String)> {
        std::mem::take(&mut self.lock().answers)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // What a thread that panicked left behind can still be answered.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn answer(&mut self, typed: &str) -> bool {
        let Some(open) = &self.open else { return false };
        let Some(meant) = open.meant(typed) else { return false };
        self.answers.push((open.question, meant));
        self.open = None;
        true
    }
}

/// The desks of all runs of one call of the program: they share a keyboard.
#[derive(Debug, Default)]
pub struct Desks(Mutex<Vec<(Option<String>, Arc<Desk>)>>);

impl Desks {
    /// The desk of a further run.
    pub fn enter(&self, label: Option<String>) -> Arc<Desk> {
        let desk = Arc::<Desk>::default();
        self.lock().push((label, Arc::clone(&desk)));
        desk
    }

    /// The first question that waits: the label of its run, the question, and what was typed of its answer.
    pub fn waiting(&self) -> Option<(Option<String>, Open, String)> {
        self.lock().iter().find_map(|(label, desk)| desk.waiting().map(|(open, typed)| (label.clone(), open, typed)))
    }

    /// Gives a byte from the keyboard to the question that waits. Returns whether it belonged to its answer.
    pub fn byte(&self, byte: u8) -> bool {
        self.first().is_some_and(|desk| desk.byte(byte))
    }

    /// Gives a line to the question that waits. Returns whether it answered.
    pub fn line(&self, line: &str) -> bool {
        self.first().is_some_and(|desk| desk.line(line))
    }

    fn first(&self) -> Option<Arc<Desk>> {
        self.lock().iter().find(|(_, desk)| desk.waiting().is_some()).map(|(_, desk)| Arc::clone(desk))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Option<String>, Arc<Desk>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The person who sits at a desk.
pub struct AtDesk(pub Arc<Desk>);

impl Person for AtDesk {
    fn ask(&mut self, question: QuestionId, text: &str, choices: &[String]) -> Result<(), Refused> {
        let mut inner = self.0.lock();
        inner.open = Some(Open { question, text: text.to_owned(), choices: choices.to_vec() });
        inner.typed.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(choices: &[&str]) -> Arc<Desk> {
        let desk = Arc::<Desk>::default();
        let choices: Vec<String> = choices.iter().map(|&choice| choice.to_owned()).collect();
        AtDesk(Arc::clone(&desk)).ask(QuestionId(4), "Is the cover off?", &choices).unwrap();
        desk
    }

    #[test]
    fn a_digit_answers_a_question_with_choices_and_other_keys_keep_their_meaning() {
        let desk = asked(&["yes", "no"]);
        assert!(!desk.byte(b'q') && !desk.byte(b'3') && !desk.byte(b'0'));
        assert!(desk.take().is_empty());
        assert!(desk.byte(b'2'));
        assert_eq!(desk.take(), [(QuestionId(4), "no".to_owned())]);
        assert!(desk.waiting().is_none() && !desk.byte(b'1'));
    }

    #[test]
    fn text_is_typed_corrected_and_sent_and_holds_nothing_that_moves_a_cursor() {
        let desk = asked(&[]);
        b"OEM-7q\x7f\x1b[2J\x07".iter().for_each(|byte| assert!(desk.byte(*byte)));
        assert_eq!(desk.waiting().unwrap().1, "OEM-7[2J");
        assert!(desk.byte(b'\r'));
        assert_eq!(desk.take(), [(QuestionId(4), "OEM-7[2J".to_owned())]);
        let desk = asked(&[]);
        assert!(desk.byte(b'\n') && desk.waiting().is_some(), "no text is no answer");
        (0..500).for_each(|_| assert!(desk.byte(b'x')));
        assert_eq!(desk.waiting().unwrap().1.len(), ANSWER_MAX);
    }

    #[test]
    fn a_line_answers_by_number_or_by_words() {
        for (line, meant) in [("1", "done"), ("Not There ", "not there"), (" done\r", "done")] {
            let desk = asked(&["done", "not there"]);
            assert!(desk.line(line), "{line}");
            assert_eq!(desk.take()[0].1, meant);
        }
        let desk = asked(&["done", "not there"]);
        assert!(!desk.line("3") && !desk.line("") && !desk.line("perhaps"));
        desk.close();
        assert!(!desk.line("1") && desk.take().is_empty());
    }
}
