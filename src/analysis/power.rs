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
    /// Volts at the plug while a camera that never became ready was waited for: the lowest and the highest of each such trial.
    pub plug_v_start: Option<Spread>,
    /// Lowest volts at the plug from contact to the end of the watch.
    pub plug_v_min: Option<Spread>,
    /// Lowest volts at the plug while the camera showed that it erases.
    pub plug_v_erase: Option<Spread>,
    /// Highest amperes at the plug from contact to the end of the watch.
    pub plug_a_max: Option<Spread>,
    /// Seconds from power-on to readiness.
    pub boot_s: Option<Spread>,
    /// Trials in which the camera was never ready on this source.
    pub not_ready: u32,
    /// Trials in which the plug's voltage was measured after contact, or while the camera was waited for in vain.
    pub measured: u32,
    /// Those of them in which it fell below the camera's lowest rated voltage.
    pub sagged: u32,
    /// Those of the trials that were never ready in which it was below that.
    pub weak_starts: u32,
    /// Those of them after which the camera answered the press and did not finish: it restarted without a whole reset, or was dead.
    pub brown_outs: u32,
    /// The camera's lowest rated voltage.
    pub rated_min_v: Volts,
}

impl Power {
    /// The lowest voltage that this adapter let the plug fall to after a press, and whether that was seen at an erase.
    /// [`Power::plug_v_start`] tells of trials without a press.
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
    start: Gather,
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
            plug_v_start: None,
            plug_v_min: None,
            plug_v_erase: None,
            plug_a_max: None,
            boot_s: None,
            not_ready: 0,
            measured: 0,
            sagged: 0,
            weak_starts: 0,
            brown_outs: 0,
            rated_min_v: started.profile.supply.min_v,
        };
        Self { power, gathers: Default::default(), start: Gather::default() }
    }

    fn add(&mut self, row: &TrialRow, verdict: Verdict) {
        let unready = verdict == Verdict::NotReady;
        if unready && row.only_prepared {
            // It was still being prepared, on the best source: that says nothing of this one.
            return;
        }
        let low = |which| row.value(which).map(|volts| volts < self.power.rated_min_v.get());
        let (after, start) = (low(Value::PlugMin), low(Value::PlugStartMin).filter(|_| unready));
        let unfinished = matches!(verdict, Verdict::PartialReset | Verdict::RebootOnly | Verdict::Dead);
        self.power.trials += 1;
        self.power.not_ready += u32::from(unready);
        self.power.measured += u32::from(after.or(start).is_some());
        self.power.sagged += u32::from(after == Some(true) || start == Some(true));
        self.power.weak_starts += u32::from(start == Some(true));
        self.power.brown_outs += u32::from(after == Some(true) && unfinished);
        if unready {
            self.start.add(row.value(Value::PlugStartMin));
            self.start.add(row.value(Value::PlugStartMax));
        }
        for (gather, which) in self.gathers.iter_mut().zip(GATHERED) {
            gather.add(row.value(which));
        }
    }

    fn finish(self) -> Power {
        let [open_v, plug_v_idle, plug_v_min, plug_v_erase, plug_a_max, boot_s] = self.gathers.map(Gather::spread);
        let plug_v_start = self.start.spread();
        Power { open_v, plug_v_idle, plug_v_start, plug_v_min, plug_v_erase, plug_a_max, boot_s, ..self.power }
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
        assert_eq!((powers[0].measured, powers[0].weak_starts, powers[0].plug_v_start), (4, 0, None));
        let [long, oem] = powers.as_slice() else { panic!("{powers:?}") };
        assert_eq!((long.trials, long.not_ready, long.sagged, long.brown_outs), (5, 1, 4, 2));
        assert_eq!((long.plug_v_erase, long.worst()), (None, Some((4.71, false))));
        assert_eq!((oem.sagged, oem.brown_outs, oem.worst()), (0, 0, Some((4.99, true))));
    }

    #[test]
    fn a_source_too_weak_to_start_the_camera_is_measured_and_one_that_only_prepared_it_is_not_charged() {
        let mut bench = Bench::new("r", &["long"], &[30.0], 3, 0);
        bench.started.profile.supply.min_v = Volts::new(4.75);
        let mut bench = bench.start();
        for proper in [true, false] {
            bench.begin(None, press("long", 30.0), crate::domain::condition::Origin::Planned);
            if proper {
                bench.step(crate::domain::step::Step::Begin, None);
            }
            bench.measure(names::PLUG_START_MIN, 3.9, None);
            bench.measure(names::PLUG_START_MAX, 4.6, None);
            bench.judge(Verdict::NotReady, crate::domain::verdict::Level::Proved);
        }
        let powers = power(&fold(&bench.events()).take_rows());
        let [long] = powers.as_slice() else { panic!("{powers:?}") };
        assert_eq!(
            (long.trials, long.not_ready, long.measured, long.sagged, long.weak_starts, long.brown_outs),
            (1, 1, 1, 1, 1, 0)
        );
        assert_eq!(long.plug_v_start.map(|volts| (volts.min, volts.max)), Some((3.9, 4.6)));
    }
}
