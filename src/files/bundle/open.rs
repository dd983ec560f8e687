//! Finds the file that another file means.

use super::InputFile;
use crate::files::error::io_words;
use crate::files::reader::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// What a file is to the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Suite,
    Dut,
    Rig,
    Adapter,
    World,
    Capture,
}

impl Role {
    /// The folder it is stored in. The usual layout is kept, so that the suite in `inputs/` can be run as it lies there.
    fn folder(self) -> &'static str {
        match self {
            Role::Suite => "suites",
            Role::Dut => "duts",
            Role::Rig => "rigs",
            Role::Adapter => "adapters",
            Role::World => "worlds",
            Role::Capture => "captures",
        }
    }
}

/// A file that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    /// Stored name of the file that names it; `None` for the command line.
    pub(super) from: Option<&'r str>,
    pub(super) role: Role,
    /// The path as written.
    pub(super) reference: &'r str,
}

/// Why a file could not be had.
pub(super) struct Missing {
    /// The path as shown to the user.
    pub(super) shown: String,
    pub(super) reason: String,
    /// Names of the files that are in its folder.
    pub(super) siblings: Vec<String>,
}

impl Missing {
    /// The file's own name, without its folder.
    pub(super) fn own_name(&self) -> &str {
        self.shown.rsplit('/').next().unwrap_or_default()
    }
}

/// Opens files by reference.
pub(super) trait Opener {
    fn open(&mut self, request: Request<'_>) -> Result<InputFile, Missing>;
}

/// Opens files where the user has them: a reference is relative to the file that names it.
pub(super) struct DiskOpener<'r> {
    reader: &'r dyn Reader,
    /// The path of each stored name, not yet tidied: with symbolic links `a/../b` is not always `b`.
    paths: BTreeMap<String, PathBuf>,
}

impl<'r> DiskOpener<'r> {
    pub(super) fn new(reader: &'r dyn Reader) -> Self {
        Self { reader, paths: BTreeMap::new() }
    }

    /// The stored name of a path: its own name in the role's folder, numbered where another file has it already.
    fn name(&mut self, role: Role, path: &Path) -> String {
        let own = path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned());
        let (stem, ending) =
            own.rsplit_once('.').map_or((own.as_str(), String::new()), |(stem, ending)| (stem, format!(".{ending}")));
        let mut number = 1;
        loop {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let name = format!("{}/{stem}{suffix}{ending}", role.folder());
            match self.paths.get(&name) {
                Some(other) if tidy(other) != tidy(path) => number += 1,
                _ => {
                    self.paths.insert(name.clone(), path.to_owned());
                    return name;
                }
            }
        }
    }
}

impl Opener for DiskOpener<'_> {
    fn open(&mut self, request: Request<'_>) -> Result<InputFile, Missing> {
        let folder = request.from.and_then(|name| self.paths.get(name)?.parent());
        let path = folder.map_or_else(|| PathBuf::from(request.reference), |folder| folder.join(request.reference));
        let shown = tidy(&path);
        match self.reader.read(&path) {
            Ok(bytes) => Ok(InputFile { name: self.name(request.role, &path), original: shown.clone(), bytes, shown }),
            Err(error) => {
                let siblings = path.parent().and_then(|folder| self.reader.names(folder).ok()).unwrap_or_default();
                Err(Missing { shown, reason: io_words(&error), siblings })
            }
        }
    }
}

/// A path without `.` and `x/..`, with `/` between its parts: for people.
pub(in crate::files) fn tidy(path: &Path) -> String {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidied.components().next_back(), Some(Component::Normal(_))) => {
                tidied.pop();
            }
            part => tidied.push(part),
        }
    }
    tidied.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidied_for_people() {
        for (path, shown) in
            [("a/../b/c.toml", "b/c.toml"), ("./a", "a"), ("../a/../b", "../b"), ("/x/../y", "/y"), ("a/b/../../../c", "../c")]
        {
            assert_eq!(tidy(Path::new(path)), shown, "{path}");
        }
    }
}
