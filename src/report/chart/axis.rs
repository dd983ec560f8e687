//! The axes: holds on a logarithmic one, everything else on a linear one.

/// Holds that people think in, in seconds.
const ROUND: [f64; 19] =
    [0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0];

/// A logarithmic axis from `lo` to `hi` seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HoldAxis {
    /// Its left end.
    pub lo: f64,
    /// Its right end.
    pub hi: f64,
}

impl HoldAxis {
    /// The axis that shows all of `holds` (positive) with a little room on both sides; 1 to 60 s for none.
    pub fn over(holds: impl Iterator<Item = f64>) -> Self {
        let (lo, hi) =
            holds.filter(|hold| *hold > 0.0).fold((f64::INFINITY, 0.0_f64), |(lo, hi), hold| (lo.min(hold), hi.max(hold)));
        if lo > hi {
            return Self { lo: 1.0, hi: 60.0 };
        }
        // At least a factor of four, so that a single hold does not stand on an axis of its own uncertainty.
        let spread = (hi / lo).ln().max(4.0_f64.ln());
        let middle = (0.5 * (lo.ln() + hi.ln()), 0.54 * spread + 0.05);
        Self { lo: (middle.0 - middle.1).exp(), hi: (middle.0 + middle.1).exp() }
    }

    /// Where a hold lies, 0 at the left end to 1 at the right end; outside for holds outside.
    pub fn share(&self, hold: f64) -> f64 {
        (hold / self.lo).ln() / (self.hi / self.lo).ln()
    }

    /// The hold at a share of the axis.
    pub fn hold(&self, share: f64) -> f64 {
        self.lo * (self.hi / self.lo).powf(share)
    }

    /// Holds to label on an axis `width` pixels wide, so that labels as wide as `label` says do not touch: the tried ones where most of them
    /// have room, else round ones.
    pub fn ticks(&self, tried: &[f64], width: f64, label: impl Fn(f64) -> f64) -> Vec<f64> {
        let own = self.roomy(tried, width, &label);
        if 3 * own.len() >= 2 * tried.len() && !own.is_empty() { own } else { self.roomy(&ROUND, width, &label) }
    }

    /// Those of `holds`, shortest first, that lie on the axis and have room beside the one before.
    fn roomy(&self, holds: &[f64], width: f64, label: &impl Fn(f64) -> f64) -> Vec<f64> {
        let mut ticks: Vec<f64> = Vec::new();
        for &hold in holds.iter().filter(|hold| (0.0..=1.0).contains(&self.share(**hold))) {
            let room = |last: f64| 0.5 * (label(last) + label(hold)) + 5.0;
            if ticks.last().is_none_or(|last| (self.share(hold) - self.share(*last)) * width >= room(*last)) {
                ticks.push(hold);
            }
        }
        ticks
    }
}

/// A linear axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Its lower end.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
}

impl Axis {
    /// The axis that shows all of `values` with a little room on both sides, at least `least` wide; 0 to `least` for none.
    pub fn over(values: impl Iterator<Item = f64>, least: f64) -> Self {
        let (lo, hi) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
        if lo > hi {
            return Self { lo: 0.0, hi: least };
        }
        let (middle, half) = (0.5 * (lo + hi), 0.54 * (hi - lo).max(least));
        Self { lo: middle - half, hi: middle + half }
    }

    /// Where a value lies, 0 at the lower end to 1 at the upper one; outside for values outside.
    pub fn share(&self, value: f64) -> f64 {
        (value - self.lo) / (self.hi - self.lo)
    }

    /// Round values to label, at most about `most` (2 or more) of them: multiples of 1, 2 or 5 times a power of ten.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let rough = (self.hi - self.lo) / most.max(2) as f64;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|round| round * power).find(|step| *step >= rough).unwrap_or(10.0 * power);
        let (first, last) = ((self.lo / step).ceil() as i64, (self.hi / step).floor() as i64);
        (first..=last).map(|number| number as f64 * step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_shows_all_holds_and_positions_invert() {
        let axis = HoldAxis::over([3.0, 60.0].into_iter());
        assert!(axis.share(3.0) > 0.02 && axis.share(60.0) < 0.98);
        assert!((axis.hold(axis.share(17.0)) - 17.0).abs() < 1e-9);
        let one = HoldAxis::over([30.0].into_iter());
        assert!((one.share(30.0) - 0.5).abs() < 1e-9 && one.hi / one.lo > 4.0);
        assert_eq!(HoldAxis::over(std::iter::empty()), HoldAxis { lo: 1.0, hi: 60.0 });
    }

    #[test]
    fn linear_labels_are_round_and_few() {
        let axis = Axis::over([93.0, 131.0].into_iter(), 1.0);
        assert_eq!(axis.ticks(5), [100.0, 110.0, 120.0, 130.0]);
        assert_eq!(Axis { lo: -20.0, hi: 331.0 }.ticks(8), [0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0]);
        let same = Axis::over([5.0, 5.0].into_iter(), 1.0);
        assert!((same.share(5.0) - 0.5).abs() < 1e-9 && same.ticks(4).len() <= 5);
        assert_eq!(Axis::over(std::iter::empty(), 2.0), Axis { lo: 0.0, hi: 2.0 });
    }

    #[test]
    fn labels_never_touch() {
        let tried: Vec<f64> = (0..20).map(|i| 1.3_f64.powi(i)).collect();
        let axis = HoldAxis::over(tried.iter().copied());
        for width in [120.0, 250.0, 700.0] {
            let ticks = axis.ticks(&tried, width, |_| 15.0);
            assert!(ticks.len() >= 3, "{width}: {ticks:?}");
            for pair in ticks.windows(2) {
                assert!((axis.share(pair[1]) - axis.share(pair[0])) * width >= 20.0, "{width}: {ticks:?}");
            }
        }
        assert_eq!(HoldAxis::over([3.0, 5.0, 10.0].into_iter()).ticks(&[3.0, 5.0, 10.0], 250.0, |_| 15.0), [3.0, 5.0, 10.0]);
    }
}
