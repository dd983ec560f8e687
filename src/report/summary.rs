//! summary.json: the result for programs. Version 1; fields may be added under the same number, none removed or changed.

use crate::analysis::Analysis;
use crate::analysis::RunSummary;
use crate::analysis::cells::CONFIDENCE;
use crate::analysis::exit_code;
use crate::analysis::group::own_level;
use crate::analysis::limits::LimitResult;
use crate::analysis::thresholds::{Response, status_word};
use crate::domain::event::FinishReason;
use crate::domain::units::{Seconds, Volts};
use crate::domain::verdict::{Outcome, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    /// Version of this format.
    schema: u32,
    suite: &'a str,
    dut_model: &'a str,
    /// Exit code of the run or report.
    exit_code: u8,
    complete: bool,
    units: usize,
    trials: u32,
    judged: u32,
    /// Attempts that were faulted or abandoned.
    attempts_lost: u32,
    /// Failures of the rig, in trials and between them.
    faults: u32,
    control_resets: u32,
    /// Verdicts of judged trials by stimulus and evidence level; trials without a level of their own stand under an empty one.
    verdicts: BTreeMap<&'static str, BTreeMap<&'static str, BTreeMap<&'static str, u32>>>,
    limits: Vec<LimitEntry<'a>>,
    thresholds: Vec<ThresholdEntry<'a>>,
    runs: Vec<RunEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct LimitEntry<'a> {
    name: &'a str,
    status: &'static str,
    subjects: Vec<SubjectEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct SubjectEntry<'a> {
    dut_serial: &'a str,
    adapter: &'a str,
    supply_v: Option<Volts>,
    level: Option<&'static str>,
    status: &'static str,
    n: u32,
    value: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    marginal: u32,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct ThresholdEntry<'a> {
    dut_serial: &'a str,
    adapter: &'a str,
    supply_v: Option<Volts>,
    quantity: &'static str,
    edge: &'static str,
    value_s: Option<f64>,
    lo_s: Option<f64>,
    hi_s: Option<f64>,
    confidence: f64,
    n: u32,
    status: &'static str,
    caveats: &'a [String],
}

#[derive(Debug, Serialize)]
struct RunEntry<'a> {
    run_id: &'a str,
    started_at: String,
    program: &'a str,
    station: &'a str,
    position: &'a str,
    dut_serial: &'a str,
    dut_fw: Option<&'a str>,
    seed: u64,
    finish: Option<FinishReason>,
    complete: bool,
    sessions: usize,
    slots_planned: Option<u32>,
    slots_begun: u32,
    slots_judged: u32,
    slots_lost: u32,
    bench_s: Seconds,
    journal_head: Option<&'a str>,
}

/// The result of an analysis as JSON.
pub fn summary(analysis: &Analysis) -> Vec<u8> {
    let first = analysis.runs.first().map(|run| &run.facts.started);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let judged = analysis.rows.iter().filter(|row| matches!(row.outcome, Outcome::Judged(_))).count();
    let summary = Summary {
        schema: 1,
        suite: first.map_or("", |started| &started.suite.name),
        dut_model: first.map_or("", |started| &started.profile.model),
        exit_code: exit_code(analysis),
        complete: analysis.runs.iter().all(RunSummary::complete),
        units: analysis.units(),
        trials: count(analysis.rows.len()),
        judged: count(judged),
        attempts_lost: count(analysis.rows.len() - judged),
        faults: count(analysis.runs.iter().map(|run| run.faults.len()).sum()),
        control_resets: count(analysis.control_resets().count()),
        verdicts: verdicts(analysis),
        limits: analysis.limits.iter().map(limit).collect(),
        thresholds: analysis.responses.iter().flat_map(thresholds).collect(),
        runs: analysis.runs.iter().map(|one| run(analysis, one)).collect(),
    };
    // A struct of strings and numbers always serialises; JSON has no word for a number that is none, and serde_json writes null.
    let mut bytes = serde_json::to_vec_pretty(&summary).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn verdicts(analysis: &Analysis) -> BTreeMap<&'static str, BTreeMap<&'static str, BTreeMap<&'static str, u32>>> {
    let mut counts: BTreeMap<_, BTreeMap<_, BTreeMap<_, u32>>> = BTreeMap::new();
    for row in &analysis.rows {
        let Some(verdict) = row.verdict() else { continue };
        let level = own_level(row).map_or("", |level| level.name());
        let of_level = counts.entry(row.condition.stimulus.name()).or_default().entry(level).or_default();
        *of_level.entry(Verdict::name(verdict)).or_default() += 1;
    }
    counts
}

fn limit(result: &LimitResult) -> LimitEntry<'_> {
    let subjects = result.subjects.iter().map(|subject| SubjectEntry {
        dut_serial: subject.dut_serial.as_str(),
        adapter: subject.adapter.as_str(),
        supply_v: subject.supply_v,
        level: subject.level.map(|level| level.name()),
        status: subject.status.name(),
        n: subject.n,
        value: subject.value,
        lower: subject.bounds.map(|bounds| bounds.0),
        upper: subject.bounds.map(|bounds| bounds.1),
        marginal: subject.marginal,
        reason: &subject.reason,
    });
    LimitEntry { name: &result.limit.name, status: result.status.name(), subjects: subjects.collect() }
}

fn thresholds(response: &Response) -> impl Iterator<Item = ThresholdEntry<'_>> {
    response.thresholds.iter().map(move |threshold| ThresholdEntry {
        dut_serial: response.group.dut_serial.as_str(),
        adapter: response.group.adapter.as_str(),
        supply_v: response.group.supply_v,
        quantity: threshold.quantity,
        edge: threshold.edge,
        value_s: threshold.value_s,
        lo_s: threshold.lo_s,
        hi_s: threshold.hi_s,
        confidence: CONFIDENCE,
        n: response.n,
        status: status_word(threshold.status),
        caveats: &response.caveats,
    })
}

fn run<'a>(analysis: &'a Analysis, run: &'a RunSummary) -> RunEntry<'a> {
    let started = &run.facts.started;
    let own = analysis.rows.iter().filter(|row| row.run.run_id == run.facts.run_id);
    RunEntry {
        run_id: run.facts.run_id.as_str(),
        started_at: format!("{:.3}", started.wall),
        program: run.sessions.first().map_or("", |session| &session.program),
        station: started.station.as_str(),
        position: started.position.name.as_str(),
        dut_serial: started.dut_serial.as_str(),
        dut_fw: started.dut_fw.as_deref(),
        seed: started.suite.design.seed,
        finish: run.finish,
        complete: run.complete(),
        sessions: run.sessions.len(),
        slots_planned: run.extent.planned,
        slots_begun: run.extent.begun,
        slots_judged: run.extent.judged,
        slots_lost: run.extent.lost,
        bench_s: own.map(|row| row.took).fold(Seconds::ZERO, |sum, took| sum + took),
        journal_head: run.journal_head.as_deref(),
    }
}
