//! `docs/journal.md` is the specification: what it says must be so.

use crate::journal::fold::Fold;
use crate::journal::hash::Hash;
use crate::journal::line::{Depth, Envelope, decode};
use crate::journal::{Kind, Wanted};

const SPECIFICATION: &str = include_str!("../../../docs/journal.md");

#[test]
fn every_kind_is_specified() {
    for kind in Kind::ALL {
        let rows = SPECIFICATION.lines().filter(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(1));
        assert!(rows.into_iter().any(|cell| cell.contains(&format!("`{}`", kind.name()))), "{}", kind.name());
    }
}

#[test]
fn the_example_is_a_journal() {
    let example = SPECIFICATION.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let mut before: Option<&str> = None;
    let mut kinds = Vec::new();
    for text in example.lines() {
        let mut line = text.as_bytes().to_vec();
        let envelope = Envelope::read(text.as_bytes()).unwrap();
        let shortened = text.ends_with("... }");
        let expected = before.map_or(Hash::NONE, |before| Hash::of(before.as_bytes()));
        if before.is_none_or(|before| !before.ends_with("... }")) {
            assert_eq!(envelope.h, expected.as_bytes(), "{text}");
        }
        let kind = Kind::from_name(envelope.kind).unwrap();
        if !shortened {
            assert_eq!(decode(&mut line, envelope.body, kind, Depth::Full).unwrap().kind(), kind.name());
        }
        assert_eq!(envelope.seq, kinds.len() as u64);
        kinds.push(kind);
        before = Some(text);
    }
    assert_eq!((kinds.first(), kinds.last()), (Some(&Kind::JournalOpened), Some(&Kind::RunFinished)));
    let mut first = example.lines().next().unwrap().as_bytes().to_vec();
    assert!(Fold::default().look(&mut first, Wanted::ALL, true).is_ok());
}
