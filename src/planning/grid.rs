//! The grid: every combination of levels, so many replicates each. It pays no heed to outcomes.

use super::budget::{Budget, Until};
use super::design::{Design, Next, unsettled};
use super::layout::slots;
use crate::domain::condition::Slot;
use crate::domain::event::FinishReason;
use crate::domain::run_state::RunState;
use crate::domain::suite::Suite;

/// A full factorial design.
#[derive(Clone, Debug)]
pub struct Grid {
    slots: Vec<Slot>,
    tries: u32,
    budget: Budget,
}

impl Grid {
    /// Lays the suite's trials out. `until` is the suite's hour of day in the bench's time zone.
    pub fn new(suite: &Suite, until: Option<Until>) -> Self {
        Self { slots: slots(suite), tries: suite.design.attempts, budget: Budget::new(suite, until) }
    }
}

impl Design for Grid {
    fn next(&self, run: &RunState) -> Next {
        if let Some(slot) = unsettled(run, self.tries) {
            return Next::Slot(slot);
        }
        // Slots are begun in order, so the first that was not is known by their number.
        match self.slots.get(run.slots.len()) {
            None => Next::Done(FinishReason::Complete),
            Some(slot) if run.block != Some(slot.block) && self.budget.spent(run) => Next::Done(FinishReason::BudgetSpent),
            Some(slot) => Next::Slot(slot.clone()),
        }
    }

    fn planned(&self) -> &[Slot] {
        &self.slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{BlockStarted, Event, JournalOpened, RunFinished, TrialFinished, TrialStarted};
    use crate::domain::ids::{Attempt, BlockNo, RunId};
    use crate::domain::units::Tick;
    use crate::domain::verdict::{Diagnosis, FaultKind, Level, Outcome, Verdict};
    use jiff::tz::TimeZone;
    use std::collections::BTreeMap;

    fn suite(order: &str) -> Suite {
        toml::from_str(&format!(
            r#"
            schema = 1
            name = "t"
            dut = "d"
            [factors]
            adapter = ["a", "b"]
            hold_s = [5, 10, 20]
            [design]
            kind = "grid"
            replicates = 4
            shams_per_adapter = 3
            order = "{order}"
            seed = 7
            attempts = 2
            "#
        ))
        .unwrap()
    }

    fn counts(slots: &[Slot]) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for slot in slots {
            let key =
                format!("{} {} {:?}", slot.condition.adapter, slot.condition.stimulus.name(), slot.condition.stimulus.hold());
            *counts.entry(key).or_default() += 1;
        }
        counts
    }

    #[test]
    fn every_order_holds_the_same_slots() {
        let reference = counts(Grid::new(&suite("sequential"), None).planned());
        assert_eq!(reference.len(), 2 * 3 + 2);
        assert_eq!(reference.values().sum::<u32>(), 2 * (3 * 4 + 3));
        for order in ["random", "blocked", "by_adapter"] {
            assert_eq!(counts(Grid::new(&suite(order), None).planned()), reference, "{order}");
        }
    }

    #[test]
    fn a_block_holds_one_replicate_of_every_press() {
        let grid = Grid::new(&suite("blocked"), None);
        for block in 0..4 {
            let presses = grid.planned().iter().filter(|s| s.block == BlockNo(block) && s.condition.stimulus.name() == "press");
            assert_eq!(presses.count(), 6);
        }
    }

    #[test]
    fn adapters_that_a_person_swaps_are_swapped_once_each() {
        let grid = Grid::new(&suite("by_adapter"), None);
        let adapters: Vec<_> = grid.planned().iter().map(|slot| slot.condition.adapter.clone()).collect();
        assert_eq!(adapters.windows(2).filter(|pair| pair[0] != pair[1]).count(), 1);
        let holds: Vec<_> = grid.planned().iter().filter_map(|slot| slot.condition.stimulus.hold()).take(6).collect();
        assert!(!holds.is_sorted(), "the trials of an adapter are shuffled: {holds:?}");
    }

    #[test]
    fn the_seed_alone_decides_the_order() {
        let mut other = suite("blocked");
        assert_eq!(Grid::new(&suite("blocked"), None).planned(), Grid::new(&other, None).planned());
        other.design.seed = 8;
        assert_ne!(Grid::new(&suite("blocked"), None).planned(), Grid::new(&other, None).planned());
    }

    /// Plays a run in which `outcome` decides what becomes of each attempt; gives the order of slots.
    fn play(grid: &Grid, mut outcome: impl FnMut(&Slot, Attempt) -> Outcome) -> (Vec<u32>, FinishReason) {
        let mut state = RunState::default();
        let opened = JournalOpened {
            format: "1.0".to_owned(),
            run_id: RunId::from("r"),
            wall: jiff::Timestamp::UNIX_EPOCH,
            program: String::new(),
            host: String::new(),
        };
        state.apply(Tick(0), &Event::JournalOpened(opened)).unwrap();
        state.phase = crate::domain::run_state::Phase::Running;
        let mut order = Vec::new();
        let mut now = 0;
        loop {
            let slot = match grid.next(&state) {
                Next::Slot(slot) => slot,
                Next::Done(reason) => {
                    state.apply(Tick(now), &Event::RunFinished(RunFinished { reason })).unwrap();
                    return (order, reason);
                }
            };
            order.push(slot.id.0);
            let attempt = state.next_attempt(slot.id);
            let end = outcome(&slot, attempt);
            now += 600_000_000;
            if state.block != Some(slot.block) {
                state.apply(Tick(now), &Event::BlockStarted(BlockStarted { block: slot.block })).unwrap();
            }
            let id = slot.id;
            state.apply(Tick(now), &Event::TrialStarted(TrialStarted { slot, attempt })).unwrap();
            if let Outcome::Judged(verdict) = end {
                let diagnosis = Diagnosis {
                    verdict,
                    level: Level::Proved,
                    canaries: BTreeMap::new(),
                    reasons: Vec::new(),
                    decided_by: Vec::new(),
                    against: Vec::new(),
                    noticed: None,
                };
                state.apply(Tick(now), &Event::Diagnosed(diagnosis)).unwrap();
            }
            let finished = TrialFinished { slot: id, attempt, outcome: end, observations_counted: 0 };
            state.apply(Tick(now), &Event::TrialFinished(finished)).unwrap();
        }
    }

    #[test]
    fn slots_come_in_planned_order() {
        let grid = Grid::new(&suite("blocked"), None);
        let (order, reason) = play(&grid, |_, _| Outcome::Judged(Verdict::NoResponse));
        assert_eq!(order, (0..30).collect::<Vec<_>>());
        assert_eq!(reason, FinishReason::Complete);
    }

    #[test]
    fn a_faulted_slot_comes_again_and_is_lost_after_its_tries() {
        let grid = Grid::new(&suite("blocked"), None);
        let (order, _) = play(&grid, |slot, attempt| match (slot.id.0, attempt.0) {
            (3, _) | (5, 1) => Outcome::Faulted(FaultKind::Timeout),
            _ => Outcome::Judged(Verdict::NoResponse),
        });
        assert_eq!(order[..8], [0, 1, 2, 3, 3, 4, 5, 5]);
        assert_eq!(order.len(), 32);
    }

    #[test]
    fn a_spent_budget_ends_the_run_at_the_end_of_a_block() {
        let mut suite = suite("blocked");
        suite.design.budget_h = Some(1.0);
        let grid = Grid::new(&suite, None);
        let (order, reason) = play(&grid, |_, _| Outcome::Judged(Verdict::NoResponse));
        assert_eq!(reason, FinishReason::BudgetSpent);
        let block = |slot: u32| grid.planned()[slot as usize].block;
        let last = *order.last().unwrap();
        assert_eq!(block(last), BlockNo(0));
        assert_eq!(block(last + 1), BlockNo(1));
    }

    #[test]
    fn the_hour_of_day_is_the_next_one_after_opening() {
        let until = Until { time: jiff::civil::time(0, 20, 0, 0), zone: TimeZone::UTC };
        let (order, reason) = play(&Grid::new(&suite("blocked"), Some(until)), |_, _| Outcome::Judged(Verdict::NoResponse));
        assert_eq!(reason, FinishReason::BudgetSpent);
        assert!(order.len() < 30);
        let until = Until { time: jiff::civil::time(0, 0, 0, 0), zone: TimeZone::UTC };
        let (order, _) = play(&Grid::new(&suite("blocked"), Some(until)), |_, _| Outcome::Judged(Verdict::NoResponse));
        assert_eq!(order.len(), 30, "midnight of the next day is far");
    }
}
