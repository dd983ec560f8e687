//! One trial's hold on rig, recorder and decoders, and the one way to wait.

use super::coil::Coil;
use super::halt::Halt;
use super::quota::Quota;
use super::run::Job;
use super::tap::Tap;
use super::watching;
use crate::domain::event::{Environment, Event, How, Measured, Observed};
use crate::domain::ids::Seq;
use crate::domain::measurement::Measurement;
use crate::domain::observation::{LightPattern, Observation, PowerState, Sense};
use crate::domain::rma::ReturnPlan;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::judging::console::{Answer, Exchange};
use crate::judging::{Capabilities, Changes, Evidence, Readiness, Watch};
use crate::planning::Bench;
use crate::ports::device::PowerReading;
use crate::ports::{Batch, ProbeAnswer, Recorder, Rig};

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// What was waited for came.
    Came,
    /// The deadline came first.
    Late,
}

/// What the engine keeps while it runs trials.
pub struct Session<'a> {
    /// The ports.
    pub rig: &'a mut Rig,
    /// Where facts go.
    pub recorder: &'a mut dyn Recorder,
    /// What procedures are planned for.
    pub bench: Bench<'a>,
    /// The decoders.
    pub watch: Watch,
    /// Which signs can be seen.
    pub can: Capabilities,
    /// The light as it was decoded last.
    pub light: Option<LightPattern>,
    /// What the trial has shown so far.
    pub evidence: Evidence,
    /// The press of this trial.
    pub coil: Coil,
    /// The adapter that was connected last.
    pub connected: Option<crate::domain::ids::AdapterName>,
    /// The supply is on since.
    pub powered_since: Option<Tick>,
    /// When the plug was seen to give something after that.
    pub fed_since: Option<Tick>,
    /// The supply may still be rising until then, and what the plug gives meanwhile is no measurement; `None` once it has risen.
    pub rises_until: Option<Tick>,
    /// Mean volts at the plug before the stimulus.
    pub idle_v: Option<f64>,
    /// It was last ordered something that may make it write flash.
    pub last_write: Option<Tick>,
    /// It said last that it erases; also what it said before this trial, as long as it has power.
    pub last_erase: Option<Tick>,
    /// The voltage at the plug, where a sensor sees it.
    pub power: Option<PowerState>,
    /// Answers of the probe that were not used yet.
    pub probe_answers: Vec<(u32, Tick, ProbeAnswer)>,
    /// Answers of the person that were not used yet.
    pub answers: Vec<(crate::domain::ids::QuestionId, String)>,
    /// The command that waits for its answer on the console.
    pub exchange: Option<Exchange>,
    /// The answer that came.
    pub answer: Option<Answer>,
    /// Queries put to the probe so far.
    pub queries: u32,
    /// Readiness since the last power-on or boot.
    pub readiness: Readiness,
    /// The camera was ready since, before the stimulus, since the supply was last switched on.
    pub ready_at: Option<Tick>,
    /// Contact, or the beginning of a sham.
    pub stimulus_began: Option<Tick>,
    /// What counts as an answer to the stimulus.
    pub changes: Changes,
    /// The first change that answered the stimulus.
    pub change: Option<(Tick, Sense)>,
    /// The light before the stimulus.
    pub light_before: Option<LightPattern>,
    /// The hold of this trial has been measured.
    pub hold_measured: bool,
    /// A measured hold may be off by this share of the commanded one.
    pub hold_tolerance: f64,
    /// Seed of canaries.
    pub seed: u64,
    /// How long a person may take to answer.
    pub answer_s: Seconds,
    /// How the return is decided, where this run is one.
    pub returned: Option<&'a ReturnPlan>,
    /// The strongest stop that was asked for.
    pub stop: Option<How>,
    /// When this trial is given up.
    pub trial_deadline: Tick,
    /// Stops that still let a wait go on: teardown is not ended by the stop that caused it.
    pub patience: Patience,
    /// The allowance of observations.
    pub quota: Quota,
    /// When the camera last showed that it is erasing.
    pub erasing_at: Option<Tick>,
    /// Raw samples that a check of the rig keeps.
    pub tap: Option<Tap>,
    /// When the dome gave way last.
    pub snap: Option<Tick>,
    /// What the supply said of itself last, and when.
    pub supply: Option<(Tick, PowerReading)>,
    /// The bench as it was read last.
    pub bench_now: Environment,
    /// The power was cut inside the write window in this step.
    pub cut_inside_window: bool,
    /// The trial proper has begun, and the bench was not written down since.
    pub wants_environment: bool,
    /// Room for readings, used again and again.
    pub batch: Batch,
    /// Room for what the decoders tell.
    pub fresh: Vec<(Tick, Observation)>,
}

/// Which stop ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Both `finish_safely` and `now`.
    Working,
    /// Only `now`: things are being made safe.
    MakingSafe,
}

impl<'a> Session<'a> {
    /// Takes hold of a rig.
    pub fn new(rig: &'a mut Rig, recorder: &'a mut dyn Recorder, job: &Job<'a>, watch: Watch) -> Self {
        let bench = job.bench;
        let can = watching::capabilities(&bench, rig);
        Self {
            rig,
            recorder,
            bench,
            readiness: watching::readiness(&bench, &can),
            watch,
            can,
            light: None,
            evidence: Evidence::new(bench.profile),
            coil: Coil::default(),
            // A rig without a selector has one adapter, wired for good.
            connected: bench.position.selector.is_none().then(|| bench.adapters.first()).flatten().map(|only| only.name.clone()),
            powered_since: None,
            fed_since: None,
            rises_until: None,
            idle_v: None,
            last_write: None,
            last_erase: None,
            power: None,
            probe_answers: Vec::new(),
            answers: Vec::new(),
            exchange: None,
            answer: None,
            queries: 0,
            ready_at: None,
            stimulus_began: None,
            changes: Changes::default(),
            change: None,
            light_before: None,
            hold_measured: false,
            hold_tolerance: job.suite.design.hold_tolerance,
            seed: job.suite.design.seed,
            answer_s: job.suite.timeouts.answer_s,
            returned: job.suite.rma.as_ref(),
            stop: None,
            trial_deadline: Tick::NEVER,
            patience: Patience::Working,
            quota: Quota::new(),
            erasing_at: None,
            tap: None,
            snap: None,
            supply: None,
            bench_now: Environment::default(),
            cut_inside_window: false,
            wants_environment: false,
            batch: Batch::default(),
            fresh: Vec::new(),
        }
    }

    /// The rig's time.
    pub fn now(&self) -> Tick {
        self.rig.clock.now()
    }

    /// Writes an event down and lets the evidence see it.
    pub fn record(&mut self, event: Event) -> Result<Seq, Halt> {
        let at = self.now();
        let seq = self.recorder.record(at, event.clone())?;
        self.evidence.apply(seq, at, &event);
        Ok(seq)
    }

    /// Writes a measurement down.
    pub fn measured(&mut self, at: Tick, name: &str, unit: &str, value: f64, u: Option<f64>) -> Result<(), Halt> {
        // Six digits behind the point are finer than any instrument here, and the same on every machine.
        let round = |value: f64| (value * 1e6).round() / 1e6;
        let measurement = Measurement { name: name.to_owned(), value: round(value), unit: unit.to_owned(), u: u.map(round) };
        self.record(Event::Measured(Measured { at_us: at, measurement })).map(drop)
    }

    /// Writes an observation down, or counts it where the trial's allowance is used up.
    pub fn observe(&mut self, at: Tick, observation: Observation) -> Result<(), Halt> {
        if told_by_boot(&observation) || self.recorder.state().open.is_none() || !self.quota.admits(&observation) {
            return Ok(());
        }
        self.record(Event::Observed(Observed { at_us: at, observation })).map(drop)
    }

    /// Lets time pass until `deadline` or until `done` says so after a batch.
    ///
    /// # Errors
    /// A fault, a stop that ends waits, or a journal that cannot be written.
    pub fn wait(&mut self, deadline: Tick, mut done: impl FnMut(&mut Self) -> bool) -> Result<Waited, Halt> {
        loop {
            if done(self) {
                return Ok(Waited::Came);
            }
            self.obey_stop()?;
            if self.now() >= deadline {
                return Ok(Waited::Late);
            }
            if self.now() >= self.trial_deadline && self.patience == Patience::Working {
                return Err(Fault::new(FaultKind::Timeout, "trial", "the trial took longer than `timeouts.trial_s`").into());
            }
            self.poll(deadline)?;
        }
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, span: Seconds) -> Result<(), Halt> {
        let deadline = self.now() + span;
        self.wait(deadline, |_| false).map(drop)
    }

    fn obey_stop(&self) -> Result<(), Halt> {
        match (self.stop, self.patience) {
            (Some(How::Now), _) => Err(Halt::Stop(How::Now)),
            (Some(How::FinishSafely), Patience::Working) => Err(Halt::Stop(How::FinishSafely)),
            _ => Ok(()),
        }
    }
}

/// Banners come several times in a boot; what they tell is written down as the boot's stage.
fn told_by_boot(observation: &Observation) -> bool {
    use crate::domain::observation::MarkerMeaning::{Bootloader, Kernel, Ready, Userland};
    matches!(observation, Observation::Marker { meaning: Bootloader | Kernel | Userland | Ready, .. })
}
