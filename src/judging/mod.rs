//! Readings to facts, facts to a judgement. Everything here is pure and incremental: cutting a stream anywhere changes nothing.

pub mod console;
pub mod diagnose;
pub mod evidence;
pub mod light;
pub mod plug;
pub mod ready;
pub mod rules;

pub use diagnose::diagnose;
pub use evidence::{Evidence, Wiring};
pub use ready::Readiness;
