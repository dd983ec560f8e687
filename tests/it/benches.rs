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
    files.set(WORLD, "camera.button.windows.0.threshold_s", 11.0).set(WORLD, "camera.button.windows.0.spread", 0.001);
    let (bench, reason) = run(&files);
    assert_eq!(reason, FinishReason::Complete);
    assert_eq!(faults(&bench), []);
    assert_eq!(verdicts(&bench), [(0.0, Verdict::NoResponse), (3.0, Verdict::NoResponse), (30.0, Verdict::FactoryReset)]);
    let rows = bench.analysis().rows;
    let reset = rows.iter().find(|row| row.outcome == Outcome::Judged(Verdict::FactoryReset)).unwrap();
    let ack: f64 = reset.value(Value::Ack).unwrap();
    assert!((10.9..11.35).contains(&ack), "11 s from power-on, as the hold counts, and not from contact: {ack}");
}

#[test]
fn a_press_that_waits_for_power_of_a_dead_adapter_in_vain_has_its_length_and_is_no_fault() {
    let mut files = files(&[2]);
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "clone-5v2a"]));
    files.set(DUT, "press.mode", "hold-then-power").set(WORLD, "camera.button.mode", "hold-then-power");
    files.set(WORLD, "adapters.clone-5v2a.open_v", 0.01);
    let (bench, reason) = run(&files);
    assert_eq!((reason, faults(&bench)), (FinishReason::Complete, vec![]));
    let rows = bench.analysis().rows;
    let held = |adapter: &str| {
        let pressed =
            rows.iter().find(|row| row.condition.adapter.as_str() == adapter && row.condition.stimulus.hold().is_some());
        pressed.and_then(|row| row.value(Value::Hold)).unwrap_or_else(|| panic!("{adapter} was pressed"))
    };
    for adapter in ["oem-5v1a", "clone-5v2a"] {
        assert!((1.9..2.1).contains(&held(adapter)), "{adapter}: {}", held(adapter));
    }
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
    let rows = bench.analysis().rows;
    let unpowered = rows.iter().find(|row| matches!(row.condition.stimulus, Stimulus::UnpoweredPress { .. })).unwrap().slot;
    let events = bench.events();
    let begun =
        events.iter().rposition(|(_, _, event)| matches!(event, Event::TrialStarted(begun) if begun.slot.id == unpowered));
    let mut lines = events[begun.unwrap()..].iter();
    let mut at = |wanted: &str| {
        let done = |event: &Event| matches!(event, Event::StepFinished(end) if end.step == wanted);
        lines.find(|(_, _, event)| done(event)).map(|(_, at, _)| *at).unwrap()
    };
    // The one after the press is that of the teardown.
    let pressed = at("watch");
    assert!(at("sit_out_write_window").since(pressed).get() < 1.0, "nothing to wait for");
}

#[test]
fn a_camera_that_does_not_start_where_it_is_prepared_is_not_ready_and_never_pressed() {
    let mut files = files(&[20]);
    // The known-good adapter is prepared with, and here it gives too little.
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["clone-5v2a", "oem-5v1a"]));
    files.set(WORLD, "adapters.oem-5v1a.open_v", 3.0);
    let (bench, _) = run(&files);
    let analysis = bench.analysis();
    assert!(!analysis.rows.is_empty());
    assert!(analysis.rows.iter().all(|row| row.outcome == Outcome::Judged(Verdict::NotReady)));
    assert!(
        !bench.events().iter().any(|(_, _, event)| matches!(event, Event::StepStarted(begun) if begun.step.name() == "press"))
    );
}

#[test]
fn a_wired_laboratory_supply_is_set_to_the_nominal_voltage_before_a_camera_is_called_dead() {
    let mut files = files(&[3]);
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["bench-psu"]));
    files.remove(RIG, "positions.0.selector").remove(RIG, "positions.0.channels").set(WORLD, "connected", "bench-psu");
    // Too little to start with: only at its nominal voltage does the camera show that it lives.
    files.set(QUICK, "factors.supply_v", toml_edit::Array::from_iter([4.0]));
    files.set(QUICK, "factors.press_after_s", toml_edit::Array::from_iter([5]));
    let (bench, reason) = run(&files);
    assert_eq!(reason, FinishReason::Complete, "{:?}", verdicts(&bench));
    assert!(verdicts(&bench).iter().all(|(_, verdict)| *verdict != Verdict::Dead), "{:?}", verdicts(&bench));
}

#[test]
fn a_person_who_sets_the_camera_up_is_waited_for_and_believed_only_by_the_signs() {
    let mut files = files(&[3, 30]);
    files.set(DUT, "provision.via", "operator").remove(DUT, "provision.exchanges");
    files.set(DUT, "provision.instruction", "Set the camera up with the app.");
    let (bench, reason) = run(&files);
    assert_eq!((reason, faults(&bench)), (FinishReason::Complete, vec![]));
    assert_eq!(verdicts(&bench), [(0.0, Verdict::NoResponse), (3.0, Verdict::NoResponse), (30.0, Verdict::FactoryReset)]);
}
