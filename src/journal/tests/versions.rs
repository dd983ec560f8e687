//! Journals of other versions of the format.

use super::*;
use crate::journal::hash::Hash;
use crate::journal::{OpenError, read_state, reopen};

/// A journal of whole lines, chained; each text is what stands between the envelope's kind and hash, and behind them.
fn lines(texts: &[(&str, &str)]) -> MemoryStorage {
    let mut bytes = Vec::new();
    let mut head = Hash::NONE;
    for (seq, (kind, fields)) in texts.iter().enumerate() {
        let line = format!(r#"{{"seq":{seq},"t_us":{},"kind":"{kind}","h":"{head}"{fields}}}"#, seq * 10);
        head = Hash::of(line.as_bytes());
        bytes.extend(line.bytes().chain([b'\n']));
    }
    holding(&bytes)
}

fn opened(format: &str) -> String {
    format!(r#","format":"{format}","run_id":"r","wall":"2026-11-23T21:00:00Z","program":"p","host":"h""#)
}

#[test]
fn kinds_of_a_later_minor_version_are_passed_over_and_chained() {
    let later = opened("1.3");
    let storage = lines(&[("journal_opened", &later), ("levitated", r#","cm":3"#), ("faulted", FAULT), ("levitated", "")]);
    let mut reader = Reader::new(storage.clone(), dir(), Wanted::ALL);
    let mut kinds = Vec::new();
    reader.for_each(|seq, _, event| kinds.push((seq.0, event.kind()))).unwrap();
    assert_eq!(kinds, [(0, "journal_opened"), (2, "faulted")]);
    assert_eq!((reader.unknown(), reader.state().next_seq), (2, 4));

    let error = reopen(storage, dir(), Traces::Off).err().unwrap();
    assert!(matches!(error, OpenError::Later { minor: 3, .. }), "{error}");
}

const FAULT: &str = r#","fault":"timeout","source":"s","detail":"d""#;

#[test]
fn unknown_kinds_of_our_own_version_are_bad() {
    let error = read_state(lines(&[("journal_opened", &opened("1.0")), ("levitated", "")]), dir()).unwrap_err();
    assert!(error.to_string().ends_with(":2: the kind `levitated` is unknown"), "{error}");
}

#[test]
fn another_major_version_is_refused() {
    for format in ["2.0", "0.9", "1", "one"] {
        let error = read_state(lines(&[("journal_opened", &opened(format))]), dir()).unwrap_err();
        assert!(error.to_string().contains(&format!(":1: the journal's format is `{format}`")), "{error}");
    }
}
