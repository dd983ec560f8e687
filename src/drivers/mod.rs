//! Instruments behind the ports, one a file. The twin is one of them: a bench that exists only as physics.

pub mod hub;
pub mod record;
pub mod serial;
pub mod table;
pub mod twin;
