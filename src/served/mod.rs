//! The twin in real time behind real ports: the console, supplies, relay boards and the probe's network of a rig file, played on
//! pseudo-terminals and sockets of loopback in the instruments' own protocols. Written apart from the drivers, so that a mistake in one is not
//! hidden by the same mistake in the other.
//!
//! One thread turns over every port each millisecond: it lets the world's time catch up with the clock, then does what the ports ask.

mod baud;
mod bench;
mod dhip;
pub(crate) mod korad;
mod line;
mod numato;
mod plan;
mod port;
mod relays;
mod scpi;
#[cfg(test)]
mod tests;

pub use plan::{Plan, PlanError};

use crate::domain::units::Tick;
use crate::drivers::twin::{Truth, World};
use bench::Bench;
use plan::{Device, Kind, Place};
use port::Port;
use std::io;
use std::time::{Duration, Instant};

/// How long the ports may wait for a turn.
const TURN: Duration = Duration::from_millis(1);

/// An instrument: what came in since the last turn, and what goes out.
trait Instrument {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8>;
}

/// A port that cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("{place} cannot be served: {error}")]
pub struct ServeError {
    place: String,
    #[source]
    error: io::Error,
}

/// A served bench. Dropping it closes the ports and takes away the names it made for them.
pub struct Served {
    bench: Bench,
    truth: Truth,
    served: Vec<(Port, Box<dyn Instrument>)>,
    networks: Vec<dhip::Network>,
    places: Vec<String>,
}

impl Served {
    /// Opens the ports of a plan. The bench is unpowered, at tick 0.
    ///
    /// # Errors
    /// The first port that cannot be opened, by name.
    pub fn open(plan: Plan, world: World, seed: u64, boot_text: Option<Vec<u8>>) -> Result<Self, ServeError> {
        let baud = world.camera.baud;
        let (bench, truth) = Bench::new(world, seed, boot_text);
        let mut served = Self { bench, truth, served: Vec::new(), networks: Vec::new(), places: Vec::new() };
        for device in plan.devices {
            let shown = device.place.to_string();
            let place = served.add(device, baud).map_err(|error| ServeError { place: shown, error })?;
            served.places.push(place);
        }
        Ok(served)
    }

    fn add(&mut self, device: Device, baud: u32) -> io::Result<String> {
        let said = device.said();
        let port = match device.place {
            Place::Udp(address) => {
                let network = dhip::Network::open(&address)?;
                let place = format!("{said} on udp {}", network.address()?);
                self.networks.push(network);
                return Ok(place);
            }
            Place::Serial(path) => Port::pseudo_terminal(&path)?,
            Place::Tcp(address) => Port::listening(&address)?,
        };
        let place = format!("{said} on {}", port.name()?);
        let instrument: Box<dyn Instrument> = match device.kind {
            Kind::Console => Box::new(line::Console::new(baud, port.speed())),
            Kind::Scpi => Box::new(scpi::Scpi::default()),
            Kind::Korad => Box::new(korad::Korad::default()),
            Kind::Lcus => Box::new(relays::Lcus::new(device.roles)),
            Kind::Numato => Box::new(numato::Numato::new(device.roles)),
            Kind::Network => Box::new(dhip::Logins::default()),
        };
        self.served.push((port, instrument));
        Ok(place)
    }

    /// What is served where, a line each.
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// What really happens, for tests.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Plays until `stop` says so.
    #[expect(clippy::disallowed_methods, reason = "the twin's time follows the system's clock here, and nowhere else")]
    pub fn play(&mut self, stop: impl Fn() -> bool) {
        let epoch = Instant::now();
        while !stop() {
            self.turn(Tick(epoch.elapsed().as_micros() as u64));
            std::thread::sleep(TURN);
        }
    }

    /// One turn over all ports, with the world's time at `now`.
    fn turn(&mut self, now: Tick) {
        self.bench.advance(now);
        for (port, instrument) in &mut self.served {
            let input = port.read();
            let output = instrument.turn(&input, &mut self.bench);
            port.write(&output);
        }
        for network in &mut self.networks {
            network.turn(&mut self.bench);
        }
    }
}
