//! How a camera's settings are brought to a known state, marked, and read back.

use super::console::{Exchange, a_minute, exchange_timeout};
use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Through what the camera is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The serial console.
    Console,
    /// The rig's network probe.
    Probe,
    /// A person.
    Operator,
    /// Nothing can do it.
    None,
}

/// How the camera is brought out of the factory state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Provision {
    /// Through what.
    pub via: Via,
    /// The exchanges over the console.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// What a person is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// How long the whole may take.
    #[serde(default = "a_minute")]
    pub timeout_s: Seconds,
}

/// How one canary is written and read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CanaryRule {
    /// Through what.
    pub via: Via,
    /// Writes it (console).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Exchange>,
    /// Reads it: the answer names the value while it is there (console).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<CanaryRead>,
    /// Name of the setting (probe).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
}

/// Reads a canary over the console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CanaryRead {
    /// Line to send.
    pub send: String,
    /// Regular expression of the answer while the canary is there; `{value}` stands for it.
    pub present: String,
    /// Regular expression of an answer that proves the setting was read and is another.
    pub absent: String,
    /// How long the answer may take.
    #[serde(default = "exchange_timeout")]
    pub timeout_s: Seconds,
}

/// Which signs of the factory state this model shows. At least one must be seen for any reset claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct FactorySigns {
    /// The light pattern `setup`.
    pub light: bool,
    /// A console marker of meaning `factory`.
    pub marker: bool,
    /// The network probe says so.
    pub network: bool,
    /// A chime of meaning `setup`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sound: bool,
}
