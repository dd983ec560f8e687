//! All decoders of a rig, and the steps that wait for the camera.

use super::halt::Halt;
use super::session::Session;
use crate::domain::event::{Event, Observed};
use crate::domain::measurement::names;
use crate::domain::observation::{Observation, Sense};
use crate::domain::profile::LightMeaning;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick};
use crate::judging::rules::meaning;
use crate::judging::{Capabilities, Channels, Readiness, Senses, Watch, WatchError};
use crate::planning::Bench;
use crate::ports::{Channel, Rig};

/// Decoders for what the rig has and the profile describes.
///
/// # Errors
/// The profile's rules or the calibration cannot be used.
pub fn decoders(bench: &Bench<'_>, rig: &Rig) -> Result<Watch, WatchError> {
    let lsb = |channel| rig.sensors.scale(channel).map(|scale| scale.lsb);
    let channels = Channels {
        light: lsb(Channel::Light),
        colour: match [Channel::Red, Channel::Green, Channel::Blue].map(lsb) {
            [Some(red), Some(green), Some(blue)] => Some([red, green, blue]),
            _ => None,
        },
        plug: lsb(Channel::PlugVoltage).zip(lsb(Channel::PlugCurrent)),
        console: rig.console.is_some(),
        sound: rig.sensors.scale(Channel::Sound).map(|scale| scale.period),
        force: lsb(Channel::Force),
    };
    Watch::new(bench.profile, &bench.position.calibration, channels)
}

/// Which signs this rig can see of this model. Only the light sensor itself knows whether it tells colours apart.
pub fn capabilities(bench: &Bench<'_>, rig: &Rig) -> Capabilities {
    let colour = rig.sensors.scale(Channel::Red).is_some();
    Capabilities::new(bench.profile, Senses { colour, ..Senses::of(bench.position) })
}

/// A tracker of readiness. Signs that the rig cannot see are not asked for: with none left, time alone tells.
pub fn readiness(bench: &Bench<'_>, can: &Capabilities) -> Readiness {
    let mut profile = bench.profile.clone();
    profile.ready.light_stable_s = profile.ready.light_stable_s.filter(|_| can.up.contains(&Sense::Light));
    profile.ready.marker &= can.up.contains(&Sense::Console);
    Readiness::new(&profile)
}

impl Session<'_> {
    /// Whether the camera is up now.
    pub fn is_up(&self) -> bool {
        self.powered_since.is_some() && self.readiness.ready_at(self.now()).is_some()
    }

    /// Since when it is up: the boot's own time, without the waits that make sure of it.
    pub fn up_since(&self) -> Option<Tick> {
        let ready = self.readiness.ready_at(self.now())?;
        Some(self.readiness.up_since().unwrap_or(ready))
    }

    /// Waits until the camera is ready. Not being ready in time is a finding about the camera, and so is a boot that says it has failed.
    pub fn await_ready(&mut self, not_before: Seconds) -> Result<StepEnd, Halt> {
        let Some(power_on) = self.powered_since else { return Ok(StepEnd::NotSeen) };
        let given_up = power_on + self.bench.profile.ready.timeout_s;
        let earliest = power_on + not_before;
        self.wait(given_up, |session| session.readiness.failed().is_some() || (session.now() >= earliest && session.is_up()))?;
        match self.up_since() {
            Some(since) => {
                self.ready_at = Some(since);
                self.changes.up();
                self.record(Event::Observed(Observed { at_us: since, observation: Observation::Ready }))?;
                self.measured(since, names::BOOT, "s", since.since(power_on).get(), None)?;
                self.watch.mark();
                Ok(StepEnd::Done)
            }
            _ => {
                if let Some(volts) = self.watch.stats().volts.filter(|_| self.rises_until.is_none()) {
                    self.measured(self.now(), names::PLUG_BOOT, "V", volts.mean, None)?;
                }
                self.measure_start()?;
                Ok(StepEnd::NotSeen)
            }
        }
    }

    /// Waits until so long after power-on, ready or not.
    pub fn await_since_power(&mut self, for_s: Seconds) -> Result<StepEnd, Halt> {
        let until = self.powered_since.unwrap_or_else(|| self.now()) + for_s;
        self.wait(until, |session| session.is_up())?;
        if let Some(since) = self.up_since().filter(|_| self.is_up()) {
            self.ready_at = Some(since);
            self.watch.mark();
        }
        self.wait(until, |_| false)?;
        Ok(StepEnd::Done)
    }

    /// Watches for the reboot and the readiness after it; ends early when nothing can come any more.
    pub fn watch(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        let began = self.now();
        let watch = self.bench.profile.watch.clone();
        let (quiet, limit) = (began + watch.quiet_s, (began + watch.reboot_s).min(deadline));
        let most = (began + watch.erasing_s.max(watch.reboot_s)).min(deadline);
        self.wait(most, |session| session.watched_enough(quiet, limit))?;
        self.measure_watch()?;
        let came = self.evidence.began_anew().is_some() && self.is_up();
        if let Some(since) = self.up_since().filter(|_| came) {
            self.observe(since, Observation::Ready)?;
        }
        Ok(if came { StepEnd::Done } else { StepEnd::NotSeen })
    }

    fn watched_enough(&mut self, quiet: Tick, limit: Tick) -> bool {
        let now = self.now();
        let unpowered = self.powered_since.is_none();
        if self.readiness.failed().is_some() {
            return true;
        }
        if let Some(rebooted) = self.evidence.began_anew() {
            let given_up = limit.max(rebooted.at + self.bench.profile.ready.timeout_s);
            return self.is_up() || (now >= given_up && !self.still_erasing(now));
        }
        let answered = self.change.is_some();
        if now >= quiet && !answered && (unpowered || self.is_up()) {
            return true;
        }
        now >= limit && !self.still_erasing(now)
    }

    /// Whether the camera shows that it is erasing or formatting, or did so within the last minute. A light is a state: it is told once, and
    /// stands until it changes.
    fn still_erasing(&self, now: Tick) -> bool {
        let shown = self.light.is_some_and(|light| meaning(&light, &self.bench.profile.light) == Some(LightMeaning::Resetting));
        shown || self.erasing_at.is_some_and(|at| now.since(at) < Seconds::new(60.0))
    }
}
