//! The design that chooses each press from all presses before it. Pure: the same presses, the same choice.

mod chooser;
mod controls;
mod cost;
pub mod criterion;
pub mod forecast;
mod guess;
mod listen;
mod release;
mod scan;
mod scouts;
mod standing;
mod suite;
#[cfg(test)]
mod tests;
mod width;

pub use chooser::{Choice, Chooser, PROBE_EVERY, Settings, Why};
pub(super) use controls::{Controls, is_control};
pub use cost::Cost;
pub use release::{LetGo, LettingGo, Listening};
pub use standing::{Aim, LEVEL, Standing};
pub use suite::{Adaptive, quantity};
