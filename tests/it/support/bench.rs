//! A bench in memory: a bundle, the twin, and a journal in a file system that can fail.

use pinhole::analysis::{Analysis, RunFold, exit_code};
use pinhole::cli::Wishes;
use pinhole::cli::launch::{Fresh, Identity, Launch, Unseen, View};
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::ids::{DutSerial, RunId, Seq};
use pinhole::domain::units::Tick;
use pinhole::drivers::twin::Truth;
use pinhole::files::Bundle;
use pinhole::journal::{Integrity, JOURNAL, MemoryStorage, Reader, Wanted, verify};
use pinhole::ports::Sensors;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// A bench.
#[derive(Clone)]
pub(crate) struct Bench {
    /// Its files.
    pub(crate) bundle: Arc<Bundle>,
    /// Where its journal lies.
    pub(crate) storage: MemoryStorage,
    /// What a person wants.
    pub(crate) wishes: Arc<Wishes>,
    /// Identity of the sessions to come.
    pub(crate) identity: Identity,
}

/// What came of a session.
pub(crate) struct Session {
    /// Why it ended.
    pub(crate) end: anyhow::Result<FinishReason>,
    /// What really happened.
    pub(crate) truth: Truth,
}

/// An event with its line's number and time.
pub(crate) type Line = (Seq, Tick, Event);

/// The run's directory.
pub(crate) fn dir() -> PathBuf {
    PathBuf::from("/run")
}

/// The journal in it.
pub(crate) fn journal() -> PathBuf {
    dir().join(JOURNAL)
}

fn fresh() -> Fresh {
    Fresh { run_id: RunId::from("01990000-0000-7000-8000-000000000001"), serial: DutSerial::from("TWIN") }
}

fn identity() -> Identity {
    Identity {
        wall: "2026-11-23T21:00:00Z".parse().unwrap(),
        program: "pinhole test".to_owned(),
        host: "bench".to_owned(),
        operator: None,
        zone: jiff::tz::TimeZone::UTC,
    }
}

impl Bench {
    /// A bench with an empty disk.
    pub(crate) fn new(bundle: Bundle) -> Self {
        Self { bundle: Arc::new(bundle), storage: MemoryStorage::new(), wishes: Arc::default(), identity: identity() }
    }

    /// The same bench with another disk, and nobody who wants anything.
    pub(crate) fn with(&self, storage: MemoryStorage) -> Self {
        Self { storage, wishes: Arc::default(), ..self.clone() }
    }

    /// The same bench with this in its journal and nothing else on its disk.
    pub(crate) fn with_journal(&self, bytes: &[u8]) -> Self {
        let storage = MemoryStorage::new();
        storage.put(&journal(), bytes);
        self.with(storage)
    }

    /// Begins a run and runs it to the end of its session.
    pub(crate) fn begin(&self) -> Session {
        self.begin_before(|_| Unseen)
    }

    /// The same, before somebody who looks at every event and may know the truth.
    pub(crate) fn begin_before<V: View>(&self, view: impl FnOnce(&Truth) -> V) -> Session {
        let launch = self.launch();
        let composed = launch.compose().unwrap();
        let truth = composed.truth.clone().unwrap();
        let Fresh { run_id, serial } = fresh();
        let end = launch.begin(composed, self.storage.clone(), &dir(), run_id, serial, &mut view(&truth));
        Session { end, truth }
    }

    /// The same, with sensors behind which something is wrong.
    pub(crate) fn begin_behind(&self, wrong: impl FnOnce(Box<dyn Sensors>) -> Box<dyn Sensors>) -> Session {
        let launch = self.launch();
        let mut composed = launch.compose().unwrap();
        composed.rig.sensors = wrong(composed.rig.sensors);
        let truth = composed.truth.clone().unwrap();
        let Fresh { run_id, serial } = fresh();
        let end = launch.begin(composed, self.storage.clone(), &dir(), run_id, serial, &mut Unseen);
        Session { end, truth }
    }

    /// Goes on with the run.
    pub(crate) fn resume(&self) -> Session {
        self.resume_before(|_| Unseen)
    }

    /// The same, before somebody.
    pub(crate) fn resume_before<V: View>(&self, view: impl FnOnce(&Truth) -> V) -> Session {
        let launch = self.launch();
        let composed = launch.compose().unwrap();
        let truth = composed.truth.clone().unwrap();
        let end = launch.go_on(composed, self.storage.clone(), &dir(), fresh(), &mut view(&truth));
        Session { end, truth }
    }

    fn launch(&self) -> Launch<'_> {
        let position = &self.bundle.rig.value.positions[0];
        Launch {
            bundle: &self.bundle,
            position,
            identity: &self.identity,
            wishes: &self.wishes,
            state: Path::new("state"),
            design: None,
        }
    }

    /// The journal's bytes; none where there is no journal.
    pub(crate) fn journal(&self) -> Vec<u8> {
        self.storage.bytes(&journal()).unwrap_or_default()
    }

    /// Everything that stands in the journal; it must read to its end.
    pub(crate) fn events(&self) -> Vec<Line> {
        let mut events = Vec::new();
        let mut reader = Reader::new(self.storage.clone(), &dir(), Wanted::ALL);
        reader.for_each(|seq, at, event| events.push((seq, at, event.clone()))).unwrap();
        events
    }

    /// All that reports would show.
    pub(crate) fn analysis(&self) -> Analysis {
        let events = self.events();
        let fold = RunFold::of(events.iter().map(|(seq, at, event)| (*seq, *at, event)));
        Analysis::pool(vec![fold]).unwrap()
    }

    /// The exit code of a finished session: what the command line gives.
    pub(crate) fn exit_code(&self) -> u8 {
        exit_code(&self.analysis())
    }

    /// Whether everything is as it was written.
    pub(crate) fn verify(&self) -> Integrity {
        // The program writes the inputs before a run begins; a bench in memory begins without.
        for (name, bytes) in self.bundle.save_to() {
            self.storage.put(&dir().join("inputs").join(name), &bytes);
        }
        verify(self.storage.clone(), &dir()).unwrap()
    }
}
