//! The camera on its network: when it is up it answers a DHIP search, and the first question of a login over TCP; nothing else.

use super::Instrument;
use super::bench::Bench;
use crate::domain::observation::NetworkStatus;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};

/// How every header begins.
const BEGIN: &[u8] = b"\x20\0\0\0DHIP";
const MAC: &str = "02:00:00:00:00:01";

pub(super) struct Network {
    socket: UdpSocket,
    asked: u32,
    waiting: BTreeMap<u32, SocketAddr>,
}

impl Network {
    pub fn open(address: &str) -> io::Result<Self> {
        let socket = UdpSocket::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, asked: 0, waiting: BTreeMap::new() })
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    pub fn turn(&mut self, bench: &mut Bench) {
        let mut buffer = [0; 2048];
        while let Ok((count, from)) = self.socket.recv_from(&mut buffer) {
            if is_search(&buffer[..count]) {
                self.asked += 1;
                self.waiting.insert(self.asked, from);
                bench.ask(self.asked);
            }
        }
        for (number, status) in bench.take_answers() {
            let Some(to) = self.waiting.remove(&number) else { continue };
            // The lowest two bits tell the state; real answers have others beside them.
            let init = match status {
                NetworkStatus::Factory => Some(0b1001_0001),
                NetworkStatus::Configured => Some(0b1001_0110),
                NetworkStatus::Unknown => None,
                NetworkStatus::Unreachable => continue,
            };
            let _ = self.socket.send_to(&answer(init), to);
        }
        // A camera that never answered keeps no place.
        while self.waiting.len() > 64 {
            self.waiting.pop_first();
        }
    }
}

/// The camera's port for logins: a question gets its challenge, or the word that there is no account yet. Nobody ever gets in.
#[derive(Default)]
pub(super) struct Logins {
    heard: Vec<u8>,
    asked: u32,
    /// The number that each question had.
    waiting: BTreeMap<u32, Value>,
}

impl Instrument for Logins {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        self.heard.extend_from_slice(input);
        while let Some((text, rest)) = whole(&self.heard) {
            let question: Option<Value> = serde_json::from_slice(text).ok();
            self.heard = rest.to_vec();
            let Some(question) = question.filter(|question| question["method"] == "global.login") else { continue };
            self.asked += 1;
            self.waiting.insert(self.asked, question["id"].clone());
            bench.ask(self.asked);
        }
        if self.heard.len() >= 32 && !self.heard.starts_with(BEGIN) {
            self.heard.clear();
        }
        let mut output = Vec::new();
        for (number, status) in bench.take_answers() {
            let Some(id) = self.waiting.remove(&number) else { continue };
            let code = match status {
                NetworkStatus::Factory => 268_632_086,
                NetworkStatus::Configured | NetworkStatus::Unknown => 268_632_079,
                NetworkStatus::Unreachable => continue,
            };
            let params = json!({ "realm": "Login to TWIN0", "random": "1234567890", "encryption": "Default" });
            let text = json!({ "error": { "code": code }, "id": id, "params": params, "result": false, "session": 77 });
            output.extend(framed(&text.to_string()));
        }
        while self.waiting.len() > 64 {
            self.waiting.pop_first();
        }
        output
    }
}

/// The text of the first frame and what is behind it, when the frame is whole.
fn whole(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (header, rest) = bytes.split_at_checked(32)?;
    let length: [u8; 4] = header[16..20].try_into().ok()?;
    if !header.starts_with(BEGIN) {
        return None;
    }
    rest.split_at_checked(u32::from_le_bytes(length) as usize)
}

/// Whether it is a search with its header: real cameras do not answer bare JSON.
fn is_search(datagram: &[u8]) -> bool {
    let Some((header, text)) = datagram.split_at_checked(32) else { return false };
    header.starts_with(BEGIN) && serde_json::from_slice::<Value>(text).is_ok_and(|text| text["method"] == "DHDiscover.search")
}

fn answer(init: Option<u32>) -> Vec<u8> {
    let mut info = json!({ "DeviceType": "IP2M-841", "SerialNo": "TWIN0", "HttpPort": 80 });
    if let Some(init) = init {
        info["Init"] = init.into();
    }
    framed(&json!({ "mac": MAC, "method": "client.notifyDevInfo", "params": { "deviceInfo": info } }).to_string())
}

fn framed(text: &str) -> Vec<u8> {
    let length = (text.len() as u32).to_le_bytes();
    let mut bytes = b"\x20\0\0\0DHIP\0\0\0\0\0\0\0\0".to_vec();
    for part in [length, [0; 4], length, [0; 4]] {
        bytes.extend(part);
    }
    bytes.extend(text.bytes());
    bytes
}
