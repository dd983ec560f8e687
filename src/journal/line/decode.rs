//! Reading a line. The kind decides which fields are looked for, so that nothing is parsed twice; fields that this version does not
//! know are passed over.

use super::LineError;
use super::envelope::leading_number;
use super::quick;
use crate::domain::event::{Attached, Event, Measured, Observed, StepStarted};
use crate::domain::measurement::Measurement;
use crate::domain::observation::Observation;
use crate::domain::units::Tick;
use crate::domain::verdict::{Diagnosis, Fault, FaultKind, Level, Verdict};
use crate::journal::kind::Kind;
use serde::Deserialize;

/// How much of an event is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// All of it.
    Full,
    /// Only what the state of the run depends on; everything else is empty or zero.
    State,
}

/// Reads the fields of an event from a line (without its newline). `body` is where [`Envelope`](super::Envelope) found them. The line
/// is lent to be written to, and is as before when this returns.
///
/// # Errors
/// [`LineError::Fields`].
pub fn decode(line: &mut [u8], body: usize, kind: Kind, depth: Depth) -> Result<Event, LineError> {
    // The fields become an object of their own when the comma before them becomes a brace.
    let comma = std::mem::replace(&mut line[body], b'{');
    let fields = if comma == b'}' { &b"{}"[..] } else { &line[body..] };
    let event = match depth {
        Depth::Full => full(fields, kind),
        Depth::State => state(fields, kind),
    };
    line[body] = comma;
    event.map_err(|error| LineError::Fields { kind: kind.name(), why: without_position(&error) })
}

fn full(fields: &[u8], kind: Kind) -> serde_json::Result<Event> {
    let parsed = match kind {
        Kind::JournalOpened => Event::JournalOpened(parse(fields)?),
        Kind::RunStarted => Event::RunStarted(parse(fields)?),
        Kind::RunResumed => Event::RunResumed(parse(fields)?),
        Kind::BlockStarted => Event::BlockStarted(parse(fields)?),
        Kind::TrialStarted => Event::TrialStarted(parse(fields)?),
        Kind::StepStarted => {
            Event::StepStarted(StepStarted { step: quick::bare_step(fields).map_or_else(|| parse(fields), Ok)? })
        }
        Kind::StepFinished => Event::StepFinished(quick::step_finished(fields).map_or_else(|| parse(fields), Ok)?),
        Kind::Observed => Event::Observed(Observed { at_us: at_us(fields)?, observation: parse(fields)? }),
        Kind::Measured => Event::Measured(Measured { at_us: at_us(fields)?, measurement: parse(fields)? }),
        Kind::Attached => Event::Attached(parse(fields)?),
        Kind::Environment => Event::Environment(parse(fields)?),
        Kind::Asked => Event::Asked(parse(fields)?),
        Kind::Answered => Event::Answered(parse(fields)?),
        Kind::Diagnosed => Event::Diagnosed(parse(fields)?),
        Kind::TrialFinished => Event::TrialFinished(parse(fields)?),
        Kind::TrialAbandoned => Event::TrialAbandoned(parse(fields)?),
        Kind::Faulted => Event::Faulted(parse(fields)?),
        Kind::Paused => Event::Paused(parse(fields)?),
        Kind::Continued => Event::Continued(parse(fields)?),
        Kind::StopRequested => Event::StopRequested(parse(fields)?),
        Kind::RunFinished => Event::RunFinished(parse(fields)?),
    };
    Ok(parsed)
}

/// The names of the measurements that the state of a run keeps: a run that was broken off goes on by them.
const KEPT: [&[u8]; 2] = [b"\"hold_s\"", b"\"ack_s\""];

fn is_kept(fields: &[u8]) -> bool {
    KEPT.iter().any(|name| fields.windows(name.len()).any(|word| word == *name))
}

/// The state of a run depends on the variant alone for the kinds that are frequent or long, on the verdict of a diagnosis, and on the
/// measured hold and acknowledgement.
fn state(fields: &[u8], kind: Kind) -> serde_json::Result<Event> {
    #[derive(Deserialize)]
    struct Judged {
        verdict: Verdict,
    }
    let nothing = String::new;
    let event = match kind {
        Kind::Observed => Event::Observed(Observed { at_us: Tick::ZERO, observation: Observation::Ready }),
        Kind::Measured if !is_kept(fields) => {
            let measurement = Measurement { name: nothing(), value: 0.0, unit: nothing(), u: None };
            Event::Measured(Measured { at_us: Tick::ZERO, measurement })
        }
        Kind::Attached => Event::Attached(Attached { channel: nothing(), file: nothing(), bytes: 0 }),
        Kind::Faulted => Event::Faulted(Fault::new(FaultKind::Refused, nothing(), nothing())),
        Kind::Diagnosed => Event::Diagnosed(Diagnosis {
            verdict: parse::<Judged>(fields)?.verdict,
            level: Level::None,
            canaries: Default::default(),
            reasons: Vec::new(),
            decided_by: Vec::new(),
            against: Vec::new(),
            noticed: None,
        }),
        _ => return full(fields, kind),
    };
    Ok(event)
}

/// The field `at_us`: the first one in every line that we write, so that it is seldom looked for.
fn at_us(fields: &[u8]) -> serde_json::Result<Tick> {
    #[derive(Deserialize)]
    struct At {
        at_us: Tick,
    }
    match leading_number(fields, b"{\"at_us\":") {
        Some(at) => Ok(Tick(at)),
        None => Ok(parse::<At>(fields)?.at_us),
    }
}

fn parse<'a, T: Deserialize<'a>>(fields: &'a [u8]) -> serde_json::Result<T> {
    serde_json::from_slice(fields)
}

/// The words of an error without its line and column, which count from somewhere within the line.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(words, _)| words.to_owned())
}
