//! All inputs of a suite together: read once, checked, and kept byte for byte in the run's directory.

mod assemble;
pub(super) mod open;
mod saved;

pub use saved::load_saved;

use super::error::FileErrors;
use super::read::Parsed;
use super::reader::Reader;
use super::source::Source;
use crate::domain::adapter::Adapter;
use crate::domain::profile::Profile;
use crate::domain::rig::{Calibration, Position, RigFile};
use crate::domain::suite::Suite;
use open::{DiskOpener, Role};
use sha2::{Digest, Sha256};
use std::path::Path;

/// One file of a bundle.
#[derive(Clone, Debug, Eq)]
pub struct InputFile {
    /// Its name below the run's `inputs/`, with `/` between folders.
    pub name: String,
    /// The path it was first read from.
    pub original: String,
    /// What it holds, overrides applied.
    pub bytes: Vec<u8>,
    /// The path that messages show: where these bytes were read now.
    shown: String,
}

impl InputFile {
    /// SHA-256 of the bytes in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }

    /// Its text; bytes that are no UTF-8 are replaced (the loader has refused them in all files but captures).
    pub fn source(&self) -> Source {
        Source::new(&self.shown, &String::from_utf8_lossy(&self.bytes))
    }
}

/// Where the bytes were read this time is no part of what a file is.
impl PartialEq for InputFile {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.original, &self.bytes) == (&other.name, &other.original, &other.bytes)
    }
}

/// How one file names another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    /// Stored name of the file that names it; `None` for the command line.
    from: Option<String>,
    role: Role,
    /// The path as written.
    reference: String,
    /// Stored name of the file that is meant.
    to: String,
}

/// All resolved inputs of a suite, sound in themselves and together.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The experiment.
    pub suite: Parsed<Suite>,
    /// The camera.
    pub profile: Parsed<Profile>,
    /// The bench.
    pub rig: Parsed<RigFile>,
    /// The power sources, in the order of the suite.
    pub adapters: Vec<Parsed<Adapter>>,
    /// What is worth knowing before a night is spent.
    pub warnings: FileErrors,
    files: Vec<InputFile>,
    links: Vec<Link>,
}

/// Two bundles are equal when they mean the same run: places and warnings are not compared.
impl PartialEq for Bundle {
    fn eq(&self, other: &Self) -> bool {
        let adapters = |bundle: &Bundle| bundle.adapters.iter().map(|adapter| adapter.value.clone()).collect::<Vec<_>>();
        self.suite.value == other.suite.value
            && self.profile.value == other.profile.value
            && self.rig.value == other.rig.value
            && adapters(self) == adapters(other)
            && (&self.files, &self.links) == (&other.files, &other.links)
    }
}

/// The simulated world of a position.
#[derive(Clone, Debug)]
pub struct World<'b> {
    /// The world file.
    pub source: Source,
    captures: Vec<(&'b str, &'b [u8])>,
}

impl<'b> World<'b> {
    /// The bytes of a console capture that the world names as `reference` under a key `boot_text`.
    pub fn capture(&self, reference: &str) -> Option<&'b [u8]> {
        self.captures.iter().find(|(name, _)| *name == reference).map(|(_, bytes)| *bytes)
    }
}

impl Bundle {
    /// Every file with its stored name, in the order in which they were read.
    pub fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// Stored names and SHA-256 sums, ordered by name.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let mut inputs: Vec<_> = self.files.iter().map(|file| (file.name.clone(), file.sha256())).collect();
        inputs.sort();
        inputs
    }

    /// The world of a position; `None` where the position names none.
    pub fn world(&self, position: &Position) -> Option<World<'_>> {
        let reference = position.world.as_deref()?;
        let link = self.links.iter().find(|link| link.role == Role::World && link.reference == reference)?;
        let file = self.file(&link.to)?;
        let named_by_world = self.links.iter().filter(|link| link.from.as_deref() == Some(&file.name));
        let captures = named_by_world.filter_map(|link| Some((link.reference.as_str(), self.file(&link.to)?.bytes.as_slice())));
        Some(World { source: file.source(), captures: captures.collect() })
    }

    /// Gives the position at `index` another calibration: in the value, and in the file that the run keeps of its rig.
    ///
    /// # Errors
    /// A value of the rig that TOML cannot hold.
    pub fn calibrate(&mut self, index: usize, calibration: &Calibration) -> Result<(), toml::ser::Error> {
        let Some(position) = self.rig.value.positions.get_mut(index) else { return Ok(()) };
        position.calibration = calibration.clone();
        let text =
            format!("# The rig with the calibration that `pinhole calibrate` found.\n{}", toml::to_string(&self.rig.value)?);
        let link = self.links.iter().find(|link| link.role == Role::Rig);
        if let Some(file) = link.and_then(|link| self.files.iter_mut().find(|file| file.name == link.to)) {
            file.bytes = text.into_bytes();
            file.shown.push_str(" (with its calibration)");
        }
        Ok(())
    }

    fn file(&self, name: &str) -> Option<&InputFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// Reads a suite and everything it names. `rig` overrides the suite's rig and is relative to the current folder; `sets` are overrides such
/// as `design.replicates=3`.
///
/// # Errors
/// All that is wrong with the files, each with its place: files that cannot be read, are not well formed, make no sense in themselves, or
/// do not fit each other.
pub fn load(reader: &dyn Reader, suite: &Path, rig: Option<&Path>, sets: &[String]) -> Result<Bundle, FileErrors> {
    let rig = rig.map(|path| path.to_string_lossy().into_owned());
    assemble::assemble(&mut DiskOpener::new(reader), &suite.to_string_lossy(), rig.as_deref(), sets)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
