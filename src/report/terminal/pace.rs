//! How long the rest of a run takes: what the plan expects of each condition, corrected by what trials took.

use crate::domain::condition::Condition;
use crate::domain::ids::{AdapterName, SlotId};
use crate::domain::units::Seconds;
use std::collections::BTreeMap;

/// Sums over settled slots.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    slots: u32,
    /// What the plan expected of them, in seconds.
    expected: f64,
    /// What they took, lost attempts included, in seconds.
    took: f64,
}

impl Sum {
    fn add(&mut self, expected: f64, took: f64) {
        self.slots += 1;
        self.expected += expected;
        self.took += took;
    }

    /// How much longer than expected these took. `prior` counts as one slot of `weight` seconds: few trials do not overrule it.
    fn ratio(self, prior: f64, weight: f64) -> f64 {
        let weight = weight.max(1.0);
        (weight * prior + self.took) / (weight + self.expected)
    }
}

/// The pace of a run.
///
/// A condition is expected to take its planned time, stretched by how much its adapter's slots took longer than planned, and drawn towards
/// the mean of its own slots as these become many. The plan counts as one slot at each of the three levels (an assumption: it is right until
/// data say otherwise, and one surprise, such as a camera that was never ready, does not make the whole night longer).
#[derive(Clone, Debug, Default)]
pub struct Pace {
    planned: BTreeMap<Condition, Seconds>,
    left: BTreeMap<Condition, u32>,
    all: Sum,
    adapters: BTreeMap<AdapterName, Sum>,
    conditions: BTreeMap<Condition, Sum>,
    /// Time of lost attempts at slots that are not settled.
    lost: BTreeMap<SlotId, f64>,
}

impl Pace {
    /// A plan: each slot's condition with the time it is expected to take.
    pub fn new(plan: &[(Condition, Seconds)]) -> Self {
        let mut pace = Self::default();
        for (condition, expected) in plan {
            pace.planned.entry(condition.clone()).or_insert(*expected);
            *pace.left.entry(condition.clone()).or_default() += 1;
        }
        pace
    }

    /// An attempt at a slot was lost after so long.
    pub fn lose(&mut self, slot: SlotId, took: Seconds) {
        *self.lost.entry(slot).or_default() += took.get();
    }

    /// A slot is settled; its last attempt took so long.
    pub fn settle(&mut self, slot: SlotId, condition: &Condition, took: Seconds) {
        let took = took.get() + self.lost.remove(&slot).unwrap_or(0.0);
        let expected = self.planned.get(condition).map_or(took, |planned| planned.get());
        self.all.add(expected, took);
        self.adapters.entry(condition.adapter.clone()).or_default().add(expected, took);
        self.conditions.entry(condition.clone()).or_default().add(expected, took);
        if let Some(left) = self.left.get_mut(condition) {
            *left = left.saturating_sub(1);
        }
    }

    /// What a slot of this condition is expected to take. `None` for a condition that is not in the plan.
    pub fn expected(&self, condition: &Condition) -> Option<Seconds> {
        let planned = self.planned.get(condition)?.get();
        let overall = self.all.ratio(1.0, planned);
        let adapter = self.adapters.get(&condition.adapter).copied().unwrap_or_default().ratio(overall, planned);
        let own = self.conditions.get(condition).copied().unwrap_or_default();
        Some(Seconds::new((planned * adapter + own.took) / f64::from(own.slots + 1)))
    }

    /// What the slots that are not settled are expected to take together, one of them already under way for `used` with this condition.
    pub fn left(&self, under_way: Option<(&Condition, Seconds)>) -> Seconds {
        let each = self.left.iter().filter(|(_, count)| **count > 0);
        let whole: f64 =
            each.map(|(condition, count)| f64::from(*count) * self.expected(condition).map_or(0.0, |one| one.get())).sum();
        let used =
            under_way.map_or(0.0, |(condition, used)| used.get().min(self.expected(condition).map_or(0.0, |one| one.get())));
        Seconds::new((whole - used).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::press;

    fn seconds(value: f64) -> Seconds {
        Seconds::new(value)
    }

    #[test]
    fn without_data_the_plan_stands() {
        let pace = Pace::new(&[(press("oem", 3.0), seconds(100.0)), (press("oem", 60.0), seconds(160.0))]);
        assert_eq!(pace.left(None), seconds(260.0));
        assert_eq!(pace.left(Some((&press("oem", 60.0), seconds(60.0)))), seconds(200.0));
        // A trial that takes longer than expected is expected to end soon, and the others to take their time.
        assert_eq!(pace.left(Some((&press("oem", 60.0), seconds(900.0)))), seconds(100.0));
    }

    #[test]
    fn an_adapter_that_is_slow_makes_its_own_slots_longer_and_hardly_the_others() {
        let (good, bad) = (press("oem", 3.0), press("long-cable", 3.0));
        let plan: Vec<_> =
            [&good, &bad].into_iter().flat_map(|one| std::iter::repeat_n((one.clone(), seconds(100.0)), 20)).collect();
        let mut pace = Pace::new(&plan);
        for slot in 0..10 {
            pace.settle(SlotId(2 * slot), &good, seconds(100.0));
            pace.settle(SlotId(2 * slot + 1), &bad, seconds(420.0));
        }
        let (good, bad) = (pace.expected(&good).unwrap().get(), pace.expected(&bad).unwrap().get());
        assert!((100.0..130.0).contains(&good) && (390.0..=420.0).contains(&bad), "{good} {bad}");
        assert!((pace.left(None).get() - 10.0 * (good + bad)).abs() < 1e-3);
    }

    #[test]
    fn one_surprise_does_not_make_every_trial_long() {
        let plan: Vec<_> = (1..=10).map(|hold| (press("oem", f64::from(hold)), seconds(100.0))).collect();
        let mut pace = Pace::new(&plan);
        for hold in 1..=5 {
            let took = if hold == 3 { 420.0 } else { 100.0 };
            pace.settle(SlotId(hold), &press("oem", f64::from(hold)), seconds(took));
        }
        let mean = 164.0;
        assert!(pace.left(None).get() < 5.0 * mean && pace.left(None).get() > 500.0, "{}", pace.left(None));
    }

    #[test]
    fn the_time_of_lost_attempts_is_the_slots() {
        let one = press("oem", 3.0);
        let mut pace = Pace::new(&[(one.clone(), seconds(100.0)), (one.clone(), seconds(100.0))]);
        pace.lose(SlotId(0), seconds(100.0));
        assert_eq!(pace.left(None), seconds(200.0));
        pace.settle(SlotId(0), &one, seconds(100.0));
        assert!(pace.left(None).get() > 150.0 && pace.left(None).get() < 200.0, "{}", pace.left(None));
        assert_eq!(pace.expected(&press("oem", 4.0)), None);
    }
}
