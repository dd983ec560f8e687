//! What the camera of a world lets hear: tones and the motor.

use crate::domain::observation::BootStage;
use crate::domain::units::{Hertz, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tone, or a row of them. The speaker plays one row at a time: a later one cuts an earlier one short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ToneModel {
    /// Frequency, 50 to 20 000 Hz.
    pub hz: Hertz,
    /// Length of one tone, 0.02 to 10 s (assumption: chimes take a few tenths; a spoken prompt was heard for 1.7 s in a capture).
    #[serde(default = "tone_s")]
    pub tone_s: Seconds,
    /// How often it sounds in a row, 1 to 20.
    #[serde(default = "once")]
    pub repeats: u32,
    /// Pause between the tones of a row, 0.02 to 10 s (assumption).
    #[serde(default = "pause_s")]
    pub pause_s: Seconds,
    /// The row comes again after so long, from beginning to beginning, while the camera's state lasts, 0.1 to 3600 s: a prompt to set it up
    /// came every 10.1 s in a capture. Only with `setup`; longer than the row itself. None: once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_s: Option<Seconds>,
    /// Amplitude at the microphone as a share of full scale, 0 to 1 (assumption).
    #[serde(default = "loud")]
    pub loudness: f64,
}

fn tone_s() -> Seconds {
    Seconds::from_millis(300)
}

fn once() -> u32 {
    1
}

fn pause_s() -> Seconds {
    Seconds::from_millis(300)
}

fn loud() -> f64 {
    0.3
}

impl ToneModel {
    /// How long a whole row takes.
    pub fn row_s(&self) -> Seconds {
        let pauses = self.pause_s.micro() * i64::from(self.repeats.saturating_sub(1));
        Seconds::from_micro(self.tone_s.micro() * i64::from(self.repeats) + pauses)
    }
}

/// The motor of a camera that pans and tilts. It moves at every boot when its driver loads, so that its movement proves a boot and no reset
/// (a capture: 42.8 s after the kernel's start). By default it has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct MotorModel {
    /// How long it runs at every boot, 0 to 120 s; 0: not at all.
    pub boot_s: Seconds,
    /// In which stage of the boot.
    pub stage: BootStage,
    /// So long after that stage began, 0 to 600 s.
    pub after_s: Seconds,
    /// How long it runs when a press is acknowledged, 0 to 60 s; 0: not at all.
    pub acknowledged_s: Seconds,
    /// What it draws while it runs, 0 to 100 W (assumption: 0.1 to 0.4 A at 5 V).
    pub watts: f64,
    /// Amplitude of its hum at the microphone as a share of full scale, 0 to 1 (assumption).
    pub loudness: f64,
}

impl Default for MotorModel {
    fn default() -> Self {
        Self {
            boot_s: Seconds::ZERO,
            stage: BootStage::Application,
            after_s: Seconds::ZERO,
            acknowledged_s: Seconds::ZERO,
            watts: 1.0,
            loudness: 0.15,
        }
    }
}
