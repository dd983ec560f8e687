//! How loud it is when nothing special is to be heard.

/// The background falls with this time constant: a lull of a fifth of a second shows it.
const FALL_US: f64 = 200_000.0;
/// And rises tenfold in so long: the longest run of a motor that is expected is half a minute, and must not become background meanwhile.
const RISE_US: f64 = 60_000_000.0;
/// A sound stands out when its power is so many times that of the background (our choice: 6 dB).
pub(super) const STANDS_OUT: f64 = 4.0;
/// No background is taken to be lower, in squared codes: the converter's own steps are noise.
const FLOOR: f64 = 16.0;

/// The power of the background, and the microphone's mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    /// What a silent microphone reads, in codes.
    pub(super) mean: f64,
    /// Mean square of the background in squared codes.
    pub(super) power: f64,
    fall: f64,
    rise: f64,
    fresh: bool,
}

impl Noise {
    /// Learned in steps of `step_us`.
    pub(super) fn new(step_us: u64) -> Self {
        let step_us = step_us as f64;
        let (fall, rise) = ((step_us / FALL_US).min(1.0), 10_f64.powf(step_us / RISE_US));
        Self { mean: 0.0, power: FLOOR, fall, rise, fresh: true }
    }

    /// Takes a step; its power.
    pub(super) fn step(&mut self, codes: &[i16]) -> f64 {
        let (mut sum, mut squares) = (0_i64, 0_i64);
        for &code in codes {
            let code = i64::from(code);
            sum += code;
            squares += code * code;
        }
        let count = codes.len() as f64;
        let mean = sum as f64 / count;
        // A tenth of the way to a new mean within a second keeps low hum out of it.
        self.mean = if self.fresh { mean } else { self.mean + (mean - self.mean) * self.fall / 50.0 };
        let power = (squares as f64 / count - 2.0 * self.mean * mean + self.mean * self.mean).max(0.0);
        self.power = match power {
            power if self.fresh => power,
            power if power < self.power => self.power + (power - self.power) * self.fall,
            power => (self.power * self.rise).min(power),
        };
        self.power = self.power.max(FLOOR);
        self.fresh = false;
        power
    }

    /// Whether a power stands out.
    pub(super) fn is_loud(&self, power: f64) -> bool {
        power > STANDS_OUT * self.power
    }
}
