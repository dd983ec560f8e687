//! The other end of a line, for tests: a pseudo-terminal under a stable name, and a script on a thread.

use rustix::fd::OwnedFd;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// The instrument's side of a pseudo-terminal whose other side stands under a stable name. Dropping it unplugs the device.
pub(in crate::drivers) struct Plugged {
    pub device: File,
    pub path: PathBuf,
    /// Somebody always has the other side open: else the device would read an error until it is opened.
    _open: File,
}

impl Plugged {
    /// Plugs a device in under a name.
    pub fn new(path: &Path) -> Self {
        let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let slave = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        // Whoever opens it makes it raw; until then it would echo.
        let own = File::options().read(true).write(true).open(&slave).unwrap();
        let mut mode = rustix::termios::tcgetattr(&own).unwrap();
        mode.make_raw();
        rustix::termios::tcsetattr(&own, rustix::termios::OptionalActions::Now, &mode).unwrap();
        symlink(slave, path).unwrap();
        Self { device: File::from(master), path: path.to_owned(), _open: own }
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Something one can read commands from and write answers to.
pub(in crate::drivers) trait Stream: Read + Write + Send + 'static {}
impl<T: Read + Write + Send + 'static> Stream for T {}

/// Plays an instrument of lines over TCP, connection after connection, until the other side is gone for `connections` times: `answer`
/// gets each line and gives the bytes that come back.
pub(in crate::drivers) fn over_tcp(
    connections: usize,
    mut answer: impl FnMut(&str) -> Vec<Vec<u8>> + Send + 'static,
) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let thread = std::thread::spawn(move || {
        let mut seen = Vec::new();
        for _ in 0..connections {
            let (stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            seen.extend(lines(stream, &mut answer));
        }
        seen
    });
    (address, thread)
}

/// Answers lines until the other side is gone; gives the lines.
pub(in crate::drivers) fn lines(mut stream: impl Stream, answer: &mut impl FnMut(&str) -> Vec<Vec<u8>>) -> Vec<String> {
    let mut seen = Vec::new();
    let mut line = Vec::new();
    let mut byte = [0];
    while let Ok(1) = stream.read(&mut byte) {
        if byte[0] != b'\n' && byte[0] != b'\r' {
            line.push(byte[0]);
            continue;
        }
        let text = String::from_utf8(std::mem::take(&mut line)).unwrap();
        for part in answer(&text) {
            if stream.write_all(&part).is_err() {
                return seen;
            }
        }
        seen.push(text);
    }
    seen
}
