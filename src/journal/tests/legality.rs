//! Which event may follow which. The writer refuses what may not, and writes nothing.

use super::*;
use crate::domain::event::{Empty, How, RunStarted, TrialStarted};
use crate::domain::ids::{BlockNo, RunId};
use crate::domain::observation::Observation;
use crate::domain::step::Step;
use crate::domain::verdict::FaultKind;

fn timed(events: Vec<Event>) -> Vec<(Tick, Event)> {
    events.into_iter().map(|event| (Tick(10), event)).collect()
}

fn running(more: Vec<Event>) -> Vec<Event> {
    let mut events = vec![samples::opened(), samples::started(), samples::block(0)];
    events.extend(more);
    events
}

/// The reason for which `event` may not follow `before`.
fn refusal(before: Vec<Event>, event: Event) -> String {
    let storage = MemoryStorage::new();
    let mut writer = create(storage.clone(), dir(), Traces::Off).unwrap();
    for (at, event) in timed(before.clone()) {
        writer.record(at, event).unwrap();
    }
    let state = format!("{:?}", writer.state());
    let error = writer.record(Tick(10), event.clone()).map(|_| ()).expect_err(event.kind());
    assert_eq!(format!("{:?}", writer.state()), state);
    // A refusal is no failure: what may follow still may.
    let next = if before.is_empty() { samples::opened() } else { samples::resumed() };
    let goes_on = writer.record(Tick(10), next).is_ok();
    drop(writer);
    assert_eq!(events(&storage).len(), before.len() + usize::from(goes_on));
    error.0
}

/// What came before, what may not follow, and a part of the reason.
type Row = (Vec<Event>, Event, &'static str);

fn check(table: Vec<Row>) {
    for (before, event, expected) in table {
        let kind = event.kind();
        let reason = refusal(before, event);
        assert!(reason.contains(expected), "`{kind}`: {reason}");
    }
}

#[test]
fn what_may_not_follow_between_trials_is_refused_with_its_reason() {
    let judged = || Outcome::Judged(Verdict::NoResponse);
    let no = Verdict::NoResponse;
    let paused = || running(vec![Event::Paused(Empty {})]);
    let complete = || running(vec![samples::end(FinishReason::Complete)]);
    let other_block = || {
        let mut slot = samples::slot(0);
        slot.block = BlockNo(1);
        Event::TrialStarted(TrialStarted { slot, attempt: crate::domain::ids::Attempt(1) })
    };
    let other_run = || {
        let started = RunStarted { run_id: RunId::from("another"), ..samples::run_started() };
        Event::RunStarted(Box::new(started))
    };
    check(vec![
        (vec![], samples::started(), "begins with `journal_opened`"),
        (vec![], samples::resumed(), "begins with `journal_opened`"),
        (vec![samples::opened()], samples::opened(), "opened once"),
        (vec![samples::opened()], samples::block(0), "has not started"),
        (vec![samples::opened()], samples::end(FinishReason::Complete), "has not started"),
        (vec![samples::opened()], other_run(), "another run"),
        (running(vec![]), samples::started(), "started once"),
        (running(vec![]), samples::opened(), "opened once"),
        (running(vec![]), samples::step(Step::PowerOn), "no trial is open"),
        (running(vec![]), samples::observed(0, Observation::Ready), "no trial is open"),
        (running(vec![]), samples::measured(1.0), "no trial is open"),
        (running(vec![]), samples::diagnosed(no), "no trial is open"),
        (running(vec![]), samples::finished(0, 1, judged()), "no trial is open"),
        (running(vec![]), samples::abandoned(0, 1), "no trial is open"),
        (running(vec![]), samples::trial(0, 2), "number 1"),
        (running(vec![]), other_block(), "block 1 was not begun"),
        (running(vec![]), samples::asked(1), "the next is 0"),
        (running(vec![]), samples::answered(0), "no such question"),
        (running(vec![]), Event::Continued(Empty {}), "not paused"),
        (running(vec![samples::asked(0), samples::answered(0)]), samples::answered(0), "no such question"),
        (running(vec![samples::asked(0), samples::resumed()]), samples::answered(0), "no such question"),
        (paused(), Event::Paused(Empty {}), "is paused"),
        (paused(), samples::trial(0, 1), "is paused"),
        (running(vec![samples::stop(How::AfterTrial)]), samples::trial(0, 1), "a stop was asked for"),
        (complete(), samples::resumed(), "has finished"),
        (complete(), samples::block(0), "has finished"),
        (running(vec![samples::end(FinishReason::UnitDead)]), samples::resumed(), "has finished"),
        (running(vec![samples::end(FinishReason::Stopped)]), samples::faulted(), "has finished"),
    ]);
}

#[test]
fn what_may_not_follow_in_a_trial_is_refused_with_its_reason() {
    let judged = || Outcome::Judged(Verdict::NoResponse);
    let no = Verdict::NoResponse;
    let open = || running(vec![samples::trial(0, 1)]);
    let stepping = || running(vec![samples::trial(0, 1), samples::step(Step::PowerOn)]);
    let ended = || running(vec![samples::trial(0, 1), samples::diagnosed(no), samples::finished(0, 1, judged())]);
    let other_slot = || {
        let mut slot = samples::slot(0);
        slot.condition.adapter = "another".into();
        Event::TrialStarted(TrialStarted { slot, attempt: crate::domain::ids::Attempt(2) })
    };
    let fault = || Outcome::Faulted(FaultKind::Timeout);
    check(vec![
        (open(), samples::trial(1, 1), "a trial is open"),
        (open(), samples::block(1), "a trial is open"),
        (open(), samples::end(FinishReason::Complete), "a trial is open"),
        (open(), samples::step_end("power_on"), "was not begun"),
        (open(), samples::finished(0, 2, fault()), "another trial"),
        (open(), samples::finished(1, 1, fault()), "another trial"),
        (open(), samples::abandoned(1, 1), "another trial"),
        (open(), samples::finished(0, 1, judged()), "was not judged"),
        (open(), samples::finished(0, 1, Outcome::Abandoned), "`trial_abandoned`"),
        (stepping(), samples::step(Step::Begin), "`power_on` has not ended"),
        (stepping(), samples::step_end("press"), "was not begun"),
        (
            running(vec![samples::trial(0, 1), samples::diagnosed(no)]),
            samples::finished(0, 1, Outcome::Judged(Verdict::Dead)),
            "was judged `no_response`",
        ),
        (running(vec![samples::trial(0, 1), samples::diagnosed(no)]), samples::diagnosed(no), "judged before"),
        (
            running(vec![samples::trial(0, 1), samples::step(Step::PowerOn), samples::diagnosed(no)]),
            samples::finished(0, 1, judged()),
            "a step has not ended",
        ),
        (ended(), samples::trial(0, 2), "judged before"),
        (ended(), samples::trial(0, 1), "number 2"),
        (running(vec![samples::trial(0, 1), samples::abandoned(0, 1)]), other_slot(), "something else before"),
        (running(vec![samples::trial(0, 1), samples::resumed()]), samples::measured(1.0), "no trial is open"),
    ]);
}

#[test]
fn a_time_that_goes_back_is_refused_within_a_session() {
    let mut writer = create(MemoryStorage::new(), dir(), Traces::Off).unwrap();
    writer.record(Tick(10), samples::opened()).unwrap();
    writer.record(Tick(10), samples::started()).unwrap();
    assert!(writer.record(Tick(9), samples::block(0)).unwrap_err().0.contains("earlier"));
    writer.record(Tick(0), samples::resumed()).unwrap();
    writer.record(Tick(9), samples::block(0)).unwrap();
}

#[test]
fn a_trial_that_a_crash_ended_is_redone_whole_and_uses_up_no_try() {
    let state = state_after(&timed(running(vec![
        samples::trial(0, 1),
        samples::step(Step::PowerOn),
        samples::diagnosed(Verdict::NoResponse),
        samples::resumed(),
    ])));
    assert_eq!(state.open, None);
    assert_eq!(state.block, Some(BlockNo(0)));
    let slot = &state.slots[&samples::slot(0).id];
    assert_eq!((slot.attempts, slot.faulted, slot.last, slot.settled(3)), (1, 0, None, false));
    assert!(state.needs_provisioning, "nobody knows what the press did");
    let mut state = state;
    let again = [
        samples::trial(0, 2),
        samples::diagnosed(Verdict::RebootOnly),
        samples::finished(0, 2, Outcome::Judged(Verdict::RebootOnly)),
    ];
    for event in again {
        state.apply(Tick(20), &event).unwrap();
    }
    assert!(state.slots[&samples::slot(0).id].settled(3));
}

#[test]
fn a_pause_in_a_trial_lets_it_end_and_begins_no_other() {
    let fault = Outcome::Faulted(FaultKind::Timeout);
    let mut state =
        state_after(&timed(running(vec![samples::trial(0, 1), Event::Paused(Empty {}), samples::finished(0, 1, fault)])));
    assert!(state.apply(Tick(20), &samples::trial(0, 2)).is_err());
    state.apply(Tick(20), &Event::Continued(Empty {})).unwrap();
    state.apply(Tick(20), &samples::trial(0, 2)).unwrap();
}

#[test]
fn a_session_that_ended_paused_or_stopped_goes_on_running() {
    for last in [
        vec![Event::Paused(Empty {})],
        vec![samples::stop(How::Now)],
        vec![samples::stop(How::AfterTrial), samples::end(FinishReason::Stopped)],
    ] {
        let mut events = running(last);
        events.extend([samples::resumed(), samples::trial(0, 1)]);
        let state = state_after(&timed(events));
        assert_eq!((state.phase, state.stop), (Phase::Running, None));
    }
}

#[test]
fn the_strongest_stop_counts() {
    let state = state_after(&timed(running(vec![samples::stop(How::Now), samples::stop(How::AfterTrial)])));
    assert_eq!(state.stop, Some(How::Now));
}

#[test]
fn a_fault_outside_of_a_trial_is_recorded_and_touches_no_slot() {
    let state = state_after(&timed(vec![
        samples::opened(),
        samples::faulted(),
        samples::end(FinishReason::RigFaulted),
        samples::resumed(),
        samples::started(),
        samples::block(0),
        samples::faulted(),
    ]));
    assert_eq!((state.phase, state.slots.len(), state.faults_in_a_row), (Phase::Running, 0, 0));
}

#[test]
fn bench_time_adds_up_over_sessions() {
    let at = |s: u64, event| (Tick(s * 1_000_000), event);
    let state = state_after(&[
        at(0, samples::opened()),
        at(1, samples::started()),
        at(100, samples::block(0)),
        at(0, samples::resumed()),
        at(20, samples::block(1)),
    ]);
    assert_eq!(state.bench_time(), Seconds::new(120.0));
}

#[test]
fn a_number_that_json_cannot_hold_is_refused() {
    let mut writer = create(MemoryStorage::new(), dir(), Traces::Off).unwrap();
    for event in running(vec![samples::trial(0, 1)]) {
        writer.record(Tick(10), event).unwrap();
    }
    for value in [f64::NAN, f64::INFINITY] {
        assert!(writer.record(Tick(10), samples::measured(value)).is_err());
    }
    let endless = samples::step(Step::RestCoil { longest_s: Seconds::from_micro(i64::MAX) });
    assert!(writer.record(Tick(10), endless).is_err());
    writer.record(Tick(10), samples::measured(0.1 + 0.2)).unwrap();
}

#[test]
fn a_format_that_is_not_ours_is_not_written() {
    let mut writer = create(MemoryStorage::new(), dir(), Traces::Off).unwrap();
    let Event::JournalOpened(mut opened) = samples::opened() else { unreachable!() };
    opened.format = "1.1".to_owned();
    assert!(writer.record(Tick(0), Event::JournalOpened(opened)).is_err());
    writer.record(Tick(0), samples::opened()).unwrap();
}
