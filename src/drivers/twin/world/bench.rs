//! The bench of a world: solenoid, sensors, and what goes wrong with them.

use crate::domain::rig::Interlocks;
use crate::domain::units::{Amps, Celsius, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The solenoid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct CoilModel {
    /// From current on to contact closed with the coil at 20 °C, 0 to 1 s. 10 to 30 ms (assumption).
    pub pull_in_s: Seconds,
    /// Its standard deviation from press to press.
    pub pull_in_sd_s: Seconds,
    /// From current off to contact open, 0 to 1 s. 5 to 50 ms with a plain diode (assumption).
    pub drop_out_s: Seconds,
    /// Its standard deviation from press to press.
    pub drop_out_sd_s: Seconds,
    /// Longest bounce of the closing contact, 0 to 0.1 s. 5 ms at most by the data sheet of a common tact switch.
    pub bounce_s: Seconds,
    /// How much longer the pull-in takes per kelvin above 20 °C, as a share, 0 to 0.05. Copper gains 0.0039 of resistance per kelvin; that
    /// the stroke slows in the same measure is an assumption.
    pub slower_per_k: f64,
    /// Largest lateness of an edge against its order, half-normal standard deviation, 0 to 10 ms.
    pub lateness_s: Seconds,
    /// Standard uncertainty that the bench states for the time of an edge.
    pub edge_u_s: Seconds,
    /// Power while it pulls in, watts.
    pub pull_w: f64,
    /// Power while it holds, watts.
    pub hold_w: f64,
    /// How long it is driven at full power.
    pub peak_s: Seconds,
    /// Thermal resistance to the air, kelvin per watt.
    pub k_per_w: f64,
    /// Thermal time constant.
    pub tau_s: Seconds,
    /// Its temperature when the bench starts; that of the air where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_c: Option<Celsius>,
}

impl Default for CoilModel {
    /// The small solenoid that the interlocks assume, so that a rig's model of its heat is true.
    fn default() -> Self {
        let rig = Interlocks::default();
        Self {
            pull_in_s: Seconds::from_millis(18),
            pull_in_sd_s: Seconds::from_millis(2),
            drop_out_s: Seconds::from_millis(25),
            drop_out_sd_s: Seconds::from_millis(4),
            bounce_s: Seconds::from_millis(2),
            slower_per_k: 0.0039,
            lateness_s: Seconds::from_micro(40),
            edge_u_s: Seconds::from_micro(100),
            pull_w: rig.coil_pull_w,
            hold_w: rig.coil_hold_w,
            peak_s: rig.coil_peak_s,
            k_per_w: rig.coil_k_per_w,
            tau_s: rig.coil_tau_s,
            start_c: None,
        }
    }
}

/// A photodiode before a 16-bit converter. All values are shares of its full scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct LightSensor {
    /// Reading in the dark, 0 to 0.5.
    pub offset: f64,
    /// Standard deviation of its noise, 0 to 0.02.
    pub noise: f64,
    /// What the room adds, 0 to 0.5.
    pub ambient: f64,
    /// Amplitude of what mains lamps add at 100 Hz, 0 to 0.5.
    pub flicker: f64,
}

impl Default for LightSensor {
    /// A shrouded photodiode (assumption).
    fn default() -> Self {
        Self { offset: 0.01, noise: 0.002, ambient: 0.01, flicker: 0.0 }
    }
}

/// The power monitor at the camera's plug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct PlugSensor {
    /// Standard deviation of the voltage reading, 0 to 0.1 V.
    pub noise_v: Volts,
    /// Standard deviation of the current reading, 0 to 0.1 A.
    pub noise_a: Amps,
    /// What the current of a running camera adds to it, 0 to 0.1 A.
    pub busy_a: Amps,
}

impl Default for PlugSensor {
    /// An INA226 with its 1.25 mV step and a 0.1 ohm shunt; a running processor's current is never still (assumption).
    fn default() -> Self {
        Self { noise_v: Volts::new(0.001), noise_a: Amps::new(0.0005), busy_a: Amps::new(0.008) }
    }
}

/// What goes wrong at the bench: probabilities per attempt, all 0 unless given. Never the camera's fault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Faults {
    /// The supply refuses the first command that would switch it on.
    pub supply_refuses: f64,
    /// The supply accepts the first command that would switch it on, and stays off.
    pub supply_disobeys: f64,
    /// The console port goes away for some seconds within the first five minutes.
    pub console_gap: f64,
    /// The sensors go away once within the first five minutes.
    pub sensors_lost: f64,
    /// The coil is energised and does not move.
    pub coil_stuck: f64,
    /// The contact stays closed for up to half a second after the coil is off.
    pub coil_sticks: f64,
    /// The probe gives no answer at all.
    pub probe_silent: f64,
    /// The camera never answers the commands that provision it.
    pub provision_unanswered: f64,
}
