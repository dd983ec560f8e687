//! Which adapter is pressed next, and for how long.

use super::cost::{Cost, Learned};
use super::criterion::{decision, information, precision};
use super::guess::guesses;
use super::listen;
use super::release::{LetGo, LettingGo, Listening};
use super::scan::moments;
use super::standing::{Aim, Looks, Standing, look};
use crate::analysis::acks::{Acks, Hold};
use crate::analysis::known::Known;
use crate::analysis::posterior::{Posterior, Press, Quantity};
use crate::planning::chance::{keyed, shuffle};
use rand::Rng;

/// Candidate holds that are weighed against each other.
const CANDIDATES: usize = 64;
/// While the standard deviation of ln(hold) is above this, or the mass of never and always above `STATES`, a press is chosen for all it
/// teaches; below, for the hold that is asked for and by bench second.
pub(super) const VAGUE: f64 = 0.15;
const STATES: f64 = 0.02;
/// Every so many presses of an adapter one is a probe, where nothing else is asked for. On simulated cameras this costs no bench time: far
/// from the threshold a press tells lapses and shapes apart.
pub const PROBE_EVERY: u32 = 12;
/// An exact link of less weight than this chooses no press.
const WORTH: f64 = 0.2;
/// Presses of an adapter that wait for an acknowledgement as its siblings gave, before it counts as mute.
const MUTE: usize = 3;
/// An adapter is not given the same hold more often in a row.
const SAME_IN_A_ROW: usize = 3;

/// What a chooser is to find out, and within what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The hold that is asked for.
    pub quantity: Quantity,
    /// How well.
    pub aim: Aim,
    /// Shortest and longest hold, seconds.
    pub range: (f64, f64),
    /// Adapters of the camera tell each other what they learn.
    pub sharing: bool,
    /// Every so many presses of an adapter one is a probe.
    pub probe_every: Option<u32>,
    /// How the bench sees acknowledgements during the hold, where it does.
    pub listening: Option<Listening>,
    /// What trials are expected to cost before any was run.
    pub cost: Cost,
    /// Seed of every choice by chance.
    pub seed: u64,
}

/// Why a hold was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It teaches most about the whole response.
    Search,
    /// It narrows the interval, or settles the decision, soonest.
    Aim,
    /// Chance chose it, far from where the threshold is believed: a guard against the model.
    Probe,
}

/// The next press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Index of the adapter.
    pub adapter: usize,
    /// Number of the block; in a block each open adapter is pressed once.
    pub block: u32,
    /// Seconds.
    pub hold_s: f64,
    /// When it lets go; `hold_s` is the longest.
    pub until: LetGo,
    /// Why.
    pub why: Why,
}

/// All presses so far, and what follows from them.
#[derive(Clone, Debug)]
pub struct Chooser {
    settings: Settings,
    known: Known,
    looks: Vec<Looks>,
    block: u32,
    /// Adapters that were pressed in this block.
    done: Vec<bool>,
    learned: Learned,
    spent_s: Vec<f64>,
}

impl Chooser {
    /// A chooser over `n` adapters, before any press.
    pub fn new(n: usize, settings: Settings) -> Self {
        Chooser {
            settings,
            known: Known::new(n, settings.sharing, settings.listening.is_some()),
            looks: vec![Looks::new(); n],
            block: 0,
            done: vec![false; n],
            learned: Learned::from(settings.cost),
            spent_s: vec![0.0; n],
        }
    }

    /// Takes a judged press of adapter `j`, whoever chose it, the seconds from contact to its acknowledgement where one was seen, and the
    /// bench time of its trial.
    pub fn tell(&mut self, j: usize, press: Press, ack_s: Option<f64>, bench_s: f64) {
        if self.done[j] {
            self.block += 1;
            self.done.fill(false);
        }
        self.done[j] = true;
        self.learned.tell(press.hold_s, press.reset, bench_s);
        self.spent_s[j] += bench_s;
        self.known.tell(j, press, ack_s);
        let said = look(&self.hold(j), self.settings.aim, self.settings.range, self.counts(j));
        self.looks[j].look(said);
    }

    /// Number of the block that a press of adapter `j` belongs to if it comes next.
    pub fn block(&self, j: usize) -> u32 {
        self.block + u32::from(self.done[j])
    }

    /// The next press, of one of the adapters for which `open` says so; `None` where there is none.
    pub fn next(&self, open: impl Fn(usize) -> bool) -> Option<Choice> {
        let all = 0..self.known.adapters();
        let waiting = |block: u32| self.order(block).into_iter().find(|j| open(*j) && (block != self.block || !self.done[*j]));
        let (adapter, block) = match waiting(self.block) {
            Some(adapter) => (adapter, self.block),
            None if all.clone().any(&open) => (waiting(self.block + 1)?, self.block + 1),
            None => return None,
        };
        let (hold_s, until, why) = self.press(adapter);
        Some(Choice { adapter, block, hold_s, until, why })
    }

    /// Where adapter `j` stands.
    pub fn standing(&self, j: usize) -> Standing {
        self.looks[j].standing()
    }

    /// What is believed of the hold that is asked for, at adapter `j`.
    pub fn hold(&self, j: usize) -> Hold {
        self.hold_at(j, self.settings.quantity)
    }

    /// The same of another hold.
    pub fn hold_at(&self, j: usize, quantity: Quantity) -> Hold {
        self.known.hold(j, quantity)
    }

    /// What all presses say.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// What acknowledgements say, as long as they may say something.
    pub fn acks(&self) -> Option<&Acks> {
        self.known.acks()
    }

    /// The posterior of adapter `j`, by the resets alone.
    pub fn posterior(&self, j: usize) -> Posterior<'_> {
        self.known.by_resets(j)
    }

    /// The posterior of adapter `j` by its own presses alone.
    pub fn alone(&self, j: usize) -> Posterior<'_> {
        self.known.alone(j)
    }

    /// Presses of adapter `j` so far.
    pub fn presses(&self, j: usize) -> &[Press] {
        self.known.presses(j)
    }

    /// Bench time of adapter `j` so far, seconds.
    pub fn spent_s(&self, j: usize) -> f64 {
        self.spent_s[j]
    }

    fn counts(&self, j: usize) -> (u32, u32) {
        let resets = self.presses(j).iter().filter(|press| press.reset).count() as u32;
        (resets, self.presses(j).len() as u32 - resets)
    }

    /// The order of adapters in a block, by chance: time, heat and ageing hit all alike.
    fn order(&self, block: u32) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.known.adapters()).collect();
        shuffle(&mut order, &mut keyed(self.settings.seed, "adaptive block", u64::from(block)));
        order
    }

    fn press(&self, j: usize) -> (f64, LetGo, Why) {
        let number = self.presses(j).len() as u64;
        let key = number * self.known.adapters() as u64 + j as u64;
        if self.settings.probe_every.is_some_and(|every| number % u64::from(every) == u64::from(every) - 1) {
            return (self.probe(&self.posterior(j), key), LetGo::Hold, Why::Probe);
        }
        self.listen(j, key).unwrap_or_else(|| {
            let (hold_s, why) = self.unheard(j, key);
            (hold_s, LetGo::Hold, why)
        })
    }

    /// A press that acknowledgements help to choose.
    fn listen(&self, j: usize, key: u64) -> Option<(f64, LetGo, Why)> {
        let (acks, listening) = (self.known.acks()?, self.settings.listening?);
        if !acks.heard(j) {
            let siblings = (0..self.known.adapters()).any(|i| acks.exact(i) > WORTH);
            // Where nothing resets it either, no hold is worth more than the longest.
            let dead = self.presses(j).iter().all(|press| !press.reset) && acks.presses(j).len() < 2 * MUTE;
            let wait = siblings && (dead || acks.presses(j).len() < MUTE);
            let until = if listening.letting_go == LettingGo::Never { LetGo::Hold } else { LetGo::Ack { extra_s: 0.0 } };
            return wait.then_some((self.settings.range.1, until, Why::Search));
        }
        if acks.exact(j) < WORTH {
            return None;
        }
        let q = self.settings.quantity.share();
        let guesses = guesses(acks, j, &self.posterior(j), q, (self.settings.seed, key));
        let (best, aimed) = listen::best(&guesses, self.settings.range, listening, self.learned.cost())?;
        Some((best.hold_s, best.until, if aimed { Why::Aim } else { Why::Search }))
    }

    /// A hold by the resets alone.
    fn unheard(&self, j: usize, key: u64) -> (f64, Why) {
        let post = self.posterior(j);
        let holds = post.window.holds(self.settings.range, CANDIDATES);
        let q = self.settings.quantity.share();
        let vague = moments(&post, q).1.sqrt() > VAGUE || post.never + post.always > STATES;
        let gains = match self.settings.aim {
            _ if vague => information(&post, &holds),
            Aim::Precision(_) => precision(&post, q, &holds),
            Aim::Spec(spec_s) => decision(&post, q, spec_s, &holds),
        };
        let cost = self.learned.cost();
        let worth = |(i, (gain, p)): (&usize, &(f64, f64))| {
            if vague { *gain } else { gain / cost.expected(post.window.hold(*i), *p) }
        };
        let mut best = (f64::MIN, holds[0]);
        for (i, gain) in holds.iter().zip(&gains) {
            let worth = worth((i, gain));
            if worth > best.0 {
                best = (worth, *i);
            }
        }
        let hold_s = self.vary(j, post.window.hold(best.1), post.window.step, key);
        (hold_s.clamp(self.settings.range.0, self.settings.range.1), if vague { Why::Search } else { Why::Aim })
    }

    /// Half the lower bound, or twice the upper one, by chance.
    fn probe(&self, post: &Posterior<'_>, key: u64) -> f64 {
        let (low, high) = post.distribution(self.settings.quantity).interval(super::standing::LEVEL);
        let up = keyed(self.settings.seed, "adaptive probe", key).next_u32().is_multiple_of(2);
        let hold = if up { 2.0 * high } else { 0.5 * low };
        hold.clamp(self.settings.range.0, self.settings.range.1)
    }

    /// A step up or down, by chance, where the same hold came up too often in a row.
    fn vary(&self, j: usize, hold_s: f64, step: f64, key: u64) -> f64 {
        let last = self.presses(j).iter().rev().take(SAME_IN_A_ROW);
        let same = last.filter(|press| (press.hold_s / hold_s).ln().abs() < 0.1 * step).count();
        if same < SAME_IN_A_ROW {
            return hold_s;
        }
        let up = keyed(self.settings.seed, "adaptive step", key).next_u32().is_multiple_of(2);
        let by = if up { step } else { -step };
        hold_s * by.exp()
    }
}
