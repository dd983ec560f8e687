//! Whatever a file holds, it is read or refused: nothing panics, and every complaint can be shown.

use super::Shelf;
use crate::files::{Style, load_saved};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;

#[derive(Clone, Debug)]
enum Mutation {
    Delete(Index, usize),
    Repeat(Index, usize),
    Replace(Index, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        (any::<Index>(), 1..200_usize).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        // Bytes that mean something in TOML do more harm than others.
        (any::<Index>(), select(b"[]{}\"'=.,#\n-0".to_vec())).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    match mutation {
        Mutation::Delete(at, length) => {
            let start = at.index(bytes.len());
            bytes.drain(start..(start + length).min(bytes.len()));
        }
        Mutation::Repeat(at, length) => {
            let start = at.index(bytes.len());
            let part = bytes[start..(start + length).min(bytes.len())].to_vec();
            bytes.splice(start..start, part);
        }
        Mutation::Replace(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
    }
}

const FILES: [&str; 6] = [
    "suites/voltage.toml",
    "duts/amcrest-indoor.toml",
    "rigs/twin.toml",
    "adapters/bench-psu.toml",
    "worlds/amcrest-indoor.toml",
    "captures/boot.log",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_mutated_file_is_read_or_refused(path in select(FILES.to_vec()), mutations in prop::collection::vec(mutation(), 1..4)) {
        let mut shelf = Shelf::fixtures();
        let mut bytes = shelf.0[path].clone();
        mutations.iter().for_each(|mutation| mutate(&mut bytes, mutation));
        shelf.put(path, &bytes);
        match shelf.load("suites/voltage.toml", &[]) {
            Ok(bundle) => {
                let _ = bundle.warnings.render(Style::Coloured);
                let mut saved = Shelf::default();
                bundle.save_to().iter().for_each(|(name, bytes)| saved.put(name, bytes));
                let back = load_saved(&saved, Path::new("")).map_err(|errors| TestCaseError::fail(errors.to_string()))?;
                prop_assert_eq!(back, bundle);
            }
            Err(errors) => {
                let text = errors.to_string();
                prop_assert!(!errors.is_empty());
                prop_assert_eq!(text.matches("help: ").count() >= errors.0.len(), true, "{}", text);
            }
        }
    }

    #[test]
    fn an_override_is_applied_or_refused(path in "[a-z_.]{0,12}(\\[[0-9]{1,2}\\])?[.a-z_]{0,6}", value in "\\PC{0,12}") {
        let shelf = Shelf::fixtures();
        for set in [format!("{path}={value}"), format!("factors.hold_s={value}"), format!("limits[0].{path}={value}"), value.clone()] {
            if let Err(errors) = shelf.load("suites/quick.toml", &[&set]) {
                prop_assert!(!errors.to_string().is_empty());
            }
        }
    }
}
