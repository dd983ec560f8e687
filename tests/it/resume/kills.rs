//! `kill -9` of the real program at seeded moments.

use crate::it::support::dice::Dice;
use crate::it::support::program::{Program, call, file};
use pinhole::domain::event::FinishReason;
use pinhole::domain::run_state::Phase;
use pinhole::journal::{DiskStorage, read_state};
use std::collections::BTreeMap;
use std::path::Path;

/// The columns that no crash may change.
const COLUMNS: [&str; 10] =
    ["slot", "adapter", "supply_set_v", "stimulus", "release", "hold_cmd_s", "hold_s", "outcome", "verdict", "level"];

/// One trial at 30 s decides no rate limit.
const UNDECIDED: i32 = 4;

/// `scripts/kill-test` asks for more.
fn kills() -> u64 {
    std::env::var("PINHOLE_KILLS").map_or(20, |text| text.parse().expect("PINHOLE_KILLS is a number"))
}

fn seed() -> u64 {
    std::env::var("PINHOLE_SEED").map_or(1, |text| text.parse().expect("PINHOLE_SEED is a number"))
}

/// A sweep of fifteen trials.
fn run(dir: &Path) -> Vec<String> {
    let suite = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/suites/hold-sweep.toml");
    let sets = ["factors.hold_s=[3,12,30,45]", "design.replicates=1", "design.shams_per_adapter=1"];
    let args = ["run", suite, "--out", dir.to_str().unwrap()].map(str::to_owned);
    args.into_iter().chain(sets.into_iter().flat_map(|set| ["--set".to_owned(), set.to_owned()])).collect()
}

/// The judged rows of a run's trials.csv, by slot.
fn trials(dir: &Path) -> BTreeMap<u32, Vec<String>> {
    let text = file(dir, "trials.csv");
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let header = csv.headers().unwrap().clone();
    let places = COLUMNS.map(|name| header.iter().position(|column| column == name).unwrap());
    let mut rows = BTreeMap::new();
    for record in csv.records() {
        let record = record.unwrap();
        let row: Vec<String> = places.iter().map(|place| record[*place].to_owned()).collect();
        if row[7] == "judged" {
            let before = rows.insert(row[0].parse().unwrap(), row);
            assert!(before.is_none(), "a slot was judged twice in {}", dir.display());
        }
    }
    rows
}

fn finished(dir: &Path) -> bool {
    let ending = read_state(DiskStorage, dir).unwrap();
    ending.state.phase == Phase::Finished(FinishReason::Complete)
}

/// Goes on until the run is complete and its reports are written. Some sessions are killed too; how many were.
fn settle(dir: &Path, dice: &mut Dice, lines: u64) -> u64 {
    let mut kills = 0;
    while !finished(dir) {
        let args = ["resume", dir.to_str().unwrap()];
        if kills < 3 && dice.happens(0.3) {
            kills += u64::from(Program::start(&args).kill_after(1 + dice.below(lines)));
        } else {
            let done = Program::start(&args).finish();
            assert_eq!(done.code, Some(UNDECIDED), "{}", done.err);
        }
    }
    if !dir.join("summary.json").exists() {
        // It was killed between its last line and its reports.
        let done = call(&["report", dir.to_str().unwrap()]);
        assert_eq!(done.code, Some(UNDECIDED), "{}", done.err);
    }
    kills
}

#[test]
fn killed_at_any_moment_a_run_goes_on_to_the_same_table() {
    let temp = tempfile::tempdir().unwrap();
    let whole_dir = temp.path().join("whole");
    let mut program = Program::start(&run(&whole_dir));
    let mut lines = 0;
    while program.line().is_some() {
        lines += 1;
    }
    let done = program.finish();
    assert_eq!(done.code, Some(UNDECIDED), "{}", done.err);
    let whole = trials(&whole_dir);
    assert_eq!(whole.len(), 15);

    let (mut first, mut later) = (0, 0);
    for number in 0..kills() {
        let mut dice = Dice::new(seed().wrapping_mul(1_000_003) + number);
        let dir = temp.path().join(format!("killed-{number}"));
        first += u64::from(Program::start(&run(&dir)).kill_after(1 + dice.below(lines)));
        later += settle(&dir, &mut dice, lines / 2);
        assert_eq!(trials(&dir), whole, "kill {number} of seed {}: see {}", seed(), dir.display());
        let verified = call(&["verify", dir.to_str().unwrap()]);
        assert_eq!((verified.code, verified.out.starts_with("unchanged")), (Some(0), true), "{}", verified.out);
        std::fs::remove_dir_all(&dir).unwrap();
    }
    println!(
        "kill-test: {first} runs and {later} resumed runs were killed; all {} tables equal that of the uninterrupted run",
        kills()
    );
    assert!(first * 10 >= kills() * 8, "only {first} of {} runs were killed before their end", kills());
}
