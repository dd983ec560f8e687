//! Bench hours and the hour of day after which no block is begun.

use crate::domain::run_state::RunState;
use crate::domain::suite::Suite;
use crate::domain::units::{Seconds, Tick};
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// The hour of day after which no block is begun.
#[derive(Clone, Debug)]
pub struct Until {
    /// The hour.
    pub time: Time,
    /// Whose hour it is.
    pub zone: TimeZone,
}

/// What ends a run at the end of a block.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    bench_s: Option<Seconds>,
    until: Option<Until>,
}

impl Budget {
    /// The suite's hours, and its hour of day in the bench's time zone.
    pub(super) fn new(suite: &Suite, until: Option<Until>) -> Self {
        Self { bench_s: suite.design.budget_h.map(|hours| Seconds::new(hours * 3600.0)), until }
    }

    /// Whether no further block may begin.
    pub(super) fn spent(&self, run: &RunState) -> bool {
        let over_budget = self.bench_s.is_some_and(|budget| run.bench_time() >= budget);
        over_budget || self.until.as_ref().is_some_and(|until| past(until, run))
    }
}

/// Whether the first such hour after the session was opened has come.
fn past(until: &Until, run: &RunState) -> bool {
    let Some(opened) = run.opened_at else { return false };
    let opened = opened.to_zoned_datetime(until.zone.clone());
    let same_day = opened.with().time(until.time).build();
    let deadline = match same_day {
        Ok(deadline) if deadline > opened => Ok(deadline),
        Ok(deadline) => deadline.tomorrow(),
        Err(error) => Err(error),
    };
    let elapsed = run.last_tick.since(Tick::ZERO).micro();
    deadline.is_ok_and(|deadline| deadline.timestamp().as_microsecond() - opened.timestamp().as_microsecond() <= elapsed)
}
