//! The traces that a trial's lines name, from the files of a run.

use crate::analysis::timeline::{Samples, Timeline};
use crate::domain::event::{Attached, Event};
use crate::domain::ids::Seq;
use crate::domain::units::Tick;
use crate::journal::traces::{Body, Trace, read};
use crate::journal::{Hash, TRACES};
use crate::ports::{Channel, Storage};
use std::fmt::Display;
use std::io::Read;
use std::path::Path;

/// Why a trace is not used, in words.
pub type Note = String;

/// Reads a trace that a line names.
///
/// # Errors
/// A [`Note`]: it cannot be read, or is not what was written.
pub fn attached_trace<S: Storage>(storage: &S, dir: &Path, attached: &Attached) -> Result<Trace, Note> {
    let unread = |why: &dyn Display| format!("the trace of `{}` cannot be read: {why}", attached.channel);
    let mut bytes = Vec::new();
    let mut file = storage.read(&dir.join(TRACES).join(&attached.file), 0).map_err(|why| unread(&why.source))?;
    file.read_to_end(&mut bytes).map_err(|why| unread(&why))?;
    if !attached.file.starts_with(Hash::of(&bytes).as_str()) {
        return Err(format!("the trace of `{}` was changed: its hash is not its name", attached.channel));
    }
    read(&bytes[..]).map_err(|why| unread(&why))
}

/// The timeline of a judged trial's lines, with its traces as far as they were kept and are what was written: a report needs no more than
/// the journal, and `pinhole verify` and `pinhole rejudge` say what is wrong with a trace.
pub fn timeline<S: Storage>(storage: &S, dir: &Path, lines: &[(Seq, Tick, Event)]) -> Option<Timeline> {
    let mut timeline = Timeline::of(lines)?;
    let drawn = [Channel::Light, Channel::PlugVoltage, Channel::PlugCurrent].map(Channel::name);
    for (_, _, event) in lines {
        let Event::Attached(attached) = event else { continue };
        if !drawn.contains(&attached.channel.as_str()) {
            continue;
        }
        let Ok(Trace { channel, lsb: Some(lsb), body: Body::Samples(rows) }) = attached_trace(storage, dir, attached) else {
            continue;
        };
        let samples = rows.iter().map(|row| Samples { start: row.start, period: row.period, codes: &row.codes });
        timeline.add_trace(&channel, lsb, samples);
    }
    Some(timeline)
}
