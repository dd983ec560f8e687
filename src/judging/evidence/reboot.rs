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
    /// It was up at some time since then.
    pub(super) was_up: bool,
    /// The same, and nothing has told of a boot since: what it does now is no part of one.
    pub(super) settled: bool,
    /// The plug has been without voltage since.
    off_since: Option<Tick>,
    /// Before the stimulus it began to boot anew by itself since then, and was not up again: whatever makes it do so may go on.
    pub(super) unsteady: Option<Mark>,
    /// What was seen of a camera that had been up, or had taken the press for a reset; in the order it was told.
    pub(super) seen: Vec<Mark>,
    /// What was seen of one that was still starting: it began anew before it was ever up, and has not booted *again*.
    pub(super) starts: Vec<Mark>,
}

impl Reboots {
    /// We switch the supply on.
    pub(super) fn power_on(&mut self, at: Tick) {
        self.ours = true;
        self.powered = at;
        (self.up, self.up_heard, self.was_up, self.settled) = (false, false, false, false);
        (self.off_since, self.unsteady) = (None, None);
    }

    /// The first sign that a boot began which is not our doing, of a camera that had been up or not.
    pub(super) fn first(&self) -> Option<Mark> {
        self.seen.iter().chain(&self.starts).min_by_key(|mark| mark.at).copied()
    }

    /// The camera is ready by its profile's rule.
    pub(super) fn ready(&mut self) {
        (self.up, self.up_heard, self.was_up, self.settled) = (true, true, true, true);
    }

    /// The camera was up at `at`, before the stimulus: what it did until then is past.
    pub(super) fn steady(&mut self, at: Tick) {
        self.unsteady = self.unsteady.filter(|mark| mark.at > at);
    }

    /// Takes an observation, and the meaning of the light where it is one. Whether it tells that a boot began, one that is not our doing.
    /// `taken`: the camera has taken the press for a reset.
    pub(super) fn observe(
        &mut self,
        context: Context,
        observation: &Observation,
        meaning: Option<LightMeaning>,
        taken: bool,
    ) -> bool {
        let ours = context.powered && !context.recovering && context.at >= self.powered;
        let (watched, before) = (ours && context.after, ours && !context.after);
        if before {
            self.before(context, observation, meaning);
        }
        self.settled &= !self.starts(context, observation, meaning);
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
        let marks = if context.was_up || taken { &mut self.seen } else { &mut self.starts };
        marks.extend(sense.map(|sense| Mark { seq: context.seq, at: context.at, sense }));
        sense.is_some()
    }

    /// What is told before the stimulus of a camera that is powered: it begins to boot anew, or it is up.
    fn before(&mut self, context: Context, observation: &Observation, meaning: Option<LightMeaning>) {
        let anew = match observation {
            Observation::Boot { boot, stage: BootStage::Application } if *boot >= self.base => {
                self.steady(context.at);
                None
            }
            Observation::Boot { boot, stage: BootStage::Bootloader | BootStage::Kernel } => {
                (*boot > self.base && !self.ours && self.base > 0).then_some(Sense::Console)
            }
            Observation::Current { event: CurrentEvent::Restart } => Some(Sense::Current),
            _ => None,
        };
        if matches!(meaning, Some(LightMeaning::Ready | LightMeaning::Setup)) {
            self.steady(context.at);
        }
        self.unsteady = anew.map(|sense| Mark { seq: context.seq, at: context.at, sense }).or(self.unsteady);
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
        // Its own program runs: it is up, whatever becomes of it then.
        let runs = stage == BootStage::Application;
        if boot <= self.base {
            self.was_up |= boot == self.base && runs;
            return false;
        }
        let begins = matches!(stage, BootStage::Bootloader | BootStage::Kernel);
        // A console that showed no boot before the stimulus was not proved to show any: its first boot is only a beginning.
        let again = watched && begins && !self.ours && self.base > 0;
        self.was_up |= runs;
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
