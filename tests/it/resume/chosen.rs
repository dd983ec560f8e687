//! Designs whose next press follows from the outcomes before it: broken off, they go the way that they would have gone.

use super::super::support::bench::Bench;
use super::super::support::files::Files;
use super::super::support::results::judged;
use super::goes_on_as;
use pinhole::domain::condition::Origin;
use pinhole::domain::event::{Event, FinishReason};

const ADAPTIVE: &str = "suites/adaptive.toml";
const GO_NO_GO: &str = "suites/go-no-go.toml";

/// So many cuts are gone on with to the end of the run.
const CUTS: usize = 3;

fn cut_here_and_there(bench: &Bench) {
    let (bytes, whole) = (bench.journal(), judged(bench));
    for cut in 1..=CUTS {
        let at = bytes.len() * cut / (CUTS + 1);
        goes_on_as(&bench.with_journal(&bytes[..at]), &whole, &format!("cut at {at}"));
    }
}

#[test]
fn an_adaptive_run_goes_on_as_if_it_had_not_been_broken_off() {
    let mut files = Files::brisk();
    files.set(ADAPTIVE, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "clone-5v2a"]));
    files.set(ADAPTIVE, "design.rel_half_width", 0.9).set(ADAPTIVE, "design.shams_per_adapter", 1);
    // Probes come in time although the camera's answer ends the search soon.
    files.set(ADAPTIVE, "design.probe_every", 4);
    files.set(ADAPTIVE, "traces", "none");
    let bench = Bench::new(files.bundle(ADAPTIVE));
    assert_eq!(bench.begin().end.unwrap(), FinishReason::Complete);
    let slots = bench.events().into_iter().filter_map(|(_, _, event)| match event {
        Event::TrialStarted(started) => Some(started.slot),
        _ => None,
    });
    let slots: Vec<_> = slots.collect();
    assert!(slots.iter().any(|slot| matches!(slot.origin, Origin::Chosen(_))));
    assert!(slots.iter().any(|slot| slot.origin == Origin::Probe));
    assert_eq!(slots.iter().filter(|slot| slot.origin == Origin::Sham).count(), 2);
    let cells = bench.analysis().cells;
    assert!(cells.iter().filter(|cell| cell.key.hold_s.is_some()).all(|cell| cell.adaptive), "chosen holds are marked");
    cut_here_and_there(&bench);
}

#[test]
fn a_go_no_go_run_goes_on_as_if_it_had_not_been_broken_off() {
    let mut files = Files::brisk();
    files.set(GO_NO_GO, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "long-cable"]));
    files.set(GO_NO_GO, "traces", "none");
    let bench = Bench::new(files.bundle(GO_NO_GO));
    assert_eq!(bench.begin().end.unwrap(), FinishReason::Complete);
    let count = |adapter: &str| judged(&bench).values().filter(|slot| slot.condition.adapter.as_str() == adapter).count();
    assert!(count("oem-5v1a") > 5 && count("long-cable") > 1);
    assert!(count("long-cable") < count("oem-5v1a"), "a bad one is found out sooner");
    cut_here_and_there(&bench);
}
