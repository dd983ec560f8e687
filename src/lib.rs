//! A hardware test bench harness: presses a camera's reset button, and decides from evidence whether a factory reset happened.
//! `ARCHITECTURE.md` maps the folders.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod domain;
pub mod judging;
pub mod ports;
