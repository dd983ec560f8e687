//! Thresholds by the posterior that an adaptive run was led by: once with all adapters of the unit together, once each alone.
//!
//! The profile likelihood of [`super::thresholds`] stands beside them; it knows nothing of siblings and of no prior. Which presses were chosen
//! from which outcomes does not matter to either: both depend on the likelihood alone.

use super::cells::CONFIDENCE;
use super::group::{Group, Kind};
pub use super::posterior::Press;
use super::posterior::{Camera, Distribution, Posterior, Quantity};
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

/// The thresholds of each group, from the presses of all. Groups that differ in more than adapter, outlet and voltage share nothing.
pub fn by_group(presses: &BTreeMap<Group, Vec<Press>>) -> BTreeMap<Group, Vec<Threshold>> {
    let mut cameras: BTreeMap<Group, Vec<&Group>> = BTreeMap::new();
    for group in presses.keys().filter(|group| group.kind == Kind::Press) {
        cameras.entry(camera_of(group)).or_default().push(group);
    }
    let mut out = BTreeMap::new();
    for groups in cameras.into_values() {
        let mut camera = Camera::new(groups.len(), true);
        for (j, group) in groups.iter().enumerate() {
            presses[*group].iter().for_each(|press| camera.tell(j, *press));
        }
        for (j, group) in groups.into_iter().enumerate() {
            let mut thresholds = read(&camera.posterior(j), SHARED);
            thresholds.extend(read(&camera.alone(j), ALONE));
            out.insert(group.clone(), thresholds);
        }
    }
    out
}

/// Whether what all adapters tell together of a hold lies outside of what this adapter's presses tell alone: it is unlike its siblings, and
/// what they tell misleads.
pub fn disagree(response: &Response, quantity: &str) -> bool {
    let find = |method| response.posterior.iter().find(|one| one.quantity == quantity && one.method == method);
    let Some((together, alone)) = find(SHARED).and_then(|one| one.value_s).zip(find(ALONE)) else { return false };
    alone.lo_s.is_some_and(|lo| together < lo) || alone.hi_s.is_some_and(|hi| together > hi)
}

/// What groups of one camera have in common.
pub(super) fn camera_of(group: &Group) -> Group {
    Group { adapter: "".into(), supply_v: None, outlet: None, ..group.clone() }
}

fn read(posterior: &Posterior<'_>, method: &'static str) -> Vec<Threshold> {
    let one = |(name, quantity)| threshold(name, method, &posterior.distribution(quantity));
    QUANTITIES.into_iter().map(one).collect()
}

fn threshold(quantity: &'static str, method: &'static str, hold: &Distribution) -> Threshold {
    let (low, high) = hold.interval(CONFIDENCE);
    let known = |hold_s: f64| (hold_s > 0.0 && hold_s.is_finite()).then_some(hold_s);
    let (lo_s, hi_s) = (known(low), known(high));
    let status = match (lo_s, hi_s) {
        _ if hold.at_none >= CERTAIN => Status::NoSuchHold,
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
        let presses = BTreeMap::from([(group("a"), all.clone()), (group("b"), all.clone()), (group("c"), all[..2].to_vec())]);
        let found = by_group(&presses);
        let of = |adapter: &str, method: &str| {
            *found[&group(adapter)].iter().find(|one| one.method == method && one.quantity == "hold95_rel").unwrap()
        };
        let width = |one: Threshold| one.hi_s.unwrap_or(1e3) / one.lo_s.unwrap_or(1e-3);
        for adapter in ["a", "b", "c"] {
            assert!(width(of(adapter, SHARED)) < width(of(adapter, ALONE)), "{adapter}");
        }
        assert_eq!(of("a", SHARED).status, Status::Ok);
    }

    #[test]
    fn an_adapter_that_never_resets_has_no_hold() {
        let presses = BTreeMap::from([(group("a"), vec![Press { hold_s: 90.0, reset: false }; 12])]);
        let found = by_group(&presses);
        assert!(found[&group("a")].iter().all(|one| one.lo_s.is_none_or(|low| low > 80.0) && one.hi_s.is_none()));
    }
}
