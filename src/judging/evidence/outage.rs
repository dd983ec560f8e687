//! Power that the camera lost without our doing. A camera that starts again because its power came back was not made to by the press, and one that
//! loses its power may find its settings damaged and format them.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{Observation, PowerState, Sense};
use crate::domain::units::{Seconds, Tick};

/// A boot that begins so long after the power came back began because of that: cameras show their first sign within a second or two (assumption,
/// with room for a supply that comes back slowly).
const STARTS_WITHIN: Seconds = Seconds::from_millis(5_000);

/// A time in which the voltage at the plug was too low although the supply was ordered on.
#[derive(Clone, Copy, Debug)]
struct Low {
    began: Mark,
    ended: Option<Tick>,
}

/// All of them in a trial.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages(Vec<Low>);

impl Outages {
    pub(super) fn observe(&mut self, context: Context, observation: &Observation) {
        let Observation::Power { state } = observation else { return };
        let open = self.0.last_mut().filter(|low| low.ended.is_none());
        match (state, open) {
            (PowerState::On | PowerState::OverVoltage, Some(low)) => low.ended = Some(context.at),
            (PowerState::Off | PowerState::Sagging, None) if context.powered && !context.recovering => {
                let began = Mark { seq: context.seq, at: context.at, sense: Sense::Current };
                self.0.push(Low { began, ended: None });
            }
            _ => {}
        }
    }

    /// The voltage at the plug was too low when the press began. Changes of a supply that comes and goes may not all have been written down.
    pub(super) fn low_at_press(&mut self, began: Mark) {
        if self.0.last().is_none_or(|low| low.ended.is_some()) {
            self.0.push(Low { began, ended: None });
        }
    }

    /// The outage that `boot` began after. A reset that ran before it, by the camera's own word, restarts the camera by itself: what the power does
    /// then, it does to the reset. That a press was taken for a reset is not such a word: where the voltage is too low all along, a camera may go out
    /// under its own load the moment it begins to act, and format at its next boot what it then finds damaged.
    pub(super) fn before(&self, boot: Mark, resetting: Option<Mark>) -> Option<Mark> {
        let caused = |low: &&Low| {
            let then = low.began.at <= boot.at && low.ended.is_none_or(|ended| boot.at <= ended + STARTS_WITHIN);
            then && resetting.is_none_or(|resetting| low.began.at <= resetting.at && boot.at <= resetting.at)
        };
        self.0.iter().find(caused).map(|low| low.began)
    }
}
