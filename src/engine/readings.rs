//! What comes out of a poll: traced, decoded, noticed, written down.

use super::coil::Edge;
use super::halt::Halt;
use super::session::Session;
use crate::domain::event::{Environment, Event, StopRequested};
use crate::domain::measurement::names;
use crate::domain::observation::{CurrentEvent, ForceEvent, MarkerMeaning, Observation, PowerState};
use crate::domain::profile::{ChimeMeaning, LightMeaning};
use crate::domain::run_state::Phase;
use crate::domain::units::Tick;
use crate::judging::Watch;
use crate::judging::evidence::tone_means;
use crate::judging::light::Primary;
use crate::judging::rules::meaning;
use crate::ports::batch::Control;
use crate::ports::{Batch, Channel, Reading};

impl Session<'_> {
    /// One poll: readings are traced, decoded, and written down as observations.
    pub fn poll(&mut self, until: Tick) -> Result<(), Halt> {
        let mut batch = std::mem::take(&mut self.batch);
        let polled = self.rig.sensors.poll(until, &mut batch);
        let taken = self.take(&batch);
        self.batch = batch;
        taken?;
        polled.map_err(Halt::Fault)
    }

    fn take(&mut self, batch: &Batch) -> Result<(), Halt> {
        self.recorder.trace(batch)?;
        let mut fresh = std::mem::take(&mut self.fresh);
        decode(&mut self.watch, batch);
        self.tap.iter_mut().for_each(|tap| tap.see(batch));
        fresh.extend(self.watch.drain());
        for reading in &batch.readings {
            self.take_reading(batch, reading)?;
        }
        if self.wants_environment && self.bench_now != Environment::default() {
            self.wants_environment = false;
            self.record(Event::Environment(self.bench_now.clone()))?;
        }
        if let Some(exchange) = &mut self.exchange {
            let answer = exchange.tick(batch.end);
            self.answer = self.answer.take().or(answer);
        }
        for (at, observation) in fresh.drain(..) {
            self.notice(at, &observation)?;
            self.observe(at, observation)?;
        }
        self.fresh = fresh;
        if self.rises_until.is_some_and(|until| batch.end >= until) {
            self.risen();
        }
        Ok(())
    }

    /// What the engine itself goes by.
    fn notice(&mut self, at: Tick, observation: &Observation) -> Result<(), Halt> {
        self.readiness.apply(at, observation);
        let answer = self.changes.see(self.bench.profile, self.light_before.as_ref(), observation);
        match observation {
            Observation::Light(pattern) => {
                let resets = |pattern| meaning(&pattern, &self.bench.profile.light) == Some(LightMeaning::Resetting);
                let (before, now) = (self.light.replace(*pattern).is_some_and(resets), resets(*pattern));
                if now {
                    self.erases(at);
                } else if before {
                    self.watch.erases(false);
                }
            }
            Observation::Marker { meaning: MarkerMeaning::Erasing, .. } => self.erases(at),
            Observation::Current { event: CurrentEvent::Erase } => self.erases(at),
            Observation::Tone { tone } if tone_means(&self.bench.profile.chimes, tone) == ChimeMeaning::Resetting => {
                self.erases(at);
            }
            // It starts again, or has: whatever it draws from now on is no erase.
            Observation::Boot { .. }
            | Observation::Marker { meaning: MarkerMeaning::WarmReboot, .. }
            | Observation::Current { event: CurrentEvent::Restart }
            | Observation::Ready => self.watch.erases(false),
            _ => {}
        }
        if let Observation::Force { event: ForceEvent::Snap } = observation {
            self.snap = Some(at);
        }
        if let Observation::Power { state } = observation {
            self.power = Some(*state);
            if *state != PowerState::Off && self.powered_since.is_some_and(|since| at >= since) {
                self.fed_since = self.fed_since.or(Some(at));
            }
            let there = matches!(state, PowerState::On | PowerState::OverVoltage);
            if there && self.rises_until.is_some() && self.powered_since.is_some_and(|since| at >= since) {
                self.risen();
            }
        }
        if self.change.is_some() || self.stimulus_began.is_none_or(|began| at <= began) {
            return Ok(());
        }
        let Some(sense) = answer else { return Ok(()) };
        self.change = Some((at, sense));
        self.observe(at, Observation::Change { sense })?;
        if self.coil.on.is_some() {
            self.measured(at, names::ACK, "s", at.since(self.hold_counts_from()).get(), None)?;
        }
        Ok(())
    }

    /// The camera says itself that it is writing flash.
    fn erases(&mut self, at: Tick) {
        self.erasing_at = Some(at);
        self.last_erase = self.last_erase.max(Some(at));
        self.watch.erases(true);
    }

    fn take_reading(&mut self, batch: &Batch, reading: &Reading) -> Result<(), Halt> {
        match reading {
            Reading::Samples(_) | Reading::ConsoleGap { .. } => Ok(()),
            Reading::Console { at, range } => {
                if let Some(exchange) = &mut self.exchange {
                    let answer = exchange.feed(*at, batch.console(range));
                    self.answer = self.answer.take().or(answer);
                }
                Ok(())
            }
            Reading::Coil { energised, at, uncertainty } => {
                self.coil.edge(*energised, Edge { at: *at, u_s: *uncertainty });
                self.observe(*at, Observation::Coil { energised: *energised, u_s: *uncertainty })
            }
            Reading::Probe { number, at, answer } => {
                self.probe_answers.push((*number, *at, answer.clone()));
                Ok(())
            }
            Reading::Answer { question, answer, .. } => {
                self.answers.push((*question, answer.clone()));
                Ok(())
            }
            Reading::Supply { at, reading } => {
                self.supply = Some((*at, *reading));
                Ok(())
            }
            Reading::Temperature { ambient_c, coil_c, .. } => {
                self.bench_now = Environment { ambient_c: *ambient_c, coil_c: *coil_c, ..Environment::default() };
                Ok(())
            }
            Reading::Control(control) => self.take_control(*control),
        }
    }

    fn take_control(&mut self, control: Control) -> Result<(), Halt> {
        let paused = self.recorder.state().phase == Phase::Paused;
        match control {
            Control::Stop(how) if self.stop.is_none_or(|stop| how > stop) => {
                self.stop = Some(how);
                self.record(Event::StopRequested(StopRequested { how })).map(drop)
            }
            Control::Pause if !paused => self.record(Event::Paused(Default::default())).map(drop),
            Control::Continue if paused => self.record(Event::Continued(Default::default())).map(drop),
            Control::Stop(_) | Control::Pause | Control::Continue => Ok(()),
        }
    }
}

/// Feeds a batch to the decoders. The coil's edges go first: a block of samples that began before an edge reaches beyond it.
fn decode(watch: &mut Watch, batch: &Batch) {
    for reading in &batch.readings {
        if let Reading::Coil { energised, at, .. } = reading {
            watch.coil(*at, *energised);
        }
    }
    for reading in &batch.readings {
        match reading {
            Reading::Samples(block) => {
                let codes = batch.codes(block);
                match block.channel {
                    Channel::Light => watch.light(block.start, block.period, codes),
                    Channel::PlugVoltage => watch.volts(block.start, block.period, codes),
                    Channel::PlugCurrent => watch.amps(block.start, block.period, codes),
                    Channel::Red => watch.colour(Primary::Red, block.start, block.period, codes),
                    Channel::Green => watch.colour(Primary::Green, block.start, block.period, codes),
                    Channel::Blue => watch.colour(Primary::Blue, block.start, block.period, codes),
                    Channel::Sound => watch.sound(block.start, block.period, codes),
                    Channel::Force => watch.force(block.start, block.period, codes),
                }
            }
            Reading::Console { at, range } => watch.console(*at, batch.console(range)),
            Reading::ConsoleGap { at } => watch.console_gap(*at),
            _ => {}
        }
    }
    watch.tick(batch.end);
}
