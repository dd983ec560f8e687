//! `pinhole check` and `pinhole calibrate` with a golden unit and with a dummy, on the twin in virtual time.

use super::support::files::{DUT, Files, RIG, WORLD};
use super::support::program::{Done, file};
use super::support::stateful::Stateful;
use pinhole::domain::event::Event;
use pinhole::domain::verdict::Verdict;
use pinhole::journal::{DiskStorage, Reader, Wanted};

const SERIAL: &str = "AMC0000001A5";

impl Stateful {
    /// `verb` with a known unit on the good supply.
    fn known(&self, verb: &str, out: &str, unit: &[&str]) -> Done {
        let (rig, dut, out) = (self.path("fixtures").join(RIG), self.path("fixtures").join(DUT), self.path(out));
        let words = [verb, rig.to_str().unwrap(), "--dut", dut.to_str().unwrap(), "--out", out.to_str().unwrap()];
        self.call(&[words.as_slice(), &["--adapter", "bench-psu"], unit].concat())
    }

    fn run(&self, out: &str) -> Vec<String> {
        let (suite, out) = (self.path("fixtures/suites/quick.toml"), self.path(out));
        let words = ["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap(), "--set", "factors.hold_s=[3]"];
        self.call(&[words.as_slice(), &["--progress", "quiet"]].concat());
        let mut warnings = None;
        let look = |event: &Event| {
            if let Event::RunStarted(started) = event {
                assert!(!started.position.calibration.shown.is_nothing(), "the run records what the bench showed");
                warnings = Some(started.warnings.clone());
            }
        };
        let mut look = look;
        Reader::new(DiskStorage, &out, Wanted::ALL).for_each(|_, _, event| look(event)).unwrap();
        warnings.expect("the run began")
    }
}

const GOLDEN: [&str; 3] = ["--golden", "--dut-serial", SERIAL];
const DUMMY: [&str; 1] = ["--dummy"];

/// A camera whose button was never connected.
fn deaf() -> Files {
    let mut files = Files::brisk();
    files.set(WORLD, "camera.button.contact.dead", true);
    files
}

fn line<'d>(done: &'d Done, word: &str) -> &'d str {
    let found = done.out.lines().find(|line| line.contains(word));
    found.unwrap_or_else(|| panic!("no `{word}`: {}{}", done.out, done.err)).trim_start()
}

#[test]
fn a_golden_unit_is_seen_to_reset_and_its_resets_are_counted() {
    let bench = Stateful::new(&Files::brisk());
    let done = bench.known("check", "out", &GOLDEN);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let said = line(&done, "golden unit");
    assert!(said.starts_with("ok") && said.contains("3 presses of 45 s") && said.contains("3 factory_reset"), "{said}");
    assert!(said.contains("`proved`"), "{said}");
    assert!(line(&done, "shams").contains("1 no_response"), "{}", done.out);
    assert!(file(&bench.path("state/units"), &format!("{SERIAL}.json")).contains("\"resets\": 3"), "its life goes on");
    assert!(!bench.path("state/calibration-twin-bench-p1.toml").exists(), "a check keeps nothing");
}

#[test]
fn a_golden_unit_that_is_not_seen_to_reset_is_out_of_tolerance() {
    let bench = Stateful::new(&deaf());
    let done = bench.known("check", "out", &GOLDEN);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(line(&done, "golden unit").starts_with("OUT") && done.out.contains("3 no_response"), "{}", done.out);
}

#[test]
fn a_dummy_is_never_claimed_to_have_reset() {
    // One that boots and whose button does nothing; and a nest in which nothing lives.
    let mut empty = Files::brisk();
    empty.set(WORLD, "camera.starts_as", "bricked");
    for (files, verdict) in [(deaf(), Verdict::NoResponse), (empty, Verdict::NotReady)] {
        let bench = Stateful::new(&files);
        let done = bench.known("check", "out", &DUMMY);
        assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
        let said = line(&done, "dummy unit");
        assert!(said.starts_with("ok") && said.contains(&format!("3 {}", verdict.name())), "{said}");
        assert!(done.out.contains("presses without power"), "{}", done.out);
    }
}

#[test]
fn a_dummy_that_resets_is_none_and_the_bench_says_so() {
    let bench = Stateful::new(&Files::brisk());
    let done = bench.known("check", "out", &DUMMY);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(line(&done, "dummy unit").starts_with("OUT"), "{}", done.out);
}

#[test]
fn what_known_units_showed_is_kept_with_its_day_and_recorded_by_runs() {
    let bench = Stateful::new(&Files::brisk());
    let done = bench.known("calibrate", "golden", &GOLDEN);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("golden unit: kept in"), "{}", done.out);
    // The camera of the bench resets, so as a dummy it is out of tolerance; that is kept as well, and later runs say so.
    bench.known("calibrate", "dummy", &DUMMY);
    let record = bench.path("state/calibration-twin-bench-p1.toml");
    let text = std::fs::read_to_string(&record).unwrap();
    for what in ["[calibration.shown.golden]", "[calibration.shown.dummy]", SERIAL, "factory_reset = 3"] {
        assert!(text.contains(what), "{what}: {text}");
    }
    assert!(bench.run("run").iter().any(|warning| warning.contains("did not pass with a dummy unit")));

    // A real dummy takes its place; what was shown with the golden one stays, and a calibration of the rig leaves both alone.
    bench.change(&deaf());
    bench.known("calibrate", "deaf", &DUMMY);
    bench.change(&Files::brisk());
    let (rig, dut, out) = (bench.path("fixtures").join(RIG), bench.path("fixtures").join(DUT), bench.path("rig"));
    let words = ["calibrate", rig.to_str().unwrap(), "--dut", dut.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let done = bench.call(&[words.as_slice(), &["--adapter", "bench-psu"]].concat());
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert_eq!(bench.run("later").iter().filter(|warning| warning.contains("unit")).count(), 0);

    let due = std::fs::read_to_string(&record).unwrap().replace("\ndue = ", "\nwas = ");
    let table: toml::Table = due.parse().unwrap();
    let golden = &table["calibration"]["shown"]["golden"];
    let old = std::fs::read_to_string(&record).unwrap().replace(golden["was"].as_str().unwrap(), "2026-01-31");
    std::fs::write(&record, old).unwrap();
    // The calibration's own last day is the same one here: the run has to be told to go on, and says both.
    let (suite, out) = (bench.path("fixtures/suites/quick.toml"), bench.path("late"));
    let words = ["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap(), "--overdue", "--progress", "quiet"];
    let done = bench.call(&[words.as_slice(), &["--set", "factors.hold_s=[3]"]].concat());
    assert!(done.err.contains("was last tried with a golden unit on"), "{}", done.err);
}

#[test]
fn a_known_unit_needs_its_profile_its_label_and_one_power_source() {
    let bench = Stateful::new(&Files::brisk());
    let refused = |unit: &[&str], why: &str| {
        let done = bench.known("check", "out", unit);
        assert_eq!(done.code, Some(2), "{}{}", done.out, done.err);
        assert!(done.err.contains(why), "{why}: {}", done.err);
        assert!(!bench.path("out").exists());
    };
    refused(&["--golden"], "--dut-serial");
    refused(&["--golden", "--dummy", "--dut-serial", SERIAL], "cannot be used with");
    refused(&["--golden", "--dut-serial", "nonsense"], "does not look like a serial number");
    refused(&["--dummy", "--adapter", "oem-5v1a"], "on one power source");
}
