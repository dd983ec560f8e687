//! The bounds that the guard holds the outputs to, and where they come from.

use super::heat::HeatModel;
use super::words::SourceId;
use crate::domain::adapter::{Adapter, AdapterKind};
use crate::domain::ids::AdapterName;
use crate::domain::profile::Profile;
use crate::domain::rig::Interlocks;
use crate::domain::units::{Amps, Celsius, Seconds, Volts};
use serde::{Deserialize, Serialize};

/// A session without a beat for so long has died (the contract's number).
pub(super) const LEASE: Seconds = Seconds::from_millis(60);

/// A coil that is still reported energised so long after its end is stuck. The promised time to a released coil.
pub(super) const EDGE_GRACE: Seconds = Seconds::from_millis(100);

/// A coil that was not reported off so long after its end is told once more. Whoever drives it ends an order by itself (the contract's bound
/// for a release).
pub(super) const SECOND_WORD: Seconds = Seconds::from_millis(20);

/// A press is planned to stay so far below the highest temperature, so that a small change of the air's does not end it. An assumption.
pub(super) const HEADROOM_K: f64 = 1.0;

/// Temperature of the air until it is measured: the warmest that a bench is used in. An assumption.
const WARM_AIR: Celsius = Celsius::from_micro(40_000_000);

/// Over-voltage is so much more than the ceiling: room for the meter's error (1 %) and for ripple (150 mV peak to peak of 5 V). Both
/// are data-sheet values of common parts; the sum is an assumption.
const OVER_VOLTAGE: f64 = 1.03;

/// Over-current is so much more than the profile's largest current. An assumption: a short, not a busy camera.
const OVER_CURRENT: f64 = 2.0;

/// An over-current must last so long, because charging a camera's capacitors is no fault. An assumption.
pub(super) const OVER_CURRENT_FOR: Seconds = Seconds::from_millis(200);

/// How the guard knows that its session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lease {
    /// Beats over a socket; without one for 60 ms the session has died.
    Beats,
    /// The session and the guard share a process and a clock that stands still between polls: nothing can freeze while time passes.
    SharedClock,
}

/// How the open-circuit voltage of an adapter with a fixed voltage is known before the camera is connected to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenVoltage {
    /// The label is believed: for adapters that are known to be regulated.
    Label,
    /// It is measured while the output is off. The meter must sit before the switch. A 9 V brick may give 14 V.
    Measured,
}

/// How adapters come to the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wiring {
    /// A selector connects one of them.
    Selector,
    /// The one adapter of the rig is wired for good.
    Permanent,
}

/// A power source that may be connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its adapter.
    pub name: AdapterName,
    /// Whether its voltage is set.
    pub programmable: bool,
    /// Highest voltage that may be set, or the voltage of its label.
    pub rated: Volts,
}

/// The bounds of one position with one model of camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    pub(super) heat: HeatModel,
    pub(super) coil_max_on: Seconds,
    pub(super) coil_min_off: Seconds,
    pub(super) coil_max: Celsius,
    pub(super) air: Celsius,
    pub(super) ceiling: Volts,
    pub(super) over_voltage: Volts,
    pub(super) over_current: Amps,
    pub(super) supply_min: Volts,
    pub(super) supply_min_off: Seconds,
    pub(super) write_window: Seconds,
    pub(super) sources: Vec<Source>,
    pub(super) wiring: Wiring,
    pub(super) open_voltage: OpenVoltage,
    pub(super) lease: Lease,
}

/// Bounds that cannot be held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRules {
    /// A number of the interlocks is no number, negative, or zero where it must not be.
    #[error("interlock `{0}` is out of range")]
    OutOfRange(&'static str),
    /// The air alone is as hot as the coil may be.
    #[error("`coil_max_c` leaves no room above air of {0}")]
    NoHeatBudget(Celsius),
    /// A rig without a selector has one adapter.
    #[error("a rig without a selector needs exactly one adapter, and the suite names {0}")]
    NotOneSource(usize),
}

impl Rules {
    /// The rules of a position for one model of camera and the adapters of a suite.
    ///
    /// # Errors
    /// [`BadRules`] when a bound is no number or leaves nothing to do.
    pub fn new(
        interlocks: &Interlocks,
        profile: &Profile,
        adapters: &[Adapter],
        wiring: Wiring,
        open_voltage: OpenVoltage,
        lease: Lease,
    ) -> Result<Self, BadRules> {
        check(interlocks)?;
        if wiring == Wiring::Permanent && adapters.len() != 1 {
            return Err(BadRules::NotOneSource(adapters.len()));
        }
        let ceiling = interlocks.supply_max_v.min(profile.supply.max_v);
        Ok(Self {
            heat: HeatModel::new(interlocks),
            coil_max_on: interlocks.coil_max_on_s,
            coil_min_off: interlocks.coil_min_off_s,
            coil_max: interlocks.coil_max_c,
            air: WARM_AIR,
            ceiling,
            over_voltage: Volts::new(ceiling.get() * OVER_VOLTAGE),
            over_current: Amps::new(profile.supply.max_a.get() * OVER_CURRENT),
            supply_min: profile.supply.min_v,
            supply_min_off: interlocks.supply_min_off_s,
            write_window: profile.press.write_window_s,
            sources: adapters.iter().map(source).collect(),
            wiring,
            open_voltage,
            lease,
        })
    }

    /// The number of an adapter's source, where the rules know it.
    pub fn source(&self, name: &AdapterName) -> Option<SourceId> {
        self.sources.iter().position(|source| source.name == *name).map(SourceId)
    }
}

fn source(adapter: &Adapter) -> Source {
    Source { name: adapter.name.clone(), programmable: adapter.kind == AdapterKind::Programmable, rated: adapter.rating.volts }
}

fn check(interlocks: &Interlocks) -> Result<(), BadRules> {
    let not_negative = [
        ("coil_min_off_s", interlocks.coil_min_off_s.get()),
        ("coil_peak_s", interlocks.coil_peak_s.get()),
        ("coil_pull_w", interlocks.coil_pull_w),
        ("coil_hold_w", interlocks.coil_hold_w),
        ("coil_k_per_w", interlocks.coil_k_per_w),
        ("supply_max_v", interlocks.supply_max_v.get()),
        ("supply_min_off_s", interlocks.supply_min_off_s.get()),
    ];
    let positive = [("coil_max_on_s", interlocks.coil_max_on_s.get()), ("coil_tau_s", interlocks.coil_tau_s.get())];
    let bad = not_negative.iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0));
    let bad = bad.or_else(|| positive.iter().find(|(_, value)| !(value.is_finite() && *value > 0.0)));
    if let Some((name, _)) = bad {
        return Err(BadRules::OutOfRange(name));
    }
    if interlocks.coil_max_c <= WARM_AIR + Celsius::new(HEADROOM_K) {
        return Err(BadRules::NoHeatBudget(WARM_AIR));
    }
    Ok(())
}
