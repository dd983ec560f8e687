//! A coil held with less power by the hardware PWM of a Raspberry Pi (rppal's maintained fork): full width while it pulls in, a share of it afterwards.
//! The PWM never releases a coil by itself, since the kernel lets it run on when its process is killed: it stands in series with a line of the character
//! device, which does.

use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::Switch;
use rppal::pwm::{Channel, Polarity, Pwm};
use schemars::JsonSchema;
use serde::Deserialize;

const NAME: &str = "coil's pwm";

/// Which PWM it is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its channel: 0 or 1 (BCM 18 and 19 with `dtoverlay=pwm-2chan`), on a Raspberry Pi 5 up to 3.
    #[serde(default)]
    pub channel: u8,
    /// How much of the time the coil has power while it is held, 0.05 to 1.
    pub share: f64,
    /// Pulses a second, 1,000 to 100,000: above what ears hear, below what the transistor's gate takes.
    #[serde(default = "hz")]
    pub hz: u32,
}

fn hz() -> u32 {
    20_000
}

/// On: full width. Off: the share with which the coil is held, behind a line that decides whether it is.
pub struct PwmPull {
    share: f64,
    width: Box<dyn FnMut(f64) -> Result<(), String> + Send>,
}

impl PwmPull {
    /// Lets the PWM run with its share.
    ///
    /// # Errors
    /// A [`Fault`] when settings are out of range, or this computer has no such PWM.
    pub fn open(settings: &Settings) -> Result<Self, Fault> {
        let channel = channel(settings)?;
        let failed = |error| {
            let what = format!(
                "channel {} cannot be had: {error}; on a Raspberry Pi add dtoverlay=pwm-2chan to config.txt",
                settings.channel
            );
            Fault::new(FaultKind::Disconnected, NAME, what)
        };
        let pwm = Pwm::with_frequency(channel, f64::from(settings.hz), settings.share, Polarity::Normal, true).map_err(failed)?;
        Ok(Self::over(settings.share, move |width| pwm.set_duty_cycle(width).map_err(|error| error.to_string())))
    }

    fn over(share: f64, width: impl FnMut(f64) -> Result<(), String> + Send + 'static) -> Self {
        Self { share, width: Box::new(width) }
    }
}

impl Switch for PwmPull {
    fn set(&mut self, on: bool) -> Result<(), Fault> {
        let width = if on { 1.0 } else { self.share };
        (self.width)(width).map_err(|error| Fault::new(FaultKind::Disobeyed, NAME, format!("its width cannot be set: {error}")))
    }
}

fn channel(settings: &Settings) -> Result<Channel, Fault> {
    let refused = |what: String| Fault::new(FaultKind::Refused, NAME, what);
    if !(0.05..=1.0).contains(&settings.share) || !(1_000..=100_000).contains(&settings.hz) {
        return Err(refused(format!(
            "share = {} and hz = {}: they are 0.05 to 1, and 1,000 to 100,000",
            settings.share, settings.hz
        )));
    }
    match settings.channel {
        0 => Ok(Channel::Pwm0),
        1 => Ok(Channel::Pwm1),
        2 => Ok(Channel::Pwm2),
        3 => Ok(Channel::Pwm3),
        other => Err(refused(format!("there are the channels 0 to 3, not {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::device::contract;
    use std::sync::{Arc, Mutex};

    #[test]
    fn it_keeps_the_contract_of_switches() {
        let width = Arc::new(Mutex::new(Some(f64::NAN)));
        let set = Arc::clone(&width);
        let mut pull = PwmPull::over(0.25, move |to| match &mut *set.lock().unwrap() {
            Some(width) => {
                *width = to;
                Ok(())
            }
            None => Err("gone".to_owned()),
        });
        contract::switch(&mut pull, || match *width.lock().unwrap() {
            Some(1.0) => true,
            Some(0.25) => false,
            width => panic!("{width:?}"),
        });
        *width.lock().unwrap() = None;
        contract::gone(|| pull.set(true));
    }

    #[test]
    fn it_pulls_with_full_width_and_holds_with_its_share() {
        let widths = Arc::new(Mutex::new(Vec::new()));
        let set = Arc::clone(&widths);
        let mut pull = PwmPull::over(0.25, move |width| {
            let mut set = set.lock().unwrap();
            set.push(width);
            if set.len() < 3 { Ok(()) } else { Err("gone".to_owned()) }
        });
        pull.set(true).expect("is set");
        pull.set(false).expect("is set");
        let fault = pull.set(true).expect_err("gone");
        assert!(fault.fault == FaultKind::Disobeyed && fault.detail.contains("gone"), "{fault}");
        assert_eq!(*widths.lock().unwrap(), [1.0, 0.25, 1.0]);
    }

    #[test]
    fn what_no_pwm_has_is_refused() {
        let good = Settings { channel: 0, share: 0.25, hz: 20_000 };
        assert!(channel(&good).is_ok());
        for wrong in [
            Settings { channel: 4, ..good.clone() },
            Settings { share: 0.0, ..good.clone() },
            Settings { share: 1.5, ..good.clone() },
            Settings { hz: 10, ..good },
        ] {
            assert_eq!(channel(&wrong).expect_err("out of range").fault, FaultKind::Refused);
        }
    }
}
