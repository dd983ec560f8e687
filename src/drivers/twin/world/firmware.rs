//! The firmware of a world's camera: what it does by itself, how it erases, and how it fails. By default it is sound.

use crate::domain::units::Seconds;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The firmware.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct FirmwareModel {
    /// It reboots by itself so long after it was ready, and says so at that moment, 1 to 604 800 s. Captures announce 46 144 and 68 254 s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reboot_every_s: Option<Seconds>,
    /// It reboots by itself at random, so often in an hour of readiness, 0 to 3600. A user reported up to 15 a day: 0.6.
    pub reboots_per_h: f64,
    /// When an accepted reset is carried out.
    pub erases: Erases,
    /// How a boot fails: of a camera that came ruined (`starts_as = "bricked"`) or was ruined (`flash.brick`), and of a boot that fails by chance.
    pub fails_as: Failure,
    /// Probability that a boot of a camera that is not ruined fails, 0 to 1 (assumption: marginal memory; such errors vanish after a restart).
    pub boot_fails: f64,
}

/// When an accepted reset is carried out. The camera acknowledges it in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Erases {
    /// At once, and then it restarts.
    #[default]
    AtOnce,
    /// It sets a mark and restarts; the boot erases when its programs start, and goes on.
    NextBoot,
    /// As above, in the second boot: after the first one it is up with its old settings. Whoever causes the second.
    SecondBoot,
    /// It sets a mark and does not restart; the next boot erases, whoever causes it.
    WithoutRestart,
    /// Never: it says that it accepts, and restarts.
    Never,
}

/// How a boot fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Not a byte; the light shows `failed`.
    #[default]
    Silent,
    /// The bootloader starts the kernel, and nothing more comes: a bad image that nobody checked.
    Hangs,
    /// The bootloader finds the image bad and waits at its prompt for ever: an interrupted update.
    Prompt,
    /// The kernel panics and stays so.
    Panics,
    /// The kernel panics and restarts after five seconds.
    PanicsAndRestarts,
    /// The camera's own program restarts the camera as soon as it runs.
    Loops,
}
