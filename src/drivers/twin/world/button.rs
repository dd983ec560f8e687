//! What a press does to the camera of a world.

use crate::domain::profile::{Action, Effect, PressMode};
use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The button and the firmware behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ButtonModel {
    /// Pressed while running, or held while power comes.
    #[serde(default)]
    pub mode: PressMode,
    /// When the camera acts.
    #[serde(default)]
    pub action: Action,
    /// What holds do, by rising threshold.
    pub windows: Vec<WindowModel>,
    /// Probability that the camera misses the press altogether, 0 to 1; one draw a trial.
    #[serde(default)]
    pub lapse: f64,
    /// Probability that the camera acknowledges the press and does nothing, 0 to 1; one draw a trial.
    #[serde(default)]
    pub acknowledged_only: f64,
    /// The acknowledgement comes so long before the threshold, 0 to 60 s.
    #[serde(default)]
    pub ack_lead_s: Seconds,
    /// How long a press that counts is acknowledged before anything is done, 0 to 60 s.
    #[serde(default = "two_seconds")]
    pub ack_shown_s: Seconds,
    /// How long the contact must be closed to be noticed, 0 to 1 s (assumption: the usual debounce of an input driver).
    #[serde(default = "debounce_s")]
    pub debounce_s: Seconds,
    /// What becomes of a press that begins before the boot is over.
    #[serde(default)]
    pub while_booting: WhileBooting,
}

fn two_seconds() -> Seconds {
    Seconds::new(2.0)
}

fn debounce_s() -> Seconds {
    Seconds::from_millis(50)
}

/// Holds from a threshold on have an effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WindowModel {
    /// Median of the contact time that is needed, 0.05 to 600 s.
    pub threshold_s: Seconds,
    /// Standard deviation of its logarithm from trial to trial, 0 to 1.
    #[serde(default)]
    pub spread: f64,
    /// Presses this long or longer are ignored again (only with `on_release`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_s: Option<Seconds>,
    /// What happens.
    pub effect: Effect,
}

/// What becomes of a press that begins before the boot is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhileBooting {
    /// It is never noticed, however long it lasts.
    #[default]
    Ignored,
    /// What is left of it when the camera is up counts.
    FromReady,
}
