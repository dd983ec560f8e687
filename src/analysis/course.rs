//! How an adaptive run came to know its holds: what was believed after each press, and of the reset rate at the end. The posterior is the one
//! that led the run, fed again with the same presses in the same order.

use super::cells::CONFIDENCE;
use super::group::{CellKey, Group, Kind, own_level};
use super::known::Known;
use super::posterior::{Posterior, Press, Quantity};
use super::row::{OriginKind, TrialRow, Value};
use super::shared::{acknowledged, camera_of};
use crate::domain::suite::{Design, DesignKind};
use crate::domain::verdict::Verdict;
use std::collections::BTreeMap;

/// Holds at which the reset rate is told: a curve through so many points looks smooth.
const HOLDS: usize = 60;
/// Steps of the rate, from 0 to 1.
const RATES: usize = 500;

/// The reset rate at one hold, as it is believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateAt {
    /// The hold, in seconds.
    pub hold_s: f64,
    /// Its median.
    pub median: f64,
    /// Central half of the posterior.
    pub half: (f64, f64),
    /// Central 95 %.
    pub full: (f64, f64),
}

/// One press, and what was believed after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Bench minutes that this group had taken by then, with its trials that gave no answer.
    pub minutes: f64,
    /// The measured hold, in seconds.
    pub hold_s: f64,
    /// It reset.
    pub reset: bool,
    /// Chance chose it, far from the threshold.
    pub probe: bool,
    /// The hold that is asked for: median and ends of the 95 % interval, in seconds; 0 and infinity are answers.
    pub believed: (f64, f64, f64),
}

impl Look {
    /// Half width of the interval as a share of the estimate; `None` where it has no end.
    pub fn precision(&self) -> Option<f64> {
        let (value, low, high) = self.believed;
        (value > 0.0 && high.is_finite()).then(|| 0.5 * (high - low) / value)
    }
}

/// One group of presses.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its presses in order.
    pub looks: Vec<Look>,
    /// The rate over the holds that were tried, at the end, by resets alone.
    pub rates: Vec<RateAt>,
}

/// All groups of an adaptive run, or of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The hold that is asked for: a word of thresholds.csv.
    pub target: String,
    /// Half width that is asked for, as a share of the estimate; `None` where a specification is decided.
    pub goal: Option<f64>,
    /// By group.
    pub paths: BTreeMap<Group, Path>,
}

/// The course of the rows of an adaptive run; `None` for other designs.
pub fn course(rows: &[TrialRow]) -> Option<Course> {
    let design = &rows.first()?.run.started.suite.design;
    if design.kind != DesignKind::Adaptive {
        return None;
    }
    let mut cameras: BTreeMap<Group, Vec<(Group, &TrialRow)>> = BTreeMap::new();
    for row in rows {
        let Some(level) = own_level(row) else { continue };
        let Some(key) = CellKey::of(&row.run.started.dut_serial, &row.condition, level) else { continue };
        if key.group.kind == Kind::Press {
            cameras.entry(camera_of(&key.group)).or_default().push((key.group, row));
        }
    }
    let paths = cameras.into_values().flat_map(|rows| of_camera(&rows, design)).collect();
    let goal = design.spec_hold_s.is_none().then(|| design.half_width());
    Some(Course { target: design.target().to_owned(), goal, paths })
}

fn of_camera(rows: &[(Group, &TrialRow)], design: &Design) -> BTreeMap<Group, Path> {
    let mut groups: Vec<&Group> = rows.iter().map(|(group, _)| group).collect();
    groups.sort();
    groups.dedup();
    let mut known = Known::new(groups.len(), !design.alone, rows.iter().any(|(_, row)| acknowledged(row).is_some()));
    let quantity = Quantity::of_name(design.target()).unwrap_or(Quantity::Relative(0.95));
    let mut minutes = vec![0.0; groups.len()];
    let mut looks: Vec<Vec<Look>> = vec![Vec::new(); groups.len()];
    for (group, row) in rows {
        let Ok(j) = groups.binary_search(&group) else { continue };
        minutes[j] += row.took.get() / 60.0;
        let Some(press) = press(row) else { continue };
        known.tell(j, press, acknowledged(row));
        let hold = known.hold(j, quantity);
        let (low, high) = hold.interval(CONFIDENCE);
        looks[j].push(Look {
            minutes: minutes[j],
            hold_s: press.hold_s,
            reset: press.reset,
            probe: row.origin == OriginKind::Probe,
            believed: (hold.at(0.5), low, high),
        });
    }
    let each = groups.into_iter().enumerate().zip(looks);
    each.map(|((j, group), looks)| (group.clone(), Path { rates: rates(&known.by_resets(j), &looks), looks })).collect()
}

/// What the posterior takes of a trial: nothing of one that gave no answer.
fn press(row: &TrialRow) -> Option<Press> {
    let verdict = row.verdict().filter(|verdict| verdict.counts_in_reset_rate())?;
    let hold_s = row.value(Value::Hold).filter(|hold_s| *hold_s > 0.0)?;
    Some(Press { hold_s, reset: verdict == Verdict::FactoryReset })
}

fn rates(posterior: &Posterior<'_>, looks: &[Look]) -> Vec<RateAt> {
    let ends = looks.iter().fold((f64::INFINITY, 0.0_f64), |(lo, hi), look| (lo.min(look.hold_s), hi.max(look.hold_s)));
    if ends.0 >= ends.1 {
        return Vec::new();
    }
    let holds = (0..HOLDS).map(|i| ends.0 * (ends.1 / ends.0).powf(i as f64 / (HOLDS - 1) as f64));
    let at = |hold_s: f64| {
        let rate = posterior.rate(hold_s, RATES);
        let quantile = |share: f64| quantile(&rate, share);
        RateAt { hold_s, median: quantile(0.5), half: (quantile(0.25), quantile(0.75)), full: (quantile(0.025), quantile(0.975)) }
    };
    holds.map(at).collect()
}

/// The rate with `share` of the weight at or below it.
fn quantile(rate: &[(f64, f64)], share: f64) -> f64 {
    let total: f64 = rate.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    let found = rate.iter().find(|(_, weight)| {
        sum += weight;
        sum >= share * total
    });
    found.or(rate.last()).map_or(0.0, |(rate, _)| *rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, fold, press};

    fn rows(kind: DesignKind) -> Vec<TrialRow> {
        let mut bench = Bench::new("r", &["oem", "cable"], &[30.0], 30, 0);
        bench.started.suite.design.kind = kind;
        let mut bench = bench.start();
        for round in 0..20 {
            for (adapter, needs) in [("oem", 10.0), ("cable", 14.0)] {
                let hold = 6.0 + 1.3 * f64::from((round * 7) % 20);
                bench.trial(press(adapter, hold), if hold > needs { Verdict::FactoryReset } else { Verdict::NoResponse });
            }
        }
        fold(&bench.events()).take_rows()
    }

    #[test]
    fn what_is_believed_comes_to_the_hold_that_is_needed() {
        let found = course(&rows(DesignKind::Adaptive)).unwrap();
        assert_eq!((found.target.as_str(), found.paths.len()), ("hold95_rel", 2));
        for (group, path) in &found.paths {
            let needs = if group.adapter.as_str() == "oem" { 10.0 } else { 14.0 };
            assert_eq!(path.looks.len(), 20);
            assert!(path.looks.windows(2).all(|pair| pair[0].minutes < pair[1].minutes));
            let (value, low, high) = path.looks[19].believed;
            assert!(low < value && value < high && low < 1.1 * needs && high > 0.95 * needs, "{value} {low} {high}");
            let first = path.looks[3].precision().unwrap_or(f64::INFINITY);
            assert!(path.looks[19].precision().unwrap() < first, "it narrows");
            let at =
                |hold: f64| path.rates.iter().min_by(|a, b| (a.hold_s - hold).abs().total_cmp(&(b.hold_s - hold).abs())).unwrap();
            assert!(at(0.7 * needs).full.1 < 0.9 && at(1.6 * needs).full.0 > 0.5);
            assert!(
                path.rates
                    .iter()
                    .all(|r| r.full.0 <= r.half.0 && r.half.0 <= r.median && r.median <= r.half.1 && r.half.1 <= r.full.1)
            );
        }
    }

    #[test]
    fn a_grid_has_no_course() {
        assert_eq!(course(&rows(DesignKind::Grid)), None);
        assert_eq!(course(&[]), None);
    }
}
