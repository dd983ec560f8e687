//! Steps of the supply current to what the camera does: lamps, motor, erase.

use crate::domain::observation::{CurrentEvent, Observation};
use crate::domain::profile::CurrentSigns;
use crate::domain::units::Tick;

/// The current is taken as means over so long: whole periods of the ripple of both mains, 100 and 120 Hz.
const FRAME_US: u64 = 50_000;
/// A rise must stand for so long to be told.
pub const SUSTAINED_US: u64 = 300_000;
/// A level that has stood for so long is what the camera draws, whatever it is that it does.
pub const SETTLED_US: u64 = 3_000_000;
/// A rise may be so much more or less than the profile says.
pub const TOLERANCE: f64 = 0.3;
/// Within this share of the smallest rise that is looked for, a level is the same level.
const SAME: f64 = 0.35;
/// A level follows drift with this time constant.
const DRIFT_US: f64 = 5_000_000.0;

/// A rise that is looked for, in codes.
#[derive(Clone, Copy, Debug)]
struct Sign {
    event: CurrentEvent,
    rise: f64,
}

/// Another level than the one that stands.
#[derive(Clone, Copy, Debug)]
struct Other {
    since_us: u64,
    level: f64,
    frames: u64,
}

/// The fold over the current of a camera.
///
/// One level stands at a time. A rise from it by what the profile says begins an event, a fall by as much ends it; any other level that stands
/// long enough takes its place without a word. While the camera starts again nothing is told until the level from before is reached, for what
/// a boot draws rises in steps too.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    signs: Vec<Sign>,
    same: f64,
    level: Option<f64>,
    other: Option<Other>,
    active: Vec<Sign>,
    /// What the camera drew before it started again.
    before: Option<f64>,
    begun_us: u64,
    taken_us: u64,
    sum: f64,
    count: u32,
}

impl Steps {
    /// Looks for the signs that can be told from each other; `lsb` amperes of one code.
    pub(super) fn new(signs: &CurrentSigns, lsb: f64) -> Self {
        let named = [
            (CurrentEvent::Infrared, signs.infrared_a),
            (CurrentEvent::Motor, signs.motor_a),
            (CurrentEvent::Erase, signs.erase_a),
        ];
        let all: Vec<Sign> = named
            .into_iter()
            .filter_map(|(event, amps)| Some(Sign { event, rise: amps?.get() / lsb }))
            .filter(|sign| sign.rise > 0.0)
            .collect();
        let alike = |a: &Sign, b: &Sign| a.event != b.event && (a.rise - b.rise).abs() <= TOLERANCE * (a.rise + b.rise);
        let signs: Vec<Sign> = all.iter().copied().filter(|sign| !all.iter().any(|other| alike(sign, other))).collect();
        let same = SAME * signs.iter().map(|sign| sign.rise).fold(f64::INFINITY, f64::min);
        Self {
            signs,
            same,
            level: None,
            other: None,
            active: Vec::new(),
            before: None,
            begun_us: 0,
            taken_us: 0,
            sum: 0.0,
            count: 0,
        }
    }

    /// A trial begins.
    pub(super) fn begin(&mut self) {
        self.lost();
        self.before = None;
    }

    /// The stream has a hole, or the camera stopped or started again.
    pub(super) fn lost(&mut self) {
        self.before = self.base().map(|base| base.max(self.before.unwrap_or(base))).or(self.before);
        self.level = None;
        self.other = None;
        self.active.clear();
        (self.taken_us, self.sum, self.count) = (0, 0.0, 0);
    }

    /// What the camera draws when it does nothing special, in codes.
    pub(super) fn base(&self) -> Option<f64> {
        self.level.map(|level| level - self.active.iter().map(|sign| sign.rise).sum::<f64>()).filter(|base| *base > 0.0)
    }

    /// Takes the mean of a step. `runs`: the camera is known to run.
    pub(super) fn take(&mut self, at_us: u64, step_us: u64, amps: f64, runs: bool, out: &mut Vec<(Tick, Observation)>) {
        if self.signs.is_empty() {
            return;
        }
        if !runs {
            // It may be a notch that its adapter bridges: only what the camera draws while it runs is looked at.
            (self.taken_us, self.sum, self.count) = (0, 0.0, 0);
            return;
        }
        if self.count == 0 {
            self.begun_us = at_us;
        }
        self.sum += amps;
        self.count += 1;
        self.taken_us += step_us;
        if self.taken_us >= FRAME_US {
            let (level, span_us) = (self.sum / f64::from(self.count), self.taken_us);
            (self.taken_us, self.sum, self.count) = (0, 0.0, 0);
            self.frame(self.begun_us, span_us, level, out);
        }
    }

    fn frame(&mut self, at_us: u64, span_us: u64, amps: f64, out: &mut Vec<(Tick, Observation)>) {
        if let Some(level) = &mut self.level
            && (amps - *level).abs() <= self.same
        {
            *level += (amps - *level) * (span_us as f64 / DRIFT_US).min(1.0);
            self.other = None;
            return;
        }
        let same = self.other.filter(|other| (amps - other.level).abs() <= self.same);
        let other = same.map_or(Other { since_us: at_us, level: amps, frames: 1 }, |other| other.with(amps));
        self.other = Some(other);
        let stood_us = at_us + span_us - other.since_us;
        let Some(level) = self.level else {
            if stood_us >= SETTLED_US {
                self.settle(other.level);
            }
            return;
        };
        if stood_us >= SETTLED_US {
            self.settle(other.level);
            self.active.clear();
        } else if stood_us >= SUSTAINED_US {
            self.step(other, level, out);
        }
    }

    /// A level has stood long enough to be the camera's, whatever it does.
    fn settle(&mut self, level: f64) {
        self.level = Some(level);
        self.other = None;
    }

    /// Another level stands: an event's beginning or end, if it lies as far away as one does.
    fn step(&mut self, other: Other, level: f64, out: &mut Vec<(Tick, Observation)>) {
        let rise = other.level - level;
        let fits = |sign: &Sign| (rise.abs() - sign.rise).abs() <= TOLERANCE * sign.rise;
        let active = self.active.iter().position(fits);
        match (rise > 0.0, active) {
            (false, Some(place)) => {
                self.active.remove(place);
                self.settle(other.level);
            }
            (true, None) if !self.is_starting(level) => {
                let Some(sign) = self.signs.iter().copied().find(fits) else { return };
                self.active.push(Sign { rise, ..sign });
                self.settle(other.level);
                out.push((Tick(other.since_us), Observation::Current { event: sign.event }));
            }
            _ => {}
        }
    }

    /// Whether the camera draws less than before it started again: then a rise is its boot's.
    fn is_starting(&mut self, level: f64) -> bool {
        let starting = self.before.is_some_and(|before| level < before - self.same);
        if !starting {
            self.before = None;
        }
        starting
    }
}

impl Other {
    /// With another frame.
    fn with(self, amps: f64) -> Self {
        let frames = self.frames + 1;
        Self { level: self.level + (amps - self.level) / frames as f64, frames, ..self }
    }
}
