//! The state by the first question of a login over TCP (DHIP, mostly port 5000), for networks on which the discovery does not get through. Every client
//! begins with it: no password in it, and the camera answers with the challenge to which the password would belong. That answer is never given.
//! Sources: the public tool DahuaConsole (net.py), and other public clients for the challenge's number.

use super::frame;
use crate::domain::observation::NetworkStatus;
use crate::drivers::deadline::Deadline;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// "Not initialised": nobody ever set an account up.
const FACTORY: u64 = 268_632_086;
/// The challenge; one that some firmware gives as 401.
const CHALLENGE: [u64; 2] = [268_632_079, 401];
/// An answer is no longer than this: it has some hundred bytes.
const LONGEST: usize = 8192;

/// The question.
pub fn question() -> Vec<u8> {
    let params = json!({ "userName": "admin", "password": "", "clientType": "Web3.0", "loginType": "Direct" });
    let mut bytes = frame::frame(&json!({ "method": "global.login", "params": params, "id": 1, "session": 0 }));
    // The number of the question stands in the header as well.
    bytes[12] = 1;
    bytes
}

/// Connects and asks, until `until`. A camera that does not take the connection, or does not answer, cannot be reached.
pub(super) fn status(address: SocketAddr, until: Deadline) -> NetworkStatus {
    answer(address, until).map_or(NetworkStatus::Unreachable, |answer| state(&answer))
}

fn answer(address: SocketAddr, until: Deadline) -> Option<Value> {
    let mut stream = TcpStream::connect_timeout(&address, some(until)).ok()?;
    stream.set_write_timeout(Some(some(until))).ok()?;
    stream.write_all(&question()).ok()?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 1024]);
    while bytes.len() < LONGEST && !until.left().is_zero() {
        stream.set_read_timeout(Some(some(until))).ok()?;
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let answer = frame::texts(&bytes).find(|text| text["id"] == 1);
        if answer.is_some() {
            return answer;
        }
    }
    None
}

/// What an answer says. A locked or blocked account (268632081, 268632082) is one that somebody set up, but the camera may have been reset since: it
/// says nothing of its state.
fn state(answer: &Value) -> NetworkStatus {
    match answer["error"]["code"].as_u64() {
        Some(FACTORY) => NetworkStatus::Factory,
        Some(code) if CHALLENGE.contains(&code) => NetworkStatus::Configured,
        _ => NetworkStatus::Unknown,
    }
}

/// What is left, which a socket takes as a time to wait only when it is not zero.
fn some(until: Deadline) -> Duration {
    until.left().max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    /// A camera that answers one question with these parts, and gives what it was asked.
    fn camera(parts: Vec<Vec<u8>>) -> (SocketAddr, JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; question().len()];
            stream.read_exact(&mut asked).unwrap();
            parts.iter().for_each(|part| stream.write_all(part).unwrap());
            // Nothing more may come: until the other side hangs up.
            stream.read_to_end(&mut asked).unwrap();
            asked
        });
        (address, thread)
    }

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(20))
    }

    fn said(code: u64) -> Vec<u8> {
        let params = json!({ "encryption": "Default", "random": "1234567890", "realm": "Login to 00408C123456" });
        frame::frame(&json!({ "error": { "code": code }, "id": 1, "params": params, "result": false, "session": 1_722_306_858 }))
    }

    #[test]
    fn the_states_are_told_apart_and_nothing_but_the_question_is_sent() {
        for (code, wanted) in [
            (268_632_086, NetworkStatus::Factory),
            (268_632_079, NetworkStatus::Configured),
            (401, NetworkStatus::Configured),
            (268_632_081, NetworkStatus::Unknown),
            (268_632_082, NetworkStatus::Unknown),
        ] {
            let (address, thread) = camera(vec![said(code)]);
            assert_eq!(status(address, soon()), wanted, "{code}");
            let asked = thread.join().unwrap();
            assert_eq!(asked, question());
            assert!(String::from_utf8_lossy(&asked).contains("\"password\":\"\""), "no password is ever tried");
        }
    }

    #[test]
    fn an_answer_in_pieces_and_a_word_unasked_are_no_trouble() {
        let mut bytes = frame::frame(&json!({ "method": "client.notifyEventStream", "id": 7 }));
        bytes.extend(said(268_632_086));
        let parts = bytes.chunks(9).map(<[u8]>::to_vec).collect();
        let (address, thread) = camera(parts);
        assert_eq!(status(address, soon()), NetworkStatus::Factory);
        thread.join().unwrap();
    }

    #[test]
    fn noise_silence_and_nobody_there_are_no_state() {
        let (address, _thread) = camera(vec![vec![0xa5; 72]]);
        assert_eq!(status(address, Deadline::after(Duration::from_millis(50))), NetworkStatus::Unreachable);
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(status(nobody, soon()), NetworkStatus::Unreachable);
    }
}
