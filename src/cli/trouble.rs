//! What ends a verb before its end, with the exit code that says how far it came.

use super::advice::advice;
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
    /// What and where.
    pub error: anyhow::Error,
    /// What to do, where the error does not say so and there is no general advice.
    pub help: Option<String>,
}

impl Trouble {
    /// Something failed after the rig was opened.
    pub fn rig(error: impl Into<anyhow::Error>) -> Self {
        Self { code: RIG, error: error.into(), help: None }
    }

    /// Nothing was energised.
    pub fn refused(error: impl Into<anyhow::Error>) -> Self {
        Self { code: REFUSED, error: error.into(), help: None }
    }

    /// The same with advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Prints it on standard error.
    pub fn print(&self) {
        let text = match self.error.downcast_ref::<FileErrors>() {
            Some(files) => files.render(style()),
            None => self.text(),
        };
        // Standard error may be gone; there is nobody to tell then.
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}

impl Trouble {
    fn text(&self) -> String {
        let advice = advice(&self.error).into_iter().chain(self.help.clone());
        let lines: String = advice.map(|advice| format!("\n  = help: {advice}")).collect();
        format!("error: {}{lines}", causes(&self.error))
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
    use crate::ports::StorageError;
    use anyhow::Context;
    use std::io::{Error, ErrorKind};

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
    fn advice_stands_below_the_error_and_general_advice_comes_first() {
        let trouble = Trouble::rig(unread("x")).help("go on with: pinhole resume y");
        let text = trouble.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("error: could not read x: ") && lines[1].contains("check the path"), "{text}");
        assert_eq!(lines[2], "  = help: go on with: pinhole resume y");
    }
}
