//! How makes of supplies word the same few commands, and how their answers read.

use crate::domain::units::{Amps, Volts};
use schemars::JsonSchema;
use serde::Deserialize;

/// A make's wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Rigol DP800 series: outputs named `CH1`, all measurements in one answer.
    RigolDp800,
    /// Siglent SPD1000X and SPD3303X: the output's state is a bit of a status word.
    SiglentSpd,
    /// Keysight E36xx: a list of channels behind the parameters. Output 1 of an instrument that has no other needs none.
    #[serde(rename = "keysight_e36xx")]
    KeysightE36xx,
    /// One output, commands as in SCPI-1999.
    Generic,
}

impl Dialect {
    pub(super) fn set_volts(self, channel: u8, volts: Volts) -> String {
        let volts = volts.get();
        match self {
            Dialect::RigolDp800 => format!(":SOUR{channel}:VOLT {volts:.3}"),
            Dialect::SiglentSpd => format!("CH{channel}:VOLT {volts:.3}"),
            Dialect::KeysightE36xx => format!("VOLT {volts:.3}{}", list(channel, ",")),
            Dialect::Generic => format!("VOLT {volts:.3}"),
        }
    }

    pub(super) fn set_volts_query(self, channel: u8) -> String {
        match self {
            Dialect::RigolDp800 => format!(":SOUR{channel}:VOLT?"),
            Dialect::SiglentSpd => format!("CH{channel}:VOLT?"),
            Dialect::KeysightE36xx => format!("VOLT?{}", list(channel, " ")),
            Dialect::Generic => "VOLT?".to_owned(),
        }
    }

    pub(super) fn set_amps(self, channel: u8, amps: Amps) -> String {
        let amps = amps.get();
        match self {
            Dialect::RigolDp800 => format!(":SOUR{channel}:CURR {amps:.3}"),
            Dialect::SiglentSpd => format!("CH{channel}:CURR {amps:.3}"),
            Dialect::KeysightE36xx => format!("CURR {amps:.3}{}", list(channel, ",")),
            Dialect::Generic => format!("CURR {amps:.3}"),
        }
    }

    pub(super) fn output(self, channel: u8, on: bool) -> String {
        let word = if on { "ON" } else { "OFF" };
        match self {
            Dialect::RigolDp800 => format!(":OUTP CH{channel},{word}"),
            Dialect::SiglentSpd => format!("OUTP CH{channel},{word}"),
            Dialect::KeysightE36xx => format!("OUTP {word}{}", list(channel, ",")),
            Dialect::Generic => format!("OUTP {word}"),
        }
    }

    pub(super) fn output_query(self, channel: u8) -> String {
        match self {
            Dialect::RigolDp800 => format!(":OUTP? CH{channel}"),
            Dialect::SiglentSpd => "SYST:STAT?".to_owned(),
            Dialect::KeysightE36xx => format!("OUTP?{}", list(channel, " ")),
            Dialect::Generic => "OUTP?".to_owned(),
        }
    }

    /// Whether an output is on, by the answer to its query.
    pub(super) fn is_on(self, channel: u8, answer: &str) -> Result<bool, String> {
        if self == Dialect::SiglentSpd {
            // Bit 4 is output 1, bit 5 output 2 (SPD3303X and SPD1000X programming guides, `SYSTem:STATus?`).
            let word = answer.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
            return word.map(|word| word >> (3 + channel) & 1 == 1).ok_or_else(|| "a status word such as 0x0010".to_owned());
        }
        match answer {
            "1" | "ON" => Ok(true),
            "0" | "OFF" => Ok(false),
            _ => Err("ON, OFF, 1 or 0".to_owned()),
        }
    }

    /// Asks for volts, amperes and watts at once, where that can be.
    pub(super) fn measure_all(self, channel: u8) -> Option<String> {
        (self == Dialect::RigolDp800).then(|| format!(":MEAS:ALL? CH{channel}"))
    }

    pub(super) fn measure_volts(self, channel: u8) -> String {
        self.measure("VOLT", channel)
    }

    pub(super) fn measure_amps(self, channel: u8) -> String {
        self.measure("CURR", channel)
    }

    fn measure(self, what: &str, channel: u8) -> String {
        match self {
            Dialect::RigolDp800 | Dialect::SiglentSpd => format!("MEAS:{what}? CH{channel}"),
            Dialect::KeysightE36xx => format!("MEAS:{what}?{}", list(channel, " ")),
            Dialect::Generic => format!("MEAS:{what}?"),
        }
    }
}

/// Keysight's list of channels.
fn list(channel: u8, before: &str) -> String {
    if channel <= 1 { String::new() } else { format!("{before}(@{channel})") }
}

/// A number as SCPI writes it: `5.000`, `+5.00012E+00`. Its "not a number" and "overload" (9.9E37 and more) are none.
pub(super) fn number(text: &str) -> Result<f64, String> {
    let value =
        text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)).then(|| text.parse::<f64>().ok()).flatten();
    value.filter(|value| value.abs() < 9e9).ok_or_else(|| "a number".to_owned())
}

/// Volts and amperes of `V,A,W`.
pub(super) fn pair(text: &str) -> Result<(f64, f64), String> {
    let numbers: Result<Vec<f64>, String> = text.split(',').map(number).collect();
    match numbers.as_deref() {
        Ok([volts, amps, _watts]) => Ok((*volts, *amps)),
        _ => Err("volts, amperes and watts".to_owned()),
    }
}

/// Code and text of an entry of the error queue: `0,"No error"`, or as Siglent writes it, `0  No Error`.
pub(super) fn error(text: &str) -> Result<(i32, String), String> {
    let wanted = || "an error's number and text".to_owned();
    let end = text.find([',', ' ']).ok_or_else(wanted)?;
    let code = text[..end].parse().map_err(|_| wanted())?;
    let words = text[end + 1..].trim().trim_matches('"');
    if words.starts_with(|first: char| first.is_alphabetic()) { Ok((code, words.to_owned())) } else { Err(wanted()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_instruments_write_them_and_nothing_else_is() {
        for (text, value) in [("5.000", 5.0), ("+5.00012E+00", 5.00012), ("-0.001", -0.001), ("12", 12.0)] {
            assert_eq!(number(text), Ok(value));
        }
        for text in ["", "OK", "5.0V", "nan", "inf", "9.91E37", "1,2", "0x10", "5.0 5.0"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!(pair("12.0000,0.5000,6.000"), Ok((12.0, 0.5)));
        assert!(pair("12.0000,0.5000").is_err());
    }

    #[test]
    fn errors_are_read_in_three_spellings() {
        for text in ["0,\"No error\"", "+0,\"No error\"", "0  No Error"] {
            assert_eq!(error(text).map(|(code, _)| code), Ok(0), "{text}");
        }
        assert_eq!(error("-222,\"Data out of range\""), Ok((-222, "Data out of range".to_owned())));
        for text in ["5.000", "12.0,0.5,6.0", "OK", "0"] {
            assert!(error(text).is_err(), "{text}");
        }
    }

    #[test]
    fn siglent_tells_its_outputs_by_bits() {
        let on = |channel, text| Dialect::SiglentSpd.is_on(channel, text);
        assert_eq!((on(1, "0x0224"), on(2, "0x0224"), on(1, "0x10")), (Ok(false), Ok(true), Ok(true)));
        assert!(on(1, "5.000").is_err());
    }
}
