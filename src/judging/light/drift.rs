//! Follows slow changes of the light around: sun, heat, a lamp at the bench. All levels are shares of the way from dark to lit.

/// How long after an edge the level is what it will stay: the filter has forgotten what was before.
const SETTLE_US: u64 = 25_000;
/// Time between two looks at a level that stands.
const EVERY_US: u64 = 1_000_000;
/// A level may be off by this share before the thresholds follow: a third of their distance, and far above noise of a few percent.
const DEAD_ZONE: f64 = 0.05;
/// The fastest change that is followed, in shares of the contrast a second: twice the whole contrast in an hour. A light that fades on
/// purpose is a thousand times faster.
const SLEW: f64 = 2.0 / 3600.0;
/// A lit level that jumps by more than this is another lamp, or the same one dimmed: no drift.
const JUMP: f64 = 0.15;
/// A camera without power is dark after this time: what the sensor sees then is what is around.
const UNPOWERED_US: u64 = 1_000_000;
/// Time between two looks at that. Longer than a supply's return stays unnoticed, so that the lamp of a camera that starts is not taken for it.
const UNPOWERED_EVERY_US: u64 = 100_000;
/// Looks that one mean covers.
const LOOKS: f64 = 8.0;

/// The fold over levels.
#[derive(Clone, Debug, Default)]
pub(super) struct Drift {
    /// By how much dark and lit are above their calibrated levels.
    pub(super) offset: f64,
    /// Mean error while dark.
    dark: f64,
    /// Level above the offset when the lamp went on, and the mean error since.
    lit: Option<(f64, f64)>,
    /// When to look next.
    pub(super) check_us: u64,
    looked_us: u64,
    /// The camera has no power.
    unpowered: Option<Unpowered>,
}

/// What was seen of the surroundings while the camera had no power.
#[derive(Clone, Copy, Debug)]
struct Unpowered {
    since_us: u64,
    sum: f64,
    looks: u32,
    /// The last look, not counted before the next.
    last: Option<f64>,
}

impl Drift {
    /// The light went on or off.
    pub(super) fn edge(&mut self, at_us: u64) {
        self.lit = None;
        self.settle(at_us);
    }

    /// What comes now has nothing to do with what was before.
    pub(super) fn settle(&mut self, at_us: u64) {
        self.check_us = at_us.saturating_add(SETTLE_US);
    }

    /// The camera has no power from now on.
    pub(super) fn unpowered(&mut self, at_us: u64) {
        self.unpowered = Some(Unpowered { since_us: at_us, sum: 0.0, looks: 0, last: None });
        self.check_us = at_us.saturating_add(UNPOWERED_US);
    }

    /// It has power, or nobody knows.
    pub(super) fn powered(&mut self) {
        self.unpowered = None;
    }

    /// Takes the level that an unpowered camera shows for the dark one. Whether the offset moved; `None` when there is power.
    fn look_around(&mut self, at_us: u64, level: f64) -> Option<bool> {
        let around = self.unpowered.as_mut().filter(|around| at_us >= around.since_us.saturating_add(UNPOWERED_US))?;
        self.check_us = at_us.saturating_add(UNPOWERED_EVERY_US);
        self.looked_us = at_us;
        let Some(last) = around.last.replace(level) else { return Some(false) };
        around.sum += last;
        around.looks += 1;
        let mean = around.sum / f64::from(around.looks);
        let offset = if mean.abs() <= DEAD_ZONE { 0.0 } else { mean };
        (self.lit, self.dark) = (None, 0.0);
        Some(std::mem::replace(&mut self.offset, offset) != offset)
    }

    /// Looks at a level. Whether the offset moved.
    pub(super) fn look(&mut self, at_us: u64, lit: bool, level: f64) -> bool {
        if let Some(moved) = self.look_around(at_us, level) {
            return moved;
        }
        self.check_us = at_us.saturating_add(EVERY_US);
        let passed_s = at_us.saturating_sub(std::mem::replace(&mut self.looked_us, at_us)).min(10 * EVERY_US) as f64 * 1e-6;
        let above = level - self.offset;
        let known = if lit { self.lit.filter(|(lamp, _)| (above - lamp).abs() <= JUMP) } else { Some((0.0, self.dark)) };
        let (lamp, error) = known.unwrap_or((above, 0.0));
        let error = error + (above - lamp - error) / LOOKS;
        let step = (error.abs() - DEAD_ZONE).clamp(0.0, SLEW * passed_s).copysign(error);
        if lit {
            self.lit = Some((lamp, error - step));
        } else {
            self.dark = error - step;
        }
        let before = self.offset;
        self.offset += step;
        self.offset != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks once a second for so long.
    fn watch(drift: &mut Drift, from_s: u64, to_s: u64, lit: bool, level: impl Fn(f64) -> f64) {
        for second in from_s..to_s {
            drift.look(second * 1_000_000, lit, level(second as f64));
        }
    }

    #[test]
    fn a_slow_rise_is_followed_and_small_noise_moves_nothing() {
        for lit in [false, true] {
            let mut drift = Drift::default();
            watch(&mut drift, 0, 600, lit, |t| f64::from(u8::from(lit)) + 0.04 * (t * 1.7).sin());
            assert_eq!(drift.offset, 0.0);
            drift.edge(600_000_000);
            watch(&mut drift, 600, 4200, lit, |t| f64::from(u8::from(lit)) + 0.6 * (t - 600.0) / 3600.0);
            assert!((drift.offset - 0.6).abs() < 0.06, "{}", drift.offset);
        }
    }

    #[test]
    fn what_is_seen_without_power_is_the_dark_and_the_lamp_of_a_start_is_not() {
        let mut drift = Drift { offset: 0.2, ..Drift::default() };
        drift.unpowered(0);
        assert!(!drift.look(900_000, true, 1.4));
        for tenth in 10..30 {
            drift.look(tenth * 100_000, true, 1.3);
        }
        drift.look(3_000_000, true, 2.3);
        drift.powered();
        assert!((drift.offset - 1.3).abs() < 1e-9, "{}", drift.offset);
    }

    #[test]
    fn a_lamp_that_is_dimmed_is_no_drift() {
        let mut drift = Drift::default();
        watch(&mut drift, 0, 3600, true, |t| if t < 100.0 { 1.0 } else { 0.6 });
        assert_eq!(drift.offset, 0.0);
    }
}
