//! What a camera's light means.

use crate::domain::observation::{Colour, LightShape};
use crate::domain::units::Hertz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a light pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LightMeaning {
    /// Starting.
    Booting,
    /// Ready, in normal use.
    Ready,
    /// The press was noticed.
    Acknowledged,
    /// A reset is running.
    Resetting,
    /// Waiting to be set up: the factory state.
    Setup,
    /// The boot has failed.
    Failed,
}

/// A rule that a decoded light pattern fits or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LightRule {
    /// Off, solid, blink, alternating.
    pub shape: LightShape,
    /// Rate of a blink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hz: Option<Hertz>,
    /// How far the rate may be off, as a share of it.
    #[serde(default = "a_fifth")]
    pub hz_tolerance: f64,
    /// Its colour. A sensor that sees no colour never satisfies a rule that names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

fn a_fifth() -> f64 {
    0.2
}
