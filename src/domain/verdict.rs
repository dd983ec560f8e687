//! What a trial showed: verdict, evidence level, diagnosis, outcome, fault.

use super::canary::Category;
use super::ids::Seq;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The short label of a judged trial. There is no default and no "pass": a reset after two seconds may be the bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every sign of the evidence level was seen, nothing spoke against it.
    FactoryReset,
    /// A reset that left some categories of settings standing.
    PartialReset,
    /// The camera booted again and nothing was wiped.
    RebootOnly,
    /// A light or a chime answered the press, then nothing.
    AcknowledgedOnly,
    /// Nothing changed.
    NoResponse,
    /// Never ready, so never pressed: counts in the boot rate, not in the reset rate.
    NotReady,
    /// Was ready, and is not ready again at nominal supply within the recovery time.
    Dead,
    /// The evidence does not decide.
    Inconclusive,
    /// No reset question was asked.
    Checked,
}

impl Verdict {
    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::FactoryReset => "factory_reset",
            Verdict::PartialReset => "partial_reset",
            Verdict::RebootOnly => "reboot_only",
            Verdict::AcknowledgedOnly => "acknowledged_only",
            Verdict::NoResponse => "no_response",
            Verdict::NotReady => "not_ready",
            Verdict::Dead => "dead",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Checked => "checked",
        }
    }

    /// Whether it stands in the denominator of the reset rate.
    pub fn counts_in_reset_rate(self) -> bool {
        !matches!(self, Verdict::Inconclusive | Verdict::NotReady | Verdict::Checked)
    }
}

/// How strong the evidence of a trial can be, by the signs that its rig and profile can see. Rates are never mixed across levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// No sign of a reset can be seen; a reboot may be.
    None,
    /// The factory sign or the canaries alone.
    Suggested,
    /// Two of reboot, factory sign and canaries.
    Indicated,
    /// A reboot, the factory sign, and the canaries gone.
    Proved,
}

impl Level {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Suggested => "suggested",
            Level::Indicated => "indicated",
            Level::Proved => "proved",
        }
    }
}

/// What became of a canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Its category was wiped.
    Gone,
    /// It is still there.
    Survived,
    /// It could not be read.
    NotObserved,
}

/// The judgement of a trial with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The short label.
    pub verdict: Verdict,
    /// How strong the evidence could be.
    pub level: Level,
    /// What became of each canary that was written; of one that was not read back before the stimulus it is not observed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canaries: BTreeMap<Category, Fate>,
    /// Why, in whole sentences, the deciding reason first.
    pub reasons: Vec<String>,
    /// The journal lines that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided_by: Vec<Seq>,
    /// The journal lines that spoke against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<Seq>,
    /// Whether the camera itself said on its console that its button was pressed; absent where it does not say so, or could not be heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<bool>,
}

/// What kind of failure of the rig it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A device refused a command.
    Refused,
    /// A step did not end in its time.
    Timeout,
    /// A device went away.
    Disconnected,
    /// A device delivered faster than it was read.
    Overflow,
    /// A device accepted a command and did not do it.
    Disobeyed,
    /// The camera could not be brought to a known state that is not the factory state.
    Provisioning,
    /// The measured hold was out of tolerance.
    HoldOutOfTolerance,
    /// The guard made the outputs safe.
    GuardTrip,
    /// An interlock refused the step.
    Interlock,
    /// The operator did not or could not do what was asked.
    Operator,
}

impl FaultKind {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Refused => "refused",
            FaultKind::Timeout => "timeout",
            FaultKind::Disconnected => "disconnected",
            FaultKind::Overflow => "overflow",
            FaultKind::Disobeyed => "disobeyed",
            FaultKind::Provisioning => "provisioning",
            FaultKind::HoldOutOfTolerance => "hold_out_of_tolerance",
            FaultKind::GuardTrip => "guard_trip",
            FaultKind::Interlock => "interlock",
            FaultKind::Operator => "operator",
        }
    }
}

/// A failure of the rig, never of the camera.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{source_name}: {detail}")]
pub struct Fault {
    /// What kind.
    pub fault: FaultKind,
    /// Which port, driver or step.
    #[serde(rename = "source")]
    pub source_name: String,
    /// What happened, in words.
    pub detail: String,
}

impl Fault {
    /// A fault of `kind` at `source`.
    pub fn new(fault: FaultKind, source: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { fault, source_name: source.into(), detail: detail.into() }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The evidence was judged.
    Judged(Verdict),
    /// The rig failed.
    Faulted(FaultKind),
    /// It was given up before it could be judged: a stop or a crash.
    Abandoned,
}

impl Outcome {
    /// The word of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Judged(_) => "judged",
            Outcome::Faulted(_) => "faulted",
            Outcome::Abandoned => "abandoned",
        }
    }

    /// The verdict, where it was judged.
    pub fn verdict(self) -> Option<Verdict> {
        match self {
            Outcome::Judged(verdict) => Some(verdict),
            Outcome::Faulted(_) | Outcome::Abandoned => None,
        }
    }
}
