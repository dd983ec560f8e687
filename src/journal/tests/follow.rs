//! A journal that is read while it is written.

use super::*;
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
