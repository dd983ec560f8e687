//! What a trial is tried under: one combination of levels.

use super::ids::{AdapterName, BlockNo, OutletName, SlotId};
use super::units::{Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a press ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// When the commanded hold has passed.
    AfterHold,
    /// When the commanded hold has passed and a change was seen, at most after the longest hold: the support guide's way.
    OnChange,
}

/// What ended a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReleasedBy {
    /// The commanded hold passed.
    Hold,
    /// A change was seen.
    Change,
    /// The longest hold passed without a change.
    Max,
    /// The guard, a fault or the operator ended it.
    Interrupted,
}

/// A measurement without a reset question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Power on and wait for readiness.
    Boot,
    /// Lower the supply until the camera goes out.
    SupplyRamp,
    /// Short presses with the supply off, watching the coil and the contact.
    ButtonContact,
    /// The light sensor with the camera unpowered.
    DarkLight,
    /// A returned unit comes in: consent, the operator's pre-checks, one stroke without power.
    Intake,
    /// Set the voltages that the camera is rated for, one after the other, and read each back.
    Supply,
}

impl Check {
    /// Whether it is made with the supply off.
    pub fn unpowered(self) -> bool {
        matches!(self, Check::ButtonContact | Check::DarkLight)
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Check::Boot => "boot",
            Check::SupplyRamp => "supply_ramp",
            Check::ButtonContact => "button_contact",
            Check::DarkLight => "dark_light",
            Check::Intake => "intake",
            Check::Supply => "supply",
        }
    }
}

/// What is done to the camera in a trial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stimulus {
    /// A press of the button.
    Press {
        /// The commanded hold: from contact to release, or the shortest one with `on_change`.
        hold_s: Seconds,
        /// When it ends.
        release: Release,
        /// The longest hold; equal to `hold_s` with `after_hold`.
        max_s: Seconds,
    },
    /// Everything but the press, for as long as a press of `wait_s` would take: the false-positive control.
    Sham {
        /// How long nothing is pressed.
        wait_s: Seconds,
    },
    /// A press with the supply off: an echo or coupling seen here is no life.
    UnpoweredPress {
        /// The commanded hold.
        hold_s: Seconds,
    },
    /// No reset question: gives measurements, is judged `checked`, never enters a rate.
    Check {
        /// Which measurement.
        check: Check,
    },
}

impl Stimulus {
    /// The word of the contract for this kind of stimulus.
    pub fn name(&self) -> &'static str {
        match self {
            Stimulus::Press { .. } => "press",
            Stimulus::Sham { .. } => "sham",
            Stimulus::UnpoweredPress { .. } => "unpowered_press",
            Stimulus::Check { .. } => "check",
        }
    }

    /// The commanded hold of a stimulus that presses.
    pub fn hold(&self) -> Option<Seconds> {
        match self {
            Stimulus::Press { hold_s, .. } | Stimulus::UnpoweredPress { hold_s } => Some(*hold_s),
            Stimulus::Sham { .. } | Stimulus::Check { .. } => None,
        }
    }

    /// How a press ends; `None` where nothing is pressed under power.
    pub fn release(&self) -> Option<Release> {
        match self {
            Stimulus::Press { release, .. } => Some(*release),
            _ => None,
        }
    }

    /// The longest time the coil may be energised for it.
    pub fn longest_hold(&self) -> Seconds {
        match self {
            Stimulus::Press { max_s, .. } => *max_s,
            Stimulus::UnpoweredPress { hold_s } => *hold_s,
            Stimulus::Sham { .. } | Stimulus::Check { .. } => Seconds::ZERO,
        }
    }
}

/// One combination of levels: adapter x voltage x stimulus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// The adapter with its cable.
    pub adapter: AdapterName,
    /// The mains source, where the suite names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<OutletName>,
    /// The voltage set at a programmable supply; `None` for a fixed adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_v: Option<Volts>,
    /// Press this long after power-on instead of when the camera is ready: what does pressing too early cost?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub press_after_s: Option<Seconds>,
    /// What is done.
    pub stimulus: Stimulus,
}

/// Why a slot exists. Recorded when it is begun, never recomputed for the past.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It stands in the plan.
    Planned,
    /// An adaptive design chose it, for this reason.
    Chosen(String),
    /// A random place that guards an adaptive design against its own beliefs.
    Probe,
    /// A control.
    Sham,
}

/// A planned place in a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// Its number, unique in the run.
    pub id: SlotId,
    /// Its block.
    pub block: BlockNo,
    /// Why it exists.
    pub origin: Origin,
    /// What is tried.
    pub condition: Condition,
}
