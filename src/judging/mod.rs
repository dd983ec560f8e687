//! Readings to facts, facts to a judgement. Everything here is pure and incremental: cutting a stream anywhere changes nothing.
//! `docs/evidence.md` tells the rules.

pub mod console;
pub mod light;
pub mod plug;
pub mod ready;
pub mod rules;

#[cfg(test)]
mod testing;
