//! What a terminal shows of a run: text with meanings, no terminal. A replayed journal gives the same as the live run.

mod ending;
pub mod frame;
mod line;
mod pace;
mod progress;
mod say;
mod table;

pub use ending::Ending;
pub use frame::{Screen, Shown, frame};
pub use line::{Ink, Line, Look, Tone, wrap};
pub use pace::Pace;
pub use progress::{Counts, Current, Progress};
pub use table::table;
