//! Volts and amperes at the camera's plug by an INA226: it sits behind the cable under test, so that the cable's loss is seen. Three registers
//! are all that is used, so the chip is spoken to directly (data sheet SBOS547).

use super::{open, silent};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::feed::Now;
use crate::drivers::sampling::{Plan, Sampling};
use crate::ports::device::Sink;
use crate::ports::{Channel, Scale};
use embedded_hal::i2c::I2c;
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "ina226 at the plug";
/// Both conversions of 588 us make a new pair every 1.2 ms.
const PERIOD: Seconds = Seconds::from_millis(2);
/// No averaging, 588 us for either conversion, both all the time.
const CONFIG: u16 = 0x4000 | 0b011 << 6 | 0b011 << 3 | 0b111;
const CONFIG_AT: u8 = 0x00;
const SHUNT_AT: u8 = 0x01;
const BUS_AT: u8 = 0x02;
const MAKER_AT: u8 = 0xfe;
/// "TI".
const MAKER: u16 = 0x5449;
/// Volts of one code of the bus register, and of the shunt register.
const BUS_LSB: f64 = 1.25e-3;
const SHUNT_LSB: f64 = 2.5e-6;

/// Where the meter is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The bus.
    #[serde(default = "bus")]
    pub bus: String,
    /// Its address by the straps at A0 and A1: 64 to 79.
    #[serde(default = "address")]
    pub address: u8,
    /// Resistance of its shunt, in ohms. Full scale is 82 mV: 0.05 ohms measure up to 1.6 A.
    pub shunt_ohm: f64,
}

fn bus() -> String {
    "/dev/i2c-1".to_owned()
}

fn address() -> u8 {
    0x40
}

/// How the codes of a channel become volts and amperes.
pub fn scale(settings: &Settings, channel: Channel) -> Option<Scale> {
    match channel {
        Channel::PlugVoltage => Some(Scale { lsb: BUS_LSB, period: PERIOD }),
        Channel::PlugCurrent => Some(Scale { lsb: SHUNT_LSB / settings.shunt_ohm, period: PERIOD }),
        _ => None,
    }
}

/// Begins to measure.
///
/// # Errors
/// A [`Fault`] that names bus and address when there is no bus, nothing answers, or something else does.
pub fn plug(settings: &Settings, sink: Box<dyn Sink>, now: Now) -> Result<Sampling, Fault> {
    let take = meter(open(NAME, &settings.bus)?, settings)?;
    Sampling::start(plan(), take, sink, now)
}

fn plan() -> Plan {
    Plan { name: NAME, channels: vec![Channel::PlugVoltage, Channel::PlugCurrent], period: PERIOD }
}

/// Sets the chip up; the result reads its newest pair of codes.
fn meter<B: I2c + Send + 'static>(
    mut bus: B,
    settings: &Settings,
) -> Result<impl FnMut() -> Result<Vec<i16>, Fault> + Send + 'static, Fault> {
    if !(settings.shunt_ohm > 0.0 && settings.shunt_ohm.is_finite()) {
        return Err(Fault::new(FaultKind::Refused, NAME, format!("a shunt of {} ohms measures nothing", settings.shunt_ohm)));
    }
    let (name, address) = (settings.bus.clone(), settings.address);
    let failed = move |error| silent(NAME, &name, address, error);
    let maker = register(&mut bus, address, MAKER_AT).map_err(&failed)?;
    if maker != MAKER {
        let what = format!("at address {address:#04x} of {} is no INA226: its maker is {maker:#06x}", settings.bus);
        return Err(Fault::new(FaultKind::Refused, NAME, what));
    }
    let [high, low] = CONFIG.to_be_bytes();
    bus.write(address, &[CONFIG_AT, high, low]).map_err(&failed)?;
    Ok(move || {
        let volts = register(&mut bus, address, BUS_AT).map_err(&failed)?;
        let amps = register(&mut bus, address, SHUNT_AT).map_err(&failed)?;
        Ok(vec![volts as i16, amps as i16])
    })
}

fn register<B: I2c>(bus: &mut B, address: u8, number: u8) -> Result<u16, B::Error> {
    let mut bytes = [0; 2];
    bus.write_read(address, &[number], &mut bytes)?;
    Ok(u16::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::fake::Chip;
    use super::*;
    use crate::drivers::feed::testing::feed;
    use crate::ports::device::contract;

    fn settings() -> Settings {
        serde_json::from_value(serde_json::json!({ "shunt_ohm": 0.05 })).unwrap()
    }

    #[test]
    fn it_keeps_the_contract_of_sampled_channels() {
        let chip = Chip::new(0x40, &[(MAKER_AT, MAKER), (BUS_AT, 4000), (SHUNT_AT, -8000i16 as u16)]);
        let take = meter(chip, &settings()).expect("answers");
        let (sink, now, blocks) = feed();
        let _plug = Sampling::start(plan(), take, sink, now).expect("runs");
        contract::sampled(&blocks, &[Channel::PlugVoltage, Channel::PlugCurrent], PERIOD, |channel, code| {
            code == if channel == Channel::PlugVoltage { 4000 } else { -8000 }
        });
    }

    #[test]
    fn codes_become_volts_and_amperes() {
        // 4000 codes are 5 V; -8000 codes at 0.05 ohms are -0.4 A.
        let chip = Chip::new(0x40, &[(MAKER_AT, MAKER), (BUS_AT, 4000), (SHUNT_AT, -8000i16 as u16)]);
        let mut take = meter(chip.clone(), &settings()).expect("answers");
        assert_eq!(chip.register(CONFIG_AT), 0x40df);
        let codes = take().expect("measures");
        let value = |channel, code: i16| f64::from(code) * scale(&settings(), channel).unwrap().lsb;
        assert!((value(Channel::PlugVoltage, codes[0]) - 5.0).abs() < 1e-9);
        assert!((value(Channel::PlugCurrent, codes[1]) + 0.4).abs() < 1e-9);
    }

    #[test]
    fn another_chip_and_none_are_named() {
        let fault = meter(Chip::new(0x40, &[(MAKER_AT, 7)]), &settings()).err().expect("another chip");
        assert!(fault.detail.contains("is no INA226"), "{fault}");
        let fault = meter(Chip::new(0x41, &[]), &settings()).err().expect("nothing answers");
        assert!(fault.detail.contains("0x40"), "{fault}");
        assert!(meter(Chip::new(0x40, &[(MAKER_AT, MAKER)]), &Settings { shunt_ohm: 0.0, ..settings() }).is_err());
    }
}
