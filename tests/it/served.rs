//! `pinhole twin` as a program: it prints where the instruments are, answers there, and ends on a signal without leaving names behind.

use super::support::files::Files;
use super::support::program::call;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const SERVED: &str = "rigs/served.toml";

/// The program at work; it does not outlive its test.
struct Twin(Child);

impl Drop for Twin {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_rig_is_played_until_it_is_ended() {
    let temp = tempfile::tempdir().unwrap();
    let ports = temp.path().join("ports").to_str().unwrap().to_owned();
    let mut files = Files::new();
    for name in ["lcus", "numato", "console"] {
        files.replace(SERVED, &format!("/tmp/pinhole-twin/{name}"), &format!("{ports}/{name}"));
    }
    files.replace(SERVED, "127.0.0.1:15025", "127.0.0.1:0").replace(SERVED, "127.0.0.1:37810", "127.0.0.1:0");
    files.write(&temp.path().join("fixtures"));
    let rig = temp.path().join("fixtures").join(SERVED);
    for signal in [Signal::INT, Signal::TERM] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pinhole"));
        command.arg("twin").arg(&rig).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut twin = Twin(command.spawn().unwrap());
        let mut lines = BufReader::new(twin.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        let shown: Vec<String> = lines.by_ref().take_while(|line| !line.contains("Ctrl-C")).collect();
        for name in ["lcus", "numato", "console"] {
            let path = format!("{ports}/{name}");
            assert!(shown.iter().any(|line| line.ends_with(&path)) && std::fs::exists(&path).unwrap(), "{shown:?}");
        }
        let supply = shown.iter().find_map(|line| line.split_once("SCPI on tcp ")).expect("the supply is served").1;
        let mut supply = TcpStream::connect(supply).unwrap();
        supply.write_all(b"*IDN?\nSYST:ERR?\n").unwrap();
        let wanted = b"PINHOLE,TWIN,0,1.0\n0,\"No error\"\n";
        let mut answer = vec![0; wanted.len()];
        supply.read_exact(&mut answer).unwrap();
        assert_eq!(answer, wanted);
        kill_process(Pid::from_child(&twin.0), signal).unwrap();
        assert_eq!(twin.0.wait().unwrap().code(), Some(0));
        assert_eq!(std::fs::read_dir(&ports).unwrap().count(), 0, "the names went with it");
    }
}

#[test]
fn a_rig_that_cannot_be_played_is_refused_with_its_place() {
    let temp = tempfile::tempdir().unwrap();
    let mut files = Files::new();
    files.remove(SERVED, "positions.0.world");
    files.write(&temp.path().join("fixtures"));
    for (rig, cause) in [("rigs/twin.toml", "the driver `twin` is not served"), (SERVED, "has no world")] {
        let path = temp.path().join("fixtures").join(rig);
        let done = call(&["twin".as_ref(), path.as_os_str()]);
        assert_eq!(done.code, Some(2), "{}", done.err);
        assert!(done.err.contains(cause) && done.err.contains("toml:"), "{}", done.err);
    }
    let path = temp.path().join("fixtures").join(SERVED);
    let done = call(&["twin".as_ref(), path.as_os_str(), "--position".as_ref(), "p9".as_ref()]);
    assert!(done.code == Some(2) && done.err.contains("it has: p1"), "{}", done.err);
}
