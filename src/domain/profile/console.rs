//! What a camera says: console, tones, and answers to commands.

use crate::domain::observation::MarkerMeaning;
use crate::domain::units::{Amps, Hertz, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The camera's serial console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConsoleProfile {
    /// Baud rate, 8 data bits, no parity.
    #[serde(default = "fast_baud")]
    pub baud: u32,
    /// Silence for this long is a finding of its own.
    #[serde(default = "a_minute")]
    pub silence_s: Seconds,
    /// What its lines mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
}

fn fast_baud() -> u32 {
    115_200
}

pub(super) fn a_minute() -> Seconds {
    Seconds::new(60.0)
}

/// A line of the console with a meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Marker {
    /// Its name in reports.
    pub name: String,
    /// What it means.
    pub meaning: MarkerMeaning,
    /// Regular expression, matched within one line freed of escape codes.
    pub regex: String,
}

/// What a tone means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChimeMeaning {
    /// The press was noticed: armed, not done.
    #[default]
    Acknowledged,
    /// A reset is running.
    Resetting,
    /// Waiting to be set up: the factory state. Most often a prompt that is repeated.
    Setup,
    /// Sounds at every boot and says nothing of a reset.
    Booting,
}

/// A tone of the camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Chime {
    /// Its name in reports.
    pub name: String,
    /// Its frequency.
    pub hz: Hertz,
    /// How often it sounds in a row, with pauses of less than two seconds.
    #[serde(default = "once")]
    pub repeats: u32,
    /// What it means.
    #[serde(default)]
    pub meaning: ChimeMeaning,
}

/// Frequencies closer than this share are one: no sensor of a bench tells them apart (our choice; a tone is matched within 3 %).
pub const SAME_PITCH: f64 = 0.02;

impl Chime {
    /// Whether both have one pitch to a sensor.
    pub fn has_pitch_of(&self, other: &Chime) -> bool {
        (self.hz.get() - other.hz.get()).abs() < SAME_PITCH * self.hz.get().max(other.hz.get())
    }

    /// Whether a sensor cannot tell one from the other.
    pub fn sounds_like(&self, other: &Chime) -> bool {
        self.has_pitch_of(other) && self.repeats == other.repeats
    }
}

/// By how much the current rises above that of a running camera when it does one thing more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct CurrentSigns {
    /// Infrared lamps on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infrared_a: Option<Amps>,
    /// A motor runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motor_a: Option<Amps>,
    /// Settings memory is being erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase_a: Option<Amps>,
}

fn once() -> u32 {
    1
}

/// A command to the camera and the answer that proves it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Exchange {
    /// Line to send; `{value}` stands for the canary.
    pub send: String,
    /// Regular expression of the answer; `{value}` stands for the canary.
    pub expect: String,
    /// How long the answer may take.
    #[serde(default = "exchange_timeout")]
    pub timeout_s: Seconds,
}

pub(super) fn exchange_timeout() -> Seconds {
    Seconds::new(5.0)
}
