//! What is waited for, and what one unit may suffer.

use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a camera is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Readiness {
    /// The light pattern `ready` must stand for so long; `None` where the light does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub light_stable_s: Option<Seconds>,
    /// A console marker of meaning `ready` must have been read since power-on.
    #[serde(default)]
    pub marker: bool,
    /// Not before this long after power-on: the guide's two minutes.
    #[serde(default = "two_minutes")]
    pub min_wait_s: Seconds,
    /// Given up this long after power-on.
    #[serde(default = "five_minutes")]
    pub timeout_s: Seconds,
}

fn two_minutes() -> Seconds {
    Seconds::new(120.0)
}

fn five_minutes() -> Seconds {
    Seconds::new(300.0)
}

/// What is waited for after a press.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Watch {
    /// Longest wait for the reboot and the readiness after it.
    pub reboot_s: Seconds,
    /// Longest wait while the camera shows that it is still erasing or formatting.
    pub erasing_s: Seconds,
    /// Without any sign of life from the press by then, there is none.
    pub quiet_s: Seconds,
    /// After readiness, the factory sign may take this long.
    pub settle_s: Seconds,
    /// A camera that is not ready again at nominal supply within this time is dead.
    pub recovery_s: Seconds,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            reboot_s: Seconds::new(360.0),
            erasing_s: Seconds::new(900.0),
            quiet_s: Seconds::new(60.0),
            settle_s: Seconds::new(30.0),
            recovery_s: Seconds::new(600.0),
        }
    }
}

/// What one unit may suffer in its life on the bench.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct UnitBudget {
    /// Factory resets.
    pub resets: u32,
    /// Password attempts.
    pub password_attempts: u32,
    /// Power cuts inside a write window.
    pub power_cuts: u32,
}

impl Default for UnitBudget {
    fn default() -> Self {
        Self { resets: 2000, password_attempts: 3, power_cuts: 5 }
    }
}
