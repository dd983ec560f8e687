//! The text for support's ticket, and the few lines of a message.

use super::Record;
use std::fmt::Write;

/// ticket.txt: the model and the exact steps already taken, as support will ask.
pub fn ticket(record: &Record) -> Vec<u8> {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    line(format!("Model: {}", record.model));
    line(format!("Serial number: {}", record.serial));
    line(format!("Firmware: {}", record.firmware));
    line(format!("Case: {}", record.case));
    line(format!("Result: {} ({})", record.headline, record.verdict));
    line(format!("Cause: {}", record.cause));
    if let Some(secondary) = &record.secondary {
        line(format!("Also at fault: {secondary}"));
    }
    line(format!("Disposition: {} - {}", record.disposition.0, record.disposition.1));
    line(String::new());
    line("Steps already taken:".to_owned());
    for (number, step) in record.steps.iter().enumerate() {
        let held = step.held_s.map_or(String::new(), |held| format!(", held {held} s"));
        line(format!("{}. {}{held} ({:.0} min): {}", number + 1, step.test, step.minutes, step.seen));
    }
    line(String::new());
    record.reasons.iter().chain(&record.remarks).for_each(|reason| line(reason.clone()));
    if record.ends_worse {
        line("The unit ends worse than it came: it was up on a good source before the tests, and is not now.".to_owned());
    }
    record.not_observed.iter().for_each(|unseen| line(format!("Not observed: {unseen}")));
    line(String::new());
    if !record.instructions.is_empty() {
        line(format!("Instructions: {}", record.instructions));
    }
    line(format!("Record: {}, journal {} of {} lines", record.id, record.chain.0, record.chain.1));
    line(format!("Numbers: {}", record.trust));
    text.into_bytes()
}

/// A summary of a few lines, for a message.
pub fn summary(record: &Record) -> String {
    let second = record.secondary.as_ref().map_or(String::new(), |class| format!(", also {class}"));
    format!(
        "{}: {} {} (case {}) - {}{second}, probability {:.3}, {:.0} bench minutes. {}",
        record.disposition.0,
        record.model,
        record.serial,
        record.case,
        record.headline,
        record.probability,
        record.minutes,
        record.cause
    )
}
