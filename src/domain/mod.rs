//! Facts: units, identities, the files a user writes, conditions, steps, observations, verdicts, events and the state of a run.
//! No input or output, no clock, no randomness.

pub mod adapter;
pub mod canary;
pub mod capture;
pub mod condition;
pub mod event;
pub mod exam;
pub mod ids;
pub mod known;
mod legality;
pub mod limit;
pub mod measurement;
pub mod observation;
pub mod profile;
pub mod rig;
pub mod rma;
pub mod run_state;
pub mod step;
pub mod suite;
pub mod units;
pub mod verdict;
