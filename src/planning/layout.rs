//! The slots of a suite in their order, before anything is begun.

use super::chance::{keyed, shuffle};
use crate::domain::condition::{Check, Condition, Origin, Release, Slot, Stimulus};
use crate::domain::ids::{AdapterName, BlockNo, SlotId};
use crate::domain::suite::{DesignKind, Factors, Order, Suite};
use crate::domain::units::Seconds;

/// Every slot that a suite asks for.
pub(super) fn slots(suite: &Suite) -> Vec<Slot> {
    number(if suite.design.kind == DesignKind::Check { checks(suite) } else { lay_out(suite) })
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

pub(super) fn origin(condition: &Condition) -> Origin {
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
pub(super) fn feeds(factors: &Factors) -> Vec<Condition> {
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
