//! The camera's light by a photodiode or phototransistor at an ADS1115: 860 conversions a second, of which every second is read.

use super::{open, silent};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::feed::Now;
use crate::drivers::sampling::{Plan, Sampling};
use crate::ports::device::Sink;
use crate::ports::{Channel, Scale};
use ads1x1x::{Ads1x1x, DataRate16Bit, FullScaleRange, TargetAddr, channel};
use embedded_hal::i2c::I2c;
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "ads1115 light sensor";
/// Every second conversion or so: fast enough for a light that blinks at 10 Hz or is dimmed by pulses up to 200 Hz.
const PERIOD: Seconds = Seconds::from_micro(2500);

/// How the light's codes become shares of full scale (16 bits, single-ended: half of the codes).
pub const LIGHT: Scale = Scale { lsb: 1.0 / 32_767.0, period: PERIOD };

/// Where the converter is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The bus.
    #[serde(default = "bus")]
    pub bus: String,
    /// Its address by the strap at ADDR: 72 to ground, 73 to the supply, 74 to SDA, 75 to SCL.
    #[serde(default = "address")]
    pub address: u8,
    /// Its input, 0 to 3.
    #[serde(default)]
    pub input: u8,
    /// Full scale.
    #[serde(default)]
    pub range: Range,
}

fn bus() -> String {
    "/dev/i2c-1".to_owned()
}

fn address() -> u8 {
    0x48
}

/// Full scale of the converter. No input may be above its supply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Range {
    /// 4.096 V: for a sensor at 3.3 V.
    #[default]
    #[serde(rename = "4.096V")]
    V4,
    /// 2.048 V.
    #[serde(rename = "2.048V")]
    V2,
    /// 1.024 V.
    #[serde(rename = "1.024V")]
    V1,
}

/// Begins to read the light.
///
/// # Errors
/// A [`Fault`] that names bus and address when there is no bus or nothing answers, and settings that no such chip has.
pub fn light(settings: &Settings, sink: Box<dyn Sink>, now: Now) -> Result<Sampling, Fault> {
    let take = converter(open(NAME, &settings.bus)?, settings)?;
    Sampling::start(plan(), take, sink, now)
}

fn plan() -> Plan {
    Plan { name: NAME, channels: vec![Channel::Light], period: PERIOD }
}

/// Sets the chip up to convert all the time; the result reads its newest code.
fn converter<B: I2c + Send + 'static>(
    bus: B,
    settings: &Settings,
) -> Result<impl FnMut() -> Result<Vec<i16>, Fault> + Send + 'static, Fault> {
    let refused = |what: String| Fault::new(FaultKind::Refused, NAME, what);
    let strap = match settings.address {
        0x48 => TargetAddr::Gnd,
        0x49 => TargetAddr::Vdd,
        0x4a => TargetAddr::Sda,
        0x4b => TargetAddr::Scl,
        other => return Err(refused(format!("an ADS1115 is at address 72 to 75, not at {other}"))),
    };
    let range = match settings.range {
        Range::V4 => FullScaleRange::Within4_096V,
        Range::V2 => FullScaleRange::Within2_048V,
        Range::V1 => FullScaleRange::Within1_024V,
    };
    let (name, address) = (settings.bus.clone(), settings.address);
    let failed = move |error: String| silent(NAME, &name, address, error);
    let mut chip = Ads1x1x::new_ads1115(bus, strap);
    chip.set_full_scale_range(range).map_err(|error| failed(format!("{error:?}")))?;
    chip.set_data_rate(DataRate16Bit::Sps860).map_err(|error| failed(format!("{error:?}")))?;
    let chip = chip.into_continuous();
    let mut chip = chip.map_err(|_| failed("it did not begin to convert".to_owned()))?;
    let selected = match settings.input {
        0 => chip.select_channel(channel::SingleA0),
        1 => chip.select_channel(channel::SingleA1),
        2 => chip.select_channel(channel::SingleA2),
        3 => chip.select_channel(channel::SingleA3),
        other => return Err(refused(format!("an ADS1115 has the inputs 0 to 3, not {other}"))),
    };
    selected.map_err(|error| failed(format!("{error:?}")))?;
    Ok(move || chip.read().map(|code| vec![code]).map_err(|error| failed(format!("{error:?}"))))
}

#[cfg(test)]
mod tests {
    use super::super::fake::Chip;
    use super::*;
    use crate::drivers::feed::testing::feed;
    use crate::ports::device::contract;

    fn settings() -> Settings {
        serde_json::from_value(serde_json::json!({})).unwrap()
    }

    #[test]
    fn the_chip_is_set_up_as_its_data_sheet_wants_and_read() {
        let chip = Chip::new(0x48, &[(0, 13_107), (1, 0x8583)]);
        let mut take = converter(chip.clone(), &Settings { input: 2, ..settings() }).expect("answers");
        assert_eq!(take(), Ok(vec![13_107]));
        // Register 1: input 2 against ground (110), 4.096 V (001), continuous (0), 860 a second (111).
        let config = chip.register(1);
        assert_eq!((config >> 12 & 7, config >> 9 & 7, config >> 8 & 1, config >> 5 & 7), (0b110, 0b001, 0, 0b111));
        assert!((f64::from(take().unwrap()[0]) * LIGHT.lsb - 0.4).abs() < 1e-4);
    }

    #[test]
    fn it_keeps_the_contract_of_sampled_channels() {
        let take = converter(Chip::new(0x48, &[(0, 13_107)]), &settings()).expect("answers");
        let (sink, now, blocks) = feed();
        let _light = Sampling::start(plan(), take, sink, now).expect("runs");
        contract::sampled(&blocks, &[Channel::Light], LIGHT.period, |_, code| code == 13_107);
    }

    #[test]
    fn a_chip_that_is_not_there_is_named() {
        let fault = converter(Chip::new(0x49, &[]), &settings()).err().expect("nothing answers");
        assert!(fault.detail.contains("0x48 of /dev/i2c-1"), "{fault}");
        let fault = converter(Chip::new(0x48, &[]), &Settings { address: 0x40, ..settings() }).err().expect("no such strap");
        assert!(fault.detail.contains("72 to 75"), "{fault}");
        assert!(converter(Chip::new(0x48, &[]), &Settings { input: 4, ..settings() }).is_err());
    }
}
