//! Made-up trials for the tests of this folder: journal lines in the order of their writing.

use super::testing;
use super::{Capabilities, Evidence, Senses, diagnose};
use crate::domain::canary::Category::{self, Accounts, Wifi};
use crate::domain::condition::{Release, Stimulus};
use crate::domain::event::{Event, Observed, StepFinished, StepStarted};
use crate::domain::ids::Seq;
use crate::domain::observation::{BootStage, LightPattern, MarkerMeaning, NetworkStatus, Observation};
use crate::domain::profile::{ChimeMeaning, FactorySigns, Profile};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Diagnosis, Fate};

/// All that the rigs of these tests have.
pub const SENSES: Senses =
    Senses { light: true, colour: false, console: true, plug: true, probe: true, sound: true, force: true };
/// A press of ten seconds.
pub const PRESS: Stimulus =
    Stimulus::Press { hold_s: Seconds::from_millis(10_000), release: Release::AfterHold, max_s: Seconds::from_millis(10_000) };
/// A sham as long.
pub const SHAM: Stimulus = Stimulus::Sham { wait_s: Seconds::from_millis(10_000) };

/// The lines of a trial.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub lines: Vec<(Tick, Event)>,
    pub profile: Option<Profile>,
    step: Option<&'static str>,
}

impl Story {
    pub fn line(mut self, at: f64, event: Event) -> Self {
        self.lines.push((Tick::ZERO + Seconds::new(at), event));
        self
    }

    /// A step begins; the one before is done.
    pub fn step(mut self, at: f64, step: Step) -> Self {
        self = self.end(at, StepEnd::Done);
        self.step = Some(step.name());
        self.line(at, Event::StepStarted(StepStarted { step }))
    }

    /// The step ends.
    pub fn end(mut self, at: f64, end: StepEnd) -> Self {
        match self.step.take() {
            Some(step) => self
                .line(at, Event::StepFinished(StepFinished { step: step.to_owned(), end, released_by: None, power_cut: false })),
            None => self,
        }
    }

    pub fn see(self, at: f64, observation: Observation) -> Self {
        self.line(at, Event::Observed(Observed { at_us: Tick::ZERO + Seconds::new(at), observation }))
    }

    pub fn light(self, at: f64, pattern: LightPattern) -> Self {
        self.see(at, Observation::Light(pattern))
    }

    pub fn marker(self, at: f64, meaning: MarkerMeaning) -> Self {
        let console = self.profile().console;
        let known = console.iter().flat_map(|console| &console.markers).find(|marker| marker.meaning == meaning);
        let marker = known.map_or_else(|| format!("{meaning:?}"), |marker| marker.name.clone());
        self.see(at, Observation::Marker { marker, meaning })
    }

    pub fn boot(self, at: f64, boot: u32) -> Self {
        self.see(at, Observation::Boot { boot, stage: BootStage::Bootloader })
            .see(at, Observation::Boot { boot, stage: BootStage::Kernel })
    }

    pub fn tone(self, at: f64, tone: &str) -> Self {
        self.see(at, Observation::Tone { tone: tone.to_owned() })
    }

    /// A camera with a chime of each meaning, named for it, and a prompt that counts as a factory sign.
    pub fn chiming(self) -> Self {
        self.with(|profile| {
            profile.factory = FactorySigns { sound: true, ..profile.factory };
            profile.chimes = [
                ("noticed", ChimeMeaning::Acknowledged),
                ("wiping", ChimeMeaning::Resetting),
                ("add me", ChimeMeaning::Setup),
                ("up", ChimeMeaning::Booting),
            ]
            .iter()
            .enumerate()
            .map(|(i, (name, means))| testing::chime(name, 500.0 * (i + 1) as f64, 1, *means))
            .collect();
        })
    }

    pub fn coil(self, at: f64, energised: bool) -> Self {
        self.see(at, Observation::Coil { energised, u_s: Seconds::ZERO })
    }

    pub fn network(self, at: f64, status: NetworkStatus) -> Self {
        self.see(at, Observation::Network { status })
    }

    pub fn canary(self, at: f64, category: Category, fate: Fate) -> Self {
        self.see(at, Observation::Canary { category, fate })
    }

    /// Powered at 0 s, booted, ready at 60 s, not in the factory state.
    pub fn up() -> Self {
        Self::default()
            .step(0.0, Step::PowerOn)
            .step(0.1, Step::AwaitReady { not_before_s: Seconds::ZERO })
            .light(0.2, testing::BOOTING)
            .boot(1.0, 1)
            .light(40.0, testing::READY)
            .marker(41.0, MarkerMeaning::NotFactory)
            .see(60.0, Observation::Ready)
            .step(61.0, Step::ProveNotFactory)
            .network(62.0, NetworkStatus::Configured)
    }

    /// And with canaries in both categories.
    pub fn planted() -> Self {
        Self::up().step(70.0, Step::WriteCanaries).step(75.0, Step::ReadBackCanaries).canary(76.0, Wifi, Fate::Survived).canary(
            77.0,
            Accounts,
            Fate::Survived,
        )
    }

    /// Pressed from 100 s to 110 s.
    pub fn press(self) -> Self {
        self.step(100.0, Step::Press { max_s: Seconds::new(10.0) })
            .coil(100.02, true)
            .step(100.03, Step::Hold { for_s: Seconds::new(10.0), until_change: false, max_s: Seconds::new(10.0) })
            .step(110.0, Step::Release)
            .coil(110.02, false)
            .step(110.03, Step::Watch)
    }

    /// The light notices the press.
    pub fn acknowledged(self) -> Self {
        self.light(105.0, testing::ACKNOWLEDGED)
    }

    /// The camera boots again, with its own light.
    pub fn rebooted(self) -> Self {
        self.light(112.0, testing::OFF).boot(113.0, 2).light(113.5, testing::BOOTING)
    }

    /// It comes up in its factory state, and every sense says so.
    pub fn factory(self) -> Self {
        self.light(150.0, testing::SETUP)
            .marker(151.0, MarkerMeaning::Factory)
            .see(160.0, Observation::Ready)
            .step(200.0, Step::Verify)
            .network(201.0, NetworkStatus::Factory)
    }

    /// It comes up as it was.
    pub fn configured(self) -> Self {
        self.light(150.0, testing::READY)
            .marker(151.0, MarkerMeaning::NotFactory)
            .see(160.0, Observation::Ready)
            .step(200.0, Step::Verify)
            .network(201.0, NetworkStatus::Configured)
    }

    pub fn fates(self, wifi: Fate, accounts: Fate) -> Self {
        self.canary(210.0, Wifi, wifi).canary(211.0, Accounts, accounts)
    }

    /// A whole reset.
    pub fn reset() -> Self {
        Self::planted().press().acknowledged().rebooted().factory().fates(Fate::Gone, Fate::Gone).end(220.0, StepEnd::Done)
    }

    pub fn with(mut self, change: impl FnOnce(&mut Profile)) -> Self {
        change(self.profile.get_or_insert_with(testing::profile));
        self
    }

    pub fn profile(&self) -> Profile {
        self.profile.clone().unwrap_or_else(testing::profile)
    }

    pub fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::new(&self.profile());
        for (seq, (at, event)) in self.lines.iter().enumerate() {
            evidence.apply(Seq(seq as u64), *at, event);
        }
        evidence
    }

    pub fn judge_with(&self, stimulus: &Stimulus, senses: Senses) -> Diagnosis {
        let profile = self.profile();
        diagnose(&self.evidence(), &Capabilities::new(&profile, senses), stimulus, &profile)
    }

    pub fn judge(&self) -> Diagnosis {
        self.judge_with(&PRESS, SENSES)
    }
}
