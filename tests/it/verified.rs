//! `pinhole verify` on a run's folder that was changed, and verbs that are given a file of another kind.

use super::support::files::{DUT, Files, QUICK};
use super::support::program::{Done, call, file};
use std::path::Path;

/// A short run in `dir/run`.
fn ran(dir: &Path) -> String {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "design.shams_per_adapter", 0).set(QUICK, "traces", "all");
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    let done = call(&["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap(), "--progress", "quiet"]);
    assert!(out.join("summary.json").is_file(), "{}", done.err);
    out.to_str().unwrap().to_owned()
}

fn says(done: &Done, code: i32, words: &[&str]) {
    let said = format!("{}{}", done.out, done.err);
    assert_eq!(done.code, Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "no `{word}` in: {said}");
    }
}

#[test]
fn a_change_of_the_end_or_of_an_input_is_found_and_what_is_not_checked_is_told() {
    let temp = tempfile::tempdir().unwrap();
    let out = ran(temp.path());
    let dir = Path::new(&out);
    let whole = file(dir, "journal.jsonl");
    let lines = whole.lines().count();
    let (journal, input) = (dir.join("journal.jsonl"), dir.join("inputs").join(QUICK));

    let told = ["unchanged: ", "not checked: ", "report.html", "inputs/index.json", "pinhole report "];
    says(&call(&["verify", &out]), 0, &told);
    says(&call(&["verify", journal.to_str().unwrap()]), 0, &told);

    let last = whole.lines().last().unwrap();
    std::fs::write(&journal, whole.replace(last, &last.replace("\"complete\"", "\"stopped\""))).unwrap();
    says(&call(&["verify", &out]), 1, &["CHANGED", "journal.jsonl: ", &format!("line {lines}, the last, was changed")]);

    let kept: String = whole.lines().take(lines - 3).map(|line| format!("{line}\n")).collect();
    std::fs::write(&journal, kept).unwrap();
    says(&call(&["verify", &out]), 1, &["CHANGED", &format!("lines are missing behind line {}", lines - 3)]);

    std::fs::write(&journal, &whole).unwrap();
    let suite = std::fs::read_to_string(&input).unwrap();
    std::fs::write(&input, format!("{suite}\n")).unwrap();
    says(&call(&["verify", &out]), 1, &["CHANGED", &format!("inputs/{QUICK}: this input was changed")]);
    std::fs::remove_file(&input).unwrap();
    says(&call(&["verify", &out]), 1, &["CHANGED", &format!("inputs/{QUICK}: this input, named in line 2")]);

    std::fs::write(&input, suite).unwrap();
    std::fs::remove_file(dir.join("summary.json")).unwrap();
    says(&call(&["verify", &out]), 0, &["unchanged: ", &format!("whether line {lines}, the last, is as it was written")]);
}

#[test]
fn decode_calls_a_file_that_is_no_capture_what_it_is() {
    let temp = tempfile::tempdir().unwrap();
    let out = ran(temp.path());
    let at = |name: &str| format!("{out}/{name}");
    let trace = std::fs::read_dir(at("traces")).unwrap().next().unwrap().unwrap().path();
    for (path, what) in [
        (at("report.html"), "an HTML page"),
        (at(&format!("inputs/{DUT}")), "a TOML file"),
        (at("journal.jsonl"), "the journal of a run"),
        (at("success-by-hold.svg"), "a drawing"),
        (at("success-by-hold.png"), "a picture"),
        (trace.to_str().unwrap().to_owned(), "a trace of a run"),
    ] {
        says(&call(&["decode", &path]), 2, &[&path, what, "and no capture of a console", "= help: name a file"]);
    }
}

#[test]
fn the_steps_of_a_plan_are_words_for_people_and_json_on_demand() {
    let temp = tempfile::tempdir().unwrap();
    Files::brisk().write(temp.path());
    let suite = temp.path().join(QUICK);
    let words = call(&["plan", suite.to_str().unwrap(), "--steps"]);
    says(&words, 0, &["switch the supply on; given up after ", "hold it for ", "let the button go"]);
    assert!(!words.out.contains('{') && !words.out.contains("\"step\""), "{}", words.out);
    let json = call(&["plan", suite.to_str().unwrap(), "--steps", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(value[0]["procedure"]["setup"][0]["step"].is_string() && value[0]["position"] == "p1", "{}", json.out);
    says(&call(&["plan", suite.to_str().unwrap(), "--json"]), 2, &["--steps"]);
}
