//! The coil's heat: a first-order model of the rise above the air.
//!
//! With power `P`, thermal resistance `R` and time constant `tau`, the rise follows `d rise / dt = (P R - rise) / tau` (Newton's law of
//! cooling; the lumped model that solenoid makers give duty cycles by). Within a phase of constant power it is monotone and has the closed
//! form `P R + (rise_0 - P R) exp(-t / tau)`. The air is taken to change slowly against `tau` (an assumption).

use crate::domain::rig::Interlocks;
use crate::domain::units::Seconds;
use serde::{Deserialize, Serialize};

/// A coil that is driven peak-and-hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatModel {
    /// Rise that full power would settle at, in kelvin.
    pull_k: f64,
    /// Rise that hold power would settle at, in kelvin.
    hold_k: f64,
    /// How long full power lasts, in seconds.
    peak_s: f64,
    /// Time constant, in seconds.
    tau_s: f64,
}

impl HeatModel {
    /// The model of a rig's interlocks.
    pub fn new(interlocks: &Interlocks) -> Self {
        Self {
            pull_k: interlocks.coil_pull_w * interlocks.coil_k_per_w,
            hold_k: interlocks.coil_hold_w * interlocks.coil_k_per_w,
            peak_s: interlocks.coil_peak_s.get(),
            tau_s: interlocks.coil_tau_s.get(),
        }
    }

    /// The rise after a rest.
    pub fn rested(&self, rise_k: f64, rest: Seconds) -> f64 {
        self.relaxed(rise_k, 0.0, rest.get())
    }

    /// The rise at the end of a press.
    pub fn pressed(&self, rise_k: f64, on: Seconds) -> f64 {
        self.continued(rise_k, Seconds::ZERO, on)
    }

    /// The rise after `more` of a press that was on for `already`.
    pub fn continued(&self, rise_k: f64, already: Seconds, more: Seconds) -> f64 {
        let pulling = self.pulling(already, more);
        self.relaxed(self.relaxed(rise_k, self.pull_k, pulling), self.hold_k, more.get() - pulling)
    }

    /// The rise after full power for so long: what is assumed of a coil that nobody can switch off.
    pub fn stuck(&self, rise_k: f64, on: Seconds) -> f64 {
        self.relaxed(rise_k, self.pull_k.max(self.hold_k), on.get())
    }

    /// The part of the rise that holding for so much longer adds. Exact, since the model is linear.
    pub fn overtime(&self, extra: Seconds) -> f64 {
        self.relaxed(0.0, self.hold_k, extra.get())
    }

    /// The highest rise during `more` of a press that was on for `already`: within each phase it is monotone, so one of three moments has it.
    pub fn peak(&self, rise_k: f64, already: Seconds, more: Seconds) -> f64 {
        let pulled = self.relaxed(rise_k, self.pull_k, self.pulling(already, more));
        rise_k.max(pulled).max(self.continued(rise_k, already, more))
    }

    /// The highest rise from which a press so long stays within `limit_k` throughout; negative when none does.
    pub fn hottest_start(&self, limit_k: f64, on: Seconds) -> f64 {
        let pulling = self.pulling(Seconds::ZERO, on);
        let after_pull = self.hottest_before(limit_k, self.hold_k, on.get() - pulling);
        let start = self.hottest_before(after_pull.min(limit_k), self.pull_k, pulling);
        start.min(limit_k)
    }

    /// How long the rise takes to fall to `target_k`, rounded up to a microsecond; `None` when it never does.
    pub fn time_to_cool(&self, rise_k: f64, target_k: f64) -> Option<Seconds> {
        if rise_k <= target_k {
            return Some(Seconds::ZERO);
        }
        if target_k <= 0.0 {
            return None;
        }
        let wait_s = self.tau_s * (rise_k / target_k).ln();
        Some(Seconds::from_micro((wait_s * 1e6).ceil() as i64 + 1))
    }

    /// The rise that ends at `end_k` after `span_s` at a power that would settle at `settled_k`. A span too long to be told apart from
    /// for ever allows any start below the settled rise, and none above.
    fn hottest_before(&self, end_k: f64, settled_k: f64, span_s: f64) -> f64 {
        if span_s <= 0.0 {
            return end_k;
        }
        let start = settled_k + (end_k - settled_k) * (span_s / self.tau_s).exp();
        if start.is_nan() { end_k } else { start }
    }

    /// How much of `more` is still driven at full power, in seconds.
    fn pulling(&self, already: Seconds, more: Seconds) -> f64 {
        (self.peak_s - already.get()).clamp(0.0, more.get().max(0.0))
    }

    fn relaxed(&self, from_k: f64, settled_k: f64, span_s: f64) -> f64 {
        settled_k + (from_k - settled_k) * (-span_s / self.tau_s).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model() -> HeatModel {
        HeatModel::new(&Interlocks::default())
    }

    #[test]
    fn full_power_for_ever_settles_at_power_times_resistance() {
        assert!((model().stuck(0.0, Seconds::new(1e5)) - 65.0).abs() < 1e-9, "5 W at 13 K/W");
    }

    #[test]
    fn a_long_hold_settles_at_hold_power() {
        assert!((model().pressed(0.0, Seconds::new(1e5)) - 16.25).abs() < 1e-9);
    }

    #[test]
    fn a_time_constant_of_rest_leaves_one_e_th() {
        assert!((model().rested(50.0, Seconds::new(300.0)) - 50.0 / std::f64::consts::E).abs() < 1e-12);
    }

    #[test]
    fn holding_on_adds_what_the_whole_press_would_have_given() {
        let on = Seconds::new(20.0);
        let extra = Seconds::new(0.05);
        let whole = model().pressed(10.0, on + extra);
        let parts = model().rested(model().pressed(10.0, on), extra) + model().overtime(extra);
        assert!((whole - parts).abs() < 1e-9, "{whole} {parts}");
    }

    #[test]
    fn a_rise_cools_to_nothing_only_in_for_ever() {
        assert_eq!(model().time_to_cool(1.0, 0.0), None);
        assert_eq!(model().time_to_cool(0.0, 0.0), Some(Seconds::ZERO));
    }

    fn any_model() -> impl Strategy<Value = HeatModel> {
        (0.0..400.0, 0.0..400.0, 0.0..5.0, 0.1..2000.0).prop_map(|(pull_k, hold_k, peak_s, tau_s)| HeatModel {
            pull_k,
            hold_k,
            peak_s,
            tau_s,
        })
    }

    proptest! {
        #[test]
        fn the_hottest_start_keeps_the_limit_and_a_hotter_one_does_not(
            model in any_model(), limit in 1.0..120.0, on in 0.001..900.0,
        ) {
            let on = Seconds::new(on);
            let start = model.hottest_start(limit, on);
            prop_assert!(start <= limit);
            if start >= 0.0 {
                let slack = 1e-6 * (1.0 + model.pull_k.max(model.hold_k));
                prop_assert!(model.peak(start, Seconds::ZERO, on) <= limit + slack, "{} > {}", model.peak(start, Seconds::ZERO, on), limit);
            }
            if start < limit - 1e-6 && on.get() < model.tau_s {
                let hotter = start.max(0.0) + 0.01 * limit;
                prop_assert!(model.peak(hotter, Seconds::ZERO, on) > limit, "{start} is not the hottest");
            }
        }

        #[test]
        fn after_the_time_to_cool_it_has_cooled(model in any_model(), rise in 0.0..120.0, share in 0.001..1.0) {
            let target = rise * share;
            let wait = model.time_to_cool(rise, target).unwrap();
            prop_assert!(model.rested(rise, wait) <= target * (1.0 + 1e-12));
        }
    }
}
