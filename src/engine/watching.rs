//! All decoders of a rig, and the steps that wait for the camera.

use super::halt::Halt;
use super::session::Session;
use crate::domain::condition::Check;
use crate::domain::event::{Event, Observed};
use crate::domain::measurement::names;
use crate::domain::observation::Observation;
use crate::domain::profile::Profile;
use crate::domain::rig::Calibration;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick};
use crate::judging::console::ConsoleDecoder;
use crate::judging::light::{LightDecoder, LightSettings};
use crate::judging::plug::PlugDecoder;
use crate::judging::ready::{Readiness, Senses as ReadySenses};
use crate::ports::{Batch, Channel, Reading, Rig};

/// Readings to observations.
pub struct Senses {
    light: Option<LightDecoder>,
    console: Option<ConsoleDecoder>,
    /// Voltage and current at the camera's plug.
    pub plug: Option<PlugDecoder>,
}

impl Senses {
    /// Decoders for what the rig has and the profile describes.
    ///
    /// # Errors
    /// In words, where the profile's rules or the calibration cannot be used.
    pub fn new(profile: &Profile, calibration: &Calibration, rig: &Rig) -> Result<Self, String> {
        let light = match rig.sensors.scale(Channel::Light) {
            Some(scale) => Some(LightDecoder::new(LightSettings::new(calibration, scale.lsb)).map_err(|e| e.to_string())?),
            None => None,
        };
        let console = match (&profile.console, &rig.console) {
            (Some(console), Some(_)) => Some(ConsoleDecoder::new(console).map_err(|error| error.to_string())?),
            _ => None,
        };
        let (volts, amps) = (rig.sensors.scale(Channel::PlugVoltage), rig.sensors.scale(Channel::PlugCurrent));
        let plug = match (volts, amps) {
            (Some(volts), Some(amps)) => {
                Some(PlugDecoder::new(&profile.supply, volts.lsb, amps.lsb).map_err(|error| error.to_string())?)
            }
            _ => None,
        };
        Ok(Self { light, console, plug })
    }

    /// Which senses can tell readiness.
    pub fn for_readiness(&self) -> ReadySenses {
        ReadySenses { light: self.light.is_some(), console: self.console.is_some() }
    }

    /// A trial begins, or its proper part: boots are counted anew.
    pub fn restart(&mut self, at: Tick) {
        if let Some(light) = &mut self.light {
            light.reset();
        }
        if let Some(console) = &mut self.console {
            console.reset(at);
        }
        if let Some(plug) = &mut self.plug {
            plug.reset();
        }
    }

    /// Decodes a batch.
    pub fn feed(&mut self, batch: &Batch, out: &mut Vec<(Tick, Observation)>) {
        for reading in &batch.readings {
            match reading {
                Reading::Samples(block) => {
                    let codes = batch.codes(block);
                    match (block.channel, &mut self.light, &mut self.plug) {
                        (Channel::Light, Some(light), _) => light.feed(block.start, block.period, codes, out),
                        (Channel::PlugVoltage, _, Some(plug)) => plug.volts(block.start, block.period, codes, out),
                        (Channel::PlugCurrent, _, Some(plug)) => plug.amps(block.start, block.period, codes, out),
                        _ => {}
                    }
                }
                Reading::Console { at, range } => {
                    if let Some(console) = &mut self.console {
                        console.feed(*at, batch.console(range), out);
                    }
                }
                Reading::ConsoleGap { at } => {
                    if let Some(console) = &mut self.console {
                        console.gap(*at, out);
                    }
                }
                _ => {}
            }
        }
        if let Some(console) = &mut self.console {
            console.tick(batch.end, out);
        }
    }
}

impl Session<'_> {
    /// A tracker of readiness for this rig and profile.
    pub fn fresh_readiness(&self) -> Readiness {
        Readiness::new(self.bench.profile, self.senses.for_readiness())
    }

    /// Whether the camera is up now.
    pub fn is_up(&self) -> bool {
        self.powered_since.is_some() && self.readiness.ready_since(self.now()).is_some()
    }

    /// Waits until the camera is ready. Not being ready in time is a finding about the camera, and so is a boot that says it has failed.
    pub fn await_ready(&mut self, not_before: Seconds) -> Result<StepEnd, Halt> {
        let Some(power_on) = self.powered_since else { return Ok(StepEnd::NotSeen) };
        let given_up = power_on + self.bench.profile.ready.timeout_s;
        let earliest = power_on + not_before;
        self.wait(given_up, |session| session.readiness.failed() || (session.now() >= earliest && session.is_up()))?;
        match self.readiness.ready_since(self.now()) {
            Some(since) if !self.readiness.failed() => {
                self.ready_at = Some(since);
                self.record(Event::Observed(Observed { at_us: since, observation: Observation::Ready }))?;
                self.measured(since, names::BOOT, "s", since.since(power_on).get(), None)?;
                self.mark_plug();
                Ok(StepEnd::Done)
            }
            _ => Ok(StepEnd::NotSeen),
        }
    }

    /// Waits until so long after power-on, ready or not.
    pub fn await_since_power(&mut self, for_s: Seconds) -> Result<StepEnd, Halt> {
        let from = self.powered_since.unwrap_or_else(|| self.now());
        self.wait(from + for_s, |_| false)?;
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
        let came = self.evidence.rebooted().is_some() && self.is_up();
        Ok(if came { StepEnd::Done } else { StepEnd::NotSeen })
    }

    fn watched_enough(&mut self, quiet: Tick, limit: Tick) -> bool {
        let now = self.now();
        let unpowered = self.powered_since.is_none();
        if self.readiness.failed() {
            return true;
        }
        if let Some(rebooted) = self.evidence.rebooted() {
            return self.is_up() || (now >= limit.max(rebooted + self.bench.profile.ready.timeout_s) && !self.still_erasing(now));
        }
        let answered = self.change.is_some() || self.evidence.erasing().is_some();
        if now >= quiet && !answered && (unpowered || self.is_up()) {
            return true;
        }
        now >= limit && !self.still_erasing(now)
    }

    /// Whether the camera showed within the last minute that it is erasing or formatting.
    fn still_erasing(&self, now: Tick) -> bool {
        self.evidence.erasing().is_some_and(|at| now.since(at) < Seconds::new(60.0))
    }

    /// A trial without a reset question.
    pub fn measure(&mut self, check: Check, deadline: Tick) -> Result<StepEnd, Halt> {
        match check {
            Check::Boot => {
                if self.powered_since.is_none() {
                    self.power_on(deadline)?;
                }
                self.await_ready(Seconds::ZERO)
            }
            Check::SupplyRamp | Check::ButtonContact | Check::DarkLight => {
                let detail = format!("this version has no measurement `{check:?}`");
                Err(crate::domain::verdict::Fault::new(crate::domain::verdict::FaultKind::Interlock, "measure", detail).into())
            }
        }
    }
}
