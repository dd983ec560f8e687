//! The sensors of a world's bench.

use crate::domain::units::{Amps, Hertz, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A photodiode before a 16-bit converter; in a rig with `colour` beside three more behind filters. All values are shares of its full
/// scale. Each sample is the light of its moment: nothing is smoothed before the converter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct LightSensor {
    /// Reading in the dark, 0 to 0.5.
    pub offset: f64,
    /// Standard deviation of its noise, 0 to 0.02.
    pub noise: f64,
    /// Standard deviation of its shot noise at full scale, 0 to 0.05; it grows with the square root of the light (physics of a photodiode).
    pub shot: f64,
    /// What the room adds, 0 to 0.5.
    pub ambient: f64,
    /// How much more of that there is an hour later, -1 to 1; counted from the beginning of each trial, so that a trial that is done again
    /// meets the same light.
    pub drift_per_h: f64,
    /// What the sun adds at noon, 0 to 0.5. It rises at six and sets at eighteen, as at an equinox (assumption), and each slot of a suite
    /// begins at an hour of its own, drawn by chance.
    pub daylight: f64,
    /// Amplitude of what mains lamps add, 0 to 0.5.
    pub flicker: f64,
    /// Its frequency: twice that of the mains, 90 to 130 Hz.
    pub flicker_hz: Hertz,
    /// Its phase at the beginning of each trial, as a share of a period, 0 to 1.
    pub flicker_phase: f64,
    /// What the diodes behind the red, green and blue filter see of red, green and blue light, a row each, 0 to 1: the places beside the
    /// diagonal are crosstalk. Assumption: of the kind of a TCS3472, whose filters are broad. White light has a third of each colour.
    pub filters: [[f64; 3]; 3],
}

impl Default for LightSensor {
    /// A shrouded photodiode (assumption).
    fn default() -> Self {
        Self {
            offset: 0.01,
            noise: 0.002,
            shot: 0.0,
            ambient: 0.01,
            drift_per_h: 0.0,
            daylight: 0.0,
            flicker: 0.0,
            flicker_hz: Hertz::new(100.0),
            flicker_phase: 0.0,
            filters: [[0.9, 0.15, 0.05], [0.1, 0.75, 0.25], [0.1, 0.25, 0.75]],
        }
    }
}

/// How the camera's lamp is driven. By default by a steady current.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct LampModel {
    /// It is dimmed by pulses so often a second, 50 to 100 000 Hz; the `brightness` of a light is that of a pulse. None: it is not dimmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pwm_hz: Option<Hertz>,
    /// Lit share of a pulse's period, 0.01 to 1.
    pub pwm_duty: f64,
}

impl Default for LampModel {
    fn default() -> Self {
        Self { pwm_hz: None, pwm_duty: 0.5 }
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

/// The microphone, and what it hears without a camera. Heights are shares of full scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Microphone {
    /// Standard deviation of the room's noise, 0 to 0.2 (assumption: a quiet workshop and a microphone in the nest).
    pub noise: f64,
    /// Steady tones of the room: fans, the hum of a transformer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub room: Vec<RoomTone>,
    /// Lowest frequency of a camera's motor, 20 to 800 Hz; three harmonics come with it (assumption: a geared stepper).
    pub motor_hz: Hertz,
}

impl Default for Microphone {
    fn default() -> Self {
        Self { noise: 0.003, room: Vec::new(), motor_hz: Hertz::new(120.0) }
    }
}

/// A tone that is always there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RoomTone {
    /// Its frequency, 20 to 3900 Hz.
    pub hz: Hertz,
    /// Its amplitude, 0 to 0.5.
    pub level: f64,
}

/// The button as the tip feels it, and the load cell that measures that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct ButtonForce {
    /// Force at which the dome snaps, 0.2 to 10 N. Data sheets of tact switches: 1.0 to 2.6 N, within 30 % after their life.
    pub snap_n: f64,
    /// How much of it goes when the dome snaps, as a share, 0 to 0.95; 0: a worn dome, without the click (assumption: about half).
    pub dip: f64,
    /// From the first touch to the snap, 1 to 100 ms (assumption: 0.25 mm of travel at the speed of a small solenoid).
    pub ramp_s: Seconds,
    /// How long the dip lasts, 1 to 50 ms, and how long the force takes to its full height after it (assumption).
    pub snap_s: Seconds,
    /// Force that a stroke that is too short comes to, as a share of `snap_n`, 0 to 0.8.
    pub short: f64,
    /// Standard deviation of the load cell's noise, 0 to 1 N.
    pub noise_n: f64,
    /// Its reading without a load, -5 to 5 N: the weight of the tip, and what its tare left.
    pub offset_n: f64,
}

impl Default for ButtonForce {
    fn default() -> Self {
        Self {
            snap_n: 2.0,
            dip: 0.45,
            ramp_s: Seconds::from_millis(8),
            snap_s: Seconds::from_millis(4),
            short: 0.5,
            noise_n: 0.02,
            offset_n: 0.0,
        }
    }
}
