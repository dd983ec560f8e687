//! The settings of a station, `STATE/settings.toml`:
//! ```toml
//! [hooks]
//! command = ["notify-send", "pinhole"]    # gets the summary on standard input, and PINHOLE_EVENT and PINHOLE_DIR
//! webhook = "https://example.org/bench"   # gets the summary as text/plain
//! stalled_min = 30
//!
//! [returns]
//! traces = "none"                         # raw readings of returned units that are kept: none, flagged or all
//! ```

use crate::domain::suite::Keep;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;

/// The settings file, below the state folder.
pub(super) const SETTINGS: &str = "settings.toml";

/// The settings of a station.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whom to tell.
    pub hooks: Hooks,
    /// What is kept of returned units.
    pub returns: Returns,
}

/// What is kept of returned units: raw readings hold what a customer's camera says on its console.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Returns {
    /// Raw readings of which tests.
    pub traces: Keep,
}

impl Default for Returns {
    fn default() -> Self {
        Self { traces: Keep::None }
    }
}

/// Whom to tell.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hooks {
    /// A program with its arguments.
    pub command: Vec<String>,
    /// An address that takes a POST.
    pub webhook: Option<String>,
    /// A run without progress for so many minutes is said to stand still.
    pub stalled_min: f64,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { command: Vec::new(), webhook: None, stalled_min: 60.0 }
    }
}

/// The settings; the usual ones where there is no file.
///
/// # Errors
/// The file cannot be read.
pub fn settings(state: &Path) -> Result<Settings> {
    let path = state.join(SETTINGS);
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("reading {}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}
