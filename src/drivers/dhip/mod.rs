//! Asks a Dahua or Amcrest camera by its discovery protocol (DHIP over UDP), or by the first question of a login (DHIP over TCP), whether it was ever
//! set up. It needs no password and tries none: such cameras lock after about five wrong ones. Therefore it also neither sets a camera up nor reads
//! or writes its settings.

pub mod frame;
pub mod login;
#[cfg(test)]
mod tests;

use super::deadline::Deadline;
use super::feed::{Feed, Now};
use crate::domain::observation::NetworkStatus;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::device::{Reading, Sink};
use crate::ports::{Probe, ProbeAnswer, ProbeQuery, Refused};
use frame::Device;
use schemars::JsonSchema;
use serde::Deserialize;
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

const NAME: &str = "dhip probe";
/// A datagram may be lost: it is sent again while no answer comes.
const AGAIN: Duration = Duration::from_millis(500);
/// Queries that may wait.
const WAITING: usize = 16;

/// Where and whom it asks.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Where the question goes, `address:port`: the camera's own address, or a multicast or broadcast one.
    #[serde(default = "everybody")]
    pub ask: String,
    /// The camera's own address and the port at which it takes logins by this protocol, `address:port`, mostly 5000: it is asked there over TCP, instead of
    /// by the discovery. Then `ask`, `from`, `serial` and `mac` say nothing.
    pub tcp: Option<String>,
    /// Address of this computer on the camera's network, where it has several.
    pub from: Option<String>,
    /// Which camera, by its serial number; answers of others are passed over.
    pub serial: Option<String>,
    /// Which camera, by its network address.
    pub mac: Option<String>,
    /// How long an answer is waited for.
    #[serde(default = "timeout")]
    pub timeout_s: Seconds,
}

/// The protocol's multicast group.
fn everybody() -> String {
    "239.255.255.251:37810".to_owned()
}

fn timeout() -> Seconds {
    Seconds::new(3.0)
}

/// The probe. Dropping it ends its thread.
pub struct DhipProbe {
    queries: Option<SyncSender<u32>>,
    worker: Option<JoinHandle<()>>,
}

impl DhipProbe {
    /// Opens a socket.
    ///
    /// # Errors
    /// A [`Fault`] when an address is none, or the system refuses the socket.
    pub fn open(settings: Settings, sink: Box<dyn Sink>, now: Now) -> Result<Self, Fault> {
        let fault = |kind, what: String| Fault::new(kind, NAME, what);
        let text = settings.tcp.as_ref().unwrap_or(&settings.ask);
        let ask = text.parse::<SocketAddr>();
        let ask = ask.map_err(|_| fault(FaultKind::Refused, format!("`{text}` is no address:port")))?;
        let from = settings.from.as_deref().unwrap_or("0.0.0.0");
        let socket = UdpSocket::bind((from, 0)).and_then(|socket| socket.set_broadcast(true).map(|()| socket));
        let socket = socket.map_err(|error| fault(FaultKind::Disconnected, format!("no socket at {from}: {error}")))?;
        let (queries, waiting) = sync_channel(WAITING);
        let asker = Asker { settings, ask, socket, feed: Feed::new(sink, now) };
        let worker = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || asker.run(&waiting));
        let worker = worker.map_err(|error| fault(FaultKind::Refused, format!("no thread for it: {error}")))?;
        Ok(Self { queries: Some(queries), worker: Some(worker) })
    }
}

impl Probe for DhipProbe {
    fn query(&mut self, number: u32, query: ProbeQuery) -> Result<(), Refused> {
        if query != ProbeQuery::Status {
            let why = "the discovery protocol only tells the state; setting up and settings need a password, and none is guessed";
            return Err(Refused::Never(why.to_owned()));
        }
        match self.queries.as_ref().map(|queries| queries.try_send(number)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => {
                Err(Refused::Broken(Fault::new(FaultKind::Overflow, NAME, "too many questions wait for their answers")))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => {
                Err(Refused::Broken(Fault::new(FaultKind::Disconnected, NAME, "the probe has ended")))
            }
        }
    }
}

impl Drop for DhipProbe {
    fn drop(&mut self) {
        self.queries = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

struct Asker {
    settings: Settings,
    ask: SocketAddr,
    socket: UdpSocket,
    feed: Feed,
}

impl Asker {
    fn run(mut self, waiting: &Receiver<u32>) {
        while let Ok(number) = waiting.recv() {
            let answer = ProbeAnswer::Status(self.status());
            self.feed.give(Reading::Probe { number, answer });
        }
    }

    /// Asks until the camera answers or the time is over. A network that is down for the moment is a camera that cannot be reached.
    fn status(&self) -> NetworkStatus {
        let deadline = Deadline::after(Duration::from_micros(self.settings.timeout_s.micro().max(0) as u64));
        if self.settings.tcp.is_some() {
            return login::status(self.ask, deadline);
        }
        self.pass_over_old_answers();
        loop {
            let left = deadline.left();
            if left.is_zero() {
                return NetworkStatus::Unreachable;
            }
            let _ = self.socket.send_to(&frame::search(), self.ask);
            if let Some(device) = self.answer(Deadline::after(AGAIN.min(left))) {
                return match device.initialised() {
                    Some(true) => NetworkStatus::Configured,
                    Some(false) => NetworkStatus::Factory,
                    None => NetworkStatus::Unknown,
                };
            }
        }
    }

    /// An answer to an earlier question tells of an earlier state.
    fn pass_over_old_answers(&self) {
        let mut buffer = [0; 4096];
        if self.socket.set_nonblocking(true).is_ok() {
            while self.socket.recv_from(&mut buffer).is_ok() {}
            let _ = self.socket.set_nonblocking(false);
        }
    }

    fn answer(&self, until: Deadline) -> Option<Device> {
        let mut buffer = [0; 4096];
        loop {
            let left = until.left();
            if left.is_zero() {
                return None;
            }
            self.socket.set_read_timeout(Some(left)).ok()?;
            match self.socket.recv_from(&mut buffer) {
                Ok((count, _)) => {
                    if let Some(device) = frame::device(&buffer[..count]).filter(|device| self.is_ours(device)) {
                        return Some(device);
                    }
                }
                // A refused datagram comes back as an error of the socket, and at once: the camera is booting.
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {}
                Err(_) => return None,
            }
        }
    }

    fn is_ours(&self, device: &Device) -> bool {
        let fits = |wanted: &Option<String>, is: &Option<String>| match (wanted, is) {
            (Some(wanted), is) => is.as_ref().is_some_and(|is| is.eq_ignore_ascii_case(wanted)),
            (None, _) => true,
        };
        fits(&self.settings.serial, &device.serial) && fits(&self.settings.mac, &device.mac)
    }
}
