//! The test against enumeration, its promises, and the tables that it is measured by.

use super::*;
use proptest::prelude::*;

fn question(p0: f64, p1: f64, alpha: f64, beta: f64) -> Question {
    Question { p0, p1, alpha, beta }.checked().unwrap()
}

/// Accepts, rejects and trials, by following every sequence of outcomes to its answer.
fn by_enumeration(plan: &Plan, p: f64, (k, f): (u32, u32), share: f64) -> (f64, f64, f64) {
    if share < 1e-9 {
        return (0.0, 0.0, 0.0);
    }
    match plan.answer(k, f) {
        Answer::Accept if k + f > 0 => (share, 0.0, 0.0),
        Answer::Reject if k + f > 0 => (0.0, share, 0.0),
        _ => {
            let (good, bad) =
                (by_enumeration(plan, p, (k + 1, f), share * p), by_enumeration(plan, p, (k, f + 1), share * (1.0 - p)));
            (good.0 + bad.0, good.1 + bad.1, good.2 + bad.2 + share)
        }
    }
}

#[test]
fn the_course_is_that_of_all_sequences_of_outcomes() {
    for question in [question(0.9, 0.5, 0.1, 0.1), question(0.1, 0.5, 0.2, 0.1)] {
        let plan = Plan::calibrated(question);
        for p in [0.1, 0.5, 0.9] {
            let (course, want) = (plan.course(p), by_enumeration(&plan, p, (0, 0), 1.0));
            assert!((course.accepts - want.0).abs() < 1e-5 && (course.rejects - want.1).abs() < 1e-5, "{course:?} {want:?}");
            assert!((course.trials - want.2).abs() < 1e-4);
        }
    }
}

#[test]
fn calibrated_it_takes_as_long_as_is_known_to_be_possible() {
    // Mean trials at both rates of the best boundaries, and the size of the smallest fixed sample, computed elsewhere.
    for (p0, p1, alpha, beta, good, bad, fixed) in [
        (0.95, 0.80, 0.05, 0.05, 29.7, 20.0, 50),
        (0.99, 0.90, 0.05, 0.05, 37.7, 20.4, 61),
        (0.90, 0.50, 0.05, 0.05, 7.4, 5.6, 13),
        (0.95, 0.70, 0.05, 0.10, 10.5, 7.8, 16),
    ] {
        let question = question(p0, p1, alpha, beta);
        let plan = Plan::calibrated(question);
        let (at_good, at_bad) = (plan.course(p0), plan.course(p1));
        assert_eq!(fixed_sample(question), fixed);
        assert!(at_good.rejects <= alpha && at_bad.accepts <= beta, "{at_good:?} {at_bad:?}");
        assert!(at_good.trials <= 1.02 * good && at_bad.trials <= 1.02 * bad, "{p0} {p1}: {} {}", at_good.trials, at_bad.trials);
        assert!(plan.longest() < Plan::wald(question).longest() && f64::from(plan.last().unwrap()) <= 3.0 * f64::from(fixed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn both_promises_are_kept_and_there_is_an_end(p0 in 0.02..0.98_f64, p1 in 0.02..0.98_f64, alpha in 0.01..0.2_f64, beta in 0.01..0.2_f64) {
        prop_assume!((p0 - p1).abs() > 0.1);
        let plan = Plan::calibrated(question(p0, p1, alpha, beta));
        let (good, bad) = (plan.course(p0), plan.course(p1));
        prop_assert!(good.rejects <= alpha && bad.accepts <= beta, "{good:?} {bad:?}");
        prop_assert!((good.accepts + good.rejects - 1.0).abs() < 1e-9);
        let last = plan.last().unwrap();
        prop_assert!((0..=last).all(|k| plan.answer(k, last - k) != Answer::GoOn));
        // No test of any kind can be shorter: Wald and Wolfowitz.
        let floor = plan.question.wald_trials();
        prop_assert!(good.trials >= floor.0 * 0.999 && bad.trials >= floor.1 * 0.999, "{good:?} {bad:?} {floor:?}");
    }
}

#[test]
fn a_question_that_cannot_be_answered_is_refused() {
    let ask = |p0, p1, alpha, beta| Question { p0, p1, alpha, beta }.checked();
    assert_eq!(ask(0.9, 0.9, 0.05, 0.05), Err(BadQuestion::Rates));
    assert_eq!(ask(1.0, 0.9, 0.05, 0.05), Err(BadQuestion::Rates));
    assert_eq!(ask(0.9, 0.5, 0.0, 0.05), Err(BadQuestion::Errors));
    assert_eq!(ask(0.9, 0.5, 0.05, 0.6), Err(BadQuestion::Errors));
}
