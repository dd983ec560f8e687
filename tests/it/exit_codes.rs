//! Exit codes, and what standard error says: what, where, and what to do.

use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use super::support::program::{Done, call, file};
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::run_state::Phase;
use pinhole::domain::verdict::{Outcome, Verdict};
use pinhole::journal::{DiskStorage, Reader, Traces, Wanted, create, read_state};
use pinhole::ports::Recorder;
use std::path::{Path, PathBuf};

const OEM: &str = "adapters/oem-5v1a.toml";

/// One press that resets, and one sham.
fn files() -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "traces", "none");
    files
}

/// Runs the small suite of these files; the run lies in `DIR/run`.
fn run(files: &Files, dir: &Path, more: &[&str]) -> Done {
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    let args = ["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap()];
    call(&[&args[..], more].concat())
}

/// Runs and expects this code; gives back the run's folder.
fn ends_with(files: &Files, code: i32, dir: &Path) -> PathBuf {
    let done = run(files, dir, &[]);
    assert_eq!(done.code, Some(code), "{}{}", done.out, done.err);
    dir.join("run")
}

/// Expects a refusal in these words, and that nothing was begun.
fn refused(done: &Done, dir: &Path, words: &[&str]) {
    assert_eq!(done.code, Some(2), "{}{}", done.out, done.err);
    for word in words {
        assert!(done.err.contains(word), "`{word}` is not in: {}", done.err);
    }
    assert!(done.out.is_empty(), "{}", done.out);
    assert!(!dir.join("run").join("journal.jsonl").exists(), "a journal was begun");
}

#[test]
fn a_run_whose_limits_are_met_gives_0() {
    let temp = tempfile::tempdir().unwrap();
    let dir = ends_with(&files(), 0, temp.path());
    for name in ["trials.csv", "cells.csv", "thresholds.csv", "summary.json", "junit.xml", "report.html", "success-by-hold.svg"] {
        assert!(!file(&dir, name).is_empty(), "{name}");
    }
    let again = call(&["report", dir.to_str().unwrap()]);
    assert_eq!(again.code, Some(0), "{}", again.err);
}

#[test]
fn a_limit_that_is_not_met_gives_1() {
    let mut files = files();
    files.set(QUICK, "limits.0.max", 2.0);
    ends_with(&files, 1, tempfile::tempdir().unwrap().path());
}

#[test]
fn a_dead_unit_gives_1_and_cannot_be_gone_on_with() {
    let mut files = files();
    // Every erase browns out, and no camera survives that.
    files.set(WORLD, "camera.power.erase_min_v", 5.3).set(WORLD, "camera.flash.brick", 1.0);
    let temp = tempfile::tempdir().unwrap();
    let dir = ends_with(&files, 1, temp.path());
    assert_eq!(read_state(DiskStorage, &dir).unwrap().state.phase, Phase::Finished(FinishReason::UnitDead));
    let again = call(&["resume", dir.to_str().unwrap()]);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("UnitDead") || again.err.contains("unit_dead"), "{}", again.err);
}

#[test]
fn a_sham_that_reset_gives_1() {
    let temp = tempfile::tempdir().unwrap();
    let dir = ends_with(&files(), 0, temp.path());
    // No world has a camera that resets by itself, so a journal tells of one.
    let forged = temp.path().join("forged");
    let mut writer = create(DiskStorage, &forged, Traces::Off).unwrap();
    let mut reader = Reader::new(DiskStorage, &dir, Wanted::ALL);
    let mut sham = false;
    let mut changed = 0;
    while let Some((_, at, event)) = reader.next_event().unwrap() {
        let mut event = event.clone();
        match &mut event {
            Event::TrialStarted(started) => sham = started.slot.condition.stimulus.name() == "sham",
            Event::Diagnosed(diagnosis) if sham => diagnosis.verdict = Verdict::FactoryReset,
            Event::TrialFinished(end) if sham => {
                end.outcome = Outcome::Judged(Verdict::FactoryReset);
                changed += 1;
            }
            _ => {}
        }
        writer.record(at, event).unwrap();
    }
    drop(writer);
    assert_eq!(changed, 1);
    let done = call(&["report", forged.to_str().unwrap()]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
}

#[test]
fn a_mistake_in_any_file_gives_2_with_its_place() {
    let cases = [
        (QUICK, "replicates = 1", "replicates = -1", "suites/quick.toml"),
        (DUT, "write_window_s", "write_windw_s", "duts/amcrest-indoor.toml"),
        (OEM, "rating = {", "rating = [", "adapters/oem-5v1a.toml"),
        (RIG, "coil_max_on_s = 100", "coil_max_on_s = 0", "rigs/twin.toml"),
        (WORLD, "open_v = 5.15", "open_v = 515", "worlds/amcrest-indoor.toml"),
    ];
    for (name, from, to, shown) in cases {
        let temp = tempfile::tempdir().unwrap();
        let mut files = files();
        files.replace(name, from, to);
        let line = files.text(name).lines().position(|line| line.contains(to)).unwrap() + 1;
        let done = run(&files, temp.path(), &[]);
        refused(&done, temp.path(), &["error: ", &format!("{shown}:{line}:")]);
    }
}

#[test]
fn what_is_not_there_gives_2() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    refused(&call(&["run", "no/such/suite.toml"]), dir, &["no/such/suite.toml"]);
    refused(&call(&["fly"]), dir, &["fly"]);
    refused(&call(&["run", "--fly"]), dir, &["--fly"]);
    refused(&call(&["resume", dir.to_str().unwrap()]), dir, &[dir.to_str().unwrap(), "journal.jsonl"]);
    refused(&call(&["verify", dir.join("nothing").to_str().unwrap()]), dir, &["nothing"]);
    refused(&call(&["report", dir.to_str().unwrap()]), dir, &[dir.to_str().unwrap()]);
    let letter = tempfile::tempdir().unwrap();
    std::fs::write(letter.path().join("journal.jsonl"), "dear diary").unwrap();
    let done = call(&["verify", letter.path().to_str().unwrap()]);
    assert_eq!(done.code, Some(2), "{}", done.err);
    assert!(done.err.contains("no whole line"), "{}", done.err);
    refused(&run(&files(), dir, &["--dut-serial", "XYZ1"]), dir, &["XYZ1", "^AMC[0-9A-F]{9}$", "scan"]);
    refused(&run(&files(), dir, &["--dut-serial", "p9=AMC0000001A5"]), dir, &["p9", "p1"]);
    refused(&run(&files(), dir, &["--set", "design.replicas=3"]), dir, &["replicas", "replicates"]);
    refused(&run(&files(), dir, &["--rig", "no-rig.toml"]), dir, &["no-rig.toml"]);
}

#[test]
fn a_folder_that_holds_something_is_not_written_to() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("run");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("thesis.txt"), "years of work").unwrap();
    let done = run(&files(), temp.path(), &[]);
    refused(&done, temp.path(), &["is not empty", dir.to_str().unwrap()]);
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn a_driver_that_does_not_exist_is_told_before_a_unit_is_asked_for() {
    let mut files = files();
    files.set(RIG, "positions.0.presser.driver", "twinn");
    let temp = tempfile::tempdir().unwrap();
    refused(&run(&files, temp.path(), &[]), temp.path(), &["there is no driver `twinn`", "rigs/twin.toml"]);
}

#[test]
fn a_serial_number_that_fits_is_recorded() {
    let temp = tempfile::tempdir().unwrap();
    let done = run(&files(), temp.path(), &["--dut-serial", "AMC0000001A5", "--operator", "ada"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let trials = file(&temp.path().join("run"), "trials.csv");
    assert!(trials.contains(",AMC0000001A5,") && trials.contains(",ada,"), "{trials}");
}

#[test]
fn a_rig_that_fails_for_ever_gives_3_and_can_be_gone_on_with() {
    let mut files = files();
    files.set(WORLD, "faults.supply_refuses", 1.0);
    let temp = tempfile::tempdir().unwrap();
    let dir = ends_with(&files, 3, temp.path());
    let state = read_state(DiskStorage, &dir).unwrap().state;
    assert_eq!(state.phase, Phase::Finished(FinishReason::RigFaulted));
    assert!(state.slots.values().all(|slot| slot.faulted <= 3));
    // A person has looked after the rig. It fails again, since a run keeps its inputs, but it is tried.
    let lines = state.next_seq;
    let again = call(&["resume", dir.to_str().unwrap()]);
    assert_eq!(again.code, Some(3), "{}{}", again.out, again.err);
    assert!(read_state(DiskStorage, &dir).unwrap().state.next_seq > lines);
}

#[test]
fn a_limit_that_is_undecided_gives_4() {
    let mut files = files();
    files
        .replace(QUICK, "measurement = \"boot_s\"", "hold_s = 20\nmin_rate = 0.9\nconfidence = 0.95")
        .remove(QUICK, "limits.0.max");
    ends_with(&files, 4, tempfile::tempdir().unwrap().path());
}

#[test]
fn a_changed_journal_gives_1() {
    let temp = tempfile::tempdir().unwrap();
    let dir = ends_with(&files(), 0, temp.path());
    let text = file(&dir, "journal.jsonl").replacen("\"step\":\"drain\"", "\"step\":\"drink\"", 1);
    std::fs::write(dir.join("journal.jsonl"), text).unwrap();
    let done = call(&["verify", dir.to_str().unwrap()]);
    assert_eq!(done.code, Some(1));
    assert!(done.out.contains("CHANGED") && done.out.contains("line "), "{}", done.out);
}

#[test]
fn a_twin_with_every_sense_is_run_like_any_other() {
    let temp = tempfile::tempdir().unwrap();
    let mut files = files();
    files.set(RIG, "positions.0.light.colour", true);
    files.set(RIG, "positions.0.sound.driver", "twin").set(RIG, "positions.0.force.driver", "twin");
    ends_with(&files, 0, temp.path());
}

#[test]
fn a_setting_of_a_twin_that_is_wrong_or_unknown_gives_2() {
    let cases = [
        ("positions.0.light.colour", "`\"yes\"` is neither true nor false"),
        ("positions.0.light.color", "the driver `twin` has no setting `color`"),
        ("positions.0.plug.colour", "the driver `twin` has no setting `colour`"),
    ];
    for (path, words) in cases {
        let temp = tempfile::tempdir().unwrap();
        let mut files = files();
        files.set(RIG, path, "yes");
        refused(&run(&files, temp.path(), &[]), temp.path(), &[words, "twin.toml:"]);
    }
    let temp = tempfile::tempdir().unwrap();
    let mut files = files();
    files.set(RIG, "positions.0.force.driver", "loadcell");
    refused(&run(&files, temp.path(), &[]), temp.path(), &["there is no driver `loadcell`", "twin.toml:"]);
}
