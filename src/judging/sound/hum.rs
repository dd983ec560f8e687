//! The motor's hum: a steady sound, broad or low, that is no tone.

use super::noise::STANDS_OUT;
use crate::domain::observation::Observation;
use crate::domain::units::Tick;

/// Steps of one window: a tenth of a second.
const WINDOW: u32 = 10;
/// So many windows in a row make a run (our choice: a second and a fifth. A long vowel or a hiss of speech lasts half of it; cameras pan for
/// several seconds).
const RUN: u32 = 12;
/// Their powers lie within this factor of their mean (our choice: 3 dB; a voice changes by more from syllable to syllable).
const EVEN: f64 = 2.0;
/// It has stopped below this share of its power.
const STOPPED: f64 = 0.25;
/// And after so many windows in a row: a motor that turns round pauses shorter.
const STOPS: u32 = 2;
/// The sound of a tone repeats itself after 20 ms with this share of its power or more, whatever its frequency; noise does not.
const COHERENT: f64 = 0.6;
/// A tone has less than this share of its power below about 400 Hz; a motor's low harmonics have more.
const LOW: f64 = 0.4;
/// Rate to which samples are thinned for this, as the time between two.
const THIN_US: u64 = 125;
/// Lags at which the sound is compared with itself begin at 20 ms; so many of them reach over half a period of 400 Hz.
const LAGS_US: u64 = 20_000;
const LAGS: usize = 10;
/// The sum over so long keeps what lies below about 400 Hz.
const SUM_US: u64 = 1_250;
/// A hum that begins so soon after our coil was energised is the coil's (assumption: its holding current is chopped at once).
const COIL_US: u64 = 300_000;

/// A run of windows.
#[derive(Clone, Copy, Debug)]
struct Run {
    since_us: u64,
    power: f64,
    windows: u32,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Quiet(Option<Run>),
    /// A hum stands; told, or our own coil's. For so many windows it was not heard, since.
    Stands {
        power: f64,
        told: bool,
        missing: u32,
        lost_us: u64,
    },
}

/// Listens for the motor.
#[derive(Clone, Debug)]
pub(super) struct Hum {
    state: State,
    coil_us: Option<u64>,
    /// Thinned samples: as many as the largest lag from before the window, then the window's.
    thin: Vec<f64>,
    factor: usize,
    lag: usize,
    sum: usize,
    begun_us: u64,
    steps: u32,
    power: f64,
    tone: bool,
}

impl Hum {
    /// For samples `period_us` apart.
    pub(super) fn new(period_us: u64) -> Self {
        let factor = (THIN_US / period_us).max(1);
        let samples = |span_us: u64| (span_us / (factor * period_us)).max(1) as usize;
        Self {
            state: State::Quiet(None),
            coil_us: None,
            thin: Vec::new(),
            factor: factor as usize,
            lag: samples(LAGS_US),
            sum: samples(SUM_US),
            begun_us: 0,
            steps: 0,
            power: 0.0,
            tone: false,
        }
    }

    /// Our coil was energised.
    pub(super) fn coil(&mut self, at_us: u64) {
        self.coil_us = Some(at_us);
    }

    /// Takes a step.
    pub(super) fn step(&mut self, start_us: u64, codes: &[i16], step: Step, out: &mut Vec<(Tick, Observation)>) {
        if self.steps == 0 {
            (self.begun_us, self.power, self.tone) = (start_us, 0.0, false);
        }
        let thin = codes.chunks(self.factor).map(|part| {
            let sum: i32 = part.iter().map(|&code| i32::from(code)).sum();
            f64::from(sum) / part.len() as f64 - step.mean
        });
        self.thin.extend(thin);
        self.power += step.power / f64::from(WINDOW);
        self.tone |= step.tone;
        self.steps += 1;
        if self.steps == WINDOW {
            self.steps = 0;
            self.window(step.noise, out);
            let old = self.thin.len().saturating_sub(self.lag + LAGS);
            self.thin.drain(..old);
        }
    }

    fn window(&mut self, noise: f64, out: &mut Vec<(Tick, Observation)>) {
        let (power, at_us) = (self.power, self.begun_us);
        let loud = power > STANDS_OUT * noise;
        match self.state {
            // A note is heard above the hum, and ends no run of it.
            State::Quiet(Some(_)) if loud && self.tone => {}
            State::Quiet(run) => {
                let hums = loud && !self.tone && !self.is_tone();
                let even = run.filter(|run| power < EVEN * run.power && power * EVEN > run.power);
                let run = even.map_or(Run { since_us: at_us, power, windows: 1 }, |run| run.with(power));
                self.state = State::Quiet(hums.then_some(run));
                if hums && run.windows == RUN {
                    self.begin(run, out);
                }
            }
            State::Stands { power: level, told, .. } if !told && power > level / STOPPED => {
                self.state = State::Quiet(None);
            }
            State::Stands { power: level, told, missing, lost_us } => {
                let stopped = power < (STOPPED * level).max(STANDS_OUT / 2.0 * noise);
                let (missing, lost_us) = match (stopped, missing) {
                    (false, _) => (0, 0),
                    (true, 0) => (1, at_us),
                    (true, missing) => (missing + 1, lost_us),
                };
                self.state = State::Stands { power: level, told, missing, lost_us };
                if missing == STOPS {
                    self.state = State::Quiet(None);
                    if told {
                        out.push((Tick(lost_us), Observation::Motor { running: false }));
                    }
                }
            }
        }
    }

    fn begin(&mut self, run: Run, out: &mut Vec<(Tick, Observation)>) {
        // The window in which the coil was energised may have begun before that.
        let ours = self.coil_us.is_some_and(|coil| run.since_us + COIL_US / 3 >= coil && run.since_us <= coil + COIL_US);
        self.state = State::Stands { power: run.power, told: !ours, missing: 0, lost_us: 0 };
        if !ours {
            out.push((Tick(run.since_us), Observation::Motor { running: true }));
        }
    }

    /// Whether the window holds a tone of any frequency rather than a hum.
    fn is_tone(&self) -> bool {
        // The samples before the window stand first; there are none before the first window.
        let start = (self.lag + LAGS).min(self.thin.len());
        let now = &self.thin[start..];
        let power: f64 = now.iter().map(|x| x * x).sum();
        let like = |lag: usize| -> f64 { now.iter().zip(&self.thin[start.saturating_sub(lag)..]).map(|(a, b)| a * b).sum() };
        let coherent = (self.lag..self.lag + LAGS).any(|lag| like(lag).abs() >= COHERENT * power);
        coherent && self.low(now) < LOW * power
    }

    /// The power that lies low, as a sum over the samples.
    fn low(&self, now: &[f64]) -> f64 {
        let width = self.sum as f64;
        now.windows(self.sum).map(|part| (part.iter().sum::<f64>() / width).powi(2)).sum()
    }
}

impl Run {
    /// With another window.
    fn with(self, power: f64) -> Self {
        let windows = self.windows + 1;
        Self { power: self.power + (power - self.power) / f64::from(windows), windows, ..self }
    }
}

/// What is known of a step besides its samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Its power.
    pub(super) power: f64,
    /// Mean and power of the background.
    pub(super) mean: f64,
    pub(super) noise: f64,
    /// A tone of the profile sounds, or may.
    pub(super) tone: bool,
}
