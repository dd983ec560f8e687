//! The whole layer over the shipped fixtures.

mod broken_bench;
mod broken_suite;
mod fixtures;
mod meant;
mod mutation;
mod rules;
mod settings;

use super::bundle::open::tidy;
use super::{Bundle, FileErrors, Reader, load};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// A world of which this layer knows only that it names a capture.
const WORLD: &str = "schema = 1\n\n[camera]\nboot_text = \"../captures/boot.log\"\n";

/// A capture with bytes that are no text.
const CAPTURE: &[u8] = b"U-Boot 2016.11\r\n\xff\xfe\0Starting kernel ...\r\n";

/// Files in memory, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(pub(super) BTreeMap<String, Vec<u8>>);

impl Shelf {
    /// The shipped fixtures, with a world of the tests' own.
    pub(super) fn fixtures() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut shelf = Self::default();
        for folder in ["suites", "duts", "adapters", "rigs", "worlds"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|ending| ending != "toml") {
                    continue;
                }
                let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
                shelf.0.insert(name, std::fs::read(path).unwrap());
            }
        }
        shelf.put("worlds/amcrest-indoor.toml", WORLD.as_bytes());
        shelf.put("captures/boot.log", CAPTURE);
        shelf
    }

    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) {
        self.0.insert(path.to_owned(), bytes.to_vec());
    }

    pub(super) fn text(&self, path: &str) -> String {
        String::from_utf8(self.0[path].clone()).unwrap()
    }

    /// Replaces the first `old` of a file, which must be there.
    pub(super) fn edit(&mut self, path: &str, old: &str, new: &str) {
        let text = self.text(path);
        assert!(text.contains(old), "{path} holds no {old:?}");
        self.put(path, text.replacen(old, new, 1).as_bytes());
    }

    pub(super) fn load(&self, suite: &str, sets: &[&str]) -> Result<Bundle, FileErrors> {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        load(self, Path::new(suite), None, &sets)
    }
}

impl Reader for Shelf {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(&tidy(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = format!("{}/", tidy(folder));
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&folder)).map(str::to_owned).collect())
    }
}

/// What is said when `old` is replaced by `new` in one of the files of a suite.
fn said(suite: &str, path: &str, old: &str, new: &str) -> String {
    let mut shelf = Shelf::fixtures();
    shelf.edit(path, old, new);
    match shelf.load(suite, &[]) {
        Ok(bundle) => bundle.warnings.to_string(),
        Err(errors) => errors.to_string(),
    }
}

/// Asserts what is said about a broken file of the suite `quick`.
#[track_caller]
fn check(path: &str, old: &str, new: &str, expected: &str) {
    check_in("suites/quick.toml", path, old, new, expected);
}

/// Asserts what is said about a broken file of a suite.
#[track_caller]
fn check_in(suite: &str, path: &str, old: &str, new: &str, expected: &str) {
    let said = said(suite, path, old, new);
    assert!(said == expected, "said:\n{said}\n\nexpected:\n{expected}");
}
