//! Controls of an adaptive suite: shams, presses without power, and the planned presses of its limits, spread over the run.

use crate::domain::condition::{Condition, Origin, Release, Slot, Stimulus};
use crate::domain::ids::{BlockNo, SlotId};
use crate::domain::limit::Question;
use crate::domain::run_state::RunState;
use crate::domain::suite::Suite;
use crate::domain::units::Seconds;
use crate::planning::chance::{keyed, shuffle};
use crate::planning::layout::{feeds, origin};

/// So many chosen presses stand before each control, as long as there are controls.
const PRESSES_BEFORE: u32 = 3;

/// All controls of a suite in the order in which they come: round by round, one of each feed and kind a round, shuffled.
pub(in crate::planning) struct Controls {
    all: Vec<Control>,
}

/// One control.
#[derive(Clone, Debug)]
pub(in crate::planning) struct Control {
    condition: Condition,
}

/// Whether a slot is no choice of the design's.
pub(in crate::planning) fn is_control(slot: &Slot) -> bool {
    matches!(slot.origin, Origin::Planned | Origin::Sham)
}

impl Controls {
    pub(in crate::planning) fn new(suite: &Suite) -> Self {
        let design = &suite.design;
        let (from, to) = super::suite::range(suite);
        // Where nothing was pressed yet, as long as the middle of the range.
        let middle = Seconds::new((from.get() * to.get()).sqrt());
        let mut all = Vec::new();
        let rounds = design.shams_per_adapter.max(design.unpowered_per_adapter).max(design.replicates.unwrap_or(0));
        for round in 0..rounds {
            let mut here = Vec::new();
            for feed in feeds(&suite.factors) {
                let with = |stimulus| Control { condition: Condition { stimulus, ..feed.clone() } };
                if round < design.shams_per_adapter {
                    here.push(with(Stimulus::Sham { wait_s: middle }));
                }
                if round < design.unpowered_per_adapter {
                    here.push(with(Stimulus::UnpoweredPress { hold_s: middle }));
                }
                if round < design.replicates.unwrap_or(0) {
                    here.extend(
                        limit_holds(suite, &feed)
                            .into_iter()
                            .map(|hold_s| with(Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s })),
                    );
                }
            }
            shuffle(&mut here, &mut keyed(design.seed, "adaptive controls", u64::from(round)));
            all.extend(here);
        }
        Controls { all }
    }

    /// The control that is due after so many controls and presses were begun.
    pub(in crate::planning) fn due(&self, controls: u32, presses: u32) -> Option<&Control> {
        self.all.get(controls as usize).filter(|_| presses >= (controls + 1) * PRESSES_BEFORE)
    }

    /// The next control, due or not.
    pub(in crate::planning) fn left(&self, controls: u32) -> Option<&Control> {
        self.all.get(controls as usize)
    }

    /// How many there are.
    pub(in crate::planning) fn len(&self) -> usize {
        self.all.len()
    }
}

impl Control {
    /// As a slot. A control takes as long as the press that stood last at its adapter.
    pub(in crate::planning) fn slot(&self, id: SlotId, block: BlockNo, run: &RunState) -> Slot {
        let mut condition = self.condition.clone();
        let before = run.judged.iter().rev().map(|judged| &judged.slot).find(|slot| {
            let other = &slot.condition;
            !is_control(slot) && other.adapter == condition.adapter && other.supply_v == condition.supply_v
        });
        let hold = before.and_then(|slot| slot.condition.stimulus.hold());
        match (&mut condition.stimulus, hold) {
            (Stimulus::Sham { wait_s }, Some(hold)) => *wait_s = hold,
            (Stimulus::UnpoweredPress { hold_s }, Some(hold)) => *hold_s = hold,
            _ => {}
        }
        Slot { id, block, origin: origin(&condition), condition }
    }
}

/// The holds at which limits ask for a rate of this feed: they are pressed as planned, `replicates` times.
fn limit_holds(suite: &Suite, feed: &Condition) -> Vec<Seconds> {
    let speaks = |limit: &&crate::domain::limit::Limit| {
        limit.covers(feed.adapter.as_str()) && (limit.supply_v.is_none() || limit.supply_v == feed.supply_v)
    };
    let holds = suite.limits.iter().filter(speaks).filter_map(|limit| match limit.question() {
        Some(Question::Rate { hold_s, .. }) => Some(hold_s),
        _ => None,
    });
    let mut holds: Vec<Seconds> = holds.collect();
    holds.sort_unstable();
    holds.dedup();
    holds
}
