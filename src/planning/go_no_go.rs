//! Go/no-go: each rate limit at each adapter is tested by Wald's sequential test, and pressed no more once that has answered.

use super::adaptive::{Controls, is_control};
use super::budget::{Budget, Until};
use super::chance::{keyed, shuffle};
use super::design::{Design, Next, unsettled};
use super::layout::feeds;
use crate::analysis::limits::sequential::{Test, tests};
use crate::analysis::stats::sprt::Answer;
use crate::domain::condition::{Condition, Origin, Release, Slot, Stimulus};
use crate::domain::event::FinishReason;
use crate::domain::ids::{BlockNo, SlotId};
use crate::domain::run_state::RunState;
use crate::domain::suite::Suite;
use crate::domain::verdict::Verdict;

/// Trials of a condition without an answer (not ready) after which it is given up, unless it gave more answers than that.
const MUTE: u32 = 6;

/// A sequential design.
pub struct GoNoGo {
    /// What is pressed, with its test.
    arms: Vec<(Condition, Test)>,
    controls: Controls,
    tries: u32,
    seed: u64,
    budget: Budget,
}

impl GoNoGo {
    /// The design of a suite of kind `go_no_go`.
    pub fn new(suite: &Suite, until: Option<Until>) -> Self {
        let mut arms: Vec<(Condition, Test)> = Vec::new();
        for feed in feeds(&suite.factors) {
            for test in tests(suite) {
                if !test.covers(feed.adapter.as_str(), feed.supply_v) {
                    continue;
                }
                let stimulus = Stimulus::Press { hold_s: test.hold_s, release: Release::AfterHold, max_s: test.hold_s };
                arms.push((Condition { stimulus, ..feed.clone() }, test));
            }
        }
        GoNoGo {
            arms,
            controls: Controls::new(suite),
            tries: suite.design.attempts,
            seed: suite.design.seed,
            budget: Budget::new(suite, until),
        }
    }

    /// What is pressed, with its test.
    pub fn arms(&self) -> &[(Condition, Test)] {
        &self.arms
    }

    /// Whether an arm still waits for its answer.
    fn open(&self, run: &RunState, (condition, test): &(Condition, Test)) -> bool {
        let (mut resets, mut others, mut mute) = (0, 0, 0);
        for judged in run.judged.iter().filter(|judged| judged.slot.condition == *condition) {
            match judged.verdict {
                Verdict::FactoryReset => resets += 1,
                Verdict::NotReady | Verdict::Checked => mute += 1,
                // An inconclusive trial counts as no reset: a limit must not be met by what nobody saw.
                _ => others += 1,
            }
            // The first answer stands.
            if test.plan.answer(resets, others) != Answer::GoOn {
                return false;
            }
        }
        !(mute >= MUTE && mute > resets + others)
    }
}

impl Design for GoNoGo {
    fn next(&self, run: &RunState) -> Next {
        if let Some(slot) = unsettled(run, self.tries) {
            return Next::Slot(slot);
        }
        let open: Vec<bool> = self.arms.iter().map(|arm| self.open(run, arm)).collect();
        let (controls, presses): (Vec<_>, Vec<_>) = run.judged.iter().partition(|judged| is_control(&judged.slot));
        let (controls, presses) = (controls.len() as u32, presses.len() as u32);
        let id = SlotId(run.slots.len() as u32);
        let now = run.block.unwrap_or(BlockNo(0));
        let waiting = |block: BlockNo| {
            let mut order: Vec<usize> = (0..self.arms.len()).collect();
            shuffle(&mut order, &mut keyed(self.seed, "go/no-go block", u64::from(block.0)));
            let done = |arm: &usize| {
                run.judged.iter().any(|judged| judged.slot.block == block && judged.slot.condition == self.arms[*arm].0)
            };
            order.into_iter().find(|arm| open[*arm] && !done(arm))
        };
        let chosen =
            waiting(now).map(|arm| (arm, now)).or_else(|| waiting(BlockNo(now.0 + 1)).map(|arm| (arm, BlockNo(now.0 + 1))));
        match chosen {
            Some((_, block)) if run.block != Some(block) && self.budget.spent(run) => Next::Done(FinishReason::BudgetSpent),
            Some((arm, block)) => Next::Slot(match self.controls.due(controls, presses) {
                Some(control) => control.slot(id, now, run),
                None => {
                    let origin = Origin::Chosen("the test has no answer yet".to_owned());
                    Slot { id, block, origin, condition: self.arms[arm].0.clone() }
                }
            }),
            None => match self.controls.left(controls) {
                Some(control) => Next::Slot(control.slot(id, now, run)),
                None => Next::Done(FinishReason::Complete),
            },
        }
    }

    fn planned(&self) -> &[Slot] {
        &[]
    }
}
