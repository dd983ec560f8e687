//! Whether a camera is ready by its profile's rule.

use super::light::STEADY_US;
use super::rules::{LightRules, is_up};
use crate::domain::observation::{BootStage, CurrentEvent, MarkerMeaning, Observation};
use crate::domain::profile::{Profile, Readiness as Rule};
use crate::domain::units::{Seconds, Tick};

/// A light pattern that began before a boot and still stands this long after it is the boot's too: by then the light decoder would have
/// told of a change at the boot's beginning, or up to three seconds later.
const STALE: Seconds = Seconds::from_micro(2 * STEADY_US as i64);

/// The fold over observations since power-on.
///
/// A camera is ready when its light has shown for long enough that it is up (in normal use or waiting to be set up), and a marker has said
/// so, each where the profile asks for it, and not before the least wait since power-on. A new boot takes both signs back; the least wait
/// counts from power-on alone. Light patterns are decided late, so readiness may be taken back for up to [`STEADY_US`] after it was told.
#[derive(Clone, Debug)]
pub struct Readiness {
    rule: Rule,
    light: LightRules,
    /// The first moment at which it may be ready, by the least wait.
    not_before: Option<Tick>,
    boot: u32,
    /// When the boot that runs began; power-on at first.
    booted: Tick,
    /// When the supply's current showed a restart, the last time.
    restarted: Tick,
    /// Since when the light says that it is up.
    lit: Option<Tick>,
    marked: Option<Tick>,
    failed: Option<Tick>,
    /// How far the boot that runs has come.
    stage: Option<BootStage>,
}

impl Readiness {
    /// For a camera that is off.
    pub fn new(profile: &Profile) -> Self {
        Self {
            rule: profile.ready.clone(),
            light: profile.light.clone(),
            not_before: None,
            boot: 0,
            booted: Tick::ZERO,
            restarted: Tick::ZERO,
            lit: None,
            marked: None,
            failed: None,
            stage: None,
        }
    }

    /// The supply was switched on: all signs from before are void. `least_wait` is the profile's `min_wait_s`, or zero where a camera is only
    /// prepared.
    pub fn power_on(&mut self, at: Tick, least_wait: Seconds) {
        self.not_before = Some(at + least_wait);
        self.begin_boot(at);
    }

    /// The supply was switched off.
    pub fn power_off(&mut self) {
        self.not_before = None;
    }

    /// A trial begins: boots will be counted from 1 again.
    pub fn restart_count(&mut self) {
        self.boot = 0;
    }

    /// Takes one observation.
    pub fn apply(&mut self, at: Tick, observation: &Observation) {
        match observation {
            Observation::Current { event: CurrentEvent::Restart } => self.restarted = at,
            Observation::Light(pattern) => self.lit = is_up(pattern, &self.light).then_some(at),
            Observation::Boot { boot, stage } if *boot > self.boot => {
                self.boot = *boot;
                self.stage = Some(*stage);
                // A boot whose beginning was not seen is one that was running when listening began.
                if matches!(stage, BootStage::Bootloader | BootStage::Kernel) {
                    self.begin_boot(at);
                }
            }
            // What seemed the end was none: the same boot has come further.
            Observation::Boot { boot, stage } if *boot == self.boot && Some(*stage) > self.stage => {
                self.stage = Some(*stage);
                self.failed = None;
            }
            // One that waits to be set up is up as well.
            Observation::Marker { meaning: MarkerMeaning::Ready | MarkerMeaning::Factory, .. } => {
                self.marked.get_or_insert(at);
                self.failed = None;
            }
            Observation::Marker { meaning: MarkerMeaning::Fatal | MarkerMeaning::BootloaderPrompt, .. } => {
                self.failed.get_or_insert(at);
            }
            _ => {}
        }
    }

    /// The moment since which the camera is ready; `None` when it is not ready at `now`.
    pub fn ready_at(&self, now: Tick) -> Option<Tick> {
        let mut ready = self.not_before?;
        if self.failed.is_some() {
            return None;
        }
        if let Some(stable) = self.rule.light_stable_s {
            let lit = self.lit?;
            // A pattern from before the boot counts when it has stood too long for its end to be still undecided.
            let since = if lit >= self.booted { lit } else { self.booted + STALE };
            ready = ready.max(since + stable);
        }
        if self.rule.marker {
            ready = ready.max(self.marked?);
        }
        if self.rule.light_stable_s.is_none() && !self.rule.marker {
            // Nothing tells: time alone, and a new boot takes as long as the first.
            ready = ready.max(self.booted.max(self.restarted) + self.rule.min_wait_s);
        }
        (ready <= now).then_some(ready)
    }

    /// Since when the signs that the profile asks for have stood, without the waits that make sure of them: the boot's own time. `None` when
    /// they do not stand now, or when none is asked for.
    pub fn up_since(&self) -> Option<Tick> {
        self.not_before?;
        let lit = self.lit.map(|lit| lit.max(self.booted));
        match (self.rule.light_stable_s, self.rule.marker) {
            (Some(_), true) => Some(lit?.max(self.marked?)),
            (Some(_), false) => lit,
            (None, true) => self.marked,
            (None, false) => None,
        }
    }

    /// Since when the boot has failed for good: a fatal marker, or a bootloader that waits for a person. A new boot takes it back, and so does
    /// the same one when it comes further all the same.
    pub fn failed(&self) -> Option<Tick> {
        self.failed
    }

    fn begin_boot(&mut self, at: Tick) {
        self.booted = at;
        self.marked = None;
        self.failed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::{LightPattern, LightShape};
    use crate::judging::testing;

    fn s(seconds: f64) -> Tick {
        Tick::ZERO + Seconds::new(seconds)
    }

    fn light(shape: LightShape) -> Observation {
        Observation::Light(LightPattern { shape, hz: None, duty: None, colour: None, second: None })
    }

    fn marker(meaning: MarkerMeaning) -> Observation {
        Observation::Marker { marker: "m".to_owned(), meaning }
    }

    fn boot(boot: u32) -> Observation {
        Observation::Boot { boot, stage: BootStage::Bootloader }
    }

    /// Powered at 10 s, solid from 30 s, which must stand for 5 s; not before 60 s after power-on.
    fn tracker(light_stable: Option<f64>, marked: bool) -> Readiness {
        let mut profile = testing::profile();
        profile.ready = Rule {
            light_stable_s: light_stable.map(Seconds::new),
            marker: marked,
            min_wait_s: Seconds::new(60.0),
            timeout_s: Seconds::new(300.0),
        };
        let mut ready = Readiness::new(&profile);
        ready.power_on(s(10.0), Seconds::new(60.0));
        ready
    }

    #[test]
    fn a_camera_is_ready_when_its_light_has_stood_and_never_before_the_least_wait() {
        let mut ready = tracker(Some(5.0), false);
        ready.apply(s(30.0), &light(LightShape::Solid));
        assert_eq!(ready.ready_at(s(69.9)), None);
        assert_eq!(ready.ready_at(s(70.0)), Some(s(70.0)));
        ready.apply(s(80.0), &light(LightShape::Unclear));
        assert_eq!(ready.ready_at(s(90.0)), None);
        ready.apply(s(95.0), &light(LightShape::Solid));
        assert_eq!((ready.ready_at(s(99.9)), ready.ready_at(s(150.0))), (None, Some(s(100.0))));
    }

    #[test]
    fn a_camera_that_waits_to_be_set_up_is_ready_too() {
        let mut ready = tracker(Some(5.0), true);
        ready.apply(s(80.0), &Observation::Light(testing::SETUP));
        ready.apply(s(81.0), &marker(MarkerMeaning::Factory));
        assert_eq!(ready.ready_at(s(90.0)), Some(s(85.0)));
    }

    #[test]
    fn every_sign_that_the_profile_asks_for_is_needed() {
        let mut ready = tracker(Some(5.0), true);
        ready.apply(s(30.0), &light(LightShape::Solid));
        assert_eq!(ready.ready_at(s(200.0)), None);
        ready.apply(s(100.0), &marker(MarkerMeaning::Ready));
        assert_eq!(ready.ready_at(s(200.0)), Some(s(100.0)));
    }

    #[test]
    fn a_new_boot_takes_readiness_back_but_does_not_wait_the_least_wait_again() {
        let mut ready = tracker(None, true);
        ready.apply(s(11.0), &boot(1));
        ready.apply(s(40.0), &marker(MarkerMeaning::Ready));
        ready.apply(s(100.0), &boot(2));
        assert_eq!(ready.ready_at(s(101.0)), None);
        ready.apply(s(130.0), &marker(MarkerMeaning::Ready));
        assert_eq!(ready.ready_at(s(130.0)), Some(s(130.0)));
    }

    #[test]
    fn a_light_from_before_the_boot_must_stand_longer() {
        let mut ready = tracker(Some(2.0), false);
        ready.apply(s(30.0), &light(LightShape::Solid));
        ready.apply(s(100.0), &boot(1));
        assert_eq!((ready.ready_at(s(107.9)), ready.ready_at(s(108.0))), (None, Some(s(108.0))));
    }

    #[test]
    fn a_fatal_marker_fails_until_the_next_boot() {
        let mut ready = tracker(None, true);
        ready.apply(s(40.0), &marker(MarkerMeaning::Ready));
        for meaning in [MarkerMeaning::Fatal, MarkerMeaning::BootloaderPrompt] {
            ready.apply(s(90.0), &marker(meaning));
            assert_eq!((ready.failed(), ready.ready_at(s(99.0))), (Some(s(90.0)), None));
            ready.begin_boot(s(91.0));
            assert_eq!(ready.failed(), None);
        }
    }

    #[test]
    fn a_boot_that_comes_further_after_a_fatal_marker_has_not_failed() {
        let stage = |stage| Observation::Boot { boot: 1, stage };
        for onward in [stage(BootStage::Userland), marker(MarkerMeaning::Ready), marker(MarkerMeaning::Factory)] {
            let mut ready = tracker(None, true);
            ready.apply(s(11.0), &stage(BootStage::Bootloader));
            ready.apply(s(12.0), &stage(BootStage::Kernel));
            ready.apply(s(13.0), &marker(MarkerMeaning::Fatal));
            ready.apply(s(14.0), &stage(BootStage::Kernel));
            assert_eq!(ready.failed(), Some(s(13.0)), "no further than before");
            ready.apply(s(40.0), &onward);
            assert_eq!(ready.failed(), None, "{onward:?}");
            ready.apply(s(41.0), &marker(MarkerMeaning::Ready));
            assert!(ready.ready_at(s(90.0)).is_some(), "{onward:?}");
        }
    }

    #[test]
    fn where_time_alone_tells_a_restart_seen_at_the_plug_begins_it_anew() {
        let mut profile = testing::profile();
        (profile.ready.light_stable_s, profile.ready.marker) = (None, false);
        profile.ready.min_wait_s = Seconds::new(30.0);
        let mut ready = Readiness::new(&profile);
        ready.power_on(s(0.0), Seconds::new(30.0));
        assert_eq!(ready.ready_at(s(60.0)), Some(s(30.0)));
        ready.apply(s(60.0), &Observation::Current { event: CurrentEvent::Restart });
        assert_eq!((ready.ready_at(s(89.0)), ready.ready_at(s(90.0))), (None, Some(s(90.0))));
    }

    #[test]
    fn without_a_sign_time_alone_tells_and_without_power_nothing_does() {
        let mut ready = tracker(None, false);
        assert_eq!(ready.ready_at(s(70.0)), Some(s(70.0)));
        ready.apply(s(100.0), &boot(1));
        assert_eq!((ready.ready_at(s(159.0)), ready.ready_at(s(160.0))), (None, Some(s(160.0))));
        ready.power_off();
        assert_eq!(ready.ready_at(s(500.0)), None);
    }
}
