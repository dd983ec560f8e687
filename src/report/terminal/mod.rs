//! What a terminal shows of a run: strings only. A replayed journal gives the same strings as the live run.

mod progress;
mod table;

pub use progress::{Counts, Current, Progress};
pub use table::table;
