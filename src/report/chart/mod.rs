//! The drawings of a report, as SVG. `docs/charts.md` says what each shows and how to read it.
//!
//! Colours are those of Okabe and Ito, which people with any common colour blindness can tell apart, and no meaning hangs on a colour alone:
//! shape, hatching or a word says it too, so that a grey print can be read.

mod axis;
mod boots;
mod canvas;
mod drift;
mod figure;
mod forest;
mod intervals;
mod panels;
mod search;
mod sharing;
mod sheet;
mod shmoo;
mod success;
#[cfg(test)]
mod tests;
mod timeline;

pub use canvas::themed;
pub use figure::{Figure, TrialKey, figures, timelines};
pub use panels::group_titles;
pub use success::success_by_hold;
