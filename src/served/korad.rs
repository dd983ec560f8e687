//! A supply of the Korad family, in the likeness of a TENMA 72-2540: commands have no line ends, so one is over where nothing more comes.

use super::Instrument;
use super::bench::Bench;
use crate::domain::units::{Seconds, Tick};

/// At 9600 baud a byte takes a millisecond; after so long a silence a command is over.
const SILENCE: Seconds = Seconds::from_millis(6);
/// What is longer is noise.
const LONGEST: usize = 256;

#[derive(Default)]
pub(super) struct Korad {
    command: Vec<u8>,
    last: Tick,
    protects: bool,
}

impl Instrument for Korad {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        if !input.is_empty() {
            self.last = bench.now();
            self.command.extend_from_slice(input);
            self.command.truncate(LONGEST);
            return Vec::new();
        }
        if self.command.is_empty() || bench.now().since(self.last) < SILENCE {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(&std::mem::take(&mut self.command)).into_owned();
        commands(&text).into_iter().flat_map(|command| self.answer(command, bench)).collect()
    }
}

/// The commands in a text: capitals, digits, and then a question mark or a value. On a busy machine several wait for one turn.
pub(crate) fn commands(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let begins = |c: char| c.is_ascii_uppercase() || c == '*';
        let head = rest.find(|c| !begins(c)).unwrap_or(rest.len());
        let tail = rest[head..].find(begins).map_or(rest.len(), |next| head + next);
        let end = rest.find('?').filter(|mark| *mark < tail).map_or(tail, |mark| mark + 1);
        found.push(rest[..end].trim());
        rest = rest[end..].trim_start();
    }
    found
}

impl Korad {
    fn answer(&mut self, command: &str, bench: &mut Bench) -> Vec<u8> {
        let value = |prefix: &str| command.strip_prefix(prefix).and_then(|value| value.parse::<f64>().ok());
        match command {
            "*IDN?" => return b"TENMA 72-2540 V2.1".to_vec(),
            "VSET1?" => return format!("{:05.2}", bench.set_v()).into_bytes(),
            "ISET1?" => return format!("{:05.3}", bench.limit_a()).into_bytes(),
            "VOUT1?" => return format!("{:05.2}", bench.volts()).into_bytes(),
            "IOUT1?" => return format!("{:05.3}", bench.amps()).into_bytes(),
            // Bit 0: constant voltage; bit 6: output on; bit 7 on a TENMA, where others have bit 5: over-voltage or -current protection.
            "STATUS?" => return vec![0x01 | u8::from(bench.is_on()) << 6 | u8::from(self.protects) << 7],
            "OUT1" | "OUT0" => bench.output(command == "OUT1"),
            "OVP1" | "OCP1" => self.protects = true,
            "OVP0" | "OCP0" => self.protects = false,
            // Recalling a preset switches the output off.
            "RCL1" | "RCL2" | "RCL3" | "RCL4" | "RCL5" => bench.output(false),
            _ => {
                if let Some(volts) = value("VSET1:").filter(|volts| (0.0..=31.0).contains(volts)) {
                    bench.set_volts(volts);
                } else if let Some(amps) = value("ISET1:").filter(|amps| (0.0..=5.1).contains(amps)) {
                    bench.set_limit(amps);
                }
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_came_together_are_told_apart() {
        assert_eq!(commands("ISET1:2.000VSET1:04.75ISET1?"), ["ISET1:2.000", "VSET1:04.75", "ISET1?"]);
        assert_eq!(commands("*IDN?OUT1STATUS?OUT0"), ["*IDN?", "OUT1", "STATUS?", "OUT0"]);
        assert_eq!(commands("VSET1?\n"), ["VSET1?"]);
        assert_eq!(commands("\u{fffd}\u{fffd}"), ["\u{fffd}\u{fffd}"]);
        assert!(commands("").is_empty());
    }
}
