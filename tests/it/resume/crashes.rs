//! A power cut or a failing disk at every operation on the file system.

use super::{goes_on_as, tiny};
use crate::it::support::bench::Bench;
use crate::it::support::bench::journal;
use crate::it::support::results::{Judged, judged};
use pinhole::domain::event::FinishReason;
use pinhole::domain::ids::SlotId;
use pinhole::journal::MemoryStorage;
use pinhole::journal::memory::Trouble;
use std::collections::BTreeMap;

fn whole(bench: &Bench) -> (BTreeMap<SlotId, Judged>, u64) {
    assert_eq!(bench.begin().end.unwrap(), FinishReason::Complete);
    let operations = bench.storage.operations();
    assert!(operations > 100, "{operations}: journal and traces of two trials");
    (judged(bench), operations)
}

/// Runs into trouble and out of it: what survives is gone on with.
fn survives(bench: &Bench, trouble: Trouble, unsynced: usize, whole: &BTreeMap<SlotId, Judged>) {
    let what = format!("{trouble:?}, {unsynced} bytes that were not synced");
    let broken = bench.with(MemoryStorage::new());
    broken.storage.set_trouble(trouble);
    let session = broken.begin();
    assert!(session.end.is_err(), "{what}: the run went on without its journal");
    assert!(!session.truth.coil_on() && !session.truth.supply_on(), "{what}: it was not made safe");
    let after = broken.with(broken.storage.after_power_cut(unsynced));
    if after.storage.bytes(&journal()).is_none() {
        // Not even the name of the journal was on the disk: nothing had been energised, and the run is begun again.
        assert!(session.truth.trials().len() == 1, "{what}: a trial without a journal");
        return;
    }
    goes_on_as(&after, whole, &what);
}

#[test]
fn a_power_cut_at_every_operation_is_survived() {
    let bench = tiny("all");
    let (whole, operations) = whole(&bench);
    for at in 0..operations {
        // What had not been synced is lost, or there in part.
        survives(&bench, Trouble::Crash { at, done: false }, 0, &whole);
        survives(&bench, Trouble::Crash { at, done: true }, 100, &whole);
    }
}

#[test]
fn a_write_error_at_every_operation_is_survived() {
    let bench = tiny("none");
    let whole = judged_of(&bench);
    for at in 0..bench.storage.operations() {
        survives(&bench, Trouble::Error { at }, usize::MAX, &whole);
    }
}

fn judged_of(bench: &Bench) -> BTreeMap<SlotId, Judged> {
    assert_eq!(bench.begin().end.unwrap(), FinishReason::Complete);
    judged(bench)
}

#[test]
fn a_crash_while_going_on_is_survived() {
    let bench = tiny("all");
    let (whole, operations) = whole(&bench);
    let broken = bench.with(MemoryStorage::new());
    broken.storage.set_trouble(Trouble::Crash { at: operations / 2, done: false });
    assert!(broken.begin().end.is_err());
    let half = broken.storage.after_power_cut(30);
    for further in 0..14 {
        let again = bench.with(half.after_kill());
        again.storage.set_trouble(Trouble::Crash { at: again.storage.operations() + further, done: further % 2 == 0 });
        assert!(again.resume().end.is_err(), "operation {further} of the second session");
        goes_on_as(&bench.with(again.storage.after_power_cut(0)), &whole, &format!("operation {further} of the second session"));
    }
}
