//! How a camera is pressed, and what holds do.

use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How it is pressed and what a press does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Press {
    /// With the camera running, or held while power comes.
    #[serde(default)]
    pub mode: PressMode,
    /// When the camera acts.
    #[serde(default)]
    pub action: Action,
    /// What holds do, as documented. Not evidence: only for the plan and the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<HoldWindow>,
    /// Time after a press or power-on in which the camera may be writing flash and must not lose power.
    #[serde(default = "six_minutes")]
    pub write_window_s: Seconds,
}

fn six_minutes() -> Seconds {
    Seconds::new(360.0)
}

/// The power mode of a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PressMode {
    /// Powered and ready.
    #[default]
    #[serde(rename = "hot")]
    Hot,
    /// Held while power is applied; the hold counts from power-on.
    #[serde(rename = "hold-then-power")]
    HoldThenPower,
}

/// When the camera acts on a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// As soon as the hold has lasted long enough.
    #[default]
    AtThreshold,
    /// When the button is let go.
    OnRelease,
}

/// Holds from `from_s` up to and without `to_s` do this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HoldWindow {
    /// First hold of the window.
    pub from_s: Seconds,
    /// First hold behind it; `None` for no upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_s: Option<Seconds>,
    /// What happens.
    pub effect: Effect,
}

/// What a press does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    None,
    /// A restart.
    Reboot,
    /// Wi-Fi settings are wiped.
    WifiReset,
    /// Everything is wiped.
    FactoryReset,
}
