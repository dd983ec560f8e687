//! What `summary.json` says of the journal's last line.

use super::{Finding, SUMMARY};
use crate::domain::run_state::{Phase, RunState};
use crate::journal::{Hash, line_number};
use crate::ports::{Storage, StorageError};
use serde::Deserialize;
use std::io;
use std::path::Path;

/// The part of the summary that speaks of journals. A pooled one speaks of several.
#[derive(Default, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    run_id: String,
    journal_head: Option<String>,
    finish: Option<String>,
    /// The line that has this head.
    #[serde(skip)]
    line: Option<u64>,
}

/// Reads it; nothing where there is no such file, or none that can be read, which is a finding.
pub(super) fn read<S: Storage>(storage: &S, dir: &Path, findings: &mut Vec<Finding>) -> Result<Said, StorageError> {
    let file = match storage.read(&dir.join(SUMMARY), 0) {
        Ok(file) => file,
        Err(error) if error.not_found() => return Ok(Said::default()),
        Err(error) => return Err(error),
    };
    match serde_json::from_reader::<_, Said>(io::BufReader::new(file)) {
        Ok(said) => {
            if said.runs.is_empty() {
                findings.push(Finding::Summary { why: "it names no run".to_owned() });
            }
            Ok(said)
        }
        Err(error) => {
            findings.push(Finding::Summary { why: error.to_string() });
            Ok(Said::default())
        }
    }
}

impl Said {
    /// Whether there is a summary of any run.
    pub(super) fn names_runs(&self) -> bool {
        !self.runs.is_empty()
    }

    /// A line of the journal, and its hash.
    pub(super) fn see(&mut self, head: Hash, line: u64) {
        for run in &mut self.runs {
            if run.journal_head.as_deref().is_some_and(|said| said.as_bytes() == head.as_bytes()) {
                run.line = Some(line);
            }
        }
    }

    /// After the last good line: how many lines the summary speaks of, and what does not fit.
    pub(super) fn judge(&self, state: &RunState, findings: &mut Vec<Finding>) -> Option<u64> {
        if self.runs.is_empty() || state.next_seq == 0 {
            return None;
        }
        let id = state.run_id.as_ref().map_or("", |id| id.as_str());
        let Some(run) = self.runs.iter().find(|run| run.run_id == id) else {
            findings.push(Finding::Summary { why: format!("it was made of other runs, not of run {id}") });
            return None;
        };
        // A bad line stopped the reading before the head could be met; it has been told.
        let stopped = findings.iter().any(|finding| matches!(finding, Finding::BadLine { .. }));
        if let (None, Some(summary), false) = (run.line, &run.journal_head, stopped) {
            let cut = run.finish.is_some() && !matches!(state.phase, Phase::Finished(_));
            findings.push(Finding::HeadDiffers { summary: summary.clone(), line: line_number(state.next_seq - 1), cut });
        }
        run.line
    }
}
