//! A drawing with what is said about it: the page, the files of a run and their pictures are made from one list.

use super::success_by_hold;
use crate::analysis::Analysis;

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

/// Every drawing that these runs have data for, in the order of the page.
pub fn figures(analysis: &Analysis) -> Vec<Figure> {
    vec![Figure {
        name: "success-by-hold".to_owned(),
        title: "Reset rate by hold".to_owned(),
        caption: "The share of factory resets among judged presses of each hold, for each adapter.".to_owned(),
        svg: success_by_hold(analysis),
    }]
}
