//! A pin through the mapped registers of a Raspberry Pi (rppal's maintained fork). The pin is reset when the switch is dropped, but **not** when
//! the process is killed: it then stays as it is. Coils belong on the character device; this is for relays with a fail-safe of their own.

use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::Switch;
use rppal::gpio::{Gpio, OutputPin};
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "gpio pin";

/// Which pin it is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its BCM number.
    pub pin: u8,
    /// The pin is low when on.
    #[serde(default)]
    pub active_low: bool,
}

/// A pin that is an output.
pub struct PinSwitch {
    pin: OutputPin,
    active_low: bool,
}

impl PinSwitch {
    /// Makes the pin an output that is off.
    ///
    /// # Errors
    /// A [`Fault`] when this computer is no Raspberry Pi, or the pin is in use.
    pub fn open(settings: &Settings) -> Result<Self, Fault> {
        let failed = |error| Fault::new(FaultKind::Disconnected, NAME, format!("pin {} cannot be had: {error}", settings.pin));
        let pin = Gpio::new().and_then(|gpio| gpio.get(settings.pin)).map_err(failed)?;
        let pin = if settings.active_low { pin.into_output_high() } else { pin.into_output_low() };
        Ok(Self { pin, active_low: settings.active_low })
    }
}

impl Switch for PinSwitch {
    fn set(&mut self, on: bool) -> Result<(), Fault> {
        if on != self.active_low {
            self.pin.set_high()
        } else {
            self.pin.set_low()
        }
        Ok(())
    }
}
