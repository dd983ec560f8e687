//! The sequential tests of a go/no-go suite: one question for each rate limit.

use crate::analysis::stats::sprt::{Plan, Question};
use crate::domain::limit::{Limit, Question as Asked};
use crate::domain::suite::Suite;
use crate::domain::units::{Seconds, Volts};

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
