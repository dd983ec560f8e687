//! An emergency stop at a line of the GPIO character device.

use super::cdev::chip;
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::EStop;
use gpiocdev::Request;
use gpiocdev::line::{Bias, EdgeDetection, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

const NAME: &str = "e-stop";

/// Which line it is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The chip, as for the coil.
    #[serde(default = "chip")]
    pub chip: String,
    /// The line. It is pulled up; the switch's normally closed contact leads it to ground, so that a cut wire is a pressed stop.
    pub line: u32,
    /// The switch is a normally open one: pressed is low. A cut wire is not noticed then.
    #[serde(default)]
    pub normally_open: bool,
}

/// A requested line.
pub struct GpioStop {
    settings: Settings,
    request: Request,
    told: Option<bool>,
}

impl GpioStop {
    /// Requests the line as an input.
    ///
    /// # Errors
    /// A [`Fault`] that names chip and line when there is none or somebody else has it.
    pub fn open(settings: Settings) -> Result<Self, Fault> {
        let mut builder = Request::builder();
        builder.on_chip(&settings.chip).with_consumer("pinhole e-stop").with_line(settings.line);
        builder.as_input().with_bias(Bias::PullUp).with_edge_detection(EdgeDetection::BothEdges);
        let request = builder.request().map_err(|error| {
            let place = format!("line {} of {}", settings.line, settings.chip);
            Fault::new(FaultKind::Disconnected, NAME, format!("{place} cannot be had: {error}; see gpioinfo for who has it"))
        })?;
        Ok(Self { settings, request, told: None })
    }

    fn pressed(&self) -> Result<bool, Fault> {
        let value = self.request.value(self.settings.line);
        let value = value.map_err(|error| Fault::new(FaultKind::Disconnected, NAME, format!("it cannot be read: {error}")))?;
        Ok((value == Value::Active) != self.settings.normally_open)
    }
}

impl EStop for GpioStop {
    fn next(&mut self, patience: Duration) -> Result<Option<bool>, Fault> {
        let failed = |error: gpiocdev::Error| Fault::new(FaultKind::Disconnected, NAME, format!("it cannot be read: {error}"));
        if self.told.is_some() && self.request.wait_edge_event(patience).map_err(failed)? {
            // What the edges say is read from the line itself: a contact that bounces tells many.
            while self.request.has_edge_event().map_err(failed)? {
                self.request.read_edge_event().map_err(failed)?;
            }
        }
        let pressed = self.pressed()?;
        Ok((self.told.replace(pressed) != Some(pressed)).then_some(pressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_that_is_not_there_is_named() {
        let settings = Settings { chip: "/dev/gpiochip-none".to_owned(), line: 5, normally_open: false };
        let fault = GpioStop::open(settings).err().expect("there is none");
        assert!(fault.detail.contains("line 5 of /dev/gpiochip-none"), "{fault}");
    }
}
