//! The support guide's fixed order, as a technician works it off: the measure that the chosen order is held against.
//!
//! Power first (the returned adapter and a known-good one, boots at both), then the correct procedure, then the known-good sources, the voltage
//! margin, and firmware last. Each stage is done with all its repeats; after each, the verdict is given if it may be.

use super::choose::Step;
use super::gate::{missing, sure_at};
use super::inference::{Belief, Done, Source, Sources, Test};
use crate::analysis::rma::finding::BOOT;
use crate::domain::rma::ReturnPlan;

/// The stages in their order, each with its tests.
pub fn stages(sources: Sources, plan: &ReturnPlan) -> Vec<Vec<Test>> {
    let repeat = |test: Test, n: u32| std::iter::repeat_n(test, n as usize);
    let references = || (0..sources.references).map(Source::Reference);
    let returned = || sources.returned.then_some(Source::Returned).into_iter();
    let power = returned().chain(references().take(1)).flat_map(|source| repeat(Test::Boot(source), plan.boots)).collect();
    let procedure = returned().flat_map(|source| repeat(Test::Press(source), plan.presses)).collect();
    let known_good = references().take(1).flat_map(|source| repeat(Test::Press(source), plan.presses)).collect();
    let another = references().skip(1).take(1).flat_map(|source| repeat(Test::Press(source), plan.presses)).collect();
    let margin = sources.margin.then_some(Test::Press(Source::Margin)).into_iter().collect();
    let firmware = references().take(1).flat_map(|source| repeat(Test::Boot(source), plan.boots)).collect();
    vec![power, procedure, known_good, another, margin, firmware]
}

/// The next test in the fixed order. A unit that was never ready is not pressed.
pub fn next(belief: &Belief, done: &[Done], sources: Sources, plan: &ReturnPlan) -> Step {
    // The stroke of the intake belongs to no stage.
    let mut left: Vec<Test> = done.iter().map(|done| done.test).filter(|test| *test != Test::Stroke).collect();
    for stage in stages(sources, plan) {
        let mut complete = true;
        for test in stage {
            if matches!(test, Test::Press(_)) && !boots_on(test, done) {
                continue;
            }
            match left.iter().position(|made| *made == test) {
                Some(place) => drop(left.remove(place)),
                None => {
                    complete = false;
                    if left.is_empty() {
                        return Step::Test(test, "the next in the fixed order".to_owned());
                    }
                }
            }
        }
        if complete && left.is_empty() {
            let (class, p) = belief.best();
            if p >= sure_at(class, plan) && missing(class, done, sources, plan).is_none() {
                return Step::Decided;
            }
        }
    }
    Step::Undecided("the fixed order is at its end")
}

/// Whether the unit was ever ready on this source, or was not tried on it.
fn boots_on(test: Test, done: &[Done]) -> bool {
    let boots: Vec<&Done> = done.iter().filter(|done| done.test.source() == test.source()).collect();
    let any: Vec<&Done> = done.iter().filter(|done| done.finding.word(BOOT) != "-").collect();
    let considered = if boots.is_empty() { any } else { boots };
    considered.is_empty() || considered.iter().any(|done| done.finding.word(BOOT) == "ready")
}
