//! The drivers of real instruments against the served bench, in real time: two programs that were written apart and meet on real ports.

use super::*;
use crate::domain::ids::AdapterName;
use crate::domain::observation::NetworkStatus;
use crate::domain::rig::{Driver, Position};
use crate::domain::units::{Amps, Seconds, Volts};
use crate::drivers::console::{self, SerialConsole};
use crate::drivers::dhip::{self, DhipProbe};
use crate::drivers::feed::testing::{feed, next};
use crate::drivers::korad::{self, KoradSupply};
use crate::drivers::relay::numato::{self, Numato};
use crate::drivers::relay::{RelayRoute, RelaySwitch, lcus};
use crate::drivers::scpi::{self, Dialect, ScpiSupply};
use crate::ports::device::{self, PowerOutput, Reading, Route, Stamped, Switch};
use crate::ports::{Console, Probe, ProbeAnswer, ProbeQuery};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

mod contract;

const WORLD: &str = include_str!("../../fixtures/worlds/amcrest-indoor.toml");

/// The camera of the fixtures, but one that boots in a second and resets after half a second's press.
fn hasty() -> World {
    let mut world: World = toml::from_str(WORLD).unwrap();
    let boot = &mut world.camera.boot;
    (boot.bootloader_s, boot.kernel_s) = (Seconds::new(0.2), Seconds::new(0.2));
    (boot.userland_s, boot.application_s) = (Seconds::new(0.2), Seconds::new(0.4));
    world.camera.button.windows[0].threshold_s = Seconds::new(0.5);
    (world.camera.button.lapse, world.camera.button.acknowledged_only) = (0.0, 0.0);
    world.camera.flash.erase_s = Seconds::new(0.5);
    world.camera.network.delay_s = Seconds::from_millis(5);
    world
}

/// A bench that is being served on a thread. Dropping it ends it.
struct Playing {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    places: Vec<String>,
    folder: tempfile::TempDir,
}

impl Playing {
    /// `drivers`: port, driver, and its settings, where `@name` stands for a serial port of that name.
    fn start(drivers: &[(&str, serde_json::Value)], channels: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().to_str().unwrap().to_owned();
        let mut rig = json!({ "name": "p1", "presser": { "driver": "lcus", "port": format!("{at}/lcus") } });
        rig["supply"] = json!({ "driver": "scpi", "tcp": "127.0.0.1:0" });
        for (port, driver) in drivers {
            rig[port] = serde_json::from_str(&driver.to_string().replace('@', &format!("{at}/"))).unwrap();
        }
        rig["channels"] = channels.iter().map(|(relay, adapter)| ((*relay).to_owned(), json!(adapter))).collect();
        let position: Position = serde_json::from_value(rig).unwrap();
        let plan = Plan::of(&position).expect("is served");
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = channel();
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut served = Served::open(plan, hasty(), 7, None).expect("opens");
            sender.send(served.places().to_vec()).unwrap();
            served.play(|| stopped.load(Ordering::Acquire));
        });
        let places = receiver.recv().expect("it is served");
        Self { stop, thread: Some(thread), places, folder }
    }

    fn path(&self, name: &str) -> Option<String> {
        Some(self.folder.path().join(name).to_str().unwrap().to_owned())
    }

    /// The address of a device that is served on a socket.
    fn address(&self, what: &str) -> String {
        let place = self.places.iter().find(|place| place.contains(what)).expect("it is served");
        place.rsplit(' ').next().unwrap().to_owned()
    }

    fn scpi(&self, dialect: Dialect) -> ScpiSupply {
        let settings: scpi::Settings = serde_json::from_value(json!({
            "tcp": self.address("SCPI"), "dialect": "generic", "max_v": 6, "limit_a": 2, "answer_s": 10, "first_answer_s": 10
        }))
        .unwrap();
        ScpiSupply::open(scpi::Settings { dialect, ..settings }).expect("opens")
    }

    fn console(&self, baud: u32) -> (SerialConsole, Receiver<Stamped>) {
        let (sink, now, receiver) = feed();
        let settings = console::Settings { port: self.path("console"), tcp: None, baud };
        (SerialConsole::open(&settings, sink, now).expect("opens"), receiver)
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn console_driver() -> (&'static str, serde_json::Value) {
    ("console", json!({ "driver": "serial", "port": "@console" }))
}

/// Reads the console until a text comes.
fn until(receiver: &Receiver<Stamped>, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        match next(receiver) {
            Reading::Console(bytes) => text.push_str(&String::from_utf8_lossy(&bytes)),
            other => panic!("{other:?} while waiting for `{wanted}` after {text}"),
        }
    }
    text
}

fn status(probe: &mut DhipProbe, answers: &Receiver<Stamped>) -> NetworkStatus {
    probe.query(1, ProbeQuery::Status).expect("is asked");
    match next(answers) {
        Reading::Probe { answer: ProbeAnswer::Status(status), .. } => status,
        other => panic!("{other:?}"),
    }
}

/// Switches a fresh camera on and provisions it, and every instrument sees that.
fn provisioned(
    supply: &mut ScpiSupply,
    (console, text): (&mut SerialConsole, &Receiver<Stamped>),
    (probe, answers): (&mut DhipProbe, &Receiver<Stamped>),
) {
    supply.set(Volts::new(5.0)).expect("sets");
    supply.output(true).expect("switches on");
    until(text, "app: state=setup");
    assert_eq!(status(probe, answers), NetworkStatus::Factory);
    console.send(b"provision\n").expect("is sent");
    until(text, "app: state=configured");
    assert_eq!(status(probe, answers), NetworkStatus::Configured);
}

#[test]
fn a_press_by_a_relay_resets_the_camera_and_every_instrument_sees_it() {
    let playing = Playing::start(
        &[
            console_driver(),
            ("light", json!({ "driver": "numato", "port": "@numato", "adc": 0 })),
            ("probe", json!({ "driver": "dhip", "ask": "127.0.0.1:0" })),
        ],
        &[],
    );
    let (mut console, text) = playing.console(115_200);
    let port = |name| playing.path(name);
    let board: numato::Settings = serde_json::from_value(json!({ "port": port("numato") })).unwrap();
    let (sink, now, light) = feed();
    let _light = Numato::open(&board).expect("opens").light(0, sink, now).expect("runs");
    let (sink, now, answers) = feed();
    let ask: dhip::Settings = serde_json::from_value(json!({ "ask": playing.address("network"), "timeout_s": 20 })).unwrap();
    let mut probe = DhipProbe::open(ask, sink, now).expect("opens");
    let relays: lcus::Settings = serde_json::from_value(json!({ "port": port("lcus") })).unwrap();
    let mut coil = RelaySwitch::new(lcus::open(&relays).expect("opens"), 1);
    let mut supply = playing.scpi(Dialect::RigolDp800);
    provisioned(&mut supply, (&mut console, &text), (&mut probe, &answers));

    coil.set(true).expect("is switched");
    until(&text, "button: factory reset accepted");
    coil.set(false).expect("is switched");
    until(&text, "app: state=setup");
    assert_eq!(status(&mut probe, &answers), NetworkStatus::Factory);

    let reading = supply.read().expect("reads");
    assert!((reading.volts.get() - 5.0).abs() < 0.1 && reading.amps.get() > 0.1, "{reading:?}");
    let codes = light.try_iter().filter_map(|stamped| match stamped.reading {
        Reading::Samples { codes, .. } => codes.into_iter().max(),
        _ => None,
    });
    assert!(codes.max().is_some_and(|highest| (300..=500).contains(&highest)), "the light was seen at 0.4 of full scale");
}

#[test]
fn the_camera_tells_its_state_over_tcp_as_well() {
    let playing = Playing::start(&[console_driver(), ("probe", json!({ "driver": "dhip", "tcp": "127.0.0.1:0" }))], &[]);
    let (mut console, text) = playing.console(115_200);
    let (sink, now, answers) = feed();
    let tcp: dhip::Settings = serde_json::from_value(json!({ "tcp": playing.address("network"), "timeout_s": 20 })).unwrap();
    let mut probe = DhipProbe::open(tcp, sink, now).expect("opens");
    let mut supply = playing.scpi(Dialect::Generic);
    provisioned(&mut supply, (&mut console, &text), (&mut probe, &answers));
}

#[test]
fn a_short_press_resets_nothing() {
    let playing = Playing::start(&[console_driver()], &[]);
    let (mut console, text) = playing.console(115_200);
    let relays: lcus::Settings = serde_json::from_value(json!({ "port": playing.path("lcus") })).unwrap();
    let mut coil = RelaySwitch::new(lcus::open(&relays).expect("opens"), 1);
    let mut supply = playing.scpi(Dialect::KeysightE36xx);
    supply.set(Volts::new(5.0)).expect("sets");
    supply.output(true).expect("switches on");
    until(&text, "app: state=setup");
    coil.set(true).expect("is switched");
    coil.set(false).expect("is switched");
    console.send(b"provision\n").expect("is sent");
    assert!(!until(&text, "app: state=configured").contains("accepted"));
}

#[test]
fn every_wording_of_scpi_and_a_korad_drive_the_same_output() {
    for dialect in [Dialect::RigolDp800, Dialect::SiglentSpd, Dialect::KeysightE36xx, Dialect::Generic] {
        let playing = Playing::start(&[], &[]);
        let mut supply = playing.scpi(dialect);
        keeps_the_contract(&mut supply);
        drop(playing);
        device::contract::gone(|| supply.read().map(drop));
    }
    let playing = Playing::start(&[("supply", json!({ "driver": "korad", "port": "@korad" }))], &[]);
    let settings: korad::Settings =
        serde_json::from_value(json!({ "port": playing.path("korad"), "limit_a": 2, "max_v": 6 })).unwrap();
    let mut supply = KoradSupply::open(settings).expect("opens");
    keeps_the_contract(&mut supply);
    drop(playing);
    device::contract::gone(|| supply.read().map(drop));
}

fn keeps_the_contract(supply: &mut dyn PowerOutput) {
    let volts = |values: &[f64]| values.iter().map(|volts| Volts::new(*volts)).collect::<Vec<_>>();
    device::contract::power_output(supply, &volts(&[4.75, 5.25]), &volts(&[-0.1, 6.1, 1e9]));
    assert!(supply.read().expect("reads").amps < Amps::new(1.0));
}

#[test]
fn fixed_adapters_stand_behind_relays() {
    let board = || json!({ "driver": "lcus", "port": "@lcus" });
    let mut supply = board();
    supply["relay"] = json!(2);
    let playing =
        Playing::start(&[console_driver(), ("supply", supply), ("selector", board())], &[("3", "oem-5v1a"), ("4", "clone-5v2a")]);
    let (_console, text) = playing.console(115_200);
    let relays: lcus::Settings = serde_json::from_value(json!({ "port": playing.path("lcus") })).unwrap();
    let board = lcus::open(&relays).expect("opens");
    let channels = [("oem-5v1a", 3), ("clone-5v2a", 4)].map(|(adapter, relay)| (AdapterName::from(adapter), relay));
    RelayRoute::new(board.clone(), channels.into()).connect(&AdapterName::from("oem-5v1a")).expect("connects");
    RelaySwitch::new(board, 2).set(true).expect("is switched");
    until(&text, "app: state=setup");
}

#[test]
fn a_console_at_the_wrong_rate_is_garbage_and_is_doubted() {
    let playing = Playing::start(&[console_driver()], &[]);
    let (console, text) = playing.console(57_600);
    let mut supply = playing.scpi(Dialect::Generic);
    supply.set(Volts::new(5.0)).expect("sets");
    supply.output(true).expect("switches on");
    let mut bytes = Vec::new();
    while console.doubt().is_none() {
        match next(&text) {
            Reading::Console(more) => bytes.extend(more),
            other => panic!("{other:?}"),
        }
    }
    assert!(console.doubt().is_some_and(|words| words.contains("57600 baud is no text") && words.contains("115200")));
    assert!(!String::from_utf8_lossy(&bytes).contains("U-Boot"));
}

#[test]
fn the_names_of_ports_go_with_the_bench() {
    let playing = Playing::start(&[console_driver()], &[]);
    let path = playing.path("console").unwrap();
    assert!(Path::new(&path).exists());
    let mut playing = playing;
    playing.stop.store(true, Ordering::Release);
    playing.thread.take().unwrap().join().unwrap();
    assert!(!Path::new(&path).is_symlink());
}

#[test]
fn what_cannot_be_served_is_named() {
    let position = |presser| {
        let supply = Driver { driver: "scpi".to_owned(), settings: [("tcp".to_owned(), json!("127.0.0.1:0"))].into() };
        let mut position: Position =
            serde_json::from_value(json!({ "name": "p1", "presser": presser, "supply": { "driver": "scpi" } })).unwrap();
        position.supply = supply;
        Plan::of(&position).expect_err("cannot be served").to_string()
    };
    assert!(position(json!({ "driver": "gpio" })).contains("presser: the driver `gpio` is not served"));
    assert!(position(json!({ "driver": "lcus" })).contains("either `port` or `tcp`"));
    assert!(position(json!({ "driver": "lcus", "port": "x", "relay": 300 })).contains("no number of a relay"));
}
