//! junit.xml: the limits are the test cases, presses never. A limit that is not met is a failure; an undecided one is skipped, with the reason:
//! test viewers have three states, and "not known" must read neither as passed nor as failed (`docs/decisions/0006-undecided-is-skipped.md`).

use super::words::{finish_meaning, headline};
use crate::analysis::limits::{LimitResult, Subject};
use crate::analysis::{Analysis, RunSummary, exit_code};
use crate::domain::limit::LimitStatus;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

/// Faults that are told one by one.
const FAULTS_MAX: usize = 60;

/// The limits of an analysis as a JUnit report. Without durations, so that the same runs give the same bytes.
pub fn junit(analysis: &Analysis) -> Vec<u8> {
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let mut suite = TestSuite::new(name);
    suite.add_properties(provenance(analysis));
    suite.add_test_cases(analysis.limits.iter().map(|limit| case(name, limit, analysis.units())));
    suite.set_system_out(circumstances(analysis));
    let mut report = Report::new("pinhole");
    report.add_test_suite(suite);
    let mut bytes = Vec::new();
    // Writing to memory fails only for text that XML cannot hold, and the crate strips that when it takes it.
    if report.serialize(&mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

fn case(suite: &str, result: &LimitResult, units: usize) -> TestCase {
    let lines = lines(result, units);
    let status = match result.status {
        LimitStatus::Met => TestCaseStatus::success(),
        LimitStatus::NotMet => TestCaseStatus::non_success(NonSuccessKind::Failure),
        LimitStatus::Undecided => TestCaseStatus::skipped(),
    };
    let mut case = TestCase::new(result.limit.name.as_str(), status);
    case.set_classname(suite);
    if result.status == LimitStatus::Met {
        case.set_system_out(lines);
    } else {
        case.status.set_type(result.status.name());
        case.status.set_message(message(result, units));
        case.status.set_description(lines);
    }
    case
}

/// Whom the status comes from, and why: viewers show this line alone.
fn message(result: &LimitResult, units: usize) -> String {
    let decisive: Vec<&Subject> = result.subjects.iter().filter(|subject| subject.status == result.status).collect();
    let status = result.status.name().replace('_', " ");
    match decisive.as_slice() {
        [] => format!("{status}: the limit speaks of nothing that was tried"),
        [only] => format!("{status} for {}: {}", subject_name(only, units), only.reason),
        several => {
            let names: Vec<String> = several.iter().map(|subject| subject_name(subject, units)).collect();
            format!("{status} for {}", names.join(", "))
        }
    }
}

/// One line for each subject.
fn lines(result: &LimitResult, units: usize) -> String {
    result.subjects.iter().map(|s| format!("{}: {}: {}\n", subject_name(s, units), s.status.name(), s.reason)).collect()
}

/// Where the results come from; runs are numbered from 1.
fn provenance(analysis: &Analysis) -> Vec<Property> {
    let mut all = vec![
        Property::new("exit_code", exit_code(analysis).to_string()),
        Property::new("units", analysis.units().to_string()),
        Property::new("trials", analysis.rows.len().to_string()),
    ];
    for (number, run) in (1..).zip(&analysis.runs) {
        let started = &run.facts.started;
        let session = run.sessions.first();
        let mut put = |what: &str, value: String| all.push(Property::new(format!("run.{number}.{what}"), value));
        put("id", run.facts.run_id.to_string());
        put("started_at", format!("{:.3}", started.wall));
        put("program", session.map_or_else(String::new, |session| session.program.clone()));
        put("host", session.map_or_else(String::new, |session| session.host.clone()));
        put("operator", session.and_then(|session| session.operator.as_ref()).map_or_else(String::new, ToString::to_string));
        put("station", started.station.to_string());
        put("position", started.position.name.to_string());
        put("dut_model", started.profile.model.clone());
        put("dut_serial", started.dut_serial.to_string());
        put("dut_fw", started.dut_fw.clone().unwrap_or_default());
        put("seed", started.suite.design.seed.to_string());
        put("finish", finish_meaning(run).to_owned());
        put("journal_head", run.journal_head.clone().unwrap_or_default());
    }
    all
}

/// The result in a sentence, what was lost, and what the rig did.
fn circumstances(analysis: &Analysis) -> String {
    let mut text = format!("{}\n", headline(analysis));
    for run in &analysis.runs {
        text.push_str(&extent(run));
    }
    let faults = || analysis.runs.iter().flat_map(|run| &run.faults);
    for one in faults().take(FAULTS_MAX) {
        let trial = one.trial.map_or("between trials".to_owned(), |(slot, attempt)| format!("slot {slot}, attempt {attempt}"));
        text.push_str(&format!(
            "fault {}: {:.0}, {trial}: {} (journal line {})\n",
            one.fault.fault.name(),
            one.at,
            one.fault,
            one.seq
        ));
    }
    match faults().count().saturating_sub(FAULTS_MAX) {
        0 => {}
        more => text.push_str(&format!("{more} more faults: trials.csv and the journal\n")),
    }
    text
}

fn extent(run: &RunSummary) -> String {
    let extent = &run.extent;
    let planned = extent.planned.map_or_else(String::new, |planned| format!(" of {planned}"));
    format!(
        "run {}: {}{planned} slots judged, {} lost; attempts lost: {} faulted, {} abandoned\n",
        run.facts.run_id, extent.judged, extent.lost, extent.faulted, extent.abandoned
    )
}

/// Adapter, voltage, unit (where there are several), other levels, evidence level: what tells a subject from its siblings.
pub fn subject_name(subject: &Subject, units: usize) -> String {
    let volts = subject.supply_v.map(|volts| format!(" at {volts}"));
    let also = subject.also.iter().map(|word| format!(", {word}"));
    let level = subject.level.map(|level| format!(" ({})", level.name()));
    let unit = if units > 1 { format!(" on {}", subject.dut_serial) } else { String::new() };
    let head = format!("{}{}{unit}", subject.adapter, volts.unwrap_or_default());
    std::iter::once(head).chain(also).chain(level).collect()
}

#[cfg(test)]
mod tests;
