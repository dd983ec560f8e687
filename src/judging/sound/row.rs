//! Notes in a row to chimes.

use super::note::NoteEvent;
use crate::domain::observation::Observation;
use crate::domain::units::Tick;

/// A pause so long ends a row (the profile's contract).
pub(super) const PAUSE_US: u64 = 2_000_000;

/// The row of notes of one frequency, and the chimes that it may be.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Names with their number of notes, the fewest first.
    chimes: Vec<(String, u32)>,
    count: u32,
    since_us: u64,
    ended_us: u64,
}

impl Row {
    /// For chimes of one frequency.
    pub(super) fn new(mut chimes: Vec<(String, u32)>) -> Self {
        chimes.sort_by_key(|(_, repeats)| *repeats);
        Self { chimes, count: 0, since_us: 0, ended_us: 0 }
    }

    /// Takes what became of a note. The chime with the most notes is told as soon as it has them: nothing longer can come of it.
    pub(super) fn apply(&mut self, event: NoteEvent, out: &mut Vec<(Tick, Observation)>) {
        match event {
            NoteEvent::Over { at_us } => self.ended_us = at_us,
            NoteEvent::Sounds { since_us } => {
                if self.count > 0 && since_us >= self.ended_us + PAUSE_US {
                    self.finish(out);
                }
                if self.count == 0 {
                    self.since_us = since_us;
                }
                self.count = self.count.saturating_add(1);
                if let Some((name, most)) = self.chimes.last()
                    && *most == self.count
                {
                    out.push((Tick(self.since_us), Observation::Tone { tone: name.clone() }));
                }
            }
        }
    }

    /// No note sounds at `now_us`: after the pause the row is over.
    pub(super) fn pass(&mut self, now_us: u64, out: &mut Vec<(Tick, Observation)>) {
        if self.count > 0 && now_us >= self.ended_us + PAUSE_US {
            self.finish(out);
        }
    }

    /// The row is over: one of fewer notes than the longest chime is told now, if there is one of just as many.
    fn finish(&mut self, out: &mut Vec<(Tick, Observation)>) {
        let count = std::mem::take(&mut self.count);
        let Some(((_, most), _)) = self.chimes.split_last() else { return };
        if let Some((name, _)) = self.chimes.iter().find(|(_, repeats)| *repeats == count && count < *most) {
            out.push((Tick(self.since_us), Observation::Tone { tone: name.clone() }));
        }
    }
}
