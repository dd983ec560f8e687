//! The runs and records of a station: an index in SQLite, made from journals and made again from them at any time. It holds nothing that they
//! do not hold, so that losing it loses nothing.

mod entry;
mod store;

pub use entry::{Entry, read_entry};
pub use store::{Filter, History, HistoryError};
