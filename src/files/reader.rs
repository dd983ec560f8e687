//! How files are read: a port, so that tests and other stores can stand in for the disk.

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
