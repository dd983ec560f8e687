//! The console on a real pseudo-terminal and a real socket: unplugged with garbage before and after, again and again.

use super::*;
use crate::drivers::feed::testing::{feed, next};
use crate::drivers::wire::peer::Plugged;
use crate::ports::device::Stamped;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

fn settings(path: &Path) -> Settings {
    Settings { port: Some(path.to_str().unwrap().to_owned()), tcp: None, baud: 115_200 }
}

/// Collects bytes until they end with `end`; gives them and the gaps that came on the way.
fn until(receiver: &Receiver<Stamped>, end: &[u8]) -> (Vec<u8>, usize) {
    let (mut bytes, mut gaps) = (Vec::new(), 0);
    while !bytes.ends_with(end) {
        match next(receiver) {
            Reading::Console(part) => bytes.extend(part),
            Reading::ConsoleGap => gaps += 1,
            other => panic!("{other:?}"),
        }
    }
    (bytes, gaps)
}

/// What the camera gets, up to a line's end.
fn heard(mut device: impl Read) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\n") {
        device.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    String::from_utf8(line).unwrap()
}

#[test]
fn bytes_pass_both_ways_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut plugged = Plugged::new(&folder.path().join("console"));
    let (sink, now, receiver) = feed();
    let mut console = SerialConsole::open(&settings(&plugged.path), sink, now).expect("opens");
    let all: Vec<u8> = (0..=255).chain(*b"\r\nend").collect();
    plugged.device.write_all(&all).unwrap();
    assert_eq!(until(&receiver, b"end"), (all, 0));
    console.send(b"cfg get wifi.ssid\n").expect("is sent");
    assert_eq!(heard(&plugged.device), "cfg get wifi.ssid\n");
}

#[test]
fn an_unplugged_port_is_opened_again_for_ever_and_each_gap_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("console");
    let mut plugged = Plugged::new(&path);
    let (sink, now, receiver) = feed();
    let mut console = SerialConsole::open(&settings(&path), sink, now).expect("opens");
    let noise: Vec<u8> = (0..72u8).map(|k| k.wrapping_mul(37) | 0x80).collect();
    let mut texts = Vec::new();
    for round in 0..5 {
        for line in 0..50 {
            plugged.device.write_all(format!("round {round} line {line}\r\n").as_bytes()).unwrap();
        }
        plugged.device.write_all(&noise).unwrap();
        let (bytes, gaps) = until(&receiver, &noise);
        assert_eq!(gaps, usize::from(round > 0), "one mark for each gap");
        texts.push(bytes);
        drop(plugged);
        plugged = Plugged::new(&path);
        plugged.device.write_all(&noise).unwrap();
    }
    for (round, text) in texts.iter().enumerate() {
        let text = String::from_utf8_lossy(text);
        let whole = (0..50).filter(|line| text.contains(&format!("round {round} line {line}\r\n"))).count();
        assert_eq!(whole, 50, "round {round}");
    }
    while next(&receiver) != Reading::ConsoleGap {}
    console.send(b"still here\n").expect("is sent");
    assert_eq!(heard(&plugged.device), "still here\n");
}

#[test]
fn nothing_is_sent_into_a_port_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("console"));
    let (sink, now, _receiver) = feed();
    let mut console = SerialConsole::open(&settings(&plugged.path), sink, now).expect("opens");
    drop(plugged);
    // Until the thread has seen that the port is gone, a command may still be taken.
    let refused = loop {
        match console.send(b"x") {
            Ok(()) => std::thread::yield_now(),
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, Refused::Broken(_)), "{refused:?}");
}

#[test]
fn a_served_port_is_as_good_and_is_reached_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let tcp = Some(listener.local_addr().unwrap().to_string());
    let (sink, now, receiver) = feed();
    let mut console = SerialConsole::open(&Settings { port: None, tcp, baud: 115_200 }, sink, now).expect("connects");
    for round in 0..3 {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(format!("boot {round}\r\n").as_bytes()).unwrap();
        let (bytes, gaps) = until(&receiver, b"\n");
        assert_eq!((String::from_utf8(bytes).unwrap(), gaps), (format!("boot {round}\r\n"), usize::from(round > 0)));
        console.send(b"hello\n").expect("is sent");
        assert_eq!(heard(&stream), "hello\n");
    }
}

#[test]
fn a_missing_port_is_named() {
    let (sink, now, _receiver) = feed();
    let fault = SerialConsole::open(&settings(Path::new("/dev/serial/by-id/none")), sink, now).err().expect("there is none");
    assert!(fault.detail.contains("/dev/serial/by-id/none"), "{fault}");
    let (sink, now, _receiver) = feed();
    let neither = Settings { port: None, tcp: None, baud: 115_200 };
    assert!(SerialConsole::open(&neither, sink, now).err().expect("no place").detail.contains("either"));
}
