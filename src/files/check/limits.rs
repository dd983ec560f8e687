//! Rules of a suite's limits.

use super::{distinct, filled, within};
use crate::domain::limit::Limit;
use crate::domain::measurement::names;
use crate::domain::suite::{Holds, Suite};
use crate::domain::units::Seconds;
use crate::files::keypath::KeyPath;
use crate::files::nearest::help_words;
use crate::files::problem::Findings;

pub(super) fn check(findings: &mut Findings, suite: &Suite) {
    let limits: Vec<(KeyPath, &Limit)> =
        suite.limits.iter().enumerate().map(|(index, limit)| (KeyPath::from("limits").index(index), limit)).collect();
    for (at, limit) in &limits {
        filled(findings, at.key("name"), &limit.name);
        adapter(findings, at, limit, suite);
        supply(findings, at, limit, suite);
        kind(findings, at, limit, suite);
    }
    distinct(findings, limits.iter().map(|(at, limit)| (at.key("name"), format!("`{}`", limit.name))), "limit");
}

fn adapter(findings: &mut Findings, at: &KeyPath, limit: &Limit, suite: &Suite) {
    let names = suite.factors.adapter.iter().map(|name| name.as_str());
    if limit.adapter != "*" && !names.clone().any(|name| name == limit.adapter) {
        let message = format!("adapter `{}` is not in this suite", limit.adapter);
        findings.error(at.key("adapter"), message, format!("{}; `*` is each one", help_words(&limit.adapter, names)));
    }
}

fn supply(findings: &mut Findings, at: &KeyPath, limit: &Limit, suite: &Suite) {
    let levels = &suite.factors.supply_v;
    match limit.supply_v {
        Some(_) if levels.is_empty() => {
            let help = "take it away, or add `supply_v = […]` under [factors]";
            findings.error(at.key("supply_v"), "this suite does not vary the supply voltage", help);
        }
        Some(volts) if !levels.contains(&volts) => {
            let list: Vec<String> = levels.iter().map(|level| level.get().to_string()).collect();
            let help = format!("write one of {}", list.join(", "));
            findings.error(at.key("supply_v"), format!("{volts} is no level of `factors.supply_v`"), help);
        }
        _ => {}
    }
}

fn kind(findings: &mut Findings, at: &KeyPath, limit: &Limit, suite: &Suite) {
    let rate = limit.hold_s.is_some() || limit.min_rate.is_some() || limit.confidence.is_some();
    let measurement = limit.measurement.is_some() || limit.min.is_some() || limit.max.is_some() || limit.marginal.is_some();
    let kinds = "a rate limit has `hold_s`, `min_rate` and `confidence`; a measurement limit has `measurement`, `min` or `max`, and `marginal`";
    match (rate, measurement) {
        (true, false) => rate_limit(findings, at, limit, &suite.factors.hold_s),
        (false, true) => measurement_limit(findings, at, limit),
        (true, true) => findings.error(at, format!("limit `{}` mixes both kinds of limits", limit.name), kinds),
        (false, false) => findings.error(at, format!("limit `{}` limits nothing", limit.name), kinds),
    }
}

fn rate_limit(findings: &mut Findings, at: &KeyPath, limit: &Limit, holds: &Holds) {
    match limit.hold_s {
        None => findings.error(
            at,
            format!("limit `{}` lacks the hold it is judged at", limit.name),
            "add `hold_s = …`, one of the suite's",
        ),
        Some(hold) => hold_of_suite(findings, at.key("hold_s"), hold, holds),
    }
    match limit.min_rate {
        None => findings.error(at, format!("limit `{}` lacks the least rate", limit.name), "add `min_rate = …`, from 0 to 1"),
        Some(rate) => within(findings, at.key("min_rate"), rate, 0.0, 1.0),
    }
    if let Some(confidence) = limit.confidence {
        let message = format!("a confidence of {confidence} is not possible");
        let help = "write 0.5 or more and less than 1, such as 0.95";
        findings.require((0.5..1.0).contains(&confidence), at.key("confidence"), message, help);
    }
}

fn hold_of_suite(findings: &mut Findings, at: KeyPath, hold: Seconds, holds: &Holds) {
    match holds {
        Holds::Levels(levels) => {
            let list: Vec<String> = levels.iter().map(|level| level.get().to_string()).collect();
            let message = format!("no trial of this suite holds for {hold}");
            findings.require(
                levels.contains(&hold),
                at,
                message,
                format!("write one of {}, or add it to `factors.hold_s`", list.join(", ")),
            );
        }
        Holds::Range(range) => {
            let inside = (range.from..=range.to).contains(&hold);
            let message = format!("a hold of {hold} lies outside the suite's range");
            findings.require(inside, at, message, format!("write a hold from {} to {}", range.from.get(), range.to.get()));
        }
    }
}

fn measurement_limit(findings: &mut Findings, at: &KeyPath, limit: &Limit) {
    match &limit.measurement {
        None => findings.error(
            at,
            format!("limit `{}` does not say of what", limit.name),
            "add `measurement = …`, such as \"boot_s\"",
        ),
        Some(name) if !names::ALL.contains(&name.as_str()) => {
            findings.error(at.key("measurement"), format!("unknown measurement `{name}`"), help_words(name, names::ALL));
        }
        Some(_) => {}
    }
    match (limit.min, limit.max) {
        (None, None) => findings.error(at, format!("limit `{}` has no bound", limit.name), "add `min = …` or `max = …`"),
        (Some(min), Some(max)) if min > max => {
            findings.error(at.key("max"), format!("the greatest value, {max}, is below the least, {min}"), "swap them");
        }
        _ => {}
    }
    if let Some(marginal) = limit.marginal {
        within(findings, at.key("marginal"), marginal, 0.0, 0.5);
    }
}
