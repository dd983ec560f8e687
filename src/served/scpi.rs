//! A supply that speaks SCPI: one output, in the wordings of Rigol, Siglent, Keysight and SCPI-1999. Settings have no answer; what it does
//! not understand or cannot do goes to the error queue.

use super::Instrument;
use super::bench::Bench;
use std::collections::VecDeque;

/// A line is cut there, so that noise does not fill the memory.
const LONGEST: usize = 256;

#[derive(Default)]
pub(super) struct Scpi {
    line: Vec<u8>,
    errors: VecDeque<&'static str>,
}

impl Instrument for Scpi {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        let mut out = Vec::new();
        for &byte in input {
            if byte != b'\n' {
                if self.line.len() < LONGEST {
                    self.line.push(byte);
                }
                continue;
            }
            let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).trim().to_ascii_uppercase();
            for command in line.split(';').map(str::trim).filter(|command| !command.is_empty()) {
                if let Some(answer) = self.command(command, bench) {
                    out.extend(answer.bytes());
                    out.push(b'\n');
                }
            }
        }
        out
    }
}

impl Scpi {
    fn command(&mut self, command: &str, bench: &mut Bench) -> Option<String> {
        let (header, rest) = command.split_once([' ', '\t']).unwrap_or((command, ""));
        let header = short(header);
        // A channel may stand before, behind or in a list; there is one output.
        let values = rest.split(',').map(str::trim).filter(|part| !part.is_empty() && !is_channel(part)).collect::<Vec<_>>();
        match (header.as_str(), values[..].first().copied()) {
            ("*IDN?", None) => return Some("PINHOLE,TWIN,0,1.0".to_owned()),
            ("*CLS", None) => self.errors.clear(),
            ("*OPC?", None) => return Some("1".to_owned()),
            ("SYST:ERR?", None) => return Some(self.errors.pop_front().unwrap_or("0,\"No error\"").to_owned()),
            ("SYST:STAT?", None) => return Some(format!("0x{:04x}", u32::from(bench.is_on()) << 4)),
            ("VOLT?", None) => return Some(format!("{:.3}", bench.set_v())),
            ("CURR?", None) => return Some(format!("{:.3}", bench.limit_a())),
            ("OUTP?", None) if command.contains("CH") => return Some(if bench.is_on() { "ON" } else { "OFF" }.to_owned()),
            ("OUTP?", None) => return Some(u8::from(bench.is_on()).to_string()),
            ("MEAS:VOLT?", None) => return Some(format!("{:.4}", bench.volts())),
            ("MEAS:CURR?", None) => return Some(format!("{:.4}", bench.amps())),
            ("MEAS:ALL?", None) => {
                let (volts, amps) = (bench.volts(), bench.amps());
                return Some(format!("{volts:.4},{amps:.4},{:.3}", volts * amps));
            }
            ("OUTP", Some("ON" | "1")) => bench.output(true),
            ("OUTP", Some("OFF" | "0")) => bench.output(false),
            ("VOLT" | "CURR", Some(value)) => match value.parse::<f64>() {
                Ok(value) if !(0.0..=60.0).contains(&value) => self.error("-222,\"Data out of range\""),
                Ok(value) if header == "CURR" => bench.set_limit(value),
                Ok(value) if bench.set_volts(value) => {}
                Ok(_) => self.error("-221,\"Settings conflict\""),
                Err(_) => self.error("-120,\"Numeric data error\""),
            },
            _ => self.error("-113,\"Undefined header\""),
        }
        None
    }

    fn error(&mut self, error: &'static str) {
        if self.errors.len() < 16 {
            self.errors.push_back(error);
        }
    }
}

/// A header in its short form, without what names the channel: `:SOURCE1:VOLTAGE?` is `VOLT?`.
fn short(header: &str) -> String {
    let words = header.trim_start_matches(':').split(':').filter(|word| !is_channel(word) && !word.starts_with("SOUR"));
    let words = words.map(|word| {
        let (word, query) = word.strip_suffix('?').map_or((word, ""), |word| (word, "?"));
        let long = ["VOLT", "CURR", "OUTP", "MEAS", "SYST", "STAT", "ERR"].into_iter().find(|short| word.starts_with(short));
        format!("{}{query}", long.unwrap_or(word))
    });
    words.collect::<Vec<_>>().join(":")
}

fn is_channel(word: &str) -> bool {
    let digits = word.strip_prefix("CH").or_else(|| word.strip_prefix("(@").and_then(|list| list.strip_suffix(')')));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood_in_every_spelling() {
        for header in [":SOUR1:VOLT?", "CH1:VOLTAGE?", "VOLT?", "SOURCE1:VOLTAGE?"] {
            assert_eq!(short(header), "VOLT?");
        }
        assert_eq!(short("SYSTEM:ERROR?"), "SYST:ERR?");
        assert_eq!(short(":MEASURE:ALL?"), "MEAS:ALL?");
    }
}
