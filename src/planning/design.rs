//! One mechanism decides what comes next.

use crate::domain::condition::Slot;
use crate::domain::event::FinishReason;
use crate::domain::run_state::RunState;

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// This slot.
    Slot(Slot),
    /// Nothing, for this reason.
    Done(FinishReason),
}

/// A design: a pure function of the journal so far. Same journal, same answer; resume is asking again.
pub trait Design {
    /// What comes next. A slot that was begun and is not settled comes first, so that a crashed trial is done again before anything is
    /// chosen anew.
    fn next(&self, run: &RunState) -> Next;

    /// Every slot in order, where the design knows them beforehand.
    fn planned(&self) -> &[Slot];
}

/// The slot that was begun and is neither judged nor lost after `tries`.
pub(super) fn unsettled(run: &RunState, tries: u32) -> Option<Slot> {
    let states = run.unjudged.iter().filter_map(|id| run.slots.get(id));
    let open = states.filter(|state| !state.settled(tries)).find_map(|state| state.begun.as_ref());
    open.map(|begun| begun.slot.clone())
}
