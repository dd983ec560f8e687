//! What may be true of one adapter, as a few hundred guesses with weights: the posterior of resets and acknowledgements together.

use crate::analysis::acks::{Acks, Habits, Meaning, Rise};
use crate::analysis::posterior::axes::{GUESS, LAPSES, N_SCALE, N_X, parts, shape};
use crate::analysis::posterior::{Posterior, spread};
use crate::planning::chance::{keyed, shuffle};

/// Guesses of each account: more would weigh candidates no better than the bench can tell.
const APART: usize = 96;
const LINKED: usize = 128;
/// Acknowledgements that are not seen, where nothing is known of them.
const UNSEEN: f64 = 0.02;

/// Where an adapter that never resets is put: its threshold, and how far beyond the longest threshold that is thought of its hold counts, ln
/// seconds.
const BEYOND: f64 = 12.0;
const FAR: f64 = 0.5;

/// When the press resets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Resets {
    /// As the yes/no model has it, with this lapse.
    Apart(Rise, f64),
    /// At a threshold that the acknowledgement shows.
    At(Meaning, Habits),
}

/// One guess.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    pub weight: f64,
    /// Ln of the hold that is asked for.
    pub hold: f64,
    pub ack: Rise,
    pub resets: Resets,
}

impl Guess {
    /// Share of presses whose acknowledgement is shown and seen.
    pub(super) fn shown(&self) -> f64 {
        match self.resets {
            Resets::Apart(..) => 1.0 - UNSEEN,
            Resets::At(_, habits) => habits.shown(),
        }
    }

    /// The probability of a reset, given the acknowledgement.
    pub(super) fn reset_at(&self, ack_s: f64, held_s: f64) -> f64 {
        match self.resets {
            Resets::Apart(rise, lapse) => GUESS + (1.0 - GUESS - lapse) * rise.below(held_s.ln()),
            Resets::At(meaning, habits) => meaning.passed(ack_s, held_s) * (1.0 - habits.chime),
        }
    }

    /// The probability of a reset without an acknowledgement before `held_s`; `silent` is that of no acknowledgement.
    pub(super) fn reset_unseen(&self, held_s: f64, silent: f64) -> f64 {
        match self.resets {
            Resets::Apart(..) => silent * self.reset_at(held_s, held_s),
            Resets::At(meaning, habits) => {
                let (shown, passed) = (self.ack.below(held_s.ln()), self.ack.below(meaning.ack(held_s).ln()));
                let hidden = habits.missed * shown.min(passed) + (passed - shown).max(0.0);
                (GUESS + (1.0 - habits.dead) * (1.0 - habits.chime) * hidden).min(silent)
            }
        }
    }
}

/// Guesses at adapter `j`, with weights that add to one. Pure: `key` and `seed` pair what is independent.
pub(super) fn guesses(acks: &Acks, j: usize, resets: &Posterior<'_>, q: f64, (seed, key): (u64, u64)) -> Vec<Guess> {
    let Some(cells) = acks.cells(j) else { return Vec::new() };
    let (exact, links) = (acks.exact(j), acks.links(j));
    let chance = |purpose: &str| keyed(seed, purpose, key);
    let times = |n: usize| -> Vec<(Rise, f64)> {
        let weights = cells.cells.iter().map(|cell| cell.1);
        let at = |i: usize| {
            let rise = cells.cells[i].0;
            (rise, rise.quantile(q))
        };
        spaced(weights, n).into_iter().map(at).collect()
    };
    let mut out = Vec::with_capacity(APART + LINKED);
    let mut apart = times(APART);
    shuffle(&mut apart, &mut chance("adaptive guess apart"));
    let states = resets.never + resets.always;
    let weight = (1.0 - exact) * (1.0 - states) / APART as f64;
    for (cell, (ack, _)) in spaced(resets.weights.iter().map(|w| f64::from(*w)), APART).into_iter().zip(apart) {
        let (row, x) = (cell / N_X, resets.window.x(cell % N_X));
        let rise = Rise { link: shape(row) / N_SCALE, x, s: spread(shape(row)) };
        let hold = rise.quantile(q);
        out.push(Guess { weight, hold, ack, resets: Resets::Apart(rise, LAPSES[parts(row).1].0) });
    }
    // An adapter that never resets, far beyond what can be pressed; one that always does is settled by any press.
    if let Some(ack) = out.first().map(|guess| guess.ack).filter(|_| states > 0.0) {
        let rise = Rise { link: 0, x: BEYOND, s: 0.1 };
        out.push(Guess {
            weight: (1.0 - exact) * states,
            hold: FAR + resets.window.high(),
            ack,
            resets: Resets::Apart(rise, 0.0),
        });
    }
    let mut linked = times(LINKED);
    shuffle(&mut linked, &mut chance("adaptive guess linked"));
    for (i, (ack, at)) in spaced(links.iter().map(|link| link.2), LINKED).into_iter().zip(linked) {
        let (meaning, habits, _) = links[i];
        let hold = meaning.threshold(at.exp()).ln();
        out.push(Guess { weight: exact / LINKED as f64, hold, ack, resets: Resets::At(meaning, habits) });
    }
    out
}

/// `n` indices, evenly spaced in the sum of the weights.
fn spaced(weights: impl Iterator<Item = f64> + Clone, n: usize) -> Vec<usize> {
    let total: f64 = weights.clone().sum();
    let (mut out, mut sum) = (Vec::with_capacity(n), 0.0);
    for (i, w) in weights.enumerate() {
        sum += w;
        while out.len() < n && (out.len() as f64 + 0.5) / n as f64 * total < sum {
            out.push(i);
        }
    }
    out
}
