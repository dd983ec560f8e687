//! What each unit has suffered on this station, by serial number: a file a unit in the state folder, an entry a run. A run writes its own
//! entry whole, so that a crash and a resume count nothing twice.

use super::outputs::save;
use crate::domain::ids::DutSerial;
use crate::domain::run_state::RunState;
use crate::engine::Suffered;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder below the state folder.
const UNITS: &str = "units";

/// What a unit suffered in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Factory resets, whole or in part.
    pub resets: u32,
    /// Power cuts inside a write window.
    pub power_cuts: u32,
    /// Passwords that were tried. No part of this version tries any.
    pub password_attempts: u32,
}

/// The life of one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Life {
    /// Its serial number.
    pub serial: String,
    /// By run.
    pub runs: BTreeMap<String, Entry>,
}

impl Life {
    /// Everything that it suffered, but for one run.
    pub fn sum(&self, without: Option<&str>) -> Entry {
        let others = self.runs.iter().filter(|(run, _)| Some(run.as_str()) != without);
        others.fold(Entry::default(), |sum, (_, entry)| Entry {
            resets: sum.resets + entry.resets,
            power_cuts: sum.power_cuts + entry.power_cuts,
            password_attempts: sum.password_attempts + entry.password_attempts,
        })
    }
}

/// The file of a unit. Serial numbers are scanned text: what is no letter or digit is written as its number, so that two never share a file.
fn file(serial: &DutSerial) -> String {
    let mut name = String::new();
    for letter in serial.as_str().chars() {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            name.push(letter)
        } else {
            name += &format!("_{:x}_", letter as u32)
        }
    }
    format!("{name}.json")
}

/// Reads the life of a unit; an empty one where the station has not met it.
///
/// # Errors
/// The file is there and cannot be read: a unit whose past is not known is not pressed.
pub fn life(state: &Path, serial: &DutSerial) -> Result<Life> {
    let path = state.join(UNITS).join(file(serial));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Life { serial: serial.as_str().to_owned(), runs: BTreeMap::new() });
        }
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    serde_json::from_slice(&bytes).with_context(|| {
        format!(
            "{} is damaged: it keeps what the unit suffered; mend it, or move it away if that is known otherwise",
            path.display()
        )
    })
}

/// What the unit of this run suffered in other runs. A file that cannot be read counts as nothing here: the verb has refused it before.
pub fn suffered(state: &Path, run: &RunState) -> Suffered {
    let Some(serial) = run.dut_serial() else { return Suffered::default() };
    let run_id = run.run_id.as_ref().map(|id| id.0.as_str());
    let sum = life(state, serial).map(|life| life.sum(run_id)).unwrap_or_default();
    Suffered { resets: sum.resets, power_cuts: sum.power_cuts }
}

/// Keeps the entry of one run.
pub struct Ledger {
    folder: PathBuf,
    written: Option<Entry>,
}

impl Ledger {
    /// In this state folder.
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join(UNITS), written: None }
    }

    /// Writes what the unit suffered in this run so far, where that is news.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(&mut self, state: &Path, run: &RunState) -> Result<()> {
        let entry = Entry { resets: run.resets, power_cuts: run.power_cuts, password_attempts: 0 };
        let (Some(serial), Some(run_id)) = (run.dut_serial(), &run.run_id) else { return Ok(()) };
        if self.written == Some(entry) || (self.written.is_none() && entry == Entry::default()) {
            return Ok(());
        }
        let mut life = life(state, serial)?;
        life.runs.insert(run_id.0.clone(), entry);
        std::fs::create_dir_all(&self.folder).with_context(|| format!("making the folder {}", self.folder.display()))?;
        save(&self.folder, &file(serial), [serde_json::to_vec_pretty(&life).context("writing the life of a unit")?])?;
        self.written = Some(entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_serial_numbers_never_share_a_file_and_none_leaves_the_folder() {
        let names = ["A/1", "A_2f_1", "../x", "A-1", "a-1"].map(|text| file(&DutSerial::from(text)));
        let mut distinct = names.to_vec();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
        assert!(names.iter().all(|name| !name.contains('/') && !name.contains("..")), "{names:?}");
    }

    #[test]
    fn the_run_that_goes_on_is_not_counted_against_itself() {
        let entry = |resets| Entry { resets, power_cuts: 1, password_attempts: 0 };
        let life =
            Life { serial: "A".to_owned(), runs: BTreeMap::from([("r1".to_owned(), entry(3)), ("r2".to_owned(), entry(4))]) };
        assert_eq!(life.sum(None).resets, 7);
        assert_eq!(life.sum(Some("r2")), entry(3));
    }
}
