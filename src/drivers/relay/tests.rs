//! Relay boards on real pseudo-terminals.

use super::*;
use crate::domain::verdict::FaultKind;
use crate::drivers::feed::testing::feed;
use crate::drivers::wire::peer::Plugged;
use crate::ports::Channel;
use crate::ports::device::contract;
use numato::{Lines, Numato};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn lcus_at(path: &Path) -> Shared {
    let port = Some(path.to_str().unwrap().to_owned());
    lcus::open(&lcus::Settings { port, tcp: None, relay: 1 }).expect("opens")
}

fn frames<const N: usize>(mut device: &File) -> [[u8; 4]; N] {
    let mut frames = [[0; 4]; N];
    frames.iter_mut().for_each(|frame| device.read_exact(frame).unwrap());
    frames
}

#[test]
fn an_lcus_relay_is_switched_by_four_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("lcus"));
    let mut switch = RelaySwitch::new(lcus_at(&plugged.path), 1);
    switch.set(true).expect("is sent");
    switch.set(false).expect("is sent");
    assert_eq!(frames(&plugged.device), [[0xa0, 1, 1, 0xa2], [0xa0, 1, 0, 0xa1]]);
}

#[test]
fn an_lcus_board_that_was_plugged_in_again_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lcus");
    let plugged = Plugged::new(&path);
    let mut switch = RelaySwitch::new(lcus_at(&path), 2);
    drop(plugged);
    assert_eq!(switch.set(true).expect_err("it is gone").fault, FaultKind::Disconnected);
    let plugged = Plugged::new(&path);
    switch.set(false).expect("is sent");
    assert_eq!(frames(&plugged.device), [[0xa0, 2, 0, 0xa2]]);
}

#[test]
fn a_selector_opens_every_relay_before_it_closes_one() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("lcus"));
    let channels = BTreeMap::from([(AdapterName::from("oem"), 1), (AdapterName::from("clone"), 3)]);
    let mut route = RelayRoute::new(lcus_at(&plugged.path), channels);
    route.connect(&AdapterName::from("clone")).expect("is sent");
    let sent: [[u8; 4]; 3] = frames(&plugged.device);
    assert_eq!(sent.map(|frame| (frame[1], frame[2])), [(3, 0), (1, 0), (3, 1)]);
    assert!(matches!(route.connect(&AdapterName::from("other")), Err(Refused::Never(_))));
}

#[test]
fn an_lcus_relay_keeps_the_contract_of_switches() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("lcus"));
    let mut switch = RelaySwitch::new(lcus_at(&plugged.path), 1);
    contract::switch(&mut switch, || frames::<1>(&plugged.device)[0][2] == 1);
    drop(plugged);
    contract::gone(|| switch.set(false));
}

#[test]
fn relays_keep_the_contract_of_selectors() {
    struct Closed(Arc<Mutex<BTreeSet<u8>>>);
    impl Board for Closed {
        fn set(&mut self, relay: u8, on: bool) -> Result<(), Fault> {
            let mut closed = self.0.lock().unwrap();
            let _ = if on { closed.insert(relay) } else { closed.remove(&relay) };
            assert!(closed.len() < 2, "two adapters at once");
            Ok(())
        }
    }
    let channels = [("clone", 4), ("oem", 1)];
    let closed = Arc::new(Mutex::new(BTreeSet::new()));
    let names = channels.map(|(adapter, relay)| (AdapterName::from(adapter), relay));
    let mut route = RelayRoute::new(Shared::new(Closed(Arc::clone(&closed))), names.into());
    let leads = || {
        let closed = closed.lock().unwrap();
        channels.iter().filter(|(_, relay)| closed.contains(relay)).map(|(adapter, _)| (*adapter).to_owned()).collect()
    };
    contract::route(&mut route, ["oem", "clone"], leads);
    contract::route_knows_its_adapters(&mut route, "oem", leads);
}

/// Plays a Numato board; `answer` gives what comes between echo and prompt.
fn numato(answer: impl Fn(&str) -> String + Send + 'static) -> (Result<Numato, Fault>, std::thread::JoinHandle<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("numato"));
    let mut device = plugged.device.try_clone().unwrap();
    let port = Some(plugged.path.to_str().unwrap().to_owned());
    let thread = std::thread::spawn(move || {
        let (mut seen, mut line, mut byte) = (Vec::new(), String::new(), [0]);
        while let Ok(1) = device.read(&mut byte) {
            if byte[0] != b'\r' {
                line.push(char::from(byte[0]));
                continue;
            }
            let command = std::mem::take(&mut line);
            let text = match command.as_str() {
                "" => "\r\n>".to_owned(),
                "ver" => "ver\r\n00000008\r\n>".to_owned(),
                _ => format!("{command}\r\n{}>", answer(&command)),
            };
            if device.write_all(text.as_bytes()).is_err() {
                break;
            }
            seen.push(command);
        }
        seen
    });
    (Numato::open(&numato::Settings { port, tcp: None, lines: Lines::Relay, relay: 0, adc: 0 }), thread)
}

#[test]
fn a_numato_board_switches_relays_and_lines() {
    let (board, thread) = numato(|_| String::new());
    let board = board.expect("opens");
    RelaySwitch::new(board.switches(Lines::Relay), 0).set(true).expect("switches");
    RelaySwitch::new(board.switches(Lines::Gpio), 11).set(false).expect("switches");
    drop(board);
    assert_eq!(thread.join().unwrap(), ["", "ver", "relay on 0", "gpio clear B"]);
}

#[test]
fn lines_of_a_numato_board_keep_the_contract_of_switches() {
    for (lines, on, off) in [(Lines::Relay, "relay on 3", "relay off 3"), (Lines::Gpio, "gpio set 3", "gpio clear 3")] {
        let closed = Arc::new(AtomicBool::new(false));
        let board = Arc::clone(&closed);
        let (numato, _thread) = numato(move |command| {
            assert!(command == on || command == off, "{command}");
            board.store(command == on, Ordering::Release);
            String::new()
        });
        let mut switch = RelaySwitch::new(numato.expect("opens").switches(lines), 3);
        contract::switch(&mut switch, || closed.load(Ordering::Acquire));
    }
}

#[test]
fn an_echo_is_never_taken_for_a_state() {
    for (answer, cause) in [("1\r\n", "was answered with"), ("> ", "unasked"), ("\u{7f}\u{7f}\r\n\r\nx", "was answered with")] {
        let (board, _thread) = numato(move |_| answer.to_owned());
        let fault =
            RelaySwitch::new(board.expect("opens").switches(Lines::Relay), 0).set(true).expect_err("is no acknowledgement");
        assert!(fault.detail.contains(cause), "{fault}");
    }
}

#[test]
fn the_light_is_sampled_on_a_grid_and_rubbish_is_no_sample() {
    let count = std::sync::atomic::AtomicU32::new(0);
    let (board, thread) = numato(move |command| {
        assert_eq!(command, "adc read 0");
        match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 8 {
            3 => "OK\r\n".to_owned(),
            5 => "1024\r\n".to_owned(),
            _ => "612\r\n".to_owned(),
        }
    });
    let (sink, now, receiver) = feed();
    let light = board.expect("opens").light(0, sink, now).expect("runs");
    contract::sampled(&receiver, &[Channel::Light], numato::LIGHT.period, |_, code| code == 612);
    drop(light);
    drop(thread);
}
