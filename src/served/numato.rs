//! A Numato board: every byte is echoed, an answer is a line, and a prompt ends it. Its analogue input sees the camera's light.

use super::Instrument;
use super::bench::Bench;
use super::plan::Roles;
use super::relays::switch;

/// A longer line is cut.
const LONGEST: usize = 64;

pub(super) struct Numato {
    roles: Roles,
    line: Vec<u8>,
}

impl Numato {
    pub fn new(roles: Roles) -> Self {
        Self { roles, line: Vec::new() }
    }

    fn command(&self, line: &str, bench: &mut Bench) -> Option<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let relay = |digit: &str| u8::from_str_radix(digit, 16).ok();
        match words[..] {
            ["ver"] => Some("00000008".to_owned()),
            ["adc", "read", input] => {
                let sees_light = input.parse().ok() == self.roles.light && self.roles.light.is_some();
                Some(if sees_light { ((bench.light() * 1023.0).round() as u16).to_string() } else { "0".to_owned() })
            }
            ["relay", state @ ("on" | "off"), number] => {
                switch(&self.roles, relay(number)?, state == "on", bench);
                None
            }
            ["gpio", state @ ("set" | "clear"), number] => {
                switch(&self.roles, relay(number)?, state == "set", bench);
                None
            }
            _ => None,
        }
    }
}

impl Instrument for Numato {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        let mut out = Vec::new();
        for &byte in input {
            if byte != b'\r' {
                if self.line.len() < LONGEST {
                    self.line.push(byte);
                    out.push(byte);
                }
                continue;
            }
            let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
            out.extend(b"\r\n");
            if let Some(answer) = self.command(&line, bench) {
                out.extend(answer.bytes());
                out.extend(b"\r\n");
            }
            out.push(b'>');
        }
        out
    }
}
