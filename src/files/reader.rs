//! How files are read: a port, so that tests and other stores can stand in for the disk.

use super::bundle::open::tidy;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Reads files by path.
pub trait Reader {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As the store says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The names of the entries of a folder, in any order: for the nearest name to one that is not there.
    ///
    /// # Errors
    /// As the store says.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
}

/// Files on the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Reader for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        // An empty path is the current folder to everybody but the operating system.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }
}

/// Files in memory above another store: what the program writes for itself, such as the suite of a return, beside what is on the disk.
pub struct Overlay<'r> {
    under: &'r dyn Reader,
    files: BTreeMap<String, Vec<u8>>,
}

impl<'r> Overlay<'r> {
    /// Nothing above `under` yet.
    pub fn new(under: &'r dyn Reader) -> Self {
        Self { under, files: BTreeMap::new() }
    }

    /// Puts a file there, in place of one that may be below.
    pub fn put(&mut self, path: &Path, bytes: impl Into<Vec<u8>>) {
        self.files.insert(tidy(path), bytes.into());
    }
}

impl Reader for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&tidy(path)).map_or_else(|| self.under.read(path), |bytes| Ok(bytes.clone()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.under.names(folder)
    }
}
