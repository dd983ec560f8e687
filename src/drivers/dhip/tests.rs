//! The probe against a camera played on a socket of loopback.

use super::*;
use crate::drivers::feed::testing::{feed, next};
use serde_json::{Value, json};

fn answer(info: Value) -> Vec<u8> {
    frame::frame(&json!({ "method": "client.notifyDevInfo", "params": { "deviceInfo": info } }))
}

/// Answers each question with the next list of datagrams, then leaves.
fn camera(answers: Vec<Vec<Vec<u8>>>) -> (Settings, JoinHandle<()>) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let ask = socket.local_addr().unwrap().to_string();
    let thread = std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        for datagrams in answers {
            let (count, from) = socket.recv_from(&mut buffer).unwrap();
            assert_eq!(buffer[..count], frame::search());
            for datagram in datagrams {
                socket.send_to(&datagram, from).unwrap();
            }
        }
    });
    let settings =
        Settings { ask, tcp: None, from: Some("127.0.0.1".to_owned()), serial: None, mac: None, timeout_s: Seconds::new(20.0) };
    (settings, thread)
}

fn status(settings: Settings) -> NetworkStatus {
    let (sink, now, receiver) = feed();
    let mut probe = DhipProbe::open(settings, sink, now).expect("opens");
    probe.query(7, ProbeQuery::Status).expect("is asked");
    match next(&receiver) {
        Reading::Probe { number: 7, answer: ProbeAnswer::Status(status) } => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_states_are_told_apart() {
    for (init, wanted) in [
        (json!(1), NetworkStatus::Factory),
        (json!(150), NetworkStatus::Configured),
        (json!(0), NetworkStatus::Unknown),
        (Value::Null, NetworkStatus::Unknown),
    ] {
        let (settings, thread) = camera(vec![vec![answer(json!({ "Init": init }))]]);
        assert_eq!(status(settings), wanted, "{init}");
        thread.join().unwrap();
    }
}

#[test]
fn noise_our_own_question_and_another_camera_are_passed_over() {
    let (settings, thread) = camera(vec![vec![
        vec![0xa5; 72],
        frame::search(),
        answer(json!({ "SerialNo": "OTHER", "Init": 2 })),
        answer(json!({ "SerialNo": "amc1", "Init": 1 })),
    ]]);
    assert_eq!(status(Settings { serial: Some("AMC1".to_owned()), ..settings }), NetworkStatus::Factory);
    thread.join().unwrap();
}

#[test]
fn a_lost_datagram_is_sent_again() {
    let (settings, thread) = camera(vec![vec![], vec![answer(json!({ "Init": 2 }))]]);
    assert_eq!(status(settings), NetworkStatus::Configured);
    thread.join().unwrap();
}

#[test]
fn a_camera_that_does_not_answer_cannot_be_reached() {
    let (settings, _thread) = camera(vec![vec![]]);
    assert_eq!(status(Settings { timeout_s: Seconds::from_millis(30), ..settings }), NetworkStatus::Unreachable);
}

#[test]
fn nothing_that_needs_a_password_is_tried() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let ask = socket.local_addr().unwrap().to_string();
    let settings = Settings { ask, tcp: None, from: None, serial: None, mac: None, timeout_s: Seconds::new(1.0) };
    let (sink, now, _receiver) = feed();
    let mut probe = DhipProbe::open(settings, sink, now).expect("opens");
    let setting = || "wifi.ssid".to_owned();
    for query in [
        ProbeQuery::Provision,
        ProbeQuery::Write { setting: setting(), value: "x".to_owned() },
        ProbeQuery::Read { setting: setting() },
    ] {
        assert!(matches!(probe.query(1, query), Err(Refused::Never(_))));
    }
    drop(probe);
    assert!(socket.recv_from(&mut [0; 64]).is_err(), "nothing was sent");
}

#[test]
fn over_tcp_a_camera_that_nobody_set_up_says_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let tcp = Some(listener.local_addr().unwrap().to_string());
    let thread = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut vec![0; login::question().len()]).unwrap();
        let answer = json!({ "error": { "code": 268_632_086 }, "id": 1, "result": false });
        stream.write_all(&frame::frame(&answer)).unwrap();
    });
    let (settings, _udp) = camera(vec![]);
    assert_eq!(status(Settings { tcp, ..settings }), NetworkStatus::Factory);
    thread.join().unwrap();
}

#[test]
fn an_address_that_is_none_is_named() {
    let (sink, now, _receiver) = feed();
    let settings =
        Settings { ask: "camera".to_owned(), tcp: None, from: None, serial: None, mac: None, timeout_s: Seconds::new(1.0) };
    assert!(DhipProbe::open(settings, sink, now).err().expect("refused").detail.contains("`camera`"));
}
