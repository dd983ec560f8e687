//! Whether a run's directory still holds what was written.

mod inputs;
mod said;

use super::hash::Hash;
use super::kind::Wanted;
use super::line::LineError;
use super::reader::{ReadError, Reader, Torn};
use super::{JOURNAL, LOCK, TRACES, line_number};
use crate::domain::event::{Attached, Event};
use crate::domain::run_state::{Phase, RunState};
use crate::ports::{Storage, StorageError};
use said::Said;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read};
use std::path::Path;

/// The file that holds the journal's head when reports were written.
const SUMMARY: &str = "summary.json";
/// The record of a return: it holds the head as well.
const RECORD: &str = "record.json";

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A line of the journal is bad: nothing behind it was looked at.
    BadLine {
        /// The number, from 1, of the first line that does not fit: the one after it where a line was changed.
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
    /// A file of `inputs/` whose hash a line holds is not there.
    InputMissing {
        /// The line that names it.
        line: u64,
        /// Its name below `inputs/`.
        file: String,
    },
    /// A file of `inputs/` is not what it was when the run began.
    InputChanged {
        /// The line that holds its hash.
        line: u64,
        /// Its name below `inputs/`.
        file: String,
    },
    /// No line has the hash that `summary.json`, or a return's `record.json`, gives as the last line's.
    HeadDiffers {
        /// Which of the two.
        file: &'static str,
        /// The hash that stands in it.
        summary: String,
        /// The last good line: the first one that can have been changed without breaking the chain.
        line: u64,
        /// The summary tells of the run's end, and the journal has no such line: lines are missing.
        cut: bool,
    },
    /// `summary.json`, or a return's `record.json`, cannot be read.
    Summary {
        /// Which of the two.
        file: &'static str,
        /// Why.
        why: String,
    },
}

impl Finding {
    /// The file that it is about, below the run's directory.
    pub fn file(&self) -> String {
        match self {
            Finding::BadLine { .. } | Finding::HeadDiffers { .. } => JOURNAL.to_owned(),
            Finding::TraceMissing { file, .. } | Finding::TraceChanged { file, .. } => format!("{TRACES}/{file}"),
            Finding::InputMissing { file, .. } | Finding::InputChanged { file, .. } => format!("{}/{file}", inputs::INPUTS),
            Finding::Summary { file, .. } => (*file).to_owned(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The hash of a changed line stands in the one after it.
            Finding::BadLine { line, what: LineError::Chain { expected, found } } if *line > 1 => write!(
                f,
                "line {} of the journal was changed, or the hash that line {line} holds of it: the hash is {expected}, and {found} was written",
                line - 1
            ),
            Finding::BadLine { line, what } => write!(f, "line {line} of the journal: {what}"),
            Finding::TraceMissing { line, file } => write!(f, "the trace {file}, named in line {line}, is missing"),
            Finding::TraceChanged { line, file } => write!(f, "the trace {file}, named in line {line}, was changed"),
            Finding::InputMissing { line, .. } => write!(f, "this input, named in line {line} of the journal, is missing"),
            Finding::InputChanged { line, .. } => {
                write!(f, "this input was changed: its SHA-256 is not the one in line {line} of the journal")
            }
            Finding::HeadDiffers { file, summary, line, cut: true } => write!(
                f,
                "lines are missing behind line {line}: {file} tells of the run's end and of a last line with the hash {summary}"
            ),
            Finding::HeadDiffers { file, summary, line, cut: false } => write!(
                f,
                "line {line}, the last, was changed, or lines behind it are missing: {file} gives the last line the hash \
                 {summary}, and no line has it"
            ),
            Finding::Summary { file, why } => write!(f, "{file} cannot be used: {why}"),
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
    /// Files of `inputs/` that are there and as they were.
    pub inputs: u64,
    /// Lines that `summary.json` speaks of; fewer than there are when the run went on afterwards. `None` where there is no summary, or none
    /// that fits: then nothing tells whether the last line was changed, or whether there were more.
    pub summary_lines: Option<u64>,
    /// Files and folders in the run's directory that nothing vouches for, sorted; a folder ends with `/`.
    pub unchecked: Vec<String>,
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

/// Checks the chain of lines, the traces and the inputs that they name, and the head that `summary.json`, or a return's `record.json`, holds, where there is one. A run
/// that keeps no traces names none.
///
/// # Errors
/// [`StorageError`] where a file cannot be read; what is wrong with their content is a [`Finding`].
pub fn verify<S: Storage + Clone>(storage: S, dir: &Path) -> Result<Integrity, StorageError> {
    let mut findings = Vec::new();
    let mut said = said::read(&storage, dir, &mut findings)?;
    let mut known = Known::default();
    let mut reader = Reader::new(storage.clone(), dir, Wanted::ALL);
    loop {
        let (seq, event) = match reader.next_event() {
            Ok(Some((seq, _, event))) => (seq, matches!(event, Event::Attached(_) | Event::RunStarted(_)).then(|| event.clone())),
            Ok(None) => break,
            Err(ReadError::BadLine { line, what, .. }) => {
                findings.push(Finding::BadLine { line, what });
                break;
            }
            Err(ReadError::Storage(error)) => return Err(error),
        };
        let line = line_number(seq.0);
        said.see(reader.head(), line);
        match event {
            Some(Event::Attached(attached)) => {
                let found = check_trace(&storage, dir, &attached, line)?;
                known.traces.whole += u64::from(found.is_none());
                known.traces.names.insert(attached.file);
                findings.extend(found);
            }
            Some(Event::RunStarted(started)) => {
                for (name, sha256) in started.inputs {
                    let found = inputs::check(&storage, dir, &name, &sha256, line)?;
                    known.inputs.whole += u64::from(found.is_none());
                    known.inputs.names.insert(name);
                    findings.extend(found);
                }
            }
            _ => {}
        }
    }
    let state = reader.state().clone();
    let summary_lines = said.judge(&state, &mut findings);
    Ok(Integrity {
        unchecked: unchecked(&storage, dir, &known, &said)?,
        head: reader.head(),
        torn: reader.torn(),
        traces: known.traces.whole,
        inputs: known.inputs.whole,
        state,
        summary_lines,
        findings,
    })
}

/// What lines vouch for.
#[derive(Default)]
struct Known {
    traces: Vouched,
    inputs: Vouched,
}

/// Files of one folder whose hashes stand in lines.
#[derive(Default)]
struct Vouched {
    names: BTreeSet<String>,
    /// Those that are as they were.
    whole: u64,
}

/// Everything in the run's directory that no line vouches for. The lock says nothing of the run.
fn unchecked<S: Storage>(storage: &S, dir: &Path, known: &Known, said: &Said) -> Result<Vec<String>, StorageError> {
    let names = list(storage, dir)?.unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for name in names {
        match name.as_str() {
            JOURNAL | LOCK => {}
            // Of the summary only the head is compared.
            SUMMARY if said.names_runs() => found.push(format!("{SUMMARY} (but its journal_head)")),
            RECORD if said.names_runs() => found.push(format!("{RECORD} (but its chain)")),
            TRACES => found.extend(inputs::strangers(storage, dir, TRACES, &known.traces.names)?),
            inputs::INPUTS => found.extend(inputs::strangers(storage, dir, inputs::INPUTS, &known.inputs.names)?),
            _ if list(storage, &dir.join(&name))?.is_some() => found.push(format!("{name}/")),
            _ => found.push(name),
        }
    }
    Ok(found)
}

/// The names in a folder; `None` for what is none.
fn list<S: Storage>(storage: &S, dir: &Path) -> Result<Option<Vec<String>>, StorageError> {
    match storage.list(dir) {
        Ok(names) => Ok(Some(names)),
        Err(error) if matches!(error.source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
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
