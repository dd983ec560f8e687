//! The engine: runs slots, trials and steps. It never sleeps; time passes in [`crate::ports::Sensors::poll`] alone, and everything it
//! learns becomes an event before it is used.

mod begin;
mod check;
mod coil;
mod halt;
mod hand;
mod intake;
mod power;
mod press;
mod quota;
mod readings;
mod run;
mod session;
mod settings;
mod steps;
mod talk;
mod tap;
mod trial;
mod verify;
mod watching;

pub use run::{Job, Over, Suffered, run};
