//! Rules of a profile's chimes.

use super::{distinct, filled, positive};
use crate::domain::profile::{ChimeMeaning, Profile};
use crate::files::keypath::KeyPath;
use crate::files::problem::Findings;

pub(super) fn check(findings: &mut Findings, profile: &Profile) {
    let at = |index: usize| KeyPath::from("chimes").index(index);
    distinct(findings, profile.chimes.iter().enumerate().map(|(i, chime)| (at(i).key("name"), chime.name.as_str())), "chime");
    for (index, chime) in profile.chimes.iter().enumerate() {
        filled(findings, at(index).key("name"), &chime.name);
        positive(findings, at(index).key("hz"), chime.hz.get());
        let message = "a chime sounds once at least";
        findings.require(chime.repeats > 0, at(index).key("repeats"), message, "write how many notes it has in a row");
        if let Some(other) = profile.chimes[..index].iter().find(|other| other.sounds_like(chime)) {
            let (message, help) = if other.meaning == chime.meaning {
                let message = format!("this chime sounds like `{}` and means the same", other.name);
                (message, "write it once".to_owned())
            } else {
                let message = format!(
                    "no sensor tells this chime from `{}`: both sound {} times at about {:.0}, and they mean different things",
                    other.name, chime.repeats, chime.hz
                );
                (message, "correct `hz` or `repeats` of one, or take away the chime that says less".to_owned())
            };
            findings.error(at(index).key("hz"), message, help);
        }
    }
    if profile.factory.sound {
        let prompts = profile.chimes.iter().any(|chime| chime.meaning == ChimeMeaning::Setup);
        let message = "this needs a chime that means `setup`, and the profile has none";
        findings.require(prompts, "factory.sound", message, "add a [[chimes]] with `meaning = \"setup\"`");
    }
}
