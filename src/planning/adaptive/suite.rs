//! The adaptive design of a suite: slots chosen from the journal's judged trials, and controls between them.

use super::chooser::{Choice, Chooser, PROBE_EVERY, Settings, Why};
use super::controls::{Controls, is_control};
use super::cost::Cost;
use super::release::{LetGo, LettingGo, Listening};
use super::scouts::Scouts;
use super::standing::{Aim, Standing};
use crate::analysis::acks::told;
use crate::analysis::posterior::{Press, Quantity};
use crate::domain::condition::{Condition, Origin, Release, Slot, Stimulus};
use crate::domain::event::FinishReason;
use crate::domain::ids::{BlockNo, RunId, SlotId};
use crate::domain::profile::Profile;
use crate::domain::run_state::{Judged, RunState};
use crate::domain::suite::{Holds, Suite};
use crate::domain::units::Seconds;
use crate::domain::verdict::Verdict;
use crate::planning::budget::{Budget, Until};
use crate::planning::design::{Design, Next, gives_none, unsettled};
use crate::planning::layout::feeds;
use std::cell::RefCell;

/// The most presses of one adapter, where the suite says nothing.
const MOST: u32 = 100;

/// From a change that is seen to the open contact: the engine polls a hundred times a second, and the tip takes a while. An assumption.
const REACTION_S: f64 = 0.05;

/// An adaptive design.
pub struct Adaptive {
    /// What is pressed, but for its hold.
    columns: Vec<Condition>,
    settings: Settings,
    /// Bench time of a trial outside of its proper part, by the plan.
    around_s: f64,
    controls: Controls,
    /// Of a camera that ignores long presses, as its documents say: that is tried first.
    scouts: Option<Scouts>,
    tries: u32,
    most: u32,
    presses: Option<u32>,
    budget: Budget,
    target: String,
    memo: RefCell<Memo>,
}

/// The chooser after some judged trials. Only a memory: it is made anew from the journal where it does not fit.
struct Memo {
    run_id: Option<RunId>,
    taken: usize,
    last: Option<SlotId>,
    chooser: Chooser,
    /// Trials of each column that gave an answer, and that gave none.
    counts: Vec<(u32, u32)>,
}

impl Memo {
    fn new(columns: usize, settings: Settings) -> Self {
        Memo { run_id: None, taken: 0, last: None, chooser: Chooser::new(columns, settings), counts: vec![(0, 0); columns] }
    }

    fn fits(&self, run: &RunState) -> bool {
        let last = self.taken.checked_sub(1).map(|i| run.judged.get(i).map(|judged| judged.slot.id));
        self.run_id == run.run_id && last.is_none_or(|last| last == self.last)
    }
}

impl Adaptive {
    /// The design of a suite of kind `adaptive` over a camera of this model; `cost` is what the plan expects of a trial beside its hold, of which `around_s` is spent
    /// before and after the trial proper.
    pub fn new(suite: &Suite, profile: &Profile, until: Option<Until>, cost: Cost, around_s: f64) -> Self {
        let (columns, settings) = (columns(suite), settings(suite, cost));
        Adaptive {
            memo: RefCell::new(Memo::new(columns.len(), settings)),
            columns,
            settings,
            around_s,
            controls: Controls::new(suite),
            scouts: Scouts::of(profile, settings.range),
            tries: suite.design.attempts,
            most: suite.design.trials_per_adapter.unwrap_or(MOST),
            presses: suite.design.presses,
            budget: Budget::new(suite, until),
            target: suite.design.target().to_owned(),
        }
    }

    /// What is pressed, but for its hold.
    pub fn columns(&self) -> &[Condition] {
        &self.columns
    }

    /// What is to be found out, and within what.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// The most presses of one column.
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Controls: shams, presses without power, planned presses.
    pub fn controls(&self) -> usize {
        self.controls.len()
    }

    /// The chooser after all judged trials of `run`.
    pub fn chooser(&self, run: &RunState) -> Chooser {
        self.remember(run);
        self.memo.borrow().chooser.clone()
    }

    fn remember(&self, run: &RunState) {
        let mut memo = self.memo.borrow_mut();
        if !memo.fits(run) {
            *memo = Memo::new(self.columns.len(), self.settings);
        }
        memo.run_id.clone_from(&run.run_id);
        for judged in &run.judged[memo.taken..] {
            memo.taken += 1;
            memo.last = Some(judged.slot.id);
            let Some(j) = self.columns.iter().position(|column| same_but_hold(column, &judged.slot.condition)) else { continue };
            match press(judged) {
                Some(press) => {
                    memo.counts[j].0 += 1;
                    let bench_s = judged.took.get() + self.around_s;
                    memo.chooser.tell(j, press, judged.ack_s.map(|ack_s| told(ack_s.get())), bench_s);
                }
                None => memo.counts[j].1 += 1,
            }
        }
    }

    /// Whether more presses of a column are wanted and allowed.
    fn open(&self, memo: &Memo, j: usize) -> bool {
        memo.chooser.standing(j) == Standing::Open && self.allowed(memo, j) && !self.falls(memo, j)
    }

    fn allowed(&self, memo: &Memo, j: usize) -> bool {
        let (answers, mute) = memo.counts[j];
        answers + mute < self.most && !gives_none(answers, mute)
    }

    /// Success falls again at long holds: the response that is asked for is none, and more presses would not make it one.
    fn falls(&self, memo: &Memo, j: usize) -> bool {
        self.scouts.is_some_and(|scouts| scouts.show_a_fall(memo.chooser.presses(j)))
    }

    /// The scout that is due next, of the column with the fewest presses.
    fn scout(&self, memo: &Memo) -> Option<Choice> {
        let due = |j: usize| Some((j, self.scouts?.due(memo.chooser.presses(j))?));
        let all = (0..self.columns.len()).filter(|j| self.allowed(memo, *j) && !self.falls(memo, *j)).filter_map(due);
        let (adapter, hold_s) = all.min_by_key(|(j, _)| memo.counts[*j].0 + memo.counts[*j].1)?;
        Some(Choice { adapter, block: memo.chooser.block(adapter), hold_s, why: Why::Probe, until: LetGo::Hold })
    }

    fn slot(&self, choice: &Choice, id: SlotId) -> Slot {
        let column = &self.columns[choice.adapter];
        // Thousandths of a second: finer than any presser.
        let hold_s = Seconds::new((1e3 * choice.hold_s).round() / 1e3);
        let stimulus = match column.stimulus {
            // On a change such a press ends between its two holds: at the chosen one where both are the same.
            Stimulus::Press { release: Release::OnChange, .. } => {
                let least = if choice.until == LetGo::Hold { hold_s } else { Seconds::new(self.settings.range.0).min(hold_s) };
                Stimulus::Press { hold_s: least, release: Release::OnChange, max_s: hold_s }
            }
            _ => Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s },
        };
        let origin = match choice.why {
            Why::Search => Origin::Chosen("teaches most about the whole response".to_owned()),
            Why::Aim => Origin::Chosen(format!("narrows {} soonest", self.target)),
            Why::Probe => Origin::Probe,
        };
        Slot { id, block: BlockNo(choice.block), origin, condition: Condition { stimulus, ..column.clone() } }
    }
}

impl Design for Adaptive {
    fn next(&self, run: &RunState) -> Next {
        if let Some(slot) = unsettled(run, self.tries) {
            return Next::Slot(slot);
        }
        self.remember(run);
        let memo = self.memo.borrow();
        let id = SlotId(run.slots.len() as u32);
        let block = run.block.unwrap_or(BlockNo(0));
        let scout = self.scout(&memo);
        let choice = scout.or_else(|| memo.chooser.next(|j| self.open(&memo, j)));
        let (controls, presses) = begun(run);
        let stops = |next: &Choice| {
            let new = run.block != Some(BlockNo(next.block));
            new && (self.budget.spent(run) || self.presses.is_some_and(|most| presses >= most))
        };
        match choice {
            Some(choice) if stops(&choice) => Next::Done(FinishReason::BudgetSpent),
            Some(choice) => match self.controls.due(controls, presses) {
                Some(control) => Next::Slot(control.slot(id, block, run)),
                None => Next::Slot(self.slot(&choice, id)),
            },
            None => match self.controls.left(controls) {
                Some(control) => Next::Slot(control.slot(id, block, run)),
                None if (0..self.columns.len()).any(|j| memo.chooser.standing(j) == Standing::Open && !self.falls(&memo, j)) => {
                    Next::Done(FinishReason::BudgetSpent)
                }
                None => Next::Done(FinishReason::Complete),
            },
        }
    }

    fn planned(&self) -> &[Slot] {
        &[]
    }
}

/// Controls and presses that were begun.
fn begun(run: &RunState) -> (u32, u32) {
    let judged = run.judged.iter().map(|judged| &judged.slot);
    let states = run.unjudged.iter().filter_map(|id| run.slots.get(id));
    let lost = states.filter_map(|state| state.begun.as_ref()).map(|begun| &begun.slot);
    let (controls, presses): (Vec<&Slot>, Vec<&Slot>) = judged.chain(lost).partition(|slot| is_control(slot));
    (controls.len() as u32, presses.len() as u32)
}

/// Whether two presses are alike but for their hold.
fn same_but_hold(column: &Condition, other: &Condition) -> bool {
    let feeds = column.adapter == other.adapter && column.outlet == other.outlet && column.supply_v == other.supply_v;
    feeds && column.press_after_s == other.press_after_s && column.stimulus.release() == other.stimulus.release()
}

/// The press of a judged trial, with the contact time that was measured; `None` where the trial says nothing of the reset rate.
fn press(judged: &Judged) -> Option<Press> {
    let reset = match judged.verdict {
        Verdict::FactoryReset => true,
        Verdict::Inconclusive | Verdict::NotReady | Verdict::Checked => return None,
        Verdict::PartialReset | Verdict::RebootOnly | Verdict::AcknowledgedOnly | Verdict::NoResponse | Verdict::Dead => false,
    };
    let hold = judged.hold_s.or(judged.slot.condition.stimulus.hold())?;
    (hold > Seconds::ZERO).then(|| Press { hold_s: hold.get(), reset })
}

/// Every way to press: a column for each, with the longest hold standing in for the one that is chosen.
fn columns(suite: &Suite) -> Vec<Condition> {
    let factors = &suite.factors;
    let (_, longest) = range(suite);
    let afters: Vec<_> =
        if factors.press_after_s.is_empty() { vec![None] } else { factors.press_after_s.iter().copied().map(Some).collect() };
    let mut columns = Vec::new();
    for feed in feeds(factors) {
        for press_after_s in &afters {
            for release in &factors.release {
                let max_s = factors.hold_max_s.filter(|_| *release == Release::OnChange).unwrap_or(longest);
                let stimulus = Stimulus::Press { hold_s: longest, release: *release, max_s };
                columns.push(Condition { press_after_s: *press_after_s, stimulus, ..feed.clone() });
            }
        }
    }
    columns
}

/// Shortest and longest hold of the suite.
pub(super) fn range(suite: &Suite) -> (Seconds, Seconds) {
    match &suite.factors.hold_s {
        Holds::Range(range) => (range.from, range.to),
        Holds::Levels(levels) => {
            let shortest = levels.iter().copied().min().unwrap_or(Seconds::new(1.0));
            (shortest, levels.iter().copied().max().unwrap_or(Seconds::new(90.0)))
        }
    }
}

/// The hold that a target's name stands for.
pub fn quantity(target: &str) -> Quantity {
    Quantity::of_name(target).unwrap_or(Quantity::Relative(0.95))
}

fn settings(suite: &Suite, cost: Cost) -> Settings {
    let (design, (from, to)) = (&suite.design, range(suite));
    let precision = || Aim::Precision(design.half_width());
    Settings {
        quantity: quantity(design.target()),
        aim: design.spec_hold_s.map_or_else(precision, |spec| Aim::Spec(spec.get())),
        range: (from.get(), to.get()),
        sharing: !design.alone,
        probe_every: Some(design.probe_every.unwrap_or(PROBE_EVERY)).filter(|every| *every > 0),
        // A rig that sees none gives none, and then they change nothing.
        listening: Some(Listening {
            reaction_s: REACTION_S,
            letting_go: match suite.factors.release[..] {
                [Release::OnChange] => LettingGo::AtOnce,
                _ => LettingGo::Never,
            },
        }),
        cost,
        seed: design.seed,
    }
}
