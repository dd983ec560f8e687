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
    /// Its contact, and where the tip meets it.
    #[serde(default)]
    pub contact: ContactModel,
}

/// The contact of the button, and where the tip meets it. By default it is as new and well aimed at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct ContactModel {
    /// The contact never closes: a broken button, or one that lies loose in its case (reported of real cameras).
    pub dead: bool,
    /// Share of presses in which the tip comes down beside the button, 0 to 1: against something stiff, and no contact.
    pub beside: f64,
    /// Share of presses whose stroke is too short, 0 to 1: the tip hangs in the air, and no contact.
    pub short_stroke: f64,
    /// The dome does not snap, and the contact closes all the same: a button without its click.
    pub mushy: bool,
    /// How often a worn contact opens in a second of hold, 0 to 100 (assumption; no source has a rate).
    pub opens_per_s: f64,
    /// It opens at these moments after it closed, 0.001 to 600 s each: the same in every press.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub opens_at_s: Vec<Seconds>,
    /// Median length of such an opening, 0.0001 to 60 s. Shorter than the debounce time it is not noticed; a longer one is a release and a
    /// new press to the camera, which counts anew, and to one that looks at the button in its boot the end of the press.
    pub open_s: Seconds,
    /// Standard deviation of its logarithm, 0 to 2.
    pub open_spread: f64,
    /// How long the contact chatters after it closed and after it opened, 0 to 0.2 s: up to three openings or closings within it. Data
    /// sheets: 5 to 20 ms at most; measured by others: up to hundreds of milliseconds. It comes on top of the solenoid's `bounce_s`.
    pub chatter_s: Seconds,
}

impl Default for ContactModel {
    fn default() -> Self {
        Self {
            dead: false,
            beside: 0.0,
            short_stroke: 0.0,
            mushy: false,
            opens_per_s: 0.0,
            opens_at_s: Vec::new(),
            open_s: Seconds::from_millis(10),
            open_spread: 0.0,
            chatter_s: Seconds::ZERO,
        }
    }
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
