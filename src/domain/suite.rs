//! The written experiment.

use super::condition::{Check, Release};
use super::ids::{AdapterName, OutletName};
use super::limit::Limit;
use super::rma::ReturnPlan;
use super::units::Seconds;
use super::units::Volts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A suite file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Suite {
    /// Version of the file format: 1.
    pub schema: u32,
    /// Name of the experiment: letters, digits, `-`, `_`, `.`.
    pub name: String,
    /// Path of the DUT profile, relative to this file.
    pub dut: String,
    /// Path of the rig, relative to this file; `--rig` overrides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rig: Option<String>,
    /// Folder of the adapter files, relative to this file.
    #[serde(default = "default_adapters", skip_serializing_if = "is_default_adapters")]
    pub adapters: String,
    /// What is varied.
    pub factors: Factors,
    /// How the trials are laid out.
    pub design: Design,
    /// What the results are held against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Which raw readings are kept.
    #[serde(default)]
    pub traces: Keep,
    /// Upper bounds of time.
    #[serde(default)]
    pub timeouts: Timeouts,
    /// How a return is decided. Written by `pinhole rma`, not by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rma: Option<ReturnPlan>,
}

fn default_adapters() -> String {
    "../adapters".to_owned()
}

fn is_default_adapters(path: &str) -> bool {
    path == "../adapters"
}

/// What is varied. All levels are crossed with each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Factors {
    /// Names of files in the adapters folder.
    pub adapter: Vec<AdapterName>,
    /// Named mains sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlet: Vec<OutletName>,
    /// Commanded holds: levels, or a range for an adaptive design.
    pub hold_s: Holds,
    /// How presses end.
    #[serde(default = "default_release")]
    pub release: Vec<Release>,
    /// The longest hold with `on_change`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_max_s: Option<Seconds>,
    /// Set voltages, for adapters of kind `programmable` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supply_v: Vec<Volts>,
    /// Press so long after power-on instead of when ready.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub press_after_s: Vec<Seconds>,
}

fn default_release() -> Vec<Release> {
    vec![Release::AfterHold]
}

/// The holds of a suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Holds {
    /// Levels.
    Levels(Vec<Seconds>),
    /// A range, for an adaptive design.
    Range(HoldRange),
}

/// A range of holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HoldRange {
    /// The shortest hold, in seconds.
    pub from: Seconds,
    /// The longest hold, in seconds.
    pub to: Seconds,
}

impl Holds {
    /// The levels, where there are levels.
    pub fn levels(&self) -> &[Seconds] {
        match self {
            Holds::Levels(levels) => levels,
            Holds::Range(_) => &[],
        }
    }

    /// The longest hold that may be commanded.
    pub fn longest(&self) -> Option<Seconds> {
        match self {
            Holds::Levels(levels) => levels.iter().copied().max(),
            Holds::Range(range) => Some(range.to),
        }
    }
}

/// The kind of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesignKind {
    /// Every combination of levels, so many replicates each.
    Grid,
    /// Holds chosen by the data.
    Adaptive,
    /// One condition, as many trials as the decision needs.
    GoNoGo,
    /// The tests of a returned unit, each chosen by what the ones before showed. Written by `pinhole rma`, not by people.
    Rma,
    /// No reset question: the rig is checked or calibrated.
    Check,
}

/// The order of the planned slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As written: adapter by adapter, hold by hold.
    Sequential,
    /// All slots shuffled together.
    Random,
    /// Adapter by adapter, the trials of each shuffled: for adapters that a person swaps. What changes with time is then taken for the adapter.
    ByAdapter,
    /// Replicate by replicate, each shuffled: time, heat and ageing hit all conditions alike.
    #[default]
    Blocked,
}

/// How the trials are laid out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Design {
    /// Which design.
    pub kind: DesignKind,
    /// Trials of each condition (grid).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// Shams of each adapter (at each voltage).
    #[serde(default)]
    pub shams_per_adapter: u32,
    /// Presses with the supply off, of each adapter.
    #[serde(default)]
    pub unpowered_per_adapter: u32,
    /// Order of the slots.
    #[serde(default)]
    pub order: Order,
    /// Seed of every choice made by chance.
    #[serde(default)]
    pub seed: u64,
    /// Tries of a slot whose trials are lost to faults, 1 to 10.
    #[serde(default = "default_attempts")]
    pub attempts: u32,
    /// Bench hours after which no block is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_h: Option<f64>,
    /// Local time of day, `HH:MM`, after which no block is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// A measured hold further from the commanded one than this share of it (and its uncertainty) is repeated.
    #[serde(default = "default_hold_tolerance")]
    pub hold_tolerance: f64,
    /// What an adaptive design estimates: `hold50`, `hold95`, `hold99` or `hold95_rel`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Half width of the interval, as a share of the estimate, at which an adaptive design stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rel_half_width: Option<f64>,
    /// Instead of a precision: stop when it is certain whether the target is shorter than this hold (adaptive).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_hold_s: Option<Seconds>,
    /// The most presses of one adapter (at each voltage) of an adaptive design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials_per_adapter: Option<u32>,
    /// The most presses of an adaptive design, after which no block is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presses: Option<u32>,
    /// Every so many presses of an adapter one is a random place far from the threshold (adaptive); 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_every: Option<u32>,
    /// Adapters tell each other nothing (adaptive).
    #[serde(default, skip_serializing_if = "is_false")]
    pub alone: bool,
    /// The reset rate that a go/no-go suite accepts; half-way between the limit and 1 where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_rate: Option<f64>,
    /// What a design of kind `check` measures. Those with the supply off are made once for each replicate, the others once for each adapter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

impl Design {
    /// What an adaptive design estimates: the hold at which 95 % of the way to the plateau is done, where the suite says nothing.
    pub fn target(&self) -> &str {
        self.target.as_deref().unwrap_or("hold95_rel")
    }

    /// Half width of the interval, as a share of the estimate, at which an adaptive design stops; a tenth where the suite says nothing.
    pub fn half_width(&self) -> f64 {
        self.rel_half_width.unwrap_or(0.10)
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn default_attempts() -> u32 {
    3
}

fn default_hold_tolerance() -> f64 {
    0.02
}

/// Which raw readings are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Those of every trial.
    All,
    /// Those of trials that a person will want to see: faults, inconclusive, partial, dead, a sham that was not silent.
    #[default]
    Flagged,
    /// None.
    None,
}

/// Upper bounds of time beside the profile's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Timeouts {
    /// One trial.
    pub trial_s: Seconds,
    /// The whole run, in bench hours.
    pub run_h: f64,
    /// The answer of a person, who may be asleep.
    pub answer_s: Seconds,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { trial_s: Seconds::new(3600.0), run_h: 240.0, answer_s: Seconds::new(43_200.0) }
    }
}
