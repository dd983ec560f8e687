//! The design that chooses each press from all presses before it.

pub mod criterion;
pub mod joint;
