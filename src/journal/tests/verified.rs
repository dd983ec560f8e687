//! What a check of a run's directory finds.

use super::*;
use crate::journal::{Finding, TRACES, read_state, verify};

/// A finished run with two traces and a summary.
fn finished() -> MemoryStorage {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), scales()).unwrap();
    let end = samples::end(FinishReason::Complete);
    for (at, event) in samples::short_run().into_iter().take(20).chain([(Tick(50_000), end)]) {
        if let Event::TrialFinished(_) = event {
            writer.trace(&readings(at)).unwrap();
            writer.close_traces(at, matches!(&event, Event::TrialFinished(end) if end.attempt.0 == 2)).unwrap();
        }
        writer.record(at, event).unwrap();
    }
    storage.put(&dir().join("summary.json"), format!(r#"{{"journal_head":"{}"}}"#, writer.head()).as_bytes());
    storage
}

fn traces(storage: &MemoryStorage) -> Vec<PathBuf> {
    let folder = dir().join(TRACES);
    crate::ports::Storage::list(storage, &folder).unwrap().into_iter().map(|name| folder.join(name)).collect()
}

#[test]
fn a_run_as_it_was_written_is_intact() {
    let storage = finished();
    let found = verify(storage.clone(), dir()).unwrap();
    assert!(found.intact() && found.finished(), "{found:?}");
    assert_eq!((found.traces, found.summary_lines), (2, Some(found.state.next_seq)));
    assert_eq!(traces(&storage).len(), 2, "those of the other trial are gone");
}

#[test]
fn a_flipped_byte_anywhere_in_journal_or_traces_is_found() {
    let storage = finished();
    for path in traces(&storage).into_iter().chain([journal()]) {
        let whole = storage.bytes(&path).unwrap();
        for index in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[index] ^= 1 << (index % 8);
            storage.put(&path, &bytes);
            let found = verify(storage.clone(), dir()).unwrap();
            assert!(!found.intact(), "byte {index} of {}", path.display());
        }
        storage.put(&path, &whole);
    }
}

#[test]
fn a_changed_line_is_named_by_the_first_line_that_does_not_fit() {
    let storage = finished();
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    storage.put(&journal(), text.replacen("\"verdict\":\"factory_reset\"", "\"verdict\":\"partial_reset\"", 1).as_bytes());
    let changed = text.lines().position(|line| line.contains("\"diagnosed\"")).unwrap() as u64 + 1;
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[0], Finding::BadLine { line, .. } if line == changed + 1), "{found:?}");
}

#[test]
fn lines_taken_from_the_end_are_missed_by_the_summary() {
    let storage = finished();
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    storage.put(&journal(), &text.as_bytes()[..last]);
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[..], [Finding::HeadDiffers { .. }]), "{found:?}");
}

#[test]
fn a_summary_of_an_earlier_session_is_no_change() {
    let storage = written(&samples::short_run());
    let head = read_state(storage.clone(), dir()).unwrap().head;
    storage.put(&dir().join("summary.json"), format!(r#"{{"journal_head":"{head}","x":1}}"#).as_bytes());
    go_on(&mut crate::journal::reopen(storage.clone(), dir(), Traces::Off).unwrap());
    let found = verify(storage, dir()).unwrap();
    assert!(found.intact(), "{found:?}");
    assert!(found.summary_lines.unwrap() < found.state.next_seq);
}

#[test]
fn a_missing_trace_is_said_with_the_line_that_names_it() {
    let storage = finished();
    let path = traces(&storage).remove(0);
    crate::ports::Storage::remove(&storage, &path).unwrap();
    let found = verify(storage.clone(), dir()).unwrap();
    let [Finding::TraceMissing { line, file }] = &found.findings[..] else { panic!("{found:?}") };
    assert_eq!(*file, path.file_name().unwrap().to_string_lossy());
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    assert!(text.lines().nth(*line as usize - 1).unwrap().contains(file.as_str()));
}

#[test]
fn a_summary_that_is_no_json_is_said() {
    let storage = finished();
    storage.put(&dir().join("summary.json"), b"{");
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[..], [Finding::Summary { .. }]), "{found:?}");
}
