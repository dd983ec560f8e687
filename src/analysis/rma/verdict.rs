//! The conclusion: a verdict or none, with its reasons, its remarks, and what was not observed.

use super::cause::{Supplied, Unit};
use super::choose::{self, Step};
use super::exams::{done, sources};
use super::finding::{BOOT, Finding, PRESS, Senses};
use super::gate::{missing, on_reference, powered, sure_at};
use super::inference::{Belief, Done, Source, Test};
use super::order;
use super::table::Table;
use super::words;
use crate::domain::exam::Exam;
use crate::domain::profile::Profile;
use crate::domain::rma::{CUSTOMER_HOLD, FaultClass, ReturnPlan};
use crate::domain::run_state::RunState;
use std::collections::BTreeMap;

/// A second fault is named when it is at least this likely, given the first (our choice).
const SECONDARY: f64 = 0.8;

/// What a return's run comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// The verdict; `None`: undecided.
    pub verdict: Option<FaultClass>,
    /// Its probability; of an undecided return that of the most likely class.
    pub probability: f64,
    /// The second fault of a mixture.
    pub secondary: Option<FaultClass>,
    /// The cause within the class that is most likely, in words.
    pub cause: String,
    /// Why, in whole sentences.
    pub reasons: Vec<String>,
    /// What is worth saying beside the verdict.
    pub remarks: Vec<String>,
    /// What this rig or this run could not see.
    pub not_observed: Vec<String>,
    /// Every test in order.
    pub steps: Vec<Made>,
    /// The probabilities before any test, in the order of [`FaultClass::ALL`].
    pub prior: [f64; 6],
    /// The unit ends worse than it came.
    pub worse: bool,
}

/// A test that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// Which.
    pub test: Test,
    /// The same in words, with the names of its sources on this rig.
    pub told: String,
    /// What it showed.
    pub finding: Finding,
    /// Its bench seconds.
    pub took_s: f64,
    /// The measured hold of a press.
    pub held_s: Option<f64>,
    /// The journal line that judged it.
    pub seq: u64,
    /// The probabilities after it, in the order of [`FaultClass::ALL`].
    pub after: [f64; 6],
}

/// What comes next for a return in this state.
pub fn next(plan: &ReturnPlan, exams: &[Exam], senses: Senses, table: &Table) -> Step {
    let done = done(exams, plan, senses);
    let belief = Belief::after(plan.returned.is_some(), &done, table);
    let sources = sources(plan);
    if plan.fixed_order {
        return order::next(&belief, &done, sources, plan);
    }
    let step = choose::next(&belief, &done, sources, plan, table);
    let blamed = !matches!(belief.best().0, FaultClass::NoFaultFound | FaultClass::Supply | FaultClass::Rig);
    let tried = done.iter().any(|done| done.test.source() == Some(Source::Returned));
    if step == Step::Decided && blamed && sources.returned && !tried {
        return Step::Test(Test::Boot(Source::Returned), "whether the returned adapter is at fault too".to_owned());
    }
    step
}

/// Draws the conclusion of a run that has ended. `None` where the run is no return, or has not started.
pub fn conclude(run: &RunState, table: &Table) -> Option<Conclusion> {
    let started = run.started.as_deref()?;
    let plan = started.suite.rma.as_ref()?;
    let senses = Senses::of(&started.position);
    let tests = done(&run.exams, plan, senses);
    let returned = plan.returned.is_some();
    let belief = Belief::after(returned, &tests, table);
    let (class, probability) = belief.best();
    let lacks = missing(class, &tests, sources(plan), plan);
    let sure = probability >= sure_at(class, plan) && lacks.is_none();
    let verdict = sure.then_some(class);
    let secondary = verdict.and_then(|class| secondary(class, &belief, &tests));
    let mut reasons = words::reasons(class, &tests, plan);
    if verdict.is_none() {
        reasons.insert(0, words::undecided(class, probability, sure_at(class, plan), lacks));
    }
    Some(Conclusion {
        verdict,
        probability,
        secondary,
        cause: words::cause(likeliest(&belief, class)).to_owned(),
        reasons,
        remarks: remarks(run, verdict, &started.profile, returned),
        not_observed: words::not_observed(senses, returned, &tests),
        steps: steps(&run.exams, &tests, plan, table),
        prior: Belief::prior(returned, table).classes(),
        worse: ends_worse(&tests),
    })
}

fn steps(exams: &[Exam], tests: &[Done], plan: &ReturnPlan, table: &Table) -> Vec<Made> {
    let mut belief = Belief::prior(plan.returned.is_some(), table);
    let each = exams.iter().zip(tests).map(|(exam, done)| {
        belief = belief.updated(done.test, done.finding, table);
        Made {
            test: done.test,
            told: words::told(done.test, plan),
            finding: done.finding,
            took_s: done.took_s,
            held_s: exam.seen.hold_s,
            seq: exam.seq.0,
            after: belief.classes(),
        }
    });
    each.collect()
}

fn likeliest(belief: &Belief, class: FaultClass) -> (Unit, Supplied) {
    let mut by_cause: BTreeMap<(Unit, Supplied), f64> = BTreeMap::new();
    for (cause, p) in belief.causes().filter(|(cause, _)| cause.class() == class) {
        *by_cause.entry((cause.unit, cause.supplied)).or_default() += p;
    }
    let most = |best: ((Unit, Supplied), f64), (cause, p): ((Unit, Supplied), f64)| if p > best.1 { (cause, p) } else { best };
    by_cause.into_iter().fold(((Unit::Sound, Supplied::Good), -1.0), most).0
}

fn secondary(class: FaultClass, belief: &Belief, tests: &[Done]) -> Option<FaultClass> {
    let tried = tests.iter().any(|done| done.test.source() == Some(Source::Returned));
    if class == FaultClass::Supply || class == FaultClass::Rig || !tried {
        return None;
    }
    let within = |bad: bool| -> f64 {
        let of = belief.causes().filter(|(cause, _)| cause.class() == class);
        of.filter(|(cause, _)| !bad || cause.secondary().is_some()).map(|(_, p)| p).sum()
    };
    (within(true) >= SECONDARY * within(false)).then_some(FaultClass::Supply)
}

/// It was up on a good source and at the end it was not, on a good source too.
fn ends_worse(tests: &[Done]) -> bool {
    let good: Vec<&Done> = tests.iter().filter(|done| on_reference(done) && powered(done)).collect();
    let up = |done: &&Done| done.finding.word(BOOT) == "ready";
    let down = |done: &Done| done.finding.word(PRESS) == "dead" || !matches!(done.finding.word(BOOT), "ready" | "-");
    let was_up = good.first().is_some_and(up);
    was_up && good.last().is_some_and(|done| down(done))
}

fn remarks(run: &RunState, verdict: Option<FaultClass>, profile: &Profile, returned: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    let needed: Vec<f64> = run
        .exams
        .iter()
        .filter(|exam| exam.verdict == crate::domain::verdict::Verdict::FactoryReset)
        .filter_map(needed)
        .collect();
    let said = run.answered.get(CUSTOMER_HOLD).map(String::as_str);
    if let Some(longest) = needed.iter().copied().reduce(f64::max) {
        let held = said.filter(|said| most_of(said).is_some_and(|most| most <= longest));
        match held {
            Some(said) => {
                remarks.push(format!("The customer held the button for {said} s; this unit needs about {longest:.0} s."))
            }
            None => remarks.push(format!("This unit answered a hold after {longest:.0} s at most.")),
        }
    }
    if verdict == Some(FaultClass::NoFaultFound) && !returned {
        remarks.push("No adapter came with the unit, so nothing is said of the customer's power supply.".to_owned());
    }
    if let Some(instructions) = &profile.instructions {
        remarks.push(format!("Instructions for the customer: {}", instructions.address));
    }
    remarks
}

/// The hold after which the unit answered.
fn needed(exam: &Exam) -> Option<f64> {
    exam.seen.ack_s.or(exam.seen.hold_s)
}

/// The longest hold that an answer stands for.
fn most_of(said: &str) -> Option<f64> {
    match said {
        "under 10" => Some(10.0),
        "10 to 30" => Some(30.0),
        other => other.parse().ok(),
    }
}
