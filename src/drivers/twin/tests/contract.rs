//! The contract of ports, against the twin alone and behind the guard.

use super::{Twin, Wiring, plain};
use crate::domain::adapter::AdapterKind;
use crate::domain::rig::Interlocks;
use crate::domain::units::Seconds;
use crate::guard::samples::{adapter, profile};
use crate::guard::{Carried, Lease, OpenVoltage, Rules, guarded};
use crate::ports::Rig;
use crate::ports::contract::{Fresh, check};

const ADAPTER: &str = "oem-5v1a";

fn twin() -> Rig {
    let ports = Twin::new(plain(), 1, None, Wiring::FULL).ports;
    Rig {
        clock: ports.clock,
        sensors: ports.sensors,
        presser: ports.presser,
        supply: ports.supply,
        selector: Some(ports.selector),
        console: Some(ports.console),
        probe: Some(ports.probe),
        person: Some(ports.person),
    }
}

#[test]
fn the_twin_keeps_the_contract_of_ports() {
    check(|| Fresh { rig: twin(), adapter: ADAPTER.into(), late: Seconds::ZERO });
}

#[test]
fn the_guarded_twin_keeps_the_contract_of_ports() {
    check(|| {
        let adapters = [adapter(ADAPTER, AdapterKind::Fixed, 5.0)];
        let (open, lease) = (OpenVoltage::Label, Lease::SharedClock);
        let rules =
            Rules::new(&Interlocks::default(), &profile(), &adapters, crate::guard::Wiring::Selector, open, lease).unwrap();
        let (rig, _) = guarded(twin(), rules, &Carried::cold()).unwrap();
        Fresh { rig, adapter: ADAPTER.into(), late: Seconds::ZERO }
    });
}
