//! A journal that is read while it is written.

use super::*;
use crate::domain::observation::Observation;
use crate::journal::reopen;

#[test]
fn a_follower_goes_on_from_where_it_was_whatever_part_is_there() {
    let all = samples::short_run();
    let bytes = written(&all).bytes(&journal()).unwrap();
    let storage = holding(b"");
    let mut reader = Reader::new(storage.clone(), dir(), Wanted::ALL);
    let mut seen = Vec::new();
    for length in (0..bytes.len()).step_by(37).chain([bytes.len()]) {
        storage.put(&journal(), &bytes[..length]);
        reader.for_each(|_, at, event| seen.push((at, event.clone()))).unwrap();
        let whole = bytes[..length].iter().filter(|&&byte| byte == b'\n').count();
        assert_eq!(seen.len(), whole);
        assert_eq!(reader.torn().is_some(), length > 0 && bytes[length - 1] != b'\n');
    }
    assert_eq!(seen, all);
    assert_eq!(reader.torn(), None);
}

#[test]
fn a_follower_survives_that_a_torn_line_is_set_aside() {
    let all = samples::short_run();
    let bytes = written(&all[..6]).bytes(&journal()).unwrap();
    let storage = holding(&bytes[..bytes.len() - 3]);
    let mut reader = Reader::new(storage.clone(), dir(), Wanted::ALL);
    reader.for_each(|_, _, _| {}).unwrap();
    assert_eq!((reader.state().next_seq, reader.torn().is_some()), (5, true));
    go_on(&mut reopen(storage, dir(), Traces::Off).unwrap());
    reader.for_each(|_, _, _| {}).unwrap();
    assert_eq!((reader.state().phase, reader.torn()), (Phase::Finished(FinishReason::Complete), None));
}

#[test]
fn a_bad_line_is_bad_again_when_asked_again() {
    let bytes = written(&samples::short_run()).bytes(&journal()).unwrap();
    let text = String::from_utf8(bytes).unwrap().replacen("\"block\":0", "\"block\":1", 1);
    let mut reader = Reader::new(holding(text.as_bytes()), dir(), Wanted::ALL);
    let first = reader.for_each(|_, _, _| {}).unwrap_err().to_string();
    assert_eq!(reader.for_each(|_, _, _| {}).unwrap_err().to_string(), first);
}

#[test]
fn a_journal_that_is_not_there_yet_is_an_error_that_says_where() {
    let error = Reader::new(MemoryStorage::new(), dir(), Wanted::ALL).for_each(|_, _, _| {}).unwrap_err();
    assert!(error.to_string().contains("/runs/one/journal.jsonl"), "{error}");
}

/// A run of so many events that its journal is read ahead, in pieces, by a thread.
fn long_run() -> Vec<(Tick, Event)> {
    let mut events = vec![samples::opened(), samples::started(), samples::block(0), samples::trial(0, 1)];
    events.extend((0..3000).map(|n| samples::observed(n, Observation::Tone { tone: "x".repeat(n as usize % 300) })));
    events.into_iter().enumerate().map(|(at, event)| (Tick(at as u64), event)).collect()
}

#[test]
fn a_long_journal_is_read_as_a_short_one() {
    let all = long_run();
    let storage = written(&all);
    assert_eq!(events(&storage), all);
    let bytes = storage.bytes(&journal()).unwrap();
    assert!(bytes.len() > 500_000);
    for length in [bytes.len() - 1, 400_000] {
        let mut reader = Reader::new(holding(&bytes[..length]), dir(), Wanted::NONE);
        reader.for_each(|_, _, _| {}).unwrap();
        let whole = bytes[..length].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let torn = reader.torn().unwrap();
        assert_eq!((torn.offset, torn.bytes), (whole as u64, (length - whole) as u64));
        assert_eq!(torn.line, reader.state().next_seq + 1);
    }
}

#[test]
fn a_change_far_behind_is_found_in_the_line_after_it() {
    let mut bytes = written(&long_run()).bytes(&journal()).unwrap();
    let x = 400_000 + bytes[400_000..].iter().position(|byte| *byte == b'x').unwrap();
    bytes[x] = b'y';
    let changed = bytes[..x].iter().filter(|byte| **byte == b'\n').count() + 1;
    let mut reader = Reader::new(holding(&bytes), dir(), Wanted::NONE);
    let error = reader.for_each(|_, _, _| {}).unwrap_err().to_string();
    assert!(error.starts_with(&format!("/runs/one/journal.jsonl:{}: the line before was changed", changed + 1)), "{error}");
}
