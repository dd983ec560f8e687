//! A hardware test bench harness: presses a camera's reset button, and decides from evidence whether a factory reset happened.
//! `ARCHITECTURE.md` maps the folders.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod analysis;
pub mod cli;
pub mod domain;
pub mod drivers;
pub mod engine;
pub mod files;
pub mod guard;
pub mod history;
pub mod journal;
pub mod judging;
pub mod planning;
pub mod ports;
pub mod report;
pub mod served;
