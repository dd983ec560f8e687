//! The fold over one run: trial rows, sessions, faults, findings, and how it ended.

use super::evidence::TrialEvidence;
use super::row::TrialRow;
use super::trials::{Trials, wall};
use crate::domain::event::{Event, FinishReason, JournalOpened, RunResumed};
use crate::domain::ids::{AdapterName, Attempt, Operator, RunId, Seq, SlotId};
use crate::domain::units::{Celsius, Tick};
use crate::domain::verdict::{Diagnosis, Fault, Level, Outcome, Verdict};
use jiff::Timestamp;

/// Findings of one run whose reasons are kept; more are only counted, so that a bad night does not fill the memory.
pub const FINDINGS_KEPT: usize = 1000;

/// One stretch of a run, from opening to a stop, a crash or the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Wall time at tick 0.
    pub wall: Timestamp,
    /// The program and its version.
    pub program: String,
    /// The computer.
    pub host: String,
    /// Who stood at the bench.
    pub operator: Option<Operator>,
    /// Bytes of a torn last line that were set aside when it began.
    pub set_aside_bytes: u64,
}

/// A failure of the rig, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRecord {
    /// Number of its line.
    pub seq: Seq,
    /// Wall time.
    pub at: Timestamp,
    /// The trial it befell; `None` between trials.
    pub trial: Option<(SlotId, Attempt)>,
    /// The adapter of that trial.
    pub adapter: Option<AdapterName>,
    /// What failed.
    pub fault: Fault,
}

/// A judged trial that a person will want to read about, with the reasons of its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Number of the line that judged it.
    pub seq: Seq,
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// Its adapter.
    pub adapter: AdapterName,
    /// What was done.
    pub stimulus: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence level.
    pub level: Level,
    /// Why, the deciding reason first.
    pub reasons: Vec<String>,
}

/// What the bench went through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchLog {
    /// Coldest and warmest air.
    pub ambient: Option<(Celsius, Celsius)>,
    /// Hottest coil.
    pub coil_max: Option<Celsius>,
    /// The computer's supply was too low at some time.
    pub under_voltage: bool,
    /// The computer was throttled at some time.
    pub throttled: bool,
    /// How often the wall clock was set.
    pub clock_steps: u32,
}

/// Everything that analysis keeps of one run.
#[derive(Clone, Debug, Default)]
pub struct RunFold {
    trials: Trials,
    /// Version of the journal format.
    pub format: String,
    /// The run; the default before the first line.
    pub run_id: RunId,
    /// The sessions so far.
    pub sessions: Vec<Session>,
    /// Why the last session ended; `None` while it runs or after a crash.
    pub finish: Option<FinishReason>,
    /// Failures of the rig.
    pub faults: Vec<FaultRecord>,
    /// Trials to read about, at most [`FINDINGS_KEPT`].
    pub findings: Vec<Finding>,
    /// How many more there were.
    pub findings_dropped: u32,
    /// The evidence of single trials, where the caller has read it: it takes lines that a report does not go by otherwise.
    pub evidence: Vec<TrialEvidence>,
    /// The bench.
    pub bench: BenchLog,
    /// SHA-256 of the journal's last line, in hexadecimal, where the caller knows it.
    pub journal_head: Option<String>,
    open: Option<(SlotId, Attempt, AdapterName, &'static str)>,
    diagnosed: Option<(Seq, Diagnosis)>,
}

impl RunFold {
    /// The fold over all `events` of a run.
    pub fn of<'a>(events: impl IntoIterator<Item = (Seq, Tick, &'a Event)>) -> Self {
        let mut fold = Self::default();
        for (seq, at, event) in events {
            fold.apply(seq, at, event);
        }
        fold
    }

    /// The rows so far.
    pub fn trials(&self) -> &Trials {
        &self.trials
    }

    /// The rows, without a copy.
    pub fn take_rows(&mut self) -> Vec<TrialRow> {
        std::mem::take(&mut self.trials).into_rows()
    }

    /// Folds one event in. Events must be legal and in order.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) {
        match event {
            Event::JournalOpened(opened) => self.open_journal(opened),
            Event::RunStarted(started) => {
                if let Some(session) = self.sessions.last_mut() {
                    session.operator.clone_from(&started.operator);
                }
            }
            Event::RunResumed(resumed) => self.resume(resumed),
            Event::RunFinished(finished) => self.finish = Some(finished.reason),
            Event::TrialStarted(started) => {
                let slot = &started.slot;
                let what = slot.condition.stimulus.name();
                self.open = Some((slot.id, started.attempt, slot.condition.adapter.clone(), what));
                self.diagnosed = None;
            }
            Event::Diagnosed(diagnosis) => self.diagnosed = Some((seq, diagnosis.clone())),
            Event::TrialFinished(end) => self.close(end.outcome),
            Event::TrialAbandoned(_) => self.open = None,
            Event::Faulted(fault) => self.faulted(seq, at, fault),
            Event::Environment(environment) => self.bench.fold(environment),
            _ => {}
        }
        self.trials.apply(seq, at, event);
    }

    /// Passes over an event that means nothing here: only its time is kept, since a crash came at or after the last line.
    pub fn pass_over(&mut self, at: Tick) {
        self.trials.pass_over(at);
    }

    fn open_journal(&mut self, opened: &JournalOpened) {
        self.format.clone_from(&opened.format);
        self.run_id = opened.run_id.clone();
        self.sessions.push(Session {
            wall: opened.wall,
            program: opened.program.clone(),
            host: opened.host.clone(),
            operator: None,
            set_aside_bytes: 0,
        });
    }

    fn resume(&mut self, resumed: &RunResumed) {
        self.finish = None;
        self.open = None;
        self.sessions.push(Session {
            wall: resumed.wall,
            program: resumed.program.clone(),
            host: resumed.host.clone(),
            operator: resumed.operator.clone(),
            set_aside_bytes: resumed.set_aside_bytes,
        });
    }

    fn close(&mut self, outcome: Outcome) {
        let (Some((slot, attempt, adapter, stimulus)), Outcome::Judged(verdict)) = (self.open.take(), outcome) else { return };
        let Some((seq, diagnosis)) = self.diagnosed.take() else { return };
        if !worth_reading(verdict, stimulus) {
            return;
        }
        if self.findings.len() >= FINDINGS_KEPT {
            self.findings_dropped += 1;
            return;
        }
        let (level, reasons) = (diagnosis.level, diagnosis.reasons);
        self.findings.push(Finding { seq, slot, attempt, adapter, stimulus, verdict, level, reasons });
    }

    fn faulted(&mut self, seq: Seq, at: Tick, fault: &Fault) {
        let opened = self.sessions.last().map_or(Timestamp::UNIX_EPOCH, |session| session.wall);
        self.faults.push(FaultRecord {
            seq,
            at: wall(opened, at),
            trial: self.open.as_ref().map(|open| (open.0, open.1)),
            adapter: self.open.as_ref().map(|open| open.2.clone()),
            fault: fault.clone(),
        });
    }
}

/// Whether a person will want the reasons: rare verdicts, and any control that was not silent.
fn worth_reading(verdict: Verdict, stimulus: &str) -> bool {
    match verdict {
        Verdict::Dead | Verdict::Inconclusive | Verdict::PartialReset | Verdict::NotReady => true,
        Verdict::FactoryReset | Verdict::RebootOnly | Verdict::AcknowledgedOnly => stimulus != "press",
        Verdict::NoResponse | Verdict::Checked => false,
    }
}

impl BenchLog {
    fn fold(&mut self, seen: &crate::domain::event::Environment) {
        if let Some(air) = seen.ambient_c {
            let (low, high) = self.ambient.unwrap_or((air, air));
            self.ambient = Some((low.min(air), high.max(air)));
        }
        self.coil_max = self.coil_max.max(seen.coil_c);
        self.under_voltage |= seen.under_voltage == Some(true);
        self.throttled |= seen.throttled == Some(true);
        self.clock_steps += u32::from(seen.clock_step_us.is_some_and(|step| step != 0));
    }
}
