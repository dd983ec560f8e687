//! Procedures as data: what is done in a trial, step by step. Plans never touch hardware.

use super::condition::Check;
use super::ids::AdapterName;
use super::units::{Seconds, Volts};
use serde::{Deserialize, Serialize};

/// Name of [`Step::Provision`].
pub const PROVISION: &str = "provision";

/// One action of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// Let the coil cool until the press to come fits its heat budget.
    RestCoil {
        /// The longest press to come.
        longest_s: Seconds,
    },
    /// Start the trial proper: what came before only prepared the camera.
    Begin,
    /// Switch the supply off.
    PowerOff,
    /// Wait until the capacitors are empty, so that the boot is cold.
    Drain {
        /// How long.
        for_s: Seconds,
    },
    /// Connect an adapter; nothing but its name may be known of it.
    Connect {
        /// Which.
        adapter: AdapterName,
    },
    /// Measure the open-circuit voltage before the camera is connected.
    MeasureOpen,
    /// Set a programmable supply.
    SetSupply {
        /// The voltage.
        volts: Volts,
    },
    /// Switch the supply on.
    PowerOn,
    /// Wait until the camera is ready.
    AwaitReady {
        /// Not before this long after power-on.
        not_before_s: Seconds,
    },
    /// Wait until so long after power-on, ready or not.
    AwaitSincePower {
        /// How long.
        for_s: Seconds,
    },
    /// Bring the camera out of the factory state.
    Provision,
    /// Prove that every factory sign can be seen, and is not there.
    ProveNotFactory,
    /// Write the canaries.
    WriteCanaries,
    /// Read the canaries back: each must be there.
    ReadBackCanaries,
    /// Close the contact.
    Press {
        /// The longest the coil may stay energised.
        max_s: Seconds,
    },
    /// Keep it closed.
    Hold {
        /// At least so long, from contact or, with hold-then-power, from power-on.
        for_s: Seconds,
        /// Then until a change is seen.
        until_change: bool,
        /// At most so long.
        max_s: Seconds,
    },
    /// Do nothing for as long as a press would take.
    Sham {
        /// How long.
        for_s: Seconds,
    },
    /// Open the contact.
    Release,
    /// Watch for the reboot and the readiness after it.
    Watch,
    /// Look for the factory signs and read the canaries.
    Verify,
    /// Take a measurement without a reset question.
    Measure {
        /// Which.
        check: Check,
    },
    /// Ask whether the tip met the button in the stroke that was just made.
    Aligned,
    /// Feed the camera its nominal voltage from the best source and see whether it comes back.
    Recover,
    /// Wait until the write window of the last press or power-on has passed.
    SitOutWriteWindow,
}

impl Step {
    /// The steps without fields of their own.
    pub const BARE: [Step; 14] = [
        Step::Begin,
        Step::PowerOff,
        Step::MeasureOpen,
        Step::PowerOn,
        Step::Provision,
        Step::ProveNotFactory,
        Step::WriteCanaries,
        Step::ReadBackCanaries,
        Step::Release,
        Step::Watch,
        Step::Verify,
        Step::Aligned,
        Step::Recover,
        Step::SitOutWriteWindow,
    ];

    /// The word used in files and on screen.
    pub fn name(&self) -> &'static str {
        match self {
            Step::RestCoil { .. } => "rest_coil",
            Step::Begin => "begin",
            Step::PowerOff => "power_off",
            Step::Drain { .. } => "drain",
            Step::Connect { .. } => "connect",
            Step::MeasureOpen => "measure_open",
            Step::SetSupply { .. } => "set_supply",
            Step::PowerOn => "power_on",
            Step::AwaitReady { .. } => "await_ready",
            Step::AwaitSincePower { .. } => "await_since_power",
            Step::Provision => PROVISION,
            Step::ProveNotFactory => "prove_not_factory",
            Step::WriteCanaries => "write_canaries",
            Step::ReadBackCanaries => "read_back_canaries",
            Step::Press { .. } => "press",
            Step::Hold { .. } => "hold",
            Step::Sham { .. } => "sham",
            Step::Release => "release",
            Step::Watch => "watch",
            Step::Verify => "verify",
            Step::Measure { .. } => "measure",
            Step::Aligned => "aligned",
            Step::Recover => "recover",
            Step::SitOutWriteWindow => "sit_out_write_window",
        }
    }
}

/// A step with the time it may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedStep {
    /// The action.
    #[serde(flatten)]
    pub step: Step,
    /// Given up after this long.
    pub timeout_s: Seconds,
}

/// What is done in a trial. Once any step of `setup` has begun, `teardown` is run, whatever happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Brings camera and rig to the known state before the stimulus.
    pub setup: Vec<TimedStep>,
    /// The question put to the camera, and the answer.
    pub stimulus: Vec<TimedStep>,
    /// Makes everything safe; each step has its own timeout, and a failed one does not stop the next.
    pub teardown: Vec<TimedStep>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepEnd {
    /// It did what it should.
    Done,
    /// What it waited for did not come: a finding about the camera, not a fault.
    NotSeen,
    /// The rig failed.
    Faulted,
    /// Given up because of a stop.
    Stopped,
}
