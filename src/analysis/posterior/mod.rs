//! The posterior of the hold response, shared between the adapters of one camera. Pure functions of the presses.

mod adapter;
pub mod axes;
mod camera;
mod mix;
#[expect(clippy::module_inception, reason = "the posterior is what the folder is about")]
mod posterior;
mod quantity;
#[cfg(test)]
mod tests;
pub mod tie;
#[cfg(test)]
mod tied_tests;
mod window;

pub use adapter::Press;
pub use camera::Camera;
pub use posterior::{Masses, Posterior};
pub use quantity::{Distribution, Quantity};
pub use tie::{Place, Ties};
pub use window::{N_HOLD, Window, spread};
