//! One run in a report: what it was, how far it came, what happened to it.

use super::evidence::TrialEvidence;
use super::fold::{BenchLog, FaultRecord, Finding, RunFold, Session};
use super::planned;
use super::row::{RunFacts, TrialRow};
use crate::domain::event::FinishReason;
use crate::domain::ids::SlotId;
use crate::domain::suite::DesignKind;
use crate::domain::verdict::Outcome;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Slots that the suite asks for; `None` for a design that chooses as it goes.
    pub planned: Option<u32>,
    /// Slots begun.
    pub begun: u32,
    /// Slots with a verdict.
    pub judged: u32,
    /// Slots given up after all their attempts were lost to faults.
    pub lost: u32,
    /// Attempts that were faulted.
    pub faulted: u32,
    /// Attempts that were abandoned.
    pub abandoned: u32,
    /// A trial is open: it runs, or a crash ended it.
    pub open: bool,
}

/// One run in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// Identity and inputs.
    pub facts: Arc<RunFacts>,
    /// Version of its journal format.
    pub format: String,
    /// Its sessions, at least one.
    pub sessions: Vec<Session>,
    /// Why it ended; `None` while it runs or after a crash.
    pub finish: Option<FinishReason>,
    /// How far it came.
    pub extent: Extent,
    /// The bench.
    pub bench: BenchLog,
    /// Failures of the rig.
    pub faults: Vec<FaultRecord>,
    /// Trials to read about.
    pub findings: Vec<Finding>,
    /// How many more there were.
    pub findings_dropped: u32,
    /// The evidence of single trials.
    pub evidence: Vec<TrialEvidence>,
    /// SHA-256 of the journal's last line, where known.
    pub journal_head: Option<String>,
}

impl RunSummary {
    /// The summary of a run with its trials; `None` for a journal without `run_started`.
    pub fn of(mut fold: RunFold) -> Option<(RunSummary, Vec<TrialRow>)> {
        let facts = fold.trials().run().cloned()?;
        let open = fold.trials().is_open();
        let rows = fold.take_rows();
        let run = RunSummary {
            extent: extent(&facts, &rows, open),
            facts,
            format: fold.format,
            sessions: fold.sessions,
            finish: fold.finish,
            bench: fold.bench,
            faults: fold.faults,
            findings: fold.findings,
            findings_dropped: fold.findings_dropped,
            evidence: fold.evidence,
            journal_head: fold.journal_head,
        };
        Some((run, rows))
    }

    /// Whether nothing that the suite asks for is missing. For a design that chooses as it goes its budget is one of its ends.
    pub fn complete(&self) -> bool {
        let chooses = self.facts.started.suite.design.kind != DesignKind::Grid;
        let ended = match self.finish {
            Some(FinishReason::Complete) => true,
            Some(FinishReason::BudgetSpent) => chooses,
            _ => false,
        };
        ended && self.extent.lost == 0
    }

    /// Whether a design that chooses as it goes was stopped by its budget before it had its answer.
    pub fn cut_short(&self) -> bool {
        self.complete() && self.finish == Some(FinishReason::BudgetSpent)
    }
}

/// Counts the slots and attempts of a run.
fn extent(facts: &RunFacts, rows: &[TrialRow], open: bool) -> Extent {
    let tries = facts.started.suite.design.attempts;
    let mut slots: BTreeMap<SlotId, (bool, u32)> = BTreeMap::new();
    let mut counts = Extent { planned: planned::total(facts), begun: 0, judged: 0, lost: 0, faulted: 0, abandoned: 0, open };
    for row in rows {
        let slot = slots.entry(row.slot).or_default();
        match row.outcome {
            Outcome::Judged(_) => slot.0 = true,
            Outcome::Faulted(_) => {
                slot.1 += 1;
                counts.faulted += 1;
            }
            Outcome::Abandoned => counts.abandoned += 1,
        }
    }
    counts.begun = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    for (judged, faults) in slots.into_values() {
        counts.judged += u32::from(judged);
        counts.lost += u32::from(!judged && faults >= tries);
    }
    counts
}
