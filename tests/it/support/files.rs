//! The fixtures with changes, read from memory or written to a folder.

use pinhole::files::{Bundle, Disk, FileErrors, Reader, load};
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use toml_edit::{DocumentMut, Item, Value};

/// The camera of the fixtures.
pub(crate) const DUT: &str = "duts/amcrest-indoor.toml";
/// The rig of the fixtures.
pub(crate) const RIG: &str = "rigs/twin.toml";
/// The world of the fixtures.
pub(crate) const WORLD: &str = "worlds/amcrest-indoor.toml";
/// The small suite of the fixtures.
pub(crate) const QUICK: &str = "suites/quick.toml";

/// The folder `fixtures/`, with files changed and added. Names are paths below it.
#[derive(Clone, Default)]
pub(crate) struct Files {
    changed: BTreeMap<PathBuf, Vec<u8>>,
}

impl Files {
    /// The fixtures as they are.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The fixtures with short waits and a camera that boots in ten seconds, for tests of many runs.
    pub(crate) fn brisk() -> Self {
        let mut files = Self::new();
        files.set(DUT, "press.write_window_s", 15.0);
        files.set(DUT, "ready.min_wait_s", 12.0);
        files.set(DUT, "ready.light_stable_s", 3.0);
        files.set(DUT, "ready.timeout_s", 60.0);
        files.set(DUT, "supply.drain_s", 5.0);
        files.set(DUT, "watch.quiet_s", 12.0);
        files.set(DUT, "watch.recovery_s", 60.0);
        for (stage, span_s) in [("bootloader_s", 1.0), ("kernel_s", 1.0), ("userland_s", 2.0), ("application_s", 4.0)] {
            files.set(WORLD, &format!("camera.boot.{stage}"), span_s);
        }
        files.set(WORLD, "camera.flash.erase_s", 4.0);
        files
    }

    /// The text of a file, with the changes so far.
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(&fixtures().join(name)).unwrap()).unwrap()
    }

    /// Puts a file there.
    pub(crate) fn put(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.changed.insert(PathBuf::from(name), bytes.into());
        self
    }

    /// Sets a value of a TOML file, adding tables on the way. A number in the path is a place in an array.
    pub(crate) fn set(&mut self, name: &str, path: &str, value: impl Into<Value>) -> &mut Self {
        let (table, key) = path.rsplit_once('.').map_or((None, path), |(table, key)| (Some(table), key));
        self.change(name, table, |item| item[key] = Item::Value(value.into()))
    }

    /// Takes a key out of a TOML file.
    pub(crate) fn remove(&mut self, name: &str, path: &str) -> &mut Self {
        let (table, key) = path.rsplit_once('.').map_or((None, path), |(table, key)| (Some(table), key));
        self.change(name, table, |item| {
            item.as_table_like_mut().unwrap().remove(key);
        })
    }

    /// Replaces a piece of text, which must be there.
    pub(crate) fn replace(&mut self, name: &str, from: &str, to: &str) -> &mut Self {
        let text = self.text(name);
        assert!(text.contains(from), "{name} has no `{from}`");
        self.put(name, text.replacen(from, to, 1))
    }

    fn change(&mut self, name: &str, table: Option<&str>, change: impl FnOnce(&mut Item)) -> &mut Self {
        let mut document: DocumentMut = self.text(name).parse().unwrap();
        let mut item = document.as_item_mut();
        for key in table.into_iter().flat_map(|table| table.split('.')) {
            item = match key.parse::<usize>() {
                Ok(place) => &mut item[place],
                Err(_) => {
                    if item.get(key).is_none() {
                        item[key] = toml_edit::table();
                    }
                    &mut item[key]
                }
            };
        }
        change(item);
        self.put(name, document.to_string())
    }

    /// Reads a suite with everything that it names.
    pub(crate) fn load(&self, suite: &str) -> Result<Bundle, FileErrors> {
        load(self, &fixtures().join(suite), None, &[])
    }

    /// Reads a suite that is sound.
    pub(crate) fn bundle(&self, suite: &str) -> Bundle {
        self.load(suite).unwrap_or_else(|errors| panic!("{}", errors.render(pinhole::files::Style::Plain)))
    }

    /// Writes everything into a folder.
    pub(crate) fn write(&self, to: &Path) {
        copy(&fixtures(), to);
        for (name, bytes) in &self.changed {
            let path = to.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

impl Reader for Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = tidy(path);
        let changed = path.strip_prefix(fixtures()).ok().and_then(|name| self.changed.get(name));
        changed.map_or_else(|| Disk.read(&path), |bytes| Ok(bytes.clone()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        Disk.names(&tidy(folder))
    }
}

/// The folder of the fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The path without `x/..`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                tidied.pop();
            }
            part => tidied.push(part),
        }
    }
    tidied
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
