//! Steady oscillations in whole numbers: the same on every machine, whatever sample one begins with.

use super::math::sine;

/// Entries of the table: a tenth of a turn is a whole number of them, so that 100 Hz at a thousand samples a second is exact.
const STEPS: usize = 4000;
/// A turn in parts of millihertz times microseconds, so that any frequency in whole millihertz is exact.
const TURN: u64 = 1_000_000_000;
/// The height of the sine in the table.
pub const FULL: i32 = 32_767;

static SINE: [i16; STEPS] = table();

const fn table() -> [i16; STEPS] {
    let mut entries = [0; STEPS];
    let mut i = 0;
    while i < STEPS {
        let value = sine(i as f64 / STEPS as f64) * FULL as f64;
        entries[i] = (if value < 0.0 { value - 0.5 } else { value + 0.5 }) as i16;
        i += 1;
    }
    entries
}

/// An oscillation on a grid of samples; sample 0 has phase `start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wave {
    step: u32,
    start: u32,
}

impl Wave {
    /// `hz` in whole millihertz, seen every `period_us`, beginning at a share `phase` of its period. Above half of the sampling rate it is
    /// seen as an alias, as a converter without a filter sees it.
    pub fn new(hz: f64, period_us: u64, phase: f64) -> Self {
        let step = ((hz * 1000.0).round().max(0.0) as u64 * period_us) % TURN;
        let start = (phase * TURN as f64).round().max(0.0) as u64 % TURN;
        Self { step: step as u32, start: start as u32 }
    }

    /// The phase of each sample from a number on, in billionths of a turn.
    fn phases(self, number: u64) -> impl Iterator<Item = u32> {
        let mut phase = (((number % TURN) * u64::from(self.step) + u64::from(self.start)) % TURN) as u32;
        std::iter::from_fn(move || {
            let now = phase;
            phase = (phase + self.step) % TURN as u32;
            Some(now)
        })
    }

    /// Its sine from a sample on, [`FULL`] high.
    pub fn sines(self, number: u64) -> impl Iterator<Item = i32> {
        self.phases(number).map(|phase| i32::from(SINE[phase as usize / (TURN as usize / STEPS)]))
    }

    /// Whether it is in the first `share` of its period, from a sample on.
    pub fn pulses(self, number: u64, share: f64) -> impl Iterator<Item = bool> {
        let end = (share * TURN as f64).round() as u32;
        self.phases(number).map(move |phase| phase < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_is_the_sine_of_the_library() {
        for (i, entry) in SINE.iter().enumerate() {
            let expected = (i as f64 / STEPS as f64 * std::f64::consts::TAU).sin() * f64::from(FULL);
            assert!((f64::from(*entry) - expected).abs() <= 0.5 + 1e-9, "{i}: {entry}, {expected}");
        }
    }

    #[test]
    fn the_table_is_pinned() {
        // A changed table changes every simulated run, here and on every other machine: these numbers may never move.
        assert_eq!(
            [SINE[1], SINE[400], SINE[1000], SINE[1600], SINE[2400], SINE[3999]],
            [51, 19_260, 32_767, 19_260, -19_260, -51]
        );
    }

    #[test]
    fn a_hundred_hertz_comes_back_after_ten_samples_for_ever() {
        let wave = Wave::new(100.0, 1000, 0.0);
        let first: Vec<i32> = wave.sines(0).take(10).collect();
        assert_eq!(first, wave.sines(36_000_000_000).take(10).collect::<Vec<_>>());
        assert_eq!(first[0], 0);
    }

    proptest! {
        #[test]
        fn a_wave_does_not_depend_on_where_one_begins(millihertz in 1u64..4_000_000, start in 0u64..1_000_000_000_000, skip in 0usize..200) {
            let wave = Wave::new(millihertz as f64 / 1000.0, 125, 0.3);
            let whole: Vec<i32> = wave.sines(start).take(skip + 20).collect();
            let part: Vec<i32> = wave.sines(start + skip as u64).take(20).collect();
            prop_assert_eq!(&whole[skip..], &part[..]);
        }
    }

    #[test]
    fn pulses_have_their_share() {
        let lit = Wave::new(200.0, 1000, 0.0).pulses(0, 0.4).take(1000).filter(|lit| *lit).count();
        assert_eq!(lit, 400);
    }
}
