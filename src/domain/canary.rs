//! Canaries: harmless settings written before a press, gone afterwards only if their category was wiped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A category of settings. A reset may wipe some and keep others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Network and Wi-Fi settings.
    Wifi,
    /// Users and passwords.
    Accounts,
    /// Motion detection and recording.
    Motion,
    /// Everything else: name, time zone, picture.
    Other,
}

impl Category {
    /// All four, in the order of reports.
    pub const ALL: [Category; 4] = [Category::Wifi, Category::Accounts, Category::Motion, Category::Other];

    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Category::Wifi => "wifi",
            Category::Accounts => "accounts",
            Category::Motion => "motion",
            Category::Other => "other",
        }
    }
}
