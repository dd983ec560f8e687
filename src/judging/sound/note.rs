//! Single notes of one frequency.

use super::goertzel::{Block, Goertzel};
use std::f64::consts::TAU;

/// A note holds so much of the power above the background: a square wave's fundamental has 0.81 of it.
const SHARE: f64 = 0.6;
/// A block whose neighbour's phase is used must hold at least half as much.
const PART: f64 = SHARE / 2.0;
/// Within a note the pitch stays within this share: a voice and a motor that starts do not.
const STEADY: f64 = 0.01;
/// A block may lie so much further off than the mean of a note, by noise.
const SPREAD: f64 = 4.0 / 3.0;
/// A shorter sound is a click that rings (our choice; a solenoid's is about 20 ms).
const SHORTEST_US: u64 = 60_000;
/// A note that has lasted so long is told before it ends.
const CERTAIN_US: u64 = 200_000;
/// An interruption as short as a click ends no note.
const BRIDGED_US: u64 = 40_000;
/// Below this share of its loudest block a note has faded; what rings on in the room is no other note.
const FADED: f64 = 0.25;
/// A note that follows must rise so much above what was left of the one before.
const RISES: f64 = 2.0;
/// Periods of the frequency in one block: a tone 3 % beside it turns by 0.3 of a turn from block to block.
const PERIODS: f64 = 10.0;

/// What became of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoteEvent {
    /// One is there; since when.
    Sounds { since_us: u64 },
    /// It is over; when it ended.
    Over { at_us: u64 },
}

/// A note that sounds.
#[derive(Clone, Copy, Debug)]
struct Sounding {
    since_us: u64,
    /// Sum of offsets, and their number.
    offsets: f64,
    pairs: u32,
    loudest: f64,
    gap_us: u64,
    told: bool,
    /// Its pitch moved or is beside: whatever it is, it is no chime.
    spoiled: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Nothing; the least power at the frequency since the last note.
    Silent {
        least: f64,
    },
    Sounding(Sounding),
}

/// Listens for one frequency.
#[derive(Clone, Debug)]
pub(super) struct Notes {
    goertzel: Goertzel,
    period_us: u64,
    /// Radians a sample by which a tone may lie beside, and by which its pitch may move.
    tolerance: f64,
    steady: f64,
    before: Option<Block>,
    begun_us: u64,
    state: State,
}

impl Notes {
    /// For tones of `hz` within a share of `tolerance`, sampled every `period_us`.
    pub(super) fn new(hz: f64, tolerance: f64, period_us: u64) -> Self {
        let turns = hz * period_us as f64 * 1e-6;
        let omega = TAU * turns;
        Self {
            goertzel: Goertzel::new(turns, (PERIODS / turns).round() as usize),
            period_us,
            tolerance: tolerance * omega,
            steady: STEADY * omega,
            before: None,
            begun_us: 0,
            // A tone that sounds when listening begins is none that began.
            state: State::Silent { least: f64::INFINITY },
        }
    }

    /// Whether a note sounds, or something that may become one.
    pub(super) fn sounds(&self) -> bool {
        matches!(self.state, State::Sounding(_))
    }

    /// Takes a step in which something stands out.
    pub(super) fn feed(&mut self, start_us: u64, codes: &[i16], mean: f64, noise: f64, tell: &mut impl FnMut(NoteEvent)) {
        let (mut rest, mut at_us) = (codes, start_us);
        while !rest.is_empty() {
            let missing = self.goertzel.missing();
            if missing == self.goertzel.length {
                self.begun_us = at_us;
            }
            let (now, later) = rest.split_at(rest.len().min(missing));
            rest = later;
            at_us += now.len() as u64 * self.period_us;
            if let Some(block) = self.goertzel.add(now, mean) {
                self.block(at_us, block, noise, tell);
            }
        }
    }

    /// A step in which nothing stands out ends at `end_us`.
    pub(super) fn quiet(&mut self, end_us: u64, step_us: u64, tell: &mut impl FnMut(NoteEvent)) {
        self.goertzel.restart();
        self.before = None;
        match &mut self.state {
            State::Silent { least } => *least = 0.0,
            State::Sounding(_) => self.gap(end_us, step_us, 0.0, tell),
        }
    }

    fn block(&mut self, end_us: u64, block: Block, noise: f64, tell: &mut impl FnMut(NoteEvent)) {
        // Where the block is hardly louder than the background, less would be left than noise makes by chance.
        let above = (block.total - noise).max(block.total / 2.0);
        let fits = block.at >= PART * above;
        let before = std::mem::replace(&mut self.before, fits.then_some(block));
        let tone = before.filter(|_| fits).map(|before| block.after(&before, &self.goertzel));
        let tone = tone.filter(|(_, power)| *power >= SHARE * above);
        let length_us = self.goertzel.length as u64 * self.period_us;
        let Some((offset, power)) = tone else {
            match &mut self.state {
                State::Silent { least } => *least = least.min(block.at),
                State::Sounding(_) => self.gap(end_us, length_us, block.at, tell),
            }
            return;
        };
        let beside = offset.abs() > SPREAD * self.tolerance;
        match &mut self.state {
            State::Silent { least } if power < RISES * *least => *least = least.min(power),
            State::Silent { .. } => {
                let since_us = self.begun_us.saturating_sub(length_us);
                let first =
                    Sounding { since_us, offsets: offset, pairs: 1, loudest: power, gap_us: 0, told: false, spoiled: beside };
                self.state = State::Sounding(first);
            }
            State::Sounding(note) if power < FADED * note.loudest => self.gap(end_us, length_us, power, tell),
            State::Sounding(note) => {
                let moved = (offset - note.offsets / f64::from(note.pairs)).abs() > self.steady;
                note.spoiled |= moved || beside;
                note.offsets += offset;
                note.pairs += 1;
                note.loudest = note.loudest.max(power);
                note.gap_us = 0;
                if end_us.saturating_sub(note.since_us) >= CERTAIN_US {
                    self.certain(tell);
                }
            }
        }
    }

    /// Tells the note, once, if it is one.
    fn certain(&mut self, tell: &mut impl FnMut(NoteEvent)) {
        let State::Sounding(note) = &mut self.state else { return };
        let in_tune = (note.offsets / f64::from(note.pairs)).abs() <= self.tolerance;
        if !note.told && !note.spoiled && in_tune && note.pairs >= 2 {
            note.told = true;
            tell(NoteEvent::Sounds { since_us: note.since_us });
        }
    }

    /// The note was not to be heard for another `span_us` up to `end_us`.
    fn gap(&mut self, end_us: u64, span_us: u64, least: f64, tell: &mut impl FnMut(NoteEvent)) {
        let State::Sounding(note) = &mut self.state else { return };
        note.gap_us += span_us;
        if note.gap_us <= BRIDGED_US {
            return;
        }
        let at_us = end_us.saturating_sub(note.gap_us);
        if at_us.saturating_sub(note.since_us) >= SHORTEST_US {
            self.certain(tell);
        }
        if let State::Sounding(Sounding { told: true, .. }) = self.state {
            tell(NoteEvent::Over { at_us });
        }
        self.state = State::Silent { least };
    }
}
