//! Which test comes next: the one that tells most of the class per bench second, or the cheapest that a verdict still needs.

use super::gate::{Missing, missing, sure_at, was_ready};
use super::inference::{Belief, Done, Source, Sources, Test};
use super::table::Table;
use crate::domain::rma::ReturnPlan;

/// The same test is made at most so often: after that it tells of itself and not of the unit (our choice).
const REPEATS: usize = 4;
/// Tests that tell less than this of the class, in nats, are not worth their time (our choice: a thousandth of what a fair coin tells).
const WORTHLESS: f64 = 0.0007;
/// A test that the likeliest verdict will need anyway is taken when it tells this share of what the best one does per second (our choice).
const NEEDED_ANYWAY: f64 = 0.7;

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// This test, for this reason.
    Test(Test, String),
    /// The verdict may be given.
    Decided,
    /// Nothing more would decide.
    Undecided(&'static str),
}

/// Every test that the rig can make.
pub fn tests(sources: Sources) -> Vec<Test> {
    let mut tests = Vec::new();
    let references = (0..sources.references).map(Source::Reference);
    let powered: Vec<Source> = sources.returned.then_some(Source::Returned).into_iter().chain(references).collect();
    tests.extend(powered.iter().map(|&source| Test::Boot(source)));
    tests.extend(powered.iter().map(|&source| Test::Press(source)));
    tests.extend(sources.margin.then_some(Test::Press(Source::Margin)));
    tests
}

/// The next test, the posterior's way.
pub fn next(belief: &Belief, done: &[Done], sources: Sources, plan: &ReturnPlan, table: &Table) -> Step {
    let spent: f64 = done.iter().map(|done| done.took_s).sum();
    let (class, p) = belief.best();
    let lacks = missing(class, done, sources, plan);
    let sure = p >= sure_at(class, plan);
    if sure && lacks.is_none() {
        return Step::Decided;
    }
    if spent >= 60.0 * plan.budget_min {
        return Step::Undecided("the bench time of a return is spent");
    }
    let left: Vec<Test> = tests(sources).into_iter().filter(|test| count(done, *test) < REPEATS).collect();
    if let Some(missing) = lacks.filter(|_| sure) {
        let serves = left.iter().copied().filter(|test| serves(*test, missing, done));
        let cheapest = serves.min_by(|a, b| {
            let cost = |test: Test| (count(done, test), seconds(belief, test, table));
            cost(*a).partial_cmp(&cost(*b)).unwrap_or(std::cmp::Ordering::Equal)
        });
        return match cheapest {
            Some(test) => Step::Test(test, format!("{} is likely ({p:.3}), and needs {}", class.name(), words(missing))),
            None => Step::Undecided("what the verdict still needs cannot be done on this rig"),
        };
    }
    let worth = |test: Test| (test, information(belief, test, table), seconds(belief, test, table));
    let all: Vec<(Test, f64, f64)> = left.into_iter().map(worth).collect();
    let needed: Vec<_> =
        all.iter().copied().filter(|(test, ..)| lacks.is_some_and(|missing| serves(*test, missing, done))).collect();
    let (best, useful) = (most(&all), most(&needed));
    let rate = |test: &Option<(Test, f64, f64)>| test.map_or(0.0, |(_, nats, seconds)| nats / seconds);
    match if rate(&useful) >= NEEDED_ANYWAY * rate(&best) { useful } else { best } {
        Some((test, nats, seconds)) if nats > WORTHLESS => {
            let bits = nats / std::f64::consts::LN_2;
            Step::Test(test, format!("expected to tell {bits:.3} bit in {seconds:.0} s"))
        }
        _ => Step::Undecided("no test that is left would tell the causes apart"),
    }
}

/// The test that tells most per second.
fn most(tests: &[(Test, f64, f64)]) -> Option<(Test, f64, f64)> {
    tests.iter().copied().max_by(|a, b| (a.1 / a.2).total_cmp(&(b.1 / b.2)))
}

/// What the posterior is expected to gain of the class, in nats.
pub fn information(belief: &Belief, test: Test, table: &Table) -> f64 {
    let mut left = 0.0;
    let mut mass = 0.0;
    for &finding in table.findings(test) {
        let (p, after) = belief.if_seen(test, finding, table);
        if p > 1e-6 {
            left += p * after.entropy();
            mass += p;
        }
    }
    // Findings that were never counted tell nothing that can be expected.
    (mass * belief.entropy() - left).max(0.0)
}

/// Bench seconds that the test is expected to take.
pub fn seconds(belief: &Belief, test: Test, table: &Table) -> f64 {
    belief.causes().map(|(cause, p)| p * table.seconds(test, cause)).sum::<f64>().max(1.0)
}

fn count(done: &[Done], test: Test) -> usize {
    done.iter().filter(|done| done.test == test).count()
}

/// Whether a test brings the verdict nearer.
fn serves(test: Test, missing: Missing, done: &[Done]) -> bool {
    let reference = matches!(test.source(), Some(Source::Reference(_)));
    let press = matches!(test, Test::Press(_));
    match missing {
        Missing::Presses(_) => press && reference,
        Missing::Sources(_) => press && reference && count(done, test) == 0,
        Missing::Boots(_) => reference && !press,
        Missing::GoodPower => reference && (press == was_ready(done)),
        Missing::Returned => test.source() == Some(Source::Returned),
        Missing::Reset => press && reference,
        Missing::ReturnedReset => press && test.source() == Some(Source::Returned),
    }
}

/// What is missing, in words.
pub fn words(missing: Missing) -> String {
    match missing {
        Missing::Presses(n) => format!("{n} correct presses more"),
        Missing::Sources(n) => format!("correct presses on {n} known-good sources more"),
        Missing::Boots(n) => format!("{n} boots with the same result more"),
        Missing::GoodPower => "a test on a known-good source whose voltage is seen".to_owned(),
        Missing::Returned => "a test on the returned adapter".to_owned(),
        Missing::Reset => "a press on a known-good source that resets the unit".to_owned(),
        Missing::ReturnedReset => "a press on the returned adapter that resets the unit".to_owned(),
    }
}
