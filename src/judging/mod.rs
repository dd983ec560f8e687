//! Readings to facts, facts to a judgement. Everything here is pure and incremental: cutting a stream anywhere changes nothing.

pub mod console;
pub mod light;
