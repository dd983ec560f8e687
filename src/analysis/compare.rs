//! Two runs side by side: which conditions have another reset rate.
//!
//! Conditions of the same levels are matched, and each pair is tested exactly (Boschloo); the p-values of one comparison are one family,
//! corrected after Holm. Trials that could not be judged are counted so that they speak least for a difference. Whether intervals overlap
//! decides nothing. The two runs have equal parts: which one stands first changes signs and nothing else.

mod alike;
mod by;
mod pairs;

pub use alike::{fields, judged_alike};
pub use by::{By, Factor};
pub use pairs::{Finding, Lone, Pair, Thresholds, Why};

use super::cells::{CONFIDENCE, Cell, cells};
use super::group::CellKey;
use super::pool::Analysis;
use super::row::{RunFacts, replays};
use super::thresholds::{Response, responses};
use crate::domain::ids::RunId;
use crate::domain::verdict::Verdict;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The chance of calling any difference in a comparison without one is at most this.
pub const ALPHA: f64 = 0.05;

/// One of the two runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The run.
    pub facts: Arc<RunFacts>,
    /// Nothing that its suite asks for is missing.
    pub complete: bool,
    /// Judged trials.
    pub judged: u32,
    /// Attempts that the rig lost.
    pub lost: u32,
    /// Trials in which the camera was never ready: they are in no rate.
    pub not_ready: u32,
}

impl Side {
    /// The run's id.
    pub fn run_id(&self) -> &RunId {
        &self.facts.run_id
    }
}

/// Two runs side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What two conditions must have in common to be compared, beside what was done to the camera and the evidence level.
    pub by: By,
    /// The first run.
    pub a: Side,
    /// The other one.
    pub b: Side,
    /// Fields in which the two DUT profiles judge differently. Where there are any, nothing is compared.
    pub unlike: Vec<String>,
    /// In what else the runs differ: a difference of rates may come from any of it.
    pub also: Vec<String>,
    /// In every slot that both runs judged the trials are the same to the last digit of the hold: they are no independent samples.
    pub copies: bool,
    /// Conditions with judged trials in both runs, by their levels. One family of tests.
    pub pairs: Vec<Pair>,
    /// Conditions that have no counterpart.
    pub lone: Vec<Lone>,
    /// Thresholds of the responses to the hold that both runs have.
    pub thresholds: Vec<Thresholds>,
}

impl Comparison {
    /// Compares two runs, each the only one of its analysis; `None` for an analysis of no or several runs.
    pub fn of(a: Analysis, b: Analysis, by: By) -> Option<Self> {
        let copies = replays(&a.rows, &b.rows);
        let (a, b) = (Half::of(a, &by)?, Half::of(b, &by)?);
        let (one, other) = (&a.side.facts.started, &b.side.facts.started);
        let unlike = judged_alike(&one.profile, &other.profile);
        let also = alike::also(one, other);
        let alike = unlike.is_empty();
        let (pairs, lone) = pairs::matched(a.cells, b.cells, alike);
        let thresholds = if alike { pairs::thresholds(a.responses, b.responses) } else { Vec::new() };
        Some(Self { by, a: a.side, b: b.side, unlike, also, copies, pairs, lone, thresholds })
    }

    /// The conditions that differ.
    pub fn differing(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| pair.finding == Finding::Differs)
    }

    /// The exit code: 1 where a condition differs, in whichever direction; 4 where nothing could be compared; else 0.
    pub fn exit_code(&self) -> u8 {
        if self.differing().next().is_some() {
            1
        } else if self.pairs.is_empty() {
            4
        } else {
            0
        }
    }

    /// The smallest and the largest of the differences that the conditions' numbers of trials let be seen; `None` where no condition can
    /// show any.
    pub fn detectable(&self) -> Option<(f64, f64)> {
        let all = || self.pairs.iter().filter_map(|pair| pair.detectable);
        all().reduce(f64::min).zip(all().reduce(f64::max))
    }
}

/// One run, put together by what is compared.
struct Half {
    side: Side,
    cells: BTreeMap<CellKey, Cell>,
    responses: Vec<Response>,
}

impl Half {
    fn of(mut analysis: Analysis, by: &By) -> Option<Self> {
        let [run] = analysis.runs.as_slice() else { return None };
        let of = |verdict| analysis.rows.iter().filter(|row| row.verdict() == Some(verdict)).count();
        let judged = analysis.rows.iter().filter(|row| row.verdict().is_some()).count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let side = Side {
            facts: run.facts.clone(),
            complete: run.complete(),
            judged: count(judged),
            lost: count(analysis.rows.len() - judged),
            not_ready: count(of(Verdict::NotReady)),
        };
        by.relabel(&mut analysis.rows);
        // Without runs: what the suite planned has no say in a comparison.
        let cells = cells(&[], &analysis.rows).into_iter().map(|cell| (cell.key.clone(), cell)).collect();
        Some(Self { side, cells, responses: responses(&[], &analysis.rows, None) })
    }
}

#[cfg(test)]
mod tests;
