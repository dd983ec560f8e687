//! Volts at the plug to the state of the supply.

use super::stats::Range;
use crate::domain::observation::{Observation, PowerState};
pub use crate::domain::profile::OFF_BELOW;
use crate::domain::profile::SupplyLimits;
use crate::domain::units::Tick;

/// A bound is passed back only this share of the nominal voltage behind it (our choice: the ripple of a good adapter is about 1 %).
pub const HYSTERESIS: f64 = 0.01;
/// A state must have stood for so long to be told. Adapters bridge 10 to 20 ms by themselves, so anything shorter is no finding.
pub const CONFIRM_US: u64 = 10_000;
/// Coming back into the window takes longer, so that ripple across a bound is one sag and not a hundred: more than two periods of 50 Hz.
pub const CONFIRM_ON_US: u64 = 50_000;

/// A state that is not confirmed yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    state: PowerState,
    since_us: u64,
}

/// The fold over volts.
#[derive(Clone, Debug)]
pub(super) struct PowerWatch {
    /// Bounds in codes: off below the first, sagging below the second, over-voltage above the third.
    off: i32,
    min: i32,
    max: i32,
    back: i32,
    told: Option<PowerState>,
    /// Codes within which the state told last stands.
    band: (i32, i32),
    pending: Option<Pending>,
}

impl PowerWatch {
    pub(super) fn new(limits: &SupplyLimits, lsb: f64) -> Self {
        let code = |volts: f64| (volts / lsb).round().clamp(-1e9, 1e9) as i32;
        let nominal = limits.nominal_v.get();
        Self {
            off: code(OFF_BELOW * nominal),
            min: code(limits.min_v.get()),
            max: code(limits.max_v.get()),
            back: code(HYSTERESIS * nominal).max(1),
            told: None,
            band: (i32::MAX, i32::MIN),
            pending: None,
        }
    }

    /// The state is told anew.
    pub(super) fn reset(&mut self) {
        self.told = None;
        self.band = (i32::MAX, i32::MIN);
        self.pending = None;
    }

    /// The stream has a hole: what was not confirmed before it is forgotten.
    pub(super) fn hole(&mut self) {
        self.pending = None;
    }

    /// Takes codes of the given range, the first sampled at `start_us`.
    pub(super) fn feed(
        &mut self,
        start_us: u64,
        period_us: u64,
        codes: &[i16],
        range: Range,
        out: &mut Vec<(Tick, Observation)>,
    ) {
        if i32::from(range.min) >= self.band.0 && i32::from(range.max) <= self.band.1 {
            self.pending = None;
            return;
        }
        let mut at_us = start_us;
        for &code in codes {
            self.sample(at_us, i32::from(code), out);
            at_us += period_us;
        }
    }

    fn sample(&mut self, at_us: u64, code: i32, out: &mut Vec<(Tick, Observation)>) {
        if code >= self.band.0 && code <= self.band.1 {
            self.pending = None;
            return;
        }
        let state = match code {
            code if code < self.off => PowerState::Off,
            code if code < self.min => PowerState::Sagging,
            code if code > self.max => PowerState::OverVoltage,
            _ => PowerState::On,
        };
        let since_us = match self.pending {
            Some(pending) if pending.state == state => pending.since_us,
            _ => {
                self.pending = Some(Pending { state, since_us: at_us });
                at_us
            }
        };
        let confirm_us = if state == PowerState::On { CONFIRM_ON_US } else { CONFIRM_US };
        if at_us - since_us >= confirm_us {
            self.pending = None;
            self.told = Some(state);
            self.band = self.band_of(state);
            out.push((Tick(since_us), Observation::Power { state }));
        }
    }

    fn band_of(&self, state: PowerState) -> (i32, i32) {
        match state {
            PowerState::Off => (i32::MIN, self.off + self.back - 1),
            PowerState::Sagging => (self.off, self.min + self.back - 1),
            PowerState::On => (self.min, self.max),
            PowerState::OverVoltage => (self.max - self.back + 1, i32::MAX),
        }
    }
}
