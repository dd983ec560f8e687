//! Writing a line.

use super::LineError;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::units::Tick;
use crate::journal::hash::Hash;
use serde::Serialize;
use std::io::Write;

/// Appends a line, without its newline, to `out`. `previous` is the hash of the line before.
///
/// # Errors
/// [`LineError`] where the event has no JSON form.
pub fn encode(out: &mut Vec<u8>, seq: Seq, at: Tick, event: &Event, previous: &Hash) -> Result<(), LineError> {
    let begin = out.len();
    let kind = event.kind();
    let written = write!(out, r#"{{"seq":{seq},"t_us":{},"kind":"{kind}","h":"{previous}""#, at.0)
        .map_err(|error| LineError::Fields { kind, why: error.to_string() })
        .and_then(|()| fields(out, event));
    if written.is_err() {
        out.truncate(begin);
    }
    written
}

fn fields(out: &mut Vec<u8>, event: &Event) -> Result<(), LineError> {
    let kind = event.kind();
    match event {
        Event::JournalOpened(fields) => object(out, kind, fields),
        Event::RunStarted(fields) => object(out, kind, fields),
        Event::RunResumed(fields) => object(out, kind, fields),
        Event::BlockStarted(fields) => object(out, kind, fields),
        Event::TrialStarted(fields) => object(out, kind, fields),
        Event::StepStarted(fields) => object(out, kind, fields),
        Event::StepFinished(fields) => object(out, kind, fields),
        Event::Observed(fields) => object(out, kind, fields),
        Event::Measured(fields) => object(out, kind, fields),
        Event::Attached(fields) => object(out, kind, fields),
        Event::Environment(fields) => object(out, kind, fields),
        Event::Asked(fields) => object(out, kind, fields),
        Event::Answered(fields) => object(out, kind, fields),
        Event::Diagnosed(fields) => object(out, kind, fields),
        Event::TrialFinished(fields) => object(out, kind, fields),
        Event::TrialAbandoned(fields) => object(out, kind, fields),
        Event::Faulted(fields) => object(out, kind, fields),
        Event::Paused(fields) | Event::Continued(fields) => object(out, kind, fields),
        Event::StopRequested(fields) => object(out, kind, fields),
        Event::RunFinished(fields) => object(out, kind, fields),
    }
}

/// Writes the fields of an object behind those that stand there: its opening brace becomes a comma, or is dropped when it is empty.
fn object(out: &mut Vec<u8>, kind: &'static str, fields: &impl Serialize) -> Result<(), LineError> {
    let brace = out.len();
    serde_json::to_writer(&mut *out, fields).map_err(|error| LineError::Fields { kind, why: error.to_string() })?;
    if &out[brace..] == b"{}" {
        out.remove(brace);
    } else {
        out[brace] = b',';
    }
    Ok(())
}
