//! What a person would call a change: the guide's "light, chime or motor", and what a console or a meter adds.

use super::evidence::tone_means;
use super::rules::meaning;
use crate::domain::observation::{CurrentEvent, LightPattern, LightShape, MarkerMeaning, Observation, Sense};
use crate::domain::profile::{ChimeMeaning, LightMeaning, Profile};

/// Rates of one light differ by so much from window to window.
const SAME_RATE: f64 = 0.2;

/// The fold that knows which boot is our doing: what a camera shows while it boots because we fed it answers no press.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes {
    /// The highest boot that was seen in this trial.
    boot: u32,
    /// We have switched the supply on, and its boot has not been seen on the console.
    awaited: bool,
    /// The camera has not been seen to be up since we switched the supply on.
    booting: bool,
    /// It began to boot again, and has not been seen to be up since.
    rebooting: bool,
}

impl Changes {
    /// A trial begins: boots are counted from 1 again.
    pub fn restart_count(&mut self) {
        self.boot = 0;
    }

    /// We switch the supply on.
    pub fn power_on(&mut self) {
        self.awaited = true;
        self.booting = true;
    }

    /// The camera is up: what it does from now on is no part of a boot.
    pub fn up(&mut self) {
        self.booting = false;
        self.rebooting = false;
    }

    /// Through which sense an observation shows that the camera answers the press, if it was made after it. `before` is the light before the
    /// press. That the button was noticed is no change: it says nothing of a reset; nor is a tone that only shows that the camera boots
    /// or waits to be set up, nor a motor that runs while it boots. Every observation of a trial must be shown, in order.
    pub fn see(&mut self, profile: &Profile, before: Option<&LightPattern>, observation: &Observation) -> Option<Sense> {
        match observation {
            Observation::Light(pattern) => self.light(profile, before, pattern),
            Observation::Tone { tone } => self.tone(tone_means(&profile.chimes, tone)),
            Observation::Motor { running: true } => (!self.booting && !self.rebooting).then_some(Sense::Motor),
            Observation::Ready | Observation::Marker { meaning: MarkerMeaning::Ready, .. } => {
                self.up();
                None
            }
            Observation::Marker { meaning, .. } => {
                let answers = match meaning {
                    MarkerMeaning::Accepted | MarkerMeaning::Erasing => true,
                    // A boot that fails and begins anew says so too.
                    MarkerMeaning::WarmReboot => !self.booting,
                    _ => false,
                };
                answers.then_some(Sense::Console)
            }
            Observation::Boot { boot, .. } => self.booted(*boot).then_some(Sense::Console),
            Observation::Current { event: CurrentEvent::Restart } => {
                self.rebooting = true;
                (!self.booting).then_some(Sense::Current)
            }
            _ => None,
        }
    }

    /// Whether this is the beginning of a boot that is not our doing, of a camera that was up. Later stages of a boot are no news.
    fn booted(&mut self, boot: u32) -> bool {
        let news = boot > self.boot;
        self.boot = self.boot.max(boot);
        self.rebooting |= news;
        news && !std::mem::take(&mut self.awaited) && !self.booting
    }

    fn tone(&mut self, means: ChimeMeaning) -> Option<Sense> {
        match means {
            ChimeMeaning::Acknowledged | ChimeMeaning::Resetting => Some(Sense::Sound),
            ChimeMeaning::Booting => {
                self.rebooting = true;
                None
            }
            ChimeMeaning::Setup => None,
        }
    }

    fn light(&mut self, profile: &Profile, before: Option<&LightPattern>, pattern: &LightPattern) -> Option<Sense> {
        let means = meaning(pattern, &profile.light);
        let up = matches!(means, Some(LightMeaning::Ready | LightMeaning::Setup));
        self.rebooting &= !up;
        if self.booting {
            self.booting = !up;
            return matches!(means, Some(LightMeaning::Acknowledged | LightMeaning::Resetting)).then_some(Sense::Light);
        }
        let usual = means == Some(LightMeaning::Ready);
        let same = before.is_some_and(|before| same_light(before, pattern));
        (pattern.shape != LightShape::Unclear && !usual && !same).then_some(Sense::Light)
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
    use crate::domain::observation::BootStage;
    use crate::judging::testing::{self, ACKNOWLEDGED, BOOTING, OFF, READY, SETUP};

    fn seen(before: Option<&LightPattern>, observation: Observation) -> Option<Sense> {
        Changes::default().see(&testing::profile(), before, &observation)
    }

    fn boot(boot: u32, stage: BootStage) -> Observation {
        Observation::Boot { boot, stage }
    }

    fn ready() -> Observation {
        Observation::Marker { marker: "m".to_owned(), meaning: MarkerMeaning::Ready }
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

    #[test]
    fn the_boot_that_we_cause_answers_no_press_and_the_next_one_does() {
        let (profile, mut changes) = (testing::profile(), Changes::default());
        changes.power_on();
        let mut see = |observation| changes.see(&profile, Some(&OFF), &observation);
        for stage in [BootStage::Bootloader, BootStage::Kernel, BootStage::Application] {
            assert_eq!(see(boot(1, stage)), None);
        }
        assert_eq!(see(Observation::Light(BOOTING)), None);
        assert_eq!(see(Observation::Light(ACKNOWLEDGED)), Some(Sense::Light));
        assert_eq!(see(boot(2, BootStage::Bootloader)), None, "it was not up yet");
        assert_eq!(see(ready()), None);
        assert_eq!(see(boot(3, BootStage::Bootloader)), Some(Sense::Console));
        assert_eq!(see(boot(3, BootStage::Kernel)), None, "the same boot");
    }

    #[test]
    fn a_boot_that_begins_anew_before_the_camera_was_ever_up_answers_no_press() {
        let (profile, mut changes) = (testing::profile(), Changes::default());
        changes.power_on();
        let warm = Observation::Marker { marker: "m".to_owned(), meaning: MarkerMeaning::WarmReboot };
        let restart = Observation::Current { event: CurrentEvent::Restart };
        let mut see = |observation| changes.see(&profile, None, &observation);
        for again in [boot(1, BootStage::Kernel), warm.clone(), boot(2, BootStage::Bootloader), restart.clone()] {
            assert_eq!(see(again.clone()), None, "{again:?}");
        }
        assert_eq!(see(ready()), None);
        assert_eq!(
            [see(warm), see(restart), see(boot(3, BootStage::Kernel))],
            [Some(Sense::Console), Some(Sense::Current), Some(Sense::Console)]
        );
    }

    #[test]
    fn without_a_console_the_light_ends_our_boot() {
        let (profile, mut changes) = (testing::profile(), Changes::default());
        changes.power_on();
        let mut see = |light| changes.see(&profile, Some(&OFF), &Observation::Light(light));
        assert_eq!([see(BOOTING), see(SETUP), see(BOOTING)], [None, None, Some(Sense::Light)]);
    }

    fn tone(name: &str) -> Observation {
        Observation::Tone { tone: name.to_owned() }
    }

    #[test]
    fn only_a_tone_that_notices_the_press_answers_it() {
        let mut profile = testing::profile();
        let meanings = [ChimeMeaning::Acknowledged, ChimeMeaning::Resetting, ChimeMeaning::Setup, ChimeMeaning::Booting];
        profile.chimes = meanings.iter().map(|&means| testing::chime(&format!("{means:?}"), 800.0, 1, means)).collect();
        let answers = meanings.map(|means| Changes::default().see(&profile, None, &tone(&format!("{means:?}"))));
        assert_eq!(answers, [Some(Sense::Sound), Some(Sense::Sound), None, None]);
    }

    #[test]
    fn a_motor_that_runs_in_a_boot_is_no_change_and_one_that_runs_afterwards_is() {
        let mut profile = testing::profile();
        profile.chimes = vec![testing::chime("up", 800.0, 1, ChimeMeaning::Booting)];
        let runs = Observation::Motor { running: true };
        for begins in [tone("up"), boot(1, BootStage::Kernel), Observation::Current { event: CurrentEvent::Restart }] {
            let mut changes = Changes::default();
            assert_eq!(changes.see(&profile, None, &runs), Some(Sense::Motor));
            changes.see(&profile, None, &begins);
            assert_eq!(changes.see(&profile, None, &runs), None, "{begins:?}");
            changes.up();
            assert_eq!(changes.see(&profile, None, &runs), Some(Sense::Motor));
        }
        let mut changes = Changes::default();
        changes.power_on();
        assert_eq!(changes.see(&profile, None, &runs), None, "the boot that we cause");
        changes.see(&profile, None, &Observation::Ready);
        assert_eq!(changes.see(&profile, None, &runs), Some(Sense::Motor));
    }
}
