//! What outlives the guard's process, in a file of the state folder.

use crate::domain::units::Seconds;
use crate::guard::carried::{Carried, Stamp};
use crate::guard::rules::Rules;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Heat and minimum off times.
    pub(super) carried: Carried,
    /// For how long after that the camera may be writing flash, if the supply is still on.
    pub(super) writes_for_s: Seconds,
}

/// A page of the record, as it stood at one moment.
#[derive(Clone, Debug)]
pub(super) struct Page {
    number: u64,
    kept: Kept,
}

/// The record of one position. Several threads write it; what is older than what stands there is left out.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    path: PathBuf,
    boot: String,
    /// Pages made so far.
    made: Arc<AtomicU64>,
    /// The newest page that was written.
    written: Arc<Mutex<u64>>,
}

impl Keep {
    /// The record in the file `path`.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, boot: boot(), made: Arc::default(), written: Arc::default() }
    }

    /// What the bench carries from before. Without a record, or with one that cannot be read, the coil is taken to be as hot as it may be, and
    /// both outputs to have been switched off just now.
    pub(super) fn load(&self, rules: &Rules) -> Kept {
        let read = std::fs::read(&self.path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let Some(Kept { carried, writes_for_s }) = read else {
            return Kept { carried: unknown(rules), writes_for_s: Seconds::ZERO };
        };
        let carried = carried.taken_up(&self.now());
        // After another boot nobody knows what the supply did meanwhile: nothing is credited, and nothing waited for.
        let writes_for_s = if carried.rested_s > Seconds::ZERO { writes_for_s - carried.rested_s } else { Seconds::ZERO };
        Kept { carried, writes_for_s: writes_for_s.max(Seconds::ZERO) }
    }

    /// What is to be written down now. Touches no file.
    pub(super) fn page(&self, carried: Carried, writes_for_s: Seconds) -> Page {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        Page { number, kept: Kept { carried: Carried { taken: Some(self.now()), ..carried }, writes_for_s } }
    }

    /// Writes a page down: whole, or not at all. It is not forced to the disk, since a computer that loses its power starts another boot, and that
    /// is credited no rest.
    pub(super) fn store(&self, page: &Page) -> io::Result<()> {
        let bytes = serde_json::to_vec(&page.kept).map_err(io::Error::other)?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if page.number <= *written {
            return Ok(());
        }
        let fresh = self.path.with_extension("new");
        std::fs::write(&fresh, bytes)?;
        std::fs::rename(&fresh, &self.path)?;
        *written = page.number;
        Ok(())
    }

    /// This boot and how long it lasts. Time asleep is none of it: what pins do meanwhile nobody knows.
    fn now(&self) -> Stamp {
        let uptime = clock_gettime(ClockId::Monotonic);
        Stamp { boot: self.boot.clone(), uptime_s: Seconds::new(uptime.tv_sec as f64 + uptime.tv_nsec as f64 * 1e-9) }
    }
}

fn unknown(rules: &Rules) -> Carried {
    Carried {
        coil_rise_k: (rules.coil_max - rules.air).get(),
        coil_wait_s: rules.coil_min_off,
        supply_wait_s: rules.supply_min_off,
        rested_s: Seconds::ZERO,
        taken: None,
    }
}

/// The kernel's name for this boot.
fn boot() -> String {
    let boot = std::fs::read_to_string(Path::new("/proc/sys/kernel/random/boot_id")).unwrap_or_default();
    boot.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rig::Interlocks;
    use crate::guard::rules::Lease;
    use crate::guard::samples;

    #[test]
    fn what_was_stored_is_taken_up_and_what_is_missing_or_broken_counts_as_hot() {
        let temp = tempfile::tempdir().unwrap();
        let (keep, rules) = (Keep::new(temp.path().join("p1.json")), samples::rules(&Interlocks::default(), Lease::Beats));
        let hot = keep.load(&rules).carried;
        assert!(hot.coil_rise_k > 1.0 && hot.coil_wait_s == rules.coil_min_off);
        let old = keep.page(Carried { coil_rise_k: 9.0, ..Carried::cold() }, Seconds::ZERO);
        keep.store(&keep.page(Carried { coil_rise_k: 3.5, ..Carried::cold() }, Seconds::new(360.0))).unwrap();
        // A thread that was held up has nothing to say any more.
        keep.store(&old).unwrap();
        let back = keep.load(&rules);
        assert!(back.carried.coil_rise_k == 3.5 && back.carried.taken.is_some());
        assert!(back.writes_for_s > Seconds::new(300.0) && back.writes_for_s <= Seconds::new(360.0));
        std::fs::write(&keep.path, b"{ half").unwrap();
        assert_eq!(keep.load(&rules).carried, hot);
    }
}
