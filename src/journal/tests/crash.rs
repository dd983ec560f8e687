//! A crash, a write error or a full disk at every operation.

use super::*;
use crate::journal::memory::Trouble;
use crate::journal::{Finding, reopen, verify};
use crate::ports::RecordError;

/// The events whose call returns only when a power cut cannot take them back.
fn settles(event: &Event) -> bool {
    matches!(
        event,
        Event::JournalOpened(_)
            | Event::RunStarted(_)
            | Event::TrialFinished(_)
            | Event::Faulted(_)
            | Event::StopRequested(_)
            | Event::RunFinished(_)
    )
}

/// Records a short run with traces. Returns what was recorded, and whether it came to its end.
fn session(storage: &MemoryStorage) -> (Vec<(Tick, Event)>, bool) {
    let mut done = Vec::new();
    let Ok(mut writer) = create(storage.clone(), dir(), scales()) else { return (done, false) };
    let mut failed = false;
    for (at, event) in samples::short_run() {
        let step = |writer: &mut Writer| -> Result<(), RecordError> {
            if let Event::TrialFinished(end) = &event {
                writer.close_traces(at, end.attempt.0 == 2)?;
            }
            writer.record(at, event.clone())?;
            writer.trace(&readings(at))
        };
        let recorded = step(&mut writer);
        assert!(!failed || recorded.is_err(), "nothing is recorded after a failure");
        failed |= recorded.is_err();
        if !failed {
            done.push((at, event));
        }
    }
    (done, !failed)
}

/// What is left must be a beginning of what was recorded, with everything that had settled, and the run must go on.
fn check(after: &MemoryStorage, done: &[(Tick, Event)], what: &str) {
    if after.bytes(&journal()).is_none() {
        assert!(!done.iter().any(|(_, event)| settles(event)), "{what}: the journal is gone");
        return;
    }
    let own = |events: Vec<(Tick, Event)>| -> Vec<_> {
        events.into_iter().filter(|(_, event)| !matches!(event, Event::Attached(_))).collect()
    };
    let left = own(events(after));
    let all = samples::short_run();
    assert_eq!(left[..], all[..left.len()], "{what}");
    let settled = done.iter().rposition(|(_, event)| settles(event)).map_or(0, |last| last + 1);
    assert!(left.len() >= settled, "{what}: {} lines are left of {settled} that had settled", left.len());
    let found = verify(after.clone(), dir()).unwrap();
    assert_eq!(found.findings, Vec::<Finding>::new(), "{what}");

    let mut writer = reopen(after.clone(), dir(), scales()).unwrap();
    go_on(&mut writer);
    drop(writer);
    let found = verify(after.clone(), dir()).unwrap();
    assert!(found.intact() && found.finished(), "{what}: {found:?}");
    assert_eq!(own(events(after))[..left.len()], left[..], "{what}");
}

#[test]
fn a_power_cut_at_every_operation_leaves_what_had_settled() {
    let storage = MemoryStorage::new();
    assert!(session(&storage).1);
    let operations = storage.operations();
    assert!(operations > 20, "{operations}");
    for at in 0..operations {
        for done in [false, true] {
            let storage = MemoryStorage::new();
            storage.set_trouble(Trouble::Crash { at, done });
            let (recorded, _) = session(&storage);
            for unsynced in [0, 1, 50, 700, usize::MAX] {
                check(&storage.after_power_cut(unsynced), &recorded, &format!("cut at {at} ({done}), {unsynced} more"));
            }
        }
    }
}

#[test]
fn a_write_error_at_every_operation_stops_the_writer_and_loses_nothing_that_had_settled() {
    let storage = MemoryStorage::new();
    session(&storage);
    let mut stopped = 0;
    for at in 0..storage.operations() {
        let storage = MemoryStorage::new();
        storage.set_trouble(Trouble::Error { at });
        let (recorded, whole) = session(&storage);
        stopped += u32::from(!whole);
        check(&storage.after_power_cut(0), &recorded, &format!("error at {at}, then a power cut"));
        storage.set_trouble(Trouble::None);
        check(&storage, &recorded, &format!("error at {at}"));
    }
    assert_eq!(u64::from(stopped), storage.operations(), "no error is passed over");
}

#[test]
fn a_full_disk_at_every_size_stops_the_writer_and_loses_nothing_that_had_settled() {
    let storage = MemoryStorage::new();
    session(&storage);
    let size = storage.bytes(&journal()).unwrap().len() as u64;
    for bytes in (0..size).step_by(61) {
        let storage = MemoryStorage::new();
        storage.set_trouble(Trouble::Full { bytes });
        let (recorded, whole) = session(&storage);
        assert!(!whole);
        storage.set_trouble(Trouble::None);
        check(&storage, &recorded, &format!("full at {bytes}"));
    }
}

#[test]
fn the_end_of_the_program_loses_no_step_that_has_ended() {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), Traces::Off).unwrap();
    let mut recorded = 0;
    for (at, event) in samples::short_run() {
        writer.record(at, event.clone()).unwrap();
        recorded += 1;
        if let Event::StepFinished(_) | Event::TrialStarted(_) | Event::Answered(_) | Event::Paused(_) = event {
            assert_eq!(events(&storage.after_kill()).len(), recorded);
        }
    }
}

#[test]
fn a_follower_of_a_long_step_is_at_most_a_second_behind() {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), Traces::Off).unwrap();
    for (at, event) in samples::short_run().into_iter().take(7) {
        writer.record(at, event).unwrap();
    }
    writer.trace(&readings(Tick(500_000))).unwrap();
    assert_eq!(events(&storage).len(), 5);
    writer.trace(&readings(Tick(1_100_000))).unwrap();
    assert_eq!(events(&storage).len(), 7);
}

#[test]
fn a_writer_that_is_dropped_hands_over_what_it_holds() {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), Traces::Off).unwrap();
    for (at, event) in samples::short_run().into_iter().take(7) {
        writer.record(at, event).unwrap();
    }
    drop(writer);
    assert_eq!(events(&storage).len(), 7);
}

#[test]
fn traces_lie_under_their_hash_before_a_line_names_them() {
    let storage = MemoryStorage::new();
    assert!(session(&storage).1);
    let attached: Vec<_> = events(&storage)
        .into_iter()
        .filter_map(|(_, event)| match event {
            Event::Attached(attached) => Some(attached.channel),
            _ => None,
        })
        .collect();
    assert_eq!(attached, ["console", "light"], "those of the kept trial");
    let found = verify(storage, dir()).unwrap();
    assert_eq!((found.traces, found.intact()), (2, true));
}
