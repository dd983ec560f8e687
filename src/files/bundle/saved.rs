//! The run's `inputs/` folder: written once, read back on resume without the originals.

use super::assemble::assemble;
use super::open::{Missing, Opener, Request, Role};
use super::{Bundle, InputFile, sha256};
use crate::files::error::{FileError, FileErrors, io_words};
use crate::files::reader::Reader;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the file that says which file is which.
const INDEX: &str = "index.json";

/// The only version of the index.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Index {
    schema: u32,
    entries: Vec<Entry>,
}

/// One reference from one file to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    /// Stored name of the file that names it; `None` for the command line.
    from: Option<String>,
    role: Role,
    /// The path as written there.
    reference: String,
    /// Stored name of the file that is meant.
    name: String,
    /// The path it was read from.
    original: String,
    sha256: String,
}

impl Bundle {
    /// The files for the run's `inputs/` folder: names below it, with `/` between folders, and what they hold; `index.json` is the last.
    pub fn save_to(&self) -> Vec<(String, Vec<u8>)> {
        let entries = self.links.iter().filter_map(|link| {
            let file = self.file(&link.to)?;
            Some(Entry {
                from: link.from.clone(),
                role: link.role,
                reference: link.reference.clone(),
                name: file.name.clone(),
                original: file.original.clone(),
                sha256: file.sha256(),
            })
        });
        let index = Index { schema: VERSION, entries: entries.collect() };
        // Plain strings and numbers: writing them as JSON cannot fail.
        let mut text = serde_json::to_vec_pretty(&index).unwrap_or_default();
        text.push(b'\n');
        let files = self.files.iter().map(|file| (file.name.clone(), file.bytes.clone()));
        files.chain([(INDEX.to_owned(), text)]).collect()
    }
}

/// Reads the inputs of a run back from its `inputs/` folder.
///
/// # Errors
/// No index or one of another version; a file that is missing or was changed since; all that [`super::load`] finds.
pub fn load_saved(reader: &dyn Reader, folder: &Path) -> Result<Bundle, FileErrors> {
    let path = folder.join(INDEX);
    let shown = path.to_string_lossy();
    let fail = |reason: String| {
        let help = "this folder is no run's inputs/, or is damaged; `pinhole verify DIR` tells more";
        FileErrors::from(FileError::whole(&shown, format!("cannot read {shown}: {reason}"), help))
    };
    let bytes = reader.read(&path).map_err(|error| fail(io_words(&error)))?;
    let index: Index = serde_json::from_slice(&bytes).map_err(|error| fail(error.to_string()))?;
    if index.schema != VERSION {
        return Err(fail(format!("it is of version {}, and this program reads {VERSION}", index.schema)));
    }
    let given = |role: Role| index.entries.iter().find(|entry| entry.from.is_none() && entry.role == role);
    let suite = given(Role::Suite).ok_or_else(|| fail("it names no suite".to_owned()))?.reference.clone();
    let rig = given(Role::Rig).map(|entry| entry.reference.clone());
    assemble(&mut SavedOpener { reader, folder, entries: &index.entries }, &suite, rig.as_deref(), &[])
}

struct SavedOpener<'s> {
    reader: &'s dyn Reader,
    folder: &'s Path,
    entries: &'s [Entry],
}

impl Opener for SavedOpener<'_> {
    fn open(&mut self, request: Request<'_>) -> Result<InputFile, Missing> {
        let fits = |entry: &&Entry| {
            (entry.from.as_deref(), entry.role, entry.reference.as_str()) == (request.from, request.role, request.reference)
        };
        let missing =
            |shown: &str, reason: &str| Missing { shown: shown.to_owned(), reason: reason.to_owned(), siblings: Vec::new() };
        let Some(entry) = self.entries.iter().find(fits) else {
            return Err(missing(request.reference, "it is not among the run's inputs"));
        };
        let path = self.folder.join(&entry.name);
        let shown = path.to_string_lossy().into_owned();
        let bytes = self.reader.read(&path).map_err(|error| missing(&shown, &io_words(&error)))?;
        if sha256(&bytes) != entry.sha256 {
            return Err(missing(&shown, "it was changed after the run had begun"));
        }
        Ok(InputFile { name: entry.name.clone(), original: entry.original.clone(), bytes, shown })
    }
}
