//! What really happened: for tests alone. Nothing that judges a trial may see it.

use super::contact::Touch;
use crate::domain::canary::Category;
use crate::domain::ids::{Attempt, SlotId};
use crate::domain::observation::Sense;
use crate::domain::profile::{Effect, LightMeaning};
use crate::domain::units::{Hertz, Seconds, Tick};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What really happened in one attempt, from the last [`crate::ports::Sensors::begin`] on.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialTruth {
    /// The slot.
    pub slot: SlotId,
    /// The attempt at it.
    pub attempt: Attempt,
    /// Whether the trial proper had begun.
    pub proper: bool,
    /// When it was begun.
    pub begun: Tick,
    /// The camera was up then.
    pub up_before: bool,
    /// Closings of the contact under the tip. A contact that opens and closes while the tip is down is still one press.
    pub presses: Vec<PressTruth>,
    /// Presses at which the tip came down and the contact never closed.
    pub misses: Vec<MissTruth>,
    /// Answers of the camera to a press: a window was reached, which is no reset yet.
    pub answers: Vec<AnswerTruth>,
    /// Erases of settings, by a press or by themselves.
    pub erases: Vec<EraseTruth>,
    /// An accepted reset waits for a boot to come. Also one of an earlier trial.
    pub pending: bool,
    /// Boots.
    pub boots: Vec<BootTruth>,
    /// When the camera was up.
    pub ready: Vec<Tick>,
    /// When it ceased to be up.
    pub down: Vec<Tick>,
    /// Losses of power while the camera was running.
    pub losses: Vec<LossTruth>,
    /// When the camera was ruined.
    pub bricked: Option<Tick>,
    /// Faults of the bench that were drawn for this attempt.
    pub faults: Vec<&'static str>,
}

/// One press with a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct PressTruth {
    /// When the contact closed.
    pub closed: Tick,
    /// When it opened for good, chatter aside; `None` while the tip is down.
    pub opened: Option<Tick>,
    /// Openings of the contact in between.
    pub openings: Vec<OpeningTruth>,
    /// Contact time that a factory reset takes in this trial on this adapter. `None`: not counted by the camera, or it has no such window.
    pub needed_s: Option<Seconds>,
    /// When the camera accepted it, and for what.
    pub accepted: Option<(Tick, Effect)>,
}

/// The contact opened in mid-hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningTruth {
    /// When.
    pub at: Tick,
    /// For so long.
    pub length: Seconds,
    /// It was not shorter than the debounce time: the camera took it for a release.
    pub noticed: bool,
}

/// A press without a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissTruth {
    /// When the tip came down.
    pub at: Tick,
    /// On what.
    pub touch: Touch,
}

/// The camera answered a press.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerTruth {
    /// When.
    pub at: Tick,
    /// Through which senses it could be noticed, if the bench has them. May be empty.
    pub by: BTreeSet<Sense>,
}

impl PressTruth {
    pub(super) fn new(closed: Tick) -> Self {
        Self { closed, opened: None, openings: Vec::new(), needed_s: None, accepted: None }
    }

    /// The tip goes up. Where the contact is open at that moment, the press had ended with that opening.
    pub(super) fn end(&mut self, now: Tick) {
        let open = self.openings.pop_if(|last| last.at + last.length >= now);
        self.opened = Some(open.map_or(now, |last| last.at));
    }

    /// How long the contact was closed, openings included.
    pub fn held(&self) -> Option<Seconds> {
        self.opened.map(|opened| opened.since(self.closed))
    }

    /// The hold as the camera counts it: the longest time without an opening that it noticed.
    pub fn effective(&self) -> Option<Seconds> {
        let mut since = self.closed;
        let mut longest = Seconds::ZERO;
        for opening in self.openings.iter().filter(|opening| opening.noticed) {
            longest = longest.max(opening.at.since(since));
            since = opening.at + opening.length;
        }
        self.opened.map(|opened| longest.max(opened.since(since)))
    }
}

/// Why settings are wiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WipeCause {
    /// A press asked for it.
    Press,
    /// The camera found its settings corrupt and formatted them: it had lost its power in the erase that a press had asked for.
    LostErase,
    /// The same without a press: it had lost its power in another write, or its voltage had broken down.
    Corruption,
}

/// One erase.
#[derive(Clone, Debug, PartialEq)]
pub struct EraseTruth {
    /// When it began.
    pub at: Tick,
    /// What was asked for.
    pub effect: Effect,
    /// Why.
    pub cause: WipeCause,
    /// The press that asked for it was one of an earlier trial.
    pub from_before: bool,
    /// What was wiped, and when.
    pub wiped: Vec<(Tick, Category)>,
    /// When a loss of power ended it early.
    pub interrupted: Option<Tick>,
}

/// Why the camera boots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootCause {
    /// The supply was switched on.
    PowerOn,
    /// Its voltage had broken down with the supply on.
    BrownOut,
    /// A press.
    Press,
    /// The camera's own will: its timer, or nobody knows.
    Own,
    /// The boot before had failed.
    Failure,
}

/// One boot.
#[derive(Clone, Debug, PartialEq)]
pub struct BootTruth {
    /// When it began.
    pub at: Tick,
    /// From power-on, or by itself.
    pub cold: bool,
    /// Why.
    pub cause: BootCause,
}

/// One loss of power.
#[derive(Clone, Debug, PartialEq)]
pub struct LossTruth {
    /// When.
    pub at: Tick,
    /// The supply was on: the voltage broke down.
    pub brown_out: bool,
    /// Flash was being written.
    pub writing: bool,
}

impl TrialTruth {
    fn new(slot: SlotId, attempt: Attempt, proper: bool, begun: Tick) -> Self {
        Self {
            slot,
            attempt,
            proper,
            begun,
            up_before: false,
            presses: Vec::new(),
            misses: Vec::new(),
            answers: Vec::new(),
            erases: Vec::new(),
            pending: false,
            boots: Vec::new(),
            ready: Vec::new(),
            down: Vec::new(),
            losses: Vec::new(),
            bricked: None,
            faults: Vec::new(),
        }
    }

    /// The categories that were wiped because of a press.
    pub fn wiped(&self) -> BTreeSet<Category> {
        self.wiped_within(self.begun, Tick::NEVER, &[WipeCause::Press, WipeCause::LostErase])
    }

    /// The categories that were wiped after `from`, until `to`, for one of these causes.
    pub fn wiped_within(&self, from: Tick, to: Tick, causes: &[WipeCause]) -> BTreeSet<Category> {
        let erases = self.erases.iter().filter(|erase| causes.contains(&erase.cause));
        erases.flat_map(|erase| &erase.wiped).filter(|(at, _)| *at >= from && *at <= to).map(|(_, category)| *category).collect()
    }

    /// Whether a press wiped every category.
    pub fn was_reset(&self) -> bool {
        self.wiped().len() == Category::ALL.len()
    }

    /// Boots after the first.
    pub fn reboots(&self) -> usize {
        self.boots.len().saturating_sub(1)
    }

    /// Boots of the camera's own will.
    pub fn self_reboots(&self) -> usize {
        self.boots.iter().filter(|boot| boot.cause == BootCause::Own).count()
    }

    /// Losses of power with the supply on.
    pub fn brown_outs(&self) -> usize {
        self.losses.iter().filter(|loss| loss.brown_out).count()
    }

    /// The longest hold of this trial as the camera counts it; `None` where no contact closed and opened.
    pub fn effective_hold(&self) -> Option<Seconds> {
        self.presses.iter().filter_map(PressTruth::effective).max()
    }
}

/// The world's own record. What comes before the first trial is kept under a trial that no suite has.
pub(super) struct TruthLog {
    trials: Vec<TrialTruth>,
}

impl TruthLog {
    pub(super) fn new() -> Self {
        Self { trials: vec![TrialTruth::new(SlotId(u32::MAX), Attempt(0), false, Tick::ZERO)] }
    }

    /// Opens the record of an attempt; the trial proper takes the place of its preparation.
    pub(super) fn begin(&mut self, slot: SlotId, attempt: Attempt, proper: bool, now: Tick) {
        let trial = TrialTruth::new(slot, attempt, proper, now);
        match self.trials.last_mut() {
            Some(last) if last.slot == slot && last.attempt == attempt => *last = trial,
            _ => self.trials.push(trial),
        }
    }

    /// The record of the present attempt.
    pub(super) fn now(&mut self) -> &mut TrialTruth {
        if self.trials.is_empty() {
            *self = Self::new();
        }
        let last = self.trials.len() - 1;
        &mut self.trials[last]
    }
}

/// A view of what really happened.
#[derive(Clone)]
pub struct Truth(pub(super) Rc<RefCell<super::bench::Bench>>);

impl Truth {
    /// Every attempt so far, in the order in which they were begun. The first entry is what came before any.
    pub fn trials(&self) -> Vec<TrialTruth> {
        self.0.borrow().truth.trials.clone()
    }

    /// One attempt.
    pub fn trial(&self, slot: SlotId, attempt: Attempt) -> Option<TrialTruth> {
        self.0.borrow().truth.trials.iter().rev().find(|trial| trial.slot == slot && trial.attempt == attempt).cloned()
    }

    /// The settings that the camera holds now.
    pub fn settings(&self) -> std::collections::BTreeMap<String, String> {
        self.0.borrow().camera.settings.clone()
    }

    /// Whether the camera is in the factory state now.
    pub fn is_factory(&self) -> bool {
        !self.0.borrow().camera.configured
    }

    /// Whether the camera is ruined by now, in whichever trial that happened.
    pub fn is_bricked(&self) -> bool {
        self.0.borrow().camera.bricked
    }

    /// Whether the coil is energised now.
    pub fn coil_on(&self) -> bool {
        self.0.borrow().coil.is_on()
    }

    /// Whether the output of the supply is switched on now.
    pub fn supply_on(&self) -> bool {
        self.0.borrow().power.mains
    }

    /// Frequency of the tone that the camera sounds now.
    pub fn tone(&self) -> Option<Hertz> {
        self.0.borrow().sound_now().tone.map(|(hz, _)| hz)
    }

    /// Whether the camera's motor runs now.
    pub fn motor_on(&self) -> bool {
        self.0.borrow().sound_now().motor.is_some()
    }

    /// What the light means now; `None` while it is dark for a reason of its own.
    pub fn light(&self) -> Option<LightMeaning> {
        self.0.borrow().camera.light
    }

    /// Volts and amperes at the camera's plug now.
    pub fn plug(&self) -> (f64, f64) {
        let bench = self.0.borrow();
        (bench.power.plug.volts, bench.power.plug.amps)
    }
}
