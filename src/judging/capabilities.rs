//! Which signs of a reset a rig and a profile can see together.

use super::rules::{distinguishable, tells_up};
use crate::domain::canary::Category;
use crate::domain::observation::{MarkerMeaning, Sense};
use crate::domain::profile::{ChimeMeaning, LightMeaning, Profile, Via};
use crate::domain::rig::Position;
use std::collections::BTreeSet;

/// Which sensors a rig has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Senses {
    /// Something that sees the light.
    pub light: bool,
    /// It sees colours too.
    pub colour: bool,
    /// The console.
    pub console: bool,
    /// Voltage and current at the plug.
    pub plug: bool,
    /// The network probe.
    pub probe: bool,
    /// Something that hears.
    pub sound: bool,
    /// The force on the button.
    pub force: bool,
}

impl Senses {
    /// What a position has. Whether its light sensor sees colours only its driver knows: set [`Senses::colour`] from its channels.
    pub fn of(position: &Position) -> Self {
        Self {
            light: position.light.is_some(),
            colour: false,
            console: position.console.is_some(),
            plug: position.plug.is_some(),
            probe: position.probe.is_some(),
            sound: position.sound.is_some(),
            force: position.force.is_some(),
        }
    }
}

/// Which signs can be seen, and through which senses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// (a) A reboot.
    pub reboot: BTreeSet<Sense>,
    /// (b) The factory state.
    pub factory: BTreeSet<Sense>,
    /// (c) Canaries that can be written and read.
    pub canaries: BTreeSet<Category>,
    /// The camera's own signal that it resets.
    pub resetting: bool,
    /// What the console says.
    pub console: bool,
    /// That the camera is up: those of the signs that its profile asks for.
    pub up: BTreeSet<Sense>,
    /// The camera's own account of a press that resets: noticed as such, or the reset runs.
    pub account: bool,
}

impl Capabilities {
    /// What these sensors can see of this model. A sign that cannot be told from another one cannot be seen.
    pub fn new(profile: &Profile, senses: Senses) -> Self {
        let light = |meaning| senses.light && distinguishable(meaning, &profile.light, senses.colour);
        let marker = |wanted: &[MarkerMeaning]| {
            let markers = profile.console.iter().flat_map(|console| &console.markers);
            senses.console && markers.into_iter().any(|marker| wanted.contains(&marker.meaning))
        };
        let hears = |wanted| senses.sound && profile.chimes.iter().any(|chime| chime.meaning == wanted);
        let can = |list: &[(Sense, bool)]| list.iter().filter(|(_, can)| *can).map(|(sense, _)| *sense).collect();
        let reachable = |via: Via| match via {
            Via::Console => senses.console,
            Via::Probe => senses.probe,
            Via::Operator => true,
            Via::None => false,
        };
        Self {
            reboot: can(&[
                (Sense::Console, marker(&[MarkerMeaning::Bootloader, MarkerMeaning::Kernel])),
                (Sense::Current, senses.plug),
                (Sense::Light, light(LightMeaning::Booting)),
                (Sense::Sound, hears(ChimeMeaning::Booting)),
            ]),
            factory: can(&[
                (Sense::Light, profile.factory.light && light(LightMeaning::Setup)),
                (Sense::Console, profile.factory.marker && marker(&[MarkerMeaning::Factory])),
                (Sense::Network, profile.factory.network && senses.probe),
                (Sense::Sound, profile.factory.sound && hears(ChimeMeaning::Setup)),
            ]),
            canaries: profile.canaries.iter().filter(|(_, rule)| reachable(rule.via)).map(|(category, _)| *category).collect(),
            console: senses.console,
            up: can(&[
                (Sense::Light, profile.ready.light_stable_s.is_some() && senses.light && tells_up(&profile.light, senses.colour)),
                (Sense::Console, profile.ready.marker && senses.console),
            ]),
            account: light(LightMeaning::Acknowledged)
                || light(LightMeaning::Resetting)
                || marker(&[MarkerMeaning::Accepted, MarkerMeaning::Erasing])
                || hears(ChimeMeaning::Acknowledged)
                || hears(ChimeMeaning::Resetting),
            resetting: light(LightMeaning::Resetting) || marker(&[MarkerMeaning::Erasing]) || hears(ChimeMeaning::Resetting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judging::testing;

    const ALL: Senses = Senses { light: true, colour: false, console: true, plug: true, probe: true, sound: true, force: true };

    #[test]
    fn a_sense_is_needed_for_each_sign() {
        let profile = testing::profile();
        let all = Capabilities::new(&profile, ALL);
        assert_eq!(all.reboot, BTreeSet::from([Sense::Console, Sense::Current, Sense::Light]));
        assert_eq!(all.factory, BTreeSet::from([Sense::Console, Sense::Light, Sense::Network]));
        assert_eq!(all.canaries.len(), 2);
        assert!(all.resetting);
        assert_eq!(Capabilities::new(&profile, Senses::default()), Capabilities::default());
    }

    #[test]
    fn the_profile_must_name_what_a_sense_would_see() {
        let mut profile = testing::profile();
        profile.factory = Default::default();
        profile.console.as_mut().unwrap().markers.clear();
        profile.light.clear();
        let found = Capabilities::new(&profile, ALL);
        assert_eq!(found.reboot, BTreeSet::from([Sense::Current]));
        assert!(found.factory.is_empty() && !found.resetting);
    }

    #[test]
    fn a_chime_is_a_sign_of_what_it_means_and_its_prompt_only_where_the_profile_says_so() {
        let mut profile = testing::profile();
        profile.light.clear();
        profile.console = None;
        let heard = |profile: &Profile| {
            let found = Capabilities::new(profile, Senses { sound: true, ..Senses::default() });
            (found.reboot, found.factory, found.resetting, found.account)
        };
        let none = BTreeSet::new;
        let sound = || BTreeSet::from([Sense::Sound]);
        assert_eq!(heard(&profile), (none(), none(), false, false));
        profile.chimes = vec![testing::chime("up", 800.0, 1, ChimeMeaning::Booting)];
        assert_eq!(heard(&profile), (sound(), none(), false, false));
        profile.chimes = vec![testing::chime("add me", 800.0, 1, ChimeMeaning::Setup)];
        assert_eq!(heard(&profile), (none(), none(), false, false));
        profile.factory.sound = true;
        assert_eq!(heard(&profile), (none(), sound(), false, false));
        profile.chimes = vec![testing::chime("wiping", 800.0, 1, ChimeMeaning::Resetting)];
        assert_eq!(heard(&profile), (none(), none(), true, true));
        assert_eq!(Capabilities::new(&profile, Senses { sound: false, ..ALL }).factory, BTreeSet::from([Sense::Network]));
    }

    #[test]
    fn a_pattern_that_could_be_another_is_no_capability() {
        let mut profile = testing::profile();
        let setup = profile.light[&LightMeaning::Setup].clone();
        profile.light.insert(LightMeaning::Booting, setup);
        let found = Capabilities::new(&profile, ALL);
        assert!(!found.reboot.contains(&Sense::Light) && !found.factory.contains(&Sense::Light));
    }
}
