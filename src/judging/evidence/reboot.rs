//! Sign (a): the camera booted again, and not because we fed it.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{BootStage, CurrentEvent, Observation, PowerState, Sense};
use crate::domain::profile::{ChimeMeaning, LightMeaning};
use crate::domain::units::{Seconds, Tick};

/// Without voltage for so long a camera has restarted: adapters and capacitors bridge 10 to 20 ms (`real-world` tables), so this is far
/// beyond (our choice).
const RESTARTS_AFTER: Seconds = Seconds::from_millis(100);

/// The fold over observations that tell of boots.
#[derive(Clone, Debug, Default)]
pub(super) struct Reboots {
    /// The highest boot that is no reboot after the stimulus; 0 while the console has shown none.
    base: u32,
    /// We have switched the supply on, and the boot that this causes has not been seen.
    ours: bool,
    /// When we last switched the supply on.
    powered: Tick,
    /// The camera was seen to be up since then: a light that shows booting tells of a boot that is not ours.
    up: bool,
    /// The same for a tone that sounds at every boot.
    up_heard: bool,
    /// It was seen to be up since then, and nothing has told of a boot since.
    pub(super) was_up: bool,
    /// The plug has been without voltage since.
    off_since: Option<Tick>,
    /// What was seen, in the order it was told.
    pub(super) seen: Vec<Mark>,
}

impl Reboots {
    /// We switch the supply on.
    pub(super) fn power_on(&mut self, at: Tick) {
        self.ours = true;
        self.powered = at;
        (self.up, self.up_heard, self.was_up) = (false, false, false);
        self.off_since = None;
    }

    /// The camera is ready by its profile's rule.
    pub(super) fn ready(&mut self) {
        (self.up, self.up_heard, self.was_up) = (true, true, true);
    }

    /// Takes an observation, and the meaning of the light where it is one. Whether it tells of a reboot.
    pub(super) fn observe(&mut self, context: Context, observation: &Observation, meaning: Option<LightMeaning>) -> bool {
        let watched = context.after && context.powered && !context.recovering && context.at >= self.powered;
        self.was_up &= !self.starts(context, observation, meaning);
        let sense = match observation {
            Observation::Boot { boot, stage } => self.boot(*boot, *stage, watched).then_some(Sense::Console),
            Observation::Power { state } => (watched && self.power(context.at, *state)).then_some(Sense::Current),
            Observation::Current { event: CurrentEvent::Restart } => watched.then_some(Sense::Current),
            Observation::Tone { .. } if context.tone == Some(ChimeMeaning::Booting) => {
                (watched && std::mem::take(&mut self.up_heard)).then_some(Sense::Sound)
            }
            Observation::Light(_) => self.light(meaning, watched).then_some(Sense::Light),
            _ => None,
        };
        self.seen.extend(sense.map(|sense| Mark { seq: context.seq, at: context.at, sense }));
        sense.is_some()
    }

    /// Whether the camera begins to boot, whoever made it.
    fn starts(&self, context: Context, observation: &Observation, meaning: Option<LightMeaning>) -> bool {
        match observation {
            Observation::Boot { boot, .. } => *boot > self.base,
            Observation::Current { event } => *event == CurrentEvent::Restart,
            Observation::Tone { .. } => context.tone == Some(ChimeMeaning::Booting),
            _ => meaning == Some(LightMeaning::Booting),
        }
    }

    fn boot(&mut self, boot: u32, stage: BootStage, watched: bool) -> bool {
        if boot <= self.base {
            return false;
        }
        let begins = matches!(stage, BootStage::Bootloader | BootStage::Kernel);
        // A console that showed no boot before the stimulus was not proved to show any: its first boot is only a beginning.
        let again = watched && begins && !self.ours && self.base > 0;
        self.base = boot;
        self.ours = false;
        again
    }

    fn power(&mut self, at: Tick, state: PowerState) -> bool {
        if state == PowerState::Off {
            self.off_since.get_or_insert(at);
            return false;
        }
        self.off_since.take().is_some_and(|off| at >= off + RESTARTS_AFTER)
    }

    fn light(&mut self, meaning: Option<LightMeaning>, watched: bool) -> bool {
        match meaning {
            Some(LightMeaning::Ready | LightMeaning::Setup) => {
                self.ready();
                false
            }
            Some(LightMeaning::Booting) => watched && std::mem::take(&mut self.up),
            _ => false,
        }
    }
}
