//! A suite on the played bench: `pinhole twin` behind real ports in one process, `pinhole run` with real drivers in another, and the same suite
//! on the twin in virtual time beside it. Holds that lie clear of the threshold must get the same verdicts.
//!
//! `scripts/played` does the same with holds as near as 5 % on either side.

use super::support::files::{DUT, Files, WORLD};
use super::support::program::{Done, call};
use pinhole::domain::event::Event;
use pinhole::domain::verdict::Outcome;
use pinhole::journal::{DiskStorage, Reader, Wanted};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const SERVED: &str = "rigs/served.toml";
/// The threshold of the camera's button.
const THRESHOLD_S: f64 = 3.0;

/// The played bench; it does not outlive its test.
struct Twin(Child);

impl Drop for Twin {
    fn drop(&mut self) {
        // It may have ended by itself. The signal lets it take its names away.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

/// What guard and sensors say when the computer stood still for longer than the lease of a beat, or had no time to play the bench: a failure of its own,
/// since then nothing was shown.
const STOOD_STILL: [&str; 2] = ["no beat came from the engine", "no sample came for"];

/// Shares of the threshold that are held: clear of it by so much on either side, since a computer that is busy plays coarsely.
fn shares() -> Vec<f64> {
    let given = std::env::var("PINHOLE_SHARES").ok();
    given.map_or(vec![0.6, 1.5], |text| text.split(',').map(|share| share.parse().expect("a number")).collect())
}

struct Bench {
    temp: tempfile::TempDir,
    ports: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let ports = temp.path().join("ports");
        Self { temp, ports }
    }

    /// Writes the fixtures: short waits, and the rig's instruments where the addresses say.
    fn write(&self, folder: &str, supply: &str, probe: &str) -> PathBuf {
        let threshold_s = std::env::var("PINHOLE_THRESHOLD").map_or(THRESHOLD_S, |text| text.parse().expect("a number"));
        let mut files = Files::brisk();
        // A camera that does the same every time: what is compared is the bench.
        files.set(WORLD, "camera.button.windows.0.threshold_s", threshold_s).set(WORLD, "camera.button.windows.0.spread", 0.0);
        files.set(WORLD, "camera.button.lapse", 0.0).set(WORLD, "camera.button.acknowledged_only", 0.0);
        files.set(WORLD, "camera.flash.survive.motion", 0.0);
        for name in ["lcus", "numato", "console"] {
            let path = self.ports.join(name);
            files.replace(SERVED, &format!("/tmp/pinhole-twin/{name}"), path.to_str().unwrap());
        }
        files.replace(SERVED, "127.0.0.1:15025", supply).replace(SERVED, "127.0.0.1:37810", probe);
        files.set(DUT, "supply.drain_s", 3.0).set(DUT, "watch.settle_s", 10.0);
        let holds: Vec<String> = shares().iter().map(|share| format!("{:.3}", share * threshold_s)).collect();
        files.put(
            "suites/played.toml",
            format!(
                "schema = 1\nname = \"played\"\ndut = \"../duts/amcrest-indoor.toml\"\nrig = \"../rigs/twin.toml\"\n\n[factors]\n\
                 adapter = [\"bench-psu\"]\nhold_s = [{}]\n\n[design]\nkind = \"grid\"\nreplicates = 1\norder = \"sequential\"\nseed = 3\n\
                 attempts = 5\nhold_tolerance = 0.05\n",
                holds.join(", ")
            ),
        );
        let path = self.temp.path().join(folder);
        files.write(&path);
        path
    }

    /// Starts the played bench; where its supply and its camera's network are.
    fn play(&self) -> (Twin, String, String) {
        let rig = self.write("played", "127.0.0.1:0", "127.0.0.1:0").join(SERVED);
        let mut command = Command::new(env!("CARGO_BIN_EXE_pinhole"));
        command.arg("twin").arg(rig).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut twin = Twin(command.spawn().unwrap());
        let lines = BufReader::new(twin.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        let shown: Vec<String> = lines.take_while(|line| !line.contains("Ctrl-C")).collect();
        let address = |what: &str| {
            let line = shown.iter().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}: {shown:?}"));
            line.rsplit(' ').next().unwrap().to_owned()
        };
        let (supply, probe) = (address("SCPI on tcp"), address("udp"));
        (twin, supply, probe)
    }

    fn run(&self, fixtures: &Path, rig: &str, out: &str) -> Done {
        let (state, dir) = (self.temp.path().join("state"), self.temp.path().join(out));
        std::fs::create_dir_all(&state).unwrap();
        // A coil that has rested; without a record it would count as hot, and the first press would come late.
        let rested = r#"{"carried":{"coil_rise_k":0.0,"coil_wait_s":0.0,"supply_wait_s":0.0,"rested_s":0.0,"taken":null},"writes_for_s":0.0}"#;
        std::fs::write(state.join("guard-served-bench-p1.json"), rested).unwrap();
        let (suite, rig) = (fixtures.join("suites/played.toml"), fixtures.join(rig));
        let words = [
            "--state".as_ref(),
            state.as_os_str(),
            "run".as_ref(),
            suite.as_os_str(),
            "--rig".as_ref(),
            rig.as_os_str(),
            "--out".as_ref(),
            dir.as_os_str(),
        ];
        call(&[words.as_slice(), &["--dut-serial".as_ref(), "AMC0000001A5".as_ref()]].concat())
    }

    /// The verdict of each hold, with what was lost on the way.
    fn verdicts(&self, out: &str) -> (BTreeMap<String, String>, Vec<String>) {
        let (mut verdicts, mut faults, mut hold) = (BTreeMap::new(), Vec::new(), String::new());
        Reader::new(DiskStorage, &self.temp.path().join(out), Wanted::ALL)
            .for_each(|_, _, event| match event {
                Event::TrialStarted(started) => {
                    hold = started.slot.condition.stimulus.hold().map_or_else(String::new, |hold| hold.to_string());
                }
                Event::Diagnosed(diagnosis) => {
                    verdicts.insert(hold.clone(), format!("{} {}", diagnosis.verdict.name(), diagnosis.level.name()));
                }
                Event::Faulted(fault) => faults.push(fault.to_string()),
                Event::TrialFinished(end) if matches!(end.outcome, Outcome::Faulted(_)) => {
                    verdicts.remove(&hold);
                }
                _ => {}
            })
            .unwrap();
        (verdicts, faults)
    }
}

/// Whether the computer stood still by what was said.
fn stood_still(said: &str) -> bool {
    STOOD_STILL.iter().any(|words| said.contains(words))
}

#[test]
fn verdicts_on_real_ports_are_those_of_virtual_time() {
    let bench = Bench::new();
    let (twin, supply, probe) = bench.play();
    let fixtures = bench.write("real", &supply, &probe);
    let virtual_time = bench.run(&fixtures, "rigs/twin.toml", "virtual");
    let real = bench.run(&fixtures, SERVED, "real-ports");
    drop(twin);
    let ((wanted, _), (found, faults)) = (bench.verdicts("virtual"), bench.verdicts("real-ports"));
    let told = format!("{}{}\n{}{}\n{faults:?}", virtual_time.out, virtual_time.err, real.out, real.err);
    // What was decided must be right, also where the computer stood still meanwhile.
    for (hold, verdict) in found.iter().filter(|(_, verdict)| !verdict.starts_with("inconclusive")) {
        assert_eq!(Some(verdict), wanted.get(hold), "{told}");
    }
    assert!(found == wanted || !stood_still(&told), "the computer stood still: it must be at rest for this\n{told}");
    assert_eq!(wanted.len(), shares().len(), "{told}");
    assert_eq!(found, wanted, "{told}");
    // Both sides of the threshold were looked at, or the comparison says little.
    assert!(wanted.values().any(|verdict| verdict == "factory_reset proved"), "{told}");
    assert!(wanted.values().any(|verdict| verdict == "no_response proved"), "{told}");
    println!("verdicts {found:?}; lost on the way: {faults:?}");
}

#[test]
fn the_played_bench_passes_its_own_check() {
    let bench = Bench::new();
    let (twin, supply, probe) = bench.play();
    let fixtures = bench.write("real", &supply, &probe);
    let (state, dir) = (bench.temp.path().join("state"), bench.temp.path().join("check"));
    let (rig, dut) = (fixtures.join(SERVED), fixtures.join(DUT));
    let words = ["--state".as_ref(), state.as_os_str(), "check".as_ref(), rig.as_os_str(), "--out".as_ref(), dir.as_os_str()];
    let done = call(&[words.as_slice(), &["--dut".as_ref(), dut.as_os_str()]].concat());
    drop(twin);
    assert!(!stood_still(&done.out), "the computer stood still: it must be at rest for this\n{}", done.out);
    // How late presses are on a busy computer is no matter of this test: everything but the coil's figures must be in order.
    let bad = |line: &&str| line.trim_start().starts_with("OUT") || line.trim_start().starts_with("FAILED");
    let bad: Vec<&str> = done.out.lines().filter(bad).filter(|line| !line.contains("coil")).collect();
    assert!(bad.is_empty() && done.out.contains("camera"), "{}{}", done.out, done.err);
    for what in ["set to 5.50 V, read back 5.", "is off", "console", "probe", "light, lit"] {
        assert!(done.out.contains(what), "{what}: {}{}", done.out, done.err);
    }
}
