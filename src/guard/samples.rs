//! Rules for tests.

use super::rules::{Lease, OpenVoltage, Rules, Wiring};
use crate::domain::adapter::{Adapter, AdapterKind, Rating};
use crate::domain::ids::AdapterName;
use crate::domain::profile::Profile;
use crate::domain::rig::Interlocks;
use crate::domain::units::{Amps, Seconds, Volts};

/// A camera of 5 V with a ceiling of 5.5 V, 1 A and a write window of 360 s.
pub(crate) fn profile() -> Profile {
    let text = r#"
        schema = 1
        model = "sample"
        serial_pattern = ".*"
        button = { place = "below", reach = "pin" }
        supply = { nominal_v = 5.0, min_v = 4.75, max_v = 5.5, max_a = 1.0 }
        ready = {}
        press = {}
        provision = { via = "none" }
        factory = {}
    "#;
    toml::from_str(text).expect("the sample profile is well formed")
}

pub(crate) fn adapter(name: &str, kind: AdapterKind, volts: f64) -> Adapter {
    Adapter {
        schema: 1,
        name: AdapterName::from(name),
        asset_tag: None,
        model: None,
        lot: None,
        kind,
        rating: Rating { volts: Volts::new(volts), amps: Amps::new(2.0) },
        connector: None,
        cable: None,
        known_good_until: None,
    }
}

/// Source 0 gives 5 V, source 1 is programmable up to 6 V, source 2 says 9 V.
pub(crate) fn adapters() -> Vec<Adapter> {
    vec![
        adapter("oem", AdapterKind::Fixed, 5.0),
        adapter("lab", AdapterKind::Programmable, 6.0),
        adapter("brick", AdapterKind::Fixed, 9.0),
    ]
}

pub(crate) fn rules(interlocks: &Interlocks, lease: Lease) -> Rules {
    Rules::new(interlocks, &profile(), &adapters(), Wiring::Selector, OpenVoltage::Label, lease)
        .expect("the sample rules can be held")
}

/// Rules whose coil warms quickly: a press of ten seconds has to be followed by a rest.
pub(crate) fn warm_interlocks() -> Interlocks {
    Interlocks {
        coil_max_on_s: Seconds::new(30.0),
        coil_pull_w: 7.0,
        coil_hold_w: 7.0,
        coil_tau_s: Seconds::new(40.0),
        ..Interlocks::default()
    }
}
