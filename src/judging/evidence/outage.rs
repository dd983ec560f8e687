//! Power that the camera lost without our doing. A camera that starts again because its power came back was not made to by the press, and one that
//! loses its power may find its settings damaged and format them.

use super::Context;
use super::mark::Mark;
use crate::domain::measurement::{Measurement, names};
use crate::domain::observation::{Observation, PowerState, Sense};
use crate::domain::units::{Amps, Seconds, Tick};

/// A boot that begins so long after the power came back began because of that: cameras show their first sign within a second or two (assumption,
/// with room for a supply that comes back slowly).
const STARTS_WITHIN: Seconds = Seconds::from_millis(5_000);

/// Where the voltage is too low all along, a reset that was accepted restarts the camera within so long. One that comes later may be a camera that
/// went out under its own load (assumption: cameras act on a press at once, or when it is let go).
const ACTS_WITHIN: Seconds = Seconds::from_millis(5_000);

/// A camera that draws less than this share of its rated current has no power inside: input converters in lockout take micro- to milliamperes
/// (data sheets of buck converters), while regulators, memory and network of a camera that only resets its processor take some percent (assumption).
const NOTHING: f64 = 0.005;

/// A time in which the voltage at the plug was too low although the supply was ordered on.
#[derive(Clone, Copy, Debug)]
struct Low {
    began: Mark,
    ended: Option<Tick>,
    /// It began at the stimulus or after it.
    after: bool,
}

/// All of them in a trial.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages {
    lows: Vec<Low>,
    /// The camera drew nothing at all when it began to boot anew, where that was measured.
    went_out: Option<bool>,
}

impl Outages {
    pub(super) fn observe(&mut self, context: Context, observation: &Observation) {
        let Observation::Power { state } = observation else { return };
        let open = self.lows.last_mut().filter(|low| low.ended.is_none());
        match (state, open) {
            (PowerState::On | PowerState::OverVoltage, Some(low)) => low.ended = Some(context.at),
            (PowerState::Off | PowerState::Sagging, None) if context.powered && !context.recovering => {
                let began = Mark { seq: context.seq, at: context.at, sense: Sense::Current };
                self.lows.push(Low { began, ended: None, after: context.after });
            }
            _ => {}
        }
    }

    /// The voltage at the plug was too low when the press began. Changes of a supply that comes and goes may not all have been written down.
    pub(super) fn low_at_press(&mut self, began: Mark) {
        if self.lows.last().is_none_or(|low| low.ended.is_some()) {
            self.lows.push(Low { began, ended: None, after: false });
        }
    }

    /// Takes a measurement on a camera rated for `rated_a` amperes.
    pub(super) fn measured(&mut self, measurement: &Measurement, rated_a: Amps) {
        if measurement.name == names::PLUG_RESTART {
            self.went_out = Some(measurement.value < NOTHING * rated_a.get());
        }
    }

    /// The outage that `boot` began after. A reset that ran before it, by the camera's own word, restarts the camera by itself: what the power does
    /// then, it does to the reset. `asked` is when the press was over and taken for a reset.
    pub(super) fn before(&self, boot: Mark, resetting: Option<Mark>, asked: Tick) -> Option<Mark> {
        let caused = |low: &&Low| {
            let then = low.began.at <= boot.at && low.ended.is_none_or(|ended| boot.at <= ended + STARTS_WITHIN);
            let power = low.after || self.went_out == Some(true) || boot.at > asked + ACTS_WITHIN;
            then && power && resetting.is_none_or(|resetting| low.began.at <= resetting.at && boot.at <= resetting.at)
        };
        self.lows.iter().find(caused).map(|low| low.began)
    }
}
