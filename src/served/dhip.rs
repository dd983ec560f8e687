//! The camera on its network: it answers a DHIP search when it is up, and nothing else.

use super::bench::Bench;
use crate::domain::observation::NetworkStatus;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, UdpSocket};

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

/// Whether it is a search with its header: real cameras do not answer bare JSON.
fn is_search(datagram: &[u8]) -> bool {
    let Some((header, text)) = datagram.split_at_checked(32) else { return false };
    header.starts_with(b"\x20\0\0\0DHIP")
        && serde_json::from_slice::<Value>(text).is_ok_and(|text| text["method"] == "DHDiscover.search")
}

fn answer(init: Option<u32>) -> Vec<u8> {
    let mut info = json!({ "DeviceType": "IP2M-841", "SerialNo": "TWIN0", "HttpPort": 80 });
    if let Some(init) = init {
        info["Init"] = init.into();
    }
    let text = json!({ "mac": MAC, "method": "client.notifyDevInfo", "params": { "deviceInfo": info } }).to_string();
    let length = (text.len() as u32).to_le_bytes();
    let mut bytes = b"\x20\0\0\0DHIP\0\0\0\0\0\0\0\0".to_vec();
    for part in [length, [0; 4], length, [0; 4]] {
        bytes.extend(part);
    }
    bytes.extend(text.bytes());
    bytes
}
