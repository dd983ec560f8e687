//! The time from press to acknowledgement as an observation of the threshold. Pure functions of the presses.
//!
//! Where a light, a chime or the console answers during the hold, a press may show its own threshold: exactly where it was seen, censored
//! where it was not. Whether it does is not taken on trust. For each camera two accounts compete by marginal likelihood. *Unrelated*: resets
//! follow the yes/no model of [`super::posterior`], acknowledgements a distribution of their own. *Linked*: the threshold follows from the
//! acknowledgement by one of [`MEANINGS`]. Both have the same account of the acknowledgement times, so those cancel, and what decides
//! is the prediction of each reset (the prequential form of the marginal likelihood: Dawid 1984); but for how the adapters' times lie to each
//! other, which a timer shows the same everywhere. One adapter may be an exception to what its siblings say. What is believed of the hold
//! mixes both accounts by their weights; a loose link wins weight, and its share is read from the resets alone, which know by
//! [`super::posterior::tie`] how adapters may differ. An acknowledgement never counts as a reset.

mod camera;
mod draws;
mod hold;
mod meaning;
mod mute;
mod near;
mod rise;
mod share;
#[cfg(test)]
mod tests;
mod weigh;

pub use camera::{Acks, Cells};
pub use hold::Hold;
pub use meaning::{HABITS, Habits, MEANINGS, Meaning, Word};
pub use rise::Rise;

/// The time of an acknowledgement as a bench tells it: to a hundredth of a second, which is finer than lights and chimes are recognised. A trial
/// that is done again after a crash, with a coil that is a little warmer, is then told alike, and the design goes on as it would have.
pub fn told(ack_s: f64) -> f64 {
    (100.0 * ack_s).round() / 100.0
}

/// One judged press, with what was seen during it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Contact, seconds.
    pub held_s: f64,
    /// Seconds from contact to the acknowledgement; `None` where none was seen before release.
    pub ack_s: Option<f64>,
    /// Whether the camera reset.
    pub reset: bool,
    /// The probability of a reset by the resets before this press alone.
    pub expected: f64,
}

impl Heard {
    /// The probability of what it did about the reset, by the resets before it alone.
    fn as_expected(&self) -> f64 {
        if self.reset { self.expected } else { 1.0 - self.expected }
    }
}
