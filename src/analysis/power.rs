//! What each adapter gave the camera: ranges at the plug.

use super::row::{TrialRow, Value};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::units::Volts;
use crate::domain::verdict::Verdict;
use std::collections::BTreeMap;

/// A range of measured values with their number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// How many values.
    pub n: u32,
    /// The lowest.
    pub min: f64,
    /// Their mean.
    pub mean: f64,
    /// The highest.
    pub max: f64,
}

/// What one adapter gave one unit, over all trials that were not lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// The unit.
    pub dut_serial: DutSerial,
    /// The adapter.
    pub adapter: AdapterName,
    /// The set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
    /// Judged trials.
    pub trials: u32,
    /// Volts before the camera was connected.
    pub open_v: Option<Spread>,
    /// Mean volts at the plug when ready.
    pub plug_v_idle: Option<Spread>,
    /// Lowest volts at the plug from contact to the end of the watch.
    pub plug_v_min: Option<Spread>,
    /// Highest amperes at the plug from contact to the end of the watch.
    pub plug_a_max: Option<Spread>,
    /// Seconds from power-on to readiness.
    pub boot_s: Option<Spread>,
    /// Trials in which the camera was never ready.
    pub not_ready: u32,
    /// Trials in which the plug fell below the camera's lowest rated voltage.
    pub sagged: u32,
}

/// Gathers a [`Spread`].
#[derive(Clone, Copy, Debug, Default)]
struct Gather {
    n: u32,
    min: f64,
    sum: f64,
    max: f64,
}

impl Gather {
    fn add(&mut self, value: Option<f64>) {
        let Some(value) = value else { return };
        self.min = if self.n == 0 { value } else { self.min.min(value) };
        self.max = if self.n == 0 { value } else { self.max.max(value) };
        self.sum += value;
        self.n += 1;
    }

    fn spread(self) -> Option<Spread> {
        (self.n > 0).then(|| Spread { n: self.n, min: self.min, mean: self.sum / f64::from(self.n), max: self.max })
    }
}

#[derive(Default)]
struct Draft {
    trials: u32,
    gathers: [Gather; 5],
    not_ready: u32,
    sagged: u32,
}

/// The columns of [`Power`] in the order of a draft's gathers.
const GATHERED: [Value; 5] = [Value::Open, Value::PlugIdle, Value::PlugMin, Value::PlugMax, Value::Boot];

/// Power figures by unit, adapter and voltage, over judged trials.
pub fn power(rows: &[TrialRow]) -> Vec<Power> {
    let mut drafts: BTreeMap<(&DutSerial, &AdapterName, Option<Volts>), Draft> = BTreeMap::new();
    for row in rows {
        let Some(verdict) = row.verdict() else { continue };
        let started = &row.run.started;
        let key = (&started.dut_serial, &row.condition.adapter, row.condition.supply_v);
        let draft = drafts.entry(key).or_default();
        draft.trials += 1;
        draft.not_ready += u32::from(verdict == Verdict::NotReady);
        draft.sagged += u32::from(row.value(Value::PlugMin).is_some_and(|volts| volts < started.profile.supply.min_v.get()));
        for (gather, which) in draft.gathers.iter_mut().zip(GATHERED) {
            gather.add(row.value(which));
        }
    }
    let power = |((serial, adapter, supply_v), draft): ((&DutSerial, &AdapterName, Option<Volts>), Draft)| {
        let [open_v, plug_v_idle, plug_v_min, plug_a_max, boot_s] = draft.gathers.map(Gather::spread);
        Power {
            dut_serial: serial.clone(),
            adapter: adapter.clone(),
            supply_v,
            trials: draft.trials,
            open_v,
            plug_v_idle,
            plug_v_min,
            plug_a_max,
            boot_s,
            not_ready: draft.not_ready,
            sagged: draft.sagged,
        }
    };
    drafts.into_iter().map(power).collect()
}
