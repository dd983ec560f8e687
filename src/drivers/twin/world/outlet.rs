//! The outlet of a world.

use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The mains at the outlet that the adapters are plugged into. By default it is nominal and never fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct OutletModel {
    /// Mains voltage as a share of nominal, 0 to 1.3; 0: the outlet is dead. What an adapter makes of it is told by its `mains_min`.
    pub share: f64,
    /// How often the mains dips in an hour, 0 to 3600; by chance, from the beginning of each trial on (assumption: no two depend on another).
    pub dips_per_h: f64,
    /// Mains voltage in a dip, as a share of nominal, 0 to 1. IEC 61000-4-11 tests equipment with 0, 0.4, 0.7 and 0.8.
    pub dip_share: f64,
    /// How long a dip lasts, 0.005 to 600 s. IEC 61000-4-11 tests with half a period to 5 s: 0 for 10 to 20 ms, 0.4 for 200 ms, 0.7 for
    /// 500 ms, interruptions of 5 s.
    pub dip_s: Seconds,
}

impl Default for OutletModel {
    fn default() -> Self {
        Self { share: 1.0, dips_per_h: 0.0, dip_share: 0.0, dip_s: Seconds::from_millis(200) }
    }
}
