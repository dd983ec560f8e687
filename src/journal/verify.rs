//! Whether a run's directory still holds what was written.

use super::hash::Hash;
use super::kind::Wanted;
use super::line::LineError;
use super::reader::{ReadError, Reader, Torn};
use super::{TRACES, line_number};
use crate::domain::event::{Attached, Event};
use crate::domain::run_state::{Phase, RunState};
use crate::ports::{Storage, StorageError};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};
use std::path::Path;

/// The file that holds the journal's head when reports were written.
const SUMMARY: &str = "summary.json";

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A line of the journal is bad: nothing behind it was looked at.
    BadLine {
        /// Its number in the file, from 1.
        line: u64,
        /// What is wrong.
        what: LineError,
    },
    /// A trace that a line names is not there.
    TraceMissing {
        /// The line that names it.
        line: u64,
        /// The file.
        file: String,
    },
    /// A trace is not what its name says.
    TraceChanged {
        /// The line that names it.
        line: u64,
        /// The file.
        file: String,
    },
    /// `summary.json` was written from another journal.
    HeadDiffers {
        /// The hash that stands in it.
        summary: String,
    },
    /// `summary.json` cannot be read.
    Summary {
        /// Why.
        why: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::BadLine { line, what } => write!(f, "line {line} of the journal: {what}"),
            Finding::TraceMissing { line, file } => write!(f, "the trace {file}, named in line {line}, is missing"),
            Finding::TraceChanged { line, file } => write!(f, "the trace {file}, named in line {line}, was changed"),
            Finding::HeadDiffers { summary } => {
                write!(f, "{SUMMARY} was written when the journal's last line had the hash {summary}; no line has it")
            }
            Finding::Summary { why } => write!(f, "{SUMMARY} cannot be read: {why}"),
        }
    }
}

/// What was found of a run's directory.
#[derive(Clone, Debug)]
pub struct Integrity {
    /// State of the run after the last good line.
    pub state: RunState,
    /// Hash of the last good line.
    pub head: Hash,
    /// A last line that was not written to its end: the mark of a crash, or of a change to the last line.
    pub torn: Option<Torn>,
    /// Traces that are there and whole.
    pub traces: u64,
    /// Lines that `summary.json` speaks of; fewer than there are when the run went on afterwards.
    pub summary_lines: Option<u64>,
    /// All that is not as it was written, in the order of the journal.
    pub findings: Vec<Finding>,
}

impl Integrity {
    /// Whether everything is as it was written, to the last byte.
    pub fn intact(&self) -> bool {
        self.findings.is_empty() && self.torn.is_none()
    }

    /// Whether the run has ended, so that a torn line cannot be the mark of a crash.
    pub fn finished(&self) -> bool {
        matches!(self.state.phase, Phase::Finished(_))
    }
}

/// Checks the chain of lines, the traces that they name, and the head that `summary.json` holds, where there is one. A run that keeps no
/// traces names none.
///
/// # Errors
/// [`StorageError`] where a file cannot be read; what is wrong with their content is a [`Finding`].
pub fn verify<S: Storage + Clone>(storage: S, dir: &Path) -> Result<Integrity, StorageError> {
    let mut findings = Vec::new();
    let summary = summary_head(&storage, dir, &mut findings)?;
    let mut summary_lines = None;
    let mut traces = 0;
    let mut reader = Reader::new(storage.clone(), dir, Wanted::ALL);
    loop {
        let (seq, attached) = match reader.next_event() {
            Ok(Some((seq, _, Event::Attached(attached)))) => (seq, Some(attached.clone())),
            Ok(Some((seq, _, _))) => (seq, None),
            Ok(None) => break,
            Err(ReadError::BadLine { line, what, .. }) => {
                findings.push(Finding::BadLine { line, what });
                break;
            }
            Err(ReadError::Storage(error)) => return Err(error),
        };
        if summary.as_deref().is_some_and(|head| head.as_bytes() == reader.head().as_bytes()) {
            summary_lines = Some(line_number(seq.0));
        }
        if let Some(attached) = attached {
            match check_trace(&storage, dir, &attached, line_number(seq.0))? {
                None => traces += 1,
                Some(finding) => findings.push(finding),
            }
        }
    }
    if let Some(summary) = summary.filter(|_| summary_lines.is_none()) {
        findings.push(Finding::HeadDiffers { summary });
    }
    Ok(Integrity { state: reader.state().clone(), head: reader.head(), torn: reader.torn(), traces, summary_lines, findings })
}

fn check_trace<S: Storage>(storage: &S, dir: &Path, attached: &Attached, line: u64) -> Result<Option<Finding>, StorageError> {
    let file = attached.file.clone();
    // The name is a hash and an ending; anything else could point out of the folder.
    if file.contains(['/', '\\']) {
        return Ok(Some(Finding::TraceChanged { line, file }));
    }
    let path = dir.join(TRACES).join(&file);
    let mut trace = match storage.read(&path, 0) {
        Ok(trace) => trace,
        Err(error) if error.not_found() => return Ok(Some(Finding::TraceMissing { line, file })),
        Err(error) => return Err(error),
    };
    let (hash, bytes) = hash_all(&mut trace).map_err(|error| StorageError::new("read", &path, error))?;
    let whole = bytes == attached.bytes && file == format!("{hash}{}", super::traces::TRACE);
    Ok((!whole).then_some(Finding::TraceChanged { line, file }))
}

fn hash_all(from: &mut impl Read) -> io::Result<(Hash, u64)> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok((Hash::finish(hasher), bytes)),
            Ok(length) => {
                hasher.update(&chunk[..length]);
                bytes += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The head in `summary.json`, where there is such a file and it names one.
fn summary_head<S: Storage>(storage: &S, dir: &Path, findings: &mut Vec<Finding>) -> Result<Option<String>, StorageError> {
    #[derive(Deserialize)]
    struct Summary {
        journal_head: Option<String>,
    }
    let path = dir.join(SUMMARY);
    let file = match storage.read(&path, 0) {
        Ok(file) => file,
        Err(error) if error.not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    match serde_json::from_reader::<_, Summary>(io::BufReader::new(file)) {
        Ok(summary) => Ok(summary.journal_head),
        Err(error) => {
            findings.push(Finding::Summary { why: error.to_string() });
            Ok(None)
        }
    }
}
