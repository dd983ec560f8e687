//! Power that the camera lost without our doing. A camera that starts again because its power came back was not made to by the press, and one that
//! loses its power may find its settings damaged and format them.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{Observation, PowerState, Sense};
use crate::domain::units::{Seconds, Tick};

/// A boot that begins so long after the power came back began because of that: cameras show their first sign within a second or two (assumption,
/// with room for a supply that comes back slowly).
const STARTS_WITHIN: Seconds = Seconds::from_millis(5_000);

/// When the voltage at the plug was too low after the stimulus, while the supply was ordered on.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages(Vec<(Mark, Option<Tick>)>);

impl Outages {
    pub(super) fn observe(&mut self, context: Context, observation: &Observation) {
        let Observation::Power { state } = observation else { return };
        let open = self.0.last_mut().filter(|(_, back)| back.is_none());
        match (state, open) {
            (PowerState::On | PowerState::OverVoltage, Some((_, back))) => *back = Some(context.at),
            (PowerState::Off | PowerState::Sagging, None) if context.after && context.powered && !context.recovering => {
                self.0.push((Mark { seq: context.seq, at: context.at, sense: Sense::Current }, None));
            }
            _ => {}
        }
    }

    /// The outage that `boot` began after. A reset that ran before it, by the camera's own word, restarts the camera by itself: what the power does
    /// then, it does to the reset.
    pub(super) fn before(&self, boot: Mark, resetting: Option<Mark>) -> Option<Mark> {
        let began = |(low, back): &&(Mark, Option<Tick>)| {
            let cause = low.at <= boot.at && back.is_none_or(|back| boot.at <= back + STARTS_WITHIN);
            cause && resetting.is_none_or(|resetting| low.at <= resetting.at)
        };
        self.0.iter().find(began).map(|(low, _)| *low)
    }
}
