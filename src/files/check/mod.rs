//! Whether the files make sense: pure checks of each kind and of all of them together.

mod adapter;
mod canaries;
mod chimes;
mod console;
mod cross;
mod design;
mod factors;
mod limits;
mod profile;
mod rig;
mod suite;

pub use cross::{Inputs, cross};

use super::keypath::KeyPath;
use super::problem::Findings;
use jiff::civil::Date;
use regex::Regex;
use std::collections::BTreeSet;
use std::fmt::Display;

/// A kind of file with rules of its own.
pub trait Check {
    /// Everything wrong or doubtful in this file alone.
    fn check(&self) -> Findings;
}

/// Letters, digits, `-`, `_` and `.` only, and not a path.
pub(super) fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=64).contains(&text.len()) && text.chars().all(plain) && !text.starts_with('.')
}

fn name(findings: &mut Findings, at: KeyPath, text: &str) {
    let help = "use 1 to 64 letters, digits, `-`, `_` and `.`; it becomes part of file names";
    findings.require(is_name(text), at, format!("`{text}` cannot be a name"), help);
}

/// A number above zero, and finite.
fn positive(findings: &mut Findings, at: KeyPath, value: f64) {
    let message = format!("`{at}` must be above zero, and is {value}");
    findings.require(value > 0.0 && value.is_finite(), at, message, "write a number above zero");
}

/// A number from `low` to `high`, both included.
fn within(findings: &mut Findings, at: KeyPath, value: f64, low: f64, high: f64) {
    let message = format!("`{at}` must lie between {low} and {high}, and is {value}");
    findings.require((low..=high).contains(&value), at, message, format!("write a number from {low} to {high}"));
}

/// A day as `YYYY-MM-DD`.
fn date(findings: &mut Findings, at: KeyPath, text: &str) {
    let is_date = text.len() == 10 && text.parse::<Date>().is_ok();
    findings.require(is_date, at, format!("`{text}` is not a date"), "write it as YYYY-MM-DD, such as 2026-05-31");
}

/// Text with something in it.
fn filled(findings: &mut Findings, at: KeyPath, text: &str) {
    let message = format!("`{at}` is empty");
    findings.require(!text.trim().is_empty(), at, message, "write something, or leave the key away where it may be absent");
}

/// A regular expression that compiles and does not fit everything. `{value}` stands for a canary.
fn regex(findings: &mut Findings, at: KeyPath, pattern: &str) {
    match Regex::new(&pattern.replace("{value}", "canary")) {
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            let help = "in single quotes a backslash stands for itself: '\\d+'; write `\\(` for a bracket meant as such";
            findings.error(at, format!("not a regular expression: {reason}"), help);
        }
        Ok(regex) if regex.is_match("") => {
            findings.error(at, "this regular expression fits every line", "name the words that must be there");
        }
        Ok(_) => {}
    }
}

/// Complains of every element that stood there before.
fn distinct<T: Ord + Display>(findings: &mut Findings, list: impl IntoIterator<Item = (KeyPath, T)>, what: &str) {
    let mut seen = BTreeSet::new();
    for (at, element) in list {
        let message = format!("{what} {element} stands here twice");
        findings.require(seen.insert(element), at, message, "write it once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_as_file_names() {
        for good in ["hold-sweep", "a", "A_1.b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "..", ".hidden", "a/b", "a b", "ä", &"x".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn dates_are_whole_days() {
        for (text, good) in
            [("2026-05-31", true), ("2026-02-30", false), ("2026-5-31", false), ("2026-05-31T00:00", false), ("", false)]
        {
            let mut findings = Findings::default();
            date(&mut findings, KeyPath::root(), text);
            assert_eq!(findings.errors.is_empty(), good, "{text}");
        }
    }

    #[test]
    fn a_regular_expression_must_compile_and_say_something() {
        for (text, good) in [("^app: ready", true), ("cfg: x={value}$", true), ("a(", false), ("a*", false)] {
            let mut findings = Findings::default();
            regex(&mut findings, KeyPath::root(), text);
            assert_eq!(findings.errors.is_empty(), good, "{text}");
        }
    }
}
