//! The real file system.

use crate::ports::{AppendFile, Locked, Storage, StorageError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskStorage;

/// A file that is being written.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    path: PathBuf,
}

impl AppendFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.file.write_all(bytes).map_err(|error| StorageError::new("write", &self.path, error))
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        self.file.sync_data().map_err(|error| StorageError::new("sync", &self.path, error))
    }
}

impl Storage for DiskStorage {
    type File = DiskFile;
    type Lock = File;

    fn create_dir(&self, dir: &Path) -> Result<(), StorageError> {
        let mut missing: Vec<&Path> = dir.ancestors().filter(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
        while let Some(next) = missing.pop() {
            match fs::create_dir(next) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(StorageError::new("create the folder", next, error));
                }
                _ => self.sync_dir(parent(next))?,
            }
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> Result<DiskFile, StorageError> {
        open(path, "create", OpenOptions::new().append(true).create_new(true))
    }

    fn open(&self, path: &Path) -> Result<DiskFile, StorageError> {
        open(path, "open", OpenOptions::new().append(true))
    }

    fn read(&self, path: &Path, from: u64) -> Result<Box<dyn Read + Send>, StorageError> {
        let failed = |error| StorageError::new("read", path, error);
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(from)).map_err(failed)?;
        Ok(Box::new(file))
    }

    fn list(&self, dir: &Path) -> Result<Vec<String>, StorageError> {
        let failed = |error| StorageError::new("list", dir, error);
        let mut names = Vec::new();
        for entry in fs::read_dir(dir).map_err(failed)? {
            names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        fs::rename(from, to).map_err(|error| StorageError::new("rename", from, error))?;
        self.sync_dir(parent(to))
    }

    fn remove(&self, path: &Path) -> Result<(), StorageError> {
        fs::remove_file(path).map_err(|error| StorageError::new("remove", path, error))
    }

    fn truncate(&self, path: &Path, length: u64) -> Result<(), StorageError> {
        let cut = || {
            let file = OpenOptions::new().write(true).open(path)?;
            file.set_len(length)?;
            file.sync_all()
        };
        cut().map_err(|error| StorageError::new("cut", path, error))
    }

    fn sync_dir(&self, dir: &Path) -> Result<(), StorageError> {
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| StorageError::new("sync the folder", dir, error))
    }

    /// The file tells the process that holds it, for the message of the next one. The system takes the lock off when a process ends,
    /// however it ends.
    fn lock(&self, path: &Path) -> Result<Locked<File>, StorageError> {
        let failed = |error| StorageError::new("lock", path, error);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).map_err(failed)?;
                writeln!(file, "process {}", std::process::id()).map_err(failed)?;
                Ok(Locked::Ours(file))
            }
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                file.read_to_string(&mut by).map_err(failed)?;
                Ok(Locked::Held { by: Some(by.trim().to_owned()).filter(|by| !by.is_empty()) })
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

fn open(path: &Path, action: &'static str, options: &OpenOptions) -> Result<DiskFile, StorageError> {
    let file = options.open(path).map_err(|error| StorageError::new(action, path, error))?;
    Ok(DiskFile { file, path: path.to_owned() })
}

/// The folder of a file; a bare name lies in the current one.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(path: &Path, from: u64) -> String {
        let mut text = String::new();
        DiskStorage.read(path, from).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn files_grow_are_cut_renamed_and_removed() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b");
        let (one, two) = (dir.join("one"), dir.join("two"));
        DiskStorage.create_dir(&dir).unwrap();
        DiskStorage.create_dir(&dir).unwrap();
        let mut file = DiskStorage.create(&one).unwrap();
        file.append(b"one").unwrap();
        file.sync().unwrap();
        assert!(DiskStorage.create(&one).is_err(), "it exists");
        DiskStorage.open(&one).unwrap().append(b" two").unwrap();
        assert_eq!((contents(&one, 0), contents(&one, 4), contents(&one, 40)), ("one two".into(), "two".into(), String::new()));
        DiskStorage.truncate(&one, 3).unwrap();
        file.append(b"!").unwrap();
        DiskStorage.rename(&one, &two).unwrap();
        assert_eq!(DiskStorage.list(&dir).unwrap(), ["two"]);
        assert_eq!(contents(&two, 0), "one!");
        DiskStorage.remove(&two).unwrap();
        assert!(DiskStorage.open(&two).unwrap_err().not_found());
    }

    #[test]
    fn a_failure_says_what_was_tried_and_where() {
        let error = DiskStorage.open(Path::new("/nowhere/at/all")).unwrap_err().to_string();
        assert!(error.starts_with("could not open /nowhere/at/all: "), "{error}");
    }

    #[test]
    fn a_lock_is_held_by_one_and_says_by_whom() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("lock");
        let Locked::Ours(lock) = DiskStorage.lock(&path).unwrap() else { panic!("nobody holds it") };
        let Locked::Held { by } = DiskStorage.lock(&path).unwrap() else { panic!("it is held") };
        assert_eq!(by, Some(format!("process {}", std::process::id())));
        drop(lock);
        assert!(matches!(DiskStorage.lock(&path).unwrap(), Locked::Ours(_)));
    }
}
