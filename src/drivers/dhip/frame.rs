//! DHIP frames: a header of 32 bytes and a JSON text. Sources: the public tool DahuaConsole (net.py) and captured exchanges.

use serde_json::{Value, json};

/// Bytes before the text.
const HEADER: usize = 32;
const MAGIC: &[u8] = b"DHIP";

/// A query for what is there: bare JSON gets no reply, and the line end is part of the text.
pub fn search() -> Vec<u8> {
    frame(&json!({ "method": "DHDiscover.search", "params": { "mac": "", "uni": 1 } }))
}

/// A text with its header: 32, the magic, twice the length at 16 and 24.
pub fn frame(text: &Value) -> Vec<u8> {
    let text = format!("{text}\n");
    let length = (text.len() as u32).to_le_bytes();
    let mut bytes = vec![0; HEADER];
    bytes[0] = HEADER as u8;
    bytes[4..8].copy_from_slice(MAGIC);
    bytes[16..20].copy_from_slice(&length);
    bytes[24..28].copy_from_slice(&length);
    bytes.extend(text.bytes());
    bytes
}

/// What a camera says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its serial number, where it tells.
    pub serial: Option<String>,
    /// Its network address.
    pub mac: Option<String>,
    /// Its `Init` word; old firmware has none.
    pub init: Option<u64>,
}

impl Device {
    /// Whether an account was ever set up: the lowest two bits. 1: no; 2: yes; 0 and an absent word say nothing (old firmware).
    pub fn initialised(&self) -> Option<bool> {
        match self.init? & 3 {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        }
    }
}

/// The texts in bytes that came, header or not; one that is not whole yet is none.
pub fn texts(mut bytes: &[u8]) -> impl Iterator<Item = Value> {
    std::iter::from_fn(move || {
        let start = bytes.iter().position(|byte| *byte == b'{')?;
        let mut read = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<Value>();
        let text = read.next()?.ok()?;
        bytes = &bytes[start + read.byte_offset()..];
        Some(text)
    })
}

/// The device in an answer; `None` for our own broadcast come back, other methods, and what is no frame. Headers differ (the magic also comes
/// reversed), so the text is found by its first brace.
pub fn device(datagram: &[u8]) -> Option<Device> {
    let text = texts(datagram).next()?;
    if text["method"] != "client.notifyDevInfo" {
        return None;
    }
    let info = text["params"]["deviceInfo"].as_object()?;
    let word = |key: &str| info.get(key).and_then(Value::as_str).filter(|word| !word.is_empty()).map(str::to_owned);
    let mac = word("mac").or_else(|| text["mac"].as_str().map(str::to_owned));
    Some(Device { serial: word("SerialNo"), mac, init: info.get("Init").and_then(Value::as_u64) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_byte_for_byte_that_of_the_protocol() {
        let text = b"{\"method\":\"DHDiscover.search\",\"params\":{\"mac\":\"\",\"uni\":1}}\n";
        let mut wanted = vec![0x20, 0, 0, 0];
        wanted.extend(b"DHIP");
        wanted.extend([0; 8]);
        wanted.extend([text.len() as u8, 0, 0, 0, 0, 0, 0, 0]);
        wanted.extend([text.len() as u8, 0, 0, 0, 0, 0, 0, 0]);
        wanted.extend(text);
        assert_eq!(search(), wanted);
    }

    fn answer(info: Value) -> Vec<u8> {
        frame(&json!({ "mac": "3c:ef:8c:00:00:01", "method": "client.notifyDevInfo", "params": { "deviceInfo": info } }))
    }

    #[test]
    fn the_state_is_in_the_lowest_two_bits() {
        // 150 and 1162 were seen on real devices.
        for (init, state) in
            [(1, Some(false)), (2, Some(true)), (150, Some(true)), (1162, Some(true)), (0, None), (3, None), (145, Some(false))]
        {
            let device = device(&answer(json!({ "SerialNo": "AMC0", "Init": init }))).expect("is an answer");
            assert_eq!(device.initialised(), state, "{init}");
        }
    }

    #[test]
    fn old_firmware_says_nothing_of_its_state() {
        let device = device(&answer(json!({ "SerialNo": "AMC0" }))).expect("is an answer");
        assert_eq!((device.initialised(), device.mac.as_deref()), (None, Some("3c:ef:8c:00:00:01")));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let mut cut = answer(json!({ "Init": 1 }));
        cut.truncate(60);
        for datagram in
            [search(), cut, vec![0xff; 72], Vec::new(), b"{}".to_vec(), frame(&json!({ "method": "client.notifyDevInfo" }))]
        {
            assert_eq!(device(&datagram), None, "{}", datagram.escape_ascii());
        }
    }

    #[test]
    fn a_reversed_magic_and_a_tail_of_zeros_do_not_matter() {
        let mut datagram = answer(json!({ "Init": 2 }));
        datagram[4..8].copy_from_slice(b"PIHD");
        datagram.extend([0; 7]);
        assert_eq!(device(&datagram).and_then(|device| device.initialised()), Some(true));
    }
}
