//! What a trial costs in bench time, learned from the run.

/// Bench time of a trial beside the hold itself, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Where the camera resets: boot, reboot, judging.
    pub reset_s: f64,
    /// Where it does not: boot, and the time until that is certain.
    pub quiet_s: f64,
}

impl Cost {
    /// Expected seconds of a press of `hold_s` that resets with probability `p`.
    pub fn expected(&self, hold_s: f64, p: f64) -> f64 {
        hold_s + p * self.reset_s + (1.0 - p) * self.quiet_s
    }
}

/// Running means of what trials took; the plan's own expectation counts as one trial of each kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Learned {
    sums: Cost,
    counts: (f64, f64),
}

impl Learned {
    pub(super) fn from(planned: Cost) -> Self {
        Learned { sums: planned, counts: (1.0, 1.0) }
    }

    pub(super) fn tell(&mut self, hold_s: f64, reset: bool, bench_s: f64) {
        let beside = (bench_s - hold_s).max(1.0);
        if reset {
            self.sums.reset_s += beside;
            self.counts.0 += 1.0;
        } else {
            self.sums.quiet_s += beside;
            self.counts.1 += 1.0;
        }
    }

    pub(super) fn cost(&self) -> Cost {
        Cost { reset_s: self.sums.reset_s / self.counts.0, quiet_s: self.sums.quiet_s / self.counts.1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_move_from_the_plan_to_what_was_measured() {
        let mut learned = Learned::from(Cost { reset_s: 300.0, quiet_s: 100.0 });
        for _ in 0..99 {
            learned.tell(10.0, true, 210.0);
        }
        let cost = learned.cost();
        assert!((cost.reset_s - 201.0).abs() < 1e-9 && (cost.quiet_s - 100.0).abs() < 1e-9);
        assert!((cost.expected(10.0, 0.25) - (10.0 + 0.25 * 201.0 + 75.0)).abs() < 1e-9);
    }
}
