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
    /// Seconds from readiness to contact, within one boot.
    pub const SINCE_READY: &str = "since_ready_s";
    /// Volts at the adapter's end before the camera is connected.
    pub const OPEN: &str = "open_v";
    /// Mean volts at the camera's plug when ready.
    pub const PLUG_IDLE: &str = "plug_v_idle";
    /// Mean volts at the camera's plug in a boot that did not end in readiness, without the supply's rise.
    pub const PLUG_BOOT: &str = "plug_v_boot";
    /// Lowest volts at the camera's plug while a camera that never became ready was waited for, from when the supply had risen.
    pub const PLUG_START_MIN: &str = "plug_v_start_min";
    /// Highest volts in the same time.
    pub const PLUG_START_MAX: &str = "plug_v_start_max";
    /// Lowest volts at the camera's plug from contact to the end of the watch; where the power is switched on during the press, from when the
    /// supply had risen.
    pub const PLUG_MIN: &str = "plug_v_min";
    /// Lowest volts at the camera's plug while the camera showed that it erases its settings.
    pub const PLUG_ERASE: &str = "plug_v_erase";
    /// Where the voltage was too low all along: lowest mean amperes of a twentieth of a second at the camera's plug, from contact until the
    /// camera had begun to boot anew.
    pub const PLUG_RESTART: &str = "plug_a_restart";
    /// Highest amperes at the camera's plug from contact to the end of the watch.
    pub const PLUG_MAX: &str = "plug_a_max";
    /// Of a check: the greatest lateness of an edge of the coil, in seconds.
    pub const COIL_LATE: &str = "coil_late_s";
    /// Of a check: standard deviation of the difference of ordered and measured length of the coil's current, in seconds.
    pub const COIL_JITTER: &str = "coil_jitter_s";
    /// Of a check: seconds from coil on to the moment at which the dome gave way.
    pub const PULL_IN: &str = "pull_in_s";
    /// Of a check: seconds from coil off to the moment at which the tip lifted.
    pub const DROP_OUT: &str = "drop_out_s";
    /// Of a check: the light sensor's reading in the dark, as a share of full scale.
    pub const LIGHT_DARK: &str = "light_dark";
    /// Of a check: the light sensor's reading with the light on, as a share of full scale.
    pub const LIGHT_LIT: &str = "light_lit";
    /// Of a check: volts that the supply was set to.
    pub const SET: &str = "set_v";
    /// Of a check: volts that were read back for the last `set_v`.
    pub const READ_BACK: &str = "read_back_v";
    /// All that a check alone makes.
    pub const CHECKS: [&str; 8] = [COIL_LATE, COIL_JITTER, PULL_IN, DROP_OUT, LIGHT_DARK, LIGHT_LIT, SET, READ_BACK];
    /// All of a trial with a reset question: limits may be put on them.
    pub const ALL: [&str; 12] =
        [BOOT, ACK, REBOOT, HOLD, SINCE_READY, OPEN, PLUG_IDLE, PLUG_START_MIN, PLUG_START_MAX, PLUG_MIN, PLUG_ERASE, PLUG_MAX];
}

/// A named value with its unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// One of [`names`].
    pub name: String,
    /// In `unit`.
    pub value: f64,
    /// `s`, `V` or `A`; `1` for a share.
    pub unit: String,
    /// Standard uncertainty in the same unit, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub u: Option<f64>,
}
