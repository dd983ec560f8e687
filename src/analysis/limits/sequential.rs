//! The sequential tests of a go/no-go suite: one question for each rate limit.

use super::Subject;
use crate::analysis::row::RunFacts;
use crate::analysis::stats::sprt::{Answer, Plan, Question};
use crate::domain::limit::{Limit, LimitStatus, Question as Asked};
use crate::domain::suite::{DesignKind, Suite};
use crate::domain::units::{Seconds, Volts};
use std::sync::Arc;

/// A rate limit with its test.
#[derive(Clone, Debug)]
pub struct Test {
    limit: Limit,
    /// The hold that is pressed.
    pub hold_s: Seconds,
    /// The rate that is accepted.
    pub good_rate: f64,
    /// The rate that is rejected: the limit.
    pub min_rate: f64,
    /// Greatest probability of either error, corrected for the number of adapters that the limit covers (Bonferroni).
    pub error: f64,
    /// The test.
    pub plan: Plan,
}

impl Test {
    /// The test of a limit in a suite; `None` for a limit that asks for no rate, or for one that no test can answer.
    pub fn of(limit: &Limit, suite: &Suite) -> Option<Self> {
        let Some(Asked::Rate { hold_s, min_rate, confidence }) = limit.question() else { return None };
        let good_rate = suite.design.good_rate.unwrap_or(0.5 * (1.0 + min_rate));
        let family = suite.factors.adapter.iter().filter(|adapter| limit.covers(adapter.as_str())).count().max(1);
        let family = family * suite.factors.supply_v.len().max(1);
        let error = (1.0 - confidence) / family as f64;
        let question = Question { p0: good_rate, p1: min_rate, alpha: error, beta: error }.checked().ok()?;
        Some(Test { limit: limit.clone(), hold_s, good_rate, min_rate, error, plan: Plan::calibrated(question) })
    }

    /// Whether it speaks of this adapter at this voltage.
    pub fn covers(&self, adapter: &str, supply_v: Option<Volts>) -> bool {
        self.limit.covers(adapter) && (self.limit.supply_v.is_none() || self.limit.supply_v == supply_v)
    }
}

/// The tests of a suite.
pub fn tests(suite: &Suite) -> Vec<Test> {
    suite.limits.iter().filter_map(|limit| Test::of(limit, suite)).collect()
}

/// Puts the test's answer in the place of the bounds', where the runs are one go/no-go run. Several such runs are left to the bounds: each was
/// ended by its own outcomes, and no test was made for them together.
pub(super) fn answer(limit: &Limit, runs: &[Arc<RunFacts>], subjects: &mut [Subject]) {
    let [run] = runs else { return };
    let suite = &run.started.suite;
    if suite.design.kind != DesignKind::GoNoGo {
        return;
    }
    let Some(test) = Test::of(limit, suite) else { return };
    for subject in subjects {
        let resets = subject.value.map_or(0, |rate| (rate * f64::from(subject.n)).round() as u32);
        let (status, said) = match test.plan.answer(resets, subject.n.saturating_sub(resets)) {
            Answer::Accept => (LimitStatus::Met, format!("counts as {} or better", test.good_rate)),
            Answer::Reject => (LimitStatus::NotMet, format!("counts as {} or worse", test.min_rate)),
            Answer::GoOn => (LimitStatus::Undecided, "has no answer yet".to_owned()),
        };
        subject.status = status;
        subject.reason = format!(
            "{resets} of {} reset: by the sequential test the rate {said}; a rate of {} is wrongly rejected, and one of {} wrongly accepted, in at most \
             {:.1} % of all runs",
            subject.n,
            test.good_rate,
            test.min_rate,
            100.0 * test.error
        );
    }
}
