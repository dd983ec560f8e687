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
    /// Lowest volts at the plug while the camera showed that it erases.
    pub plug_v_erase: Option<Spread>,
    /// Highest amperes at the plug from contact to the end of the watch.
    pub plug_a_max: Option<Spread>,
    /// Seconds from power-on to readiness.
    pub boot_s: Option<Spread>,
    /// Trials in which the camera was never ready.
    pub not_ready: u32,
    /// Trials in which the plug fell below the camera's lowest rated voltage after contact.
    pub sagged: u32,
    /// Those of them after which the camera answered the press and did not finish: it restarted without a whole reset, or was dead.
    pub brown_outs: u32,
    /// The camera's lowest rated voltage.
    pub rated_min_v: Volts,
}

impl Power {
    /// The lowest voltage that this adapter let the plug fall to after a press, and whether that was seen at an erase.
    pub fn worst(&self) -> Option<(f64, bool)> {
        let at_erase = self.plug_v_erase.map(|volts| (volts.min, true));
        at_erase.or(self.plug_v_min.map(|volts| (volts.min, false)))
    }
}

/// Gathers a [`Spread`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gather {
    n: u32,
    min: f64,
    sum: f64,
    max: f64,
}

impl Gather {
    pub(super) fn add(&mut self, value: Option<f64>) {
        let Some(value) = value else { return };
        self.min = if self.n == 0 { value } else { self.min.min(value) };
        self.max = if self.n == 0 { value } else { self.max.max(value) };
        self.sum += value;
        self.n += 1;
    }

    pub(super) fn spread(self) -> Option<Spread> {
        (self.n > 0).then(|| Spread { n: self.n, min: self.min, mean: self.sum / f64::from(self.n), max: self.max })
    }
}

struct Draft {
    power: Power,
    gathers: [Gather; 6],
}

/// The columns of [`Power`] in the order of a draft's gathers.
const GATHERED: [Value; 6] = [Value::Open, Value::PlugIdle, Value::PlugMin, Value::PlugErase, Value::PlugMax, Value::Boot];

/// Power figures by unit, adapter and voltage, over judged trials.
pub fn power(rows: &[TrialRow]) -> Vec<Power> {
    let mut drafts: BTreeMap<(&DutSerial, &AdapterName, Option<Volts>), Draft> = BTreeMap::new();
    for row in rows {
        let key = (&row.run.started.dut_serial, &row.condition.adapter, row.condition.supply_v);
        if let Some(verdict) = row.verdict() {
            drafts.entry(key).or_insert_with(|| Draft::new(row)).add(row, verdict);
        }
    }
    drafts.into_values().map(Draft::finish).collect()
}

impl Draft {
    fn new(row: &TrialRow) -> Self {
        let started = &row.run.started;
        let power = Power {
            dut_serial: started.dut_serial.clone(),
            adapter: row.condition.adapter.clone(),
            supply_v: row.condition.supply_v,
            trials: 0,
            open_v: None,
            plug_v_idle: None,
            plug_v_min: None,
            plug_v_erase: None,
            plug_a_max: None,
            boot_s: None,
            not_ready: 0,
            sagged: 0,
            brown_outs: 0,
            rated_min_v: started.profile.supply.min_v,
        };
        Self { power, gathers: Default::default() }
    }

    fn add(&mut self, row: &TrialRow, verdict: Verdict) {
        let sagged = row.value(Value::PlugMin).is_some_and(|volts| volts < self.power.rated_min_v.get());
        let unfinished = matches!(verdict, Verdict::PartialReset | Verdict::RebootOnly | Verdict::Dead);
        self.power.trials += 1;
        self.power.not_ready += u32::from(verdict == Verdict::NotReady);
        self.power.sagged += u32::from(sagged);
        self.power.brown_outs += u32::from(sagged && unfinished);
        for (gather, which) in self.gathers.iter_mut().zip(GATHERED) {
            gather.add(row.value(which));
        }
    }

    fn finish(self) -> Power {
        let [open_v, plug_v_idle, plug_v_min, plug_v_erase, plug_a_max, boot_s] = self.gathers.map(Gather::spread);
        Power { open_v, plug_v_idle, plug_v_min, plug_v_erase, plug_a_max, boot_s, ..self.power }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press, sham};
    use crate::domain::measurement::names;

    #[test]
    fn a_brown_out_is_a_sag_after_which_the_camera_did_not_finish() {
        let mut bench = Bench::new("r", &["oem", "long"], &[30.0], 9, 1);
        bench.started.profile.supply.min_v = Volts::new(4.75);
        let mut bench = bench.start();
        // Every ready trial of the bench falls to 4.71 V.
        bench.trial(press("long", 30.0), Verdict::PartialReset);
        bench.trial(press("long", 30.0), Verdict::RebootOnly);
        bench.trial(press("long", 30.0), Verdict::FactoryReset);
        bench.trial(press("long", 30.0), Verdict::NotReady);
        bench.trial(sham("long"), Verdict::NoResponse);
        bench.begin(None, press("oem", 30.0), crate::domain::condition::Origin::Planned);
        bench.measure(names::PLUG_MIN, 4.98, None);
        bench.measure(names::PLUG_ERASE, 4.99, None);
        bench.judge(Verdict::PartialReset, crate::domain::verdict::Level::Proved);
        let powers = power(&fold(&bench.events()).take_rows());
        let [long, oem] = powers.as_slice() else { panic!("{powers:?}") };
        assert_eq!((long.trials, long.not_ready, long.sagged, long.brown_outs), (5, 1, 4, 2));
        assert_eq!((long.plug_v_erase, long.worst()), (None, Some((4.71, false))));
        assert_eq!((oem.sagged, oem.brown_outs, oem.worst()), (0, 0, Some((4.99, true))));
    }
}
