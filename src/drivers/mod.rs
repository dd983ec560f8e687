//! Instruments behind the ports, one a file. The twin is one of them: a bench that exists only as physics.

pub mod console;
mod deadline;
pub mod dhip;
pub mod feed;
pub mod gpio;
pub mod hub;
pub mod i2c;
pub mod korad;
pub mod manual;
pub mod record;
pub mod relay;
pub mod sampling;
pub mod scpi;
pub mod spi;
pub mod table;
pub mod twin;
mod wire;
