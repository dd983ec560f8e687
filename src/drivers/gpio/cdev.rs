//! A line of the GPIO character device: the way shipped rigs drive coil and relays. The kernel frees the line when the process ends, however it
//! ends; whether the pin then falls back is up to the system (Raspberry Pi OS: `dtparam=strict_gpiod`), so a pull resistor stands beside it.

use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::Switch;
use gpiocdev::Request;
use gpiocdev::line::Value;
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "gpio line";

/// Which line it is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The chip. On a Raspberry Pi 5 the header's pins are on another than on its forerunners: see `gpiodetect`.
    #[serde(default = "chip")]
    pub chip: String,
    /// The line; on a Raspberry Pi the BCM number. 9 to 27 have a weak pull-down from power-on, 0 to 8 a pull-up.
    pub line: u32,
    /// Of a presser: a second line that holds the coil with less power. Both are on for `coil_peak_s`, then this one alone.
    pub hold_line: Option<u32>,
    /// Of a presser, instead of `hold_line`: a PWM in series with this line, which pulls the coil with full width and holds it with a share.
    pub hold_pwm: Option<super::pwm::Settings>,
    /// The line is low when on.
    #[serde(default)]
    pub active_low: bool,
}

pub(super) fn chip() -> String {
    "/dev/gpiochip0".to_owned()
}

/// A requested line.
pub struct GpioSwitch {
    line: u32,
    place: String,
    request: Request,
}

impl GpioSwitch {
    /// Requests the line as an output that is off. `role` is what others see as its consumer, such as `coil`.
    ///
    /// # Errors
    /// A [`Fault`] that names chip and line when there is none or somebody else has it.
    pub fn open(settings: &Settings, role: &str) -> Result<Self, Fault> {
        let place = format!("line {} of {}", settings.line, settings.chip);
        let mut builder = Request::builder();
        builder.on_chip(&settings.chip).with_consumer(format!("pinhole {role}")).with_line(settings.line);
        builder.as_output(Value::Inactive);
        if settings.active_low {
            builder.as_active_low();
        }
        let request = builder.request().map_err(|error| {
            Fault::new(FaultKind::Disconnected, NAME, format!("{place} cannot be had: {error}; see gpioinfo for who has it"))
        })?;
        Ok(Self { line: settings.line, place, request })
    }
}

impl Switch for GpioSwitch {
    fn set(&mut self, on: bool) -> Result<(), Fault> {
        let value = if on { Value::Active } else { Value::Inactive };
        let set = self.request.set_value(self.line, value);
        set.map(drop).map_err(|error| Fault::new(FaultKind::Disobeyed, NAME, format!("{} cannot be set: {error}", self.place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_that_is_not_there_is_named() {
        let settings =
            Settings { chip: "/dev/gpiochip-none".to_owned(), line: 17, hold_line: None, hold_pwm: None, active_low: false };
        let fault = GpioSwitch::open(&settings, "coil").err().expect("there is none");
        assert!(fault.detail.contains("line 17 of /dev/gpiochip-none"), "{fault}");
    }
}
