//! How many trials a suite asks for, by cell: to say how complete a run is. Chooses nothing; the design does that.

use super::group::{CellKey, Group, Kind};
use super::row::RunFacts;
use crate::domain::ids::{AdapterName, OutletName};
use crate::domain::suite::{DesignKind, Suite};
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::Level;
use std::collections::BTreeMap;

/// Trials that a grid asks for, by cell at `level`; `None` for a design that chooses as it goes.
pub fn by_cell(facts: &RunFacts, level: Level) -> Option<BTreeMap<CellKey, u32>> {
    let suite = &facts.started.suite;
    if suite.design.kind != DesignKind::Grid {
        return None;
    }
    let mut planned = BTreeMap::new();
    let mut add = |place: &Place, kind: Kind, press: Press, count: u32| {
        if count > 0 {
            let group = Group {
                dut_serial: facts.started.dut_serial.clone(),
                adapter: place.adapter.clone(),
                supply_v: place.supply_v,
                outlet: place.outlet.clone(),
                press_after_s: press.after_s,
                kind,
                release: press.release,
                level,
            };
            *planned.entry(CellKey { group, hold_s: press.hold_s }).or_default() += count;
        }
    };
    for place in places(suite) {
        for press in presses(suite) {
            add(&place, Kind::Press, press, suite.design.replicates.unwrap_or(1));
        }
        add(&place, Kind::Sham, Press::default(), suite.design.shams_per_adapter);
    }
    for adapter in &suite.factors.adapter {
        let unpowered = Place { adapter: adapter.clone(), outlet: None, supply_v: None };
        add(&unpowered, Kind::UnpoweredPress, Press::default(), suite.design.unpowered_per_adapter);
    }
    Some(planned)
}

/// Trials that the whole of a grid asks for; `None` for a design that chooses as it goes.
pub fn total(facts: &RunFacts) -> Option<u32> {
    by_cell(facts, Level::None).map(|cells| cells.values().sum())
}

/// Where a press gets its power from.
struct Place {
    adapter: AdapterName,
    outlet: Option<OutletName>,
    supply_v: Option<Volts>,
}

fn places(suite: &Suite) -> Vec<Place> {
    let factors = &suite.factors;
    let outlets = levels(&factors.outlet);
    let volts = levels(&factors.supply_v);
    let mut all = Vec::new();
    for adapter in &factors.adapter {
        for outlet in &outlets {
            for &supply_v in &volts {
                all.push(Place { adapter: adapter.clone(), outlet: outlet.clone(), supply_v });
            }
        }
    }
    all
}

/// The levels of a press.
#[derive(Clone, Copy, Default)]
struct Press {
    hold_s: Option<Seconds>,
    release: Option<crate::domain::condition::Release>,
    after_s: Option<Seconds>,
}

fn presses(suite: &Suite) -> Vec<Press> {
    let factors = &suite.factors;
    let mut all = Vec::new();
    for &hold in factors.hold_s.levels() {
        for &release in &factors.release {
            for after_s in levels(&factors.press_after_s) {
                all.push(Press { hold_s: Some(hold), release: Some(release), after_s });
            }
        }
    }
    all
}

/// The levels of a factor; a factor that is not varied has the one level "not set".
fn levels<T: Clone>(given: &[T]) -> Vec<Option<T>> {
    if given.is_empty() { vec![None] } else { given.iter().cloned().map(Some).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::Bench;

    #[test]
    fn all_levels_are_crossed_and_controls_are_counted_by_adapter() {
        let mut bench = Bench::new("r", &["a", "b"], &[5.0, 10.0, 20.0], 4, 3);
        let suite = &mut bench.started.suite;
        suite.factors.supply_v = vec![Volts::new(4.75), Volts::new(5.0)];
        suite.factors.press_after_s = vec![Seconds::new(30.0), Seconds::new(60.0)];
        suite.design.unpowered_per_adapter = 2;
        let facts = RunFacts { run_id: "r".into(), started: bench.started };
        // 2 adapters x 2 voltages x (3 holds x 2 times x 4 + 3 shams) + 2 adapters x 2 presses without power.
        assert_eq!(total(&facts), Some(2 * 2 * (3 * 2 * 4 + 3) + 2 * 2));
    }

    #[test]
    fn a_design_that_chooses_has_no_plan() {
        let mut bench = Bench::new("r", &["a"], &[5.0], 4, 3);
        bench.started.suite.design.kind = DesignKind::Adaptive;
        assert_eq!(total(&RunFacts { run_id: "r".into(), started: bench.started }), None);
    }
}
