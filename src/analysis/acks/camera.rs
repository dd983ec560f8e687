//! The acknowledgements of one camera's adapters together.

use super::Heard;
use super::draws::{Draws, N_CELL};
use super::hold::{AckShare, Hold, Shown};
use super::meaning::{HABITS, Habits, MEANINGS, Meaning, Word};
use super::mute::{Silence, silence};
use super::near::Near;
use super::rise::Rise;
use super::share::Share;
use super::weigh::{Evidence, View, Weights, prior};
use crate::analysis::posterior::{Distribution, Place, Quantity};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Weight of the exact links below which they are not worth a thought.
const LOST: f64 = 1e-3;
/// Presses of an acknowledging adapter before that is said.
const LOST_AFTER: usize = 3;
/// All is made anew when an adapter's presses have grown by this part.
const AGAIN: usize = 8;
/// Meanings of this weight or less are left out of a hold.
const NEGLIGIBLE: f64 = 1e-6;

/// What is known of one camera's acknowledgements.
#[derive(Clone, Debug)]
pub struct Acks {
    /// Adapters tell each other what their acknowledgement times are like. What acknowledgements mean is the camera's in any case.
    sharing: bool,
    near: Near,
    share: Share,
    ears: Vec<Ear>,
    /// Of `[meaning][habits]`, given where acknowledgements of the adapters lie.
    prior: Vec<f64>,
    weights: Weights,
    /// They turned out to show no threshold.
    lost: bool,
    /// What follows for each adapter since the last press, asked for several times.
    known: RefCell<Vec<Option<Rc<Cells>>>>,
    views: RefCell<Vec<Option<Rc<View>>>>,
}

/// One adapter's.
#[derive(Clone, Debug, Default)]
struct Ear {
    presses: Vec<Heard>,
    /// From the first acknowledgement on.
    heard: Option<Told>,
}

#[derive(Clone, Debug)]
struct Told {
    draws: Draws,
    up: Vec<f32>,
    evidence: Evidence,
    place: Place,
    /// Presses that are in it.
    taken: usize,
    /// From so many presses on all is made anew: lattice, and what presses without an acknowledgement say, follow what is believed of the
    /// times, which a few presses more hardly change.
    again: usize,
}

impl Told {
    /// For these presses, none of which is taken yet.
    fn before(presses: &[Heard]) -> Self {
        let again = presses.len() + (presses.len() / AGAIN).max(1);
        Told {
            draws: Draws::around(presses),
            up: Vec::new(),
            evidence: Evidence::new(),
            place: Place { ln_s: 0.0, var: 0.0 },
            taken: 0,
            again,
        }
    }
}

/// The posterior of one adapter's acknowledgement times: cells with their weights, sum 1.
#[derive(Clone, Debug)]
pub struct Cells {
    /// (distribution, weight).
    pub cells: Vec<(Rise, f64)>,
    weights: Vec<f64>,
}

impl Cells {
    /// The probability of an acknowledgement before `hold_s`, if one comes.
    pub fn by(&self, hold_s: f64) -> f64 {
        let t = hold_s.ln();
        self.cells.iter().filter(|cell| cell.1 > 1e-7).map(|(rise, w)| w * rise.below(t)).sum()
    }
}

impl Cells {
    fn place(&self) -> Place {
        let of = |value: &dyn Fn(&Rise) -> f64| self.cells.iter().map(|(rise, w)| w * value(rise)).sum::<f64>();
        let ln_s = of(&|rise| rise.x);
        Place { ln_s, var: of(&|rise| (rise.x - ln_s).powi(2)) }
    }
}

impl Acks {
    /// Of `n` adapters before any press.
    pub fn new(n: usize, sharing: bool) -> Self {
        Acks {
            sharing,
            near: Near::new(),
            share: Share::new(),
            ears: vec![Ear::default(); n],
            prior: prior(&[]),
            weights: Weights { unrelated: 0.5, joint: prior(&[]) },
            lost: false,
            known: RefCell::new(vec![None; n]),
            views: RefCell::new(vec![None; n]),
        }
    }

    /// Takes a judged press of adapter `j`.
    pub fn tell(&mut self, j: usize, press: Heard) {
        self.ears[j].presses.push(press);
        if press.ack_s.is_none() && self.ears[j].heard.is_none() {
            return;
        }
        self.known.get_mut().fill(None);
        self.views.get_mut().fill(None);
        let n = self.ears[j].presses.len();
        let mut told =
            self.ears[j].heard.take().filter(|told| n < told.again).unwrap_or_else(|| Told::before(&self.ears[j].presses));
        let new = &self.ears[j].presses[told.taken..];
        let likely = self.weights.likely();
        told.draws.take(new, &self.near, |press| likely.unseen(press));
        let cells = self.cells_of(j, &told.draws);
        if !self.lost {
            told.evidence.take(new, tabulated(&cells));
        }
        told.up = self.share.up(&told.draws);
        told.place = cells.place();
        told.taken = n;
        self.ears[j].heard = Some(told);
        self.known.get_mut()[j] = Some(Rc::new(cells));
        if !self.lost {
            self.prior =
                prior(&self.ears.iter().filter_map(|ear| ear.heard.as_ref()).map(|told| told.place).collect::<Vec<Place>>());
            let evidence = self.ears.iter().filter_map(|ear| ear.heard.as_ref()).map(|told| &told.evidence);
            self.weights = Weights::of(evidence, &self.prior);
            self.lost = self.none_exact();
        }
    }

    /// Whether adapter `j` was ever seen to acknowledge.
    pub fn heard(&self, j: usize) -> bool {
        self.ears[j].heard.is_some()
    }

    /// Presses of adapter `j`.
    pub fn presses(&self, j: usize) -> &[Heard] {
        &self.ears[j].presses
    }

    /// Whether acknowledgements turned out to show no threshold; from then on only their times are kept.
    pub fn lost(&self) -> bool {
        self.lost
    }

    fn none_exact(&self) -> bool {
        let heard: Vec<usize> = (0..self.ears.len()).filter(|j| self.heard(*j)).collect();
        let presses: usize = heard.iter().map(|j| self.ears[*j].presses.len()).sum();
        presses >= LOST_AFTER && heard.iter().all(|j| self.exact(*j) < LOST)
    }

    /// The probability that adapter `j` shows its threshold exactly.
    pub fn exact(&self, j: usize) -> f64 {
        if self.lost {
            return 0.0;
        }
        self.view(j).map_or(0.0, |view| view.linked * exact_share(&view.joint))
    }

    /// (meaning, habits, weight) of the exact links of adapter `j`, sum 1.
    pub fn links(&self, j: usize) -> Vec<(Meaning, Habits, f64)> {
        self.view(j).map_or_else(Vec::new, |view| exact_links(&view.joint))
    }

    /// The weights of the meanings in words, for the camera, sum 1.
    pub fn words(&self) -> BTreeMap<Word, f64> {
        let mut out = BTreeMap::from([(Word::Unrelated, self.weights.unrelated)]);
        for ((meaning, _), row) in MEANINGS.iter().zip(self.weights.joint.chunks(HABITS.len())) {
            *out.entry(meaning.word()).or_insert(0.0) += (1.0 - self.weights.unrelated) * row.iter().sum::<f64>();
        }
        out
    }

    /// The posterior of the acknowledgement times of adapter `j`, if any was seen.
    pub fn cells(&self, j: usize) -> Option<Rc<Cells>> {
        let told = self.ears[j].heard.as_ref()?;
        let mut known = self.known.borrow_mut();
        Some(known[j].get_or_insert_with(|| Rc::new(self.cells_of(j, &told.draws))).clone())
    }

    /// Where the acknowledgements of adapter `j` lie, as was known at its last press, if any was seen.
    pub fn place(&self, j: usize) -> Option<Place> {
        self.ears[j].heard.as_ref().map(|told| told.place)
    }

    /// A hold of adapter `j`, given what the resets alone say.
    pub fn hold(&self, j: usize, quantity: Quantity, resets: Distribution) -> Hold {
        let weight = self.exact(j);
        if let Some(silence) = self.silence(j) {
            return Hold::by_resets(resets.if_never(silence.weight, silence.never));
        }
        let (Some(cells), Some(told)) = (self.cells(j), self.ears[j].heard.as_ref()) else { return Hold::by_resets(resets) };
        if weight <= LOST {
            return Hold::by_resets(resets);
        }
        let mut shown = Shown { weight, shares: Vec::new(), parts: Vec::new(), none: 0.0 };
        let mut known: Vec<f64> = Vec::new();
        for (meaning, share, w) in self.asked(j, quantity) {
            if share >= 1.0 {
                shown.none += w;
                continue;
            }
            let index = known.iter().position(|other| *other == share).unwrap_or_else(|| {
                known.push(share);
                shown.shares.push(AckShare::new(&told.draws, &cells.weights, share));
                known.len() - 1
            });
            match shown.parts.iter_mut().rev().find(|part| part.0 == index && part.1 == meaning) {
                Some(part) => part.2 += w,
                None => shown.parts.push((index, meaning, w)),
            }
        }
        Hold::mixed(resets, shown)
    }

    /// (meaning, share of acknowledgement times, weight) of each exact link of adapter `j` under which the hold that is asked for lies where that share
    /// of its acknowledgements has come; the weights add to one. A share of 1 or more: there is no such hold.
    fn asked(&self, j: usize, quantity: Quantity) -> Vec<(Meaning, f64, f64)> {
        let rate = match quantity {
            Quantity::Relative(share) => {
                return self.links(j).into_iter().map(|(meaning, _, w)| (meaning, share, w)).collect();
            }
            Quantity::Absolute(rate) => rate,
        };
        let Some(own) = self.ears[j].heard.as_ref() else { return Vec::new() };
        // How many presses lapse is each adapter's own, since it may be the adapter's doing.
        let joint = View::own_habits(&own.evidence, self.siblings(j).map(|told| &told.evidence), &self.prior);
        let parts = exact_links(&joint).into_iter().flat_map(|(meaning, habits, w)| {
            habits.plateaus().map(|plateau| (meaning, rate / plateau, w / habits.plateaus().len() as f64))
        });
        parts.collect()
    }

    fn siblings(&self, j: usize) -> impl Iterator<Item = &Told> {
        self.ears.iter().enumerate().filter(move |(i, _)| *i != j).filter_map(|(_, ear)| ear.heard.as_ref())
    }

    /// What it says that adapter `j` was never seen to acknowledge, where its siblings were.
    fn silence(&self, j: usize) -> Option<Silence> {
        let siblings: Vec<Rc<Cells>> = (0..self.ears.len()).filter_map(|i| self.cells(i)).collect();
        if !self.sharing || self.heard(j) || siblings.is_empty() {
            return None;
        }
        let shown = |hold_s: f64| siblings.iter().map(|cells| cells.by(hold_s)).fold(1.0, f64::min);
        silence(&self.ears[j].presses, self.weights.likely(), shown)
    }

    fn view(&self, j: usize) -> Option<Rc<View>> {
        if let Some(view) = &self.views.borrow()[j] {
            return Some(view.clone());
        }
        let own = &self.ears[j].heard.as_ref()?.evidence;
        let view = Rc::new(View::of(own, self.siblings(j).map(|told| &told.evidence), self.weights.unrelated, &self.prior));
        self.views.borrow_mut()[j] = Some(view.clone());
        Some(view)
    }

    fn cells_of(&self, j: usize, draws: &Draws) -> Cells {
        let siblings = self.siblings(j).filter(|_| self.sharing);
        let weights = draws.down(&self.share.known(siblings.map(|told| &told.up)));
        let cells = (0..N_CELL).map(|cell| (draws.cell(cell), weights[cell])).collect();
        Cells { cells, weights }
    }
}

/// (meaning, habits, weight) of the exact links, sum 1.
fn exact_links(joint: &[f64]) -> Vec<(Meaning, Habits, f64)> {
    let total = exact_share(joint).max(1e-300);
    let all = MEANINGS.iter().flat_map(|(meaning, _)| HABITS.iter().map(move |(habits, _)| (*meaning, *habits)));
    all.zip(joint)
        .filter(|((meaning, _), w)| meaning.exact() && **w > NEGLIGIBLE * total)
        .map(|((meaning, habits), w)| (meaning, habits, w / total))
        .collect()
}

fn exact_share(joint: &[f64]) -> f64 {
    MEANINGS
        .iter()
        .zip(joint.chunks(HABITS.len()))
        .filter(|((meaning, _), _)| meaning.exact())
        .map(|(_, row)| row.iter().sum::<f64>())
        .sum()
}

/// The distribution function of acknowledgement times, read from a table that is made where it is asked for: that is once a meaning.
fn tabulated(cells: &Cells) -> impl Fn(f64) -> f64 + '_ {
    const N: usize = 128;
    let table = std::cell::OnceCell::new();
    move |hold_s: f64| {
        let (low, step, table) = table.get_or_init(|| {
            let live = cells.cells.iter().filter(|cell| cell.1 > 1e-4);
            let ends = |(low, high): (f64, f64), (rise, _): &(Rise, f64)| {
                (low.min(rise.x - 6.0 * rise.s), high.max(rise.x + 6.0 * rise.s))
            };
            let (low, high) = live.fold((f64::INFINITY, f64::NEG_INFINITY), ends);
            let step = (high - low).max(1e-3) / (N - 1) as f64;
            (low, step, (0..N).map(|i| cells.by((low + step * i as f64).exp())).collect::<Vec<f64>>())
        });
        let at = ((hold_s.ln() - low) / step).clamp(0.0, (N - 1) as f64 - 1e-9);
        let i = at as usize;
        table[i] + (table[i + 1] - table[i]) * (at - i as f64)
    }
}
