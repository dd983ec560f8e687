//! junit.xml: the limits are the test cases, presses never. A limit that is not met is a failure; an undecided one is an error, since
//! "not known" must not read as passed.

use crate::analysis::Analysis;
use crate::analysis::limits::{LimitResult, Subject};
use crate::domain::limit::LimitStatus;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The limits of an analysis as a JUnit report. Without times, so that the same runs give the same bytes.
pub fn junit(analysis: &Analysis) -> Vec<u8> {
    let name = analysis.runs.first().map_or("", |run| run.facts.started.suite.name.as_str());
    let mut suite = TestSuite::new(name);
    suite.add_test_cases(analysis.limits.iter().map(|limit| case(name, limit, analysis.units())));
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
    let status = match result.status {
        LimitStatus::Met => TestCaseStatus::success(),
        LimitStatus::NotMet => unmet(NonSuccessKind::Failure, result, units),
        LimitStatus::Undecided => unmet(NonSuccessKind::Error, result, units),
    };
    let mut case = TestCase::new(result.limit.name.as_str(), status);
    case.set_classname(suite);
    if result.status == LimitStatus::Met {
        case.set_system_out(lines(result, units));
    }
    case
}

fn unmet(kind: NonSuccessKind, result: &LimitResult, units: usize) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    let of_status = |subject: &Subject| subject.status == result.status;
    let who: Vec<&str> = result.subjects.iter().filter(|s| of_status(s)).map(|s| s.adapter.as_str()).collect();
    status.set_type(result.status.name());
    status.set_message(format!("{} for {}", result.status.name().replace('_', " "), who.join(", ")));
    status.set_description(lines(result, units));
    status
}

/// One line for each subject.
fn lines(result: &LimitResult, units: usize) -> String {
    result.subjects.iter().map(|s| format!("{}: {}: {}\n", subject_name(s, units), s.status.name(), s.reason)).collect()
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
