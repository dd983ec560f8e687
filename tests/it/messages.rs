//! What the program says when something is wrong: what, where, and what to do. And its help.

use super::support::files::{Files, QUICK, WORLD};
use super::support::program::{Program, call, file};
use std::path::Path;

/// Verbs that are not shown a suite or a folder here, or have no example of use for lack of arguments.
fn verbs() -> Vec<String> {
    let help = call(&["--help"]).out;
    let list = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let verbs: Vec<String> =
        list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned)).collect();
    verbs.into_iter().filter(|verb| !verb.is_empty() && verb != "help").collect()
}

/// Expects a refusal with an error and a help in these words.
fn refused(args: &[&str], words: &[&str]) {
    let done = call(args);
    assert_eq!(done.code, Some(2), "{args:?}: {}{}", done.out, done.err);
    assert!(done.err.starts_with("error: "), "{args:?}: {}", done.err);
    for word in words {
        assert!(done.err.contains(word), "{args:?}: `{word}` is not in: {}", done.err);
    }
}

/// A short run of one press and a sham in `DIR/run`.
fn ran(dir: &Path) -> (String, String) {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "traces", "none");
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    let (suite, out) = (suite.to_str().unwrap().to_owned(), out.to_str().unwrap().to_owned());
    let done = call(&["run", &suite, "--out", &out, "--progress", "quiet"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    (suite, out)
}

#[test]
fn every_verb_has_an_example_and_the_program_tells_the_usual_order_of_work() {
    let verbs = verbs();
    assert!(verbs.len() >= 10, "{verbs:?}");
    for verb in &verbs {
        let help = call(&[verb, "--help"]);
        assert_eq!(help.code, Some(0));
        assert!(help.out.contains("Example") && help.out.contains(&format!("pinhole {verb}")), "{verb}: {}", help.out);
    }
    let help = call(&["--help"]).out;
    let steps: Vec<usize> = ["pinhole plan", "pinhole run", "pinhole resume", "pinhole report", "pinhole verify"]
        .into_iter()
        .map(|step| help.find(step).unwrap_or_else(|| panic!("{step} is not in: {help}")))
        .collect();
    assert!(steps.is_sorted(), "{help}");
}

#[test]
fn every_verb_has_a_man_page_and_completions() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("man");
    let done = call(&["man", dir.to_str().unwrap()]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(file(&dir, "pinhole.1").contains("usual order of work"));
    let shells = ["bash", "zsh", "fish"].map(|shell| call(&["completions", shell]).out);
    for verb in verbs() {
        let page = file(&dir, &format!("pinhole-{verb}.1"));
        assert!(page.starts_with(".ie") || page.contains(".TH"), "{verb}: {page}");
        assert!(page.contains("Example") && page.contains("SYNOPSIS"), "{verb}: {page}");
        assert!(shells.iter().all(|shell| shell.contains(&verb)), "{verb}");
    }
}

#[test]
fn what_is_no_run_is_said_to_be_none_by_every_verb_that_wants_one() {
    let temp = tempfile::tempdir().unwrap();
    let (empty, text) = (temp.path().join("empty"), temp.path().join("notes.txt"));
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(&text, "no run").unwrap();
    for verb in ["resume", "report", "rejudge", "verify"] {
        for path in [&empty, &text, &temp.path().join("nowhere")] {
            let path = path.to_str().unwrap();
            refused(&[verb, path], &[path, "= help: name the folder that a run was written to"]);
        }
    }
}

#[test]
fn a_journal_without_a_run_is_told_as_such() {
    let temp = tempfile::tempdir().unwrap();
    std::fs::write(temp.path().join("journal.jsonl"), "").unwrap();
    for verb in ["report", "rejudge"] {
        refused(&[verb, temp.path().to_str().unwrap()], &["was opened and never started", "= help: nothing was done in it"]);
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_with_a_way_out() {
    let temp = tempfile::tempdir().unwrap();
    let (suite, out) = ran(temp.path());
    let taken = temp.path().join("taken");
    std::fs::write(&taken, "a file").unwrap();
    let below = taken.join("below");
    for place in [&taken, &below] {
        let place = place.to_str().unwrap();
        let words = [place, "= help: a file stands where a folder is wanted"];
        refused(&["run", &suite, "--out", place], &words);
        refused(&["report", &out, "--out", place], &words);
        refused(&["man", place], &words);
    }
    refused(&["run", &suite, "--out", &out], &["is not empty", "pinhole resume"]);
}

#[test]
fn a_file_that_is_none_is_told_with_a_way_out() {
    let temp = tempfile::tempdir().unwrap();
    let (_, out) = ran(temp.path());
    let folder = temp.path().to_str().unwrap();
    refused(&["rejudge", &out, "--dut", "nowhere.toml"], &["nowhere.toml", "= help: check the path"]);
    refused(&["rejudge", &out, "--dut", folder], &[folder, "= help: name a file, not a folder"]);
    refused(&["decode", folder], &[folder, "= help: name a file, not a folder"]);
    refused(&["run", folder], &[folder, "it is a folder"]);
    assert!(!call(&["run", "fixtures"]).err.contains("did you mean `fixtures`"));
}

#[test]
fn a_run_that_cannot_be_gone_on_with_says_what_can_be_done_instead() {
    let temp = tempfile::tempdir().unwrap();
    let (suite, out) = ran(temp.path());
    refused(&["resume", &out], &["has finished", &format!("pinhole report {out}")]);
    let busy = temp.path().join("busy");
    let busy = busy.to_str().unwrap();
    let mut program = Program::start(&["run", &suite, "--out", busy]);
    assert!(program.until("\"kind\":\"trial_started\""));
    refused(&["resume", busy], &["is being written by process", "= help: wait for its end"]);
    program.kill_after(0);
}

#[test]
fn a_changed_line_is_named_with_what_to_do() {
    let temp = tempfile::tempdir().unwrap();
    let (_, out) = ran(temp.path());
    let text = file(Path::new(&out), "journal.jsonl").replacen("\"step\":\"drain\"", "\"step\":\"drink\"", 1);
    std::fs::write(temp.path().join("run/journal.jsonl"), text).unwrap();
    refused(&["report", &out], &["journal.jsonl:", &format!("pinhole verify {out}")]);
}

#[test]
fn a_camera_that_is_never_ready_leaves_everything_undecided_and_says_so() {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
    files.set(QUICK, "design.replicates", 2).set(QUICK, "traces", "none").remove(QUICK, "limits");
    // It boots longer than anybody waits.
    files.set(WORLD, "camera.boot.application_s", 500.0);
    let temp = tempfile::tempdir().unwrap();
    files.write(&temp.path().join("files"));
    let (suite, out) = (temp.path().join("files").join(QUICK), temp.path().join("run"));
    let done = call(&["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(done.code, Some(4), "{}{}", done.out, done.err);
    assert!(file(&out, "trials.csv").contains(",not_ready,"));
    assert!(done.out.contains("no press could be judged") && done.out.contains("next: "), "{}", done.out);
}
