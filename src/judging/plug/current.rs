//! Amperes at the plug to the camera's restarts.

use super::steps::Steps;
use crate::domain::observation::{CurrentEvent, Observation};
use crate::domain::profile::CurrentSigns;
use crate::domain::units::Tick;

/// Samples are averaged to steps of about so many microseconds.
const STEP_US: u64 = 1000;
/// The running level is a sliding mean with this time constant, and is known after this time.
const LEVEL_US: u64 = 1_000_000;
/// Below this share of the profile's rated current a camera is not running (an assumption: the smallest real cameras draw 0.2 A of 1 A rated).
pub const RUNNING_ABOVE: f64 = 0.02;
/// Below this share of its running level the current is almost nothing (our choice).
pub const LOW_BELOW: f64 = 0.25;
/// And it lies below this share of what the camera draws when it does nothing special, where that is known: lamps and motors that stop
/// leave a running camera.
pub const LOW_OF_BASE: f64 = 0.5;
/// Above this share of its running level, or of what it draws when it does nothing special, it is back: a camera that starts again does so
/// without its lamps.
pub const BACK_ABOVE: f64 = 0.5;
/// It must have been low for so long: shorter than a processor's reset takes.
pub const LOW_US: u64 = 10_000;
/// And back for so long.
pub const BACK_US: u64 = 50_000;
/// Low for longer than this, it was switched off, not restarted: overloaded adapters try again about once a second.
pub const LONGEST_LOW_US: u64 = 3_000_000;

#[derive(Clone, Copy, Debug)]
enum State {
    /// No running level is known; since when the current has been above the least.
    Unknown {
        since_us: Option<u64>,
    },
    Running,
    /// Almost nothing since; back above the upper bound since.
    Low {
        since_us: u64,
        /// Above this it is back.
        bound: f64,
        back_us: Option<u64>,
        /// Below it again since; ripple is no fall.
        dip_us: Option<u64>,
    },
}

/// The fold over amperes.
#[derive(Clone, Debug)]
pub(super) struct CurrentWatch {
    /// Code above which a camera may be running.
    least: f64,
    state: State,
    level: f64,
    samples: u64,
    step_us: u64,
    /// Share of the way to a step's mean that the level goes, and the factor that makes a mean of a sum: computed once, since a division
    /// takes longer than everything else that is done with a sample.
    blend: f64,
    per_sample: f64,
    partial: i64,
    missing: u64,
    steps: Steps,
}

impl CurrentWatch {
    /// `max_a` is the profile's rated current, `signs` what the current tells besides, `lsb` amperes of one code.
    pub(super) fn new(max_a: f64, signs: &CurrentSigns, lsb: f64) -> Self {
        let least = (RUNNING_ABOVE * max_a / lsb).max(2.0);
        let mut watch = Self {
            least,
            state: State::Unknown { since_us: None },
            level: 0.0,
            samples: 1,
            step_us: STEP_US,
            blend: 0.0,
            per_sample: 1.0,
            partial: 0,
            missing: 1,
            steps: Steps::new(signs, lsb),
        };
        watch.reset(STEP_US);
        watch
    }

    /// What was known is void: another period between samples, or another trial.
    pub(super) fn reset(&mut self, period_us: u64) {
        self.samples = ((STEP_US + period_us / 2) / period_us).max(1);
        self.step_us = self.samples * period_us;
        self.blend = (self.step_us as f64 / LEVEL_US as f64).min(1.0);
        self.per_sample = 1.0 / self.samples as f64;
        self.hole();
    }

    /// A trial begins: what the camera draws is learned anew.
    pub(super) fn begin(&mut self) {
        self.hole();
        self.steps.begin();
    }

    /// The stream has a hole.
    pub(super) fn hole(&mut self) {
        self.steps.lost();
        self.partial = 0;
        self.missing = self.samples;
        self.state = State::Unknown { since_us: None };
    }

    /// Takes codes, the first sampled at `start_us`.
    pub(super) fn feed(&mut self, start_us: u64, period_us: u64, codes: &[i16], out: &mut Vec<(Tick, Observation)>) {
        let (mut rest, mut read) = (codes, 0_u64);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.missing as usize));
            rest = later;
            read += now.len() as u64;
            self.missing -= now.len() as u64;
            self.partial += now.iter().map(|&code| i64::from(code)).sum::<i64>();
            if self.missing == 0 {
                let mean = std::mem::take(&mut self.partial) as f64 * self.per_sample;
                self.missing = self.samples;
                let end_us = start_us + (read - 1) * period_us;
                self.step(end_us.saturating_sub(self.step_us - period_us), mean, out);
            }
        }
    }

    /// Takes the mean of the step that began at `at_us`.
    fn step(&mut self, at_us: u64, amps: f64, out: &mut Vec<(Tick, Observation)>) {
        self.follow(at_us, amps, out);
        self.steps.take(at_us, self.step_us, amps, matches!(self.state, State::Running), out);
    }

    /// Whether the camera runs.
    fn follow(&mut self, at_us: u64, amps: f64, out: &mut Vec<(Tick, Observation)>) {
        let blend = self.blend;
        let base = || self.steps.base().unwrap_or(f64::INFINITY);
        match &mut self.state {
            State::Unknown { since_us } => {
                if amps < self.least {
                    *since_us = None;
                    return;
                }
                let since = *since_us.get_or_insert(at_us);
                self.level = if since == at_us { amps } else { self.level + (amps - self.level) * blend };
                if at_us - since >= LEVEL_US {
                    self.state = State::Running;
                }
            }
            State::Running if amps < LOW_BELOW * self.level && amps < LOW_OF_BASE * base() => {
                self.state =
                    State::Low { since_us: at_us, bound: BACK_ABOVE * self.level.min(base()), back_us: None, dip_us: None };
            }
            State::Running => self.level += (amps - self.level) * blend,
            State::Low { since_us, bound, back_us, dip_us } => {
                let since = *since_us;
                if amps <= *bound {
                    if back_us.is_some() && at_us - *dip_us.get_or_insert(at_us) < LOW_US {
                        return;
                    }
                    (*back_us, *dip_us) = (None, None);
                    if at_us - since > LONGEST_LOW_US {
                        self.steps.lost();
                        self.state = State::Unknown { since_us: None };
                    }
                    return;
                }
                *dip_us = None;
                let back = *back_us.get_or_insert(at_us);
                if back - since < LOW_US {
                    self.state = State::Running;
                } else if at_us - back >= BACK_US {
                    self.state = State::Running;
                    self.steps.lost();
                    out.push((Tick(since), Observation::Current { event: CurrentEvent::Restart }));
                }
            }
        }
    }
}
