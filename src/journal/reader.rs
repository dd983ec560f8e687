//! Reading a journal from its beginning, and following one that grows.

use super::fold::Fold;
use super::hash::Hash;
use super::kind::Wanted;
use super::line::{LONGEST, LineError};
use super::{JOURNAL, line_number};
use crate::domain::event::Event;
use crate::domain::ids::Seq;
use crate::domain::run_state::RunState;
use crate::domain::units::Tick;
use crate::ports::{Storage, StorageError};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Why a journal could not be read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is bad.
    #[error("{}:{line}: {what}", path.display())]
    BadLine {
        /// The journal.
        path: PathBuf,
        /// Number of the line in the file, from 1.
        line: u64,
        /// What is wrong with it.
        what: LineError,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A last line that was not written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// Its number in the file, from 1.
    pub line: u64,
    /// Where it begins, which is where the whole lines end.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Reads the lines of a journal one by one. At the end of the file it can be asked again later, and goes on when the journal has grown.
pub struct Reader<S> {
    storage: S,
    path: PathBuf,
    wanted: Wanted,
    source: Option<BufReader<Box<dyn Read>>>,
    line: Vec<u8>,
    fold: Fold,
    offset: u64,
    torn: Option<Torn>,
    event: Option<Event>,
}

impl<S: Storage> Reader<S> {
    /// A reader of the journal in a run's directory. Only events of the wanted kinds are handed out; the others are checked all the same.
    pub fn new(storage: S, dir: &Path, wanted: Wanted) -> Self {
        Self {
            storage,
            path: dir.join(JOURNAL),
            wanted,
            source: None,
            line: Vec::new(),
            fold: Fold::default(),
            offset: 0,
            torn: None,
            event: None,
        }
    }

    /// The next event of a wanted kind; `None` at the end of what has been written so far.
    ///
    /// # Errors
    /// [`ReadError`]; the reader stays before the bad line.
    pub fn next_event(&mut self) -> Result<Option<(Seq, Tick, &Event)>, ReadError> {
        while let Some((seq, at)) = self.next_line()? {
            if self.event.is_some() {
                return Ok(self.event.as_ref().map(|event| (seq, at, event)));
            }
        }
        Ok(None)
    }

    /// Reads to the end of what has been written so far.
    ///
    /// # Errors
    /// [`ReadError`]; what was handed out before stands.
    pub fn for_each(&mut self, mut each: impl FnMut(Seq, Tick, &Event)) -> Result<(), ReadError> {
        while let Some((seq, at, event)) = self.next_event()? {
            each(seq, at, event);
        }
        Ok(())
    }

    /// Reads to the end of what has been written so far, and hands out every line; without its event where that is not wanted.
    ///
    /// # Errors
    /// [`ReadError`]; what was handed out before stands.
    pub fn for_each_line(&mut self, mut each: impl FnMut(Seq, Tick, Option<&Event>)) -> Result<(), ReadError> {
        while let Some((seq, at)) = self.next_line()? {
            each(seq, at, self.event.as_ref());
        }
        Ok(())
    }

    /// The state of the run after the lines read so far.
    pub fn state(&self) -> &RunState {
        &self.fold.state
    }

    /// Hash of the last line read.
    pub fn head(&self) -> Hash {
        self.fold.head
    }

    /// The torn last line, where the last attempt to read on met one. It may be whole later, when the journal is being written.
    pub fn torn(&self) -> Option<Torn> {
        self.torn
    }

    /// Lines that were passed over because only later versions of the format know their kind.
    pub fn unknown(&self) -> u64 {
        self.fold.unknown
    }

    /// What was read.
    pub(super) fn into_fold(self) -> Fold {
        self.fold
    }

    fn next_line(&mut self) -> Result<Option<(Seq, Tick)>, ReadError> {
        self.event = None;
        self.torn = None;
        let last = match self.fetch()? {
            Fetched::Nothing => return Ok(None),
            Fetched::Part => {
                self.torn = Some(self.torn_here());
                return Ok(None);
            }
            Fetched::Line { last } => last,
        };
        let length = self.line.len() - 1;
        // The cheap path looks at no more than it needs, so the last line, which may be torn, does not go through it.
        let looked = self.fold.look(&mut self.line[..length], self.wanted, last);
        let taken = looked.and_then(|looked| {
            let seq = self.fold.take(&self.line[..length], looked.at, looked.event.as_ref())?;
            Ok((seq, looked))
        });
        match taken {
            Ok((seq, looked)) => {
                self.offset += self.line.len() as u64;
                self.event = looked.event.filter(|event| looked.kind.is_some_and(|kind| self.wanted.takes(kind, event)));
                Ok(Some((seq, looked.at)))
            }
            Err(error) if last && error.may_be_torn() => {
                self.torn = Some(self.torn_here());
                self.source = None;
                Ok(None)
            }
            Err(what) => {
                self.source = None;
                Err(ReadError::BadLine { path: self.path.clone(), line: self.number(), what })
            }
        }
    }

    /// Reads the next line with its newline.
    fn fetch(&mut self) -> Result<Fetched, ReadError> {
        let source = match &mut self.source {
            Some(source) => source,
            none => none.insert(BufReader::with_capacity(1 << 16, self.storage.read(&self.path, self.offset)?)),
        };
        self.line.clear();
        let failed = |error| StorageError::new("read", &self.path, error);
        source.take(LONGEST as u64 + 1).read_until(b'\n', &mut self.line).map_err(failed)?;
        let last = source.fill_buf().map_err(failed)?.is_empty();
        if self.line.ends_with(b"\n") {
            return Ok(Fetched::Line { last });
        }
        self.source = None;
        if self.line.len() > LONGEST {
            return Err(ReadError::BadLine { path: self.path.clone(), line: self.number(), what: LineError::TooLong });
        }
        Ok(if self.line.is_empty() { Fetched::Nothing } else { Fetched::Part })
    }

    fn torn_here(&self) -> Torn {
        Torn { line: self.number(), offset: self.offset, bytes: self.line.len() as u64 }
    }

    fn number(&self) -> u64 {
        line_number(self.fold.state.next_seq)
    }
}

enum Fetched {
    Nothing,
    Part,
    Line { last: bool },
}

/// Reads a whole journal for its state alone.
///
/// # Errors
/// [`ReadError`].
pub fn read_state<S: Storage>(storage: S, dir: &Path) -> Result<Ending, ReadError> {
    let mut reader = Reader::new(storage, dir, Wanted::NONE);
    reader.for_each(|_, _, _| {})?;
    let torn = reader.torn();
    let fold = reader.into_fold();
    Ok(Ending { state: fold.state, head: fold.head, torn })
}

/// How a journal ends.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The state of the run.
    pub state: RunState,
    /// Hash of the last whole line.
    pub head: Hash,
    /// A torn line behind it.
    pub torn: Option<Torn>,
}
