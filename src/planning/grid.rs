//! The grid: every combination of levels, so many replicates each. It pays no heed to outcomes.

use super::chance::{keyed, shuffle};
use super::design::{Design, Next};
use crate::domain::condition::{Check, Condition, Origin, Release, Slot, Stimulus};
use crate::domain::event::FinishReason;
use crate::domain::ids::{AdapterName, BlockNo, SlotId};
use crate::domain::run_state::RunState;
use crate::domain::suite::{DesignKind, Factors, Order, Suite};
use crate::domain::units::{Seconds, Tick};
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The hour of day after which no block is begun.
#[derive(Clone, Debug)]
pub struct Until {
    /// The hour.
    pub time: Time,
    /// Whose hour it is.
    pub zone: TimeZone,
}

/// A full factorial design.
#[derive(Clone, Debug)]
pub struct Grid {
    slots: Vec<Slot>,
    tries: u32,
    budget_s: Option<Seconds>,
    until: Option<Until>,
}

impl Grid {
    /// Lays the suite's trials out. `until` is the suite's hour of day in the bench's time zone.
    pub fn new(suite: &Suite, until: Option<Until>) -> Self {
        let places = if suite.design.kind == DesignKind::Check { checks(suite) } else { lay_out(suite) };
        Self {
            slots: number(places),
            tries: suite.design.attempts,
            budget_s: suite.design.budget_h.map(|hours| Seconds::new(hours * 3600.0)),
            until,
        }
    }

    fn spent(&self, run: &RunState) -> bool {
        let over_budget = self.budget_s.is_some_and(|budget| run.bench_time() >= budget);
        over_budget || self.until.as_ref().is_some_and(|until| past(until, run))
    }
}

/// Whether the first such hour after the session was opened has come.
fn past(until: &Until, run: &RunState) -> bool {
    let Some(opened) = run.opened_at else { return false };
    let opened = opened.to_zoned_datetime(until.zone.clone());
    let same_day = opened.with().time(until.time).build();
    let deadline = match same_day {
        Ok(deadline) if deadline > opened => Ok(deadline),
        Ok(deadline) => deadline.tomorrow(),
        Err(error) => Err(error),
    };
    let elapsed = run.last_tick.since(Tick::ZERO).micro();
    deadline.is_ok_and(|deadline| deadline.timestamp().as_microsecond() - opened.timestamp().as_microsecond() <= elapsed)
}

impl Design for Grid {
    fn next(&self, run: &RunState) -> Next {
        let open = |id: &&SlotId| run.slots.get(id).is_some_and(|state| !state.settled(self.tries));
        let again = run.unjudged.iter().find(open).and_then(|id| self.slots.get(id.0 as usize));
        if let Some(slot) = again {
            return Next::Slot(slot.clone());
        }
        // Slots are begun in order, so the first that was not is known by their number.
        match self.slots.get(run.slots.len()) {
            None => Next::Done(FinishReason::Complete),
            Some(slot) if run.block != Some(slot.block) && self.spent(run) => Next::Done(FinishReason::BudgetSpent),
            Some(slot) => Next::Slot(slot.clone()),
        }
    }

    fn planned(&self) -> &[Slot] {
        &self.slots
    }
}

/// A slot without its number.
type Place = (BlockNo, Origin, Condition);

/// Checks of the rig: what needs no supply first, so that nothing is powered by a rig whose coil does not obey.
fn checks(suite: &Suite) -> Vec<Place> {
    let (unpowered, powered): (Vec<Check>, Vec<Check>) = suite.design.checks.iter().partition(|check| check.unpowered());
    let place = |block: u32, adapter: &AdapterName, check: Check| {
        let condition = Condition {
            adapter: adapter.clone(),
            outlet: None,
            supply_v: None,
            press_after_s: None,
            stimulus: Stimulus::Check { check },
        };
        (BlockNo(block), Origin::Planned, condition)
    };
    let first = suite.factors.adapter.first();
    let mut places = Vec::new();
    for _ in 0..suite.design.replicates.unwrap_or(1) {
        places.extend(first.iter().flat_map(|adapter| unpowered.iter().map(|check| place(0, adapter, *check))));
    }
    for (block, adapter) in suite.factors.adapter.iter().enumerate() {
        places.extend(powered.iter().map(|check| place(1 + block as u32, adapter, *check)));
    }
    places
}

fn lay_out(suite: &Suite) -> Vec<Place> {
    let replicates = suite.design.replicates.unwrap_or(1);
    let presses = presses(&suite.factors);
    let controls = controls(suite);
    match suite.design.order {
        Order::Sequential => sequential(suite, &presses, &controls, replicates),
        Order::ByAdapter => by_adapter(suite, &presses, &controls, replicates),
        Order::Random => random(suite, &presses, &controls, replicates),
        Order::Blocked => blocked(suite, &presses, &controls, replicates),
    }
}

/// Adapter by adapter, hold by hold; an adapter is a block.
fn sequential(suite: &Suite, presses: &[Condition], controls: &[Condition], replicates: u32) -> Vec<Place> {
    let mut places = Vec::new();
    for (block, adapter) in suite.factors.adapter.iter().enumerate() {
        let block = BlockNo(block as u32);
        for press in presses.iter().filter(|press| press.adapter == *adapter) {
            places.extend((0..replicates).map(|_| (block, Origin::Planned, press.clone())));
        }
        let controls = controls.iter().filter(|control| control.adapter == *adapter);
        places.extend(controls.map(|control| (block, origin(control), control.clone())));
    }
    places
}

/// Adapter by adapter, each shuffled; an adapter is a block.
fn by_adapter(suite: &Suite, presses: &[Condition], controls: &[Condition], replicates: u32) -> Vec<Place> {
    let mut places = Vec::new();
    for (block, adapter) in suite.factors.adapter.iter().enumerate() {
        let own = |condition: &&Condition| condition.adapter == *adapter;
        let mut here: Vec<&Condition> = Vec::new();
        (0..replicates).for_each(|_| here.extend(presses.iter().filter(own)));
        here.extend(controls.iter().filter(own));
        shuffle(&mut here, &mut keyed(suite.design.seed, "order", block as u64));
        places.extend(here.into_iter().map(|condition| (BlockNo(block as u32), origin(condition), condition.clone())));
    }
    places
}

/// All together; so many places as there are conditions make a block.
fn random(suite: &Suite, presses: &[Condition], controls: &[Condition], replicates: u32) -> Vec<Place> {
    let mut all: Vec<&Condition> = Vec::new();
    (0..replicates).for_each(|_| all.extend(presses));
    all.extend(controls);
    shuffle(&mut all, &mut keyed(suite.design.seed, "order", 0));
    let size = (all.len() / replicates.max(1) as usize).max(1);
    let last = replicates.saturating_sub(1);
    all.into_iter()
        .enumerate()
        .map(|(i, condition)| (BlockNo(((i / size) as u32).min(last)), origin(condition), condition.clone()))
        .collect()
}

/// Replicate by replicate, each shuffled; controls are spread evenly over the blocks.
fn blocked(suite: &Suite, presses: &[Condition], controls: &[Condition], replicates: u32) -> Vec<Place> {
    let mut controls: Vec<&Condition> = controls.iter().collect();
    shuffle(&mut controls, &mut keyed(suite.design.seed, "controls", 0));
    let mut places = Vec::new();
    for block in 0..replicates {
        let share = |n: u32| controls.len() * n as usize / replicates as usize;
        let mut here: Vec<&Condition> = presses.iter().collect();
        here.extend(&controls[share(block)..share(block + 1)]);
        shuffle(&mut here, &mut keyed(suite.design.seed, "order", u64::from(block)));
        places.extend(here.into_iter().map(|condition| (BlockNo(block), origin(condition), condition.clone())));
    }
    places
}

fn origin(condition: &Condition) -> Origin {
    match condition.stimulus {
        Stimulus::Sham { .. } => Origin::Sham,
        _ => Origin::Planned,
    }
}

fn number(places: Vec<Place>) -> Vec<Slot> {
    let slot = |(id, (block, origin, condition)): (usize, Place)| Slot { id: SlotId(id as u32), block, origin, condition };
    places.into_iter().enumerate().map(slot).collect()
}

/// Every way to feed the camera.
fn feeds(factors: &Factors) -> Vec<Condition> {
    let outlets: Vec<_> = if factors.outlet.is_empty() { vec![None] } else { factors.outlet.iter().cloned().map(Some).collect() };
    let volts: Vec<_> =
        if factors.supply_v.is_empty() { vec![None] } else { factors.supply_v.iter().copied().map(Some).collect() };
    let mut feeds = Vec::new();
    for adapter in &factors.adapter {
        for outlet in &outlets {
            for supply_v in &volts {
                feeds.push(Condition {
                    adapter: adapter.clone(),
                    outlet: outlet.clone(),
                    supply_v: *supply_v,
                    press_after_s: None,
                    stimulus: Stimulus::Sham { wait_s: Seconds::ZERO },
                });
            }
        }
    }
    feeds
}

fn presses(factors: &Factors) -> Vec<Condition> {
    let afters: Vec<_> =
        if factors.press_after_s.is_empty() { vec![None] } else { factors.press_after_s.iter().copied().map(Some).collect() };
    let mut presses = Vec::new();
    for feed in feeds(factors) {
        for press_after_s in &afters {
            for release in &factors.release {
                for hold_s in factors.hold_s.levels() {
                    let max_s = match release {
                        Release::AfterHold => *hold_s,
                        Release::OnChange => factors.hold_max_s.unwrap_or(*hold_s),
                    };
                    let stimulus = Stimulus::Press { hold_s: *hold_s, release: *release, max_s };
                    presses.push(Condition { press_after_s: *press_after_s, stimulus, ..feed.clone() });
                }
            }
        }
    }
    presses
}

/// Shams take as long as the presses they stand beside: each hold in turn.
fn controls(suite: &Suite) -> Vec<Condition> {
    let holds = suite.factors.hold_s.levels();
    let hold = |n: u32| holds.get(n as usize % holds.len().max(1)).copied().unwrap_or(Seconds::ZERO);
    let mut controls = Vec::new();
    for feed in feeds(&suite.factors) {
        for n in 0..suite.design.shams_per_adapter {
            controls.push(Condition { stimulus: Stimulus::Sham { wait_s: hold(n) }, ..feed.clone() });
        }
        for n in 0..suite.design.unpowered_per_adapter {
            controls.push(Condition { stimulus: Stimulus::UnpoweredPress { hold_s: hold(n) }, ..feed.clone() });
        }
    }
    controls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{BlockStarted, Event, JournalOpened, RunFinished, TrialFinished, TrialStarted};
    use crate::domain::ids::{Attempt, RunId};
    use crate::domain::verdict::{Diagnosis, FaultKind, Level, Outcome, Verdict};
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
