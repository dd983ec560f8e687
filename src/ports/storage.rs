//! The port to the file system, as small as a journal needs it, so that a crash at every single operation can be tried.

use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};

/// An operation on the file system failed.
#[derive(Debug, thiserror::Error)]
#[error("could not {action} {}: {source}", path.display())]
pub struct StorageError {
    /// What was tried, so that it reads after "could not".
    pub action: &'static str,
    /// On which file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl StorageError {
    /// The failure of `action` on `path`.
    pub fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { action, path: path.to_owned(), source }
    }

    /// Whether the file or folder does not exist.
    pub fn not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// A file that only grows.
pub trait AppendFile {
    /// Hands bytes to the system: they survive the end of this program, not yet a power cut.
    ///
    /// # Errors
    /// [`StorageError`]; a part of the bytes may have been written.
    fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError>;

    /// Returns when all bytes appended so far survive a power cut.
    ///
    /// # Errors
    /// [`StorageError`]; which of them survive is unknown then, and trying again proves nothing.
    fn sync(&mut self) -> Result<(), StorageError>;
}

/// What came of the attempt to lock a file.
#[derive(Debug)]
pub enum Locked<L> {
    /// It is ours until this value is dropped or the program ends.
    Ours(L),
    /// Somebody else holds it.
    Held {
        /// Who, where they said so.
        by: Option<String>,
    },
}

/// The file system. Paths are whole paths; what is not said to be durable may be lost in a power cut.
pub trait Storage {
    /// An open file.
    type File: AppendFile;
    /// A lock that is held.
    type Lock;

    /// Makes a folder and those above it, durably. Does nothing where it exists.
    ///
    /// # Errors
    /// [`StorageError`].
    fn create_dir(&self, dir: &Path) -> Result<(), StorageError>;

    /// Makes a new, empty file. Its name is durable after [`Storage::sync_dir`] or [`Storage::rename`].
    ///
    /// # Errors
    /// [`StorageError`], also where the file exists.
    fn create(&self, path: &Path) -> Result<Self::File, StorageError>;

    /// Opens an existing file for appending.
    ///
    /// # Errors
    /// [`StorageError`].
    fn open(&self, path: &Path) -> Result<Self::File, StorageError>;

    /// Reads an existing file from a byte on; nothing where it is shorter.
    ///
    /// # Errors
    /// [`StorageError`].
    fn read(&self, path: &Path, from: u64) -> Result<Box<dyn Read + Send>, StorageError>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(&self, dir: &Path) -> Result<Vec<String>, StorageError>;

    /// Gives a file another name in the same folder, replacing one that has it. Durable, and whole or not at all.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rename(&self, from: &Path, to: &Path) -> Result<(), StorageError>;

    /// Removes a file.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove(&self, path: &Path) -> Result<(), StorageError>;

    /// Cuts a file to its first `length` bytes, durably.
    ///
    /// # Errors
    /// [`StorageError`].
    fn truncate(&self, path: &Path, length: u64) -> Result<(), StorageError>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// [`StorageError`].
    fn sync_dir(&self, dir: &Path) -> Result<(), StorageError>;

    /// Takes the lock that the file stands for, which is made where it is missing. Never waits.
    ///
    /// # Errors
    /// [`StorageError`] where the file system cannot say.
    fn lock(&self, path: &Path) -> Result<Locked<Self::Lock>, StorageError>;
}
