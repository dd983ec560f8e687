//! The events of a run: every kind of journal line. Everything a person sees is a fold over these.

use super::adapter::Adapter;
use super::condition::{ReleasedBy, Slot};
use super::ids::{Attempt, BlockNo, DutSerial, Operator, QuestionId, RunId, SlotId, StationName};
use super::measurement::Measurement;
use super::observation::Observation;
use super::profile::Profile;
use super::rig::Position;
use super::step::{Step, StepEnd};
use super::suite::Suite;
use super::units::{Celsius, Tick};
use super::verdict::{Diagnosis, Fault, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version of the journal format that this program writes. A reader refuses another major number and keeps what it does not know of a
/// higher minor one.
pub const FORMAT: (u32, u32) = (1, 0);

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// First line of every journal.
    JournalOpened(JournalOpened),
    /// What is run, on what, by what.
    RunStarted(Box<RunStarted>),
    /// The run goes on after a crash, a power cut or a stop.
    RunResumed(RunResumed),
    /// A block of slots begins.
    BlockStarted(BlockStarted),
    /// An attempt at a slot begins.
    TrialStarted(TrialStarted),
    /// A step begins.
    StepStarted(StepStarted),
    /// A step ended.
    StepFinished(StepFinished),
    /// A sensor's state changed.
    Observed(Observed),
    /// A value was measured.
    Measured(Measured),
    /// A trace was completed.
    Attached(Attached),
    /// The bench and its computer.
    Environment(Environment),
    /// A person was asked.
    Asked(Asked),
    /// A person answered.
    Answered(Answered),
    /// The evidence was judged.
    Diagnosed(Diagnosis),
    /// The attempt has its outcome.
    TrialFinished(TrialFinished),
    /// The attempt was given up.
    TrialAbandoned(TrialAbandoned),
    /// The rig failed.
    Faulted(Fault),
    /// No trial is begun until the run goes on.
    Paused(Empty),
    /// The run goes on.
    Continued(Empty),
    /// Somebody wants the run to end.
    StopRequested(StopRequested),
    /// The session has ended.
    RunFinished(RunFinished),
}

/// First line of every journal. One of the three kinds that hold identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalOpened {
    /// `major.minor` of the format.
    pub format: String,
    /// The run.
    pub run_id: RunId,
    /// Wall time at tick 0.
    pub wall: Timestamp,
    /// The program and its version.
    pub program: String,
    /// The computer.
    pub host: String,
}

/// What is run. It embeds all resolved input, so that report, resume and rejudge need nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStarted {
    /// The run.
    pub run_id: RunId,
    /// Wall time at tick 0.
    pub wall: Timestamp,
    /// Who stands at the bench.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The unit.
    pub dut_serial: DutSerial,
    /// Firmware of the unit, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dut_fw: Option<String>,
    /// The bench.
    pub station: StationName,
    /// The position with its drivers, interlocks and calibration.
    pub position: Position,
    /// The experiment.
    pub suite: Suite,
    /// The model.
    pub profile: Profile,
    /// The adapters that the suite names.
    pub adapters: Vec<Adapter>,
    /// SHA-256 of each input file, by name, in hexadecimal.
    pub inputs: Vec<(String, String)>,
    /// Doubts of preflight that did not forbid the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The run goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResumed {
    /// Wall time at tick 0 of this session.
    pub wall: Timestamp,
    /// Who stands at the bench.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The program and its version.
    pub program: String,
    /// The computer.
    pub host: String,
    /// Bytes of a torn last line that were set aside.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub set_aside_bytes: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// A block begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockStarted {
    /// Its number.
    pub block: BlockNo,
}

/// An attempt begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialStarted {
    /// The whole slot: the choice is a fact, never recomputed.
    pub slot: Slot,
    /// Which attempt at it.
    pub attempt: Attempt,
}

/// A step begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStarted {
    /// The action.
    #[serde(flatten)]
    pub step: Step,
}

/// A step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFinished {
    /// The action's name.
    pub step: String,
    /// How it ended.
    pub end: StepEnd,
    /// What ended a press.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<ReleasedBy>,
    /// The power was cut although the camera may have been writing: counted against the unit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub power_cut: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// A sensor's state changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// When it changed; earlier than the line where decoding took time.
    pub at_us: Tick,
    /// To what.
    #[serde(flatten)]
    pub observation: Observation,
}

/// A value was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// When it was measured.
    pub at_us: Tick,
    /// The value.
    #[serde(flatten)]
    pub measurement: Measurement,
}

/// A trace was completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// `light`, `plug_v`, `plug_a`, `console`, `sound`.
    pub channel: String,
    /// File in `traces/`, named by its SHA-256.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// The bench and its computer. Absent fields were not observed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// Air temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ambient_c: Option<Celsius>,
    /// Coil temperature: measured, or by the guard's model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coil_c: Option<Celsius>,
    /// Free bytes where the journal lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_free: Option<u64>,
    /// The wall clock was set by so many microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_step_us: Option<i64>,
    /// The computer's supply is or was too low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under_voltage: Option<bool>,
    /// The computer is or was throttled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttled: Option<bool>,
}

/// A person was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its number.
    pub question: QuestionId,
    /// In words.
    pub text: String,
    /// The answers that may be given; empty for free text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// A person answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which question.
    pub question: QuestionId,
    /// The answer.
    pub answer: String,
}

/// The attempt has its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialFinished {
    /// Which slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// How it ended.
    pub outcome: Outcome,
    /// Observations beyond the number that is journalled.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub observations_counted: u64,
}

/// The attempt was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialAbandoned {
    /// Which slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// Why, in words.
    pub reason: String,
}

/// Nothing beside the envelope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// How a run is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// When the trial has its outcome.
    AfterTrial,
    /// Give the trial up, but wait out the write window before the power goes off.
    FinishSafely,
    /// At once: the power goes off although the camera may be writing.
    Now,
}

/// Somebody wants the run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopRequested {
    /// How.
    pub how: How,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The design has no slot left.
    Complete,
    /// The suite's budget of hours, or its hour of day, is spent.
    BudgetSpent,
    /// The unit is dead: no further press can say anything.
    UnitDead,
    /// The unit has suffered as much as its profile allows.
    UnitBudgetSpent,
    /// Stopped by the operator; the run can be resumed.
    Stopped,
    /// The rig failed too often; the run can be resumed.
    RigFaulted,
    /// The customer has not agreed to a reset: nothing was powered.
    Declined,
}

impl FinishReason {
    /// Whether the run may go on in another session.
    pub fn can_be_resumed(self) -> bool {
        matches!(self, FinishReason::Stopped | FinishReason::RigFaulted)
    }

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            FinishReason::Complete => "complete",
            FinishReason::BudgetSpent => "budget_spent",
            FinishReason::UnitDead => "unit_dead",
            FinishReason::UnitBudgetSpent => "unit_budget_spent",
            FinishReason::Stopped => "stopped",
            FinishReason::RigFaulted => "rig_faulted",
            FinishReason::Declined => "declined",
        }
    }
}

/// The session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFinished {
    /// Why.
    pub reason: FinishReason,
}

impl Event {
    /// The word of the contract.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::JournalOpened(_) => "journal_opened",
            Event::RunStarted(_) => "run_started",
            Event::RunResumed(_) => "run_resumed",
            Event::BlockStarted(_) => "block_started",
            Event::TrialStarted(_) => "trial_started",
            Event::StepStarted(_) => "step_started",
            Event::StepFinished(_) => "step_finished",
            Event::Observed(_) => "observed",
            Event::Measured(_) => "measured",
            Event::Attached(_) => "attached",
            Event::Environment(_) => "environment",
            Event::Asked(_) => "asked",
            Event::Answered(_) => "answered",
            Event::Diagnosed(_) => "diagnosed",
            Event::TrialFinished(_) => "trial_finished",
            Event::TrialAbandoned(_) => "trial_abandoned",
            Event::Faulted(_) => "faulted",
            Event::Paused(_) => "paused",
            Event::Continued(_) => "continued",
            Event::StopRequested(_) => "stop_requested",
            Event::RunFinished(_) => "run_finished",
        }
    }
}
