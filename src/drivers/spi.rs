//! The camera's light by a photodiode or phototransistor at an MCP3008 or MCP3208 on an SPI bus of a Raspberry Pi (rppal's maintained fork). A question
//! of three bytes gives one code (data sheets DS21295, DS21298), so the chip is spoken to directly.

use super::feed::Now;
use super::sampling::{Plan, Sampling};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::Sink;
use crate::ports::{Channel, Scale};
use rppal::spi::{Bus, Mode, SlaveSelect, Spi};
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "mcp3008 light sensor";
/// As often as an ADS1115 is read: fast enough for a light that blinks at 10 Hz or is dimmed by pulses up to 200 Hz.
const PERIOD: Seconds = Seconds::from_micro(2500);
/// Within what both chips take at 2.7 V (1.35 MHz and 1 MHz).
const CLOCK_HZ: u32 = 1_000_000;

/// Where the converter is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Which chip.
    #[serde(default)]
    pub chip: Chip,
    /// The bus, 0 or 1.
    #[serde(default)]
    pub bus: u8,
    /// Its select line on that bus, 0 to 2.
    #[serde(default)]
    pub select: u8,
    /// Its input, 0 to 7.
    #[serde(default)]
    pub input: u8,
}

/// The two chips differ in their digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chip {
    /// 10 bits.
    #[default]
    Mcp3008,
    /// 12 bits.
    Mcp3208,
}

impl Chip {
    fn full_scale(self) -> i16 {
        match self {
            Chip::Mcp3008 => 1023,
            Chip::Mcp3208 => 4095,
        }
    }

    /// The question for one input against ground: a start bit, "single-ended", and the input, placed so that the code ends with the last byte.
    fn question(self, input: u8) -> [u8; 3] {
        match self {
            Chip::Mcp3008 => [1, 0x80 | input << 4, 0],
            Chip::Mcp3208 => [0x06 | input >> 2, input << 6, 0],
        }
    }

    /// The code in the last two bytes of an answer. The bit before it is a zero that the chip drives: a line that floats high, as where no chip is, does
    /// not have it.
    fn code(self, answer: [u8; 3]) -> Option<i16> {
        let word = i16::from_be_bytes([answer[1] & 0x7f, answer[2]]);
        let full = self.full_scale();
        (word & (full + 1) == 0).then_some(word & full)
    }
}

/// How the light's codes become shares of full scale.
pub fn scale(settings: &Settings) -> Scale {
    Scale { lsb: 1.0 / f64::from(settings.chip.full_scale()), period: PERIOD }
}

/// Begins to read the light.
///
/// # Errors
/// A [`Fault`] that names the bus where there is none or no chip drives its line, and settings that no such chip has.
pub fn light(settings: &Settings, sink: Box<dyn Sink>, now: Now) -> Result<Sampling, Fault> {
    let place = place(settings);
    let (bus, select) = wires(settings)?;
    let spi = Spi::new(bus, select, CLOCK_HZ, Mode::Mode0).map_err(|error| {
        let what = format!("{place} cannot be opened: {error}; on a Raspberry Pi add dtparam=spi=on to config.txt");
        Fault::new(FaultKind::Disconnected, NAME, what)
    })?;
    let exchange = move |question: [u8; 3]| {
        let mut answer = [0; 3];
        spi.transfer(&mut answer, &question).map(|_| answer).map_err(|error| error.to_string())
    };
    let mut take = converter(settings.clone(), exchange);
    take()?;
    Sampling::start(plan(), take, sink, now)
}

fn plan() -> Plan {
    Plan { name: NAME, channels: vec![Channel::Light], period: PERIOD }
}

fn place(settings: &Settings) -> String {
    format!("select line {} of SPI bus {}", settings.select, settings.bus)
}

fn wires(settings: &Settings) -> Result<(Bus, SlaveSelect), Fault> {
    let refused = |what: String| Fault::new(FaultKind::Refused, NAME, what);
    if settings.input > 7 {
        return Err(refused(format!("the chip has the inputs 0 to 7, not {}", settings.input)));
    }
    match (settings.bus, settings.select) {
        (0, 0) => Ok((Bus::Spi0, SlaveSelect::Ss0)),
        (0, 1) => Ok((Bus::Spi0, SlaveSelect::Ss1)),
        (1, 0) => Ok((Bus::Spi1, SlaveSelect::Ss0)),
        (1, 1) => Ok((Bus::Spi1, SlaveSelect::Ss1)),
        (1, 2) => Ok((Bus::Spi1, SlaveSelect::Ss2)),
        _ => Err(refused(format!(
            "a Raspberry Pi has SPI bus 0 with the select lines 0 and 1, and bus 1 with 0 to 2: not {}",
            place(settings)
        ))),
    }
}

/// Reads its newest code, over an exchange of three bytes.
fn converter(
    settings: Settings,
    mut exchange: impl FnMut([u8; 3]) -> Result<[u8; 3], String> + Send + 'static,
) -> impl FnMut() -> Result<Vec<i16>, Fault> + Send + 'static {
    let place = place(&settings);
    move || {
        let failed = |what: String| Fault::new(FaultKind::Disconnected, NAME, format!("{place}: {what}"));
        let answer = exchange(settings.chip.question(settings.input)).map_err(failed)?;
        let silent = || failed("no chip drives the line: see wiring and select line".to_owned());
        settings.chip.code(answer).map(|code| vec![code]).ok_or_else(silent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::feed::testing::feed;
    use crate::ports::device::contract;

    fn settings(text: serde_json::Value) -> Settings {
        serde_json::from_value(text).unwrap()
    }

    /// The chip of the data sheets, bit by bit: it waits for a start bit, takes "single-ended" and the input, drives a zero after a clock of sampling, and
    /// then its code.
    fn chip(bits: usize, codes: [u16; 8]) -> impl FnMut([u8; 3]) -> Result<[u8; 3], String> + Send {
        move |question| {
            let asked: Vec<u8> = (0..24).map(|n| question[n / 8] >> (7 - n % 8) & 1).collect();
            let start = asked.iter().position(|bit| *bit == 1).expect("a start bit");
            assert_eq!(asked[start + 1], 1, "against ground");
            let input = asked[start + 2..start + 5].iter().fold(0, |input, bit| input << 1 | usize::from(*bit));
            // Before it drives its line, the line floats high.
            let mut driven = [1_u8; 24];
            let zero = start + 6;
            driven[zero] = 0;
            (0..bits).for_each(|n| driven[zero + 1 + n] = (codes[input] >> (bits - 1 - n) & 1) as u8);
            assert_eq!(zero + bits, 23, "the code ends with the last byte");
            Ok(std::array::from_fn(|byte| (0..8).fold(0, |value, n| value << 1 | driven[byte * 8 + n])))
        }
    }

    #[test]
    fn each_input_of_either_chip_gives_its_code() {
        for (name, bits, codes) in
            [("mcp3008", 10, [0, 1, 512, 1023, 300, 7, 1000, 409]), ("mcp3208", 12, [0, 1, 2048, 4095, 300, 7, 4000, 1638])]
        {
            for (input, code) in codes.iter().enumerate() {
                let mut take = converter(settings(serde_json::json!({ "chip": name, "input": input })), chip(bits, codes));
                assert_eq!(take(), Ok(vec![*code as i16]), "{name} {input}");
            }
        }
        let light = scale(&settings(serde_json::json!({ "chip": "mcp3208" }))).lsb * 1638.0;
        assert!((light - 0.4).abs() < 1e-3);
    }

    #[test]
    fn it_keeps_the_contract_of_sampled_channels() {
        let settings = settings(serde_json::json!({ "input": 3 }));
        let take = converter(settings.clone(), chip(10, [0, 1, 512, 1023, 300, 7, 1000, 409]));
        let (sink, now, blocks) = feed();
        let _light = Sampling::start(plan(), take, sink, now).expect("runs");
        contract::sampled(&blocks, &[Channel::Light], scale(&settings).period, |_, code| code == 1023);
    }

    #[test]
    fn a_line_that_nobody_drives_is_no_light() {
        let mut take = converter(settings(serde_json::json!({})), |_| Ok([0xff; 3]));
        let fault = take().expect_err("no chip");
        assert!(fault.detail.contains("select line 0 of SPI bus 0") && fault.detail.contains("no chip"), "{fault}");
    }

    #[test]
    fn wires_that_a_pi_does_not_have_are_refused() {
        for text in [serde_json::json!({ "input": 8 }), serde_json::json!({ "bus": 2 }), serde_json::json!({ "select": 2 })] {
            assert_eq!(wires(&settings(text)).expect_err("there is none").fault, FaultKind::Refused);
        }
    }
}
