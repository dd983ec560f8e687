//! The real program at a terminal of its own.

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any wait of these tests on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A call of the program whose standard output is a terminal.
pub(in crate::it) struct Session {
    child: Ended,
    master: File,
    slave: OwnedFd,
    shown: Receiver<Vec<u8>>,
    /// Everything that the terminal was sent so far.
    pub(in crate::it) text: String,
    seen: usize,
    /// The terminal's mode before the program began.
    pub(in crate::it) before: Termios,
}

/// A program that does not outlive a test that failed.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What of the program is at the terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::it) enum At {
    /// All three streams.
    All,
    /// Standard output alone; the others are none.
    Output,
}

impl Session {
    /// Starts the program at a terminal of so many columns.
    pub(in crate::it) fn start<A: AsRef<OsStr>>(args: &[A], columns: u16, term: &str, at: At) -> Self {
        // A program that inherited the other side of its own terminal could never lose it.
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let slave = ioctl_tiocgptpeer(&master, OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        let before = tcgetattr(&slave).unwrap();
        let end = || Stdio::from(slave.try_clone().unwrap());
        let other = |all: Stdio| if at == At::All { all } else { Stdio::null() };
        let child = Command::new(env!("CARGO_BIN_EXE_pinhole"))
            .args(args)
            .env("TERM", term)
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .env_remove("PINHOLE_STATE")
            .stdin(other(end()))
            .stdout(end())
            .stderr(other(end()))
            .spawn()
            .unwrap();
        let master = File::from(master);
        let mut reader = master.try_clone().unwrap();
        let (sender, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails when the last program has left the terminal.
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child: Ended(child), master, slave, shown, text: String::new(), seen: 0, before }
    }

    /// Waits until `wanted` was shown behind what was waited for before.
    pub(in crate::it) fn until(&mut self, wanted: &str) {
        loop {
            if let Some(at) = self.text[self.seen..].find(wanted) {
                self.seen += at + wanted.len();
                return;
            }
            let bytes = self.shown.recv_timeout(PATIENCE);
            let bytes = bytes.unwrap_or_else(|_| panic!("`{wanted}` was not shown, but:\n{}", &self.text[self.seen..]));
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Presses a key.
    pub(in crate::it) fn press(&mut self, key: u8) {
        self.master.write_all(&[key]).unwrap();
    }

    /// Sends a signal.
    pub(in crate::it) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child.0), signal).unwrap();
    }

    /// The terminal's mode now.
    pub(in crate::it) fn mode(&self) -> Termios {
        tcgetattr(&self.slave).unwrap()
    }

    /// Waits for the end; gives the exit code, the mode that the program left behind, and everything that was shown.
    pub(in crate::it) fn finish(mut self) -> (Option<i32>, Termios, String) {
        let code = self.child.0.wait().unwrap().code();
        let mode = self.mode();
        drop(self.slave);
        while let Ok(bytes) = self.shown.recv_timeout(PATIENCE) {
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
        (code, mode, self.text)
    }
}
