//! The camera's console on a serial port, by a name that stays: `/dev/serial/by-id/...`.
//!
//! An adapter that is pulled out, or a camera that resets the hub, must not end a night: the port is opened again for ever, what was missed is a
//! gap in the journal, and the bytes that came are kept as they came.

use super::hub::{Source, Told};
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::server::Monotonic;
use crate::ports::{Console, Reading, Refused};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serialport::SerialPort;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Longest wait for a byte before orders to send are looked at.
const READ: Duration = Duration::from_millis(10);
/// Time between two tries to open a port that is gone.
const AGAIN: Duration = Duration::from_millis(200);

/// Settings of the driver `serial`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// The port. Names under `/dev/serial/by-id` stay the same when it is plugged in again; `/dev/ttyUSB0` may become another's.
    pub port: PathBuf,
    /// Bits per second, 300 to 4000000. Boot consoles of cameras: mostly 115200 and 57600.
    #[serde(default = "usual")]
    pub baud: u32,
}

fn usual() -> u32 {
    115_200
}

/// The console.
pub struct Serial {
    orders: Option<Sender<Vec<u8>>>,
    lost: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Opens the port and begins to listen.
///
/// # Errors
/// A [`Fault`] where there is no such port, or another program has it.
pub fn open(settings: Settings, source: Source, clock: Monotonic) -> Result<Serial, Fault> {
    let port = attach(&settings).map_err(|error| {
        let why = format!("opening {}: {error}; `ls /dev/serial/by-id` shows the ports that are there", settings.port.display());
        Fault::new(FaultKind::Disconnected, "console", why)
    })?;
    let lost = Arc::new(AtomicBool::new(false));
    let (orders, told) = channel();
    let worker = Worker { settings, source, clock, lost: Arc::clone(&lost) };
    let thread = std::thread::Builder::new().name("console".to_owned()).spawn(move || worker.run(port, &told));
    let thread =
        thread.map_err(|error| Fault::new(FaultKind::Disconnected, "console", format!("starting its thread: {error}")))?;
    Ok(Serial { orders: Some(orders), lost, thread: Some(thread) })
}

fn attach(settings: &Settings) -> serialport::Result<Box<dyn SerialPort>> {
    // Another program at the same port would take bytes away: the port is taken for this one alone.
    serialport::new(settings.port.to_string_lossy(), settings.baud).timeout(READ).open()
}

impl Console for Serial {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let gone = || Refused::Broken(Fault::new(FaultKind::Disconnected, "console", "the serial port is gone"));
        if self.lost.load(Ordering::Relaxed) {
            return Err(gone());
        }
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        orders.send(bytes.to_vec()).map_err(|_| gone())
    }
}

impl Drop for Serial {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    settings: Settings,
    source: Source,
    clock: Monotonic,
    lost: Arc<AtomicBool>,
}

impl Worker {
    /// Listens until nobody holds the console any more.
    fn run(&self, mut port: Box<dyn SerialPort>, orders: &Receiver<Vec<u8>>) {
        while self.listen(&mut *port, orders) {
            self.lost.store(true, Ordering::Relaxed);
            drop(port);
            port = loop {
                // What is to be sent meanwhile was refused, or is late: it is dropped.
                match orders.recv_timeout(AGAIN) {
                    Err(RecvTimeoutError::Disconnected) => return,
                    Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                }
                if let Ok(port) = attach(&self.settings) {
                    break port;
                }
            };
            self.lost.store(false, Ordering::Relaxed);
            let at = self.clock.now();
            self.source.tell(at, Told::Reading(Reading::ConsoleGap { at }));
        }
    }

    /// Whether the port was lost; otherwise nobody wants it any more.
    fn listen(&self, port: &mut dyn SerialPort, orders: &Receiver<Vec<u8>>) -> bool {
        let mut bytes = [0_u8; 4096];
        loop {
            match orders.try_recv() {
                Ok(line) => {
                    if port.write_all(&line).is_err() {
                        return true;
                    }
                    continue;
                }
                Err(TryRecvError::Disconnected) => return false,
                Err(TryRecvError::Empty) => {}
            }
            match port.read(&mut bytes) {
                // A terminal whose other side is gone reads as its end.
                Ok(0) => return true,
                Ok(length) => self.source.tell(self.clock.now(), Told::Bytes(bytes[..length].to_vec())),
                Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
                Err(_) => return true,
            }
        }
    }
}

#[cfg(test)]
mod tests;
