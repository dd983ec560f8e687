//! When a chosen press lets go.

/// When a press lets go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LetGo {
    /// After its hold.
    Hold,
    /// So many seconds after the acknowledgement, beside the time that it takes to see it; after its hold where none is seen.
    Ack {
        /// Seconds.
        extra_s: f64,
    },
}

/// How a bench lets go on an acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Listening {
    /// Seconds from a seen acknowledgement to the open contact.
    pub reaction_s: f64,
    /// What it can do.
    pub letting_go: LettingGo,
}

/// Whether a bench lets go on an acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LettingGo {
    /// No: acknowledgements are seen during holds alone.
    Never,
    /// As soon as it is seen.
    AtOnce,
    /// At once, or some time later.
    Later,
}
