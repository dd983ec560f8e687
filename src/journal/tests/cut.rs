//! A journal that ends anywhere.

use super::*;
use crate::domain::event::RunResumed;
use crate::journal::{OpenError, read_state, reopen, verify};

/// Checks one cut: it reads as what was whole, says what was torn, and the run goes on.
fn check_cut(bytes: &[u8], length: usize, all: &[(Tick, Event)]) {
    let whole = bytes[..length].iter().filter(|&&byte| byte == b'\n').count();
    let tail = bytes[..length].rsplit(|&byte| byte == b'\n').next().unwrap();
    let storage = holding(&bytes[..length]);

    let ending = read_state(storage.clone(), dir()).unwrap();
    assert_eq!(format!("{:?}", ending.state), format!("{:?}", state_after(&all[..whole])));
    assert_eq!(ending.torn.map_or(0, |torn| torn.bytes as usize), tail.len());

    let mut writer = reopen(storage.clone(), dir(), Traces::Off).unwrap();
    assert_eq!(writer.set_aside_bytes(), tail.len() as u64);
    go_on(&mut writer);
    drop(writer);

    let found = verify(storage.clone(), dir()).unwrap();
    assert!(found.intact(), "{found:?}");
    assert_eq!(storage.bytes(&dir().join("journal.torn-1")).unwrap_or_default(), tail);
    let after = events(&storage);
    assert_eq!(after[..whole], all[..whole]);
    let said = after[whole..].iter().find_map(|(_, event)| match event {
        Event::RunResumed(RunResumed { set_aside_bytes, .. }) => Some(*set_aside_bytes),
        _ => None,
    });
    assert!(said.is_none() == (whole == 0) && said.unwrap_or(tail.len() as u64) == tail.len() as u64);
}

#[test]
fn a_journal_cut_at_every_byte_goes_on_without_loss() {
    let all = samples::short_run();
    let bytes = written(&all).bytes(&journal()).unwrap();
    for length in 0..=bytes.len() {
        check_cut(&bytes, length, &all);
    }
}

#[test]
fn a_last_line_of_zeros_is_torn() {
    let all = samples::short_run();
    let mut bytes = written(&all[..5]).bytes(&journal()).unwrap();
    let whole = bytes.len();
    bytes.extend([0; 40]);
    bytes.push(b'\n');
    let torn = read_state(holding(&bytes), dir()).unwrap().torn.unwrap();
    assert_eq!((torn.line, torn.offset, torn.bytes), (6, whole as u64, 41));
}

#[test]
fn a_damaged_last_line_is_torn_also_where_its_kind_is_not_wanted() {
    let all = samples::short_run();
    let text = String::from_utf8(written(&all[..7]).bytes(&journal()).unwrap()).unwrap();
    let ending = read_state(holding(text.replace("\"what\":\"ready\"", "\"what\":\"rea\u{0}y\"").as_bytes()), dir()).unwrap();
    assert_eq!((ending.state.next_seq, ending.torn.unwrap().line), (6, 7));
}

#[test]
fn a_bad_line_that_is_not_the_last_stops_the_read_with_its_number() {
    let bytes = written(&samples::short_run()).bytes(&journal()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    for (from, to, expected) in [
        ("\"step\":\"power_on\"", "\"step\":\"power_no\"", ":6: the fields of `step_started` cannot be read: unknown variant"),
        ("\"block\":0}\n", "\"block\":0\n", ":4: this is no line of a journal: it has no end"),
        ("{\"seq\":5,", "{\"seq\":6,", ":6: the line is number 6 where 5 is due"),
        ("\"ambient_c\":21.5", "\"ambient_c\":21.6", ":4: the line before was changed: its hash is"),
        ("\"kind\":\"block_started\"", "\"kind\":\"block_stirred\"", ":4: the kind `block_stirred` is unknown"),
    ] {
        assert!(text.contains(from));
        let error = read_state(holding(text.replacen(from, to, 1).as_bytes()), dir()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}{expected}", journal().display())), "{error}");
    }
}

#[test]
fn a_cut_while_the_torn_line_is_set_aside_counts_its_bytes_once() {
    let all = samples::short_run();
    let bytes = written(&all).bytes(&journal()).unwrap();
    let torn = bytes.len() - 20;
    let tail = bytes[..torn].rsplit(|&byte| byte == b'\n').next().unwrap();
    let trouble = |at, done| {
        let storage = holding(&bytes[..torn]);
        storage.put(&dir().join("traces/0-1-light.part"), b"unfinished");
        storage.set_trouble(crate::journal::memory::Trouble::Crash { at, done });
        let opened = reopen(storage.clone(), dir(), Traces::Off);
        (storage, opened.is_err())
    };
    let mut at = 0;
    while trouble(at, false).1 {
        for (done, unsynced) in [(false, 0), (false, 3), (true, 0), (true, usize::MAX)] {
            let storage = trouble(at, done).0.after_power_cut(unsynced);
            let mut writer = reopen(storage.clone(), dir(), Traces::Off).unwrap();
            assert_eq!(writer.set_aside_bytes(), tail.len() as u64, "operation {at}");
            go_on(&mut writer);
            assert_eq!(storage.bytes(&dir().join("journal.torn-1")).unwrap(), tail);
            assert_eq!(storage.bytes(&dir().join("journal.torn-2")), None);
            assert_eq!(storage.bytes(&dir().join("traces/0-1-light.part")), None);
        }
        at += 1;
    }
    assert!(at >= 6, "lock, remove, create, append, sync, rename and cut were each tried: {at}");
}

#[test]
fn a_run_that_has_ended_for_good_is_not_reopened() {
    let mut all = samples::short_run();
    all.truncate(4);
    all.push((Tick(9000), samples::end(FinishReason::Complete)));
    let storage = written(&all);
    let before = storage.bytes(&journal());
    let error = reopen(storage.clone(), dir(), Traces::Off).err().unwrap();
    assert!(matches!(error, OpenError::Finished { reason: FinishReason::Complete, .. }), "{error}");
    assert_eq!(storage.bytes(&journal()), before);
}

#[test]
fn a_directory_without_a_journal_is_not_reopened() {
    let error = reopen(MemoryStorage::new(), dir(), Traces::Off).err().unwrap();
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
}

#[test]
fn a_second_run_is_not_begun_in_the_directory_of_a_first() {
    let storage = written(&samples::short_run());
    let error = create(storage, dir(), Traces::Off).err().unwrap();
    assert!(matches!(error, OpenError::Exists { .. }), "{error}");
}

#[test]
fn a_run_has_one_writer_at_a_time() {
    let storage = MemoryStorage::new();
    let first = create(storage.clone(), dir(), Traces::Off).unwrap();
    let error = reopen(storage.clone(), dir(), Traces::Off).err().unwrap();
    assert!(matches!(error, OpenError::Held { .. }), "{error}");
    drop(first);
    assert!(reopen(storage, dir(), Traces::Off).is_ok());
}

#[test]
fn on_a_real_disk_a_torn_run_is_reopened_and_goes_on() {
    use crate::journal::DiskStorage;
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("reports/one");
    let mut writer = create(DiskStorage, &dir, scales()).unwrap();
    for (at, event) in samples::short_run().into_iter().take(16) {
        writer.record(at, event).unwrap();
        writer.trace(&readings(at)).unwrap();
    }
    let held = reopen(DiskStorage, &dir, Traces::Off).err().unwrap().to_string();
    assert!(held.contains(&format!("being written by process {}", std::process::id())), "{held}");
    drop(writer);
    let path = dir.join(JOURNAL);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();

    let mut writer = reopen(DiskStorage, &dir, scales()).unwrap();
    writer.record(Tick(0), samples::resumed()).unwrap();
    writer.record(Tick(1), samples::trial(0, 3)).unwrap();
    writer.trace(&readings(Tick(2))).unwrap();
    writer.close_traces(Tick(3), true).unwrap();
    let fault = Outcome::Faulted(crate::domain::verdict::FaultKind::Timeout);
    writer.record(Tick(4), samples::finished(0, 3, fault)).unwrap();
    let found = verify(DiskStorage, &dir).unwrap();
    assert!(found.intact() && found.traces == 2, "{found:?}");
    let names: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.contains(&"journal.torn-1".to_owned()), "{names:?}");
}
