//! Whether the power sources fit the camera and the bench.

use super::Inputs;
use crate::domain::adapter::{Adapter, AdapterKind};
use crate::domain::units::Volts;
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

/// What an adapter's label says about this camera.
pub(super) fn label(findings: &mut Findings, at: &KeyPath, adapter: &Adapter, files: Inputs<'_>) {
    let (supply, rating, name) = (&files.profile.supply, &adapter.rating, &adapter.name);
    match adapter.kind {
        AdapterKind::Fixed | AdapterKind::Poe => fixed(findings, at, adapter, files),
        AdapterKind::Programmable if files.suite.factors.supply_v.is_empty() && rating.volts < supply.nominal_v => {
            let message =
                format!("supply {name} may be set to {} at most, and this camera needs {}", rating.volts, supply.nominal_v);
            findings.error(at, message, "add `supply_v = […]` under [factors], or correct `rating.v`");
        }
        AdapterKind::Programmable => {}
    }
    if rating.amps < supply.max_a {
        let message = format!("adapter {name} promises {}, and this camera may draw {}", rating.amps, supply.max_a);
        findings.warn(at, message, "expect it to sag under load; this is fine if that is the question");
    }
}

/// An adapter gives what it gives: nothing between it and the camera can lower it.
fn fixed(findings: &mut Findings, at: &KeyPath, adapter: &Adapter, files: Inputs<'_>) {
    let (supply, volts, name) = (&files.profile.supply, adapter.rating.volts, &adapter.name);
    if volts > supply.max_v {
        let message =
            format!("adapter {name} gives {volts}, and this camera stands no more than {}: it would be destroyed", supply.max_v);
        let help = "take the adapter out of the suite, or correct `rating.v` or the profile's `supply.max_v`";
        findings.error(at, message, help);
    } else if volts < supply.min_v {
        let message = format!("adapter {name} promises {volts}, less than the {} this camera needs", supply.min_v);
        findings.warn(at, message, "expect resets to fail for that reason alone");
    }
    for position in &files.rig.positions {
        let bound = position.interlocks.supply_max_v;
        if volts > bound && volts <= supply.max_v {
            let message =
                format!("adapter {name} gives {volts}, more than `supply_max_v` of position {}, {bound}", position.name);
            findings.error(at, message, "take the adapter out of the suite, or raise `supply_max_v` if the bench stands it");
        }
    }
}

/// What the suite sets must be something that every supply can give, the camera stands, and the bench allows.
pub(super) fn voltages(findings: &mut Findings, files: Inputs<'_>) {
    let levels = &files.suite.factors.supply_v;
    let at = KeyPath::from("factors.supply_v");
    if levels.is_empty() {
        return;
    }
    for adapter in files.adapters.iter().filter(|adapter| adapter.kind != AdapterKind::Programmable) {
        let message = format!("the voltage of adapter {} cannot be set", adapter.name);
        findings.error(&at, message, "use adapters of kind \"programmable\" only, or take `supply_v` away");
    }
    let supply = &files.profile.supply;
    let mut ceilings = vec![("the profile's `supply.max_v`".to_owned(), supply.max_v)];
    let programmable = files.adapters.iter().filter(|adapter| adapter.kind == AdapterKind::Programmable);
    ceilings.extend(programmable.map(|adapter| (format!("the rating of supply {}", adapter.name), adapter.rating.volts)));
    let positions = files.rig.positions.iter();
    ceilings.extend(positions.map(|place| (format!("`supply_max_v` of position {}", place.name), place.interlocks.supply_max_v)));
    // Below half its nominal voltage no regulator of such a camera starts (assumption): every trial would only cost time.
    let floor = Volts::new(supply.nominal_v.get() / 2.0);
    for (index, &level) in levels.iter().enumerate() {
        let lowest = ceilings.iter().min_by_key(|(_, ceiling)| *ceiling);
        if let Some((name, ceiling)) = lowest.filter(|(_, ceiling)| level > *ceiling) {
            findings.error(
                at.index(index),
                format!("{level} is more than {name}, {ceiling}"),
                format!("write {} or less", ceiling.get()),
            );
        }
        let message = format!("{level} is less than half of the camera's {}: it cannot boot", supply.nominal_v);
        findings.require(level >= floor, at.index(index), message, format!("write {} or more", floor.get()));
    }
}
