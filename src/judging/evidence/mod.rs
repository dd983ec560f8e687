//! The evidence of a trial: a fold over its journal lines, so that judging live and judging again later are the same function.

mod factory;
mod signs;

pub use factory::FactoryEvidence;
pub use signs::{Lines, Sign, Signs};

use super::rules;
use crate::domain::canary::Category;
use crate::domain::event::{Event, Observed, StepStarted};
use crate::domain::ids::Seq;
use crate::domain::observation::{CurrentEvent, LightPattern, LightShape, MarkerMeaning, Observation, Sense};
use crate::domain::profile::{LightMeaning, Profile, Via};
use crate::domain::rig::Position;
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::Tick;
use crate::domain::verdict::Fate;
use std::collections::BTreeMap;

/// Which ports of a rig can show something of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// A light sensor.
    pub light: bool,
    /// A meter at the plug.
    pub plug: bool,
    /// A console.
    pub console: bool,
    /// A network probe.
    pub probe: bool,
}

impl Wiring {
    /// What a position has.
    pub fn of(position: &Position) -> Self {
        Self {
            light: position.light.is_some(),
            plug: position.plug.is_some(),
            console: position.console.is_some(),
            probe: position.probe.is_some(),
        }
    }
}

/// What a trial has shown so far.
#[derive(Clone, Debug)]
pub struct Evidence {
    profile: Profile,
    wiring: Wiring,
    step: Option<Step>,
    /// The stimulus: contact, or the beginning of a sham.
    began: Option<(Seq, Tick)>,
    ready_before: Option<(Seq, Tick)>,
    gave_up_waiting: Option<Seq>,
    light: Option<LightPattern>,
    boots: u32,
    boots_of_ours: u32,
    up_since_power: bool,
    reboots: Vec<(Seq, Tick)>,
    changes: Vec<(Seq, Tick, Sense)>,
    signals: Vec<Seq>,
    life: Vec<Seq>,
    erasing_at: Option<Tick>,
    factory: FactoryEvidence,
    read_back: BTreeMap<Category, (Seq, Fate)>,
    verified: BTreeMap<Category, (Seq, Fate)>,
    recovered: Option<(Seq, bool)>,
    checked: bool,
}

impl Evidence {
    /// No evidence yet, of a trial on this model with these senses.
    pub fn new(profile: &Profile, wiring: Wiring) -> Self {
        Self {
            factory: FactoryEvidence::new(profile, wiring),
            profile: profile.clone(),
            wiring,
            step: None,
            began: None,
            ready_before: None,
            gave_up_waiting: None,
            light: None,
            boots: 0,
            boots_of_ours: 0,
            up_since_power: false,
            reboots: Vec::new(),
            changes: Vec::new(),
            signals: Vec::new(),
            life: Vec::new(),
            erasing_at: None,
            read_back: BTreeMap::new(),
            verified: BTreeMap::new(),
            recovered: None,
            checked: false,
        }
    }

    /// Folds a journal line in. Lines of earlier trials must not be among them: a new trial begins with new evidence.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) {
        match event {
            Event::StepStarted(started) => self.step_started(seq, at, started),
            Event::StepFinished(finished) => {
                self.step_finished(seq, finished.end);
                self.step = None;
            }
            Event::Observed(Observed { at_us, observation }) => self.observed(seq, *at_us, observation),
            _ => {}
        }
    }

    fn step_started(&mut self, seq: Seq, at: Tick, started: &StepStarted) {
        match started.step {
            Step::Sham { .. } => self.began = self.began.or(Some((seq, at))),
            Step::PowerOn => {
                // The boot that we cause is no reboot.
                self.boots_of_ours = self.boots + 1;
                self.up_since_power = false;
            }
            Step::PowerOff => self.up_since_power = false,
            _ => {}
        }
        self.step = Some(started.step.clone());
    }

    fn step_finished(&mut self, seq: Seq, end: StepEnd) {
        match (&self.step, end) {
            (Some(Step::AwaitReady { .. }), StepEnd::NotSeen) if self.began.is_none() => self.gave_up_waiting = Some(seq),
            (Some(Step::Recover), StepEnd::Done) => self.recovered = Some((seq, true)),
            (Some(Step::Recover), StepEnd::NotSeen) => self.recovered = Some((seq, false)),
            (Some(Step::Measure { .. }), StepEnd::Done) => self.checked = true,
            _ => {}
        }
    }

    fn observed(&mut self, seq: Seq, at: Tick, observation: &Observation) {
        let after = self.began.is_some_and(|(_, began)| at > began);
        match observation {
            Observation::Coil { energised: true, .. } if self.began.is_none() => self.began = Some((seq, at)),
            Observation::Ready if self.began.is_none() => self.ready_before = Some((seq, at)),
            Observation::Change { sense } if after => self.changes.push((seq, at, *sense)),
            Observation::Canary { category, fate } => {
                let reads = if self.began.is_none() { &mut self.read_back } else { &mut self.verified };
                reads.insert(*category, (seq, *fate));
            }
            Observation::Boot { boot, .. } if *boot > self.boots => {
                self.boots = *boot;
                if after && *boot > self.boots_of_ours {
                    self.reboots.push((seq, at));
                }
            }
            Observation::Current { event: CurrentEvent::Restart } if after => self.reboots.push((seq, at)),
            Observation::Light(pattern) => self.lit(seq, at, pattern, after),
            Observation::Marker { meaning, .. } => self.marked(seq, at, *meaning, after),
            _ => {}
        }
        if after && shows_life(observation) {
            self.life.push(seq);
        }
        self.factory.apply(seq, observation, after, &self.profile);
    }

    fn lit(&mut self, seq: Seq, at: Tick, pattern: &LightPattern, after: bool) {
        match rules::meaning(&self.profile, pattern) {
            Some(LightMeaning::Booting) if after && self.up_since_power => {
                self.reboots.push((seq, at));
                self.up_since_power = false;
            }
            Some(LightMeaning::Ready | LightMeaning::Setup) => self.up_since_power = true,
            Some(LightMeaning::Resetting) if after => {
                self.signals.push(seq);
                self.erasing_at = Some(at);
            }
            _ => {}
        }
        self.light = Some(*pattern);
    }

    fn marked(&mut self, seq: Seq, at: Tick, meaning: MarkerMeaning, after: bool) {
        match meaning {
            MarkerMeaning::Erasing if after => {
                self.signals.push(seq);
                self.erasing_at = Some(at);
            }
            MarkerMeaning::Accepted if after => self.signals.push(seq),
            MarkerMeaning::Ready => self.up_since_power = true,
            _ => {}
        }
    }

    /// When the camera booted again after the stimulus, the last time.
    pub fn rebooted(&self) -> Option<Tick> {
        self.reboots.last().map(|(_, at)| *at)
    }

    /// The first change that answered the stimulus.
    pub fn answered(&self) -> Option<(Tick, Sense)> {
        self.changes.first().map(|(_, at, sense)| (*at, *sense))
    }

    /// When the camera last showed that it is erasing.
    pub fn erasing(&self) -> Option<Tick> {
        self.erasing_at
    }

    /// The light as it was decoded last.
    pub fn light(&self) -> Option<&LightPattern> {
        self.light.as_ref()
    }

    /// The factory signs.
    pub fn factory(&self) -> &FactoryEvidence {
        &self.factory
    }

    /// The canaries that were proved to be there before the stimulus.
    pub fn planted(&self) -> impl Iterator<Item = (Category, Seq)> {
        self.read_back.iter().filter(|(_, (_, fate))| *fate == Fate::Survived).map(|(category, (seq, _))| (*category, *seq))
    }

    /// What became of each planted canary, and the line that says so.
    pub fn fates(&self) -> BTreeMap<Category, (Option<Seq>, Fate)> {
        let fate = |category: Category| match self.verified.get(&category) {
            Some((seq, fate)) => (Some(*seq), *fate),
            None => (None, Fate::NotObserved),
        };
        self.planted().map(|(category, _)| (category, fate(category))).collect()
    }

    pub(super) fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(super) fn began(&self) -> Option<Seq> {
        self.began.map(|(seq, _)| seq)
    }

    pub(super) fn gave_up_waiting(&self) -> Option<Seq> {
        self.gave_up_waiting
    }

    pub(super) fn recovered(&self) -> Option<(Seq, bool)> {
        self.recovered
    }

    pub(super) fn checked(&self) -> bool {
        self.checked
    }

    pub(super) fn life(&self) -> &[Seq] {
        &self.life
    }

    pub(super) fn reboot_lines(&self) -> Vec<Seq> {
        self.reboots.iter().map(|(seq, _)| *seq).collect()
    }

    pub(super) fn change_lines(&self) -> Vec<Seq> {
        self.changes.iter().map(|(seq, _, _)| *seq).collect()
    }

    pub(super) fn signals(&self) -> &[Seq] {
        &self.signals
    }

    /// A unit that nobody can provision may be judged by its own "resetting" signal.
    pub(super) fn may_be_judged_by_signal(&self) -> bool {
        self.profile.provision.via == Via::None
    }

    /// What became of the three signs.
    pub fn signs(&self) -> Signs {
        Signs { reboot: self.reboot_sign(), factory: self.factory.sign(), canaries: self.canary_sign() }
    }

    fn reboot_sign(&self) -> Sign {
        let by_light = self.wiring.light && self.profile.light.contains_key(&LightMeaning::Booting);
        let by_console = self.wiring.console && self.profile.console.is_some();
        if !self.reboots.is_empty() {
            Sign::Seen
        } else if by_light || by_console || self.wiring.plug {
            Sign::NotSeen
        } else {
            Sign::Unseeable
        }
    }

    fn canary_sign(&self) -> Sign {
        let fates = self.fates();
        let any = |wanted: Fate| fates.values().any(|(_, fate)| *fate == wanted);
        match (fates.is_empty(), any(Fate::Gone), any(Fate::Survived), any(Fate::NotObserved)) {
            (true, ..) => Sign::Unseeable,
            (_, true, true, _) => Sign::Partly,
            (_, false, true, _) => Sign::Against,
            (_, true, false, false) => Sign::Seen,
            (_, _, false, true) | (_, false, false, false) => Sign::NotSeen,
        }
    }
}

/// Whether a camera without supply has no way to show this.
fn shows_life(observation: &Observation) -> bool {
    match observation {
        Observation::Light(pattern) => !matches!(pattern.shape, LightShape::Off | LightShape::Unclear),
        Observation::Boot { .. } | Observation::Marker { .. } | Observation::Tone { .. } => true,
        Observation::Motor { running } => *running,
        _ => false,
    }
}
