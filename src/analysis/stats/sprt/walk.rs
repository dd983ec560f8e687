//! The exact course of a test, by following every number of failures.

use super::{Answer, Plan};

/// How a test goes on average at one rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Probability that it accepts.
    pub accepts: f64,
    /// Probability that it rejects.
    pub rejects: f64,
    /// Mean number of trials.
    pub trials: f64,
}

/// What is left undecided may be left: less than any figure shows.
const REST: f64 = 1e-14;
/// Trials after which even a test without a last one is given up; its errors are summed until then.
const MOST: u32 = 1_000_000;

/// Follows the probability of every number of failures among the trials so far, of those who were not answered yet.
pub(super) fn course(plan: &Plan, p: f64) -> Course {
    let mut course = Course { accepts: 0.0, rejects: 0.0, trials: 0.0 };
    // `open[i]`: probability of `first + i` failures and no answer so far.
    let (mut first, mut open) = (0_u32, vec![1.0_f64]);
    for trial in 1..=MOST {
        course.trials += open.iter().sum::<f64>();
        let mut next = vec![0.0; open.len() + 1];
        for (i, share) in open.iter().enumerate() {
            next[i] += share * p;
            next[i + 1] += share * (1.0 - p);
        }
        for (failures, share) in (first..).zip(next.iter_mut()) {
            match plan.answer(trial - failures, failures) {
                Answer::Accept => course.accepts += std::mem::take(share),
                Answer::Reject => course.rejects += std::mem::take(share),
                Answer::GoOn => {}
            }
        }
        let lead = next.iter().take_while(|share| **share == 0.0).count();
        let Some(end) = next.iter().rposition(|share| *share > 0.0) else { break };
        open = next[lead..=end].to_vec();
        first += lead as u32;
        if open.iter().sum::<f64>() < REST {
            break;
        }
    }
    course
}
