//! Thresholds by the posterior that an adaptive run was led by: once with all adapters of the unit together, once each alone.
//!
//! The profile likelihood of [`super::thresholds`] stands beside them; it knows nothing of siblings and of no prior. Which presses were chosen
//! from which outcomes does not matter to either: both depend on the likelihood alone.

use super::acks::{Acks, Hold, Word, told};
use super::cells::CONFIDENCE;
use super::group::{Group, Kind};
use super::known::{Entry, Known};
pub use super::posterior::Press;
use super::posterior::Quantity;
use super::row::{TrialRow, Value};
use super::stats::threshold::Status;
use super::thresholds::{Response, Threshold};
use std::collections::BTreeMap;

/// The word of thresholds.csv where the unit's adapters tell each other what they learn.
pub const SHARED: &str = "posterior_shared";
/// The word where each adapter stands alone.
pub const ALONE: &str = "posterior_alone";

/// The quantities of thresholds.csv.
const QUANTITIES: [(&str, Quantity); 4] = [
    ("hold50", Quantity::Absolute(0.50)),
    ("hold95", Quantity::Absolute(0.95)),
    ("hold99", Quantity::Absolute(0.99)),
    ("hold95_rel", Quantity::Relative(0.95)),
];
/// From this probability on there is no such hold.
const CERTAIN: f64 = 0.975;

/// One press of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Its place among the presses of all groups.
    pub number: usize,
    /// The press.
    pub press: Press,
    /// Seconds from contact to the acknowledgement, where one was seen during the hold.
    pub ack_s: Option<f64>,
}

/// What the posterior says of one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Believed {
    /// Its thresholds, once with its siblings and once alone.
    pub thresholds: Vec<Threshold>,
    /// What the acknowledgement means, with weights that add to one; empty where none was seen, or where it shows no threshold.
    pub meanings: Vec<(Word, f64)>,
    /// The probability that the camera's adapters differ in their resets as they do in their acknowledgements; none where those cannot tell.
    pub tied: Option<f64>,
}

/// What is believed of each group, from the presses of all. Groups that differ in more than adapter, outlet and voltage share nothing. What led the run is not
/// worked out a second time, where it was told the same presses.
pub fn by_group(presses: &BTreeMap<Group, Vec<Told>>, led_by: Option<&Known>) -> BTreeMap<Group, Believed> {
    let mut cameras: BTreeMap<Group, Vec<&Group>> = BTreeMap::new();
    for group in presses.keys().filter(|group| group.kind == Kind::Press) {
        cameras.entry(camera_of(group)).or_default().push(group);
    }
    let mut out = BTreeMap::new();
    for groups in cameras.into_values() {
        let mut told: Vec<(usize, &Told)> =
            groups.iter().enumerate().flat_map(|(j, group)| presses[*group].iter().map(move |told| (j, told))).collect();
        told.sort_by_key(|(_, told)| told.number);
        let entries = told.iter().map(|(j, told)| (*j, told.press, told.ack_s));
        let led = led_by.and_then(|known| Some((known, known.knows(entries.clone(), groups.len())?)));
        let replayed;
        let (known, places) = match led {
            Some(led) => led,
            None => {
                replayed = replay(entries, groups.len());
                (&replayed, (0..groups.len()).collect())
            }
        };
        for (j, group) in places.into_iter().zip(groups) {
            let own = known.alone(j);
            let alone = |quantity| Hold::by_resets(own.distribution(quantity));
            let thresholds = read(|quantity| known.hold(j, quantity), SHARED).into_iter().chain(read(alone, ALONE)).collect();
            let meanings = known.acks().into_iter().filter(|acks| acks.heard(j)).flat_map(Acks::words).collect();
            let tied = known.tied();
            out.insert(group.clone(), Believed { thresholds, meanings, tied });
        }
    }
    out
}

fn replay(entries: impl Iterator<Item = Entry> + Clone, adapters: usize) -> Known {
    let mut known = Known::new(adapters, true, entries.clone().any(|(_, _, ack_s)| ack_s.is_some()));
    entries.for_each(|(j, press, ack_s)| known.tell(j, press, ack_s));
    known
}

/// Whether what all adapters tell together of a hold lies outside of what this adapter's presses tell alone: it is unlike its siblings, and
/// what they tell misleads.
pub fn disagree(response: &Response, quantity: &str) -> bool {
    let find = |method| response.posterior.iter().find(|one| one.quantity == quantity && one.method == method);
    let Some((together, alone)) = find(SHARED).and_then(|one| one.value_s).zip(find(ALONE)) else { return false };
    alone.lo_s.is_some_and(|lo| together < lo) || alone.hi_s.is_some_and(|hi| together > hi)
}

/// Seconds from contact to the acknowledgement that a press got during its hold.
pub(super) fn acknowledged(row: &TrialRow) -> Option<f64> {
    let hold_s = row.value(Value::Hold)?;
    row.value(Value::Ack).filter(|ack_s| *ack_s > 0.0 && *ack_s <= hold_s).map(told)
}

/// What groups of one camera have in common.
pub(super) fn camera_of(group: &Group) -> Group {
    Group { adapter: "".into(), supply_v: None, outlet: None, ..group.clone() }
}

fn read(hold: impl Fn(Quantity) -> Hold, method: &'static str) -> Vec<Threshold> {
    QUANTITIES.into_iter().map(|(name, quantity)| threshold(name, method, &hold(quantity))).collect()
}

fn threshold(quantity: &'static str, method: &'static str, hold: &Hold) -> Threshold {
    let (low, high) = hold.interval(CONFIDENCE);
    let known = |hold_s: f64| (hold_s > 0.0 && hold_s.is_finite()).then_some(hold_s);
    let (lo_s, hi_s) = (known(low), known(high));
    let status = match (lo_s, hi_s) {
        _ if hold.at_none() >= CERTAIN => Status::NoSuchHold,
        (Some(_), Some(_)) => Status::Ok,
        (Some(_), None) => Status::OpenAbove,
        (None, Some(_)) => Status::OpenBelow,
        (None, None) => Status::Open,
    };
    Threshold { quantity, edge: "from", method, value_s: known(hold.at(0.5)), lo_s, hi_s, status }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Level;

    fn told(presses: &[Press]) -> Vec<Told> {
        presses.iter().enumerate().map(|(number, press)| Told { number, press: *press, ack_s: None }).collect()
    }

    fn group(adapter: &str) -> Group {
        Group {
            dut_serial: "A".into(),
            adapter: adapter.into(),
            supply_v: None,
            outlet: None,
            press_after_s: None,
            kind: Kind::Press,
            release: None,
            level: Level::Proved,
        }
    }

    #[test]
    fn siblings_narrow_each_other_and_one_alone_knows_less() {
        let holds =
            [(8.0, false), (20.0, true), (12.0, false), (14.0, true), (13.0, true), (12.5, false), (30.0, true), (60.0, true)];
        let all: Vec<Press> = holds.map(|(hold_s, reset)| Press { hold_s, reset }).to_vec();
        let presses = BTreeMap::from([(group("a"), told(&all)), (group("b"), told(&all)), (group("c"), told(&all[..2]))]);
        let found = by_group(&presses, None);
        let of = |adapter: &str, method: &str| {
            *found[&group(adapter)].thresholds.iter().find(|one| one.method == method && one.quantity == "hold95_rel").unwrap()
        };
        let width = |one: Threshold| one.hi_s.unwrap_or(1e3) / one.lo_s.unwrap_or(1e-3);
        for adapter in ["a", "b", "c"] {
            assert!(width(of(adapter, SHARED)) < width(of(adapter, ALONE)), "{adapter}");
        }
        assert_eq!(of("a", SHARED).status, Status::Ok);
    }

    #[test]
    fn an_adapter_that_never_resets_has_no_hold() {
        let presses = BTreeMap::from([(group("a"), told(&[Press { hold_s: 90.0, reset: false }; 12]))]);
        let found = by_group(&presses, None);
        assert!(found[&group("a")].thresholds.iter().all(|one| one.lo_s.is_none_or(|low| low > 80.0) && one.hi_s.is_none()));
    }
    #[test]
    fn what_led_the_run_is_taken_for_its_presses_and_for_no_others() {
        let presses = |last_s: f64| {
            let hold = |hold_s: f64| Press { hold_s, reset: hold_s > 12.0 };
            BTreeMap::from([(group("a"), told(&[8.0, 20.0, 13.0].map(hold))), (group("b"), told(&[9.0, last_s].map(hold)))])
        };
        // Told as `by_group` tells them, but with the adapters in the other order.
        let mut led = Known::new(2, true, false);
        for number in 0..3 {
            for (j, adapter) in [(1, "a"), (0, "b")] {
                presses(40.0)[&group(adapter)]
                    .iter()
                    .filter(|told| told.number == number)
                    .for_each(|told| led.tell(j, told.press, None));
            }
        }
        let (without, with) = (by_group(&presses(40.0), None), by_group(&presses(40.0), Some(&led)));
        assert!(with.values().zip(without.values()).all(|(with, without)| close(with, without)));
        // Were it told something else unnoticed, its answers would be others.
        let other = by_group(&presses(60.0), Some(&led));
        assert_eq!(other, by_group(&presses(60.0), None));
        assert!(!close(&other[&group("b")], &with[&group("b")]));
    }

    fn close(a: &Believed, b: &Believed) -> bool {
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a / b - 1.0).abs() < 1e-4,
            (a, b) => a == b,
        };
        a.thresholds
            .iter()
            .zip(&b.thresholds)
            .all(|(a, b)| near(a.value_s, b.value_s) && near(a.lo_s, b.lo_s) && near(a.hi_s, b.hi_s))
    }
}
