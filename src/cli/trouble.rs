//! What ends a verb before its end, with the exit code that says how far it came.

use crate::files::{FileErrors, Style};
use std::io::{IsTerminal, Write};

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
            None => format!("error: {:#}", self.error),
        };
        // Standard error may be gone; there is nobody to tell then.
        let _ = writeln!(std::io::stderr(), "{text}");
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
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && std::io::stderr().is_terminal() { Style::Coloured } else { Style::Plain }
}
