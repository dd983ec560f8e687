//! Times of a procedure that come from no file: how long the rig's own actions may take.

use crate::domain::units::Seconds;

/// A command to an instrument and its read-back.
pub const COMMAND: Seconds = Seconds::from_millis(10_000);
/// Cooling of the coil before a press: longer means that the interlocks and the suite do not fit.
pub const REST: Seconds = Seconds::from_millis(3_600_000);
/// Slack added to a timeout that a device's own time ends first.
pub const SLACK: Seconds = Seconds::from_millis(5_000);
/// Reading every canary and factory sign.
pub const VERIFY: Seconds = Seconds::from_millis(120_000);
/// Coil time of a press that only asks how the rig presses: the longest pull-in (50 ms), the change to holding power, and a moment of rest.
pub const PULSE: Seconds = Seconds::from_millis(300);
