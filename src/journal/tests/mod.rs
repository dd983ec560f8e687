//! What must hold of the journal as a whole.

mod crash;
mod cut;
mod documented;
mod follow;
mod legality;
mod round_trip;
mod verified;
mod versions;

use super::samples;
use super::{JOURNAL, JournalWriter, MemoryStorage, Reader, Traces, Wanted, create};
use crate::domain::event::{Event, FinishReason};
use crate::domain::run_state::{Phase, RunState};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Outcome, Verdict};
use crate::ports::{Batch, Block, Channel, Reading, Recorder, Scale};
use std::path::{Path, PathBuf};

type Writer = JournalWriter<MemoryStorage>;

fn dir() -> &'static Path {
    Path::new("/runs/one")
}

fn journal() -> PathBuf {
    dir().join(JOURNAL)
}

fn scales() -> Traces {
    Traces::On([(Channel::Light, Scale { lsb: 0.001, period: Seconds::from_millis(1) })].into())
}

/// A journal of these events, and where it lies.
fn written(events: &[(Tick, Event)]) -> MemoryStorage {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), Traces::Off).unwrap();
    for (at, event) in events {
        writer.record(*at, event.clone()).unwrap();
    }
    drop(writer);
    storage
}

/// A storage that holds nothing but a journal of these bytes.
fn holding(bytes: &[u8]) -> MemoryStorage {
    let storage = MemoryStorage::new();
    storage.put(&journal(), bytes);
    storage
}

/// All events of a journal.
fn events(storage: &MemoryStorage) -> Vec<(Tick, Event)> {
    let mut events = Vec::new();
    Reader::new(storage.clone(), dir(), Wanted::ALL).for_each(|_, at, event| events.push((at, event.clone()))).unwrap();
    events
}

/// The state after some events.
fn state_after(events: &[(Tick, Event)]) -> RunState {
    let mut state = RunState::default();
    for (at, event) in events {
        state.apply(*at, event).unwrap();
    }
    state
}

/// Two samples and two bytes of console, taken at `at`.
fn readings(at: Tick) -> Batch {
    let block = Block { channel: Channel::Light, start: at, period: Seconds::from_millis(1), range: 0..2 };
    let console = Reading::Console { at, range: 0..2 };
    Batch { end: at, readings: vec![Reading::Samples(block), console], samples: vec![100, -100], bytes: b"ok".to_vec() }
}

/// Goes on with a run in another session, and ends it with one more judged trial.
fn go_on(writer: &mut Writer) {
    let mut next = 0;
    let mut record = |writer: &mut Writer, event| {
        next += 1;
        writer.record(Tick(next), event).unwrap();
    };
    if writer.state().phase == Phase::Empty {
        record(writer, samples::opened());
    } else {
        record(writer, samples::resumed());
    }
    if writer.state().phase == Phase::Opened {
        record(writer, samples::started());
    }
    let attempt = writer.state().next_attempt(samples::slot(9).id).0;
    record(writer, samples::block(0));
    record(writer, samples::trial(9, attempt));
    record(writer, samples::diagnosed(Verdict::NoResponse));
    record(writer, samples::finished(9, attempt, Outcome::Judged(Verdict::NoResponse)));
    record(writer, samples::end(FinishReason::Complete));
}
