//! Thresholds by the posterior that an adaptive run was led by: once with all adapters of the unit together, once each alone.
//!
//! The profile likelihood of [`super::thresholds`] stands beside them; it knows nothing of siblings and of no prior. Which presses were chosen
//! from which outcomes does not matter to either: both depend on the likelihood alone.

use super::acks::{Acks, Heard, Hold, Word};
use super::cells::CONFIDENCE;
use super::group::{Group, Kind};
pub use super::posterior::Press;
use super::posterior::{Camera, Quantity};
use super::stats::threshold::Status;
use super::thresholds::Threshold;
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
}

/// What is believed of each group, from the presses of all. Groups that differ in more than adapter, outlet and voltage share nothing.
pub fn by_group(presses: &BTreeMap<Group, Vec<Told>>) -> BTreeMap<Group, Believed> {
    let mut cameras: BTreeMap<Group, Vec<&Group>> = BTreeMap::new();
    for group in presses.keys().filter(|group| group.kind == Kind::Press) {
        cameras.entry(camera_of(group)).or_default().push(group);
    }
    let mut out = BTreeMap::new();
    for groups in cameras.into_values() {
        let mut told: Vec<(usize, &Told)> =
            groups.iter().enumerate().flat_map(|(j, group)| presses[*group].iter().map(move |told| (j, told))).collect();
        told.sort_by_key(|(_, told)| told.number);
        let (camera, acks) = tell(groups.len(), &told);
        for (j, group) in groups.into_iter().enumerate() {
            let shared = |quantity| {
                let resets = camera.posterior(j).distribution(quantity);
                acks.as_ref().map_or_else(|| Hold::by_resets(resets.clone()), |acks| acks.hold(j, quantity, resets.clone()))
            };
            let alone = |quantity| Hold::by_resets(camera.alone(j).distribution(quantity));
            let thresholds = read(shared, SHARED).into_iter().chain(read(alone, ALONE)).collect();
            let meanings = acks.iter().filter(|acks| acks.heard(j)).flat_map(Acks::words).collect();
            out.insert(group.clone(), Believed { thresholds, meanings });
        }
    }
    out
}

/// What groups of one camera have in common.
fn camera_of(group: &Group) -> Group {
    Group { adapter: "".into(), supply_v: None, outlet: None, ..group.clone() }
}

/// Tells presses in the order in which they were made, as the design that chose them was told.
fn tell(adapters: usize, told: &[(usize, &Told)]) -> (Camera, Option<Acks>) {
    let mut camera = Camera::new(adapters, true);
    let mut acks = told.iter().any(|(_, told)| told.ack_s.is_some()).then(|| Acks::new(adapters, true));
    for (j, told) in told {
        if let Some(acks) = &mut acks {
            let expected = camera.posterior(*j).reset_rate(told.press.hold_s);
            acks.tell(*j, Heard { held_s: told.press.hold_s, ack_s: told.ack_s, reset: told.press.reset, expected });
        }
        acks.take_if(|acks| acks.lost());
        camera.tell(*j, told.press);
    }
    (camera, acks)
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
        let found = by_group(&presses);
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
        let found = by_group(&presses);
        assert!(found[&group("a")].thresholds.iter().all(|one| one.lo_s.is_none_or(|low| low > 80.0) && one.hi_s.is_none()));
    }
}
