//! The twin: a simulated bench behind the ports. Virtual time only, one thread, a world with an event queue; a poll runs the world to the
//! end of the batch. The same world, seed and commands give the same readings, bit for bit, on every machine: chance comes from keyed
//! ChaCha8 streams, and everything that is drawn or sampled is computed by the arithmetic that IEEE 754 fixes (no library functions).
//!
//! A slot that is done again meets the same physics: draws are keyed by slot, and [`Sensors::begin`] aligns all grids to the trial's
//! beginning. What a new process does not know is what the camera went through before: it meets it as the world file says it came.
//!
//! Everything that happens at a time `t` is read by the poll whose batch begins at or before `t` and ends after it.

mod acoustics;
mod bench;
mod boot;
mod boot_text;
mod camera;
mod chance;
mod coil;
mod console;
mod contact;
mod electric;
mod faults;
mod flash;
mod force;
mod life;
mod light;
mod line;
mod math;
mod outlet;
mod ports;
mod power;
mod press;
mod queue;
mod sampler;
mod sound;
mod talk;
#[cfg(test)]
mod tests;
mod true_verdict;
mod truth;
mod uart;
mod wave;
pub mod world;

pub use contact::Touch;
pub use truth::{
    AnswerTruth, BootCause, BootTruth, EraseTruth, LossTruth, MissTruth, OpeningTruth, PressTruth, TrialTruth, Truth, WipeCause,
};
pub use world::{Answers, World};

use crate::ports::{Clock, Console, Person, Presser, Probe, Selector, Sensors, Supply};
use bench::Bench;
use std::cell::RefCell;
use std::rc::Rc;

/// Which sensors the position has. The others give no readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// The light sensor.
    pub light: bool,
    /// The meter at the camera's plug.
    pub plug: bool,
    /// The serial console.
    pub console: bool,
    /// The light sensor tells red, green and blue apart.
    pub colour: bool,
    /// The microphone.
    pub sound: bool,
    /// The force sensor under the tip.
    pub force: bool,
}

impl Wiring {
    /// What most rigs have: a photodiode, a meter and a console.
    pub const FULL: Self = Self { light: true, plug: true, console: true, colour: false, sound: false, force: false };
}

/// The ports of one simulated position. They share one world; none of them limits anything: that is the guard's part.
pub struct TwinPorts {
    /// Its time.
    pub clock: Box<dyn Clock>,
    /// Its readings.
    pub sensors: Box<dyn Sensors>,
    /// Its solenoid.
    pub presser: Box<dyn Presser>,
    /// Its supply.
    pub supply: Box<dyn Supply>,
    /// Its selector, which holds every adapter of the world.
    pub selector: Box<dyn Selector>,
    /// The line to the camera's console.
    pub console: Box<dyn Console>,
    /// The probe of the camera's network.
    pub probe: Box<dyn Probe>,
    /// A person who answers everything after a second: with the first choice, or "done".
    pub person: Box<dyn Person>,
}

/// A simulated bench.
pub struct Twin {
    /// The ports of its one position.
    pub ports: TwinPorts,
    /// What really happens, for tests.
    pub truth: Truth,
}

impl Twin {
    /// A bench as the world describes it, at tick 0, unpowered. `world` should have been checked: a value out of range makes odd physics.
    /// `boot_text` is what the camera prints while booting, byte for byte; `None` for the twin's own.
    pub fn new(world: World, seed: u64, boot_text: Option<Vec<u8>>, wiring: Wiring) -> Self {
        let shared = Rc::new(RefCell::new(Bench::new(world, seed, boot_text, wiring)));
        Self { ports: ports::ports(&shared), truth: Truth(shared) }
    }
}
