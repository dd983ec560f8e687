//! Least, greatest and mean value since a mark.

/// What a channel measured since a mark, in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Lowest sample.
    pub min: f64,
    /// Highest sample.
    pub max: f64,
    /// Mean of all samples.
    pub mean: f64,
    /// How many samples.
    pub samples: u64,
}

/// The least and the greatest of some codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: i16,
    pub(super) max: i16,
}

/// The fold over codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stats {
    range: Range,
    sum: i64,
    samples: u64,
}

impl Stats {
    pub(super) fn new() -> Self {
        Self { range: Range { min: i16::MAX, max: i16::MIN }, sum: 0, samples: 0 }
    }

    /// Adds codes, and tells their range.
    pub(super) fn add(&mut self, codes: &[i16]) -> Range {
        let mut range = Range { min: i16::MAX, max: i16::MIN };
        // Sums of 32 bit over 32,768 codes cannot overflow, and are added four at a time by the processor.
        for part in codes.chunks(1 << 15) {
            let mut sum = 0_i32;
            for &code in part {
                range.min = range.min.min(code);
                range.max = range.max.max(code);
                sum += i32::from(code);
            }
            self.sum += i64::from(sum);
        }
        self.samples += codes.len() as u64;
        self.range = Range { min: self.range.min.min(range.min), max: self.range.max.max(range.max) };
        range
    }

    /// In the channel's unit; `None` without samples.
    pub(super) fn summary(&self, lsb: f64) -> Option<Summary> {
        (self.samples > 0).then(|| Summary {
            min: f64::from(self.range.min) * lsb,
            max: f64::from(self.range.max) * lsb,
            mean: self.sum as f64 / self.samples as f64 * lsb,
            samples: self.samples,
        })
    }
}

/// The lowest code of single stretches of a stream.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lowest {
    /// Of the codes that came last: a stretch is known to have begun only when they have been read.
    last: Option<i16>,
    open: bool,
    least: Option<i16>,
}

impl Lowest {
    /// Takes the lowest of some codes.
    pub(super) fn add(&mut self, min: i16) {
        self.last = Some(min);
        if self.open {
            self.least = Some(self.least.map_or(min, |least| least.min(min)));
        }
    }

    /// A stretch has begun within the codes that came last. Nothing where it has begun already.
    pub(super) fn begin(&mut self) {
        self.open = true;
        self.least = [self.least, self.last].into_iter().flatten().min();
    }

    /// The stretch is over.
    pub(super) fn end(&mut self) {
        self.open = false;
    }

    /// In the channel's unit, over all stretches; `None` without any.
    pub(super) fn get(&self, lsb: f64) -> Option<f64> {
        self.least.map(|code| f64::from(code) * lsb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn without_samples_there_is_no_summary() {
        assert_eq!(Stats::new().summary(1.0), None);
    }

    #[test]
    fn the_lowest_of_stretches_leaves_out_what_lies_between_them() {
        let mut lowest = Lowest::default();
        lowest.add(100);
        assert_eq!(lowest.get(1.0), None);
        lowest.add(500);
        lowest.begin();
        lowest.add(450);
        lowest.end();
        lowest.add(20);
        assert_eq!(lowest.get(0.5), Some(225.0));
        lowest.add(470);
        lowest.begin();
        lowest.add(480);
        assert_eq!(lowest.get(1.0), Some(450.0));
    }

    proptest! {
        #[test]
        fn cutting_changes_nothing_and_the_mean_is_exact(codes in prop::collection::vec(any::<i16>(), 1..500), cut in 0.0_f64..1.0) {
            let (mut whole, mut parts) = (Stats::new(), Stats::new());
            whole.add(&codes);
            let (first, second) = codes.split_at((cut * codes.len() as f64) as usize);
            parts.add(first);
            parts.add(second);
            let found = whole.summary(0.5).unwrap();
            prop_assert_eq!(parts.summary(0.5).unwrap(), found);
            let mean = codes.iter().map(|&code| f64::from(code)).sum::<f64>() / codes.len() as f64 * 0.5;
            prop_assert!((found.mean - mean).abs() < 1e-9);
            prop_assert_eq!(found.min, f64::from(*codes.iter().min().unwrap()) * 0.5);
            prop_assert_eq!(found.max, f64::from(*codes.iter().max().unwrap()) * 0.5);
        }
    }
}
