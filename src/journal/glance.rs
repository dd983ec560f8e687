//! Reads lines again that a [`Reader`](super::Reader) has checked before, from a place in the middle.

use super::JOURNAL;
use super::kind::Kind;
use super::line::{Depth, Envelope, LONGEST, LineError, decode};
use super::reader::ReadError;
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::units::Tick;
use crate::ports::{Storage, StorageError};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The lines of the trial whose `trial_started` begins at byte `from`, to its end or that of the journal. Their chain is not checked again.
///
/// # Errors
/// [`ReadError`].
pub fn trial_at<S: Storage>(storage: &S, dir: &Path, from: u64) -> Result<Vec<(Seq, Tick, Event)>, ReadError> {
    let path = dir.join(JOURNAL);
    let mut file = BufReader::new(storage.read(&path, from)?);
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        let read = file.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut line);
        read.map_err(|error| StorageError::new("read", &path, error))?;
        // A last line without its end may be torn.
        if line.pop() != Some(b'\n') {
            return Ok(lines);
        }
        let number = lines.last().map_or(0, |(seq, _, _): &(Seq, Tick, Event)| seq.0 + 2);
        let bad = |what| ReadError::BadLine { path: path.clone(), line: number, what };
        if let Some((seq, at, event)) = event(&mut line).map_err(bad)? {
            let over = matches!(event, Event::TrialFinished(_) | Event::TrialAbandoned(_) | Event::RunResumed(_));
            lines.push((seq, at, event));
            if over {
                return Ok(lines);
            }
        }
    }
}

/// What a line says; `None` for a kind that only later versions know.
fn event(line: &mut [u8]) -> Result<Option<(Seq, Tick, Event)>, LineError> {
    let envelope = Envelope::read(line)?;
    let (seq, at, body) = (Seq(envelope.seq), Tick(envelope.t_us), envelope.body);
    let Some(kind) = Kind::from_name(envelope.kind) else { return Ok(None) };
    Ok(Some((seq, at, decode(line, body, kind, Depth::Full)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::samples::short_run;
    use crate::journal::{MemoryStorage, Reader, Traces, Wanted, create};
    use crate::ports::Recorder;

    #[test]
    fn each_trial_is_read_again_as_it_was() {
        let (storage, dir) = (MemoryStorage::new(), Path::new("/run"));
        let mut writer = create(storage.clone(), dir, Traces::Off).unwrap();
        for (at, event) in short_run() {
            writer.record(at, event).unwrap();
        }
        drop(writer);
        let (mut places, mut all) = (Vec::new(), Vec::new());
        let mut reader = Reader::new(storage.clone(), dir, Wanted::ALL);
        let placed = |from: u64, seq: Seq, at: Tick, event: Option<&Event>| {
            all.extend(event.map(|event| (seq, at, event.clone())));
            if matches!(event, Some(Event::TrialStarted(_))) {
                places.push((from, seq.0 as usize));
            }
        };
        reader.for_each_placed(placed).unwrap();
        assert_eq!(places.len(), 2);
        for (from, first) in places {
            let lines = trial_at(&storage, dir, from).unwrap();
            assert!(matches!(lines.last(), Some((_, _, Event::TrialFinished(_)))));
            assert_eq!(lines, all[first..first + lines.len()]);
        }
        assert!(trial_at(&storage, dir, 1 << 40).unwrap().is_empty());
        assert!(trial_at(&storage, dir, 3).is_err());
    }
}
