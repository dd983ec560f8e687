//! The design that chooses each press from all presses before it. Pure: the same presses, the same choice.

mod chooser;
mod cost;
pub mod criterion;
mod scan;
mod standing;
#[cfg(test)]
mod tests;
mod width;

pub use chooser::{Choice, Chooser, PROBE_EVERY, Settings, Why};
pub use cost::Cost;
pub use standing::{Aim, LEVEL, Standing};
