//! What a trial has shown: a fold over its journal lines, so that judging live and judging again later are the same function.

mod account;
mod canaries;
mod factory;
mod mark;
mod outage;
mod progress;
mod reboot;
mod response;
mod source;
mod told;

pub use account::tone_means;
pub use canaries::Canary;
pub use factory::Fact;
pub use mark::Mark;
pub use progress::{Failure, Progress};
pub use source::Source;

use super::rules::{LightRules, meaning};
use crate::domain::event::{Event, Measured, Observed};
use crate::domain::ids::Seq;
use crate::domain::measurement::names;
use crate::domain::observation::{Observation, Sense};
use crate::domain::profile::{Chime, ChimeMeaning, Profile};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Amps, Tick, Volts};
use canaries::Canaries;
use factory::Factory;
use outage::Outages;
use reboot::Reboots;
use response::Response;

/// A line and its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The journal line.
    pub seq: Seq,
    /// When.
    pub at: Tick,
}

/// How an observation stands to the stimulus.
#[derive(Clone, Copy, Debug)]
struct Context {
    seq: Seq,
    at: Tick,
    /// It was made at the stimulus or after it.
    after: bool,
    /// The camera is being revived: its boots are our doing.
    recovering: bool,
    /// We have not switched the supply off.
    powered: bool,
    /// The camera was up at some time since we last switched the supply on.
    was_up: bool,
    /// The same, and nothing has told of a boot since.
    settled: bool,
    /// What the tone means, where it is one.
    tone: Option<ChimeMeaning>,
}

/// The fold over a trial's journal lines. A line that begins a trial begins it anew, so a whole journal may be folded.
#[derive(Clone, Debug)]
pub struct Evidence {
    light: LightRules,
    chimes: Vec<Chime>,
    /// The least voltage that the camera is made for, and the most that it draws.
    least: Volts,
    rated: Amps,
    step: Option<Step>,
    /// The supply as it was commanded last.
    powered: bool,
    stimulus: Option<Moment>,
    recovery: Option<Tick>,
    energised: Option<Moment>,
    released: Option<Moment>,
    ever_ready: bool,
    ready_before: Option<Moment>,
    never_ready: Option<Moment>,
    ready_after: Option<Moment>,
    recovered: Option<(bool, Moment)>,
    reboots: Reboots,
    factory: Factory,
    canaries: Canaries,
    response: Response,
    outages: Outages,
    /// When the camera first spoke of a reset, and whether a boot had been told by then: of two signs of one moment the first told is the first.
    spoke: Option<(Mark, bool)>,
    progress: Progress,
    source: Source,
    /// The latest line's moment.
    latest: Tick,
}

impl Evidence {
    /// No evidence yet, about a camera of this model.
    pub fn new(profile: &Profile) -> Self {
        Self::with(profile.light.clone(), profile.chimes.clone(), profile.supply.min_v, profile.supply.max_a)
    }

    fn with(light: LightRules, chimes: Vec<Chime>, least: Volts, rated: Amps) -> Self {
        Self {
            light,
            chimes,
            least,
            rated,
            step: None,
            powered: true,
            stimulus: None,
            recovery: None,
            energised: None,
            released: None,
            ever_ready: false,
            ready_before: None,
            never_ready: None,
            ready_after: None,
            recovered: None,
            reboots: Reboots::default(),
            factory: Factory::default(),
            canaries: Canaries::default(),
            response: Response::default(),
            outages: Outages::default(),
            spoke: None,
            progress: Progress::default(),
            source: Source::default(),
            latest: Tick::ZERO,
        }
    }

    /// Takes line `seq` of the journal, written at `at`.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) {
        self.latest = self.latest.max(at);
        match event {
            Event::TrialStarted(started) => {
                *self = Self::with(std::mem::take(&mut self.light), std::mem::take(&mut self.chimes), self.least, self.rated);
                self.source = Source::of(started.slot.condition.adapter.clone());
            }
            Event::StepStarted(started) => self.step_started(Moment { seq, at }, &started.step),
            Event::StepFinished(finished) => self.step_finished(Moment { seq, at }, finished.end),
            Event::Observed(observed) => self.observed(seq, observed),
            Event::Measured(Measured { at_us, measurement }) => {
                if measurement.name == names::PLUG_IDLE && Volts::new(measurement.value) < self.least {
                    self.outages.low_at_press(Mark { seq, at: *at_us, sense: Sense::Current });
                }
                self.outages.measured(measurement, self.rated);
                self.source.measured(measurement);
            }
            _ => {}
        }
    }

    fn step_started(&mut self, now: Moment, step: &Step) {
        self.source.step(step);
        match step {
            Step::PowerOff => {
                self.powered = false;
                self.factory.power_off();
            }
            Step::PowerOn => {
                self.powered = true;
                self.reboots.power_on(now.at);
                self.progress.power_on();
                if self.stimulus.is_none() {
                    self.ready_before = None;
                }
            }
            Step::WriteCanaries | Step::ReadBackCanaries => self.canaries.written = true,
            Step::Press { .. } | Step::Sham { .. } => {
                self.stimulus.get_or_insert(now);
            }
            // What it did before it was revived is past.
            Step::Recover if self.recovery.is_none() => {
                self.recovery = Some(now.at);
                self.progress.power_on();
            }
            _ => {}
        }
        self.step = Some(step.clone());
    }

    fn step_finished(&mut self, now: Moment, end: StepEnd) {
        match (self.step.take(), end) {
            (Some(Step::AwaitReady { .. }), StepEnd::Done) => self.ready(now),
            (Some(Step::AwaitReady { .. }), StepEnd::NotSeen) if self.stimulus.is_none() => self.never_ready = Some(now),
            (Some(Step::Provision), StepEnd::Done) if self.stimulus.is_none() => self.factory.provisioned(now.at),
            (Some(Step::ProveNotFactory), StepEnd::Done) if self.stimulus.is_none() => self.factory.proved(now.seq, now.at),
            (Some(Step::Recover), StepEnd::Done) => self.recovered = Some((true, now)),
            (Some(Step::Recover), StepEnd::NotSeen) => self.recovered = Some((false, now)),
            _ => {}
        }
    }

    fn ready(&mut self, now: Moment) {
        self.reboots.ready();
        match self.stimulus {
            Some(stimulus) if now.at >= stimulus.at => self.ready_after = Some(now),
            _ => {
                self.reboots.steady(now.at);
                self.source.ready();
                self.ever_ready = true;
                self.never_ready = None;
                self.ready_before.get_or_insert(now);
                self.factory.listening.get_or_insert(now.at);
            }
        }
    }

    fn observed(&mut self, seq: Seq, observed: &Observed) {
        let Observed { at_us: at, observation } = observed;
        let after = self.stimulus.is_some_and(|stimulus| *at >= stimulus.at);
        let recovering = self.recovery.is_some_and(|recovery| *at >= recovery);
        let tone = if let Observation::Tone { tone } = observation { Some(tone_means(&self.chimes, tone)) } else { None };
        let (was_up, settled) = (self.reboots.was_up, self.reboots.settled);
        let context = Context { seq, at: *at, after, recovering, powered: self.powered, was_up, settled, tone };
        match observation {
            Observation::Ready => self.ready(Moment { seq, at: *at }),
            Observation::Coil { energised, .. } if after => self.coil(*energised, Moment { seq, at: *at }),
            Observation::Canary { category, fate } => {
                let after = match self.step {
                    Some(Step::ReadBackCanaries) => false,
                    Some(Step::Verify) => true,
                    _ => after,
                };
                self.canaries.read(seq, *category, *fate, after);
            }
            _ => {}
        }
        let light = if let Observation::Light(pattern) = observation { meaning(pattern, &self.light) } else { None };
        if self.reboots.observe(context, observation, light, self.account().is_some()) {
            self.factory.rebooted(*at);
        }
        let rebooted = self.began_anew().map(|mark| mark.at);
        if let Some(mark) = account::account(context, observation, light)
            && self.spoke.is_none_or(|(known, _)| mark.at < known.at)
        {
            self.spoke = Some((mark, rebooted.is_some_and(|boot| boot <= mark.at)));
        }
        self.progress.observe(seq, *at, observation);
        self.source.observe(observation);
        self.outages.observe(context, observation);
        if self.factory.observe(context, observation, light) {
            self.canaries.forget();
        }
        self.response.observe(context, observation, light, rebooted);
    }

    fn coil(&mut self, energised: bool, edge: Moment) {
        let slot = match (energised, self.energised) {
            (true, _) => &mut self.energised,
            (false, Some(_)) => &mut self.released,
            (false, None) => return,
        };
        slot.get_or_insert(edge);
    }
}

#[cfg(test)]
mod tests;
