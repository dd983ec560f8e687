//! summary.json: the result for programs.

mod types;

pub use types::*;

use crate::analysis::Analysis;
use crate::analysis::RunSummary;
use crate::analysis::cells::{CONFIDENCE, Cell};
use crate::analysis::exit_code;
use crate::analysis::group::{own_level, release_word};
use crate::analysis::guide::{Measured, Share};
use crate::analysis::limits::LimitResult;
use crate::analysis::power::{Power, Spread};
use crate::analysis::stats::interval::{Interval, clopper_pearson, jeffreys};
use crate::analysis::thresholds::{Response, status_word};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Outcome, Verdict};
use crate::report::words::headline;
use std::collections::{BTreeMap, BTreeSet};

/// More cells than this are left to cells.csv.
pub const CELLS_MAX: usize = 2000;

/// The JSON schema of the file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Summary).to_value()
}

/// The file's bytes.
pub fn summary(analysis: &Analysis) -> Vec<u8> {
    // A struct of strings and numbers always serialises; JSON has no word for a number that is none, and serde_json writes null.
    let mut bytes = serde_json::to_vec_pretty(&of(analysis)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// What the file says.
pub fn of(analysis: &Analysis) -> Summary {
    let first = analysis.runs.first().map(|run| &run.facts.started);
    let judged = analysis.rows.iter().filter(|row| matches!(row.outcome, Outcome::Judged(_))).count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Summary {
        schema: 1,
        suite: first.map_or(String::new(), |started| started.suite.name.clone()),
        dut_model: first.map_or(String::new(), |started| started.profile.model.clone()),
        exit_code: exit_code(analysis),
        headline: headline(analysis),
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
        plateaus: analysis.responses.iter().filter_map(plateau).collect(),
        cells: analysis.cells.iter().take(CELLS_MAX).map(cell).collect(),
        cells_left_out: analysis.cells.len().saturating_sub(CELLS_MAX),
        power: analysis.power.iter().map(power).collect(),
        guide: analysis.guide.by_source.iter().map(guide).collect(),
        runs: analysis.runs.iter().map(|one| run(analysis, one)).collect(),
    }
}

fn verdicts(analysis: &Analysis) -> BTreeMap<String, BTreeMap<String, BTreeMap<String, u32>>> {
    let mut counts: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for row in &analysis.rows {
        let Some(verdict) = row.verdict() else { continue };
        let level = own_level(row).map_or("", |level| level.name());
        *counts.entry((row.condition.stimulus.name(), level, Verdict::name(verdict))).or_default() += 1;
    }
    let mut nested: BTreeMap<_, BTreeMap<_, BTreeMap<_, u32>>> = BTreeMap::new();
    for ((stimulus, level, verdict), n) in counts {
        nested.entry(stimulus.to_owned()).or_default().entry(level.to_owned()).or_default().insert(verdict.to_owned(), n);
    }
    nested
}

fn limit(result: &LimitResult) -> LimitEntry {
    let subjects = result.subjects.iter().map(|subject| SubjectEntry {
        dut_serial: subject.dut_serial.to_string(),
        adapter: subject.adapter.to_string(),
        supply_v: subject.supply_v,
        level: subject.level.map(|level| level.name().to_owned()),
        status: subject.status,
        n: subject.n,
        value: subject.value,
        lower: subject.bounds.map(|bounds| bounds.0),
        upper: subject.bounds.map(|bounds| bounds.1),
        marginal: subject.marginal,
        reason: subject.reason.clone(),
    });
    LimitEntry { name: result.limit.name.clone(), status: result.status, subjects: subjects.collect() }
}

fn thresholds(response: &Response) -> impl Iterator<Item = ThresholdEntry> {
    response.thresholds.iter().map(move |threshold| ThresholdEntry {
        dut_serial: response.group.dut_serial.to_string(),
        adapter: response.group.adapter.to_string(),
        supply_v: response.group.supply_v,
        quantity: threshold.quantity.to_owned(),
        edge: threshold.edge.to_owned(),
        value_s: threshold.value_s,
        lo_s: threshold.lo_s,
        hi_s: threshold.hi_s,
        confidence: CONFIDENCE,
        n: response.n,
        status: status_word(threshold.status).to_owned(),
        caveats: response.caveats.clone(),
    })
}

fn plateau(response: &Response) -> Option<PlateauEntry> {
    response.plateau.map(|plateau| PlateauEntry {
        dut_serial: response.group.dut_serial.to_string(),
        adapter: response.group.adapter.to_string(),
        supply_v: response.group.supply_v,
        level: response.group.level.name().to_owned(),
        value: plateau.value,
        lo: plateau.interval.lo,
        hi: plateau.interval.hi,
        n: response.n,
    })
}

fn cell(cell: &Cell) -> CellEntry {
    let (group, tally) = (&cell.key.group, &cell.tally);
    let ends = |interval: Option<Interval>| interval.map(|ends| [ends.lo, ends.hi]);
    CellEntry {
        dut_serial: group.dut_serial.to_string(),
        adapter: group.adapter.to_string(),
        supply_v: group.supply_v,
        stimulus: group.kind.name().to_owned(),
        release: group.release.map(|release| release_word(release).to_owned()),
        hold_s: cell.key.hold_s,
        level: group.level.name().to_owned(),
        planned: cell.planned,
        n: tally.n(),
        resets: tally.resets(),
        rate: tally.rate(),
        confidence: CONFIDENCE,
        wilson: ends(tally.interval()),
        clopper_pearson: ends(clopper_pearson(tally.resets(), tally.n(), CONFIDENCE)),
        jeffreys: ends(jeffreys(tally.resets(), tally.n(), CONFIDENCE)),
        rate_worst: tally.rate_worst(),
        rate_best: tally.rate_best(),
        caveats: cell.caveats.clone(),
    }
}

fn spread(spread: Option<Spread>) -> Option<SpreadEntry> {
    spread.map(|one| SpreadEntry { n: one.n, min: one.min, mean: one.mean, max: one.max })
}

fn power(power: &Power) -> PowerEntry {
    PowerEntry {
        dut_serial: power.dut_serial.to_string(),
        adapter: power.adapter.to_string(),
        supply_v: power.supply_v,
        trials: power.trials,
        open_v: spread(power.open_v),
        plug_v_idle: spread(power.plug_v_idle),
        plug_v_start: spread(power.plug_v_start),
        plug_v_min: spread(power.plug_v_min),
        plug_v_erase: spread(power.plug_v_erase),
        plug_a_max: spread(power.plug_a_max),
        rated_min_v: power.rated_min_v,
        measured: power.measured,
        sagged: power.sagged,
        weak_starts: power.weak_starts,
        brown_outs: power.brown_outs,
        not_ready: power.not_ready,
    }
}

fn share(share: Share) -> ShareEntry {
    let ends = share.interval();
    ShareEntry { k: share.k, n: share.n, lo: ends.map(|ends| ends.lo), hi: ends.map(|ends| ends.hi) }
}

fn guide(one: &Measured) -> GuideEntry {
    let source = &one.source;
    GuideEntry {
        dut_serial: source.dut_serial.to_string(),
        dut_fw: source.dut_fw.clone(),
        adapter: source.adapter.to_string(),
        supply_v: source.supply_v,
        level: source.level.map(|level| level.name().to_owned()),
        ready_in_time: share(one.ready_in_time),
        boot_s: spread(one.boot_s),
        as_asked: share(one.as_asked),
        shorter: share(one.shorter),
        too_early: share(one.too_early),
        change_at_reset: share(one.change_at_reset),
        without_change: share(one.without_change),
        change_s: spread(one.change_s),
        answered: share(one.answered),
        reboot_in_time: share(one.reboot_in_time),
        reboot_s: spread(one.reboot_s),
    }
}

fn run(analysis: &Analysis, run: &RunSummary) -> RunEntry {
    let started = &run.facts.started;
    let own = analysis.rows.iter().filter(|row| row.run.run_id == run.facts.run_id);
    let operators: BTreeSet<String> =
        run.sessions.iter().filter_map(|session| session.operator.as_ref()).map(ToString::to_string).collect();
    RunEntry {
        run_id: run.facts.run_id.to_string(),
        started_at: format!("{:.3}", started.wall),
        program: run.sessions.first().map_or(String::new(), |session| session.program.clone()),
        station: started.station.to_string(),
        position: started.position.name.to_string(),
        calibrated: started.position.calibration.date.clone(),
        dut_serial: started.dut_serial.to_string(),
        dut_fw: started.dut_fw.clone(),
        operators: operators.into_iter().collect(),
        seed: started.suite.design.seed,
        inputs: started.inputs.iter().cloned().collect(),
        finish: run.finish,
        complete: run.complete(),
        sessions: run.sessions.len(),
        slots_planned: run.extent.planned,
        slots_begun: run.extent.begun,
        slots_judged: run.extent.judged,
        slots_lost: run.extent.lost,
        bench_s: own.map(|row| row.took).fold(Seconds::ZERO, |sum, took| sum + took),
        journal_head: run.journal_head.clone(),
    }
}

#[cfg(test)]
mod tests;
