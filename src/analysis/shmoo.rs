//! The shmoo: what was tried, by place and hold, and how often it reset. Counts alone; where nothing was judged stands nothing.

use super::cells::Cell;
use super::group::{Group, Kind};
use crate::domain::units::Seconds;
use crate::domain::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// More holds than this are put together in columns of equal width on a logarithmic axis: a design that chooses tries nearly each once.
pub const COLUMNS_MAX: usize = 24;

/// A column: all commanded holds from one to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The shortest hold in it, in seconds.
    pub from_s: f64,
    /// The longest hold in it, in seconds.
    pub to_s: f64,
}

/// What was judged at one place and hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Factory resets.
    pub resets: u32,
    /// Trials in the denominator.
    pub n: u32,
    /// Trials in which the camera was never ready, and so never pressed.
    pub not_ready: u32,
}

/// Groups of presses by holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Shmoo {
    /// The columns, shortest hold first.
    pub columns: Vec<Column>,
    /// For each group of presses, a count for each column.
    pub rows: BTreeMap<Group, Vec<Count>>,
}

/// The shmoo of all presses; `None` without any.
pub fn shmoo(cells: &[Cell]) -> Option<Shmoo> {
    let presses = || cells.iter().filter(|cell| cell.key.group.kind == Kind::Press);
    let holds: BTreeSet<Seconds> = presses().filter_map(|cell| cell.key.hold_s).filter(|hold| *hold > Seconds::ZERO).collect();
    let holds: Vec<f64> = holds.into_iter().map(Seconds::get).collect();
    let columns = columns(&holds);
    if columns.is_empty() {
        return None;
    }
    let mut rows: BTreeMap<Group, Vec<Count>> = BTreeMap::new();
    for cell in presses() {
        let row = rows.entry(cell.key.group.clone()).or_insert_with(|| vec![Count::default(); columns.len()]);
        let at = cell.key.hold_s.and_then(|hold| columns.iter().position(|column| hold.get() <= column.to_s));
        let Some(count) = at.and_then(|at| row.get_mut(at)) else { continue };
        count.resets += cell.tally.resets();
        count.n += cell.tally.n();
        count.not_ready += cell.tally.of(Verdict::NotReady);
    }
    Some(Shmoo { columns, rows })
}

/// A column for each hold, or for holds near each other where there are many.
fn columns(holds: &[f64]) -> Vec<Column> {
    let (Some(&first), Some(&last)) = (holds.first(), holds.last()) else { return Vec::new() };
    if holds.len() <= COLUMNS_MAX {
        return holds.iter().map(|&hold| Column { from_s: hold, to_s: hold }).collect();
    }
    let width = (last / first).ln() / COLUMNS_MAX as f64;
    let mut columns: BTreeMap<usize, Column> = BTreeMap::new();
    for &hold in holds {
        let index = (((hold / first).ln() / width) as usize).min(COLUMNS_MAX - 1);
        columns.entry(index).or_insert(Column { from_s: hold, to_s: hold }).to_s = hold;
    }
    columns.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::analysis::testkit::{Bench, fold, press};
    use proptest::prelude::*;

    #[test]
    fn what_was_not_tried_has_no_count_and_what_was_never_ready_says_so() {
        let mut bench = Bench::new("r", &["a", "b"], &[5.0, 10.0], 2, 0).start();
        bench.trial(press("a", 5.0), Verdict::NoResponse);
        bench.trial(press("a", 10.0), Verdict::FactoryReset);
        bench.trial(press("b", 5.0), Verdict::NotReady);
        let analysis = Analysis::pool(vec![fold(&bench.events())]).unwrap();
        let shmoo = shmoo(&analysis.cells).unwrap();
        assert_eq!(shmoo.columns.iter().map(|column| column.to_s).collect::<Vec<_>>(), [5.0, 10.0]);
        let count = |resets, n, not_ready| Count { resets, n, not_ready };
        let rows: Vec<_> = shmoo.rows.into_values().collect();
        assert_eq!(rows, [vec![count(0, 1, 0), count(1, 1, 0)], vec![count(0, 0, 1), count(0, 0, 0)]]);
    }

    proptest! {
        #[test]
        fn every_hold_has_one_column_and_there_are_never_too_many(holds in prop::collection::btree_set(1_i64..600_000, 1..90)) {
            let holds: Vec<f64> = holds.into_iter().map(|milli| milli as f64 / 1000.0).collect();
            let columns = columns(&holds);
            prop_assert!(columns.len() <= COLUMNS_MAX);
            for hold in holds {
                let at = columns.iter().position(|column| hold <= column.to_s).unwrap();
                prop_assert!(columns[at].from_s <= hold);
            }
        }
    }
}
