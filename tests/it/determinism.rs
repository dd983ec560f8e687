//! The same suite, profile, rig, world and seed give the same journal, byte for byte.

use super::support::bench::{Bench, Line};
use super::support::files::{Files, QUICK};
use pinhole::domain::ids::Operator;

/// The lines without what identifies a session and without their hashes.
fn anonymous(bench: &Bench) -> Vec<String> {
    let text = String::from_utf8(bench.journal()).unwrap();
    text.lines()
        .map(|line| {
            let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = value.as_object_mut().unwrap();
            for field in ["h", "run_id", "wall", "host", "operator", "program", "inputs"] {
                fields.remove(field);
            }
            value.to_string()
        })
        .collect()
}

fn quick() -> Bench {
    let mut files = Files::brisk();
    files.set(QUICK, "design.replicates", 1);
    Bench::new(files.bundle(QUICK))
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let (one, other) = (quick(), quick());
    one.begin().end.unwrap();
    other.begin().end.unwrap();
    assert!(one.events().len() > 300, "a run of eight trials");
    assert_eq!(one.journal(), other.journal());
}

#[test]
fn identity_stands_in_its_own_lines_alone() {
    let (one, mut other) = (quick(), quick());
    other.identity.wall = "2027-01-01T06:30:00Z".parse().unwrap();
    other.identity.host = "elsewhere".to_owned();
    other.identity.program = "pinhole of another day".to_owned();
    other.identity.operator = Some(Operator::from("ada"));
    one.begin().end.unwrap();
    other.begin().end.unwrap();
    assert_ne!(one.journal(), other.journal());
    assert_eq!(anonymous(&one), anonymous(&other));
}

#[test]
fn another_seed_gives_another_run() {
    let events = |seed: i64| -> Vec<Line> {
        let mut files = Files::brisk();
        files.set(QUICK, "design.replicates", 1).set(QUICK, "design.seed", seed);
        let bench = Bench::new(files.bundle(QUICK));
        bench.begin().end.unwrap();
        bench.events()
    };
    let (one, other) = (events(1), events(2));
    // What is measured comes from the world's chance, which hangs on the seed as the order of the slots does.
    let boots = |lines: &[Line]| -> Vec<String> {
        let measured = lines.iter().filter(|(_, _, event)| event.kind() == "measured");
        measured.map(|(_, _, event)| format!("{event:?}")).collect()
    };
    assert_ne!(boots(&one), boots(&other));
}
