//! What a check finds: problems by key path, which a span index turns into places.

use super::keypath::KeyPath;

/// Something wrong or doubtful about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which value; where it is absent, the nearest table around it is shown.
    pub path: KeyPath,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// All that a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Nothing may be run with these.
    pub errors: Vec<Problem>,
    /// Worth knowing before a night is spent.
    pub warnings: Vec<Problem>,
}

impl Findings {
    /// Adds an error.
    pub fn error(&mut self, path: impl Into<KeyPath>, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Problem { path: path.into(), message: message.into(), help: help.into() });
    }

    /// Adds a warning.
    pub fn warn(&mut self, path: impl Into<KeyPath>, message: impl Into<String>, help: impl Into<String>) {
        self.warnings.push(Problem { path: path.into(), message: message.into(), help: help.into() });
    }

    /// Adds an error unless `holds`.
    pub(crate) fn require(&mut self, holds: bool, path: impl Into<KeyPath>, message: impl Into<String>, help: impl Into<String>) {
        if !holds {
            self.error(path, message, help);
        }
    }
}
