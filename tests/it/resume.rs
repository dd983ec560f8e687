//! A run that is broken off anywhere and gone on with finds the same as one that was not: the same slots, each judged once, with the same
//! verdict and the same measured hold.

mod chosen;
mod crashes;
mod cuts;
mod kills;

use super::support::bench::{Bench, dir};
use super::support::files::{Files, QUICK};
use super::support::results::{Judged, judged};
use pinhole::domain::event::FinishReason;
use pinhole::domain::ids::SlotId;
use pinhole::domain::run_state::Phase;
use pinhole::journal::read_state;
use std::collections::BTreeMap;

/// Two trials with short waits: one press that resets and one that does not.
fn tiny(traces: &str) -> Bench {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([2, 14]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "design.shams_per_adapter", 0);
    files.set(QUICK, "traces", traces);
    Bench::new(files.bundle(QUICK))
}

/// Goes on with what is left of a run until it is complete, and holds it against the run that was not broken off.
fn goes_on_as(bench: &Bench, whole: &BTreeMap<SlotId, Judged>, what: &str) {
    let phase = read_state(bench.storage.clone(), &dir()).unwrap().state.phase;
    // The last line may have reached the disk although nobody learned of it.
    if phase != Phase::Finished(FinishReason::Complete) {
        let end = bench.resume().end.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        assert_eq!(end, FinishReason::Complete, "{what}");
    }
    assert_eq!(judged(bench), *whole, "{what}");
    let found = bench.verify();
    assert!(found.intact() && found.finished(), "{what}: {found:?}");
}
