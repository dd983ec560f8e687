//! Writing a journal: one writer a run, every line checked before it is written, the lines that settle something on the disk before
//! their call returns.

use super::Hash;
use super::fold::Fold;
use super::kind::Wanted;
use super::line::{LONGEST, encode};
use super::traces::{TraceSet, Traces};
use crate::domain::event::{Attached, Event, FORMAT};
use crate::domain::ids::Seq;
use crate::domain::run_state::RunState;
use crate::domain::units::{Seconds, Tick};
use crate::ports::{AppendFile, Batch, RecordError, Recorder, Storage, StorageError};
use std::path::{Path, PathBuf};

/// Lines are handed to the system no later than so much bench time after they were recorded, also in a step that takes long.
const AT_MOST_KEPT_BACK: Seconds = Seconds::from_millis(1000);

/// Writes the journal and the traces of a run. Made by [`create`](super::create) and [`reopen`](super::reopen).
pub struct JournalWriter<S: Storage> {
    storage: S,
    dir: PathBuf,
    file: S::File,
    /// Held as long as the writer lives.
    _lock: S::Lock,
    fold: Fold,
    traces: TraceSet<S::File>,
    /// Lines that the system does not have yet.
    pending: Vec<u8>,
    /// When the first of them was recorded.
    pending_since: Tick,
    /// Room for the line that is being made.
    line: Vec<u8>,
    /// Bytes that were set aside and that no line speaks of yet.
    set_aside_bytes: u64,
    /// Who is handed each line that was written.
    tap: Option<Tap>,
    /// Why nothing can be written any more.
    failed: Option<String>,
}

/// Is handed each line of a journal, without its newline, when it was written.
pub type Tap = Box<dyn FnMut(&[u8]) + Send>;

impl<S: Storage> JournalWriter<S> {
    pub(super) fn new(
        storage: S,
        dir: &Path,
        file: S::File,
        lock: S::Lock,
        fold: Fold,
        traces: Traces,
        set_aside_bytes: u64,
    ) -> Self {
        Self {
            storage,
            dir: dir.to_owned(),
            file,
            _lock: lock,
            fold,
            traces: TraceSet::new(traces),
            pending: Vec::new(),
            pending_since: Tick::ZERO,
            line: Vec::new(),
            set_aside_bytes,
            tap: None,
            failed: None,
        }
    }

    /// Hands each line to come to `tap` as well.
    pub fn tap(&mut self, tap: Option<Tap>) {
        self.tap = tap;
    }

    /// Hash of the last line: `journal_head` of `summary.json`.
    pub fn head(&self) -> Hash {
        self.fold.head
    }

    /// Bytes of a torn line that were set aside when the journal was reopened. The next `run_resumed` says so by itself.
    pub fn set_aside_bytes(&self) -> u64 {
        self.set_aside_bytes
    }

    fn write(&mut self, at: Tick, mut event: Event) -> Result<Seq, RecordError> {
        if let Event::RunResumed(resumed) = &mut event {
            resumed.set_aside_bytes = self.set_aside_bytes;
        }
        let seq = self.take_in(at, &event)?;
        if let Event::RunResumed(_) = event {
            self.set_aside_bytes = 0;
        }
        if self.pending.is_empty() {
            self.pending_since = at;
        }
        self.pending.extend_from_slice(&self.line);
        self.pending.push(b'\n');
        if let Event::TrialFinished(_) | Event::TrialAbandoned(_) | Event::RunResumed(_) = event {
            self.traces.discard(&self.storage).map_err(|error| self.fail(error))?;
        }
        match Care::of(&event) {
            Care::Kept if at.since(self.pending_since) < AT_MOST_KEPT_BACK => {}
            Care::Kept | Care::HandedOver => self.hand_over()?,
            Care::Synced => {
                self.hand_over()?;
                self.file.sync().map_err(|error| self.fail(error))?;
            }
        }
        if let Some(tap) = &mut self.tap {
            tap(&self.line);
        }
        Ok(seq)
    }

    /// Makes the event's line and reads it back as any reader will: what cannot be read, or reads as something else, is not written.
    fn take_in(&mut self, at: Tick, event: &Event) -> Result<Seq, RecordError> {
        let refused = |why: String| RecordError(format!("`{}` is refused: {why}", event.kind()));
        self.line.clear();
        let next = Seq(self.fold.state.next_seq);
        encode(&mut self.line, next, at, event, &self.fold.head).map_err(|error| refused(error.to_string()))?;
        if self.line.len() > LONGEST {
            return Err(refused(format!("its line would be longer than {LONGEST} bytes")));
        }
        if let Event::JournalOpened(opened) = event
            && opened.format != format!("{}.{}", FORMAT.0, FORMAT.1)
        {
            return Err(refused(format!("this program does not write format {}", opened.format)));
        }
        let looked = self.fold.look(&mut self.line, Wanted::ALL, true).map_err(|error| refused(error.to_string()))?;
        if looked.event.as_ref() != Some(event) {
            return Err(refused("it would not read back as it is: a number is not finite, or too large".to_owned()));
        }
        self.fold.take(Hash::of(&self.line), at, Some(event)).map_err(|error| refused(error.to_string()))
    }

    fn hand_over(&mut self) -> Result<(), RecordError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let handed = self.file.append(&self.pending);
        self.pending.clear();
        handed.map_err(|error| self.fail(error))
    }

    fn fail(&mut self, error: StorageError) -> RecordError {
        let why = error.to_string();
        self.failed = Some(why.clone());
        RecordError(why)
    }

    fn check(&self) -> Result<(), RecordError> {
        match &self.failed {
            Some(why) => Err(RecordError(format!("an earlier write failed: {why}"))),
            None => Ok(()),
        }
    }
}

impl<S: Storage> Recorder for JournalWriter<S> {
    fn record(&mut self, at: Tick, event: Event) -> Result<Seq, RecordError> {
        self.check()?;
        self.write(at, event)
    }

    fn state(&self) -> &RunState {
        &self.fold.state
    }

    fn trace(&mut self, batch: &Batch) -> Result<(), RecordError> {
        self.check()?;
        if !self.pending.is_empty() && batch.end.since(self.pending_since) >= AT_MOST_KEPT_BACK {
            self.hand_over()?;
        }
        let Some(open) = &self.fold.state.open else { return Ok(()) };
        self.traces.feed(&self.storage, &self.dir, open, batch).map_err(|error| self.fail(error))
    }

    fn close_traces(&mut self, at: Tick, keep: bool) -> Result<(), RecordError> {
        self.check()?;
        if !keep {
            return self.traces.discard(&self.storage).map_err(|error| self.fail(error));
        }
        while let Some(completed) = self.traces.complete(&self.storage, &self.dir) {
            let attached: Attached = completed.map_err(|error| self.fail(error))?;
            self.write(at, Event::Attached(attached))?;
        }
        Ok(())
    }
}

/// Whatever happens to the program, as much as possible of what was recorded reaches the file.
impl<S: Storage> Drop for JournalWriter<S> {
    fn drop(&mut self) {
        if self.failed.is_none() {
            // There is nobody left to tell of a failure; the reader will see what is missing.
            let _ = self.hand_over();
        }
    }
}

/// How carefully a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// It may wait for others.
    Kept,
    /// It survives the end of this program: whoever follows the run sees it.
    HandedOver,
    /// It survives a power cut.
    Synced,
}

impl Care {
    fn of(event: &Event) -> Self {
        match event {
            Event::JournalOpened(_)
            | Event::RunStarted(_)
            | Event::RunResumed(_)
            | Event::TrialFinished(_)
            | Event::TrialAbandoned(_)
            | Event::Faulted(_)
            | Event::StopRequested(_)
            | Event::RunFinished(_) => Care::Synced,
            Event::BlockStarted(_)
            | Event::TrialStarted(_)
            | Event::StepFinished(_)
            | Event::Asked(_)
            | Event::Answered(_)
            | Event::Paused(_)
            | Event::Continued(_) => Care::HandedOver,
            Event::StepStarted(_)
            | Event::Observed(_)
            | Event::Measured(_)
            | Event::Attached(_)
            | Event::Environment(_)
            | Event::Diagnosed(_) => Care::Kept,
        }
    }
}
