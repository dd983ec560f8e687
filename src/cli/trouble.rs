//! What ends a verb before its end, with the exit code that says how far it came.

use crate::files::{FileErrors, Style};
use crate::journal::JOURNAL;
use crate::ports::StorageError;
use std::io::{ErrorKind, IsTerminal, Write};

/// Exit code: usage, file or preflight error, nothing was energised.
pub const REFUSED: u8 = 2;
/// Exit code: the rig faulted, or the run is incomplete.
pub const RIG: u8 = 3;
/// Exit code: stopped by the operator, safe and resumable.
pub const STOPPED: u8 = 130;

/// An error at the edge.
#[derive(Debug)]
pub struct Trouble {
    /// The exit code.
    pub code: u8,
    /// What, where, and what to do.
    pub error: anyhow::Error,
}

impl Trouble {
    /// Something failed after the rig was opened.
    pub fn rig(error: impl Into<anyhow::Error>) -> Self {
        Self { code: RIG, error: error.into() }
    }

    /// Nothing was energised.
    pub fn refused(error: impl Into<anyhow::Error>) -> Self {
        Self { code: REFUSED, error: error.into() }
    }

    /// Prints it on standard error.
    pub fn print(&self) {
        let text = match self.error.downcast_ref::<FileErrors>() {
            Some(files) => files.render(style()),
            None => format!("error: {}{}", causes(&self.error), help(&self.error)),
        };
        // Standard error may be gone; there is nobody to tell then.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

/// Every cause once: some errors tell of their source themselves.
fn causes(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |text, cause| {
        let cause = cause.to_string();
        match (text.is_empty(), text.ends_with(&cause)) {
            (true, _) => cause,
            (false, true) => text,
            (false, false) => format!("{text}: {cause}"),
        }
    })
}

/// What to do about a run that is not there.
fn help(error: &anyhow::Error) -> &'static str {
    let missing = |error: &StorageError| error.source.kind() == ErrorKind::NotFound && error.path.ends_with(JOURNAL);
    if error.chain().filter_map(|cause| cause.downcast_ref()).any(missing) {
        "\n  = help: name the directory that a run was written to"
    } else {
        ""
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::refused(error)
    }
}

impl From<FileErrors> for Trouble {
    fn from(errors: FileErrors) -> Self {
        Self::refused(errors)
    }
}

/// Colours where standard error is a terminal that wants them.
pub fn style() -> Style {
    if super::look::look(std::io::stderr().is_terminal()).colour { Style::Coloured } else { Style::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use std::io::Error;

    fn unread(file: &str) -> anyhow::Error {
        let source = Error::from(ErrorKind::NotFound);
        StorageError { action: "read", path: file.into(), source }.into()
    }

    #[test]
    fn each_cause_is_told_once() {
        let missing = Error::from(ErrorKind::NotFound);
        assert_eq!(causes(&unread("x")), format!("could not read x: {missing}"));
        let wrapped = Err::<(), _>(missing).context("opening y").unwrap_err();
        assert_eq!(causes(&wrapped), format!("opening y: {}", Error::from(ErrorKind::NotFound)));
    }

    #[test]
    fn a_run_that_is_not_there_is_helped_with() {
        assert!(help(&unread("nowhere/journal.jsonl")).contains("directory"));
        assert_eq!(help(&unread("notes.txt")), "");
    }
}
