//! Question and answer over a line. An answer belongs to a question only while nothing else can be meant: bytes that come unasked, too
//! many, too late or that are no text are a fault with its cause, and after a fault the line is opened anew before anything is asked again.

use super::{Place, Wire};
use crate::domain::verdict::{Fault, FaultKind};
use crate::drivers::deadline::Deadline;
use std::time::Duration;

/// An answer is no longer than this; instruments that are asked for numbers send less than 60 bytes.
const LONGEST: usize = 256;

/// A line on which an instrument is asked.
pub(in crate::drivers) struct Ask {
    place: Place,
    /// What faults call it.
    name: &'static str,
    wire: Option<Wire>,
}

impl Ask {
    /// Not opened yet.
    pub fn new(name: &'static str, place: Place) -> Self {
        Self { place, name, wire: None }
    }

    /// Whether it has to be opened before anything is asked.
    pub fn is_closed(&self) -> bool {
        self.wire.is_none()
    }

    /// Opens it anew.
    pub fn open(&mut self, within: Duration) -> Result<(), Fault> {
        self.wire = None;
        let wire = self.place.open(within);
        self.wire = Some(wire.map_err(|error| self.fault(FaultKind::Disconnected, format!("it cannot be opened: {error}")))?);
        Ok(())
    }

    /// Closes it: what is still on its way must not be taken for the answer to something else.
    pub fn close(&mut self) {
        self.wire = None;
    }

    /// A fault of this instrument, with its place.
    pub fn fault(&self, kind: FaultKind, what: impl AsRef<str>) -> Fault {
        fault(self.name, &self.place, kind, what)
    }

    /// Sends a command.
    pub fn tell(&mut self, command: &[u8]) -> Result<(), Fault> {
        let sent = self.wire()?.write(command);
        sent.map_err(|error| self.fault(FaultKind::Disconnected, format!("it did not take `{}`: {error}", plain(command))))
    }

    /// The bytes up to a line's end, without it, whatever they are; `None` when no whole line came in time.
    pub fn line(&mut self, within: Duration) -> Result<Option<Vec<u8>>, Fault> {
        let mut answer = Vec::new();
        let whole = self.collect(&mut answer, within, |answer| answer.last() == Some(&b'\n'))?;
        Ok(whole.then(|| answer.trim_ascii_end().to_vec()))
    }

    /// So many bytes, or as many as came in time.
    pub fn exactly(&mut self, count: usize, within: Duration) -> Result<Vec<u8>, Fault> {
        let mut answer = Vec::new();
        self.collect(&mut answer, within, |answer| answer.len() >= count)?;
        Ok(answer)
    }

    /// Everything that comes in so long a time.
    pub fn everything(&mut self, within: Duration) -> Result<Vec<u8>, Fault> {
        let mut answer = Vec::new();
        self.collect(&mut answer, within, |_| false)?;
        Ok(answer)
    }

    /// Fails when bytes are there that nobody asked for, or come within so long a time.
    pub fn expect_silence(&mut self, within: Duration) -> Result<(), Fault> {
        let unasked = self.everything(within)?;
        if unasked.is_empty() {
            return Ok(());
        }
        self.close();
        let what = format!("it sent `{}` unasked: answers can no longer be told apart", plain(&unasked));
        Err(self.fault(FaultKind::Disobeyed, what))
    }

    /// Reads byte by byte until `done`, the end of the time, or more than any answer has. Tells whether it was done.
    fn collect(&mut self, answer: &mut Vec<u8>, within: Duration, done: impl Fn(&[u8]) -> bool) -> Result<bool, Fault> {
        let deadline = Deadline::after(within);
        while answer.len() < LONGEST {
            let mut byte = [0];
            let left = deadline.left();
            let read = self.wire()?.read(&mut byte, left);
            match read {
                Err(error) => {
                    self.close();
                    return Err(self.fault(FaultKind::Disconnected, format!("the line was lost: {error}")));
                }
                Ok(0) if left.is_zero() => return Ok(false),
                Ok(0) => {}
                Ok(_) => {
                    answer.push(byte[0]);
                    if done(answer) {
                        return Ok(true);
                    }
                }
            }
        }
        self.close();
        Err(self.fault(FaultKind::Disobeyed, format!("it sent more than {LONGEST} bytes: `{}`", plain(answer))))
    }

    fn wire(&mut self) -> Result<&mut Wire, Fault> {
        let closed = fault(self.name, &self.place, FaultKind::Disconnected, "it is not open");
        self.wire.as_mut().ok_or(closed)
    }
}

/// A fault of an instrument at its place.
pub(in crate::drivers) fn fault(name: &str, place: &Place, kind: FaultKind, what: impl AsRef<str>) -> Fault {
    Fault::new(kind, name, format!("{place}: {}", what.as_ref()))
}

/// Bytes for a person, at most 80 of them.
pub(in crate::drivers) fn plain(bytes: &[u8]) -> String {
    let (shown, rest) = bytes.split_at(bytes.len().min(80));
    let more = if rest.is_empty() { "" } else { "..." };
    format!("{}{more}", shown.trim_ascii_end().escape_ascii())
}
