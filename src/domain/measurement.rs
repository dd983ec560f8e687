//! Named values with units.

use serde::{Deserialize, Serialize};

/// Names of the measurements that pinhole makes. Limits in a suite use them.
pub mod names {
    /// Seconds from power-on to readiness.
    pub const BOOT: &str = "boot_s";
    /// Seconds from contact to the acknowledgement.
    pub const ACK: &str = "ack_s";
    /// Seconds from the first sign of the reboot to readiness. (A camera that acts at a threshold boots while it is still held.)
    pub const REBOOT: &str = "reboot_s";
    /// Seconds from contact to release, from the coil's edges and the calibrated strokes.
    pub const HOLD: &str = "hold_s";
    /// Seconds from readiness to contact.
    pub const SINCE_READY: &str = "since_ready_s";
    /// Volts at the adapter's end before the camera is connected.
    pub const OPEN: &str = "open_v";
    /// Mean volts at the camera's plug when ready.
    pub const PLUG_IDLE: &str = "plug_v_idle";
    /// Mean volts at the camera's plug in a boot that did not end in readiness, without the supply's rise.
    pub const PLUG_BOOT: &str = "plug_v_boot";
    /// Lowest volts at the camera's plug from contact to the end of the watch.
    pub const PLUG_MIN: &str = "plug_v_min";
    /// Lowest volts at the camera's plug while the camera showed that it erases its settings.
    pub const PLUG_ERASE: &str = "plug_v_erase";
    /// Highest amperes at the camera's plug from contact to the end of the watch.
    pub const PLUG_MAX: &str = "plug_a_max";
    /// Those of a row of trials.csv.
    pub const ALL: [&str; 10] = [BOOT, ACK, REBOOT, HOLD, SINCE_READY, OPEN, PLUG_IDLE, PLUG_MIN, PLUG_ERASE, PLUG_MAX];
}

/// A named value with its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// One of [`names`].
    pub name: String,
    /// In `unit`.
    pub value: f64,
    /// `s`, `V` or `A`.
    pub unit: String,
    /// Standard uncertainty in the same unit, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u: Option<f64>,
}
