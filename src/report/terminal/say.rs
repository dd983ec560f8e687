//! The line that plain output shows for an event.

use super::ending::Ending;
use super::line::{Ink, Line};
use crate::domain::condition::{Condition, Release, Stimulus};
use crate::domain::event::{Asked, Event, FinishReason, How};
use crate::report::words::number;

/// What a condition does, in words.
pub fn what(condition: &Condition) -> String {
    let volts = condition.supply_v.map_or(String::new(), |volts| format!("at {volts} "));
    let action = match &condition.stimulus {
        Stimulus::Press { hold_s, release, .. } => {
            let change = if *release == Release::OnChange { " until a change" } else { "" };
            let after =
                condition.press_after_s.map_or(String::new(), |after| format!(", {} s after power-on", number(after.get())));
            format!("press {} s{change}{after}", number(hold_s.get()))
        }
        Stimulus::Sham { .. } => "sham".to_owned(),
        Stimulus::UnpoweredPress { hold_s } => format!("unpowered press {} s", number(hold_s.get())),
        Stimulus::Check { check } => format!("check of {}", check.name().replace('_', " ")),
    };
    format!("{volts}{action}")
}

/// A trial has ended, as the `settled`th of `planned`.
pub fn ended(ending: &Ending, settled: u32, planned: Option<u32>) -> Line {
    let of = planned.map_or(String::new(), |planned| format!("/{planned}"));
    Line::of(Ink::Plain, format!("[{settled}{of}] {}: ", ending.subject()))
        .and(Ink::Toned(ending.tone()), ending.word())
        .and(Ink::Plain, ending.detail())
}

/// The line of any other event that a person should see.
pub fn said(event: &Event, planned: Option<u32>) -> Option<Line> {
    let text = match event {
        Event::RunStarted(started) => {
            let slots = planned.map_or("slots chosen as it goes".to_owned(), |planned| format!("{planned} slots"));
            format!("run {} of {} on {}, {slots}", started.run_id, started.suite.name, started.dut_serial)
        }
        Event::RunResumed(_) => "resumed".to_owned(),
        Event::BlockStarted(started) => format!("block {}", started.block),
        Event::Faulted(fault) => {
            return Some(Line::of(Ink::Strong, format!("fault of the rig ({}): {fault}", fault.fault.name())));
        }
        Event::Asked(asked) => return Some(Line::of(Ink::Strong, question(asked))),
        Event::Answered(answered) => format!("answer to question {}: {}", answered.question, answered.answer),
        Event::Paused(_) => "paused: no trial begins until the run goes on".to_owned(),
        Event::Continued(_) => "the run goes on".to_owned(),
        Event::StopRequested(stop) => match stop.how {
            How::AfterTrial => "stop requested: after this trial".to_owned(),
            How::FinishSafely => "stop requested: this trial is given up, the power goes off when it is safe".to_owned(),
            How::Now => "stop requested: at once, although the camera may be writing".to_owned(),
        },
        Event::RunFinished(finished) => format!("finished: {}", reason(finished.reason)),
        _ => return None,
    };
    Some(Line::of(Ink::Plain, text))
}

fn question(asked: &Asked) -> String {
    let choices = if asked.choices.is_empty() { String::new() } else { format!(" [{}]", asked.choices.join(", ")) };
    format!("question {}: {}{choices}", asked.question, asked.text)
}

fn reason(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Complete => "complete",
        FinishReason::BudgetSpent => "the suite's budget is spent",
        FinishReason::UnitDead => "the unit is dead",
        FinishReason::UnitBudgetSpent => "the unit has suffered as much as its profile allows",
        FinishReason::Stopped => "stopped; the run can be resumed",
        FinishReason::RigFaulted => "the rig failed too often; the run can be resumed",
        FinishReason::Declined => "the customer has not agreed to a reset; nothing was powered",
    }
}
