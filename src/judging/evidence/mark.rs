//! Where in the journal a sign was seen.

use crate::domain::ids::Seq;
use crate::domain::observation::Sense;
use crate::domain::units::Tick;

/// A sign that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The journal line.
    pub seq: Seq,
    /// When it was there.
    pub at: Tick,
    /// Through which sense.
    pub sense: Sense,
}
