//! The posterior of the hold response, shared between the adapters of one camera. Pure functions of the presses.

mod adapter;
pub mod axes;
mod camera;
mod marginal;
mod window;

pub use adapter::Press;
pub use camera::Camera;
pub use marginal::Posterior;
pub use window::{N_HOLD, Window, spread};
