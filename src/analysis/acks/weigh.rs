//! How well each meaning predicts what an adapter's presses did.

use super::Heard;
use super::meaning::{HABITS, Habits, MEANINGS, Meaning};
use super::rise::Rise;
use crate::analysis::posterior::axes::GUESS;
use crate::analysis::posterior::tie::{APART, Place, scatter};

/// Prior of the account that the acknowledgement has to do with the reset.
const LINKED: f64 = 0.5;
/// Prior share of adapters of which it is not true although it is of their siblings.
pub(super) const ODD: f64 = 0.02;
/// Share of what siblings say about the meaning that an adapter does not believe.
const DOUBT: f64 = 0.02;
/// Share of adapters with habits of their own, as of the lapses of the yes/no model: a supply that sags makes presses lapse, its siblings do not.
const OWN: f64 = 0.07;

/// How locations scatter between the adapters of one camera, if its acknowledgements show the thresholds: as [`SPREADS`] have it, or not at all where
/// firmware counts both.
const LINKED_SPREADS: [(f64, f64); 4] = [(0.01, 0.1), (0.07, 0.27), (0.15, 0.36), (0.32, 0.27)];

/// Likelihoods of one adapter's presses, all on one scale.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    /// If linked: `[meaning][habits]`.
    linked: Vec<f64>,
    /// If unrelated, by habits (which say how many acknowledgements are seen).
    unrelated: Vec<f64>,
    /// The same, habits averaged out.
    odd: f64,
    /// Natural logarithm of what all were divided by.
    scale_ln: f64,
}

/// The probabilities of (no acknowledgement and a reset, no acknowledgement and none), if linked. By the end of the hold the acknowledgement
/// is due with probability `shown_by`, and the threshold is passed with `passed_by`.
fn unseen(habits: &Habits, shown_by: f64, passed_by: f64) -> (f64, f64) {
    let hidden = habits.missed * shown_by.min(passed_by) + (passed_by - shown_by).max(0.0);
    let silent = 1.0 - habits.shown() * shown_by;
    let reset = (GUESS + (1.0 - habits.dead) * (1.0 - habits.chime) * hidden).min(silent);
    (reset, (silent - reset).max(1e-4))
}

impl Evidence {
    /// Before any press.
    pub(super) fn new() -> Self {
        let (linked, unrelated) = (vec![1.0; MEANINGS.len() * HABITS.len()], vec![1.0; HABITS.len()]);
        Evidence { linked, unrelated, odd: 1.0, scale_ln: 0.0 }
    }

    /// Takes presses; those that were not acknowledged by `f`, the adapter's own distribution function of acknowledgement times.
    pub(super) fn take(&mut self, presses: &[Heard], f: impl Fn(f64) -> f64) {
        for press in presses {
            match press.ack_s {
                Some(ack_s) => self.seen(press, ack_s),
                None => self.unseen(press, &f),
            }
            self.rescale();
        }
        self.odd = self.unrelated.iter().zip(&*HABITS).map(|(u, (_, p))| u * p).sum();
    }

    fn seen(&mut self, press: &Heard, ack_s: f64) {
        let resets = press.as_expected();
        self.unrelated.iter_mut().zip(&*HABITS).for_each(|(u, (habits, _))| *u *= resets * habits.shown());
        for ((meaning, _), row) in MEANINGS.iter().zip(self.linked.chunks_mut(HABITS.len())) {
            let passed = meaning.passed(ack_s, press.held_s);
            for (w, (habits, _)) in row.iter_mut().zip(&*HABITS) {
                let p = passed * (1.0 - habits.chime);
                *w *= habits.shown() * if press.reset { p } else { 1.0 - p };
            }
        }
    }

    fn unseen(&mut self, press: &Heard, f: impl Fn(f64) -> f64) {
        let (resets, shown_by) = (press.as_expected(), f(press.held_s));
        self.unrelated.iter_mut().zip(&*HABITS).for_each(|(u, (habits, _))| *u *= resets * (1.0 - habits.shown() * shown_by));
        for ((meaning, _), row) in MEANINGS.iter().zip(self.linked.chunks_mut(HABITS.len())) {
            let passed_by = f(meaning.ack(press.held_s));
            for (w, (habits, _)) in row.iter_mut().zip(&*HABITS) {
                let (reset, none) = unseen(habits, shown_by, passed_by);
                *w *= if press.reset { reset } else { none };
            }
        }
    }

    fn rescale(&mut self) {
        let top = self.linked.iter().chain(&self.unrelated).copied().fold(0.0, f64::max).max(1e-300);
        self.linked.iter_mut().chain(&mut self.unrelated).for_each(|w| *w /= top);
        self.scale_ln += top.ln();
    }

    fn either(&self) -> impl Iterator<Item = f64> + '_ {
        self.linked.iter().map(|l| (1.0 - ODD) * l + ODD * self.odd)
    }

    /// The same, where an adapter may have habits of its own.
    fn either_own(&self) -> impl Iterator<Item = f64> + '_ {
        self.linked.chunks(HABITS.len()).flat_map(move |row| {
            let own: f64 = row.iter().zip(&*HABITS).map(|(l, (_, q))| l * q).sum();
            row.iter().map(move |l| (1.0 - ODD) * ((1.0 - OWN) * l + OWN * own) + ODD * self.odd)
        })
    }
}

/// What all adapters of a camera together say.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// The probability that acknowledgements have nothing to do with resets.
    pub(super) unrelated: f64,
    /// Posterior of `[meaning][habits]`, if linked, sum 1.
    pub(super) joint: Vec<f64>,
}

/// Prior of `[meaning][habits]`, given where the acknowledgements of a camera's adapters lie.
pub(super) fn prior(places: &[Place]) -> Vec<f64> {
    let alike = if places.len() < 2 { 1.0 } else { scatter(places, &LINKED_SPREADS) / scatter(places, &APART) };
    let by = |meaning: &Meaning| if meaning.fitted() { alike } else { 1.0 };
    MEANINGS.iter().flat_map(|(meaning, p)| HABITS.iter().map(move |(_, q)| by(meaning) * p * q)).collect()
}

fn normalised(mut weights: Vec<f64>) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    if total > 0.0 {
        weights.iter_mut().for_each(|w| *w /= total);
    }
    weights
}

fn product<'a, I: Iterator<Item = f64>>(
    evidence: impl Iterator<Item = &'a Evidence>,
    said: impl Fn(&'a Evidence) -> I,
    prior: &[f64],
) -> (Vec<f64>, f64) {
    let (mut joint, mut ln) = (prior.to_vec(), 0.0);
    for one in evidence {
        joint.iter_mut().zip(said(one)).for_each(|(w, e)| *w *= e);
        let top = joint.iter().copied().fold(0.0, f64::max).max(1e-300);
        joint.iter_mut().for_each(|w| *w /= top);
        ln += top.ln() + one.scale_ln;
    }
    (joint, ln)
}

impl Weights {
    pub(super) fn of<'a>(evidence: impl Iterator<Item = &'a Evidence> + Clone, prior: &[f64]) -> Self {
        let (joint, linked_ln) = product(evidence.clone(), Evidence::either, prior);
        let linked_ln = linked_ln + joint.iter().sum::<f64>().ln();
        let (mut apart, mut apart_ln) = (HABITS.iter().map(|(_, p)| *p).collect::<Vec<f64>>(), 0.0);
        for one in evidence {
            apart.iter_mut().zip(&one.unrelated).for_each(|(w, u)| *w *= u);
            let top = apart.iter().copied().fold(0.0, f64::max).max(1e-300);
            apart.iter_mut().for_each(|w| *w /= top);
            apart_ln += top.ln() + one.scale_ln;
        }
        let apart_ln = apart_ln + apart.iter().sum::<f64>().ln();
        let odds = (linked_ln - apart_ln).clamp(-500.0, 500.0).exp() * LINKED / (1.0 - LINKED);
        Weights { unrelated: 1.0 / (1.0 + odds), joint: normalised(joint) }
    }

    /// The likeliest meaning, with the habits that are expected: by the likeliest ones alone, a dead press would have to be a late one.
    pub(super) fn likely(&self) -> Likely {
        let by_meaning = self.joint.chunks(HABITS.len()).map(|row| row.iter().sum::<f64>());
        let top = by_meaning.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(i, _)| i);
        let mut habits = Habits { dead: 0.0, chime: 0.0, missed: 0.0 };
        for row in self.joint.chunks(HABITS.len()) {
            for (w, (one, _)) in row.iter().zip(&*HABITS) {
                habits.dead += w * one.dead;
                habits.chime += w * one.chime;
                habits.missed += w * one.missed;
            }
        }
        Likely { meaning: MEANINGS[top].0, habits, linked: 1.0 - self.unrelated }
    }
}

/// The link by which a press without an acknowledgement tells of the times, as far as there is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Likely {
    meaning: Meaning,
    habits: Habits,
    linked: f64,
}

impl Likely {
    /// The probability that acknowledgements have to do with resets.
    pub(super) fn linked(self) -> f64 {
        self.linked
    }

    /// The probability that a press neither acknowledges nor resets, with `f` the distribution function of acknowledgement times.
    pub(super) fn quiet(self, held_s: f64, f: impl Fn(f64) -> f64) -> f64 {
        unseen(&self.habits, f(held_s), f(self.meaning.ack(held_s))).1
    }

    /// The likelihood of such a press, as a function of the times' distribution.
    pub(super) fn unseen(self, press: &Heard) -> impl Fn(&Rise) -> f64 + use<> {
        let Likely { meaning, habits, linked } = self;
        let (held, passed) = (press.held_s.ln(), meaning.ack(press.held_s).ln());
        let (was_reset, resets) = (press.reset, press.as_expected());
        move |rise| {
            let shown_by = rise.below(held);
            let (reset, none) = unseen(&habits, shown_by, rise.below(passed));
            let apart = (1.0 - habits.shown() * shown_by) * resets;
            linked * if was_reset { reset } else { none } + (1.0 - linked) * apart
        }
    }
}

/// What is believed of one adapter's link.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The probability that the link holds for this adapter.
    pub(super) linked: f64,
    /// Posterior of `[meaning][habits]`, if it does, sum 1.
    pub(super) joint: Vec<f64>,
}

impl View {
    /// Of one adapter, with what its siblings say.
    pub(super) fn of<'a>(own: &Evidence, siblings: impl Iterator<Item = &'a Evidence>, unrelated: f64, prior: &[f64]) -> Self {
        let believed = normalised(product(siblings, Evidence::either, prior).0);
        let joint: Vec<f64> =
            believed.iter().zip(prior).zip(&own.linked).map(|((b, p), l)| ((1.0 - DOUBT) * b + DOUBT * p) * l).collect();
        let likely: f64 = (1.0 - ODD) * joint.iter().sum::<f64>();
        let linked = (1.0 - unrelated) * likely / (likely + ODD * own.odd).max(1e-300);
        View { linked, joint: normalised(joint) }
    }
    /// Posterior of `[meaning][habits]` of one adapter whose link holds, where habits may be its own; sum 1. The meaning is its siblings' all the same.
    pub(super) fn own_habits<'a>(own: &Evidence, siblings: impl Iterator<Item = &'a Evidence>, prior: &[f64]) -> Vec<f64> {
        let believed = normalised(product(siblings, Evidence::either_own, prior).0);
        let own_or_not = believed.chunks(HABITS.len()).flat_map(|row| {
            let meaning: f64 = row.iter().sum();
            row.iter().zip(&*HABITS).map(move |(b, (_, q))| (1.0 - OWN) * b + OWN * meaning * q)
        });
        normalised(own_or_not.zip(prior).zip(&own.linked).map(|((b, p), l)| ((1.0 - DOUBT) * b + DOUBT * p) * l).collect())
    }
}
