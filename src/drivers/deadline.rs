//! How long an instrument is still waited for. The one place in the drivers that looks at the system's clock for that.

use std::time::{Duration, Instant};

/// A moment until which something may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// So long from now.
    #[expect(clippy::disallowed_methods, reason = "a driver's edge: an instrument answers in real time")]
    pub fn after(span: Duration) -> Self {
        Self(Instant::now() + span)
    }

    /// What is left; zero when it is over.
    #[expect(clippy::disallowed_methods, reason = "a driver's edge: an instrument answers in real time")]
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
