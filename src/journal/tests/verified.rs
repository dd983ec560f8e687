//! What a check of a run's directory finds.

use super::*;
use crate::journal::{Finding, TRACES, read_state, verify};

/// What the sample's only input holds.
const SUITE: &str = "schema = 1\n";

/// SHA-256 of it, by `sha256sum`.
const SUITE_SHA256: &str = "da93db77ebb07776dbd095f79fe28cbf4d42340c27bc33547ed7eeb2d3c93ea1";

fn put_summary(storage: &MemoryStorage, head: crate::journal::Hash) {
    let id = samples::run_started().run_id;
    let text = format!(r#"{{"schema":1,"runs":[{{"run_id":"{id}","finish":"complete","journal_head":"{head}"}}]}}"#);
    storage.put(&dir().join("summary.json"), text.as_bytes());
}

/// The events of a run whose input is there.
fn with_input(mut events: Vec<(Tick, Event)>) -> Vec<(Tick, Event)> {
    for (_, event) in &mut events {
        if let Event::RunStarted(started) = event {
            started.inputs = vec![("suites/suite.toml".to_owned(), SUITE_SHA256.to_owned())];
        }
    }
    events
}

fn input() -> PathBuf {
    dir().join("inputs/suites/suite.toml")
}

/// A finished run with two traces and a summary.
fn finished() -> MemoryStorage {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), scales()).unwrap();
    let end = samples::end(FinishReason::Complete);
    for (at, event) in with_input(samples::short_run()).into_iter().take(20).chain([(Tick(50_000), end)]) {
        if let Event::TrialFinished(_) = event {
            writer.trace(&readings(at)).unwrap();
            writer.close_traces(at, matches!(&event, Event::TrialFinished(end) if end.attempt.0 == 2)).unwrap();
        }
        writer.record(at, event).unwrap();
    }
    put_summary(&storage, writer.head());
    storage.put(&input(), SUITE.as_bytes());
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
    assert_eq!((found.traces, found.inputs, found.summary_lines), (2, 1, Some(found.state.next_seq)));
    assert_eq!(traces(&storage).len(), 2, "those of the other trial are gone");
}

#[test]
fn a_flipped_byte_anywhere_in_journal_traces_or_inputs_is_found() {
    let storage = finished();
    for path in traces(&storage).into_iter().chain([journal(), input()]) {
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
fn a_changed_line_is_named() {
    let storage = finished();
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    storage.put(&journal(), text.replacen("\"verdict\":\"factory_reset\"", "\"verdict\":\"partial_reset\"", 1).as_bytes());
    let changed = text.lines().position(|line| line.contains("\"diagnosed\"")).unwrap() as u64 + 1;
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[0], Finding::BadLine { line, .. } if line == changed + 1), "{found:?}");
    let told = found.findings[0].to_string();
    assert!(
        told.starts_with(&format!("line {changed} of the journal was changed, or the hash that line {} holds", changed + 1)),
        "{told}"
    );
}

/// The journal's last line without and with what stands before it.
fn without_last(storage: &MemoryStorage) -> String {
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    text[..last].to_owned()
}

#[test]
fn lines_taken_from_the_end_are_missed_by_the_summary() {
    let storage = finished();
    let text = without_last(&storage);
    storage.put(&journal(), text.as_bytes());
    let found = verify(storage, dir()).unwrap();
    let [Finding::HeadDiffers { line, cut: true, .. }] = &found.findings[..] else { panic!("{found:?}") };
    assert_eq!(*line, text.lines().count() as u64);
}

#[test]
fn a_change_of_the_last_line_is_found_by_the_summary() {
    let storage = finished();
    let text = String::from_utf8(storage.bytes(&journal()).unwrap()).unwrap();
    storage.put(&journal(), text.replacen("\"t_us\":50000,", "\"t_us\":50001,", 1).as_bytes());
    let found = verify(storage, dir()).unwrap();
    let [Finding::HeadDiffers { line, cut: false, .. }] = &found.findings[..] else { panic!("{found:?}") };
    assert_eq!(*line, text.lines().count() as u64);
}

#[test]
fn a_summary_of_an_earlier_session_is_no_change() {
    let storage = written(&with_input(samples::short_run()));
    storage.put(&input(), SUITE.as_bytes());
    put_summary(&storage, read_state(storage.clone(), dir()).unwrap().head);
    go_on(&mut crate::journal::reopen(storage.clone(), dir(), Traces::Off).unwrap());
    let found = verify(storage, dir()).unwrap();
    assert!(found.intact(), "{found:?}");
    assert!(found.summary_lines.unwrap() < found.state.next_seq);
}

#[test]
fn a_summary_of_other_runs_vouches_for_nothing_and_is_told() {
    let storage = finished();
    storage.put(&dir().join("summary.json"), br#"{"runs":[{"run_id":"other","finish":null,"journal_head":"00"}]}"#);
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[..], [Finding::Summary { .. }]) && found.summary_lines.is_none(), "{found:?}");
}

#[test]
fn an_input_that_is_missing_or_lies_elsewhere_is_told() {
    let storage = finished();
    crate::ports::Storage::remove(&storage, &input()).unwrap();
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[..], [Finding::InputMissing { line: 2, .. }]), "{found:?}");
    let mut events = with_input(samples::short_run());
    for (_, event) in &mut events {
        if let Event::RunStarted(started) = event {
            started.inputs[0].0 = "../suite.toml".to_owned();
        }
    }
    let storage = written(&events);
    storage.put(&dir().join("suite.toml"), SUITE.as_bytes());
    let found = verify(storage, dir()).unwrap();
    assert!(matches!(found.findings[..], [Finding::InputChanged { .. }]), "{found:?}");
}

#[test]
fn what_no_line_vouches_for_is_listed() {
    let storage = finished();
    for name in
        ["report.html", "inputs/index.json", "inputs/suites/other.toml", "inputs/more/a.toml", "traces/x", "timelines/a.svg"]
    {
        storage.put(&dir().join(name), b"?");
    }
    let found = verify(storage, dir()).unwrap();
    let want = "inputs/index.json inputs/more inputs/suites/other.toml report.html summary.json (but its journal_head) timelines/ traces/x";
    assert_eq!(found.unchecked.join(" "), want);
    assert!(found.intact());
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
