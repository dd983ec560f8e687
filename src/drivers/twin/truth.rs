//! What really happened: for tests alone. Nothing that judges a trial may see it.

use crate::domain::canary::Category;
use crate::domain::ids::{Attempt, SlotId};
use crate::domain::profile::Effect;
use crate::domain::units::{Seconds, Tick};
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
    /// Closings of the contact.
    pub presses: Vec<PressTruth>,
    /// Erases of settings.
    pub erases: Vec<EraseTruth>,
    /// Boots.
    pub boots: Vec<BootTruth>,
    /// When the camera was up.
    pub ready: Vec<Tick>,
    /// Losses of power while the camera was running.
    pub losses: Vec<LossTruth>,
    /// When the camera was ruined.
    pub bricked: Option<Tick>,
    /// Faults of the bench that were drawn for this attempt.
    pub faults: Vec<&'static str>,
}

/// One closing of the contact.
#[derive(Clone, Debug, PartialEq)]
pub struct PressTruth {
    /// When the contact closed.
    pub closed: Tick,
    /// When it opened; `None` while it is closed.
    pub opened: Option<Tick>,
    /// Contact time that a factory reset takes in this trial on this adapter. `None`: not counted by the camera, or it has no such window.
    pub needed_s: Option<Seconds>,
    /// When the camera accepted it, and for what.
    pub accepted: Option<(Tick, Effect)>,
}

impl PressTruth {
    /// How long the contact was closed.
    pub fn held(&self) -> Option<Seconds> {
        self.opened.map(|opened| opened.since(self.closed))
    }
}

/// One erase.
#[derive(Clone, Debug, PartialEq)]
pub struct EraseTruth {
    /// When it began.
    pub at: Tick,
    /// What was asked for.
    pub effect: Effect,
    /// What was wiped.
    pub wiped: Vec<Category>,
    /// When a loss of power ended it early.
    pub interrupted: Option<Tick>,
}

/// One boot.
#[derive(Clone, Debug, PartialEq)]
pub struct BootTruth {
    /// When it began.
    pub at: Tick,
    /// From power-on, or by itself.
    pub cold: bool,
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
            presses: Vec::new(),
            erases: Vec::new(),
            boots: Vec::new(),
            ready: Vec::new(),
            losses: Vec::new(),
            bricked: None,
            faults: Vec::new(),
        }
    }

    /// The categories that were wiped.
    pub fn wiped(&self) -> BTreeSet<Category> {
        self.erases.iter().flat_map(|erase| erase.wiped.iter().copied()).collect()
    }

    /// Whether a press wiped every category.
    pub fn was_reset(&self) -> bool {
        self.wiped().len() == Category::ALL.len()
    }

    /// Boots after the first.
    pub fn reboots(&self) -> usize {
        self.boots.len().saturating_sub(1)
    }

    /// Losses of power with the supply on.
    pub fn brown_outs(&self) -> usize {
        self.losses.iter().filter(|loss| loss.brown_out).count()
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

    /// Volts and amperes at the camera's plug now.
    pub fn plug(&self) -> (f64, f64) {
        let bench = self.0.borrow();
        (bench.power.plug.volts, bench.power.plug.amps)
    }
}
