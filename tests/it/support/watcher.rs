//! Looks at every event of a session beside the truth, and fails when a promise is broken.

use super::bench::{Bench, Line};
use pinhole::cli::Wishes;
use pinhole::cli::launch::View;
use pinhole::domain::canary::Category;
use pinhole::domain::condition::Stimulus;
use pinhole::domain::event::{Event, How};
use pinhole::domain::ids::{Seq, SlotId};
use pinhole::domain::observation::{MarkerMeaning, Observation};
use pinhole::domain::profile::{LightMeaning, Via};
use pinhole::domain::run_state::RunState;
use pinhole::domain::step::{Step, StepEnd};
use pinhole::domain::units::{Seconds, Tick};
use pinhole::domain::verdict::{Diagnosis, Level, Outcome, Verdict};
use pinhole::drivers::twin::{TrialTruth, Truth};
use pinhole::journal::MemoryStorage;
use pinhole::journal::memory::Trouble;
use pinhole::judging::rules::{LightRules, meaning};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is done to a session when it has come to an event, counted from 0 in the session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Blow {
    /// A person wants it to stop.
    Stop(How),
    /// The power goes.
    Crash,
}

/// The watcher.
pub(crate) struct Watcher {
    truth: Truth,
    wishes: Arc<Wishes>,
    storage: MemoryStorage,
    blows: Vec<(u64, Blow)>,
    seen: u64,
    coil_max: Seconds,
    write_window: Seconds,
    stop: Option<How>,
    powered: Option<Tick>,
    wrote: Option<Tick>,
    coil_on: Option<Tick>,
    truth_on: Option<Tick>,
    early: bool,
    light: LightRules,
    by_signal: bool,
    revived: bool,
}

fn writes(step: &str) -> bool {
    matches!(step, "provision" | "write_canaries")
}

/// From an edge to its line; the guard lets a coil be reported so late.
const LATE: Seconds = Seconds::from_millis(100);

impl Watcher {
    /// A watcher of a session on this bench.
    pub(crate) fn new(bench: &Bench, truth: &Truth, blows: &[(u64, Blow)]) -> Self {
        Self {
            truth: truth.clone(),
            wishes: Arc::clone(&bench.wishes),
            storage: bench.storage.clone(),
            blows: blows.to_vec(),
            seen: 0,
            coil_max: bench.bundle.rig.value.positions[0].interlocks.coil_max_on_s,
            write_window: bench.bundle.profile.value.press.write_window_s,
            stop: None,
            powered: None,
            wrote: None,
            coil_on: None,
            truth_on: None,
            early: false,
            light: bench.bundle.profile.value.light.clone(),
            by_signal: bench.bundle.profile.value.provision.via == Via::None,
            revived: false,
        }
    }

    fn strike(&mut self) {
        let now: Vec<Blow> = self.blows.iter().filter(|(at, _)| *at == self.seen).map(|(_, blow)| *blow).collect();
        for blow in now {
            match blow {
                Blow::Stop(how) => self.wishes.stop(how),
                Blow::Crash => self.storage.set_trouble(Trouble::Crash { at: self.storage.operations(), done: false }),
            }
        }
        self.seen += 1;
    }

    /// The coil is never on for longer than the interlock allows, whoever is asked.
    fn coil(&mut self, now: Tick, event: &Event) {
        if let Event::Observed(observed) = event
            && self.erases(&observed.observation)
        {
            self.wrote = self.wrote.max(Some(observed.at_us));
        }
        if let Event::Observed(observed) = event
            && let Observation::Coil { energised, .. } = observed.observation
        {
            match (energised, self.coil_on.take()) {
                (true, _) => self.coil_on = Some(observed.at_us),
                (false, Some(on)) => self.on_for(observed.at_us.since(on)),
                (false, None) => {}
            }
            self.wrote = Some(observed.at_us);
        }
        match (self.truth.coil_on(), self.truth_on) {
            (true, None) => self.truth_on = Some(now),
            (true, Some(on)) => self.on_for(now.since(on)),
            (false, _) => self.truth_on = None,
        }
    }

    /// Whether the camera says itself that it is writing flash.
    fn erases(&self, observation: &Observation) -> bool {
        match observation {
            Observation::Marker { meaning, .. } => *meaning == MarkerMeaning::Erasing,
            Observation::Light(pattern) => meaning(pattern, &self.light) == Some(LightMeaning::Resetting),
            _ => false,
        }
    }

    fn on_for(&self, span: Seconds) {
        assert!(span <= self.coil_max + LATE, "the coil was on for {span}, allowed are {}", self.coil_max);
    }

    /// Nobody but a person who says "now" takes the power away while the camera may be writing.
    fn power(&mut self, now: Tick, event: &Event) {
        match event {
            Event::StopRequested(stop) => self.stop = self.stop.max(Some(stop.how)),
            Event::StepStarted(begun) if begun.step == Step::PowerOn => self.powered = Some(now),
            // It switches on in the middle of a step: nobody but the engine knows when.
            Event::StepStarted(begun) if begun.step == Step::Recover => self.revived = true,
            // What the bench makes the camera write counts as a press does.
            Event::StepStarted(begun) if writes(begun.step.name()) => self.wrote = Some(now),
            Event::StepFinished(end) if end.end == StepEnd::Done && writes(&end.step) => self.wrote = Some(now),
            Event::StepFinished(end) if end.step == "power_off" && end.end == StepEnd::Done => {
                let since = self.powered.take().map(|powered| powered.max(self.wrote.unwrap_or(powered)));
                let inside = match std::mem::take(&mut self.revived) {
                    true => end.power_cut,
                    false => since.is_some_and(|since| now < since + self.write_window),
                };
                assert_eq!(
                    end.power_cut, inside,
                    "at {now:?}: the write window began at {since:?}, and the journal must say when the power is cut inside"
                );
                assert!(!inside || self.stop == Some(How::Now), "the power was cut {now:?}, {since:?} began the write window");
            }
            _ => {}
        }
    }

    fn judged(&self, diagnosis: &Diagnosis) {
        let trials = self.truth.trials();
        let trial = trials.last().unwrap();
        if diagnosis.verdict == Verdict::FactoryReset {
            assert!(was_wiped(trial, diagnosis.level, self.by_signal), "{diagnosis:?} of a camera that was not reset: {trial:?}");
        }
        // A coil that does not move closes no contact.
        let press = trial.presses.first().filter(|_| !self.early && trial.proper);
        if let (Some(press), true) = (press, diagnosis.verdict != Verdict::NotReady) {
            let ready = trial.ready.first().is_some_and(|ready| *ready <= press.closed);
            assert!(ready, "pressed before it was ready: {trial:?}");
        }
        assert!(
            diagnosis.verdict != Verdict::NotReady || trial.presses.is_empty(),
            "pressed, and said not to be ready: {trial:?}"
        );
    }

    fn losses(&self) {
        let trials = self.truth.trials();
        let cut = trials.last().unwrap().losses.iter().find(|loss| !loss.brown_out && loss.writing);
        assert!(cut.is_none() || self.stop == Some(How::Now), "the camera was writing when it was switched off: {cut:?}");
    }
}

/// Whether a claim at this level is true. Below `proved` the canaries or the factory sign were not seen: the most that can be asked then
/// is that the camera was in its factory state, which is what the loss of its accounts means; and of one that nothing can set up, whose
/// own signal is believed, that it began.
pub(crate) fn was_wiped(trial: &TrialTruth, level: Level, by_signal: bool) -> bool {
    match level {
        Level::Proved => trial.was_reset(),
        Level::Suggested if by_signal => !trial.erases.is_empty(),
        _ => trial.wiped().contains(&Category::Accounts),
    }
}

impl View for Watcher {
    fn show(&mut self, _: Seq, at: Tick, event: &Event, _: &RunState) {
        if std::env::var_os("PINHOLE_SHOW").is_some() {
            println!("{at:?} {event:?}");
        }
        self.coil(at, event);
        self.power(at, event);
        match event {
            Event::TrialStarted(started) => {
                let condition = &started.slot.condition;
                let pressed = matches!(condition.stimulus, Stimulus::Press { .. } | Stimulus::Sham { .. });
                self.early = condition.press_after_s.is_some() || !pressed;
            }
            Event::Diagnosed(diagnosis) => self.judged(diagnosis),
            Event::TrialFinished(_) | Event::TrialAbandoned(_) => self.losses(),
            Event::RunFinished(_) => {
                assert!(!self.truth.coil_on(), "the run has ended, and the coil is on");
                assert!(!self.truth.supply_on(), "the run has ended, and the supply is on");
            }
            _ => {}
        }
        self.strike();
    }
}

/// What must hold of a whole journal: legal, chained, and every faulted slot tried no more often than the suite says.
pub(crate) fn check_journal(bench: &Bench) -> Vec<Line> {
    let found = bench.verify();
    assert!(found.intact(), "{found:?}");
    let events = bench.events();
    let mut faulted: BTreeMap<SlotId, u32> = BTreeMap::new();
    let mut judged: BTreeMap<SlotId, u32> = BTreeMap::new();
    for (_, _, event) in &events {
        match event {
            Event::TrialFinished(end) if matches!(end.outcome, Outcome::Faulted(_)) => *faulted.entry(end.slot).or_default() += 1,
            Event::TrialFinished(end) => *judged.entry(end.slot).or_default() += 1,
            _ => {}
        }
    }
    let attempts = bench.bundle.suite.value.design.attempts;
    assert!(faulted.values().all(|count| *count <= attempts), "{faulted:?} of {attempts}");
    assert!(judged.values().all(|count| *count == 1), "{judged:?}");
    events
}
