//! How long the camera took: to boot, to answer a press with a reboot, to be ready again. By unit, adapter and voltage.

use super::row::{TrialRow, Value};
use crate::domain::ids::{AdapterName, DutSerial};
use crate::domain::units::Volts;
use std::collections::BTreeMap;

/// A span of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// From power-on to readiness.
    Boot,
    /// From contact to the first sign of the reboot.
    PressToReboot,
    /// From the first sign of the reboot to readiness.
    Reboot,
}

impl Span {
    /// All, in the order in which they come in a trial.
    pub const ALL: [Span; 3] = [Span::Boot, Span::PressToReboot, Span::Reboot];

    fn value(self) -> Value {
        match self {
            Span::Boot => Value::Boot,
            Span::PressToReboot => Value::PressToReboot,
            Span::Reboot => Value::Reboot,
        }
    }
}

/// Where times are put together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The unit.
    pub dut_serial: DutSerial,
    /// The adapter.
    pub adapter: AdapterName,
    /// The set voltage of a programmable supply.
    pub supply_v: Option<Volts>,
}

/// More values than this are not kept one by one.
pub const SINGLES_MAX: usize = 24;

/// How values are spread, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// How many values.
    pub n: usize,
    /// The smallest.
    pub min: f64,
    /// A quarter of the values lies below.
    pub lower: f64,
    /// Half of the values lie below.
    pub median: f64,
    /// A quarter of the values lies above.
    pub upper: f64,
    /// The largest.
    pub max: f64,
    /// Each value in rising order, where there are at most [`SINGLES_MAX`].
    pub singles: Vec<f64>,
}

impl Distribution {
    /// The distribution of some values; `None` of none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let (&min, &max) = (values.first()?, values.last()?);
        let [lower, median, upper] = [0.25, 0.5, 0.75].map(|share| quantile(&values, share));
        let n = values.len();
        values.truncate(if n <= SINGLES_MAX { n } else { 0 });
        Some(Self { n, min, lower, median, upper, max, singles: values })
    }
}

/// Linear between the two neighbours: definition 7 of Hyndman and Fan 1996, The American Statistician 50, 361-365. `sorted` is not empty.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + part * (sorted[above] - sorted[below])
}

/// The times of all judged trials. A span that was never measured anywhere has no entry.
pub fn times(rows: &[TrialRow]) -> BTreeMap<Span, BTreeMap<Place, Distribution>> {
    let mut found: BTreeMap<Span, BTreeMap<Place, Vec<f64>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.verdict().is_some()) {
        for span in Span::ALL {
            let Some(value) = row.value(span.value()) else { continue };
            let place = Place {
                dut_serial: row.run.started.dut_serial.clone(),
                adapter: row.condition.adapter.clone(),
                supply_v: row.condition.supply_v,
            };
            found.entry(span).or_default().entry(place).or_default().push(value);
        }
    }
    let spread = |places: BTreeMap<Place, Vec<f64>>| {
        places.into_iter().filter_map(|(place, values)| Some((place, Distribution::of(values)?))).collect()
    };
    found.into_iter().map(|(span, places)| (span, spread(places))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::analysis::testkit::{Bench, fold, press};
    use crate::domain::condition::Origin;
    use crate::domain::measurement::names;
    use crate::domain::step::Step;
    use crate::domain::verdict::{Level, Verdict};

    #[test]
    fn quartiles_are_those_of_the_definition() {
        let of = |values: &[f64]| Distribution::of(values.to_vec()).unwrap();
        let four = of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!((four.min, four.lower, four.median, four.upper, four.max), (1.0, 1.75, 2.5, 3.25, 4.0));
        assert_eq!(four.singles, [1.0, 2.0, 3.0, 4.0]);
        let one = of(&[7.0]);
        assert_eq!((one.lower, one.median, one.upper, one.n), (7.0, 7.0, 7.0, 1));
        let many = of(&(0..=100).map(f64::from).collect::<Vec<_>>());
        assert_eq!((many.lower, many.median, many.n, many.singles.len()), (25.0, 50.0, 101, 0));
        assert_eq!(Distribution::of(vec![f64::NAN]), None);
    }

    #[test]
    fn a_reboot_is_timed_from_the_press_and_to_readiness() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 2, 0).start();
        bench.trial(press("oem", 10.0), Verdict::NoResponse);
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.step(Step::Begin, None);
        bench.wait(130.0);
        bench.measure(names::HOLD, 10.0, None);
        bench.wait(100.0);
        bench.measure(names::REBOOT, 98.0, None);
        bench.judge(Verdict::FactoryReset, Level::Proved);
        let analysis = Analysis::pool(vec![fold(&bench.events())]).unwrap();
        let times = times(&analysis.rows);
        let medians: Vec<_> = times.iter().map(|(span, places)| (*span, places.values().next().unwrap().median)).collect();
        // Contact was 10 s before the release, and the reboot 2 s after it.
        assert_eq!(medians, [(Span::Boot, 95.0), (Span::PressToReboot, 12.0), (Span::Reboot, 98.0)]);
    }
}
