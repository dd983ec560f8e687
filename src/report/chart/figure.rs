//! A drawing with what is said about it: the page, the files of a run and their pictures are made from one list.

use super::boots::boot_times;
use super::drift::residuals;
use super::forest::forest;
use super::search::{holds_by_trial, precision};
use super::sharing::sharing;
use super::shmoo::shmoo_chart;
use super::success::success_by_hold;
use super::timeline::timeline;
use crate::analysis::Analysis;
use crate::analysis::timeline::TIMELINES_KEPT;
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
    let all = [
        (
            "success-by-hold",
            "Reset rate by hold",
            "The share of factory resets among judged presses of each hold, with the fitted response and how well it is known.",
            Some(success_by_hold(analysis)),
        ),
        (
            "shmoo",
            "What was tried, and how often it reset",
            "Each cell is one adapter (or voltage) and one hold: darker for more resets, hatched where nothing was judged.",
            shmoo_chart(analysis),
        ),
        (
            "thresholds",
            "The hold that a reset needs",
            "The holds at which 50, 95 and 99 of a hundred presses reset, with 95 % intervals.",
            forest(analysis),
        ),
        (
            "sharing",
            "What adapters tell of each other",
            "The hold that the suite asks for, of each adapter: with what its siblings tell, alone, and without any prior.",
            sharing(analysis),
        ),
        (
            "holds-by-trial",
            "How the holds were found",
            "Every press at its hold in the order of presses, and where the hold that is asked for was believed to lie.",
            holds_by_trial(analysis),
        ),
        (
            "precision",
            "How precisely the holds are known",
            "Half width of the interval over bench minutes, and how long the precision that is asked for would still take.",
            precision(analysis),
        ),
        (
            "boot-times",
            "How long the camera took",
            "From power-on to ready, from the press to the reboot, and from there to ready again, by adapter.",
            boot_times(analysis),
        ),
        (
            "residuals",
            "Fitted minus seen, over bench time",
            "Marks that wander to one side with the hours say that camera, button or bench changed while the run went on.",
            residuals(analysis),
        ),
    ];
    let figure = |(name, title, caption, svg): (&str, &str, &str, Option<Vec<u8>>)| {
        Some(Figure { name: name.to_owned(), title: title.to_owned(), caption: caption.to_owned(), svg: svg? })
    };
    all.into_iter().filter_map(figure).collect()
}

/// The timelines of failures and surprises, in the order of runs and trials: a bounded number of them, each of about
/// 20 kB at most.
pub fn timelines(analysis: &Analysis) -> Vec<(TrialKey, Figure)> {
    let several = analysis.runs.len() > 1;
    let of_run = |run| {
        let run: &crate::analysis::RunSummary = run;
        run.evidence.iter().filter_map(move |trial| {
            let key = TrialKey { run: run.facts.run_id.clone(), slot: trial.started.slot.id, attempt: trial.started.attempt };
            let (title, svg) = timeline(&run.facts.started.profile, trial)?;
            let place = format!("slot-{}-attempt-{}", key.slot, key.attempt);
            let name = if several { format!("{}-{place}", key.run) } else { place };
            let caption = "What the sensors told around the press; filled marks decided the verdict.".to_owned();
            Some((key, Figure { name, title, caption, svg }))
        })
    };
    analysis.runs.iter().flat_map(of_run).take(TIMELINES_KEPT).collect()
}
