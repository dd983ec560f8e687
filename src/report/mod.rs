//! Reports: each is a pure function from an [`Analysis`](crate::analysis::Analysis) to bytes, so that a report made during a run and one made
//! from its journal years later are the same. [`terminal`] turns events to lines for a screen.

pub mod chart;
pub mod csv;
pub mod junit;
pub mod png;
pub mod summary;
pub mod words;
#[cfg(test)]
mod look;
