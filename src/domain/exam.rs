//! What one trial on a returned unit showed, as few facts as a decision needs: a fold over the trial's events.

use super::canary::Category;
use super::condition::Condition;
use super::event::{Event, TrialStarted};
use super::ids::{Seq, SlotId};
use super::measurement::names;
use super::observation::{BootStage, ForceEvent, MarkerMeaning, Observation};
use super::profile::{OFF_BELOW, SupplyLimits};
use super::step::Step;
use super::units::{Seconds, Tick};
use super::verdict::{Fate, Verdict};
use std::collections::BTreeMap;

/// A mean at the plug so much below the lowest rated voltage is a sag: more than meters differ (1 %, our choice).
const MEAN_SAG: f64 = 0.99;
/// A lowest sample so much below it is one: ripple at the edge is none (data sheets: up to 3 % peak to peak).
const SAMPLE_SAG: f64 = 0.97;

/// What one judged trial showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Exam {
    /// Its slot.
    pub slot: SlotId,
    /// What was tried.
    pub condition: Condition,
    /// The line that judged it.
    pub seq: Seq,
    /// How long it took, with everything that it needed.
    pub took: Seconds,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, the deciding reason first.
    pub reasons: Vec<String>,
    /// What became of each category of settings.
    pub canaries: BTreeMap<Category, Fate>,
    /// What was seen.
    pub seen: Seen,
}

/// What was seen in the trial proper, up to its teardown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Voltage came to the plug.
    pub powered: bool,
    /// It stood below the camera's window, or below what was set where that is less.
    pub sagged: bool,
    /// The camera was ready before the stimulus.
    pub ready: bool,
    /// The furthest stage of a boot before the stimulus; `None`: not a word.
    pub stage: Option<BootStage>,
    /// Boots before the stimulus, or before it was given up.
    pub boots: u32,
    /// The name of the marker that ended the boot.
    pub fatal: Option<String>,
    /// How often the camera said that its button was pressed.
    pub noticed: u32,
    /// What the force on the button told.
    pub force: Option<ForceEvent>,
    /// From contact to the answer.
    pub ack_s: Option<f64>,
    /// The measured hold.
    pub hold_s: Option<f64>,
    /// Power cuts inside a write window.
    pub power_cuts: u32,
    /// Voltage below which there is none, and the lowest that the camera is to have.
    limits: (f64, f64),
    pressed: bool,
    over_and_out: bool,
}

/// What a diagnosis says of it.
#[derive(Clone, Debug, PartialEq)]
struct Judged {
    verdict: Verdict,
    reasons: Vec<String>,
    canaries: BTreeMap<Category, Fate>,
}

/// The fold over the open trial.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenExam {
    condition: Condition,
    slot: SlotId,
    started: Tick,
    judged: Option<Judged>,
    seen: Seen,
}

impl OpenExam {
    /// A trial begins on a unit that may be fed so.
    pub fn begin(at: Tick, started: &TrialStarted, supply: &SupplyLimits) -> Self {
        let set = started.slot.condition.supply_v.unwrap_or(supply.min_v);
        let limits = (OFF_BELOW * supply.nominal_v.get(), supply.min_v.min(set).get());
        Self {
            condition: started.slot.condition.clone(),
            slot: started.slot.id,
            started: at,
            judged: None,
            seen: Seen { limits, ..Seen::default() },
        }
    }

    /// An event of the trial.
    pub fn see(&mut self, event: &Event) {
        match event {
            Event::StepStarted(started) if started.step == Step::Begin => {
                self.seen = Seen { limits: self.seen.limits, ..Seen::default() };
            }
            Event::Diagnosed(diagnosis) => {
                let (verdict, reasons) = (diagnosis.verdict, diagnosis.reasons.clone());
                self.judged = Some(Judged { verdict, reasons, canaries: diagnosis.canaries.clone() });
            }
            event if self.judged.is_none() => self.seen.fold(event),
            _ => {}
        }
    }

    /// The trial was judged and has ended.
    pub fn end(self, at: Tick, seq: Seq) -> Option<Exam> {
        let Judged { verdict, reasons, canaries } = self.judged?;
        let Self { condition, slot, started, seen, .. } = self;
        Some(Exam { slot, condition, seq, took: at.since(started), verdict, reasons, canaries, seen })
    }
}

impl Seen {
    fn fold(&mut self, event: &Event) {
        match event {
            Event::StepStarted(started) => {
                self.pressed |= matches!(started.step, Step::Press { .. } | Step::Sham { .. });
                // What comes after tells of another source, or of one that is being switched off.
                self.over_and_out |= started.step == Step::Recover;
            }
            _ if self.over_and_out => {}
            Event::StepFinished(end) => {
                self.power_cuts += u32::from(end.power_cut);
            }
            Event::Measured(measured) => self.measure(&measured.measurement.name, measured.measurement.value),
            Event::Observed(observed) => self.observe(&observed.observation),
            _ => {}
        }
    }

    fn measure(&mut self, name: &str, value: f64) {
        let (off, least) = self.limits;
        match name {
            names::PLUG_IDLE | names::PLUG_BOOT => {
                self.powered |= value >= off;
                self.sagged |= value < MEAN_SAG * least;
            }
            names::PLUG_MIN => self.sagged |= value < SAMPLE_SAG * least,
            _ => {}
        }
        let place = match name {
            names::ACK => &mut self.ack_s,
            names::HOLD => &mut self.hold_s,
            _ => return,
        };
        place.get_or_insert(value);
    }

    fn observe(&mut self, observation: &Observation) {
        match observation {
            Observation::Ready if !self.pressed => self.ready = true,
            Observation::Boot { boot, stage } if !self.pressed => {
                self.boots = self.boots.max(*boot);
                self.stage = self.stage.max(Some(*stage));
            }
            Observation::Marker { marker, meaning: MarkerMeaning::Fatal | MarkerMeaning::BootloaderPrompt } => {
                self.fatal.get_or_insert_with(|| marker.clone());
            }
            Observation::Marker { meaning: MarkerMeaning::Button, .. } => self.noticed += 1,
            Observation::Force { event } => self.force = Some(*event),
            _ => {}
        }
    }
}
