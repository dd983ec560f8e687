//! A builder of synthetic runs for tests: legal events, checked by the state machine of the domain.

use crate::domain::adapter::{Adapter, AdapterKind, Rating};
use crate::domain::canary::Category;
use crate::domain::condition::{Condition, Origin, Release, ReleasedBy, Slot, Stimulus};
use crate::domain::event::*;
use crate::domain::ids::*;
use crate::domain::limit::Limit;
use crate::domain::measurement::{Measurement, names};
use crate::domain::observation::{Observation, Sense};
use crate::domain::profile::Profile;
use crate::domain::rig::Position;
use crate::domain::run_state::RunState;
use crate::domain::step::{Step, StepEnd};
use crate::domain::suite::Suite;
use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::{Diagnosis, Fate, Fault, FaultKind, Level, Outcome, Verdict};
use serde_json::json;
use std::collections::BTreeMap;

/// A run that is being made up.
pub struct Bench {
    /// What would be embedded in `run_started`; change it before [`Bench::start`].
    pub started: RunStarted,
    /// How much longer than ordered each hold is measured.
    pub stroke_s: f64,
    events: Vec<(Seq, Tick, Event)>,
    state: RunState,
    now: Tick,
    next_slot: u32,
}

/// A limit of a rate.
pub fn rate_limit(hold_s: f64, min_rate: f64) -> Limit {
    serde_json::from_value(json!({ "name": format!("reset rate at {hold_s} s"), "hold_s": hold_s, "min_rate": min_rate }))
        .unwrap()
}

/// A limit of a measurement from above.
pub fn max_limit(measurement: &str, max: f64, marginal: f64) -> Limit {
    serde_json::from_value(json!({ "name": measurement, "measurement": measurement, "max": max, "marginal": marginal })).unwrap()
}

/// A press of `hold` seconds through `adapter`.
pub fn press(adapter: &str, hold: f64) -> Condition {
    let hold_s = Seconds::new(hold);
    with(adapter, Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s })
}

/// A sham through `adapter`.
pub fn sham(adapter: &str) -> Condition {
    with(adapter, Stimulus::Sham { wait_s: Seconds::new(30.0) })
}

fn with(adapter: &str, stimulus: Stimulus) -> Condition {
    Condition { adapter: adapter.into(), outlet: None, supply_v: None, press_after_s: None, stimulus }
}

fn suite(adapters: &[&str], holds: &[f64], replicates: u32, shams: u32) -> Suite {
    serde_json::from_value(json!({
        "schema": 1, "name": "hold-sweep", "dut": "../duts/cam.toml",
        "factors": { "adapter": adapters, "hold_s": holds },
        "design": { "kind": "grid", "replicates": replicates, "shams_per_adapter": shams, "seed": 7 },
    }))
    .unwrap()
}

fn profile() -> Profile {
    serde_json::from_value(json!({
        "schema": 1, "model": "IP2M-841", "serial_pattern": "^AMC", "form_factor": "indoor",
        "button": { "place": "bottom", "reach": "paperclip" },
        "supply": { "nominal_v": 5, "min_v": 4.5, "max_v": 5.5, "max_a": 2 },
        "ready": { "min_wait_s": 120, "timeout_s": 300 },
        "press": {}, "provision": { "via": "console" }, "factory": { "marker": true },
    }))
    .unwrap()
}

fn adapter(name: &str) -> Adapter {
    Adapter {
        schema: 1,
        name: name.into(),
        asset_tag: Some(format!("A-{name}")),
        model: None,
        lot: None,
        kind: AdapterKind::Fixed,
        rating: Rating { volts: Volts::new(5.0), amps: Amps::new(1.0) },
        connector: None,
        cable: None,
        known_good_until: None,
    }
}

fn position() -> Position {
    serde_json::from_value(json!({
        "name": "left", "presser": { "driver": "twin" }, "supply": { "driver": "twin" },
        "calibration": { "date": "2026-11-01" },
    }))
    .unwrap()
}

impl Bench {
    /// A run of a grid, not yet started.
    pub fn new(run: &str, adapters: &[&str], holds: &[f64], replicates: u32, shams: u32) -> Self {
        let started = RunStarted {
            run_id: run.into(),
            wall: "2026-11-24T21:00:00Z".parse().unwrap(),
            operator: Some("ada".into()),
            dut_serial: "AMC0001".into(),
            dut_fw: Some("2.800".into()),
            station: "bench-1".into(),
            position: position(),
            suite: suite(adapters, holds, replicates, shams),
            profile: profile(),
            adapters: adapters.iter().map(|name| adapter(name)).collect(),
            inputs: vec![("hold-sweep.toml".to_owned(), "ab".repeat(32))],
            warnings: Vec::new(),
        };
        let state = RunState::default();
        Self { started, stroke_s: 0.012, events: Vec::new(), state, now: Tick::ZERO, next_slot: 0 }
    }

    /// Opens the journal and starts the run.
    pub fn start(mut self) -> Self {
        self.push(Event::JournalOpened(JournalOpened {
            format: "1.0".to_owned(),
            run_id: self.started.run_id.clone(),
            wall: self.started.wall,
            program: "pinhole 0.1.0".to_owned(),
            host: "pi".to_owned(),
        }));
        self.push(Event::RunStarted(Box::new(self.started.clone())));
        self.push(Event::BlockStarted(BlockStarted { block: BlockNo(0) }));
        self
    }

    /// Lets bench time pass.
    pub fn wait(&mut self, seconds: f64) {
        self.now = self.now + Seconds::new(seconds);
    }

    /// Records an event, which must be legal.
    pub fn push(&mut self, event: Event) {
        let seq = self.state.apply(self.now, &event).unwrap();
        self.events.push((seq, self.now, event));
    }

    /// Begins a new slot, or the next attempt at `slot`.
    pub fn begin(&mut self, slot: Option<u32>, condition: Condition, origin: Origin) -> Slot {
        let id = SlotId(slot.unwrap_or(self.next_slot));
        self.next_slot = self.next_slot.max(id.0 + 1);
        let slot = Slot { id, block: BlockNo(0), origin, condition };
        let attempt = self.state.next_attempt(id);
        self.push(Event::TrialStarted(TrialStarted { slot: slot.clone(), attempt }));
        slot
    }

    /// Where the trial that was begun last begins among the events.
    pub fn begun(&self) -> usize {
        self.events.iter().rposition(|(_, _, event)| matches!(event, Event::TrialStarted(_))).unwrap_or(0)
    }

    /// The slot that was begun last.
    pub fn last_slot(&self) -> u32 {
        self.next_slot.saturating_sub(1)
    }

    /// Measures a value.
    pub fn measure(&mut self, name: &str, value: f64, u: Option<f64>) {
        let measurement = Measurement { name: name.to_owned(), value, unit: "s".to_owned(), u };
        self.push(Event::Measured(Measured { at_us: self.now, measurement }));
    }

    /// Does a step at once.
    pub fn step(&mut self, step: Step, released_by: Option<ReleasedBy>) {
        let name = step.name().to_owned();
        self.push(Event::StepStarted(StepStarted { step }));
        self.push(Event::StepFinished(StepFinished { step: name, end: StepEnd::Done, released_by, power_cut: false }));
    }

    /// A whole planned trial that is judged `verdict`.
    pub fn trial(&mut self, condition: Condition, verdict: Verdict) {
        self.trial_at(None, condition, verdict, Level::Proved);
    }

    /// A whole trial, possibly a further attempt, that is judged `verdict` at `level`.
    pub fn trial_at(&mut self, slot: Option<u32>, condition: Condition, verdict: Verdict, level: Level) {
        let hold = condition.stimulus.hold().map(Seconds::get);
        let origin = if hold.is_none() { Origin::Sham } else { Origin::Planned };
        self.begin(slot, condition, origin);
        self.step(Step::Begin, None);
        let air = Environment { ambient_c: Some(Celsius::new(21.5)), coil_c: Some(Celsius::new(30.0)), ..Environment::default() };
        self.push(Event::Environment(air));
        if verdict != Verdict::NotReady {
            self.wait(125.0);
            self.measure(names::BOOT, 95.0, None);
            self.measure(names::PLUG_IDLE, 5.02, None);
            if let Some(hold) = hold {
                self.step(Step::Release, Some(ReleasedBy::Hold));
                self.measure(names::HOLD, hold + self.stroke_s, Some(0.015));
            }
            self.measure(names::PLUG_MIN, 4.71, None);
        }
        if verdict == Verdict::FactoryReset {
            let observation = Observation::Change { sense: Sense::Light };
            self.push(Event::Observed(Observed { at_us: self.now, observation }));
            self.measure(names::REBOOT, 110.5, None);
        }
        self.wait(60.0);
        self.judge(verdict, level);
    }

    /// Judges and ends the open trial.
    pub fn judge(&mut self, verdict: Verdict, level: Level) {
        let gone = matches!(verdict, Verdict::FactoryReset | Verdict::PartialReset);
        let mut canaries = BTreeMap::from([(Category::Wifi, if gone { Fate::Gone } else { Fate::Survived })]);
        if verdict == Verdict::FactoryReset {
            canaries.insert(Category::Motion, Fate::Gone);
        }
        let reasons = vec![format!("The evidence reads {}.", verdict.name())];
        self.push(Event::Diagnosed(Diagnosis {
            verdict,
            level,
            canaries,
            reasons,
            decided_by: vec![],
            against: vec![],
            noticed: None,
        }));
        self.end(Outcome::Judged(verdict));
    }

    /// The open trial is lost to a fault.
    pub fn fault(&mut self, kind: FaultKind, detail: &str) {
        self.push(Event::Faulted(Fault::new(kind, "presser", detail)));
        self.end(Outcome::Faulted(kind));
    }

    fn end(&mut self, outcome: Outcome) {
        let open = self.state.open.as_ref().unwrap();
        let (slot, attempt) = (open.slot.id, open.attempt);
        self.push(Event::TrialFinished(TrialFinished { slot, attempt, outcome, observations_counted: 0 }));
    }

    /// The run crashes and is resumed by `operator` with a clock that starts anew.
    pub fn crash_and_resume(&mut self, wall: &str, operator: &str) {
        self.now = Tick::ZERO;
        self.push(Event::RunResumed(RunResumed {
            wall: wall.parse().unwrap(),
            operator: Some(operator.into()),
            program: "pinhole 0.1.0".to_owned(),
            host: "pi".to_owned(),
            set_aside_bytes: 12,
        }));
    }

    /// Ends the session and gives the events.
    pub fn finish(mut self, reason: FinishReason) -> Vec<(Seq, Tick, Event)> {
        self.push(Event::RunFinished(RunFinished { reason }));
        self.events
    }

    /// The events so far, without an end.
    pub fn events(self) -> Vec<(Seq, Tick, Event)> {
        self.events
    }
}

/// The fold over made-up events.
pub fn fold(events: &[(Seq, Tick, Event)]) -> super::RunFold {
    super::RunFold::of(events.iter().map(|(seq, at, event)| (*seq, *at, event)))
}

/// A complete grid: at hold `h` with `adapter`, the first `resets(adapter, h)` of the replicates reset.
pub fn grid(run: &str, adapters: &[&str], holds: &[f64], replicates: u32, resets: impl Fn(usize, f64) -> u32) -> Bench {
    let mut bench = Bench::new(run, adapters, holds, replicates, 1).start();
    for (index, adapter) in adapters.iter().enumerate() {
        for &hold in holds {
            for replicate in 0..replicates {
                let reset = replicate < resets(index, hold);
                bench.trial(press(adapter, hold), if reset { Verdict::FactoryReset } else { Verdict::NoResponse });
            }
        }
        bench.trial(sham(adapter), Verdict::NoResponse);
    }
    bench
}
