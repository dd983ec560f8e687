//! What a check of the rig came to: its measurements against what the rig's file and its calibration say, line by line; and the calibration that
//! follows from them.

use crate::domain::condition::{Check, Stimulus};
use crate::domain::event::Event;
use crate::domain::measurement::{Measurement, names};
use crate::domain::observation::{ConsoleState, NetworkStatus, Observation};
use crate::domain::rig::{Calibration, Position};
use crate::domain::step::StepEnd;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, Outcome};
use std::collections::BTreeMap;

/// An edge of the coil may be so late: two hundredths, the usual tolerance of a hold, of the shortest hold that is asked for, half a second.
const LATE_MAX_S: f64 = 0.010;
/// The length of a press may vary so much (assumption: a tenth of the shortest stroke uncertainty that matters).
const JITTER_MAX_S: f64 = 0.005;
/// A voltage may be off by this share and so many volts: what a cable of a metre drops at half an ampere, and an instrument's accuracy.
const VOLTS_MAX: (f64, f64) = (0.05, 0.05);
/// Dark and lit readings may have moved by this share of the way between them since the calibration: the decoder's threshold is the middle.
const LIGHT_MAX: f64 = 0.25;
/// A measured stroke may differ from the calibrated one by so many of their common standard uncertainties.
const SIGMAS: f64 = 3.0;

/// How a line of the check is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Within its bounds.
    Good,
    /// Out of tolerance.
    Out,
    /// The rig failed while it was checked.
    Faulted,
    /// Could not be checked, and why.
    NotChecked,
    /// Worth knowing.
    Note,
}

/// A line of the check.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Line {
    /// What was checked.
    pub what: String,
    /// How it is meant.
    pub state: State,
    /// In words, with figures.
    pub detail: String,
}

impl Line {
    /// A line.
    pub fn new(what: &str, state: State, detail: impl Into<String>) -> Self {
        Self { what: what.to_owned(), state, detail: detail.into() }
    }
}

/// A voltage that was read back.
#[derive(Clone, Debug, PartialEq)]
struct ReadBack {
    adapter: String,
    set: Option<f64>,
    volts: f64,
}

/// The fold over a check's events.
#[derive(Clone, Debug, Default)]
pub struct RigFold {
    position: Option<Position>,
    now: Option<(Check, String)>,
    done: Vec<(Check, Option<StepEnd>, Outcome)>,
    end: Option<StepEnd>,
    values: BTreeMap<String, Vec<(f64, Option<f64>)>>,
    set: Option<f64>,
    read: Vec<ReadBack>,
    spoke: bool,
    garbled: bool,
    network: Option<NetworkStatus>,
    /// The profile says that the camera answers over the network.
    networked: bool,
    faults: Vec<Fault>,
}

impl RigFold {
    /// Takes the next event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::RunStarted(started) => {
                self.position = Some(started.position.clone());
                self.networked = started.profile.factory.network;
            }
            Event::TrialStarted(started) => {
                let condition = &started.slot.condition;
                let Stimulus::Check { check } = condition.stimulus else { return };
                (self.now, self.end, self.set) = (Some((check, condition.adapter.to_string())), None, None);
            }
            Event::StepFinished(step) if step.step == "measure" => self.end = Some(step.end),
            Event::Measured(measured) => self.measured(&measured.measurement),
            Event::Observed(observed) => match &observed.observation {
                Observation::Console { state: ConsoleState::Garbled } => self.garbled = true,
                Observation::Console { state: ConsoleState::Speaking }
                | Observation::Marker { .. }
                | Observation::Boot { .. } => {
                    self.spoke = true;
                }
                Observation::Network { status } => self.network = Some(*status),
                _ => {}
            },
            Event::Faulted(fault) => self.faults.push(fault.clone()),
            Event::TrialFinished(finished) => {
                if let Some((check, _)) = self.now.take() {
                    self.done.push((check, self.end, finished.outcome));
                }
            }
            _ => {}
        }
    }

    fn measured(&mut self, measurement: &Measurement) {
        let (value, u) = (measurement.value, measurement.u);
        match measurement.name.as_str() {
            names::SET => self.set = Some(value),
            names::READ_BACK => {
                let adapter = self.now.as_ref().map_or_else(String::new, |(_, adapter)| adapter.clone());
                self.read.push(ReadBack { adapter, set: self.set.take(), volts: value });
            }
            name => self.values.entry(name.to_owned()).or_default().push((value, u)),
        }
    }

    /// The mean of all values of a name, and the greatest uncertainty that one of them has.
    fn value(&self, name: &str) -> Option<(f64, f64)> {
        let values = self.values.get(name)?;
        let mean = values.iter().map(|(value, _)| value).sum::<f64>() / values.len().max(1) as f64;
        Some((mean, values.iter().filter_map(|(_, u)| *u).fold(0.0, f64::max)))
    }

    fn made(&self, check: Check) -> bool {
        self.done.iter().any(|(made, _, outcome)| *made == check && matches!(outcome, Outcome::Judged(_)))
    }

    /// Every line, in the order in which a person looks for causes.
    pub fn lines(&self) -> Vec<Line> {
        let Some(position) = &self.position else { return Vec::new() };
        let mut lines = Vec::new();
        self.coil(&mut lines);
        self.stroke(&position.calibration, &mut lines);
        self.light(position, &mut lines);
        self.voltages(&mut lines);
        self.camera(position, &mut lines);
        lines.extend(self.faults.iter().map(|fault| Line::new(&fault.source_name, State::Faulted, fault.detail.clone())));
        lines
    }

    fn coil(&self, lines: &mut Vec<Line>) {
        let bound = |what: &str, name: &str, most: f64, lines: &mut Vec<Line>| {
            let Some((value, u)) = self.value(name) else { return };
            let state = if value <= most { State::Good } else { State::Out };
            let detail = format!("{:.3} ms, uncertainty {:.3} ms, allowed {:.0} ms", value * 1e3, u * 1e3, most * 1e3);
            lines.push(Line::new(what, state, detail));
        };
        bound("coil, latest edge", names::COIL_LATE, LATE_MAX_S, lines);
        bound("coil, jitter of a press", names::COIL_JITTER, JITTER_MAX_S, lines);
    }

    fn stroke(&self, calibration: &Calibration, lines: &mut Vec<Line>) {
        let strokes = [("pull-in", names::PULL_IN, calibration.pull_in_s), ("drop-out", names::DROP_OUT, calibration.drop_out_s)];
        for (what, name, calibrated) in strokes {
            let line = match self.value(name) {
                Some((value, u)) => {
                    let off = (value - calibrated.get()).abs();
                    let good = off <= SIGMAS * u.hypot(calibration.stroke_u_s.get());
                    let detail = format!(
                        "{:.1} ms, uncertainty {:.1} ms; the rig is calibrated to {:.1} ms",
                        value * 1e3,
                        u * 1e3,
                        calibrated.get() * 1e3
                    );
                    Line::new(what, if good { State::Good } else { State::Out }, detail)
                }
                None if self.made(Check::ButtonContact) => {
                    let why = format!(
                        "no force sensor felt the button: the rig's {:.1} ms stand as they are, uncertainty {:.1} ms",
                        calibrated.get() * 1e3,
                        calibration.stroke_u_s.get() * 1e3
                    );
                    Line::new(what, State::NotChecked, why)
                }
                None => continue,
            };
            lines.push(line);
        }
    }

    fn light(&self, position: &Position, lines: &mut Vec<Line>) {
        let calibration = &position.calibration;
        let (dark, lit) = (calibration.light_dark, calibration.light_lit);
        let room = LIGHT_MAX * (lit - dark);
        if let Some((value, u)) = self.value(names::LIGHT_DARK) {
            let state = if value <= dark + room { State::Good } else { State::Out };
            let detail = format!("{value:.3} of full scale, noise {u:.3}; allowed up to {:.3}", dark + room);
            lines.push(Line::new("light, dark", state, detail));
        } else if self.made(Check::DarkLight) {
            lines.push(Line::new("light, dark", State::NotChecked, "the rig has no light sensor"));
        }
        if let Some((value, u)) = self.value(names::LIGHT_LIT) {
            let state = if value >= lit - room { State::Good } else { State::Out };
            let detail = format!("{value:.3} of full scale, noise {u:.3}; wanted at least {:.3}", lit - room);
            lines.push(Line::new("light, lit", state, detail));
        }
    }

    fn voltages(&self, lines: &mut Vec<Line>) {
        let (share, volts) = VOLTS_MAX;
        for read in &self.read {
            let what = format!("supply, {}", read.adapter);
            let line = match read.set {
                Some(set) => {
                    let good = (read.volts - set).abs() <= share * set + volts;
                    Line::new(
                        &what,
                        if good { State::Good } else { State::Out },
                        format!("set to {set:.2} V, read back {:.3} V", read.volts),
                    )
                }
                None => Line::new(&what, State::Note, format!("gives {:.3} V to the camera", read.volts)),
            };
            lines.push(line);
        }
        if self.made(Check::Supply) && self.read.is_empty() {
            lines.push(Line::new("supply", State::NotChecked, "neither the plug nor the supply itself measures a voltage"));
        }
    }

    fn camera(&self, position: &Position, lines: &mut Vec<Line>) {
        let boots = self.done.iter().filter(|(check, _, outcome)| *check == Check::Boot && matches!(outcome, Outcome::Judged(_)));
        let ends: Vec<Option<StepEnd>> = boots.map(|(_, end, _)| *end).collect();
        if ends.is_empty() {
            return;
        }
        lines.push(match self.value(names::BOOT) {
            Some((seconds, _)) if ends.iter().all(|end| *end == Some(StepEnd::Done)) => {
                Line::new("camera", State::Good, format!("ready {seconds:.1} s after power-on"))
            }
            _ => Line::new(
                "camera",
                State::Out,
                "not ready in the profile's time: look at its supply, its light sensor and its console",
            ),
        });
        if position.console.is_some() {
            lines.push(match (self.spoke, self.garbled) {
                (true, false) => Line::new("console", State::Good, "speaks"),
                (_, true) => {
                    Line::new("console", State::Out, "what comes is no text: most often another baud rate, or no common ground")
                }
                (false, false) => Line::new("console", State::Out, "silent while the camera booted: look at its three wires"),
            });
        }
        if position.probe.is_some() {
            lines.push(match self.network {
                Some(NetworkStatus::Unreachable) | None if self.networked => {
                    Line::new("probe", State::Out, "the camera does not answer over the network")
                }
                Some(NetworkStatus::Unreachable) | None => Line::new(
                    "probe",
                    State::NotChecked,
                    "the camera does not answer, and its profile does not say that it would",
                ),
                Some(_) => Line::new("probe", State::Good, "the camera answers over the network"),
            });
        }
    }

    /// What was found, in place of what the rig said before: what could not be measured stays.
    pub fn calibration(&self, date: &str, due: &str) -> Option<Calibration> {
        let old = self.position.as_ref()?.calibration.clone();
        let mut new = Calibration { date: Some(date.to_owned()), due: Some(due.to_owned()), ..old };
        if let (Some((pull_in, pull_u)), Some((drop_out, drop_u))) = (self.value(names::PULL_IN), self.value(names::DROP_OUT)) {
            (new.pull_in_s, new.drop_out_s) = (Seconds::new(pull_in), Seconds::new(drop_out));
            new.stroke_u_s = Seconds::new(pull_u.hypot(drop_u));
            (new.found.pull_in_u_s, new.found.drop_out_u_s) = (Some(Seconds::new(pull_u)), Some(Seconds::new(drop_u)));
        }
        // A threshold needs both of its sides from one day.
        if let (Some((dark, dark_u)), Some((lit, lit_u))) = (self.value(names::LIGHT_DARK), self.value(names::LIGHT_LIT))
            && lit - dark > SIGMAS * dark_u.hypot(lit_u)
        {
            (new.light_dark, new.light_lit) = (round(dark), round(lit));
            (new.found.light_dark_u, new.found.light_lit_u) = (Some(round(dark_u)), Some(round(lit_u)));
        }
        let offsets: Vec<f64> = self.read.iter().filter_map(|read| Some(read.volts - read.set?)).collect();
        if !offsets.is_empty() {
            let mean = offsets.iter().sum::<f64>() / offsets.len() as f64;
            let widest = offsets.iter().map(|offset| (offset - mean).abs()).fold(0.0, f64::max);
            (new.found.supply_offset_v, new.found.supply_offset_u_v) = (Some(round(mean)), Some(round(widest / 3_f64.sqrt())));
        }
        new.found.coil_late_s = self.value(names::COIL_LATE).map(|(late, _)| Seconds::new(late));
        new.found.coil_jitter_s = self.value(names::COIL_JITTER).map(|(jitter, _)| Seconds::new(jitter));
        Some(new)
    }
}

/// Six digits are finer than any instrument here.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
