//! How likely each finding of a test is under each cause: counts from fault worlds on the twin (`scripts/rma-table` makes them).
//!
//! The counts are kept world by world. Tests of one unit are tests in one world, so what a second one shows is judged by how often that happens in the
//! worlds that the first one left: a button without its click has none next time either, and that is no news.

use super::cause::{Cause, Supplied, Unit};
use super::finding::{Finding, PARTS_N, Senses};
use super::inference::{Kind, Test};
use std::collections::BTreeMap;

/// The table that the program is built with.
const BUILT_IN: &str = include_str!("likelihoods.csv");
/// Weight of what all worlds of a cause say together in each of them, in findings: the worlds that were counted are not all that there are (our choice).
const CAUSE_WEIGHT: f64 = 3.0;
/// Weight of what the parts of a finding say apart from each other, in findings: a finding that was never counted as a whole is as likely as
/// its parts let expect (our choice; `docs/rma.md` shows the calibration that it leads to).
const PARTS_WEIGHT: f64 = 2.0;
/// Added to the count of each word of a part (Jeffreys' prior).
const WORD_PRIOR: f64 = 0.5;

/// The findings of one kind of test under one cause.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cell {
    /// In each world.
    worlds: Vec<BTreeMap<Finding, u32>>,
    /// In all of them.
    counts: BTreeMap<Finding, u32>,
    n: f64,
    seconds: f64,
    words: [Vec<f64>; PARTS_N],
}

/// Where a cell stands: the adapter matters to tests on it alone.
type Key = (Kind, Unit, Option<Supplied>);

/// Likelihoods as a rig with certain senses would see them.
#[derive(Clone, Debug)]
pub struct Table {
    cells: BTreeMap<Key, Cell>,
    findings: BTreeMap<Kind, Vec<Finding>>,
    worlds: usize,
}

/// A line of a table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("likelihoods, line {line}: `{text}` is not kind,unit,supplied,finding,counts,seconds")]
pub struct TableError {
    /// Its number, from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl Table {
    /// The built-in table, as a rig with these senses sees it.
    pub fn built_in(senses: Senses) -> Self {
        // Cannot fail: a test reads every line of the file that is compiled in.
        Self::parse(BUILT_IN, senses).unwrap_or_else(|_| Self { cells: BTreeMap::new(), findings: BTreeMap::new(), worlds: 1 })
    }

    /// Reads a table: lines of kind, unit, supplied (or `-`), finding, counts (a digit for each world), and the seconds that those tests took
    /// together; `#` begins a comment.
    ///
    /// # Errors
    /// [`TableError`] for the first line that is none.
    pub fn parse(text: &str, senses: Senses) -> Result<Self, TableError> {
        let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
        let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        for (index, line) in lines {
            let (key, finding, counts, seconds) =
                row(line).ok_or_else(|| TableError { line: index + 1, text: line.to_owned() })?;
            let cell = cells.entry(key).or_default();
            cell.worlds.resize(cell.worlds.len().max(counts.len()), BTreeMap::new());
            let finding = finding.coarsened(senses);
            for (world, count) in cell.worlds.iter_mut().zip(&counts).filter(|(_, count)| **count > 0) {
                *world.entry(finding).or_default() += count;
                *cell.counts.entry(finding).or_default() += count;
                cell.n += f64::from(*count);
            }
            cell.seconds += seconds;
        }
        let worlds = cells.values().map(|cell| cell.worlds.len()).max().unwrap_or(1);
        cells.values_mut().for_each(Cell::sum_words);
        let mut findings: BTreeMap<Kind, Vec<Finding>> = BTreeMap::new();
        for ((kind, _, _), cell) in &cells {
            findings.entry(*kind).or_default().extend(cell.counts.keys());
        }
        for list in findings.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        Ok(Self { cells, findings, worlds })
    }

    fn cell(&self, test: Test, cause: Cause) -> Option<&Cell> {
        let kind = test.kind();
        self.cells.get(&(kind, cause.unit, kind.on_returned().then_some(cause.supplied)))
    }

    /// How many worlds of each cause were counted.
    pub fn worlds(&self) -> usize {
        self.worlds
    }

    /// Probability of a finding of `test` in each world of `cause`; 1 where the table knows nothing of the test, so that it tells nothing.
    pub fn likelihoods(&self, test: Test, cause: Cause, finding: Finding) -> Vec<f64> {
        let Some(cell) = self.cell(test, cause) else { return vec![1.0; self.worlds] };
        let all = cell.likelihood(finding);
        let of = |world: Option<&BTreeMap<Finding, u32>>| {
            let n: u32 = world.map_or(0, |world| world.values().sum());
            let counted = world.and_then(|world| world.get(&finding)).copied().unwrap_or(0);
            (f64::from(counted) + CAUSE_WEIGHT * all) / (f64::from(n) + CAUSE_WEIGHT)
        };
        (0..self.worlds).map(|world| of(cell.worlds.get(world))).collect()
    }

    /// Mean bench seconds of `test` under `cause`.
    pub fn seconds(&self, test: Test, cause: Cause) -> f64 {
        self.cell(test, cause).filter(|cell| cell.n > 0.0).map_or(300.0, |cell| cell.seconds / cell.n)
    }

    /// Every finding of `test` that was counted under any cause.
    pub fn findings(&self, test: Test) -> &[Finding] {
        self.findings.get(&test.kind()).map_or(&[], Vec::as_slice)
    }

    /// Whether every cause has counts of every kind of test.
    pub fn is_complete(&self) -> bool {
        let has = |kind: Kind, unit: Unit, supplied: Option<Supplied>| self.cells.contains_key(&(kind, unit, supplied));
        Kind::ALL.into_iter().all(|kind| {
            Unit::ALL.into_iter().all(|unit| match kind.on_returned() {
                true => Supplied::ALL.into_iter().all(|supplied| has(kind, unit, Some(supplied))),
                false => has(kind, unit, None),
            })
        })
    }
}

impl Cell {
    fn sum_words(&mut self) {
        for part in 0..PARTS_N {
            let mut words = Vec::new();
            for (finding, count) in &self.counts {
                let (place, all) = finding.place(part);
                words.resize(all, 0.0);
                words[place] += f64::from(*count);
            }
            self.words[part] = words;
        }
    }

    fn likelihood(&self, finding: Finding) -> f64 {
        let counted = f64::from(self.counts.get(&finding).copied().unwrap_or(0));
        (counted + PARTS_WEIGHT * self.apart(finding)) / (self.n + PARTS_WEIGHT)
    }

    /// What the parts say as if they did not depend on each other.
    fn apart(&self, finding: Finding) -> f64 {
        (0..PARTS_N)
            .map(|part| {
                let (place, all) = finding.place(part);
                let seen = self.words[part].get(place).copied().unwrap_or(0.0);
                (seen + WORD_PRIOR) / (self.n + WORD_PRIOR * all as f64)
            })
            .product()
    }
}

fn row(line: &str) -> Option<(Key, Finding, Vec<u32>, f64)> {
    let fields: Vec<&str> = line.split(',').collect();
    let [kind, unit, supplied, finding, counts, seconds] = fields.as_slice() else { return None };
    let kind = Kind::ALL.into_iter().find(|known| known.name() == *kind)?;
    let unit = Unit::ALL.into_iter().find(|known| known.name() == *unit)?;
    let supplied = match *supplied {
        "-" => None,
        name => Some(Supplied::ALL.into_iter().find(|known| known.name() == name)?),
    };
    let counts: Option<Vec<u32>> = counts.chars().map(|count| count.to_digit(10)).collect();
    let counts = counts.filter(|counts| !counts.is_empty())?;
    Some(((kind, unit, supplied), Finding::parse(finding)?, counts, seconds.parse().ok()?))
}
