//! What teardowns found: the truth that verdicts are held against. A file of the state folder, a line a unit.

use crate::domain::rma::FaultClass;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// Its name below the state folder.
const FILE: &str = "truth.jsonl";

/// What a teardown found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The return.
    pub id: String,
    /// The verdict that it had.
    pub verdict: String,
    /// The cause that was found.
    pub cause: FaultClass,
    /// When it was told.
    pub time: String,
}

/// Everything that was told; the last word on each return counts.
///
/// # Errors
/// The file cannot be read.
pub fn all(state: &Path) -> Result<Vec<Truth>> {
    let path = state.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    let mut by_id = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let truth: Truth = serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), number + 1))?;
        by_id.insert(truth.id.clone(), truth);
    }
    Ok(by_id.into_values().collect())
}

/// Adds one.
///
/// # Errors
/// The file cannot be written.
pub fn add(state: &Path, truth: &Truth) -> Result<()> {
    let path = state.join(FILE);
    let line = serde_json::to_string(truth).context("writing what a teardown found")? + "\n";
    std::fs::create_dir_all(state).with_context(|| format!("making the folder {}", state.display()))?;
    let open = || std::fs::OpenOptions::new().create(true).append(true).open(&path);
    open().and_then(|mut file| file.write_all(line.as_bytes())).with_context(|| format!("writing {}", path.display()))
}

/// Verdicts that were right, of those that were checked. Undecided returns and faults of the bench are no verdicts on a unit.
///
/// # Errors
/// The file cannot be read.
pub fn accuracy(state: &Path) -> Result<Option<(u32, u32)>> {
    let all = all(state)?;
    let told = all.iter().filter(|truth| FaultClass::of_name(&truth.verdict).is_some_and(|class| class != FaultClass::Rig));
    let (mut right, mut checked) = (0, 0);
    for truth in told {
        checked += 1;
        right += u32::from(truth.verdict == truth.cause.name());
    }
    Ok((checked > 0).then_some((right, checked)))
}
