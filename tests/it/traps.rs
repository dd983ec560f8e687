//! One test a trap of real cameras, adapters and buttons: the twin plays it, which the truth shows, and no verdict is wrong.
//!
//! What the twin does by itself is tested beside it (`src/drivers/twin/tests`), what the decoders make of a signal beside them
//! (`src/judging`). Here both meet.

mod bench;
mod camera;
mod console;
mod power;

use super::support::bench::Bench;
use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use pinhole::domain::event::Event;
use pinhole::domain::step::Step;
use pinhole::domain::verdict::{Diagnosis, Outcome, Verdict};
use pinhole::drivers::twin::TrialTruth;

/// A judged trial beside what happened in it.
struct Told {
    judged: Diagnosis,
    true_verdict: Verdict,
    truth: TrialTruth,
}

impl Told {
    fn is(&self, verdict: Verdict) -> bool {
        self.judged.verdict == verdict
    }

    fn says(&self, words: &str) -> bool {
        self.judged.reasons.iter().any(|reason| reason.contains(words))
    }
}

/// The indoor camera on a good adapter, with short waits, presses of 3 and 20 s, and nothing left to chance.
fn files() -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([3, 20]));
    files.set(QUICK, "design.replicates", 2).set(QUICK, "design.shams_per_adapter", 1).set(QUICK, "traces", "none");
    files.set(WORLD, "camera.button.lapse", 0.0).set(WORLD, "camera.button.acknowledged_only", 0.0);
    files.set(WORLD, "camera.flash.brick", 0.0).remove(WORLD, "camera.flash.survive");
    files
}

/// A port of the twin that the usual rig has not.
fn plug_in(files: &mut Files, port: &str) {
    let mut driver = toml_edit::InlineTable::new();
    driver.insert("driver", "twin".into());
    files.set(RIG, &format!("positions.0.{port}"), driver);
}

/// Runs it. Every verdict must be true, or leave it open.
fn told(files: &Files) -> Vec<Told> {
    let bench = Bench::new(files.bundle(QUICK));
    let session = bench.begin();
    session.end.unwrap();
    let (mut open, mut began, mut judged, mut all) = (None, None, None, Vec::new());
    for (_, at, event) in bench.events() {
        match event {
            Event::TrialStarted(trial) => (open, began, judged) = (Some((trial.slot.id, trial.attempt)), None, None),
            Event::StepStarted(started) if matches!(started.step, Step::Press { .. } | Step::Sham { .. }) => began = Some(at),
            Event::Diagnosed(diagnosis) => judged = Some((at, diagnosis)),
            Event::TrialFinished(end) if matches!(end.outcome, Outcome::Judged(_)) => {
                let ((slot, attempt), (at, judged)) = (open.unwrap(), judged.take().unwrap());
                let truth = session.truth.trial(slot, attempt).unwrap();
                let true_verdict = truth.verdict(began, at);
                let right = judged.verdict == true_verdict || judged.verdict == Verdict::Inconclusive;
                assert!(right, "slot {slot}: {:?}, true is {true_verdict:?}: {:#?}\n{truth:#?}", judged.verdict, judged.reasons);
                all.push(Told { judged, true_verdict, truth });
            }
            _ => {}
        }
    }
    all
}

/// A world in which `shows` holds of some trial, and no verdict is wrong or open.
#[track_caller]
fn fools_nobody(files: &Files, shows: impl Fn(&TrialTruth) -> bool) -> Vec<Told> {
    let all = told(files);
    assert!(all.iter().any(|told| shows(&told.truth)), "the trap was not played: {:#?}", all[0].truth);
    let open = all.iter().find(|told| told.is(Verdict::Inconclusive) && told.true_verdict != Verdict::Inconclusive);
    assert!(open.is_none(), "{:#?}", open.map(|told| &told.judged));
    all
}

/// How many have this verdict.
fn count(all: &[Told], verdict: Verdict) -> usize {
    all.iter().filter(|told| told.is(verdict)).count()
}
