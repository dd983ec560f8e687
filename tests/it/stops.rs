//! Stops: Ctrl-C once, twice, and SIGTERM; at every event of a run, and from outside the real program.

use super::support::bench::{Bench, Line};
use super::support::files::{Files, QUICK};
use super::support::program::{Done, Program, call, file};
use super::support::results::judged;
use super::support::watcher::{Blow, Watcher, check_journal};
use pinhole::domain::event::{Event, FinishReason, How};
use pinhole::domain::step::StepEnd;
use rustix::process::Signal;
use std::path::Path;

/// A press that resets and a sham, with short waits.
fn files() -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([14]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "traces", "none");
    files
}

/// Stops a fresh run when it has come to its event of this number. `None`: it ended before.
fn stopped(bench: &Bench, at: u64, how: How) -> Option<(Bench, Vec<Line>)> {
    let bench = bench.with(Default::default());
    let session = bench.begin_before(|truth| Watcher::new(&bench, truth, &[(at, Blow::Stop(how))]));
    let events = check_journal(&bench);
    // A stop in the last moments finds nothing left to be stopped.
    match session.end.unwrap() {
        FinishReason::Stopped => Some((bench, events)),
        reason => {
            assert_eq!(reason, FinishReason::Complete);
            None
        }
    }
}

fn finished(events: &[Line], step: &str) -> Option<usize> {
    let at = |(_, _, event): &Line| matches!(event, Event::StepFinished(end) if end.step == step && end.end == StepEnd::Done);
    events.iter().rposition(at)
}

fn position(events: &[Line], kind: &str) -> Option<usize> {
    events.iter().rposition(|(_, _, event)| event.kind() == kind)
}

/// Stops at every event, checks what each does, goes on, and compares with the run that was not stopped.
fn at_every_event(how: How, step: u64, check: impl Fn(&[Line], &str)) {
    let bench = Bench::new(files().bundle(QUICK));
    bench.begin().end.unwrap();
    let (whole, events) = (judged(&bench), bench.events().len() as u64);
    let mut stops = 0;
    for at in (0..events).step_by(step as usize) {
        let Some((bench, events)) = stopped(&bench, at, how) else { continue };
        stops += 1;
        check(&events, &format!("stopped ({how:?}) at event {at}"));
        let again = bench.with(bench.storage.after_kill());
        let session = again.resume_before(|truth| Watcher::new(&again, truth, &[]));
        assert_eq!(session.end.unwrap(), FinishReason::Complete, "stopped at event {at}");
        check_journal(&again);
        assert_eq!(judged(&again), whole, "stopped at event {at}");
    }
    assert!(stops * step * 10 > events * 8, "{stops} of {events} events");
}

#[test]
fn a_safe_stop_at_any_event_sits_the_write_window_out_and_loses_nothing() {
    at_every_event(How::FinishSafely, 1, |events, what| {
        let off = finished(events, "power_off");
        if let (Some(on), Some(off)) = (finished(events, "power_on"), off) {
            assert!(on < off, "{what}: the supply stayed on");
            let sat_out = events[on..off].iter().any(|(_, _, event)| {
                matches!(event, Event::StepFinished(end) if end.step == "sit_out_write_window" && end.end == StepEnd::Done)
            });
            assert!(sat_out, "{what}: the power went off before the write window was sat out");
        }
        let asked = position(events, "stop_requested").unwrap();
        let abandoned = position(events, "trial_abandoned").is_some_and(|at| at > asked);
        let judged = events[asked..].iter().any(|(_, _, event)| event.kind() == "diagnosed");
        let between = events[asked..].iter().all(|(_, _, event)| !event.kind().starts_with("step_"));
        let teardown = position(events, "diagnosed").is_some_and(|at| at < asked);
        assert!(abandoned || between || (teardown && !judged), "{what}: the trial was not given up");
    });
}

#[test]
fn a_stop_now_at_any_event_says_whether_it_cut_the_power_inside_the_write_window() {
    // The watcher holds every `power_off` against the write window.
    at_every_event(How::Now, 2, |events, what| {
        let (asked, last) = (position(events, "stop_requested").unwrap(), &events[events.len() - 1]);
        let waited = last.1.since(events[asked].1);
        assert!(waited.get() < 2.0, "{what}: it took {waited} to switch off");
    });
}

#[test]
fn a_stop_after_the_trial_gives_no_trial_up() {
    at_every_event(How::AfterTrial, 5, |events, what| {
        assert_eq!(position(events, "trial_abandoned"), None, "{what}");
        let asked = position(events, "stop_requested").unwrap();
        assert!(position(events, "trial_started").is_none_or(|at| at < asked), "{what}: a trial was begun after the stop");
    });
}

/// Starts the real program, which is held back by its full pipe, and stops it by signals in its first trial. A signal is sent
/// when the one before was answered on standard error.
fn signalled(dir: &Path, signals: &[(Signal, &str)]) -> Done {
    let mut files = files();
    // So long that whatever the program has run ahead to lies inside it.
    files.set(super::support::files::DUT, "press.write_window_s", 600.0);
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    let mut program = Program::start(&["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(program.until("\"step\":\"power_on\""), "the run ended before its first trial");
    for (signal, answer) in signals {
        program.signal(*signal);
        assert!(program.says(answer), "no answer like `{answer}` on standard error");
    }
    program.finish()
}

/// Goes on with a stopped run to its end.
fn goes_on(dir: &Path) {
    let run = dir.join("run");
    let verified = call(&["verify", run.to_str().unwrap()]);
    assert_eq!(verified.code, Some(0), "{}", verified.out);
    let done = call(&["resume", run.to_str().unwrap()]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert_eq!(file(&run, "trials.csv").matches(",judged,").count(), 2);
}

#[test]
fn one_signal_finishes_safely_and_can_be_resumed() {
    for signal in [Signal::INT, Signal::TERM] {
        let temp = tempfile::tempdir().unwrap();
        let done = signalled(temp.path(), &[(signal, "stopping: ")]);
        assert_eq!(done.code, Some(130), "{}", done.err);
        let journal = file(&temp.path().join("run"), "journal.jsonl");
        assert!(journal.contains("\"how\":\"finish_safely\"") && journal.contains("\"kind\":\"trial_abandoned\""));
        assert!(!journal.contains("\"power_cut\":true"), "{signal:?}");
        let last = |step: &str| {
            let done = format!("\"step\":\"{step}\",\"end\":\"done\"");
            journal.lines().enumerate().filter(|(_, line)| line.contains(&done)).map(|(at, _)| at).last().unwrap()
        };
        let (sat_out, off) = (last("sit_out_write_window"), last("power_off"));
        assert!(sat_out < off, "the power went off before the write window was sat out");
        goes_on(temp.path());
    }
}

#[test]
fn a_second_signal_cuts_the_power_and_says_so() {
    let temp = tempfile::tempdir().unwrap();
    let done = signalled(temp.path(), &[(Signal::INT, "stopping: "), (Signal::INT, "stopping at once")]);
    assert_eq!(done.code, Some(130), "{}", done.err);
    let journal = file(&temp.path().join("run"), "journal.jsonl");
    assert!(journal.contains("\"how\":\"now\"") && journal.contains("\"power_cut\":true"), "{journal}");
    goes_on(temp.path());
}
