//! The adapters of a world.

use crate::domain::units::{Amps, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A power source with its cable: a voltage behind a resistance, with the bad habits of real ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AdapterModel {
    /// Voltage without load; of a programmable one: before it is set. 0 to 60 V.
    pub open_v: Volts,
    /// Its voltage can be set.
    #[serde(default)]
    pub programmable: bool,
    /// Resistance of the source itself, 0 to 10 ohm. Good units have 0.05 to 0.15 (assumption), 5 % load regulation at 1 A allows 0.67.
    #[serde(default = "output_ohm")]
    pub output_ohm: f64,
    /// Resistance of the cable, both conductors together, 0 to 10 ohm. A cheap 1.8 m USB cable has 2, a bad one 3 (measured by others).
    #[serde(default = "cable_ohm")]
    pub cable_ohm: f64,
    /// Current above which it protects itself, 0.01 to 20 A.
    #[serde(default = "limit_a")]
    pub limit_a: Amps,
    /// How it protects itself.
    #[serde(default)]
    pub over_current: OverCurrent,
    /// Ripple, peak to peak, 0 to 2 V. It is seen as noise at the plug, a sixth of it as standard deviation (assumption: its phase to the
    /// sampling is by chance). Data sheets: 0.12 to 0.15 V.
    #[serde(default = "ripple_v")]
    pub ripple_v: Volts,
    /// How long the output stays up after the mains goes, 0 to 1 s. Data sheets: 10 to 20 ms.
    #[serde(default = "hold_up_s")]
    pub hold_up_s: Seconds,
    /// From mains to the first output, 0 to 10 s. Data sheets: up to 3 s.
    #[serde(default = "turn_on_s")]
    pub turn_on_s: Seconds,
    /// From the first output to full output, 0 to 1 s. Data sheet: 30 ms.
    #[serde(default = "rise_s")]
    pub rise_s: Seconds,
    /// Lowest mains voltage at which its output is whole, as a share of nominal, 0 to 1. Adapters for 100 to 240 V hold it down to 90 V: 0.39 of
    /// 230 V, 0.75 of 120 V. Below, the output falls in proportion; below half of it there is none (assumption).
    #[serde(default = "mains_min")]
    pub mains_min: f64,
    /// How far the output dips when the current rises by one ampere at once, beyond what its resistance takes, 0 to 5 V. A data sheet allows
    /// 0.8 V for 60 % of 2 A: 0.67.
    #[serde(default)]
    pub step_v_per_a: f64,
    /// How long such a dip lasts, 0.0001 to 1 s (assumption: the control loop of a small converter takes about two milliseconds).
    #[serde(default = "step_s")]
    pub step_s: Seconds,
    /// How far the output sags when it is warm, 0 to 10 V; it starts cold at each switch-on (assumption).
    #[serde(default)]
    pub warm_v: Volts,
    /// Time constant of that, 1 to 36 000 s (assumption).
    #[serde(default = "warm_s")]
    pub warm_s: Seconds,
    /// The hold that the camera needs on this adapter, as a multiple of the one in its windows, 0.1 to 10.
    /// Assumption: its firmware counts slower ticks, or debounces longer, under ripple.
    #[serde(default = "one")]
    pub threshold_factor: f64,
    /// Spread of the needed hold on this adapter instead of that of the window, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_spread: Option<f64>,
}

fn output_ohm() -> f64 {
    0.1
}

fn cable_ohm() -> f64 {
    0.2
}

fn limit_a() -> Amps {
    Amps::new(1.3)
}

fn ripple_v() -> Volts {
    Volts::new(0.12)
}

fn hold_up_s() -> Seconds {
    Seconds::from_millis(15)
}

fn turn_on_s() -> Seconds {
    Seconds::from_millis(500)
}

fn rise_s() -> Seconds {
    Seconds::from_millis(30)
}

fn mains_min() -> f64 {
    0.39
}

fn step_s() -> Seconds {
    Seconds::from_millis(2)
}

fn warm_s() -> Seconds {
    Seconds::new(600.0)
}

fn one() -> f64 {
    1.0
}

impl AdapterModel {
    /// What it makes of the mains: the share of its output that is left.
    pub fn output_at(&self, mains: f64) -> f64 {
        match mains {
            _ if mains <= 0.0 => 0.0,
            _ if mains >= self.mains_min => 1.0,
            _ if mains >= self.mains_min / 2.0 => mains / self.mains_min,
            _ => 0.0,
        }
    }

    /// Source and cable together, in ohms.
    pub fn ohm(&self) -> f64 {
        self.output_ohm + self.cable_ohm
    }
}

/// What a source does above its current limit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "does")]
#[schemars(deny_unknown_fields)]
pub enum OverCurrent {
    /// It gives the limit and no more: against a load of constant power its voltage collapses, and is back as soon as the load is gone.
    #[default]
    Foldback,
    /// It shuts down and tries again.
    Retry {
        /// After so long, 0.01 to 60 s.
        after_s: Seconds,
    },
}
