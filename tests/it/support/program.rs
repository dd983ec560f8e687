//! The real program as a child process.

use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// What a call of the program came to.
pub(crate) struct Done {
    /// Its exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

/// A call of the program that is under way. It waits for the reader of its lines, and its standard output has room for few, so that it
/// cannot run far ahead.
pub(crate) struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Standard error, once it was looked at.
    err: Option<BufReader<ChildStderr>>,
}

/// The command with these arguments.
fn command<A: AsRef<OsStr>>(args: &[A]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pinhole"));
    command.args(args).stdin(Stdio::null()).env("NO_COLOR", "1").env_remove("PINHOLE_STATE");
    command
}

/// Calls the program and waits for its end.
pub(crate) fn call<A: AsRef<OsStr>>(args: &[A]) -> Done {
    let output = command(args).output().unwrap();
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Program {
    /// Starts the program; every event comes out as a line.
    pub(crate) fn start<A: AsRef<OsStr>>(args: &[A]) -> Self {
        let mut child = command(args)
            .args(["--progress", "json", "--lockstep"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = child.stdout.take().unwrap();
        // The smallest pipe there is: what was not read yet holds the program back.
        let _ = rustix::pipe::fcntl_setpipe_size(&out, 4096);
        Self { child, out: BufReader::with_capacity(256, out), err: None }
    }

    /// Reads the next event's line; `None` when the program has ended.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.out.read_line(&mut line).unwrap();
        (read > 0).then_some(line)
    }

    /// Reads lines until one holds `text`; false when the program ended before.
    pub(crate) fn until(&mut self, text: &str) -> bool {
        loop {
            match self.line() {
                Some(line) if line.contains(text) => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }

    /// Reads standard error until a line holds `text`; false when the program ended before.
    pub(crate) fn says(&mut self, text: &str) -> bool {
        let err = self.err.get_or_insert_with(|| BufReader::new(self.child.stderr.take().unwrap()));
        err.lines().map_while(Result::ok).any(|line| line.contains(text))
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Kills it without a word after `lines` lines; false when it ended by itself before.
    pub(crate) fn kill_after(mut self, lines: u64) -> bool {
        let running = (0..lines).all(|_| self.line().is_some());
        // It may have ended in this moment.
        let _ = self.child.kill();
        let status = self.child.wait().unwrap();
        running && status.code().is_none()
    }

    /// Reads the rest and waits for the end.
    pub(crate) fn finish(mut self) -> Done {
        let mut out = String::new();
        self.out.read_to_string(&mut out).unwrap();
        let mut err = String::new();
        match (&mut self.err, self.child.stderr.take()) {
            (Some(rest), _) => rest.read_to_string(&mut err).unwrap(),
            (None, Some(all)) => BufReader::new(all).read_to_string(&mut err).unwrap(),
            (None, None) => 0,
        };
        Done { code: self.child.wait().unwrap().code(), out, err }
    }
}

/// A file of a run's folder.
pub(crate) fn file(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap_or_else(|error| panic!("{}/{name}: {error}", dir.display()))
}
