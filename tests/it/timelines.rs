//! Timelines of a real run: with its traces, without them, and made anew.

use super::support::program::call;
use std::fs;
use std::path::{Path, PathBuf};

fn drawings(dir: &Path) -> Vec<(PathBuf, String)> {
    let files = fs::read_dir(dir.join("timelines")).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn failures_are_drawn_with_their_traces_and_without_them_when_those_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let out = dir.to_str().unwrap();
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/suites/quick.toml");
    let state = folder.path().join("state");
    let run = ["run", suite.to_str().unwrap(), "--out", out, "--set", "suite.traces=\"all\"", "--progress", "quiet"];
    let done = call(&[&run[..], &["--state", state.to_str().unwrap()]].concat());
    assert!(matches!(done.code, Some(0 | 1 | 4)), "{}", done.err);
    let drawn = drawings(&dir);
    assert!(!drawn.is_empty());
    for (path, svg) in &drawn {
        let lanes = ["button", "brightness", "plug voltage (V)", "plug current (A)", "boot stages"];
        assert!(lanes.iter().all(|lane| svg.contains(lane)) && svg.len() < 25_000, "{}", path.display());
    }

    // A changed trace is no evidence, and a drawing of another report does not stay.
    let traces = fs::read_dir(dir.join("traces")).unwrap().map(|entry| entry.unwrap().path());
    traces.for_each(|path| fs::write(path, "changed").unwrap());
    fs::write(dir.join("timelines/slot-999-attempt-1.svg"), "old").unwrap();
    let done = call(&["report", out]);
    assert!(matches!(done.code, Some(0 | 1 | 4)), "{}", done.err);
    let again = drawings(&dir);
    assert_eq!(again.len(), drawn.len());
    assert!(again.iter().all(|(_, svg)| svg.contains("button") && !svg.contains("brightness")));
}
