//! Conditions and thresholds of two runs, matched and tested.

use super::{ALPHA, CONFIDENCE};
use crate::analysis::cells::{Cell, Tally};
use crate::analysis::group::{CellKey, Group};
use crate::analysis::stats::boschloo::ExactTest;
use crate::analysis::stats::holm::holm_adjust;
use crate::analysis::stats::interval::Interval;
use crate::analysis::stats::two_rates::{Counts, newcombe};
use crate::analysis::thresholds::{Response, Threshold};
use crate::domain::verdict::{Level, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What the test of a pair says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The rates differ, after the correction for the whole family.
    Differs,
    /// No difference was shown. That is no proof of equality.
    NotShown,
}

impl Finding {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Finding::Differs => "differs",
            Finding::NotShown => "not_shown",
        }
    }
}

/// A condition with judged trials in both runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Its levels. The adapter's place holds what is compared.
    pub key: CellKey,
    /// Counts of the first run.
    pub a: Tally,
    /// Counts of the other.
    pub b: Tally,
    /// Rate of the other less rate of the first.
    pub difference: f64,
    /// Newcombe's interval of the difference.
    pub interval: Option<Interval>,
    /// Exact two-sided p-value of the counts.
    pub p: f64,
    /// The same with the trials that could not be judged counted so that they speak least for a difference.
    pub p_worst: f64,
    /// `p_worst`, corrected for the family.
    pub p_holm: f64,
    /// The finding, by `p_holm`.
    pub finding: Finding,
    /// The smallest true difference that would have been found with 80 % probability at these numbers of trials, near these rates; `None`
    /// where none would.
    pub detectable: Option<f64>,
    /// Doubts of either side, as stable words.
    pub caveats: Vec<String>,
}

/// Why a condition is compared with nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The other run has no such condition.
    NotTried,
    /// The other run judged it at another evidence level.
    OtherLevel(Level),
    /// The other run tried it and judged no trial for the rate.
    NotJudged,
    /// It judged no trial for the rate itself, and the other did.
    EmptyHere,
    /// The profiles judge differently.
    UnlikeProfiles,
}

/// A condition that has no counterpart.
#[derive(Clone, Debug, PartialEq)]
pub struct Lone {
    /// Its levels.
    pub key: CellKey,
    /// It is one of the first run.
    pub in_a: bool,
    /// Its counts.
    pub tally: Tally,
    /// Why.
    pub why: Why,
}

/// A threshold in both runs. No test: the intervals are to be read, not to be laid over each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// Whose response.
    pub group: Group,
    /// In the first run.
    pub a: Threshold,
    /// In the other.
    pub b: Threshold,
}

/// The cells of two runs: what can be compared, and what is left over.
pub(super) fn matched(a: BTreeMap<CellKey, Cell>, b: BTreeMap<CellKey, Cell>, alike: bool) -> (Vec<Pair>, Vec<Lone>) {
    let judged = |cell: &Cell| cell.tally.n() > 0;
    let pairable = |key: &CellKey| alike && a.get(key).is_some_and(judged) && b.get(key).is_some_and(judged);
    let (mut drafts, mut lone) = (Vec::new(), Vec::new());
    for (key, one) in &a {
        match b.get(key) {
            Some(other) if pairable(key) => drafts.push((key.clone(), one, other)),
            _ => lone.push(left_over(one, &b, true, alike)),
        }
    }
    for (_, other) in b.iter().filter(|(key, _)| !pairable(key)) {
        lone.push(left_over(other, &a, false, alike));
    }
    (tested(&drafts), lone)
}

fn left_over(cell: &Cell, others: &BTreeMap<CellKey, Cell>, in_a: bool, alike: bool) -> Lone {
    let why = match others.get(&cell.key) {
        _ if !alike => Why::UnlikeProfiles,
        Some(_) if cell.tally.n() == 0 => Why::EmptyHere,
        Some(_) => Why::NotJudged,
        None => other_level(&cell.key, others).map_or(Why::NotTried, Why::OtherLevel),
    };
    Lone { key: cell.key.clone(), in_a, tally: cell.tally, why }
}

/// The level at which the other run judged this condition.
fn other_level(key: &CellKey, others: &BTreeMap<CellKey, Cell>) -> Option<Level> {
    let at = |level| {
        let key = CellKey { group: Group { level, ..key.group.clone() }, hold_s: key.hold_s };
        others.contains_key(&key).then_some(level)
    };
    [Level::Proved, Level::Indicated, Level::Suggested, Level::None].into_iter().find_map(at)
}

/// Tests every pair, and corrects for all of them.
fn tested(drafts: &[(CellKey, &Cell, &Cell)]) -> Vec<Pair> {
    let family = drafts.len();
    // Most conditions of a suite have the same numbers of trials, and a test takes some time to make.
    let mut tests: BTreeMap<(u32, u32), Option<Rc<ExactTest>>> = BTreeMap::new();
    let mut test = |a: Counts, b: Counts| {
        let sizes = (a.n.min(b.n), a.n.max(b.n));
        tests.entry(sizes).or_insert_with(|| ExactTest::new(sizes.0, sizes.1).map(Rc::new)).clone()
    };
    let mut pairs: Vec<Pair> = drafts
        .iter()
        .filter_map(|(key, one, other)| {
            let (a, b) = (observed(&one.tally), observed(&other.tally));
            let exact = test(a, b)?;
            let p_worst = match nearest(&one.tally, &other.tally) {
                Some((a, b)) => test(a, b)?.p_value(a, b)?,
                None => 1.0,
            };
            let together = f64::from(a.k + b.k) / f64::from(a.n + b.n);
            Some(Pair {
                key: key.clone(),
                a: one.tally,
                b: other.tally,
                difference: b.rate()? - a.rate()?,
                interval: newcombe(a, b, CONFIDENCE),
                p: exact.p_value(a, b)?,
                p_worst,
                p_holm: 1.0,
                finding: Finding::NotShown,
                // What one condition alone has to reach if no other differs.
                detectable: exact.detectable(together, ALPHA / family as f64),
                caveats: one.caveats.iter().chain(&other.caveats).collect::<BTreeSet<_>>().into_iter().cloned().collect(),
            })
        })
        .collect();
    let p_values: Vec<f64> = pairs.iter().map(|pair| pair.p_worst).collect();
    for (pair, adjusted) in pairs.iter_mut().zip(holm_adjust(&p_values)) {
        pair.p_holm = adjusted;
        pair.finding = if adjusted <= ALPHA { Finding::Differs } else { Finding::NotShown };
    }
    pairs
}

/// The counts that the rate is made of.
fn observed(tally: &Tally) -> Counts {
    Counts { k: tally.resets(), n: tally.n() }
}

/// Both counts with every inconclusive trial in them, as resets or not, whichever brings the rates nearest to each other; `None` where they
/// may be the same.
fn nearest(a: &Tally, b: &Tally) -> Option<(Counts, Counts)> {
    if a.rate_best()? < b.rate_worst()? {
        Some((most(a), least(b)))
    } else if b.rate_best()? < a.rate_worst()? {
        Some((least(a), most(b)))
    } else if a.of(Verdict::Inconclusive) + b.of(Verdict::Inconclusive) == 0 {
        Some((observed(a), observed(b)))
    } else {
        None
    }
}

fn most(tally: &Tally) -> Counts {
    Counts { k: tally.resets() + tally.of(Verdict::Inconclusive), n: tally.n_with_inconclusive() }
}

fn least(tally: &Tally) -> Counts {
    Counts { k: tally.resets(), n: tally.n_with_inconclusive() }
}

/// The thresholds of the groups that both runs have.
pub(super) fn thresholds(a: Vec<Response>, b: Vec<Response>) -> Vec<Thresholds> {
    let mut others: BTreeMap<Group, Response> = b.into_iter().map(|response| (response.group.clone(), response)).collect();
    let mut found = Vec::new();
    for one in a {
        let Some(other) = others.remove(&one.group) else { continue };
        for a in &one.thresholds {
            let same = |b: &&Threshold| (b.quantity, b.edge) == (a.quantity, a.edge);
            if let Some(b) = other.thresholds.iter().find(same) {
                found.push(Thresholds { group: one.group.clone(), a: *a, b: *b });
            }
        }
    }
    found
}
