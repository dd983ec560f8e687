//! Beginning a journal, and going on with one that a crash, a power cut or a stop ended.

use super::fold::Fold;
use super::reader::{ReadError, Torn, read_fold};
use super::traces::{PART, Traces};
use super::writer::JournalWriter;
use super::{JOURNAL, LOCK, TORN, TRACES};
use crate::domain::event::{FORMAT, FinishReason};
use crate::domain::run_state::Phase;
use crate::ports::{AppendFile, Locked, Storage, StorageError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why a journal cannot be written to. It is as it was, unless the file system failed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A new run would stand in the directory of another.
    #[error("{} holds a run already: resume it, or choose another directory", dir.display())]
    Exists {
        /// The directory.
        dir: PathBuf,
    },
    /// There is nothing to go on with.
    #[error("{} holds no run: it has no {JOURNAL}", dir.display())]
    Missing {
        /// The directory.
        dir: PathBuf,
    },
    /// Somebody else writes it.
    #[error("the run in {} is being written by {}", dir.display(), by.as_deref().unwrap_or("another program"))]
    Held {
        /// The directory.
        dir: PathBuf,
        /// Who, where they said so.
        by: Option<String>,
    },
    /// The run has ended for good.
    #[error("the run in {} has finished ({}): there is nothing to go on with", dir.display(), reason.name())]
    Finished {
        /// The directory.
        dir: PathBuf,
        /// Why it ended.
        reason: FinishReason,
    },
    /// It holds lines that may mean something that this program does not know.
    #[error("the journal in {} is of format {}.{minor}, later than this program's {}.{}", dir.display(), FORMAT.0, FORMAT.0, FORMAT.1)]
    Later {
        /// The directory.
        dir: PathBuf,
        /// The minor number of its format.
        minor: u32,
    },
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file system failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Begins the journal of a run in `dir`, which is made where it is missing. Its first event must be `journal_opened`.
///
/// # Errors
/// [`OpenError`].
pub fn create<S: Storage>(storage: S, dir: &Path, traces: Traces) -> Result<JournalWriter<S>, OpenError> {
    storage.create_dir(dir)?;
    let lock = take_lock(&storage, dir)?;
    if has_journal(&storage, dir)? {
        return Err(OpenError::Exists { dir: dir.to_owned() });
    }
    let file = storage.create(&dir.join(JOURNAL))?;
    storage.sync_dir(dir)?;
    Ok(JournalWriter::new(storage, dir, file, lock, Fold::default(), traces, 0))
}

/// Opens the journal of a run to go on behind its last whole line. A torn line is moved to `journal.torn-N`; traces that were not
/// completed are removed, since their trial is done again. The next event must be `run_resumed` (`journal_opened` where not even that
/// was written).
///
/// # Errors
/// [`OpenError`].
pub fn reopen<S: Storage + Clone>(storage: S, dir: &Path, traces: Traces) -> Result<JournalWriter<S>, OpenError> {
    if !has_journal(&storage, dir)? {
        return Err(OpenError::Missing { dir: dir.to_owned() });
    }
    let lock = take_lock(&storage, dir)?;
    let (fold, torn) = read_fold(&storage, dir)?;
    if let Phase::Finished(reason) = fold.state.phase
        && !reason.can_be_resumed()
    {
        return Err(OpenError::Finished { dir: dir.to_owned(), reason });
    }
    if fold.minor > FORMAT.1 {
        return Err(OpenError::Later { dir: dir.to_owned(), minor: fold.minor });
    }
    remove_parts(&storage, dir)?;
    let moved = set_aside(&storage, dir, torn)?;
    let file = storage.open(&dir.join(JOURNAL))?;
    let unsaid = moved.saturating_sub(fold.set_aside_bytes);
    Ok(JournalWriter::new(storage, dir, file, lock, fold, traces, unsaid))
}

fn has_journal<S: Storage>(storage: &S, dir: &Path) -> Result<bool, StorageError> {
    match storage.list(dir) {
        Ok(names) => Ok(names.iter().any(|name| name == JOURNAL)),
        Err(error) if error.not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

fn take_lock<S: Storage>(storage: &S, dir: &Path) -> Result<S::Lock, OpenError> {
    match storage.lock(&dir.join(LOCK))? {
        Locked::Ours(lock) => Ok(lock),
        Locked::Held { by } => Err(OpenError::Held { dir: dir.to_owned(), by }),
    }
}

/// Moves a torn line out of the journal and returns the length of everything that was ever moved. A crash on the way leaves either the
/// torn line where it was, or a whole copy of it beside the journal, which is recognised the next time.
fn set_aside<S: Storage>(storage: &S, dir: &Path, torn: Option<Torn>) -> Result<u64, StorageError> {
    let journal = dir.join(JOURNAL);
    let mut copies = Vec::new();
    for number in 1.. {
        match read_all(storage, &torn_path(dir, number), 0) {
            Ok(bytes) => copies.push(bytes),
            Err(error) if error.not_found() => break,
            Err(error) => return Err(error),
        }
    }
    if let Some(torn) = torn {
        let bytes = read_all(storage, &journal, torn.offset)?;
        if copies.last() != Some(&bytes) {
            let part = dir.join(format!("{TORN}{PART}"));
            let mut file = storage.create(&part)?;
            file.append(&bytes)?;
            file.sync()?;
            storage.rename(&part, &torn_path(dir, copies.len() + 1))?;
            copies.push(bytes);
        }
        storage.truncate(&journal, torn.offset)?;
    }
    Ok(copies.iter().map(|bytes| bytes.len() as u64).sum())
}

fn torn_path(dir: &Path, number: usize) -> PathBuf {
    dir.join(format!("{TORN}-{number}"))
}

fn read_all<S: Storage>(storage: &S, path: &Path, from: u64) -> Result<Vec<u8>, StorageError> {
    let mut bytes = Vec::new();
    let failed = |error: io::Error| StorageError::new("read", path, error);
    storage.read(path, from)?.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Removes what a crash left unfinished.
fn remove_parts<S: Storage>(storage: &S, dir: &Path) -> Result<(), StorageError> {
    for folder in [dir.to_owned(), dir.join(TRACES)] {
        let names = match storage.list(&folder) {
            Err(error) if error.not_found() => continue,
            names => names?,
        };
        for name in names.iter().filter(|name| name.ends_with(PART)) {
            storage.remove(&folder.join(name))?;
        }
    }
    Ok(())
}
