//! Two runs compared and pooled, through the program.

use super::support::files::{DUT, Files, QUICK, WORLD};
use super::support::program::{Done, call, file};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A short suite of six presses of 15 s and a sham.
fn files(seed: i64) -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([15]));
    files.set(QUICK, "design.replicates", 6).set(QUICK, "design.shams_per_adapter", 1).set(QUICK, "design.seed", seed);
    files.set(QUICK, "traces", "none");
    files
}

/// A camera that ignores presses of 15 s.
fn deaf(files: &mut Files) -> &mut Files {
    files.set(WORLD, "camera.button.windows.0.threshold_s", 40.0)
}

/// Runs the suite into `dir/name` and gives the folder.
fn run(files: &Files, dir: &Path, name: &str) -> PathBuf {
    let (written, out) = (dir.join(format!("{name}-files")), dir.join(name));
    files.write(&written);
    let done = call(&["run", written.join(QUICK).to_str().unwrap(), "--out", out.to_str().unwrap(), "--progress", "quiet"]);
    assert!(out.join("summary.json").is_file(), "{}", done.err);
    out
}

/// Leaves the run as if it had been broken off in its third trial, and goes on with it to its end.
fn broken_off(dir: &Path) {
    let text = file(dir, "journal.jsonl");
    let begun = text.lines().enumerate().filter(|(_, line)| line.contains(r#""kind":"trial_started""#)).nth(2).unwrap().0;
    let kept: String = text.lines().take(begun + 4).map(|line| format!("{line}\n")).collect();
    std::fs::write(dir.join("journal.jsonl"), kept).unwrap();
    std::fs::remove_file(dir.join("summary.json")).unwrap();
    let done = call(&["resume", dir.to_str().unwrap(), "--progress", "quiet"]);
    assert!(done.code.is_some_and(|code| code < 2), "{}{}", done.out, done.err);
    assert!(file(dir, "trials.csv").contains(",abandoned,"));
}

fn compare(a: &Path, b: &Path, more: &[&str]) -> Done {
    call(&[&["compare", a.to_str().unwrap(), b.to_str().unwrap()], more].concat())
}

/// Every file of a folder, without its subfolders.
fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entry = |entry: Result<std::fs::DirEntry, std::io::Error>| entry.unwrap().path();
    let all = std::fs::read_dir(dir).unwrap().map(entry).filter(|path| path.is_file());
    all.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn runs_of_one_suite_are_compared_and_pooled_in_either_order() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let (a, b) = (run(&files(1), dir, "a"), run(&files(2), dir, "b"));
    let c = run(deaf(&mut files(3)), dir, "c");

    let same = compare(&a, &b, &[]);
    assert_eq!(same.code, Some(0), "{}{}", same.out, same.err);
    assert!(same.out.contains("No condition differs (2 compared)."), "{}", same.out);
    let itself = compare(&a, &a, &[]);
    assert!(itself.code == Some(0) && itself.out.contains("A and B are the same run:"), "{}", itself.out);

    let again = run(&files(1), dir, "again");
    let replayed = call(&["report", a.to_str().unwrap(), again.to_str().unwrap(), "--out", dir.join("twice").to_str().unwrap()]);
    assert_eq!(replayed.code, Some(2), "{}", replayed.err);
    assert!(replayed.err.contains("would count double") && replayed.err.contains("design.seed"), "{}", replayed.err);
    broken_off(&again);
    let replayed = call(&["report", a.to_str().unwrap(), again.to_str().unwrap(), "--out", dir.join("twice").to_str().unwrap()]);
    assert_eq!(replayed.code, Some(2), "{}", replayed.err);
    assert!(replayed.err.contains("would count double"), "{}", replayed.err);
    let same = compare(&a, &again, &[]);
    assert!(same.out.contains("One replays the other"), "{}", same.out);

    let out = dir.join("compared");
    let other = compare(&a, &c, &["--by", "adapter,fw", "--out", out.to_str().unwrap()]);
    assert_eq!((other.code, compare(&c, &a, &[]).code), (Some(1), Some(1)), "{}{}", other.out, other.err);
    assert!(other.out.contains(" of 6 reset in A, 0 of 6 in B"), "{}", other.out);
    assert_eq!(contents(&out).keys().collect::<Vec<_>>(), ["compare.csv", "compare.html", "compare.json"]);
    assert!(file(&out, "compare.csv").contains(",differs,") && file(&out, "compare.html").contains("0 of 6"));

    let pooled = |name: &str, order: [&Path; 2]| {
        let out = dir.join(name);
        let [one, other] = order.map(|dir| dir.to_str().unwrap());
        let done = call(&["report", one, other, "--out", out.to_str().unwrap()]);
        assert!(done.code == Some(0) && done.out.contains("2 runs of one unit pooled"), "{}{}", done.out, done.err);
        contents(&out)
    };
    let straight = pooled("ab", [&a, &b]);
    assert!(straight.contains_key("junit.xml") && straight == pooled("ba", [&b, &a]));
}

#[test]
fn what_must_not_be_put_together_is_refused_with_the_field_and_a_way_out() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let mut other = files(2);
    other.set(DUT, "watch.quiet_s", 14.0);
    let (a, b) = (run(&files(1), dir, "a"), run(&other, dir, "b"));
    let (one, two) = (a.to_str().unwrap(), b.to_str().unwrap());
    let pooled = call(&["report", one, two, "--out", dir.join("ab").to_str().unwrap()]);
    assert_eq!(pooled.code, Some(2), "{}", pooled.out);
    assert!(pooled.err.contains("differ in watch.quiet_s; report each by itself"), "{}", pooled.err);
    assert!(!dir.join("ab").exists());
    let compared = compare(&a, &b, &[]);
    assert_eq!(compared.code, Some(4), "{}", compared.err);
    assert!(compared.out.contains("judge differently (watch.quiet_s)"), "{}", compared.out);

    assert_eq!(compare(&a, &dir.join("nothing"), &[]).code, Some(2));
    let unknown = compare(&a, &b, &["--by", "colour"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("adapter, dut, lot, fw"), "{}", unknown.err);
    assert_eq!(call(&["report", one, two]).code, Some(2));
}
