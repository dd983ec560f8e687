//! The camera's own account of the press: it was noticed as a reset, or the reset runs. A camera that has such signs and shows none was not
//! made to reset by the press: settings can vanish by corruption, and cameras reboot by themselves.

use super::Context;
use super::mark::Mark;
use crate::domain::observation::{MarkerMeaning, Observation, Sense};
use crate::domain::profile::{Chime, ChimeMeaning, LightMeaning};

/// What a tone of that name means in a list of chimes; one that the list does not have means that the press was noticed.
pub fn tone_means(chimes: &[Chime], tone: &str) -> ChimeMeaning {
    chimes.iter().find(|chime| chime.name == tone).map_or(ChimeMeaning::Acknowledged, |chime| chime.meaning)
}

/// A sign after the stimulus that the camera takes it for a reset, if this observation is one. Nothing counts that it says while it is being
/// revived.
pub(super) fn account(context: Context, observation: &Observation, light: Option<LightMeaning>) -> Option<Mark> {
    let sense = match observation {
        Observation::Light(_) if matches!(light, Some(LightMeaning::Acknowledged | LightMeaning::Resetting)) => Sense::Light,
        Observation::Marker { meaning: MarkerMeaning::Accepted | MarkerMeaning::Erasing, .. } => Sense::Console,
        Observation::Tone { .. } if matches!(context.tone, Some(ChimeMeaning::Acknowledged | ChimeMeaning::Resetting)) => {
            Sense::Sound
        }
        _ => return None,
    };
    (context.after && !context.recovering).then_some(Mark { seq: context.seq, at: context.at, sense })
}
