//! How the camera answered the stimulus before it did anything more.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{MarkerMeaning, Observation, Sense};
use crate::domain::profile::LightMeaning;
use crate::domain::units::Tick;

/// The fold over observations that tell of an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Response {
    /// The first answer: the press was noticed. No proof of anything more.
    pub(super) answer: Option<Mark>,
    /// The first signal of the camera's own that it resets.
    pub(super) resetting: Option<Mark>,
    /// The last sign that it is still erasing or formatting.
    pub(super) erasing: Option<Mark>,
}

impl Response {
    /// Takes an observation, and the meaning of the light where it is one. `rebooted`: the camera had booted again by then, and cameras
    /// move on every boot.
    pub(super) fn observe(
        &mut self,
        context: Context,
        observation: &Observation,
        meaning: Option<LightMeaning>,
        rebooted: Option<Tick>,
    ) {
        if !context.after {
            return;
        }
        let before_reboot = rebooted.is_none_or(|reboot| context.at < reboot);
        let (sense, resets) = match observation {
            Observation::Light(_) => match meaning {
                Some(LightMeaning::Acknowledged) => (Sense::Light, false),
                Some(LightMeaning::Resetting) => (Sense::Light, true),
                _ => return,
            },
            // That the button was noticed is no answer: the verdict asks for a light or a chime.
            Observation::Marker { meaning: MarkerMeaning::Accepted, .. } => (Sense::Console, false),
            Observation::Marker { meaning: MarkerMeaning::Erasing, .. } => (Sense::Console, true),
            Observation::Tone { .. } => (Sense::Sound, false),
            Observation::Motor { running: true } if before_reboot => (Sense::Motor, false),
            Observation::Change { sense } => (*sense, false),
            _ => return,
        };
        let mark = Mark { seq: context.seq, at: context.at, sense };
        self.answer.get_or_insert(mark);
        if resets {
            self.resetting.get_or_insert(mark);
            self.erasing = Some(mark);
        }
    }
}
