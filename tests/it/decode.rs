//! `pinhole decode`: captures of real cameras, which are not part of this repository, and our own.

use super::captures::captures;
use super::support::files::{DUT, fixtures};
use super::support::program::call;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is found with the built-in markers, or with those of the fixtures' camera.
fn decode(path: &Path, dut: bool) -> Value {
    let profile = fixtures().join(DUT);
    let mut args = vec!["decode", path.to_str().unwrap(), "--json"];
    if dut {
        args.extend(["--dut", profile.to_str().unwrap()]);
    }
    let done = call(&args);
    assert_eq!(done.code, Some(0), "{}", done.err);
    serde_json::from_str(&done.out).unwrap()
}

/// How the end is known by a person who read the capture: with the built-in markers, and with the fixtures' camera, whose own program none of
/// these cameras runs.
fn truth(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name.get(..2)? {
        "01" => ("not_factory", "middle"),
        "03" | "12" => ("middle", "middle"),
        "05" | "14" => ("bootloader_prompt", "bootloader_prompt"),
        "07" => ("ready", "middle"),
        "08" | "10" => ("factory", "middle"),
        "15" => ("ready", "ready"),
        _ => return None,
    })
}

#[test]
fn real_captures_show_one_boot_each_and_end_as_they_ended() {
    for path in captures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((built_in, dut)) = truth(&name) else { continue };
        for (of_dut, end) in [(false, built_in), (true, dut)] {
            let found = decode(&path, of_dut);
            assert_eq!(found["boots"], 1, "{name}");
            assert_eq!(found["end"]["state"], end, "{name}, profile {}", found["profile"]);
        }
    }
}

#[test]
fn our_captures_are_read_by_both_sets_of_markers() {
    let reset = fixtures().join("captures/reset.log");
    for dut in [false, true] {
        let found = decode(&reset, dut);
        assert_eq!((&found["boots"], &found["end"]["state"]), (&2.into(), &"factory".into()), "{found:#}");
        assert_eq!(found["each"][0]["end"]["state"], "restarting");
        assert_eq!(found["each"][1]["line"], 22, "{found:#}");
    }
    let stopped = decode(&fixtures().join("captures/stopped-cr-only.log"), false);
    assert_eq!((&stopped["boots"], &stopped["end"]["state"]), (&1.into(), &"bootloader_prompt".into()));
    assert_eq!((&stopped["lines"], &stopped["end"]["after"]), (&7.into(), &"kernel image unusable".into()));
}

#[test]
fn a_capture_may_come_through_a_pipe() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pinhole"))
        .args(["decode", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(fixtures().join("captures/reset.log")).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.contains("boots: 2\n") && text.ends_with("end: factory state (factory state)\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_read_is_refused() {
    let missing = call(&["decode", "/no/such/capture.log"]);
    assert!(missing.code == Some(2) && missing.err.contains("capture.log"), "{}", missing.err);
    let reset = fixtures().join("captures/reset.log");
    let suite = fixtures().join("suites/quick.toml");
    let wrong = call(&["decode", reset.to_str().unwrap(), "--dut", suite.to_str().unwrap()]);
    assert!(wrong.code == Some(2) && wrong.err.contains("quick.toml"), "{}", wrong.err);
}
