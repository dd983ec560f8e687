//! Residuals against bench time: does the camera answer in the morning as it did in the evening? A wear, a warming or a loose tip shows as
//! runs of residuals on one side.

use super::group::{CellKey, Group, own_level};
use super::row::{TrialRow, Value};
use super::stats::likelihood::Curve;
use super::thresholds::Response;
use crate::domain::ids::RunId;
use crate::domain::verdict::Verdict;
use std::collections::{BTreeMap, HashMap};

/// Presses are put together in so many bins at most, and in fewer where that would leave less than [`LEAST`] in one.
const BINS: usize = 12;

/// Presses of a bin, where there are as many at all.
const LEAST: usize = 5;

/// Of more presses than this the range is that of the normal law with the same mean and variance; of fewer it is exact.
const EXACT: usize = 400;

/// Presses that follow each other in bench time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Bench hours at which the first of them began.
    pub from_h: f64,
    /// Bench hours at which the last of them began.
    pub to_h: f64,
    /// How many.
    pub n: usize,
    /// Mean of fitted reset probability minus reset (1 or 0): positive where there were fewer resets than the fit says. -1 to 1.
    pub residual: f64,
    /// Where this mean lies in at least 95 of 100 repetitions if every press resets with its fitted probability.
    pub expected: (f64, f64),
}

impl Bin {
    /// Whether the residual is beyond what chance gives in 19 of 20 bins.
    pub fn outside(&self) -> bool {
        self.residual < self.expected.0 - 1e-9 || self.residual > self.expected.1 + 1e-9
    }
}

/// The bins of every fitted response. Bench hours count the trials of a run from its first one, without the pauses between its sessions;
/// runs that are pooled are laid over each other.
pub fn drift(rows: &[TrialRow], responses: &[Response]) -> Vec<(Group, Vec<Bin>)> {
    let fitted: HashMap<&Group, Curve> =
        responses.iter().filter_map(|response| Some((&response.group, response.curve?))).collect();
    let mut presses: BTreeMap<Group, Vec<(f64, f64, bool)>> = BTreeMap::new();
    let mut clocks: BTreeMap<&RunId, f64> = BTreeMap::new();
    for row in rows {
        let clock = clocks.entry(&row.run.run_id).or_default();
        let began = *clock;
        *clock += row.took.get() / 3600.0;
        let (Some(level), Some(verdict), Some(hold)) = (own_level(row), row.verdict(), row.value(Value::Hold)) else { continue };
        let Some(key) = CellKey::of(&row.run.started.dut_serial, &row.condition, level) else { continue };
        let Some(curve) = fitted.get(&key.group).filter(|_| verdict.counts_in_reset_rate() && hold > 0.0) else { continue };
        presses.entry(key.group).or_default().push((began, curve.rate(hold), verdict == Verdict::FactoryReset));
    }
    presses.into_iter().map(|(group, presses)| (group, bins(presses))).collect()
}

/// Bins of equal numbers of presses, in the order of time.
fn bins(mut presses: Vec<(f64, f64, bool)>) -> Vec<Bin> {
    presses.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = (presses.len() / LEAST).clamp(1, BINS);
    let cut = |index: usize| index * presses.len() / count;
    (0..count).filter_map(|index| bin(presses.get(cut(index)..cut(index + 1))?)).collect()
}

fn bin(presses: &[(f64, f64, bool)]) -> Option<Bin> {
    let n = presses.len() as f64;
    let fitted: f64 = presses.iter().map(|press| press.1).sum();
    let resets = presses.iter().filter(|press| press.2).count() as f64;
    let rates: Vec<f64> = presses.iter().map(|press| press.1.clamp(0.0, 1.0)).collect();
    let (least, most) = resets_by_chance(&rates);
    Some(Bin {
        from_h: presses.first()?.0,
        to_h: presses.last()?.0,
        n: presses.len(),
        residual: (fitted - resets) / n,
        expected: ((fitted - most) / n, (fitted - least) / n),
    })
}

/// The range of the number of resets that leaves at most one in forty repetitions beyond each end, if every press resets with its own
/// probability: exact by adding one press after the other (the Poisson-binomial law), or by the normal law where there are very many.
fn resets_by_chance(rates: &[f64]) -> (f64, f64) {
    let mean: f64 = rates.iter().sum();
    if rates.len() > EXACT {
        let reach = 1.96 * rates.iter().map(|rate| rate * (1.0 - rate)).sum::<f64>().sqrt() + 0.5;
        return ((mean - reach).max(0.0), (mean + reach).min(rates.len() as f64));
    }
    let mut law = vec![1.0];
    for rate in rates {
        law.push(0.0);
        for count in (0..law.len()).rev() {
            let reset = if count > 0 { law[count - 1] * rate } else { 0.0 };
            law[count] = law[count] * (1.0 - rate) + reset;
        }
    }
    let least = first_likely(law.iter().enumerate()).unwrap_or(0);
    let most = first_likely(law.iter().enumerate().rev()).unwrap_or(rates.len());
    (least as f64, most as f64)
}

/// The first count with more than one fortieth at it and at those before it.
fn first_likely<'a>(mut counts: impl Iterator<Item = (usize, &'a f64)>) -> Option<usize> {
    let mut sum = 0.0;
    let found = counts.find(|(_, chance)| {
        sum += **chance;
        sum > 0.025
    });
    found.map(|(count, _)| count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::analysis::testkit::{Bench, fold, press};

    #[test]
    fn the_range_is_that_of_the_binomial_law() {
        // Binomial(10, 0.5): P(X <= 1) = 0.0107, P(X <= 2) = 0.0547.
        assert_eq!(resets_by_chance(&[0.5; 10]), (2.0, 8.0));
        // Binomial(20, 0.05): P(X >= 4) = 0.0159, P(X >= 3) = 0.0755.
        assert_eq!(resets_by_chance(&[0.05; 20]), (0.0, 3.0));
        assert_eq!(resets_by_chance(&[1.0; 5]), (5.0, 5.0));
        let (least, most) = resets_by_chance(&[0.5; 1000]);
        assert!((468.0..470.0).contains(&least) && (530.0..532.0).contains(&most));
    }

    #[test]
    fn a_camera_that_tires_is_seen_and_a_steady_one_is_not() {
        let run = |tires: bool| {
            let mut bench = Bench::new("r", &["oem"], &[5.0, 10.0, 20.0], 40, 0).start();
            for turn in 0..40 {
                for hold in [5.0, 10.0, 20.0] {
                    let reset = hold > 7.0 && (!tires || turn < 20 || hold > 15.0);
                    bench.trial(press("oem", hold), if reset { Verdict::FactoryReset } else { Verdict::NoResponse });
                }
            }
            let analysis = Analysis::pool(vec![fold(&bench.events())]).unwrap();
            let [(_, bins)] = drift(&analysis.rows, &analysis.responses).try_into().unwrap();
            bins
        };
        let (steady, tired) = (run(false), run(true));
        assert_eq!((steady.len(), steady.iter().map(|bin| bin.n).sum::<usize>()), (12, 120));
        assert!(steady.iter().all(|bin| !bin.outside()) && steady[0].from_h == 0.0 && steady[11].to_h > 5.0, "{steady:?}");
        assert!(tired[0].residual < -0.1 && tired[11].residual > 0.1, "{tired:?}");
    }
}
