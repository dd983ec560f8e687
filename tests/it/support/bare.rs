//! A bench without hardware: outputs go into a pipe that the test reads, and the console is a terminal that says nothing.

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Longer than any wait of these tests on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The files, the camera's end of the console, and what the outputs did.
pub(crate) struct Bare {
    temp: tempfile::TempDir,
    _console: OwnedFd,
    edges: Receiver<Edge>,
}

/// An output was told something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    /// When, in microseconds of the monotonic clock.
    pub(crate) at_us: u64,
    /// Which output.
    pub(crate) output: String,
    /// On or off; a voltage or an adapter is neither.
    pub(crate) on: Option<bool>,
}

impl Edge {
    /// Whether it is this one.
    pub(crate) fn is(&self, output: &str, on: bool) -> bool {
        self.output == output && self.on == Some(on)
    }
}

/// Now, on the monotonic clock.
pub(crate) fn now_us() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000 + now.tv_nsec as u64 / 1000
}

impl Bare {
    /// A bench whose first press comes with the supply off, or on, and lasts 20 s. Its write window is 1.5 s.
    pub(crate) fn new(powered: bool) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let at = |name: &str| temp.path().join(name);
        mknodat(CWD, at("outputs"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let (send, edges) = channel();
        // Both directions: it has an end neither when nobody writes yet nor when nobody writes any more.
        let pipe = OpenOptions::new().read(true).write(true).open(at("outputs")).unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let value: Value = serde_json::from_str(&line).unwrap();
                let output = value["output"].as_str().unwrap().to_owned();
                let edge = Edge { at_us: value["at_us"].as_u64().unwrap(), output, on: value["on"].as_bool() };
                if send.send(edge).is_err() {
                    return;
                }
            }
        });
        let console = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&console).unwrap();
        unlockpt(&console).unwrap();
        let name = ptsname(&console, Vec::new()).unwrap();
        write(&temp, name.to_str().unwrap(), powered);
        Self { temp, _console: console, edges }
    }

    /// Where the run goes.
    pub(crate) fn run(&self) -> PathBuf {
        self.temp.path().join("run")
    }

    /// Starts a run.
    pub(crate) fn start(&self, out: &Path) -> Child {
        let at = |name: &str| self.temp.path().join(name);
        Command::new(env!("CARGO_BIN_EXE_pinhole"))
            .arg("--state")
            .arg(at("state"))
            .arg("run")
            .arg(at("suites/suite.toml"))
            .arg("--out")
            .arg(out)
            .args(["--dut-serial", "X1", "--progress", "quiet"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(at("stderr")).unwrap())
            .spawn()
            .unwrap()
    }

    /// Starts a run whose questions are answered through its standard input; what it says comes out of its standard output.
    #[allow(dead_code, reason = "the tests in real time use it")]
    pub(crate) fn start_asking(&self, out: &Path) -> Child {
        let at = |name: &str| self.temp.path().join(name);
        Command::new(env!("CARGO_BIN_EXE_pinhole"))
            .arg("--state")
            .arg(at("state"))
            .arg("run")
            .arg(at("suites/suite.toml"))
            .arg("--out")
            .arg(out)
            .args(["--dut-serial", "X1", "--progress", "plain"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(at("stderr")).unwrap())
            .spawn()
            .unwrap()
    }

    /// The guard of the bench as a program of its own.
    pub(crate) fn guard_command(&self) -> Command {
        let at = |name: &str| self.temp.path().join("state").join(format!("guard-bench-p1.{name}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_pinhole"));
        command.arg("guard").arg("--socket").arg(at("sock")).arg("--record").arg(at("json"));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Replaces a piece of text of a file, which must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.temp.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name} has no `{from}`");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Puts a file there.
    #[allow(dead_code, reason = "the tests in real time use it")]
    pub(crate) fn put(&self, name: &str, text: &str) {
        std::fs::write(self.temp.path().join(name), text).unwrap();
    }

    /// Makes a pipe, and tells where it is.
    pub(crate) fn pipe(&self, name: &str) -> PathBuf {
        let path = self.temp.path().join(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        path
    }

    /// What the run said on standard error.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.temp.path().join("stderr")).unwrap()
    }

    /// The guard's process.
    pub(crate) fn guard(&self) -> i32 {
        let text = std::fs::read_to_string(self.temp.path().join("state/guard-bench-p1.lock")).unwrap();
        text.trim().parse().unwrap()
    }

    /// The next edge.
    pub(crate) fn edge(&self) -> Edge {
        self.edges.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no output moved; the run said: {}", self.said()))
    }

    /// Waits for this one and gives it.
    pub(crate) fn until(&self, output: &str, on: bool) -> Edge {
        loop {
            let edge = self.edge();
            if edge.is(output, on) {
                return edge;
            }
        }
    }

    /// The edges of so long a time.
    pub(crate) fn during(&self, span: Duration) -> Vec<Edge> {
        let mut edges = Vec::new();
        let until = now_us() + span.as_micros() as u64;
        loop {
            let left = Duration::from_micros(until.saturating_sub(now_us()));
            match self.edges.recv_timeout(left) {
                Ok(edge) => edges.push(edge),
                Err(RecvTimeoutError::Timeout) => return edges,
                Err(RecvTimeoutError::Disconnected) => panic!("the pipe is gone"),
            }
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        if let Ok(text) = std::fs::read_to_string(self.temp.path().join("state/guard-bench-p1.lock"))
            && let Some(pid) = text.trim().parse().ok().and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended by itself.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}

fn write(temp: &tempfile::TempDir, console: &str, powered: bool) {
    let put = |name: &str, text: String| std::fs::write(temp.path().join(name), text).unwrap();
    let outputs = temp.path().join("outputs");
    let outputs = outputs.display();
    for folder in ["state", "suites", "adapters"] {
        std::fs::create_dir(temp.path().join(folder)).unwrap();
    }
    // A coil that has rested; without a record it would count as hot, and the first press would come late.
    let cold = r#"{"carried":{"coil_rise_k":0,"coil_wait_s":0,"supply_wait_s":0,"rested_s":0,"taken":null},"writes_for_s":0}"#;
    put("state/guard-bench-p1.json", cold.to_owned());
    put("adapters/oem.toml", "schema = 1\nname = \"oem\"\nkind = \"fixed\"\nrating = { v = 5.0, a = 2.0 }\n".to_owned());
    put(
        "rig.toml",
        format!(
            "schema = 1\nstation = \"bench\"\n\n[[positions]]\nname = \"p1\"\npresser = {{ driver = \"record\", file = \"{outputs}\" }}\n\
             supply = {{ driver = \"record\", file = \"{outputs}\" }}\nconsole = {{ driver = \"serial\", port = \"{console}\" }}\n\n\
             [positions.interlocks]\nsupply_min_off_s = 0.05\ncoil_min_off_s = 0.05\n"
        ),
    );
    put(
        "dut.toml",
        "schema = 1\nmodel = \"plain\"\nserial_pattern = '^X\\d+$'\nbutton = { place = \"below\", reach = \"pin\" }\n\
         supply = { nominal_v = 5.0, min_v = 4.75, max_v = 5.5, max_a = 1.0, drain_s = 0.05 }\n\
         ready = { min_wait_s = 0.2, timeout_s = 5 }\npress = { write_window_s = 1.5 }\nprovision = { via = \"none\" }\n\
         factory = { marker = true }\nwatch = { quiet_s = 1.0, recovery_s = 3.0 }\n\n[console]\n\n[[console.markers]]\n\
         name = \"factory state\"\nregex = 'first boot, no user'\nmeaning = \"factory\"\n"
            .to_owned(),
    );
    // In a block of the first seed the controls come first; of the second the press does.
    let seed = if powered { 2 } else { 1 };
    put(
        "suites/suite.toml",
        format!(
            "schema = 1\nname = \"press\"\ndut = \"../dut.toml\"\nrig = \"../rig.toml\"\n\n[factors]\nadapter = [\"oem\"]\nhold_s = [20.0]\n\n\
             [design]\nkind = \"grid\"\nreplicates = 1\nunpowered_per_adapter = 6\nseed = {seed}\n"
        ),
    );
}
