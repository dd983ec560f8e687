//! A power source under test with its cable: a physical object.

use super::ids::AdapterName;
use super::units::{Amps, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An adapter file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Adapter {
    /// Version of the file format: 1.
    pub schema: u32,
    /// Its name: the same as the file's.
    pub name: AdapterName,
    /// The number on its sticker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_tag: Option<String>,
    /// Manufacturer's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Production lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// What it is.
    pub kind: AdapterKind,
    /// What its label promises.
    pub rating: Rating,
    /// The plug at the camera's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector: Option<String>,
    /// Its cable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cable: Option<Cable>,
    /// It may serve as the known-good reference until this day, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_good_until: Option<String>,
}

/// What kind of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdapterKind {
    /// A plug-in adapter: what it gives is what it gives.
    Fixed,
    /// A laboratory supply whose voltage is set.
    Programmable,
    /// Power over Ethernet.
    Poe,
}

/// The label of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rating {
    /// Volts; the highest that may be set for a programmable one.
    #[serde(rename = "v")]
    pub volts: Volts,
    /// Amperes.
    #[serde(rename = "a")]
    pub amps: Amps,
}

/// A cable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Cable {
    /// Length in metres.
    pub length_m: f64,
    /// American wire gauge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gauge_awg: Option<u32>,
}
