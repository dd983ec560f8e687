//! The plan of a design that has no slots beforehand: its rule, and what it is expected to cost.

use super::describe;
use crate::analysis::stats::sprt::Question;
use crate::domain::condition::Slot;
use crate::domain::condition::{Condition, Origin};
use crate::domain::ids::{BlockNo, SlotId};
use crate::planning::Bench;
use crate::planning::adaptive::forecast::{Forecast, GRID, forecast};
use crate::planning::adaptive::{Adaptive, Aim};
use crate::planning::estimate::beside_hold;
use crate::planning::go_no_go::GoNoGo;
use crate::report::words::duration;
use std::fmt::Write;

/// Made-up cameras that the forecast plays: few, since each takes a second or so.
const CAMERAS: u64 = 4;

pub(super) fn adaptive_rule(design: &Adaptive) -> String {
    let settings = design.settings();
    let mut text =
        format!("{} ways to press; in each block every one that is not done is pressed once\n", design.columns().len());
    for column in design.columns() {
        let text_of = describe(column);
        let _ = writeln!(text, "  {}", text_of.split(" hold ").next().unwrap_or_default().trim_end());
    }
    let (from, to) = settings.range;
    let _ = writeln!(text, "  holds from {from} to {to} s, each chosen from all outcomes before it");
    let _ = match settings.aim {
        Aim::Precision(share) => {
            writeln!(text, "  done when the 95 % interval is within +-{:.0} % of the estimate, twice in a row", 100.0 * share)
        }
        Aim::Spec(spec_s) => writeln!(text, "  done when it is certain at 95 % whether {spec_s} s are enough, twice in a row"),
    };
    let _ =
        writeln!(text, "  at most {} presses each; {} controls, one after every third press", design.most(), design.controls());
    text
}

pub(super) fn adaptive(design: &Adaptive) -> String {
    let n = design.columns().len();
    let plays: Vec<Forecast> = (0..CAMERAS).map(|number| forecast(design.settings(), n, design.most(), number)).collect();
    let mean = |of: &dyn Fn(&Forecast) -> f64| plays.iter().map(of).sum::<f64>() / plays.len() as f64;
    let hours = |hours: f64| duration(3600.0 * hours);
    let least = plays.iter().map(|play| play.hours).fold(f64::INFINITY, f64::min);
    let most = plays.iter().map(|play| play.hours).fold(0.0, f64::max);
    let done: u32 = plays.iter().map(|play| play.done).sum();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "  expected     {:.0} presses in {} ({} to {} on {CAMERAS} made-up cameras; {done} of {} done within their presses)",
        mean(&|play| f64::from(play.presses)),
        hours(mean(&|play| play.hours)),
        hours(least),
        hours(most),
        plays.len() * n
    );
    let _ = writeln!(
        text,
        "  a grid       of {} holds, {} trials of each: {} for the same cameras",
        GRID.0,
        GRID.1,
        hours(mean(&|play| play.grid_hours))
    );
    text
}

pub(super) fn go_no_go_rule(design: &GoNoGo) -> String {
    let mut text = String::from("each is pressed until its test has answered\n");
    for (condition, test) in design.arms() {
        let _ = writeln!(
            text,
            "  {}: a rate of {} is accepted, {} rejected, each wrongly in at most {:.1} % of all runs",
            describe(condition),
            test.good_rate,
            test.min_rate,
            100.0 * test.error
        );
    }
    text
}

pub(super) fn go_no_go(design: &GoNoGo, bench: &Bench<'_>) -> String {
    let mut text = String::new();
    let (mut good_s, mut bad_s) = (0.0, 0.0);
    for (condition, test) in design.arms() {
        let (good, bad) = (test.plan.course(test.good_rate).trials, test.plan.course(test.min_rate).trials);
        let spent = |trials: f64, rate: f64| trials * trial_s(condition, bench, rate);
        good_s += spent(good, test.good_rate);
        bad_s += spent(bad, test.min_rate);
        let question = Question { p0: test.good_rate, p1: test.min_rate, alpha: test.error, beta: test.error };
        let fixed = crate::analysis::stats::sprt::fixed_sample(question);
        let last = test.plan.last().map_or_else(String::new, |last| format!(", at most {last}"));
        let _ = writeln!(
            text,
            "  {}: {good:.1} trials if good, {bad:.1} if bad{last}; a fixed sample needs {fixed}",
            condition.adapter
        );
    }
    let _ = writeln!(text, "  expected     {} if all are good, {} if all are bad", duration(good_s), duration(bad_s));
    text
}

fn trial_s(condition: &Condition, bench: &Bench<'_>, rate: f64) -> f64 {
    let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition: condition.clone() };
    let hold_s = condition.stimulus.hold().map_or(0.0, |hold| hold.get());
    beside_hold(&slot, bench).0.expected(hold_s, rate)
}
