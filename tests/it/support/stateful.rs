//! Fixtures in a folder with a state folder beside them, which the calls of one bench share.

use super::files::Files;
use super::program::{Done, call};
use std::path::PathBuf;
use tempfile::TempDir;

/// The folder.
pub(in crate::it) struct Stateful(TempDir);

impl Stateful {
    pub(in crate::it) fn new(files: &Files) -> Self {
        let temp = tempfile::tempdir().unwrap();
        files.write(&temp.path().join("fixtures"));
        Self(temp)
    }

    /// A path in it.
    pub(in crate::it) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A path of the fixtures, for the command line.
    pub(in crate::it) fn fixture(&self, name: &str) -> String {
        self.path("fixtures").join(name).to_str().unwrap().to_owned()
    }

    /// Other fixtures, the same state folder.
    pub(in crate::it) fn change(&self, files: &Files) {
        files.write(&self.path("fixtures"));
    }

    /// Calls the program with the state folder.
    pub(in crate::it) fn call(&self, words: &[&str]) -> Done {
        let state = self.path("state");
        call(&[&["--state", state.to_str().unwrap()], words].concat())
    }
}
