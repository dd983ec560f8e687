//! The files that a run was begun with, against the hashes in its journal.

use super::{Finding, list};
use crate::ports::{Storage, StorageError};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Component, Path};

/// Name of the folder of inputs in a run's directory.
pub(super) const INPUTS: &str = "inputs";

/// Whether the input is as it was when the run began; `line` holds its hash.
pub(super) fn check<S: Storage>(
    storage: &S,
    dir: &Path,
    name: &str,
    sha256: &str,
    line: u64,
) -> Result<Option<Finding>, StorageError> {
    let file = name.to_owned();
    // Anything but plain names could point out of the folder.
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(Some(Finding::InputChanged { line, file }));
    }
    let path = dir.join(INPUTS).join(name);
    let mut input = match storage.read(&path, 0) {
        Ok(input) => input,
        Err(error) if error.not_found() => return Ok(Some(Finding::InputMissing { line, file })),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| StorageError::new("read", &path, error))?;
    let now: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((now != sha256).then_some(Finding::InputChanged { line, file }))
}

/// Files below `folder` that are none of the `known`, as names below the run's directory; a folder that holds no known file is named once.
pub(super) fn strangers<S: Storage>(
    storage: &S,
    dir: &Path,
    folder: &str,
    known: &BTreeSet<String>,
) -> Result<Vec<String>, StorageError> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        for name in list(storage, &dir.join(folder).join(&inside))?.unwrap_or_default() {
            let name = format!("{inside}{name}");
            let below = format!("{name}/");
            if known.contains(&name) {
                continue;
            }
            if known.iter().any(|known| known.starts_with(&below)) {
                folders.push(below);
            } else {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    Ok(found)
}
