//! A file system in memory that can fail at any operation, for tests of what a crash, a bad disk or a full one leaves behind.

use crate::ports::{AppendFile, Locked, Storage, StorageError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What goes wrong. Operations that change something are counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// The power goes at an operation: it and all later ones fail.
    Crash {
        /// Which operation.
        at: u64,
        /// Whether it took effect before the power went.
        done: bool,
    },
    /// One operation fails and does nothing; later ones work.
    Error {
        /// Which operation.
        at: u64,
    },
    /// The disk holds so many bytes: an append beyond writes what fits and fails.
    Full {
        /// How many.
        bytes: u64,
    },
}

/// The file system. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    disk: Arc<Mutex<Disk>>,
}

/// A file that is being written.
#[derive(Clone, Debug)]
pub struct MemoryFile {
    disk: Arc<Mutex<Disk>>,
    /// Files are written by number, so that a renamed one is still the same.
    file: usize,
    path: PathBuf,
}

/// A lock that is held.
#[derive(Debug)]
pub struct MemoryLock {
    disk: Arc<Mutex<Disk>>,
    path: PathBuf,
}

#[derive(Clone, Debug, Default)]
struct Disk {
    files: Vec<File>,
    names: BTreeMap<PathBuf, Name>,
    dirs: BTreeSet<PathBuf>,
    locks: BTreeSet<PathBuf>,
    trouble: Trouble,
    operations: u64,
}

#[derive(Clone, Debug, Default)]
struct File {
    bytes: Vec<u8>,
    /// How many of them survive a power cut.
    synced: usize,
}

#[derive(Clone, Copy, Debug)]
struct Name {
    file: usize,
    /// Whether the name survives a power cut.
    durable: bool,
}

impl MemoryStorage {
    /// An empty file system without trouble.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what will go wrong.
    pub fn set_trouble(&self, trouble: Trouble) {
        self.disk().trouble = trouble;
    }

    /// Operations so far that change something.
    pub fn operations(&self) -> u64 {
        self.disk().operations
    }

    /// What a power cut leaves: of each file the bytes that were synced and at most `unsynced` others. Names that were not made durable
    /// are lost where `unsynced` is 0. The result shares nothing with this one, and no lock is held in it.
    pub fn after_power_cut(&self, unsynced: usize) -> Self {
        let mut disk = self.disk().clone();
        for file in &mut disk.files {
            file.bytes.truncate(file.synced.saturating_add(unsynced));
            file.synced = file.bytes.len();
        }
        disk.names.retain(|_, name| name.durable || unsynced > 0);
        disk.locks.clear();
        disk.trouble = Trouble::None;
        Self { disk: Arc::new(Mutex::new(disk)) }
    }

    /// What the end of the program alone leaves: all that was handed to the system.
    pub fn after_kill(&self) -> Self {
        self.after_power_cut(usize::MAX)
    }

    /// The bytes of a file; `None` where there is none.
    pub fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        let disk = self.disk();
        disk.names.get(path).map(|name| disk.files[name.file].bytes.clone())
    }

    /// Puts a file there, durably, whatever stood there before.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let mut disk = self.disk();
        disk.files.push(File { bytes: bytes.to_owned(), synced: bytes.len() });
        let file = disk.files.len() - 1;
        disk.names.insert(path.to_owned(), Name { file, durable: true });
        disk.dirs.extend(path.ancestors().skip(1).map(Path::to_owned));
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        locked(&self.disk)
    }
}

/// A panic elsewhere leaves the disk as a crash would, which is what this is for.
fn locked(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Counts an operation and does it, unless trouble says otherwise.
    fn operate<T>(
        &mut self,
        action: &'static str,
        path: &Path,
        operation: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> Result<T, StorageError> {
        let number = self.operations;
        self.operations += 1;
        let failed = |error| StorageError::new(action, path, error);
        match self.trouble {
            Trouble::Crash { at, done } if number >= at => {
                if number == at && done {
                    // The caller never learns of it.
                    let _ = operation(self);
                }
                Err(failed(io::Error::other("the power is off")))
            }
            Trouble::Error { at } if number == at => Err(failed(io::Error::other("input/output error"))),
            _ => operation(self).map_err(failed),
        }
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).map(|name| name.file).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn append(&mut self, file: usize, bytes: &[u8]) -> io::Result<()> {
        let room = match self.trouble {
            Trouble::Full { bytes } => bytes.saturating_sub(self.files.iter().map(|file| file.bytes.len() as u64).sum()),
            _ => u64::MAX,
        };
        let fits = bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.files[file].bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl AppendFile for MemoryFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        locked(&self.disk).operate("write", &self.path, |disk| disk.append(self.file, bytes))
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        locked(&self.disk).operate("sync", &self.path, |disk| {
            let file = &mut disk.files[self.file];
            file.synced = file.bytes.len();
            Ok(())
        })
    }
}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        locked(&self.disk).locks.remove(&self.path);
    }
}

impl Storage for MemoryStorage {
    type File = MemoryFile;
    type Lock = MemoryLock;

    fn create_dir(&self, dir: &Path) -> Result<(), StorageError> {
        self.disk().operate("create the folder", dir, |disk| {
            disk.dirs.extend(dir.ancestors().map(Path::to_owned));
            Ok(())
        })
    }

    fn create(&self, path: &Path) -> Result<MemoryFile, StorageError> {
        let file = self.disk().operate("create", path, |disk| {
            if disk.names.contains_key(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            if !path.parent().is_some_and(|dir| disk.dirs.contains(dir)) {
                return Err(io::ErrorKind::NotFound.into());
            }
            disk.files.push(File::default());
            let file = disk.files.len() - 1;
            disk.names.insert(path.to_owned(), Name { file, durable: false });
            Ok(file)
        })?;
        Ok(MemoryFile { disk: Arc::clone(&self.disk), file, path: path.to_owned() })
    }

    fn open(&self, path: &Path) -> Result<MemoryFile, StorageError> {
        let file = self.disk().find(path).map_err(|error| StorageError::new("open", path, error))?;
        Ok(MemoryFile { disk: Arc::clone(&self.disk), file, path: path.to_owned() })
    }

    fn read(&self, path: &Path, from: u64) -> Result<Box<dyn Read + Send>, StorageError> {
        let disk = self.disk();
        let file = disk.find(path).map_err(|error| StorageError::new("read", path, error))?;
        let bytes = disk.files[file].bytes.get(usize::try_from(from).unwrap_or(usize::MAX)..).unwrap_or_default();
        Ok(Box::new(Cursor::new(bytes.to_owned())))
    }

    fn list(&self, dir: &Path) -> Result<Vec<String>, StorageError> {
        let disk = self.disk();
        if !disk.dirs.contains(dir) {
            return Err(StorageError::new("list", dir, io::ErrorKind::NotFound.into()));
        }
        let inside = disk.names.keys().chain(&disk.dirs).filter(|path| path.parent() == Some(dir));
        let mut names: Vec<String> =
            inside.filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        self.disk().operate("rename", from, |disk| {
            let file = disk.find(from)?;
            disk.names.remove(from);
            disk.names.insert(to.to_owned(), Name { file, durable: true });
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> Result<(), StorageError> {
        self.disk().operate("remove", path, |disk| {
            disk.find(path)?;
            disk.names.remove(path);
            Ok(())
        })
    }

    fn truncate(&self, path: &Path, length: u64) -> Result<(), StorageError> {
        self.disk().operate("cut", path, |disk| {
            let file = disk.find(path)?;
            let file = &mut disk.files[file];
            file.bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
            file.synced = file.bytes.len();
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &Path) -> Result<(), StorageError> {
        self.disk().operate("sync the folder", dir, |disk| {
            for (path, name) in &mut disk.names {
                name.durable |= path.parent() == Some(dir);
            }
            Ok(())
        })
    }

    fn lock(&self, path: &Path) -> Result<Locked<MemoryLock>, StorageError> {
        let new = self.disk().operate("lock", path, |disk| Ok(disk.locks.insert(path.to_owned())))?;
        if !new {
            return Ok(Locked::Held { by: None });
        }
        Ok(Locked::Ours(MemoryLock { disk: Arc::clone(&self.disk), path: path.to_owned() }))
    }
}
