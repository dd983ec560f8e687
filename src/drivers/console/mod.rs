//! The camera's serial console: a serial port by its stable name, or a port that ser2net serves. A thread reads all the time, so that nothing
//! is lost between two steps of a trial; a port that goes away is opened again for ever, and the gap is marked where it was. Bytes are
//! handed on as they came.

mod baud;
#[cfg(test)]
mod tests;

use super::feed::{Feed, Now};
use super::wire::{Place, Wire, fault};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::{Reading, Sink};
use crate::ports::{Console, Refused};
use baud::Doubt;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What faults call it.
const NAME: &str = "console";
/// How long a read waits before what is to be sent is looked for.
const READ: Duration = Duration::from_millis(5);
/// How often a lost port is tried. A camera's bootloader is silent for longer.
const RETRY: Duration = Duration::from_millis(50);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);
/// Commands that may wait to be sent.
const WAITING: usize = 64;

/// Where the console is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Its serial port by stable name: `/dev/serial/by-id/...`, or `by-path` for adapters without a serial number (CH340).
    pub port: Option<String>,
    /// Address of a port that ser2net serves raw, `host:port`, instead of a serial port.
    pub tcp: Option<String>,
    /// Bits per second. Nearly every camera has 115200.
    #[serde(default = "baud")]
    pub baud: u32,
}

fn baud() -> u32 {
    115_200
}

/// The console's port. Dropping it closes the port and ends the thread.
pub struct SerialConsole {
    place: Place,
    orders: Option<SyncSender<Vec<u8>>>,
    open: Arc<AtomicBool>,
    doubt: Arc<Mutex<Doubt>>,
    worker: Option<JoinHandle<()>>,
}

impl SerialConsole {
    /// Opens the port and begins to read.
    ///
    /// # Errors
    /// A [`Fault`] that names the place, when there is no such port or somebody else has it open.
    pub fn open(settings: &Settings, sink: Box<dyn Sink>, now: Now) -> Result<Self, Fault> {
        let place = Place::new(settings.port.as_deref(), settings.baud, settings.tcp.as_deref());
        let place = place.map_err(|what| Fault::new(FaultKind::Refused, NAME, what))?;
        let wire = place.open(CONNECT).map_err(|error| {
            let what = format!("it cannot be opened: {error}; see that the adapter is plugged in and no other program uses it");
            fault(NAME, &place, FaultKind::Disconnected, what)
        })?;
        let (orders, waiting) = sync_channel(WAITING);
        let open = Arc::new(AtomicBool::new(true));
        let doubt = Arc::new(Mutex::new(Doubt::new(settings.baud)));
        let reader = Reader {
            place: place.clone(),
            feed: Feed::new(sink, now),
            waiting,
            open: Arc::clone(&open),
            doubt: Arc::clone(&doubt),
        };
        let worker = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || reader.run(wire));
        let worker = worker.map_err(|error| fault(NAME, &place, FaultKind::Refused, format!("no thread for it: {error}")))?;
        Ok(Self { place, orders: Some(orders), open, doubt, worker: Some(worker) })
    }

    /// What is odd about the bytes that came, in words: most often the wrong baud rate. `None` while they are text, or too few.
    pub fn doubt(&self) -> Option<String> {
        self.doubt.lock().ok()?.words()
    }

    /// Asks for [`SerialConsole::doubt`] after the console was given away.
    pub fn doubts(&self) -> impl Fn() -> Option<String> + Send + use<> {
        let doubt = Arc::clone(&self.doubt);
        move || doubt.lock().ok()?.words()
    }

    /// How long connecting may take at worst.
    pub const fn connect_bound() -> Seconds {
        Seconds::from_millis(CONNECT.as_millis() as i64)
    }
}

impl Console for SerialConsole {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let gone =
            || Refused::Broken(fault(NAME, &self.place, FaultKind::Disconnected, "the console port is gone; it is tried again"));
        if !self.open.load(Ordering::Acquire) {
            return Err(gone());
        }
        match self.orders.as_ref().map(|orders| orders.try_send(bytes.to_vec())) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => {
                Err(Refused::Broken(fault(NAME, &self.place, FaultKind::Overflow, "the console port takes no more bytes")))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => Err(gone()),
        }
    }
}

impl Drop for SerialConsole {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// What runs on the thread.
struct Reader {
    place: Place,
    feed: Feed,
    waiting: Receiver<Vec<u8>>,
    open: Arc<AtomicBool>,
    doubt: Arc<Mutex<Doubt>>,
}

impl Reader {
    fn run(mut self, mut wire: Wire) {
        loop {
            if self.serve(&mut wire) {
                return;
            }
            self.open.store(false, Ordering::Release);
            drop(wire);
            let Some(again) = self.reopen() else { return };
            wire = again;
            // Before the gap is told: whoever has read of it may send.
            self.open.store(true, Ordering::Release);
            self.feed.give(Reading::ConsoleGap);
        }
    }

    /// Reads and writes until the port is gone; true when the console is closed for good.
    fn serve(&mut self, wire: &mut Wire) -> bool {
        let mut buffer = [0; 4096];
        loop {
            match self.waiting.try_recv() {
                Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => {}
                Ok(bytes) if wire.write(&bytes).is_err() => return false,
                Ok(_) => {}
            }
            match wire.read(&mut buffer, READ) {
                Err(_) => return false,
                Ok(count) => self.take(&buffer[..count]),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Ok(mut doubt) = self.doubt.lock() {
            doubt.take(bytes);
        }
        self.feed.give(Reading::Console(bytes.to_vec()));
        if self.feed.take_lost() {
            self.feed.give(Reading::ConsoleGap);
        }
    }

    /// Tries until the port is there again. What was to be sent meanwhile is dropped: it was refused, or meant for before.
    fn reopen(&mut self) -> Option<Wire> {
        loop {
            match self.waiting.recv_timeout(RETRY) {
                Err(RecvTimeoutError::Disconnected) => return None,
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    if let Ok(wire) = self.place.open(CONNECT) {
                        return Some(wire);
                    }
                }
            }
        }
    }
}
