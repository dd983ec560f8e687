//! A DUT profile: how one model of camera is powered, reset, watched and proved to be in its factory state.

mod console;
mod light;
mod patience;
mod press;
mod settings;

pub use console::{Chime, ChimeMeaning, ConsoleProfile, CurrentSigns, Exchange, Marker};
pub use light::{LightMeaning, LightRule};
pub use patience::{Readiness, UnitBudget, Watch};
pub use press::{Action, Effect, HoldWindow, Press, PressMode};
pub use settings::{CanaryRead, CanaryRule, FactorySigns, Provision, Via};

use super::canary::Category;
use super::rma::Repeats;
use super::units::{Amps, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A DUT profile file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Profile {
    /// Version of the file format: 1.
    pub schema: u32,
    /// Model name as support knows it.
    pub model: String,
    /// Regular expression of the serial numbers it applies to.
    pub serial_pattern: String,
    /// Firmware versions it applies to, as text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// Form factor: indoor, PTZ, dome, turret, bullet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_factor: Option<String>,
    /// Where the manufacturer's instructions stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Instructions>,
    /// Where the button is and how to reach it.
    pub button: Button,
    /// What it may be fed.
    pub supply: SupplyLimits,
    /// When it is ready.
    pub ready: Readiness,
    /// How it is pressed and what a press does.
    pub press: Press,
    /// What its light means.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub light: BTreeMap<LightMeaning, LightRule>,
    /// Its console, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<ConsoleProfile>,
    /// Its tones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chimes: Vec<Chime>,
    /// What the supply current tells of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub current: CurrentSigns,
    /// How it is brought to a known state that is not the factory state.
    pub provision: Provision,
    /// How a canary of each category is written and read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canaries: BTreeMap<Category, CanaryRule>,
    /// What shows the factory state.
    pub factory: FactorySigns,
    /// What is waited for after a press.
    #[serde(default)]
    pub watch: Watch,
    /// What one unit may suffer.
    #[serde(default)]
    pub budget: UnitBudget,
    /// How often a returned unit must fail before it is blamed.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub rma: Repeats,
}

/// Where the manufacturer's instructions stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Instructions {
    /// Address of the page.
    pub address: String,
    /// Day it was read, `YYYY-MM-DD`.
    pub date: String,
}

/// Where the button is and how to reach it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Button {
    /// Where it is, for a person.
    pub place: String,
    /// How it is reached: cover, screws, tool.
    pub reach: String,
    /// Diameter of the hole in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hole_mm: Option<f64>,
    /// Depth of the button below the surface in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_mm: Option<f64>,
    /// Force it takes, in newtons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_n: Option<f64>,
}

/// Below this share of the nominal voltage there is none (an assumption: no camera runs at a fifth of its voltage).
pub const OFF_BELOW: f64 = 0.2;

/// What it may be fed. The limits are absolute: the guard refuses anything outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SupplyLimits {
    /// Rated voltage.
    pub nominal_v: Volts,
    /// Lowest rated voltage: below it at the plug the supply is said to sag.
    pub min_v: Volts,
    /// Highest voltage it is ever given.
    pub max_v: Volts,
    /// Largest current it is rated for.
    pub max_a: Amps,
    /// Time without supply after which its capacitors are empty and a boot is cold.
    #[serde(default = "ten_seconds")]
    pub drain_s: Seconds,
}

fn is_default(signs: &CurrentSigns) -> bool {
    *signs == CurrentSigns::default()
}

fn is_usual(repeats: &Repeats) -> bool {
    *repeats == Repeats::default()
}

fn ten_seconds() -> Seconds {
    Seconds::new(10.0)
}
