//! What summary.json holds. The JSON schema that `pinhole schema summary` prints is made from these types.
//!
//! Version 1. Fields may be added under the same number; none is removed, renamed or given another meaning. Rates are 0 to 1. `null` means: not
//! known, not observed, or no such end.

use crate::domain::event::FinishReason;
use crate::domain::limit::LimitStatus;
use crate::domain::units::{Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The result of one or several runs, for programs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Version of this format: 1.
    pub schema: u32,
    /// Name of the suite; of the first run, where several were pooled.
    pub suite: String,
    /// Model of the cameras.
    pub dut_model: String,
    /// Exit code of the run or report.
    pub exit_code: u8,
    /// The result in a sentence.
    #[serde(default)]
    pub headline: String,
    /// Nothing that the suites ask for is missing.
    pub complete: bool,
    /// Cameras that were tested.
    pub units: usize,
    /// Attempts that have ended.
    pub trials: u32,
    /// Attempts with a verdict.
    pub judged: u32,
    /// Attempts that were faulted or abandoned.
    pub attempts_lost: u32,
    /// Failures of the rig, in trials and between them.
    pub faults: u32,
    /// Controls after which a reset was seen.
    pub control_resets: u32,
    /// Verdicts of judged trials by stimulus and evidence level; trials without a level of their own stand under an empty one.
    pub verdicts: BTreeMap<String, BTreeMap<String, BTreeMap<String, u32>>>,
    /// The limits of the suite.
    pub limits: Vec<LimitEntry>,
    /// Holds for 50, 95 and 99 % success.
    pub thresholds: Vec<ThresholdEntry>,
    /// The rate that no hold exceeds, of each fitted response.
    #[serde(default)]
    pub plateaus: Vec<PlateauEntry>,
    /// Counts and rates, each with all its intervals.
    #[serde(default)]
    pub cells: Vec<CellEntry>,
    /// Cells that are not given, since there are very many: cells.csv has them.
    #[serde(default)]
    pub cells_left_out: usize,
    /// What the adapters gave.
    #[serde(default)]
    pub power: Vec<PowerEntry>,
    /// What was measured of the support guide's claims.
    #[serde(default)]
    pub guide: Vec<GuideEntry>,
    /// The runs, by run id.
    pub runs: Vec<RunEntry>,
}

/// A limit of the suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LimitEntry {
    /// Its name.
    pub name: String,
    /// Not met if any subject does not meet it, met if all do.
    pub status: LimitStatus,
    /// The units and adapters that it speaks of.
    pub subjects: Vec<SubjectEntry>,
}

/// What the data say of a limit for one unit and adapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectEntry {
    /// The unit.
    pub dut_serial: String,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// Evidence level of the rate; `null` for a measurement.
    pub level: Option<String>,
    /// The finding.
    pub status: LimitStatus,
    /// Trials or values that it rests on.
    pub n: u32,
    /// The worse rate, or the value that is worst for the limit.
    pub value: Option<f64>,
    /// One-sided bound from below, before Holm's correction.
    pub lower: Option<f64>,
    /// One-sided bound from above, before Holm's correction.
    pub upper: Option<f64>,
    /// Values close to a bound.
    pub marginal: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// A hold at which presses reset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdEntry {
    /// The unit.
    pub dut_serial: String,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// `hold50`, `hold95`, `hold99` (absolute success) or `hold95_rel` (95 % of the way to the plateau).
    pub quantity: String,
    /// `from` where the response rises, `to` where it falls again.
    pub edge: String,
    /// The estimate in seconds.
    pub value_s: Option<f64>,
    /// Lower end in seconds; `null` where nothing below is excluded.
    pub lo_s: Option<f64>,
    /// Upper end in seconds; `null` where nothing above is excluded.
    pub hi_s: Option<f64>,
    /// Two-sided confidence of the interval.
    pub confidence: f64,
    /// Presses that it rests on.
    pub n: u32,
    /// `ok`, `open_above`, `open_below`, `open`, `none`, `not_enough_data` or `not_monotone`.
    pub status: String,
    /// Doubts, as stable words.
    pub caveats: Vec<String>,
}

/// The rate that no hold exceeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlateauEntry {
    /// The unit.
    pub dut_serial: String,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// Evidence level.
    pub level: String,
    /// The estimate.
    pub value: f64,
    /// Lower end of its interval (profile likelihood).
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// Presses that it rests on.
    pub n: u32,
}

/// A cell: one unit, adapter, voltage, stimulus, hold and evidence level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CellEntry {
    /// The unit.
    pub dut_serial: String,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// `press`, `sham` or `unpowered_press`.
    pub stimulus: String,
    /// `after_hold` or `on_change`.
    pub release: Option<String>,
    /// Commanded hold in seconds.
    pub hold_s: Option<Seconds>,
    /// Evidence level.
    pub level: String,
    /// Trials that the suite asks for.
    pub planned: u32,
    /// Trials in the denominator of the rate.
    pub n: u32,
    /// Factory resets.
    pub resets: u32,
    /// The rate.
    pub rate: Option<f64>,
    /// Two-sided confidence of the intervals.
    pub confidence: f64,
    /// Wilson's interval: the one that the page shows.
    pub wilson: Option<[f64; 2]>,
    /// The exact interval of Clopper and Pearson.
    pub clopper_pearson: Option<[f64; 2]>,
    /// Jeffreys's interval.
    pub jeffreys: Option<[f64; 2]>,
    /// The rate if no inconclusive trial had been a reset.
    pub rate_worst: Option<f64>,
    /// The rate if every inconclusive trial had been one.
    pub rate_best: Option<f64>,
    /// Doubts, as stable words.
    pub caveats: Vec<String>,
}

/// Values of a quantity: how many, lowest, mean, highest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpreadEntry {
    /// How many.
    pub n: u32,
    /// The lowest.
    pub min: f64,
    /// Their mean.
    pub mean: f64,
    /// The highest.
    pub max: f64,
}

/// What one adapter gave one unit, over judged trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PowerEntry {
    /// The unit.
    pub dut_serial: String,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// Judged trials.
    pub trials: u32,
    /// Volts before the camera was connected.
    pub open_v: Option<SpreadEntry>,
    /// Mean volts at the plug when ready.
    pub plug_v_idle: Option<SpreadEntry>,
    /// Volts at the plug while a camera that never became ready was waited for.
    pub plug_v_start: Option<SpreadEntry>,
    /// Lowest volts at the plug after contact.
    pub plug_v_min: Option<SpreadEntry>,
    /// Lowest volts at the plug while the camera showed that it erases.
    pub plug_v_erase: Option<SpreadEntry>,
    /// Highest amperes at the plug after contact.
    pub plug_a_max: Option<SpreadEntry>,
    /// The camera's lowest rated voltage.
    pub rated_min_v: Volts,
    /// Trials in which the plug's voltage was measured after contact, or while the camera was waited for in vain.
    pub measured: u32,
    /// Those of them in which it was below the rated one.
    pub sagged: u32,
    /// Trials in which the camera was never ready and the voltage was below the rated one.
    pub weak_starts: u32,
    /// Presses after which it was and the camera restarted without a whole reset, or was dead.
    pub brown_outs: u32,
    /// Trials in which the camera was never ready.
    pub not_ready: u32,
}

/// A share of trials with Wilson's interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareEntry {
    /// Trials with the property.
    pub k: u32,
    /// All.
    pub n: u32,
    /// Lower end; `null` without trials.
    pub lo: Option<f64>,
    /// Upper end; `null` without trials.
    pub hi: Option<f64>,
}

/// What was measured of the support guide's claims through one adapter, at one evidence level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GuideEntry {
    /// The unit.
    pub dut_serial: String,
    /// Its firmware, where known.
    pub dut_fw: Option<String>,
    /// The adapter.
    pub adapter: String,
    /// Set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// Evidence level; `null` for boots, which have none.
    pub level: Option<String>,
    /// Cameras that were ready within two minutes of power-on.
    pub ready_in_time: ShareEntry,
    /// Seconds from power-on to readiness.
    pub boot_s: Option<SpreadEntry>,
    /// Resets of presses of 30 to 60 s.
    pub as_asked: ShareEntry,
    /// Resets of shorter presses.
    pub shorter: ShareEntry,
    /// Resets of presses of 30 s or more that came before two minutes.
    pub too_early: ShareEntry,
    /// Resets whose press showed a change while it was held.
    pub change_at_reset: ShareEntry,
    /// Resets of presses that were let go without a change.
    pub without_change: ShareEntry,
    /// Seconds from contact to the change.
    pub change_s: Option<SpreadEntry>,
    /// Factory resets among presses that the camera answered in any way.
    pub answered: ShareEntry,
    /// Reboots after a press that were done within five minutes.
    pub reboot_in_time: ShareEntry,
    /// Seconds from the first sign of the reboot to readiness.
    pub reboot_s: Option<SpreadEntry>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunEntry {
    /// Its id.
    pub run_id: String,
    /// Wall time of its start, RFC 3339.
    pub started_at: String,
    /// The program that started it, with its version.
    pub program: String,
    /// The bench.
    pub station: String,
    /// The nest on it.
    pub position: String,
    /// Day of the position's calibration; `null`: never.
    #[serde(default)]
    pub calibrated: Option<String>,
    /// The unit.
    pub dut_serial: String,
    /// Its firmware, where known.
    pub dut_fw: Option<String>,
    /// Who stood at the bench, each once.
    #[serde(default)]
    pub operators: Vec<String>,
    /// The suite's seed.
    pub seed: u64,
    /// SHA-256 of each input file, by name, in hexadecimal.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Why the last session ended; `null` while it runs or after a crash.
    #[schemars(with = "Option<String>")]
    pub finish: Option<FinishReason>,
    /// Nothing that the suite asks for is missing.
    pub complete: bool,
    /// Sessions: one, and one for each time that it was resumed.
    pub sessions: usize,
    /// Slots that the suite asks for; `null` for a design that chooses as it goes.
    pub slots_planned: Option<u32>,
    /// Slots begun.
    pub slots_begun: u32,
    /// Slots with a verdict.
    pub slots_judged: u32,
    /// Slots given up after all their attempts were lost to faults.
    pub slots_lost: u32,
    /// Bench time of its trials.
    pub bench_s: Seconds,
    /// SHA-256 of the journal's last line.
    pub journal_head: Option<String>,
}
