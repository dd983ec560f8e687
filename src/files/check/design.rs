//! Rules of a suite's design.

use super::{positive, within};
use crate::domain::condition::Check;
use crate::domain::suite::{Design, DesignKind, Holds, Suite};
use crate::files::keypath::KeyPath;
use crate::files::nearest::help_words;
use crate::files::problem::Findings;

/// Most trials of one condition, or controls of one adapter. At five minutes each, 10 000 take five weeks.
const MOST: u32 = 10_000;

/// What an adaptive design can estimate.
const TARGETS: [&str; 4] = ["hold50", "hold95", "hold99", "hold95_rel"];

pub(super) fn check(findings: &mut Findings, suite: &Suite) {
    let (design, at) = (&suite.design, KeyPath::from("design"));
    match design.kind {
        DesignKind::Grid => grid(findings, &at, suite),
        DesignKind::Adaptive | DesignKind::GoNoGo => chosen(findings, &at, suite),
        DesignKind::Rma => {
            let help = "decide a return with `pinhole rma`, which writes its own suite";
            findings.require(suite.rma.is_some(), at.key("kind"), "a suite of kind `rma` needs a plan under [rma]", help);
        }
        DesignKind::Check => checks(findings, &at, &suite.design),
    }
    for (key, count) in [("shams_per_adapter", design.shams_per_adapter), ("unpowered_per_adapter", design.unpowered_per_adapter)]
    {
        within(findings, at.key(key), f64::from(count), 0.0, f64::from(MOST));
    }
    within(findings, at.key("attempts"), f64::from(design.attempts), 1.0, 10.0);
    within(findings, at.key("hold_tolerance"), design.hold_tolerance, 0.0, 0.5);
    if let Some(hours) = design.budget_h {
        positive(findings, at.key("budget_h"), hours);
    }
    if let Some(time) = &design.until {
        let help = "write hours and minutes of the day as HH:MM, such as \"07:00\"";
        findings.require(is_time_of_day(time), at.key("until"), format!("`{time}` is not a time of day"), help);
    }
    target(findings, &at, design);
}

fn grid(findings: &mut Findings, at: &KeyPath, suite: &Suite) {
    match suite.design.replicates {
        None => findings.error(at, "a grid needs `replicates`", "add `replicates = …`: the trials of each condition, such as 10"),
        Some(count) => within(findings, at.key("replicates"), f64::from(count), 1.0, f64::from(MOST)),
    }
    if let Holds::Range(_) = suite.factors.hold_s {
        let help = "write the levels as a list, [5, 10, 30], or set `kind = \"adaptive\"` under [design]";
        findings.error("factors.hold_s", "a grid has no range of holds", help);
    }
}

fn checks(findings: &mut Findings, at: &KeyPath, design: &Design) {
    let help = "write checks = [\"button_contact\", \"dark_light\", \"boot\", \"supply\"], or those of them that you want";
    findings.require(!design.checks.is_empty(), at, "a design of kind `check` names what it measures", help);
    for (index, check) in design.checks.iter().enumerate() {
        let known = *check != Check::SupplyRamp;
        findings.require(
            known,
            at.key("checks").index(index),
            format!("this version cannot make the check `{}`", check.name()),
            help,
        );
    }
    if let Some(count) = design.replicates {
        within(findings, at.key("replicates"), f64::from(count), 1.0, f64::from(MOST));
    }
}

fn chosen(findings: &mut Findings, at: &KeyPath, suite: &Suite) {
    let decides = suite.limits.iter().any(|limit| limit.min_rate.is_some());
    match suite.design.replicates {
        Some(_) if suite.design.kind == DesignKind::GoNoGo || !decides => {
            let help = "take it away; in an adaptive suite it is the number of planned presses at the hold of each rate limit";
            findings.warn(at.key("replicates"), "`replicates` does nothing here: the data decide", help);
        }
        Some(count) => within(findings, at.key("replicates"), f64::from(count), 1.0, f64::from(MOST)),
        None => {}
    }
    if suite.design.kind == DesignKind::GoNoGo && !decides {
        let help = "add a [[limits]] with `hold_s`, `min_rate` and `confidence`";
        findings.error(at.key("kind"), "a go/no-go suite has no limit to decide", help);
    }
}

fn target(findings: &mut Findings, at: &KeyPath, design: &Design) {
    if let Some(target) = &design.target {
        let known = TARGETS.contains(&target.as_str());
        findings.require(known, at.key("target"), format!("unknown target `{target}`"), help_words(target, TARGETS));
    }
    if let Some(width) = design.rel_half_width {
        positive(findings, at.key("rel_half_width"), width);
        let message = format!("a half width of {width} times the estimate says nothing");
        findings.require(width.is_nan() || width <= 1.0, at.key("rel_half_width"), message, "write a share such as 0.10");
    }
    for (key, count) in [("trials_per_adapter", design.trials_per_adapter), ("presses", design.presses)] {
        if let Some(count) = count {
            within(findings, at.key(key), f64::from(count), 1.0, f64::from(MOST));
        }
    }
    if let Some(spec) = design.spec_hold_s {
        positive(findings, at.key("spec_hold_s"), spec.get());
        let message = "`rel_half_width` does nothing beside `spec_hold_s`: a decision needs no precision";
        findings.require(design.rel_half_width.is_none(), at.key("rel_half_width"), message, "take one of the two away");
    }
    if let Some(rate) = design.good_rate {
        within(findings, at.key("good_rate"), rate, 0.0, 1.0);
    }
    idle(findings, at, design);
}

/// Keys that mean something to one kind of design only.
fn idle(findings: &mut Findings, at: &KeyPath, design: &Design) {
    if design.kind != DesignKind::Adaptive {
        let given = [
            ("target", design.target.is_some()),
            ("rel_half_width", design.rel_half_width.is_some()),
            ("spec_hold_s", design.spec_hold_s.is_some()),
            ("trials_per_adapter", design.trials_per_adapter.is_some()),
            ("presses", design.presses.is_some()),
            ("probe_every", design.probe_every.is_some()),
            ("alone", design.alone),
        ];
        for (key, _) in given.into_iter().filter(|(_, given)| *given) {
            findings.warn(at.key(key), format!("`{key}` does nothing outside an adaptive design"), "take it away");
        }
    }
    if design.kind != DesignKind::GoNoGo && design.good_rate.is_some() {
        findings.warn(at.key("good_rate"), "`good_rate` does nothing outside a go/no-go design", "take it away");
    }
}

fn is_time_of_day(text: &str) -> bool {
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let below = |part: &str, end: u32| two_digits(part) && part.parse::<u32>().is_ok_and(|number| number < end);
    text.split_once(':').is_some_and(|(hours, minutes)| below(hours, 24) && below(minutes, 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_hours_and_minutes() {
        for (text, good) in [
            ("07:00", true),
            ("23:59", true),
            ("24:00", false),
            ("7:00", false),
            ("07:60", false),
            ("+7:00", false),
            ("07", false),
        ] {
            assert_eq!(is_time_of_day(text), good, "{text}");
        }
    }
}
