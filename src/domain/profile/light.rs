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

impl LightMeaning {
    /// Its word in files.
    pub fn name(self) -> &'static str {
        match self {
            LightMeaning::Booting => "booting",
            LightMeaning::Ready => "ready",
            LightMeaning::Acknowledged => "acknowledged",
            LightMeaning::Resetting => "resetting",
            LightMeaning::Setup => "setup",
            LightMeaning::Failed => "failed",
        }
    }
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
    /// The other colour of an alternating light, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Colour>,
    /// Lit share of a period, 0 to 1, for a blink whose rate alone does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<f64>,
    /// How far the lit share may be off, as a share of the period.
    #[serde(default = "a_seventh", skip_serializing_if = "is_a_seventh")]
    pub duty_tolerance: f64,
}

fn a_fifth() -> f64 {
    0.2
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_a_seventh(tolerance: &f64) -> bool {
    *tolerance == a_seventh()
}

fn a_seventh() -> f64 {
    0.15
}

impl LightRule {
    /// A rule that asks for this shape alone.
    pub fn of(shape: LightShape) -> Self {
        Self { shape, hz: None, hz_tolerance: a_fifth(), colour: None, second: None, duty: None, duty_tolerance: a_seventh() }
    }
}
