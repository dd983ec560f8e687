//! The boundaries that keep both promises with the fewest trials.

use super::{Boundaries, Plan, Question};

/// Boundaries that are tried on either side.
const TRIED: u32 = 120;
/// The last trial, as a multiple of a fixed sample's. At one and a half it costs 3 % more trials where the rate is good; at three less than 1 %,
/// and hardly a test gets there.
const LAST: f64 = 3.0;

/// The smallest fixed number of trials after which some number of failures tells both rates apart within both errors (binomial, exact).
pub fn fixed_sample(question: Question) -> u32 {
    // With rates exchanged for failures the good one fails less.
    let (good, bad) = failure_rates(question);
    (1..).find(|&n| separates(question, n, good, bad)).unwrap_or(u32::MAX)
}

/// Rates of the outcome that speaks for `p1`, under `p0` and `p1`.
fn failure_rates(question: Question) -> (f64, f64) {
    if question.p0 > question.p1 { (1.0 - question.p0, 1.0 - question.p1) } else { (question.p0, question.p1) }
}

/// Whether some cut of `n` trials keeps both errors: the first that keeps `alpha` is the one with the least `beta`.
fn separates(question: Question, n: u32, good: f64, bad: f64) -> bool {
    let (mut good_below, mut bad_below) = (0.0, 0.0);
    let term = |p: f64| (f64::from(n) * (1.0 - p).ln()).exp();
    let (mut good_term, mut bad_term) = (term(good), term(bad));
    for cut in 0..=n {
        if 1.0 - good_below <= question.alpha {
            return bad_below <= question.beta;
        }
        (good_below, bad_below) = (good_below + good_term, bad_below + bad_term);
        let up = f64::from(n - cut) / f64::from(cut + 1);
        good_term *= up * good / (1.0 - good);
        bad_term *= up * bad / (1.0 - bad);
    }
    false
}

/// The boundaries with the smallest sum of mean trials at both rates of which exact computation says that they keep both errors, and the last
/// trial. Wald's own keep them as a pair up to rounding; where none that was tried does, they are moved outwards until they do.
pub(super) fn calibrate(question: Question) -> (Boundaries, u32) {
    let last = (LAST * f64::from(fixed_sample(question))).ceil() as u32;
    let wald = question.wald();
    let mut best: Option<(f64, Boundaries)> = None;
    for tried in 0..=TRIED {
        let share = 0.15 + 1.25 * f64::from(tried) / f64::from(TRIED);
        let reject = wald.reject * share;
        let Some(boundaries) = nearest_accept(question, last, wald.accept, reject) else { continue };
        let plan = Plan { question, boundaries, last: Some(last) };
        let (good, bad) = (plan.course(question.p0), plan.course(question.p1));
        if good.rejects > question.alpha || bad.accepts > question.beta {
            continue;
        }
        let cost = good.trials + bad.trials;
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, boundaries));
        }
    }
    best.map_or_else(|| outwards(question, last), |(_, boundaries)| (boundaries, last))
}

/// With `reject` given, the innermost boundary of acceptance that keeps `beta`.
fn nearest_accept(question: Question, last: u32, wald: f64, reject: f64) -> Option<Boundaries> {
    let keeps = |share: f64| {
        let boundaries = Boundaries { accept: wald * share, reject };
        let plan = Plan { question, boundaries, last: Some(last) };
        (plan.course(question.p1).accepts <= question.beta).then_some(boundaries)
    };
    let mut found = keeps(1.6)?;
    let (mut inner, mut outer) = (0.05, 1.6);
    for _ in 0..24 {
        let middle = 0.5 * (inner + outer);
        match keeps(middle) {
            Some(boundaries) => (outer, found) = (middle, boundaries),
            None => inner = middle,
        }
    }
    Some(found)
}

/// Wald's boundaries and ever later last trials, until both errors are kept.
fn outwards(question: Question, mut last: u32) -> (Boundaries, u32) {
    let mut boundaries = question.wald();
    loop {
        let plan = Plan { question, boundaries, last: Some(last) };
        let keeps = plan.course(question.p0).rejects <= question.alpha && plan.course(question.p1).accepts <= question.beta;
        if keeps || last > 1_000_000 {
            return (boundaries, last);
        }
        last += last / 4 + 1;
        boundaries = Boundaries { accept: boundaries.accept * 1.02, reject: boundaries.reject * 1.02 };
    }
}
