//! The fold over lines: checks each one and carries the state of the run on. Reader and writer use the same, so that nothing is written
//! that could not be read.

use super::hash::Hash;
use super::kind::{Kind, Wanted};
use super::line::{Depth, Envelope, LineError, decode};
use crate::domain::event::{Event, FORMAT};
use crate::domain::ids::Seq;
use crate::domain::run_state::RunState;
use crate::domain::units::Tick;

/// A line that fits behind the others, not yet taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// Its time.
    pub at: Tick,
    /// Its kind; `None` for one that only later versions know.
    pub kind: Option<Kind>,
    /// What it says; read no further than the state of the run needs where neither the kind nor the whole line was asked for.
    pub event: Option<Event>,
}

/// What is known after some lines.
#[derive(Clone, Debug)]
pub struct Fold {
    /// The state of the run.
    pub state: RunState,
    /// Hash of the last line: the next one carries it.
    pub head: Hash,
    /// Minor number of the journal's format; ours before its first line.
    pub minor: u32,
    /// Lines of kinds that only later versions know.
    pub unknown: u64,
    /// Bytes of torn lines that the `run_resumed` lines so far speak of.
    pub set_aside_bytes: u64,
}

impl Default for Fold {
    fn default() -> Self {
        Self { state: RunState::default(), head: Hash::NONE, minor: FORMAT.1, unknown: 0, set_aside_bytes: 0 }
    }
}

impl Fold {
    /// Reads a line (without its newline) that is to follow. The line is lent to be written to, and is as before when this returns.
    /// Events of kinds that are not wanted are read no further than the state of the run needs, unless `whole` says that the line must be
    /// checked to its end.
    ///
    /// # Errors
    /// [`LineError`]: it cannot be read, or is not chained to the line before.
    pub fn look(&self, line: &mut [u8], wanted: Wanted, whole: bool) -> Result<Looked, LineError> {
        let envelope = Envelope::read(line)?;
        let (at, body) = (Tick(envelope.t_us), envelope.body);
        let Some(kind) = Kind::from_name(envelope.kind) else {
            if self.minor <= FORMAT.1 {
                return Err(LineError::UnknownKind(String::from_utf8_lossy(envelope.kind).into_owned()));
            }
            self.follows(&envelope)?;
            return Ok(Looked { at, kind: None, event: None });
        };
        let follows = self.follows(&envelope);
        let depth = if whole || !wanted.leaves(kind, &line[body..]) { Depth::Full } else { Depth::State };
        // Whether the line can be read at all is said first: a torn line is no broken chain.
        let event = decode(line, body, kind, depth)?;
        follows?;
        Ok(Looked { at, kind: Some(kind), event: Some(event) })
    }

    /// Takes in a line that was looked at, with its hash and what it says. A line that is refused changes nothing.
    ///
    /// # Errors
    /// [`LineError`]: it may not follow, or begins a journal of another format.
    pub fn take(&mut self, hash: Hash, at: Tick, event: Option<&Event>) -> Result<Seq, LineError> {
        let minor = match event {
            Some(Event::JournalOpened(opened)) => minor_version(&opened.format)?,
            _ => self.minor,
        };
        let seq = match event {
            Some(event) => self.state.apply(at, event)?,
            None => self.state.pass_over(at)?,
        };
        self.minor = minor;
        self.unknown += u64::from(event.is_none());
        if let Some(Event::RunResumed(resumed)) = event {
            self.set_aside_bytes += resumed.set_aside_bytes;
        }
        self.head = hash;
        Ok(seq)
    }

    fn follows(&self, envelope: &Envelope<'_>) -> Result<(), LineError> {
        if envelope.seq != self.state.next_seq {
            return Err(LineError::Number { expected: self.state.next_seq, found: envelope.seq });
        }
        if envelope.h != self.head.as_bytes() {
            return Err(LineError::Chain { expected: self.head, found: String::from_utf8_lossy(envelope.h).into_owned() });
        }
        Ok(())
    }
}

/// The minor number of a format whose major number is ours.
fn minor_version(format: &str) -> Result<u32, LineError> {
    format
        .split_once('.')
        .and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)))
        .filter(|&(major, _)| major == FORMAT.0)
        .map(|(_, minor)| minor)
        .ok_or_else(|| LineError::Format(format.to_owned()))
}
