//! From a run's directory to its line of the history.

use crate::analysis::rma::{Senses, Table, conclude};
use crate::domain::run_state::{Phase, RunState};
use crate::journal::{DiskStorage, ReadError, read_state};
use std::path::Path;

/// What the history holds of a run.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Entry {
    /// The run.
    pub id: String,
    /// Its directory.
    pub dir: String,
    /// `return`, or `run`.
    pub kind: String,
    /// Wall time of its beginning, RFC 3339 in UTC.
    pub time: String,
    /// The unit.
    pub serial: String,
    /// Its model.
    pub model: String,
    /// The bench.
    pub station: String,
    /// Name of the suite.
    pub suite: String,
    /// The adapters that it names.
    pub adapters: Vec<String>,
    /// The verdict of a return (`undecided`, `not_finished` included); of a run the word of its end.
    pub verdict: String,
    /// Probability of a return's verdict.
    pub probability: Option<f64>,
    /// Hash of the last line of the journal when it was read.
    pub head: String,
}

/// Reads it from the run's journal. `None` where the run had not started.
///
/// # Errors
/// The journal cannot be read.
pub fn read_entry(dir: &Path) -> Result<Option<Entry>, ReadError> {
    let ending = read_state(DiskStorage, dir)?;
    let state = &ending.state;
    let Some(started) = state.started.as_deref() else { return Ok(None) };
    let (verdict, probability) = verdict(state);
    Ok(Some(Entry {
        id: started.run_id.0.clone(),
        dir: dir.to_string_lossy().into_owned(),
        kind: if started.suite.rma.is_some() { "return" } else { "run" }.to_owned(),
        time: started.wall.to_string(),
        serial: started.dut_serial.0.clone(),
        model: started.profile.model.clone(),
        station: started.station.0.clone(),
        suite: started.suite.name.clone(),
        adapters: started.adapters.iter().map(|adapter| adapter.name.0.clone()).collect(),
        verdict,
        probability,
        head: ending.head.to_string(),
    }))
}

fn verdict(state: &RunState) -> (String, Option<f64>) {
    let ended = match state.phase {
        Phase::Finished(reason) => reason.name(),
        _ => "not_finished",
    };
    let Some(started) = state.started.as_deref() else { return (ended.to_owned(), None) };
    let finished = matches!(state.phase, Phase::Finished(reason) if !reason.can_be_resumed());
    if started.suite.rma.is_none() || ended == "declined" {
        return (ended.to_owned(), None);
    }
    if !finished {
        return ("not_finished".to_owned(), None);
    }
    match conclude(state, &Table::built_in(Senses::of(&started.position))) {
        Some(conclusion) => {
            let word = conclusion.verdict.map_or("undecided", |class| class.name());
            (word.to_owned(), Some(conclusion.probability))
        }
        None => (ended.to_owned(), None),
    }
}
