//! Benches and cameras that differ from the one of the fixtures: what is judged must be what the world did.

use super::support::bench::Bench;
use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use pinhole::analysis::row::Value;
use pinhole::domain::condition::Stimulus;
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::verdict::{FaultKind, Level, Outcome, Verdict};

/// One adapter, these holds, one replicate and one sham, short waits, and a camera that never misses a press.
fn files(holds: &[i64]) -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter(holds.iter().copied()));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "traces", "none");
    files.set(WORLD, "camera.button.lapse", 0.0).set(WORLD, "camera.button.acknowledged_only", 0.0);
    files
}

fn run(files: &Files) -> (Bench, FinishReason) {
    let bench = Bench::new(files.bundle(QUICK));
    let reason = bench.begin().end.unwrap();
    (bench, reason)
}

/// Commanded hold (0 for a sham) and verdict of each judged trial.
fn verdicts(bench: &Bench) -> Vec<(f64, Verdict)> {
    let rows = bench.analysis().rows;
    let mut found: Vec<(f64, Verdict)> = rows
        .iter()
        .filter_map(|row| match row.outcome {
            Outcome::Judged(verdict) => Some((row.condition.stimulus.hold().map_or(0.0, |hold| hold.get()), verdict)),
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

fn faults(bench: &Bench) -> Vec<(FaultKind, String)> {
    let events = bench.events();
    let faults = events.iter().filter_map(|(_, _, event)| match event {
        Event::Faulted(fault) => Some((fault.fault, fault.detail.clone())),
        _ => None,
    });
    faults.collect()
}

#[test]
fn the_boot_within_a_press_that_is_held_across_power_on_is_no_answer() {
    let mut files = files(&[3, 30]);
    files.set(DUT, "press.mode", "hold-then-power").set(WORLD, "camera.button.mode", "hold-then-power");
    let (bench, reason) = run(&files);
    assert_eq!(reason, FinishReason::Complete);
    assert_eq!(faults(&bench), []);
    assert_eq!(verdicts(&bench), [(0.0, Verdict::NoResponse), (3.0, Verdict::NoResponse), (30.0, Verdict::FactoryReset)]);
    let rows = bench.analysis().rows;
    let reset = rows.iter().find(|row| row.outcome == Outcome::Judged(Verdict::FactoryReset)).unwrap();
    let ack: f64 = reset.value(Value::Ack).unwrap();
    assert!(ack > 8.0, "the threshold lies near 11 s, and the boot's own text comes after one: {ack}");
}

#[test]
fn a_boot_that_goes_on_after_an_early_press_is_no_answer() {
    let mut files = files(&[3]);
    files.set(QUICK, "factors.press_after_s", toml_edit::Array::from_iter([0, 1]));
    let (bench, _) = run(&files);
    assert_eq!(faults(&bench), []);
    assert!(verdicts(&bench).iter().all(|(_, verdict)| *verdict == Verdict::NoResponse), "{:?}", verdicts(&bench));
}

#[test]
fn a_camera_that_nothing_can_set_up_is_judged_by_its_own_signal() {
    let mut files = files(&[3, 30]);
    files.set(DUT, "provision.via", "none").remove(DUT, "provision.exchanges").remove(DUT, "canaries");
    let (bench, reason) = run(&files);
    assert_eq!((reason, faults(&bench)), (FinishReason::Complete, vec![]));
    assert_eq!(verdicts(&bench), [(0.0, Verdict::NoResponse), (3.0, Verdict::NoResponse), (30.0, Verdict::FactoryReset)]);
    assert!(bench.analysis().rows.iter().all(|row| row.level == Some(Level::Suggested)));
}

#[test]
fn a_press_without_power_needs_no_write_window() {
    let mut files = files(&[20]);
    files.set(QUICK, "design.unpowered_per_adapter", 1).set(DUT, "press.write_window_s", 1000);
    let (bench, _) = run(&files);
    let events = bench.events();
    let begin = events.iter().rposition(|(_, _, event)| match event {
        Event::TrialStarted(started) => matches!(started.slot.condition.stimulus, Stimulus::UnpoweredPress { .. }),
        _ => false,
    });
    let begin = begin.unwrap();
    let sat = |event: &Event| matches!(event, Event::StepFinished(end) if end.step == "sit_out_write_window");
    let end = begin + events[begin..].iter().rposition(|(_, _, event)| matches!(event, Event::TrialFinished(_))).unwrap();
    let end = events[begin..=end].iter().position(|(_, _, event)| matches!(event, Event::TrialFinished(_))).unwrap() + begin;
    let last = events[begin..end].iter().rposition(|(_, _, event)| sat(event)).unwrap() + begin;
    assert_eq!(events[last].1, events[last - 1].1, "nothing to wait for");
}

#[test]
fn a_camera_that_does_not_start_where_it_is_prepared_says_nothing_about_the_adapter_under_test() {
    let mut files = files(&[20]);
    // The known-good adapter is prepared with, and here it gives too little.
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["clone-5v2a", "oem-5v1a"]));
    files.set(WORLD, "adapters.oem-5v1a.open_v", 3.0);
    let (bench, _) = run(&files);
    for row in bench.analysis().rows.iter().filter(|row| row.condition.adapter.as_str() == "clone-5v2a") {
        assert_eq!(row.outcome, Outcome::Faulted(FaultKind::Provisioning));
    }
    assert!(faults(&bench).iter().any(|(_, detail)| detail.contains("did not get ready on oem-5v1a")));
}

#[test]
fn a_wired_laboratory_supply_is_set_to_the_nominal_voltage_before_a_camera_is_called_dead() {
    let mut files = files(&[30]);
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["bench-psu"]));
    files.set(QUICK, "factors.supply_v", toml_edit::Array::from_iter([4.3]));
    files.remove(RIG, "positions.0.selector").remove(RIG, "positions.0.channels").set(WORLD, "connected", "bench-psu");
    // It runs at 4.3 V and does not start again there once it has browned out.
    files.set(WORLD, "camera.power.restart_v", 4.2).set(WORLD, "camera.power.lockout_v", 4.295);
    files.set(WORLD, "camera.load.erase_w", 6.0).set(WORLD, "camera.flash.brick", 0.0);
    let (bench, reason) = run(&files);
    assert_ne!(reason, FinishReason::UnitDead, "{:?}", verdicts(&bench));
}
