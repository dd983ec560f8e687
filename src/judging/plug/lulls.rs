//! How little a stream came to, as means of short stretches: what it was until a moment can be asked when that moment is known, which is later.

/// Length of a stretch: a camera that went out starts again after 0.1 s or more (start-up delays of supervisors and converters), so that one
/// stretch at least lies within.
const STRETCH_US: u64 = 50_000;
/// Stretches that are kept: an hour and more.
const MOST: usize = 80_000;

/// One stretch.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    begun_us: u64,
    sum: i64,
    samples: u32,
}

/// The stretches since a mark.
#[derive(Clone, Debug, Default)]
pub(super) struct Lulls(Vec<Stretch>);

impl Lulls {
    /// Takes codes, `period_us` apart, the first of them sampled at `start_us`.
    pub(super) fn add(&mut self, start_us: u64, period_us: u64, codes: &[i16]) {
        let (mut at_us, mut rest) = (start_us, codes);
        while !rest.is_empty() {
            let open = self.0.last().filter(|last| at_us < last.begun_us + STRETCH_US).map(|last| last.begun_us);
            let begun_us = open.unwrap_or(at_us);
            let room = (begun_us + STRETCH_US - at_us).div_ceil(period_us).max(1) as usize;
            let (part, next) = rest.split_at(room.min(rest.len()));
            if open.is_none() {
                if self.0.len() >= MOST {
                    return;
                }
                self.0.push(Stretch { begun_us, sum: 0, samples: 0 });
            }
            if let Some(last) = self.0.last_mut() {
                last.sum += part.iter().map(|code| i64::from(*code)).sum::<i64>();
                last.samples += part.len() as u32;
            }
            (at_us, rest) = (at_us + part.len() as u64 * period_us, next);
        }
    }

    /// The lowest mean of the stretches that began before `until_us`, in codes; `None` without any.
    pub(super) fn until(&self, until_us: u64) -> Option<f64> {
        let means =
            self.0.iter().take_while(|one| one.begun_us < until_us).map(|one| one.sum as f64 / f64::from(one.samples.max(1)));
        means.reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lowest_mean_until_a_moment_leaves_out_what_came_after_it() {
        let mut lulls = Lulls::default();
        assert_eq!(lulls.until(u64::MAX), None);
        lulls.add(0, 1000, &[400; 50]);
        lulls.add(50_000, 1000, &[300; 50]);
        lulls.add(100_000, 1000, &[2; 25]);
        lulls.add(125_000, 1000, &[4; 25]);
        lulls.add(150_000, 1000, &[-5; 50]);
        assert_eq!(lulls.until(0), None);
        assert_eq!(lulls.until(100_000), Some(300.0));
        assert_eq!(lulls.until(150_000), Some(3.0));
        assert_eq!(lulls.until(u64::MAX), Some(-5.0));
    }

    proptest! {
        #[test]
        fn cutting_changes_nothing(codes in prop::collection::vec(any::<i16>(), 1..400), cut in 0.0_f64..1.0, period_us in 300_u64..20_000) {
            let (mut whole, mut parts) = (Lulls::default(), Lulls::default());
            whole.add(7, period_us, &codes);
            let (first, second) = codes.split_at((cut * codes.len() as f64) as usize);
            parts.add(7, period_us, first);
            parts.add(7 + first.len() as u64 * period_us, period_us, second);
            prop_assert_eq!(whole.until(u64::MAX), parts.until(u64::MAX));
        }
    }
}
