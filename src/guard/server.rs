//! The guard's process: it alone opens the devices with an output, runs the machine of the rules before them, and outlives the engine as long as
//! something is on.
//!
//! One thread runs the machine and waits for whatever comes first: a word from the engine, an edge of the coil, an instrument's answer, a signal,
//! or the machine's own deadline. It never waits for a device: the coil has a real-time thread, instruments have a worker.

mod active;
mod arming;
mod bell;
mod clock;
mod coil;
mod keep;
mod keeper;
mod obeys;
mod realtime;
mod session;
mod state;
mod stop;
mod worker;

pub use clock::Monotonic;
pub use realtime::{BEAT, real_time, stay_on, two_processors};

use super::rules::Rules;
use crate::domain::rig::Position;
use crate::domain::units::Seconds;
use crate::domain::verdict::Fault;
use crate::ports::device::{PowerOutput, Route, Switch};
use bell::Bell;
use state::Server;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::Duration;

/// Everything with an output at one position, opened and switched off.
pub struct Outputs {
    /// The coil: full power where there is no holding line, else the pull-in power.
    pub coil: Box<dyn Switch>,
    /// The line that holds the coil with less power.
    pub hold: Option<Box<dyn Switch>>,
    /// The supply.
    pub supply: Box<dyn PowerOutput>,
    /// The relays of the selector.
    pub route: Option<Box<dyn Route>>,
    /// The emergency stop.
    pub e_stop: Option<Box<dyn EStop>>,
}

/// An emergency stop that is waited for on a thread of its own.
pub trait EStop: Send {
    /// Waits for the next change, for so long at most, and tells whether it is pressed now. The first call tells at once how it stands.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be read: that counts as pressed.
    fn next(&mut self, patience: Duration) -> Result<Option<bool>, Fault>;
}

/// Opens the devices of a position. It must leave the coil off, and the supply as it is: a camera may be writing.
pub type Opener = fn(&Position) -> Result<Outputs, Vec<Fault>>;

/// Where a guard listens and what it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its socket.
    pub socket: PathBuf,
    /// What outlives it: heat and minimum off times.
    pub record: PathBuf,
}

/// How long a guard waits for an engine before it ends; after it, only while something is on.
const PATIENCE: Seconds = Seconds::from_millis(10_000);

/// Whoever runs the guard's process.
pub trait Host {
    /// It listens.
    fn ready(&mut self);

    /// It lives: called after each turn of the loop, ten seconds apart at most.
    fn alive(&mut self);

    /// Whether it stays when nothing is on and nobody wants it, until it is told to end.
    fn stays(&self) -> bool;
}

/// Runs the guard until no engine wants it any more and all outputs are off.
///
/// # Errors
/// It cannot listen, or not hear of signals: nothing was opened then.
pub fn serve(place: Place, opener: Opener, host: &mut dyn Host) -> io::Result<()> {
    let (listener, _lock) = listen(&place)?;
    let bell = Bell::new()?;
    let terminated = bell::on_terminate()?;
    let mut server = Server::new(place, opener, bell);
    server.warn(real_time("rules", realtime::RULES));
    host.ready();
    server.run(&listener, &terminated, host)
}

/// Takes the socket over from a guard that is gone. A lock tells whether it is.
fn listen(place: &Place) -> io::Result<(UnixListener, File)> {
    let mut lock = OpenOptions::new().create(true).write(true).truncate(false).open(place.socket.with_extension("lock"))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| io::Error::new(io::ErrorKind::AddrInUse, "another guard holds this position's outputs"))?;
    // Whose it is, for a person who looks.
    lock.set_len(0)?;
    writeln!(lock, "{}", std::process::id())?;
    match std::fs::remove_file(&place.socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&place.socket)?;
    listener.set_nonblocking(true)?;
    Ok((listener, lock))
}

/// The rules and devices that a guard was first armed with.
#[derive(Clone, Debug, PartialEq)]
struct Setup {
    position: Position,
    rules: Rules,
}
