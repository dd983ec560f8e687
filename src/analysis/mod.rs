//! From events to numbers: trials, cells with intervals, thresholds, limits. Pure folds over the events of runs.
//!
//! `RunFold` reads the events of one run; [`Analysis::pool`] puts several together, in any order, and refuses unlike ones.

pub mod acks;
pub mod boots;
pub mod cells;
pub mod compare;
pub mod course;
pub mod drift;
pub mod evidence;
pub mod exit;
pub mod fold;
pub mod group;
pub mod guide;
pub mod known;
pub mod known_units;
pub mod limits;
pub mod planned;
pub mod pool;
pub mod posterior;
pub mod power;
pub mod rig_check;
pub mod rma;
pub mod row;
pub mod run_summary;
pub mod shared;
pub mod shmoo;
pub mod stats;
#[cfg(test)]
pub mod testkit;
pub mod thresholds;
pub mod timeline;
pub mod trials;

pub use compare::Comparison;
pub use exit::exit_code;
pub use fold::RunFold;
pub use pool::{Analysis, Unlike};
pub use run_summary::RunSummary;
