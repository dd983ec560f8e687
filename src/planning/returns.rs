//! The return decision as a design: the intake first, then the test that the journal so far asks for.

use super::design::{Design, Next};
use crate::analysis::rma::choose::Step;
use crate::analysis::rma::inference::Source;
use crate::analysis::rma::{Senses, Table, Test, verdict};
use crate::domain::condition::{Check, Condition, Origin, Release, Slot, Stimulus};
use crate::domain::event::FinishReason;
use crate::domain::ids::{AdapterName, BlockNo, SlotId};
use crate::domain::profile::{Action, PressMode, Profile};
use crate::domain::rig::Position;
use crate::domain::rma::{CONSENT, ReturnPlan, correct_hold, questions};
use crate::domain::run_state::RunState;
use crate::domain::suite::Suite;
use std::collections::BTreeSet;

/// The design of a return.
#[derive(Clone, Debug)]
pub struct Returns {
    plan: ReturnPlan,
    profile: Profile,
    senses: Senses,
    table: Table,
    tries: u32,
}

impl Returns {
    /// For this plan on this position. `None` where the suite is no return.
    pub fn new(suite: &Suite, profile: &Profile, position: &Position) -> Option<Self> {
        let plan = suite.rma.clone()?;
        let senses = Senses::of(position);
        let tries = suite.design.attempts;
        Some(Self { plan, profile: profile.clone(), senses, table: Table::built_in(senses), tries })
    }

    /// The same with other likelihoods, for those that make them.
    #[must_use]
    pub fn with_table(self, table: Table) -> Self {
        Self { table, ..self }
    }

    /// The slot of a test.
    fn slot(&self, id: u32, test: Test, why: String) -> Slot {
        Slot {
            id: SlotId(id),
            block: BlockNo(0),
            origin: Origin::Chosen(why),
            condition: condition(test, &self.plan, &self.profile),
        }
    }
}

/// What a test tries.
pub fn condition(test: Test, plan: &ReturnPlan, profile: &Profile) -> Condition {
    let first = || plan.references.first().cloned().unwrap_or_default();
    let adapter: AdapterName = match test.source() {
        Some(Source::Returned) => plan.returned.clone().unwrap_or_else(first),
        Some(Source::Reference(place)) => plan.references.get(place).cloned().unwrap_or_else(first),
        Some(Source::Margin) => plan.margin.clone().unwrap_or_else(first),
        None => first(),
    };
    let supply_v = (test.source() == Some(Source::Margin)).then(|| ReturnPlan::margin_v(profile));
    let stimulus = match test {
        Test::Stroke => Stimulus::Check { check: Check::Intake },
        Test::Boot(_) => Stimulus::Check { check: Check::Boot },
        Test::Press(_) => correct_press(profile),
    };
    Condition { adapter, outlet: None, supply_v, press_after_s: None, stimulus }
}

/// The guide's press: at least so long, then until a change is seen. A camera that acts when the button is let go, or boots while it is held,
/// shows no change to wait for.
fn correct_press(profile: &Profile) -> Stimulus {
    let (hold_s, max_s) = correct_hold(profile);
    let waits = profile.press.mode == PressMode::Hot && profile.press.action == Action::AtThreshold;
    match waits {
        true => Stimulus::Press { hold_s, release: Release::OnChange, max_s },
        false => Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s },
    }
}

impl Design for Returns {
    fn next(&self, run: &RunState) -> Next {
        let consent = questions(&self.plan, &self.profile).into_iter().find(|question| question.text == CONSENT);
        let answer = run.answered.get(CONSENT);
        if let (Some(question), Some(answer)) = (consent, answer)
            && !question.allows(answer)
        {
            return Next::Done(FinishReason::Declined);
        }
        let again = run.unjudged.iter().find(|id| run.slots.get(id).is_some_and(|state| !state.settled(self.tries)));
        if let Some(begun) = again.and_then(|id| run.slots.get(id)).and_then(|state| state.begun.as_ref()) {
            return Next::Slot(begun.slot.clone());
        }
        // A test that was lost after all its tries: the bench needs a person, and what is missing decides nothing.
        let lost: BTreeSet<SlotId> = run.unjudged.clone();
        if !lost.is_empty() {
            return Next::Done(FinishReason::RigFaulted);
        }
        let id = run.slots.len() as u32;
        if id == 0 {
            return Next::Slot(self.slot(0, Test::Stroke, "the intake".to_owned()));
        }
        match verdict::next(&self.plan, &run.exams, self.senses, &self.table) {
            Step::Test(test, why) => Next::Slot(self.slot(id, test, why)),
            Step::Decided | Step::Undecided(_) => Next::Done(FinishReason::Complete),
        }
    }

    fn planned(&self) -> &[Slot] {
        &[]
    }
}
