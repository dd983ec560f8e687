//! What `summary.json`, or the record of a return, says of the journal's last line.

use super::{Finding, RECORD, SUMMARY};
use crate::domain::run_state::{Phase, RunState};
use crate::journal::{Hash, line_number};
use crate::ports::{Storage, StorageError};
use serde::Deserialize;
use std::io;
use std::path::Path;

/// The part of the summary that speaks of journals. A pooled one speaks of several.
#[derive(Default, Deserialize)]
pub(super) struct Said {
    #[serde(skip)]
    file: &'static str,
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

/// The part of a record that speaks of the journal.
#[derive(Deserialize)]
struct Record {
    id: String,
    verdict: String,
    /// The last line's hash, and the number of lines.
    chain: (String, u64),
}

impl From<Record> for Said {
    fn from(record: Record) -> Self {
        let finish = (record.verdict != "not_finished").then_some(record.verdict);
        Self { file: RECORD, runs: vec![Run { run_id: record.id, journal_head: Some(record.chain.0), finish, line: None }] }
    }
}

/// Reads it; nothing where there is no such file, or none that can be read, which is a finding.
pub(super) fn read<S: Storage>(storage: &S, dir: &Path, findings: &mut Vec<Finding>) -> Result<Said, StorageError> {
    for file in [SUMMARY, RECORD] {
        let opened = match storage.read(&dir.join(file), 0) {
            Ok(opened) => io::BufReader::new(opened),
            Err(error) if error.not_found() => continue,
            Err(error) => return Err(error),
        };
        let said = match file {
            SUMMARY => serde_json::from_reader::<_, Said>(opened),
            _ => serde_json::from_reader::<_, Record>(opened).map(Said::from),
        };
        let why = match said {
            Ok(said) if !said.runs.is_empty() => return Ok(Said { file, ..said }),
            Ok(_) => "it names no run".to_owned(),
            Err(error) => error.to_string(),
        };
        findings.push(Finding::Summary { file, why });
        return Ok(Said::default());
    }
    Ok(Said::default())
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
            findings.push(Finding::Summary { file: self.file, why: format!("it was made of other runs, not of run {id}") });
            return None;
        };
        // A bad line stopped the reading before the head could be met; it has been told.
        let stopped = findings.iter().any(|finding| matches!(finding, Finding::BadLine { .. }));
        if let (None, Some(summary), false) = (run.line, &run.journal_head, stopped) {
            let cut = run.finish.is_some() && !matches!(state.phase, Phase::Finished(_));
            findings.push(Finding::HeadDiffers {
                file: self.file,
                summary: summary.clone(),
                line: line_number(state.next_seq - 1),
                cut,
            });
        }
        run.line
    }
}
