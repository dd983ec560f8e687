//! When a camera is ready, by its profile and with the senses that the rig has.

use super::rules::meaning;
use crate::domain::observation::{BootStage, CurrentEvent, MarkerMeaning, Observation};
use crate::domain::profile::{LightMeaning, Profile};
use crate::domain::units::{Seconds, Tick};

/// Which of the profile's signs of readiness the rig can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Senses {
    /// A light sensor.
    pub light: bool,
    /// A console.
    pub console: bool,
}

/// Watches for readiness since power-on, or since the last boot.
#[derive(Clone, Debug)]
pub struct Readiness {
    light_stable: Option<Seconds>,
    needs_marker: bool,
    min_wait: Seconds,
    power_on: Option<Tick>,
    lit_since: Option<Tick>,
    marked_at: Option<Tick>,
    boot: u32,
    failed: bool,
}

impl Readiness {
    /// Watches by the profile's rule; signs that the rig cannot see are not asked for. Where none is left, only time tells.
    pub fn new(profile: &Profile, senses: Senses) -> Self {
        Self {
            light_stable: profile.ready.light_stable_s.filter(|_| senses.light),
            needs_marker: profile.ready.marker && senses.console,
            min_wait: profile.ready.min_wait_s,
            power_on: None,
            lit_since: None,
            marked_at: None,
            boot: 0,
            failed: false,
        }
    }

    /// The supply was switched on.
    pub fn power_on(&mut self, at: Tick) {
        self.power_on = Some(at);
        self.lit_since = None;
        self.marked_at = None;
        self.boot = 0;
        self.failed = false;
    }

    /// The supply was switched off.
    pub fn power_off(&mut self) {
        self.power_on = None;
        self.lit_since = None;
        self.marked_at = None;
    }

    /// Takes in an observation. A camera that waits to be set up is up as well.
    pub fn apply(&mut self, at: Tick, observation: &Observation, profile: &Profile) {
        match observation {
            Observation::Light(pattern) => match meaning(profile, pattern) {
                Some(LightMeaning::Ready | LightMeaning::Setup) => {
                    self.lit_since = self.lit_since.or(Some(at));
                }
                Some(LightMeaning::Booting) => self.starts_over(),
                _ => self.lit_since = None,
            },
            Observation::Boot { boot, stage } => {
                if *boot > self.boot && matches!(stage, BootStage::Bootloader | BootStage::Kernel) {
                    self.boot = *boot;
                    self.starts_over();
                }
            }
            Observation::Current { event: CurrentEvent::Restart } => self.starts_over(),
            Observation::Marker { meaning: MarkerMeaning::Ready, .. } => self.marked_at = self.marked_at.or(Some(at)),
            Observation::Marker { meaning: MarkerMeaning::Fatal | MarkerMeaning::BootloaderPrompt, .. } => self.failed = true,
            _ => {}
        }
    }

    fn starts_over(&mut self) {
        self.lit_since = None;
        self.marked_at = None;
        self.failed = false;
    }

    /// Since when the camera is ready, if it is at `now`. Without a sign to see it is the end of the profile's wait.
    pub fn ready_since(&self, now: Tick) -> Option<Tick> {
        let power_on = self.power_on?;
        let lit = match self.light_stable {
            Some(stable) => {
                let since = self.lit_since?;
                (now >= since + stable).then_some(since)?
            }
            None => power_on,
        };
        let marked = if self.needs_marker { self.marked_at? } else { power_on };
        if self.light_stable.is_none() && !self.needs_marker {
            let waited = power_on + self.min_wait;
            return (now >= waited).then_some(waited);
        }
        Some(lit.max(marked))
    }

    /// The console said that this boot has failed for good.
    pub fn failed(&self) -> bool {
        self.failed
    }
}
