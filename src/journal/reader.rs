//! Reading a journal from its beginning, and following one that grows.

use super::ahead::{Piece, Pieces};
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
    pieces: Option<Pieces>,
    piece: Piece,
    /// Which line of the piece is the next one, and where it begins.
    line: usize,
    begin: usize,
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
            pieces: None,
            piece: Piece::default(),
            line: 0,
            begin: 0,
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

    /// As [`Reader::for_each_line`], with the byte at which each line begins.
    ///
    /// # Errors
    /// [`ReadError`]; what was handed out before stands.
    pub fn for_each_placed(&mut self, mut each: impl FnMut(u64, Seq, Tick, Option<&Event>)) -> Result<(), ReadError> {
        let mut from = self.offset;
        while let Some((seq, at)) = self.next_line()? {
            each(from, seq, at, self.event.as_ref());
            from = self.offset;
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
        let Some((newline, hash)) = self.fetch()? else { return Ok(None) };
        let last = self.piece.ends && newline + 1 == self.piece.bytes.len();
        let line = &mut self.piece.bytes[self.begin..newline];
        if line.len() > LONGEST {
            return Err(self.bad(LineError::TooLong));
        }
        // The cheap path looks at no more than it needs, so the last line, which may be torn, does not go through it.
        let looked = match self.fold.look(line, self.wanted, last) {
            Ok(looked) => looked,
            Err(what) => return self.refused(what, last, newline),
        };
        let seq = match self.fold.take(hash, looked.at, looked.event.as_ref()) {
            Ok(seq) => seq,
            Err(what) => return self.refused(what, last, newline),
        };
        self.offset += (newline + 1 - self.begin) as u64;
        self.begin = newline + 1;
        self.line += 1;
        if let (Some(kind), Some(event)) = (looked.kind, &looked.event)
            && self.wanted.takes(kind, event)
        {
            self.event = looked.event;
        }
        Ok(Some((seq, looked.at)))
    }

    /// Where the next line's newline stands, and the line's hash; `None` at the end of the file, perhaps behind a torn line.
    fn fetch(&mut self) -> Result<Option<(usize, Hash)>, ReadError> {
        while self.line == self.piece.lines.len() {
            if self.piece.ends {
                let rest = self.piece.bytes.len() - self.begin;
                if rest > LONGEST {
                    return Err(self.bad(LineError::TooLong));
                }
                self.torn = (rest > 0).then(|| self.torn_here(rest));
                self.forget();
                return Ok(None);
            }
            let pieces = match &mut self.pieces {
                Some(pieces) => pieces,
                none => none.insert(Pieces::Here(self.storage.read(&self.path, self.offset)?)),
            };
            match pieces.next() {
                Ok(piece) => (self.piece, self.line, self.begin) = (piece, 0, 0),
                Err(error) => {
                    self.forget();
                    return Err(StorageError::new("read", &self.path, error).into());
                }
            }
        }
        Ok(self.piece.lines.get(self.line).copied())
    }

    fn refused(&mut self, what: LineError, last: bool, newline: usize) -> Result<Option<(Seq, Tick)>, ReadError> {
        if last && what.may_be_torn() {
            self.torn = Some(self.torn_here(newline + 1 - self.begin));
            self.forget();
            return Ok(None);
        }
        Err(self.bad(what))
    }

    fn bad(&mut self, what: LineError) -> ReadError {
        self.forget();
        ReadError::BadLine { path: self.path.clone(), line: self.number(), what }
    }

    /// Begins again behind the last good line when asked again.
    fn forget(&mut self) {
        self.pieces = None;
        (self.piece, self.line, self.begin) = (Piece::default(), 0, 0);
    }

    fn torn_here(&self, bytes: usize) -> Torn {
        Torn { line: self.number(), offset: self.offset, bytes: bytes as u64 }
    }

    fn number(&self) -> u64 {
        line_number(self.fold.state.next_seq)
    }
}

/// Reads a whole journal for its state alone.
///
/// # Errors
/// [`ReadError`].
pub fn read_state<S: Storage + Clone>(storage: S, dir: &Path) -> Result<Ending, ReadError> {
    let (fold, torn) = read_fold(&storage, dir)?;
    Ok(Ending { state: fold.state, head: fold.head, torn })
}

/// Folds a whole journal. The state of a return holds what its trials showed, so that every line of it is read; of other runs the lines that
/// move the state are.
///
/// # Errors
/// [`ReadError`].
pub(super) fn read_fold<S: Storage + Clone>(storage: &S, dir: &Path) -> Result<(Fold, Option<Torn>), ReadError> {
    let mut wanted = Wanted::NONE;
    loop {
        let mut reader = Reader::new(storage.clone(), dir, wanted);
        reader.for_each(|_, _, _| {})?;
        let torn = reader.torn();
        let fold = reader.into_fold();
        let is_return = fold.state.started.as_ref().is_some_and(|started| started.suite.rma.is_some());
        if !is_return || wanted == Wanted::ALL {
            return Ok((fold, torn));
        }
        wanted = Wanted::ALL;
    }
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
