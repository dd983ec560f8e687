//! The traces of the open trial.

use super::file::TraceFile;
use super::{CONSOLE, PART, Traces};
use crate::domain::event::Attached;
use crate::domain::run_state::OpenTrial;
use crate::domain::units::{Seconds, Tick};
use crate::journal::TRACES;
use crate::ports::{AppendFile, Batch, Channel, Reading, Scale, Storage, StorageError};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

/// The traces of the open trial, by channel; the console has no [`Channel`].
pub struct TraceSet<F> {
    scales: Option<BTreeMap<Channel, Scale>>,
    /// Whether their folder is known to exist.
    folder: bool,
    open: BTreeMap<Option<Channel>, TraceFile<F>>,
}

impl<F: AppendFile> TraceSet<F> {
    /// No trace yet.
    pub fn new(traces: Traces) -> Self {
        let scales = match traces {
            Traces::Off => None,
            Traces::On(scales) => Some(scales),
        };
        Self { scales, folder: false, open: BTreeMap::new() }
    }

    /// Adds the readings of a batch.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn feed<S>(&mut self, storage: &S, dir: &Path, trial: &OpenTrial, batch: &Batch) -> Result<(), StorageError>
    where
        S: Storage<File = F>,
    {
        if self.scales.is_none() {
            return Ok(());
        }
        for reading in &batch.readings {
            match reading {
                Reading::Samples(block) => {
                    let file = self.file(storage, dir, trial, Some(block.channel), block.start, Some(block.period))?;
                    file.samples(block.start, block.period, batch.codes(block))?;
                }
                Reading::Console { at, range } => {
                    self.file(storage, dir, trial, None, *at, None)?.console(*at, Some(batch.console(range)))?;
                }
                Reading::ConsoleGap { at } => self.file(storage, dir, trial, None, *at, None)?.console(*at, None)?,
                Reading::Coil { .. }
                | Reading::Probe { .. }
                | Reading::Answer { .. }
                | Reading::Supply { .. }
                | Reading::Temperature { .. }
                | Reading::Control(_) => {}
            }
        }
        Ok(())
    }

    /// Completes the next trace; `None` when none is open.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn complete<S: Storage<File = F>>(&mut self, storage: &S, dir: &Path) -> Option<Result<Attached, StorageError>> {
        let (_, file) = self.open.pop_first()?;
        let completed = file.complete().and_then(|(part, attached)| {
            storage.rename(&part, &dir.join(TRACES).join(&attached.file))?;
            Ok(attached)
        });
        Some(completed)
    }

    /// Throws the open traces away.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn discard<S: Storage<File = F>>(&mut self, storage: &S) -> Result<(), StorageError> {
        while let Some((_, file)) = self.open.pop_first() {
            storage.remove(file.path())?;
        }
        Ok(())
    }

    /// The trace of a channel, begun at `start` where there is none yet.
    fn file<S: Storage<File = F>>(
        &mut self,
        storage: &S,
        dir: &Path,
        trial: &OpenTrial,
        channel: Option<Channel>,
        start: Tick,
        period: Option<Seconds>,
    ) -> Result<&mut TraceFile<F>, StorageError> {
        let vacant = match self.open.entry(channel) {
            Entry::Occupied(open) => return Ok(open.into_mut()),
            Entry::Vacant(vacant) => vacant,
        };
        let folder = dir.join(TRACES);
        if !self.folder {
            storage.create_dir(&folder)?;
            self.folder = true;
        }
        let name = channel.map_or(CONSOLE, Channel::name);
        let path = folder.join(format!("{}-{}-{name}{PART}", trial.slot.id, trial.attempt));
        let file = storage.create(&path)?;
        let scale = channel.and_then(|channel| self.scales.as_ref()?.get(&channel));
        Ok(vacant.insert(TraceFile::new(file, path, name, start, period, scale.map(|scale| scale.lsb))))
    }
}
