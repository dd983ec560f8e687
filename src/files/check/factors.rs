//! Rules of a suite's factors.

use super::{distinct, name, positive};
use crate::domain::condition::Release;
use crate::domain::suite::{Factors, Holds};
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

pub(super) fn check(findings: &mut Findings, factors: &Factors) {
    let at = KeyPath::from("factors");
    adapters(findings, &at, factors);
    holds(findings, &at.key("hold_s"), &factors.hold_s);
    release(findings, &at, factors);

    let volts = numbered(&at.key("supply_v"), &factors.supply_v);
    volts.iter().for_each(|(at, level)| positive(findings, at.clone(), level.get()));
    distinct(findings, volts, "supply voltage");

    let delays = numbered(&at.key("press_after_s"), &factors.press_after_s);
    for (at, delay) in &delays {
        let message = format!("a press {delay} after power-on is not possible");
        findings.require(delay.get() >= 0.0, at, message, "count from power-on: 0 or more");
    }
    distinct(findings, delays, "delay");
}

fn adapters(findings: &mut Findings, at: &KeyPath, factors: &Factors) {
    let adapter = at.key("adapter");
    findings.require(
        !factors.adapter.is_empty(),
        &adapter,
        "no adapter is named",
        "name at least one file of the adapters folder",
    );
    let names = numbered(&adapter, &factors.adapter);
    names.iter().for_each(|(at, adapter)| name(findings, at.clone(), adapter.as_str()));
    distinct(findings, names, "adapter");

    let outlets = numbered(&at.key("outlet"), &factors.outlet);
    outlets.iter().for_each(|(at, outlet)| name(findings, at.clone(), outlet.as_str()));
    distinct(findings, outlets, "outlet");
}

fn holds(findings: &mut Findings, at: &KeyPath, holds: &Holds) {
    match holds {
        Holds::Levels(levels) => {
            findings.require(!levels.is_empty(), at, "no hold is named", "write at least one hold in seconds: [30]");
            let levels = numbered(at, levels);
            levels.iter().for_each(|(at, hold)| positive(findings, at.clone(), hold.get()));
            distinct(findings, levels, "hold");
        }
        Holds::Range(range) => {
            positive(findings, at.key("from"), range.from.get());
            let message = format!("the range ends at {}, and begins at {}", range.to, range.from);
            findings.require(range.to > range.from, at.key("to"), message, "let `to` be longer than `from`");
        }
    }
}

fn release(findings: &mut Findings, at: &KeyPath, factors: &Factors) {
    let release = at.key("release");
    findings.require(!factors.release.is_empty(), &release, "no way of release is named", "write [\"after_hold\"]");
    let words = numbered(&release, &factors.release);
    distinct(findings, words.into_iter().map(|(at, word)| (at, release_word(*word))), "release");

    let max_at = at.key("hold_max_s");
    let on_change = factors.release.contains(&Release::OnChange);
    match (on_change, factors.hold_max_s, factors.hold_s.longest()) {
        (true, None, _) => {
            let message = "with `on_change` a press without a change would never end";
            findings.error(&release, message, "add `hold_max_s = …`: the longest hold, such as 60");
        }
        (true, Some(max), Some(longest)) if max < longest => {
            let message = format!("the longest hold with `on_change` is {max}, shorter than the hold of {longest}");
            findings.error(&max_at, message, format!("write {} or more", longest.get()));
        }
        (true, Some(max), Some(longest)) if max == longest => {
            let message =
                format!("a hold of {longest} leaves no time to wait for a change: `on_change` is the same as `after_hold`");
            findings.warn(&max_at, message, format!("write more than {}", longest.get()));
        }
        (false, Some(_), _) => {
            findings.warn(
                &max_at,
                "`hold_max_s` does nothing without `on_change`",
                "add `release = [\"on_change\"]`, or take it away",
            );
        }
        _ => {}
    }
}

fn release_word(release: Release) -> &'static str {
    match release {
        Release::AfterHold => "after_hold",
        Release::OnChange => "on_change",
    }
}

/// Each element with its place.
fn numbered<'l, T>(at: &KeyPath, list: &'l [T]) -> Vec<(KeyPath, &'l T)> {
    list.iter().enumerate().map(|(index, element)| (at.index(index), element)).collect()
}
