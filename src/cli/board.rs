//! The runs that share a terminal: written by their engines, read by whoever draws.

use super::control::Pulse;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::units::Tick;
use crate::report::terminal::{Ink, Line, Look, Progress, Screen, Shown, frame, wrap};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many lines are kept between two views. A twin is quicker than any eye; what is left out stands in trials.csv.
const LINES_MAX: usize = 200;

/// The runs that share a terminal.
#[derive(Default)]
pub struct Board(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    places: Vec<Place>,
    /// What is to stand above the view for good.
    lines: VecDeque<Line>,
    left_out: u64,
}

struct Place {
    label: Option<String>,
    progress: Progress,
    pulse: Arc<Pulse>,
}

impl Board {
    /// A further run; its number is what the other calls want.
    pub fn enter(&self, label: Option<String>, progress: Progress, pulse: Arc<Pulse>) -> usize {
        let mut inner = self.lock();
        inner.places.push(Place { label, progress, pulse });
        inner.places.len() - 1
    }

    /// Takes in an event of an earlier session.
    pub fn take_in(&self, place: usize, seq: Seq, at: Tick, event: &Event) {
        if let Some(place) = self.lock().places.get_mut(place) {
            place.progress.apply(seq, at, event);
        }
    }

    /// Takes in an event and keeps its line.
    pub fn show(&self, place: usize, seq: Seq, at: Tick, event: &Event) {
        let mut inner = self.lock();
        let Some(place) = inner.places.get_mut(place) else { return };
        let Some(line) = place.progress.apply(seq, at, event) else { return };
        let line = match &place.label {
            Some(label) => Line::of(Ink::Plain, format!("[{label}] ")).join(line),
            None => line,
        };
        inner.keep(line);
    }

    /// Keeps something that belongs to no run.
    pub fn tell(&self, text: &str) {
        let mut inner = self.lock();
        text.lines().for_each(|line| inner.keep(Line::of(Ink::Strong, line)));
    }

    /// The lines that are new since the last view, and the view; none where it is the `last`.
    /// `asking` is the question that waits; it stands below.
    pub fn view(&self, screen: Screen, asking: Option<String>, last: bool, look: Look) -> (Vec<String>, Vec<Line>) {
        let columns = screen.columns;
        let mut inner = self.lock();
        let lines = std::mem::take(&mut inner.lines);
        let left_out = std::mem::take(&mut inner.left_out);
        let view = if last || inner.places.is_empty() {
            Vec::new()
        } else {
            let runs: Vec<Shown<'_>> = inner.places.iter().map(Place::shown).collect();
            let asking = asking.map_or_else(Vec::new, |text| wrap(&text, columns.saturating_sub(1), 2));
            let mut view = frame(&runs, Screen { rows: screen.rows.saturating_sub(asking.len()), ..screen });
            view.extend(asking.into_iter().map(|line| Line::of(Ink::Strong, line)));
            view
        };
        drop(inner);
        let mut above = Vec::new();
        if left_out > 0 {
            above.push(format!("... {left_out} lines are not shown: they came too quickly"));
        }
        above.extend(lines.iter().flat_map(|line| broken(line, columns, look)));
        (above, view)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // What a thread that panicked left behind can still be shown.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn shown(&self) -> Shown<'_> {
        Shown { label: self.label.as_deref(), progress: &self.progress, now: self.pulse.now() }
    }
}

impl Inner {
    fn keep(&mut self, line: Line) {
        if self.lines.len() >= LINES_MAX {
            self.lines.pop_front();
            self.left_out += 1;
        }
        self.lines.push_back(line);
    }
}

/// A line that is too long is broken at blanks, without its looks.
fn broken(line: &Line, columns: usize, look: Look) -> Vec<String> {
    if line.width() < columns {
        return vec![line.render(look)];
    }
    wrap(&line.text(), columns.saturating_sub(1), 2).into_iter().map(|line| Line::of(Ink::Plain, line).render(look)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_lines_leave_the_last_ones_and_say_so() {
        let board = Board::default();
        (0..LINES_MAX + 5).for_each(|number| board.tell(&format!("line {number}")));
        let screen = Screen { columns: 80, rows: 24, keys: false };
        let (above, view) = board.view(screen, None, false, Look::PLAIN);
        assert_eq!((above.len(), above[0].as_str()), (LINES_MAX + 1, "... 5 lines are not shown: they came too quickly"));
        assert_eq!((above[1].as_str(), view.len()), ("line 5", 0));
        assert_eq!(board.view(screen, None, false, Look::PLAIN).0.len(), 0);
    }

    #[test]
    fn a_line_that_is_too_long_is_broken_at_blanks() {
        let board = Board::default();
        board.tell("the power is cut inside the write window");
        assert_eq!(
            board.view(Screen { columns: 20, rows: 24, keys: false }, None, true, Look::PLAIN).0,
            ["the power is cut", "  inside the write", "  window"]
        );
    }
}
