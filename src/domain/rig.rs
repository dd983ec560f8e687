//! A rig file: the station, its positions, and the drivers of each port.

use super::ids::{AdapterName, PositionName, StationName};
use super::known::Shown;
use super::units::{Celsius, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rig file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RigFile {
    /// Version of the file format: 1.
    pub schema: u32,
    /// Name of the bench.
    pub station: StationName,
    /// Its nests.
    pub positions: Vec<Position>,
}

/// One nest of the bench.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Position {
    /// Its name.
    pub name: PositionName,
    /// The twin's world, relative to this file; for positions whose drivers are `twin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// Presses the button.
    pub presser: Driver,
    /// Switches and sets the supply.
    pub supply: Driver,
    /// Connects one of several adapters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Driver>,
    /// Sees the light.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub light: Option<Driver>,
    /// Measures voltage and current at the camera's plug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plug: Option<Driver>,
    /// Hears chimes and motors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<Driver>,
    /// Measures the force on the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<Driver>,
    /// The serial console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<Driver>,
    /// Asks the camera over the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Driver>,
    /// The emergency stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_stop: Option<Driver>,
    /// Which adapter each channel of the selector holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<String, AdapterName>,
    /// Bounds that no suite may exceed.
    #[serde(default)]
    pub interlocks: Interlocks,
    /// What was found when the rig was calibrated.
    #[serde(default)]
    pub calibration: Calibration,
}

impl Position {
    /// Every port by its name, with the driver where the position has it.
    pub fn ports(&self) -> [(&'static str, Option<&Driver>); 10] {
        [
            ("presser", Some(&self.presser)),
            ("supply", Some(&self.supply)),
            ("selector", self.selector.as_ref()),
            ("light", self.light.as_ref()),
            ("plug", self.plug.as_ref()),
            ("sound", self.sound.as_ref()),
            ("force", self.force.as_ref()),
            ("console", self.console.as_ref()),
            ("probe", self.probe.as_ref()),
            ("e_stop", self.e_stop.as_ref()),
        ]
    }

    /// Whether a person presses the button.
    pub fn pressed_by_hand(&self) -> bool {
        self.presser.by_hand()
    }

    /// Whether a person swaps the adapters.
    pub fn swapped_by_hand(&self) -> bool {
        self.selector.as_ref().is_some_and(Driver::by_hand)
    }
}

/// A driver by name with settings of its own, which only the driver reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Driver {
    /// Its name.
    pub driver: String,
    /// Its settings.
    #[serde(flatten)]
    pub settings: BTreeMap<String, serde_json::Value>,
}

impl Driver {
    /// Whether it is a person: the driver `manual`.
    pub fn by_hand(&self) -> bool {
        self.driver == "manual"
    }
}

/// Bounds that no suite may exceed; checked before anything is powered, and again by the guard at every command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Interlocks {
    /// Longest time the coil may be energised at once.
    pub coil_max_on_s: Seconds,
    /// Shortest time between two presses.
    pub coil_min_off_s: Seconds,
    /// Electrical power of the coil while it pulls in, in watts.
    pub coil_pull_w: f64,
    /// Electrical power of the coil while it holds, in watts.
    pub coil_hold_w: f64,
    /// How long it is driven at full power before it only holds.
    pub coil_peak_s: Seconds,
    /// Temperature that the coil never exceeds.
    pub coil_max_c: Celsius,
    /// Thermal resistance from coil to air, kelvin per watt.
    pub coil_k_per_w: f64,
    /// Thermal time constant of the coil.
    pub coil_tau_s: Seconds,
    /// Voltage that the supply never exceeds, beside the limits of profile and adapter.
    pub supply_max_v: Volts,
    /// Shortest time without supply before it is switched on again.
    pub supply_min_off_s: Seconds,
    /// The rig has a pull-down at the coil's gate.
    pub pull_down: bool,
    /// The rig has a hardware one-shot that ends a press by itself.
    pub one_shot: bool,
}

impl Default for Interlocks {
    /// A small 12 V 5 W push solenoid driven peak-and-hold: 5 W pulling, a quarter of it holding, 85 °C reached at rated
    /// power in 20 °C air, never above 120 °C (tubular solenoid data sheets).
    fn default() -> Self {
        Self {
            coil_max_on_s: Seconds::new(100.0),
            coil_min_off_s: Seconds::new(1.0),
            coil_pull_w: 5.0,
            coil_hold_w: 1.25,
            coil_peak_s: Seconds::new(0.15),
            coil_max_c: Celsius::new(85.0),
            coil_k_per_w: 13.0,
            coil_tau_s: Seconds::new(300.0),
            supply_max_v: Volts::new(15.0),
            supply_min_off_s: Seconds::new(2.0),
            pull_down: false,
            one_shot: false,
        }
    }
}

/// What was found when the rig was calibrated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Calibration {
    /// Day of the calibration, `YYYY-MM-DD`; `None`: never calibrated.
    pub date: Option<String>,
    /// Last day on which it holds, `YYYY-MM-DD`; `None`: for ever. After it no run begins unless it is told to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// From coil on to contact closed.
    pub pull_in_s: Seconds,
    /// From coil off to contact open.
    pub drop_out_s: Seconds,
    /// Standard uncertainty of the difference of both.
    pub stroke_u_s: Seconds,
    /// Reading of the light sensor in the dark, as a share of full scale.
    pub light_dark: f64,
    /// Reading of the light sensor with the camera's light on, as a share of full scale.
    pub light_lit: f64,
    /// What was found of the light sensor's colour channels, where it has them.
    #[serde(skip_serializing_if = "ColourCalibration::is_assumed")]
    pub colour: ColourCalibration,
    /// What else `pinhole calibrate` found: recorded with every run, and nothing is reckoned with it.
    #[serde(skip_serializing_if = "Found::is_nothing")]
    pub found: Found,
    /// What the bench showed with units of which one knows what they do: recorded with every run.
    #[serde(skip_serializing_if = "Shown::is_nothing")]
    pub shown: Shown,
}

/// Standard uncertainties and figures of the rig, where they were measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Found {
    /// Standard uncertainty of `pull_in_s` for one press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_in_u_s: Option<Seconds>,
    /// Standard uncertainty of `drop_out_s` for one press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_out_u_s: Option<Seconds>,
    /// Standard deviation of the light sensor's reading in the dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light_dark_u: Option<f64>,
    /// Standard deviation of the light sensor's reading with the light on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light_lit_u: Option<f64>,
    /// What a programmable supply gave more than it was set to, in volts, at the plug or at its own terminals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supply_offset_v: Option<f64>,
    /// Standard uncertainty of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supply_offset_u_v: Option<f64>,
    /// Greatest lateness of an edge of the coil.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coil_late_s: Option<Seconds>,
    /// Standard deviation of the length of a press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coil_jitter_s: Option<Seconds>,
}

impl Found {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What was found of the colour channels. All lists are red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct ColourCalibration {
    /// Readings in the dark, as shares of full scale.
    pub dark: [f64; 3],
    /// What readings above the dark are multiplied with, so that a white light reads the same in all three channels.
    pub gain: [f64; 3],
    /// What each channel then sees of a red, a green and a blue light, a row for each channel: the places beside the diagonal are crosstalk.
    pub filters: [[f64; 3]; 3],
}

impl ColourCalibration {
    /// Whether it was never made.
    fn is_assumed(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for ColourCalibration {
    /// As dark as the brightness channel, channels that are alike, and filters as broad as those of a TCS3472 (assumptions until calibrated).
    fn default() -> Self {
        Self { dark: [0.02; 3], gain: [1.0; 3], filters: [[0.90, 0.15, 0.05], [0.10, 0.75, 0.25], [0.10, 0.25, 0.75]] }
    }
}

impl Calibration {
    /// How long the coil is energised for a contact of `hold`: the contact closes and opens later than the coil's current.
    pub fn coil_time(&self, hold: Seconds) -> Seconds {
        (hold + self.pull_in_s - self.drop_out_s).max(Seconds::from_millis(1))
    }
}

impl Default for Calibration {
    /// Middle of the ranges for small solenoids with a plain diode (10 to 30 ms, 5 to 50 ms: an assumption until measured).
    fn default() -> Self {
        Self {
            date: None,
            due: None,
            pull_in_s: Seconds::from_millis(20),
            drop_out_s: Seconds::from_millis(25),
            stroke_u_s: Seconds::from_millis(15),
            light_dark: 0.02,
            light_lit: 0.4,
            colour: ColourCalibration::default(),
            found: Found::default(),
            shown: Shown::default(),
        }
    }
}
