//! Finding the guard of a position, or starting it.

use crate::guard::server::Place;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

/// How a guard was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It was there: its last engine is gone, and something is still on.
    Found,
    /// It was started.
    Now,
}

/// Connects to the guard of `place`, and starts one by `command` where there is none. The command must write a byte to standard output when it
/// listens, and belong to no terminal.
///
/// # Errors
/// There is none and none can be started; what it said on standard error stands there already.
pub fn connect(place: &Place, mut command: Command) -> io::Result<(UnixStream, Started)> {
    if let Ok(stream) = UnixStream::connect(&place.socket) {
        return Ok((stream, Started::Found));
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let ready = child.stdout.take().is_some_and(|mut out| out.read_exact(&mut [0]).is_ok());
    // It outlives this process; where it ended, another may have been quicker.
    match UnixStream::connect(&place.socket) {
        Ok(stream) => Ok((stream, Started::Now)),
        Err(error) if ready => Err(error),
        Err(_) => Err(io::Error::other("the guard did not start")),
    }
}
