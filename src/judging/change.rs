//! What a person would call a change: the guide's "light, chime or motor", and what a console or a meter adds.

use super::rules::meaning;
use crate::domain::observation::{CurrentEvent, LightPattern, LightShape, MarkerMeaning, Observation, Sense};
use crate::domain::profile::{LightMeaning, Profile};

/// Rates of one light differ by so much from window to window.
const SAME_RATE: f64 = 0.2;

/// Through which sense an observation shows that the camera answers the press. `before` is the light before it. That the button was noticed
/// is no change: it says nothing of a reset.
pub fn change(profile: &Profile, before: Option<&LightPattern>, observation: &Observation) -> Option<Sense> {
    match observation {
        Observation::Light(pattern) => {
            let usual = meaning(pattern, &profile.light) == Some(LightMeaning::Ready);
            let same = before.is_some_and(|before| same_light(before, pattern));
            (pattern.shape != LightShape::Unclear && !usual && !same).then_some(Sense::Light)
        }
        Observation::Tone { .. } => Some(Sense::Sound),
        Observation::Motor { running: true } => Some(Sense::Motor),
        Observation::Marker { meaning, .. } => {
            let answers = matches!(meaning, MarkerMeaning::Accepted | MarkerMeaning::Erasing | MarkerMeaning::WarmReboot);
            answers.then_some(Sense::Console)
        }
        Observation::Boot { .. } => Some(Sense::Console),
        Observation::Current { event: CurrentEvent::Restart } => Some(Sense::Current),
        _ => None,
    }
}

fn same_light(a: &LightPattern, b: &LightPattern) -> bool {
    let rates = match (a.hz, b.hz) {
        (Some(a), Some(b)) => (a.get() - b.get()).abs() <= SAME_RATE * a.get().max(b.get()),
        (a, b) => a == b,
    };
    a.shape == b.shape && a.colour == b.colour && rates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judging::testing::{self, ACKNOWLEDGED, BOOTING, OFF, READY};

    fn seen(before: Option<&LightPattern>, observation: Observation) -> Option<Sense> {
        change(&testing::profile(), before, &observation)
    }

    #[test]
    fn another_light_is_a_change_and_the_same_or_the_usual_one_is_none() {
        assert_eq!(seen(Some(&READY), Observation::Light(ACKNOWLEDGED)), Some(Sense::Light));
        assert_eq!(seen(Some(&READY), Observation::Light(OFF)), Some(Sense::Light));
        assert_eq!(seen(Some(&BOOTING), Observation::Light(BOOTING)), None);
        assert_eq!(seen(Some(&BOOTING), Observation::Light(READY)), None, "the boot has ended, that is all");
        let unclear = LightPattern { shape: LightShape::Unclear, ..OFF };
        assert_eq!(seen(Some(&READY), Observation::Light(unclear)), None);
    }

    #[test]
    fn a_noticed_button_is_no_change_and_an_accepted_reset_is_one() {
        let marker = |meaning| Observation::Marker { marker: "m".to_owned(), meaning };
        assert_eq!(seen(None, marker(MarkerMeaning::Button)), None);
        assert_eq!(seen(None, marker(MarkerMeaning::Accepted)), Some(Sense::Console));
    }
}
