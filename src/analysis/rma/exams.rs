//! From the trials of a return to the tests that they were.

use super::finding::{Finding, Senses};
use super::inference::{Done, Source, Sources, Test};
use crate::domain::condition::{Check, Condition, Stimulus};
use crate::domain::exam::Exam;
use crate::domain::rma::ReturnPlan;

/// Which sources the plan has.
pub fn sources(plan: &ReturnPlan) -> Sources {
    Sources { returned: plan.returned.is_some(), references: plan.references.len(), margin: plan.margin.is_some() }
}

/// Which test a condition is; `None` for one that no return makes.
pub fn test_of(condition: &Condition, plan: &ReturnPlan) -> Option<Test> {
    let source = || {
        if plan.returned.as_ref() == Some(&condition.adapter) {
            return Some(Source::Returned);
        }
        if condition.supply_v.is_some() && plan.margin.as_ref() == Some(&condition.adapter) {
            return Some(Source::Margin);
        }
        plan.references.iter().position(|name| *name == condition.adapter).map(Source::Reference)
    };
    match condition.stimulus {
        Stimulus::Check { check: Check::Intake } => Some(Test::Stroke),
        Stimulus::Check { check: Check::Boot } => source().map(Test::Boot),
        Stimulus::Press { .. } => source().map(Test::Press),
        _ => None,
    }
}

/// What was done so far, as a rig with these senses saw it.
pub fn done(exams: &[Exam], plan: &ReturnPlan, senses: Senses) -> Vec<Done> {
    let each = |exam: &Exam| {
        let test = test_of(&exam.condition, plan)?;
        Some(Done { test, finding: Finding::of(exam, senses), took_s: exam.took.get() })
    };
    exams.iter().filter_map(each).collect()
}
