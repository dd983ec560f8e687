//! What the panels of a chart show, read from an analysis.

use crate::analysis::Analysis;
use crate::analysis::cells::{CONFIDENCE, Cell};
use crate::analysis::course::RateAt;
use crate::analysis::group::{Group, Kind};
use crate::analysis::stats::band::Slice;
use crate::analysis::stats::interval::wilson;
use crate::analysis::stats::likelihood::Curve;
use crate::analysis::thresholds::Response;
use crate::domain::units::Seconds;
use crate::report::words::{hold95_in_short, suite_order};
use std::collections::{BTreeMap, BTreeSet};

/// More holds than this are put together in bins: an adaptive design tries nearly each of its holds once.
pub const HOLDS_MAX: usize = 24;

/// The rate at one hold, or of one bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Mean measured hold; the commanded one where it was not measured.
    pub hold_s: f64,
    /// Factory resets.
    pub resets: u32,
    /// Trials in the denominator, at least 1.
    pub n: u32,
}

impl Point {
    /// Reset rate.
    pub fn rate(&self) -> f64 {
        f64::from(self.resets) / f64::from(self.n)
    }

    /// Wilson's interval.
    pub fn interval(&self) -> (f64, f64) {
        wilson(self.resets, self.n, CONFIDENCE).map_or((0.0, 1.0), |ends| (ends.lo, ends.hi))
    }
}

/// One response: a group of presses.
#[derive(Clone, Debug)]
pub struct Panel<'a> {
    /// The adapter, and whatever else tells it from its siblings.
    pub title: String,
    /// The hold for 95 % success in words.
    pub finding: String,
    /// The rates.
    pub points: Vec<Point>,
    /// Holds that were tried, shortest first.
    pub tried: Vec<f64>,
    /// The fitted response.
    pub curve: Option<Curve>,
    /// How well it is known.
    pub bands: &'a [Slice],
    /// The reset rate as the posterior that led an adaptive run believes it: then it stands for the curve and its bands.
    pub believed: &'a [RateAt],
    /// The hold for 95 % success: estimate, lower end, upper end.
    pub hold95: Option<(f64, Option<f64>, Option<f64>)>,
    /// Holds with the least rate that a limit asks for.
    pub limits: Vec<(f64, f64)>,
}

/// The groups of presses with the titles that tell them apart, in the suite's order of adapters.
pub fn group_titles(analysis: &Analysis) -> Vec<(Group, String)> {
    let presses = analysis.cells.iter().map(|cell| &cell.key.group).filter(|group| group.kind == Kind::Press);
    let mut all: Vec<&Group> = presses.collect::<BTreeSet<_>>().into_iter().collect();
    all.sort_by_key(|group| suite_order(analysis, &group.adapter));
    all.iter().map(|group| ((*group).clone(), title(group, &all))).collect()
}

/// The panels of all groups of presses, in the suite's order of adapters.
pub fn panels(analysis: &Analysis) -> Vec<Panel<'_>> {
    let mut cells: BTreeMap<&Group, Vec<&Cell>> = BTreeMap::new();
    for cell in &analysis.cells {
        cells.entry(&cell.key.group).or_default().push(cell);
    }
    let titles = group_titles(analysis);
    titles
        .into_iter()
        .map(|(group, title)| panel(analysis, &group, cells.get(&group).map_or(&[], Vec::as_slice), title))
        .collect()
}

fn panel<'a>(analysis: &'a Analysis, group: &Group, cells: &[&Cell], title: String) -> Panel<'a> {
    let response = analysis.responses.iter().find(|response| response.group == *group);
    let found = response.and_then(|response| response.best("hold95"));
    // The posterior is left out where success falls again, since it knows rising responses only.
    let led = response.is_some_and(|response| !response.posterior.is_empty());
    let path = analysis.course().filter(|_| led).and_then(|course| course.paths.get(group));
    let points: Vec<Point> = cells.iter().filter_map(|cell| point(cell)).collect();
    Panel {
        title,
        finding: format!("hold for 95 %: {}", hold95_in_short(group, found)),
        tried: cells.iter().filter_map(|cell| cell.key.hold_s).map(Seconds::get).collect(),
        points: if points.len() > HOLDS_MAX { binned(&points) } else { points },
        curve: response.filter(|_| path.is_none()).and_then(|response| response.curve),
        bands: response.filter(|_| path.is_none()).map_or(&[], Response::bands),
        believed: path.map_or(&[], |path| &path.rates),
        limits: limits(analysis, group),
        hold95: found.and_then(|one| one.value_s.map(|value| (value, one.lo_s, one.hi_s))),
    }
}

/// The rate limits of the suite that hold for a group.
fn limits(analysis: &Analysis, group: &Group) -> Vec<(f64, f64)> {
    let limits = analysis.limits.iter().map(|result| &result.limit);
    let here = limits
        .filter(|limit| limit.covers(group.adapter.as_str()) && limit.supply_v.is_none_or(|volts| group.supply_v == Some(volts)));
    here.filter_map(|limit| Some((limit.hold_s?.get(), limit.min_rate?))).collect()
}

fn point(cell: &Cell) -> Option<Point> {
    let hold_s = cell.hold_mean_s.or(cell.key.hold_s.map(Seconds::get))?;
    let point = Point { hold_s, resets: cell.tally.resets(), n: cell.tally.n() };
    (point.n > 0).then_some(point)
}

/// The adapter and what is unusual of its presses, with the unit and the level where they vary between the panels.
fn title(group: &Group, all: &[&Group]) -> String {
    let varies = |differs: &dyn Fn(&Group) -> bool| all.iter().any(|other| differs(other));
    let mut title = group.adapter.to_string();
    if let Some(volts) = group.supply_v {
        title.push_str(&format!(" at {volts}"));
    }
    if varies(&|other| other.dut_serial != group.dut_serial) {
        title.push_str(&format!(", {}", group.dut_serial));
    }
    for word in group.manner() {
        title.push_str(&format!(", {word}"));
    }
    if varies(&|other| other.level != group.level) {
        title.push_str(&format!(" ({})", group.level.name()));
    }
    title
}

/// Neighbouring holds put together in at most [`HOLDS_MAX`] bins of equal width on the logarithmic axis.
fn binned(points: &[Point]) -> Vec<Point> {
    let ends = points.iter().fold((f64::INFINITY, 0.0_f64), |(lo, hi), point| (lo.min(point.hold_s), hi.max(point.hold_s)));
    let width = ((ends.1 / ends.0).ln() / HOLDS_MAX as f64).max(1e-9);
    let mut bins: BTreeMap<usize, (f64, u32, u32)> = BTreeMap::new();
    for point in points {
        let index = ((point.hold_s / ends.0).ln() / width) as usize;
        let bin = bins.entry(index.min(HOLDS_MAX - 1)).or_default();
        *bin = (bin.0 + f64::from(point.n) * point.hold_s.ln(), bin.1 + point.resets, bin.2 + point.n);
    }
    bins.into_values().map(|(ln_sum, resets, n)| Point { hold_s: (ln_sum / f64::from(n)).exp(), resets, n }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_keep_every_press() {
        let points: Vec<Point> =
            (1..200).map(|i| Point { hold_s: f64::from(i) * 0.3, resets: u32::from(i > 60), n: 1 }).collect();
        let bins = binned(&points);
        assert!(bins.len() <= HOLDS_MAX);
        assert_eq!(bins.iter().map(|bin| bin.n).sum::<u32>(), 199);
        assert_eq!(bins.iter().map(|bin| bin.resets).sum::<u32>(), 139);
        assert!(bins.windows(2).all(|pair| pair[0].hold_s < pair[1].hold_s));
    }
}
