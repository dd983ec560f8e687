//! How the camera answered the stimulus before it did anything more.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{ForceEvent, MarkerMeaning, Observation, Sense};
use crate::domain::profile::{ChimeMeaning, LightMeaning};
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
    /// What the force on the button told of the press.
    pub(super) force: Option<ForceEvent>,
    /// The camera said that its button was pressed, or spoke of a reset.
    pub(super) noticed: bool,
}

impl Response {
    /// Takes an observation, and the meaning of the light where it is one. `rebooted`: the camera had booted again by then. Cameras
    /// move on every boot, so a motor answers only before that, and only once the boot that we caused is over.
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
        if let Observation::Force { event } = observation {
            self.force = Some(*event);
        }
        use MarkerMeaning::{Accepted, Button, Erasing};
        self.noticed |= matches!(observation, Observation::Marker { meaning: Button | Accepted | Erasing, .. });
        let no_boot = context.settled && rebooted.is_none_or(|reboot| context.at < reboot);
        let (sense, resets) = match observation {
            Observation::Light(_) => match meaning {
                Some(LightMeaning::Acknowledged) => (Sense::Light, false),
                Some(LightMeaning::Resetting) => (Sense::Light, true),
                _ => return,
            },
            // That the button was noticed is no answer: the verdict asks for a light or a chime.
            Observation::Marker { meaning: MarkerMeaning::Accepted, .. } => (Sense::Console, false),
            Observation::Marker { meaning: MarkerMeaning::Erasing, .. } => (Sense::Console, true),
            Observation::Tone { .. } => match context.tone {
                Some(ChimeMeaning::Acknowledged) => (Sense::Sound, false),
                Some(ChimeMeaning::Resetting) => (Sense::Sound, true),
                // A prompt shows a state, and a tone that every boot makes shows a boot: neither answers a press.
                Some(ChimeMeaning::Setup | ChimeMeaning::Booting) | None => return,
            },
            Observation::Motor { running: true } if no_boot => (Sense::Motor, false),
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
