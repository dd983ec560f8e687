//! Takes mains flicker and dimming pulses out of brightness samples, and makes them few.

/// The length of one step: samples are summed to steps of about this many microseconds. Short against the shortest half period of
/// interest (50 ms at 10 Hz), so that a rate is exact to about 1 %.
const STEP_US: u64 = 1000;
/// One period of the flicker of lamps on 50 Hz mains. A mean over it does not see 100 Hz nor any multiple of it.
const FLICKER_50_US: u64 = 10_000;
/// The same for 60 Hz mains: 120 Hz.
const FLICKER_60_US: u64 = 8_333;
/// Most steps of one mean: 10 ms in steps of at least 667 us.
const LONGEST: usize = 16;

/// A mean over the last `len` values, as a sum.
#[derive(Clone, Debug)]
struct Boxcar {
    ring: [i64; LONGEST],
    len: usize,
    cursor: Cursor,
}

/// Where a mean stands.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    next: usize,
    sum: i64,
}

impl Boxcar {
    fn new(len: usize) -> Self {
        Self { ring: [0; LONGEST], len: len.clamp(1, LONGEST), cursor: Cursor { next: 0, sum: 0 } }
    }

    /// As if `value` had stood for ever.
    fn fill(&mut self, value: i64) {
        self.ring = [value; LONGEST];
        self.cursor.sum = value * self.len as i64;
    }

    #[inline]
    fn advance(&mut self, cursor: &mut Cursor, value: i64) -> i64 {
        let slot = &mut self.ring[cursor.next & (LONGEST - 1)];
        cursor.sum += value - *slot;
        *slot = value;
        cursor.next = if cursor.next + 1 == self.len { 0 } else { cursor.next + 1 };
        cursor.sum
    }

    #[inline]
    fn push(&mut self, value: i64) -> i64 {
        let mut cursor = self.cursor;
        let sum = self.advance(&mut cursor, value);
        self.cursor = cursor;
        sum
    }
}

/// Two means in a row, one for each kind of mains. Together they weaken everything from 100 Hz upwards to below 4 %.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// Samples in one step.
    pub(super) samples: usize,
    /// Sum of the samples of the step that is being filled.
    partial: i64,
    /// Samples that it still needs.
    pub(super) missing: usize,
    first: Boxcar,
    second: Boxcar,
    empty: bool,
    /// How far the output lags behind the last sample of a step, in microseconds.
    pub(super) lag_us: u64,
}

impl Filter {
    /// For samples so many microseconds apart.
    pub(super) fn new(period_us: u64) -> Self {
        let samples = ((STEP_US + period_us / 2) / period_us).max(1);
        let step_us = samples * period_us;
        let steps = |span: u64| ((span + step_us / 2) / step_us).max(1) as usize;
        let (first, second) = (Boxcar::new(steps(FLICKER_50_US)), Boxcar::new(steps(FLICKER_60_US)));
        // A mean of n values lags by the middle of its span; so does the sum over a step.
        let lag_us = ((first.len + second.len - 2) as u64 * step_us + (samples - 1) * period_us) / 2;
        let samples = samples as usize;
        Self { samples, partial: 0, missing: samples, first, second, empty: true, lag_us }
    }

    /// By how much the output is larger than a code.
    pub(super) fn gain(&self) -> f64 {
        (self.samples * self.first.len * self.second.len) as f64
    }

    /// Whether one of the steps that make up the first mean (the last 10 ms) is beyond a code on the lit side; `sign` says which that is.
    pub(super) fn any_beyond(&self, code: f64, sign: i64) -> bool {
        let beyond = (code * self.samples as f64).round() as i64 * sign;
        self.first.ring[..self.first.len].iter().any(|step| step * sign > beyond)
    }

    /// How much later than going on, in microseconds, going off is seen: a lamp from dark to lit crosses `above` on its way up sooner than
    /// `below` on its way down.
    pub(super) fn late_off_us(&self, above: f64, below: f64, step_us: u64) -> u64 {
        let (first, second) = (self.first.len, self.second.len);
        // The output after `n` steps of light, from dark, as a share.
        let up =
            |n: usize| (0..second).map(|ago| n.saturating_sub(ago).min(first)).sum::<usize>() as f64 / (first * second) as f64;
        let steps = first + second;
        let reaches = |share: f64| (0..=steps).find(|&n| up(n) > share).unwrap_or(steps);
        reaches(1.0 - below).saturating_sub(reaches(above)) as u64 * step_us
    }

    /// How many steps one output is made of.
    pub(super) fn steps(&self) -> usize {
        self.first.len + self.second.len - 1
    }

    /// Forgets the past: the samples that follow have nothing to do with those before.
    pub(super) fn restart(&mut self) {
        self.partial = 0;
        self.missing = self.samples;
        self.empty = true;
    }

    /// Adds samples, no more than are missing. The output when the step is full.
    #[inline]
    pub(super) fn add(&mut self, codes: &[i16]) -> Option<i64> {
        self.partial += codes.iter().map(|&code| i64::from(code)).sum::<i64>();
        self.missing -= codes.len();
        if self.missing > 0 {
            return None;
        }
        let step = std::mem::take(&mut self.partial);
        self.missing = self.samples;
        Some(self.step(step))
    }

    /// Takes the sum of a whole step. The output.
    #[inline]
    pub(super) fn step(&mut self, step: i64) -> i64 {
        if self.empty {
            self.empty = false;
            self.first.fill(step);
            self.second.fill(step * self.first.len as i64);
        }
        let once = self.first.push(step);
        self.second.push(once)
    }

    /// Takes samples that are a step each, up to and with the first whose output is outside of `quiet`. How many, and the last output.
    #[inline]
    pub(super) fn run(&mut self, codes: &[i16], quiet: (i64, i64)) -> (usize, i64) {
        // Sums and places live in registers here: this loop is nearly all that a slow sensor costs.
        let (mut first, mut second) = (self.first.cursor, self.second.cursor);
        let mut level = second.sum;
        let mut taken = codes.len();
        for (index, &code) in codes.iter().enumerate() {
            let once = self.first.advance(&mut first, i64::from(code));
            level = self.second.advance(&mut second, once);
            if level < quiet.0 || level > quiet.1 {
                taken = index + 1;
                break;
            }
        }
        (self.first.cursor, self.second.cursor) = (first, second);
        (taken, level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// Largest output, as a share of the input's amplitude, for a sine of `hz`.
    fn gain_at(hz: f64, period_us: u64) -> f64 {
        let mut filter = Filter::new(period_us);
        let mut peak = 0.0_f64;
        for n in 0..(2_000_000 / period_us) {
            let code = (10_000.0 * (TAU * hz * (n * period_us) as f64 * 1e-6).sin()) as i16;
            if let Some(out) = filter.add(&[code])
                && n * period_us > 100_000
            {
                peak = peak.max((out as f64 / filter.gain()).abs() / 10_000.0);
            }
        }
        peak
    }

    #[test]
    fn flicker_and_dimming_from_100_hz_are_gone_and_blinks_pass() {
        for period_us in [100, 250, 1000] {
            for hz in [100.0, 120.0, 110.0, 137.0, 150.0, 217.0, 300.0, 480.0] {
                let gain = gain_at(hz, period_us);
                assert!(gain < 0.045, "{gain} at {hz} Hz, {period_us} us");
            }
            assert!(gain_at(10.0, period_us) > 0.9);
        }
    }

    #[test]
    fn a_standing_level_comes_out_as_it_is_from_the_first_step_on() {
        let mut filter = Filter::new(500);
        let first = filter.add(&[7, 7]).unwrap();
        assert_eq!(first as f64 / filter.gain(), 7.0);
    }
}
