//! The contract of ports against the real drivers: relays and a supply on real ports, behind the guard that owns them, with the light and the
//! console that are read here.

use super::Playing;
use crate::domain::adapter::AdapterKind;
use crate::domain::rig::{Interlocks, Position};
use crate::domain::units::Seconds;
use crate::drivers::hub::{Hub, HubSensors};
use crate::drivers::table;
use crate::guard::client::{Link, RemotePresser, RemoteSelector, RemoteSupply, Watched};
use crate::guard::samples::{adapter, profile};
use crate::guard::server::{Host, Monotonic, Place, serve};
use crate::guard::wire::{Arm, VERSION};
use crate::guard::{Lease, OpenVoltage, Rules, Wiring};
use crate::ports::Rig;
use crate::ports::contract::{Fresh, check};
use serde_json::json;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

const ADAPTER: &str = "oem-5v1a";
/// A computer with two processors that builds something meanwhile lets a thread wait for so long.
const LATE: Seconds = Seconds::from_millis(1_500);
/// The record of a coil that has rested.
const RESTED: &str =
    r#"{"carried":{"coil_rise_k":0,"coil_wait_s":0,"supply_wait_s":0,"rested_s":0,"taken":null},"writes_for_s":0}"#;

/// The guard on a thread of this process.
struct Here(Sender<()>);

impl Host for Here {
    fn ready(&mut self) {
        self.0.send(()).unwrap();
    }

    fn alive(&mut self) {}

    fn stays(&self) -> bool {
        false
    }
}

fn position(playing: &Playing) -> Position {
    let board = |relay: u8| json!({ "driver": "lcus", "port": playing.path("lcus"), "relay": relay });
    serde_json::from_value(json!({
        "name": "p1",
        "presser": board(1),
        "supply": board(4),
        "selector": board(1),
        "light": { "driver": "numato", "port": playing.path("numato"), "adc": 0 },
        "console": { "driver": "serial", "port": playing.path("console") },
        "channels": { "2": ADAPTER, "3": "clone-5v2a" },
        "interlocks": { "coil_min_off_s": 0.2, "supply_min_off_s": 0.05 },
    }))
    .unwrap()
}

/// A session with the guard, and what is read beside it.
fn rig(position: &Position, socket: &PathBuf) -> Rig {
    let (clock, hub) = (Monotonic::from_now(), Hub::default());
    let adapters = [adapter(ADAPTER, AdapterKind::Fixed, 5.0), adapter("clone-5v2a", AdapterKind::Fixed, 5.0)];
    let mut profile = profile();
    profile.press.write_window_s = Seconds::from_millis(300);
    let rules =
        Rules::new(&position.interlocks, &profile, &adapters, Wiring::Selector, OpenVoltage::Label, Lease::Beats).unwrap();
    let arm = Arm { version: VERSION, session: Monotonic::RAW.now().0, position: position.clone(), rules: rules.clone() };
    let link = Link::open(UnixStream::connect(socket).unwrap(), arm, clock).unwrap_or_else(|why| panic!("{why}")).link;
    let inputs = table::inputs(position, &hub, clock).unwrap_or_else(|faults| panic!("{faults:?}"));
    let sensors = HubSensors::new(hub, clock, inputs.scales, inputs.sampling);
    let rescue = Box::new(|| "not in this test".to_owned());
    Rig {
        clock: Box::new(clock),
        sensors: Box::new(Watched::new(Box::new(sensors), Arc::clone(&link), &rules, rescue)),
        presser: Box::new(RemotePresser(Arc::clone(&link))),
        supply: Box::new(RemoteSupply(Arc::clone(&link))),
        selector: Some(Box::new(RemoteSelector(link))),
        console: inputs.console,
        probe: None,
        person: None,
    }
}

#[test]
fn real_drivers_behind_the_guards_process_keep_the_contract_of_ports() {
    let board = json!({ "driver": "lcus", "port": "@lcus" });
    let playing = Playing::start(
        &[
            ("supply", json!({ "driver": "lcus", "port": "@lcus", "relay": 4 })),
            ("selector", board),
            ("light", json!({ "driver": "numato", "port": "@numato", "adc": 0 })),
            ("console", json!({ "driver": "serial", "port": "@console" })),
        ],
        &[("2", ADAPTER), ("3", "clone-5v2a")],
    );
    let position = position(&playing);
    assert_eq!(position.interlocks.coil_max_on_s, Interlocks::default().coil_max_on_s);
    let place = Place { socket: playing.folder.path().join("guard.sock"), record: playing.folder.path().join("guard.json") };
    std::fs::write(&place.record, RESTED).unwrap();
    let socket = place.socket.clone();
    let (listens, listening) = channel();
    let guard = std::thread::spawn(move || serve(place, table::outputs, &mut Here(listens)));
    listening.recv().unwrap();
    check(|| Fresh { rig: rig(&position, &socket), adapter: ADAPTER.into(), late: LATE });
    // It ends by itself when everything is off and nobody came for a while.
    guard.join().unwrap().unwrap();
}
