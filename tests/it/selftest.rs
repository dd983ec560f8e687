//! `pinhole check` and `pinhole calibrate`: on the twin in virtual time, and on a bench whose devices are not there.

use super::support::files::{DUT, Files, RIG};
use super::support::program::{Done, call, file};
use super::support::stateful::Stateful;
use pinhole::domain::event::{Event, RunStarted};
use pinhole::journal::{DiskStorage, Reader, Wanted};
use std::path::{Path, PathBuf};

const BULLET: &str = "rigs/twin-bullet.toml";

impl Stateful {
    /// Calls the program; its run goes to `out`.
    fn verb(&self, verb: &str, file: &str, out: &str, more: &[&str]) -> Done {
        let (file, out) = (self.fixture(file), self.path(out));
        self.call(&[&[verb, &file, "--out", out.to_str().unwrap()], more].concat())
    }

    fn record(&self) -> PathBuf {
        self.path("state/calibration-twin-bench-p1.toml")
    }
}

/// The lines of a check that begin with such a word.
fn lines<'d>(done: &'d Done, word: &str) -> Vec<&'d str> {
    done.out.lines().map(str::trim_start).filter(|line| line.starts_with(word)).collect()
}

fn started(dir: &Path) -> RunStarted {
    let mut found = None;
    Reader::new(DiskStorage, dir, Wanted::ALL)
        .for_each(|_, _, event| {
            if let Event::RunStarted(started) = event {
                found = Some((**started).clone());
            }
        })
        .unwrap();
    found.unwrap()
}

#[test]
fn a_rig_without_a_camera_is_checked_without_power() {
    let bench = Stateful::new(&Files::new());
    let done = bench.verb("check", RIG, "out", &[]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    for what in ["coil, latest edge", "coil, jitter", "light, dark"] {
        assert!(lines(&done, "ok").iter().any(|line| line.contains(what)), "{}", done.out);
    }
    assert!(lines(&done, "not checked").iter().any(|line| line.contains("--dut FILE")), "{}", done.out);
    let journal = file(&bench.path("out"), "journal.jsonl");
    assert!(!journal.contains("power_on"), "nothing is powered");
    let json: serde_json::Value = serde_json::from_str(&file(&bench.path("out"), "check.json")).unwrap();
    assert_eq!(json[0]["state"], "good", "{json}");
    let verified = call(&["verify".as_ref(), bench.path("out").as_os_str()]);
    assert_eq!(verified.code, Some(0), "{}", verified.err);
}

#[test]
fn a_camera_is_booted_with_each_adapter_and_every_voltage_is_read_back() {
    let bench = Stateful::new(&Files::brisk());
    let dut = bench.fixture(DUT);
    let done = bench.verb("check", RIG, "out", &["--dut", &dut]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let good = lines(&done, "ok");
    for what in ["light, lit", "set to 4.75 V, read back 4.7", "set to 5.50 V, read back 5.4", "camera", "console"] {
        assert!(good.iter().any(|line| line.contains(what)), "{what}: {}", done.out);
    }
    assert_eq!(lines(&done, "note").iter().filter(|line| line.contains("to the camera")).count(), 3, "{}", done.out);
    let journal = file(&bench.path("out"), "journal.jsonl");
    assert!(journal.contains("\"checked\"") && !journal.contains("\"step\":\"provision\""), "the camera is taken as it is");
}

#[test]
fn what_is_out_of_tolerance_is_said_and_is_exit_code_1() {
    let mut files = Files::brisk();
    files.set(RIG, "positions.0.calibration.light_lit", 0.9).set(RIG, "positions.0.calibration.light_dark", 0.0);
    let bench = Stateful::new(&files);
    let dut = bench.fixture(DUT);
    let done = bench.verb("check", RIG, "out", &["--dut", &dut, "--adapter", "oem-5v1a"]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(lines(&done, "OUT").iter().any(|line| line.contains("light, lit")), "{}", done.out);
}

#[test]
fn a_calibration_is_near_the_truth_is_recorded_by_runs_and_refused_when_it_is_overdue() {
    let bench = Stateful::new(&Files::new());
    let dut = bench.fixture("duts/bullet-12v.toml");
    let done = bench.verb("calibrate", BULLET, "calibrated", &["--dut", &dut, "--adapter", "bench-psu-12v"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let text = std::fs::read_to_string(bench.record()).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let value = |path: &[&str]| path.iter().fold(&table["calibration"], |value, key| &value[*key]).as_float().unwrap();
    // The world's own strokes: 18 ms and 25 ms, each press another.
    for (key, u, truth) in [("pull_in_s", "pull_in_u_s", 0.018), ("drop_out_s", "drop_out_u_s", 0.025)] {
        let (found, u) = (value(&[key]), value(&["found", u]));
        assert!((found - truth).abs() <= 2.0 * u && u > 0.001 && u < 0.01, "{key}: {found} beside {truth}, uncertainty {u}");
    }
    assert!(value(&["found", "supply_offset_v"]).abs() < 0.1, "{text}");

    let quick =
        ["--rig", &bench.fixture(BULLET), "--set", "design.replicates=1", "--set", "factors.hold_s=[3]", "--progress", "quiet"];
    let quick: Vec<&str> = quick.into_iter().chain(["--set", "factors.adapter=[oem-12v1a]"]).collect();
    bench.verb("run", "suites/bullet.toml", "run", &quick);
    let calibration = started(&bench.path("run")).position.calibration;
    assert_eq!(calibration.pull_in_s.get(), value(&["pull_in_s"]));
    assert!(calibration.found.drop_out_u_s.is_some() && calibration.due.is_some());
    // What the run keeps of its files says the same: resuming needs no state folder.
    assert!(file(&bench.path("run"), "inputs/rigs/twin-bullet.toml").contains("drop_out_u_s"));

    let due = calibration.due.unwrap();
    std::fs::write(bench.record(), text.replace(&due, "2026-01-31")).unwrap();
    let refused = bench.verb("run", "suites/bullet.toml", "late", &quick);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("2026-01-31") && refused.err.contains("--overdue"), "{}", refused.err);
    assert!(!bench.path("late").exists());
    bench.verb("run", "suites/bullet.toml", "late", &[quick.as_slice(), &["--overdue"]].concat());
    assert!(started(&bench.path("late")).warnings.iter().any(|warning| warning.contains("held until 2026-01-31")));
}

#[test]
fn a_calibration_made_with_other_instruments_is_not_used() {
    let bench = Stateful::new(&Files::brisk());
    let dut = bench.fixture(DUT);
    let done = bench.verb("calibrate", RIG, "calibrated", &["--dut", &dut, "--adapter", "bench-psu"]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let mut text = std::fs::read_to_string(bench.record()).unwrap();
    let from = text.find("instruments = \"").unwrap() + "instruments = \"".len();
    text.replace_range(from..from + 4, "zzzz");
    std::fs::write(bench.record(), text).unwrap();
    bench.verb("run", "suites/quick.toml", "run", &["--set", "factors.hold_s=[3]", "--progress", "quiet"]);
    let started = started(&bench.path("run"));
    assert!(started.warnings.iter().any(|warning| warning.contains("other instruments")), "{:?}", started.warnings);
    assert!(started.position.calibration.due.is_none());
}

#[test]
fn every_device_that_is_not_there_is_named_in_a_line() {
    let mut files = Files::new();
    let temp = tempfile::tempdir().unwrap();
    let gone = temp.path().join("gone");
    files.replace("rigs/served.toml", "/tmp/pinhole-twin/lcus", gone.join("lcus").to_str().unwrap());
    files.replace("rigs/served.toml", "/tmp/pinhole-twin/numato", gone.join("numato").to_str().unwrap());
    files.replace("rigs/served.toml", "/tmp/pinhole-twin/console", gone.join("console").to_str().unwrap());
    // A port that nobody listens at: one that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    files.replace("rigs/served.toml", "127.0.0.1:15025", &port.to_string());
    let bench = Stateful::new(&files);
    let done = bench.verb("check", "rigs/served.toml", "out", &[]);
    assert_eq!(done.code, Some(3), "{}{}", done.out, done.err);
    let failed = lines(&done, "FAILED");
    for device in ["lcus", "numato", "console", &port.to_string()] {
        assert!(failed.iter().any(|line| line.contains(device)), "{device}: {}", done.out);
    }
    assert!(!bench.path("out").exists(), "nothing is left of a run that did not begin");
}
