//! What a light pattern means by the profile.

use crate::domain::observation::{LightPattern, LightShape, MarkerMeaning, Observation, Sense};
use crate::domain::profile::{LightMeaning, LightRule, Profile};

/// Whether a decoded pattern fits a rule. A sensor that sees no colour never satisfies a rule that names one.
pub fn fits(rule: &LightRule, pattern: &LightPattern) -> bool {
    let shape = rule.shape == pattern.shape;
    let colour = rule.colour.is_none() || rule.colour == pattern.colour;
    let rate = match (rule.hz, pattern.hz) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(seen)) => (seen.get() - wanted.get()).abs() <= rule.hz_tolerance * wanted.get(),
    };
    shape && colour && rate
}

/// What a pattern means; `None` where no rule fits, or several do: an ambiguous sign is no sign.
pub fn meaning(profile: &Profile, pattern: &LightPattern) -> Option<LightMeaning> {
    let mut fitting = profile.light.iter().filter(|(_, rule)| fits(rule, pattern)).map(|(meaning, _)| *meaning);
    let first = fitting.next();
    if fitting.next().is_some() { None } else { first }
}

/// Through which sense an observation shows that the camera answers the press: the guide's "light, chime or motor shows a change", and what
/// a console or a meter adds. `before` is the light before the press. That the button was noticed is no change: it says nothing of a reset.
pub fn change(profile: &Profile, before: Option<&LightPattern>, observation: &Observation) -> Option<Sense> {
    match observation {
        Observation::Light(pattern) if pattern.shape == LightShape::Unclear => None,
        Observation::Light(pattern) => {
            let same = before.is_some_and(|before| same_light(before, pattern))
                || meaning(profile, pattern) == Some(LightMeaning::Ready);
            (!same).then_some(Sense::Light)
        }
        Observation::Tone { .. } => Some(Sense::Sound),
        Observation::Motor { running: true } => Some(Sense::Motor),
        Observation::Marker { meaning, .. } => {
            let answers = matches!(meaning, MarkerMeaning::Accepted | MarkerMeaning::Erasing | MarkerMeaning::WarmReboot);
            answers.then_some(Sense::Console)
        }
        Observation::Boot { .. } => Some(Sense::Console),
        Observation::Current { event: crate::domain::observation::CurrentEvent::Restart } => Some(Sense::Current),
        _ => None,
    }
}

/// Two decodings of one light: rates differ a little from window to window.
fn same_light(a: &LightPattern, b: &LightPattern) -> bool {
    let rates = match (a.hz, b.hz) {
        (Some(a), Some(b)) => (a.get() - b.get()).abs() <= 0.2 * a.get().max(b.get()),
        (a, b) => a == b,
    };
    a.shape == b.shape && a.colour == b.colour && rates
}
