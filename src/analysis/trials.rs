//! The fold from events to trial rows.

use super::row::{OriginKind, RunFacts, TrialRow, Value, Values, Wiped};
use crate::domain::condition::{Condition, ReleasedBy};
use crate::domain::event::{Environment, Event, TrialStarted};
use crate::domain::ids::{Operator, RunId, Seq, SlotId};
use crate::domain::measurement::Measurement;
use crate::domain::observation::{Observation, Sense};
use crate::domain::step::Step;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Diagnosis, Fate, FaultKind, Level, Outcome};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Trials of one run so far. Conditions and names that repeat are stored once.
#[derive(Clone, Debug, Default)]
pub struct Trials {
    rows: Vec<TrialRow>,
    run: Option<Arc<RunFacts>>,
    run_id: Option<RunId>,
    opened_at: Timestamp,
    operator: Option<Arc<str>>,
    last_tick: Tick,
    open: Option<Open>,
    conditions: HashSet<Arc<Condition>>,
    first_faults: BTreeMap<SlotId, FaultKind>,
}

/// The attempt that is being run.
#[derive(Clone, Debug)]
struct Open {
    started: TrialStarted,
    condition: Arc<Condition>,
    at: Tick,
    seen: Seen,
}

/// What an attempt has shown so far.
#[derive(Clone, Debug, Default)]
struct Seen {
    values: Values,
    released_by: Option<ReleasedBy>,
    ack_by: Option<Sense>,
    level: Option<Level>,
    wiped: Wiped,
    canary_unread: bool,
    noticed: Option<bool>,
    /// The camera is prepared, and what counts has begun.
    proper: bool,
    /// Temperatures were read since.
    temperatures: bool,
    /// When the contact closed, as far as the hold was measured.
    contact: Option<Tick>,
}

impl Trials {
    /// Folds one event in. Events must be legal and in order, as a journal holds them; an event that belongs to no open trial is passed over.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) {
        match event {
            Event::JournalOpened(opened) => {
                self.run_id = Some(opened.run_id.clone());
                self.opened_at = opened.wall;
            }
            Event::RunStarted(started) => {
                self.operator = shared(started.operator.as_ref());
                self.run = Some(Arc::new(RunFacts { run_id: started.run_id.clone(), started: (**started).clone() }));
            }
            Event::RunResumed(resumed) => {
                // The crash came at or after the last line; its time is not known better.
                self.end(seq, self.last_tick, Outcome::Abandoned);
                self.operator = shared(resumed.operator.as_ref());
                self.opened_at = resumed.wall;
            }
            Event::TrialStarted(started) => self.begin(at, started),
            Event::TrialFinished(end) => self.end(seq, at, end.outcome),
            Event::TrialAbandoned(_) => self.end(seq, at, Outcome::Abandoned),
            _ => {
                if let Some(open) = &mut self.open {
                    open.seen.fold(event);
                }
            }
        }
        self.last_tick = at;
    }

    /// Passes over an event that is no part of a row: its time alone is kept.
    pub fn pass_over(&mut self, at: Tick) {
        self.last_tick = at;
    }

    /// The rows so far, in the order in which the trials ended.
    pub fn rows(&self) -> &[TrialRow] {
        &self.rows
    }

    /// The rows, without a copy.
    pub fn into_rows(self) -> Vec<TrialRow> {
        self.rows
    }

    /// Takes the row of the trial that ended last, for a fold that keeps no rows.
    pub fn take_last(&mut self) -> Option<TrialRow> {
        self.rows.pop()
    }

    /// The run's facts; `None` before `run_started`.
    pub fn run(&self) -> Option<&Arc<RunFacts>> {
        self.run.as_ref()
    }

    /// Whether a trial has begun and not ended.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    fn begin(&mut self, at: Tick, started: &TrialStarted) {
        let condition = match self.conditions.get(&started.slot.condition) {
            Some(known) => known.clone(),
            None => {
                let new = Arc::new(started.slot.condition.clone());
                self.conditions.insert(new.clone());
                new
            }
        };
        self.open = Some(Open { started: started.clone(), condition, at, seen: Seen::default() });
    }

    fn end(&mut self, seq: Seq, at: Tick, outcome: Outcome) {
        let (Some(open), Some(run)) = (self.open.take(), &self.run) else { return };
        let slot = open.started.slot.id;
        if let Outcome::Faulted(kind) = outcome {
            self.first_faults.entry(slot).or_insert(kind);
        }
        let judged = matches!(outcome, Outcome::Judged(_));
        self.rows.push(TrialRow {
            run: run.clone(),
            condition: open.condition,
            operator: self.operator.clone(),
            started_at: wall(self.opened_at, open.at),
            seq,
            took: at.since(open.at),
            slot,
            attempt: open.started.attempt,
            block: open.started.slot.block,
            origin: OriginKind::from(&open.started.slot.origin),
            outcome,
            level: open.seen.level.filter(|_| judged),
            released_by: open.seen.released_by,
            ack_by: open.seen.ack_by,
            wiped: open.seen.wiped,
            canary_unread: open.seen.canary_unread,
            first_fault: self.first_faults.get(&slot).copied(),
            noticed: open.seen.noticed.filter(|_| judged),
            only_prepared: !open.seen.proper,
            values: open.seen.values,
        });
    }
}

impl Seen {
    fn fold(&mut self, event: &Event) {
        match event {
            Event::StepStarted(started) if started.step == Step::Begin => {
                // What was measured while the camera was prepared is not the trial's, except for temperatures until there are newer ones.
                let mut values = Values::default();
                for which in [Value::Ambient, Value::Coil] {
                    values.set(which, self.values.get(which).unwrap_or(f64::NAN));
                }
                *self = Seen { values, proper: true, ..Seen::default() };
            }
            Event::StepFinished(end) => self.released_by = end.released_by.or(self.released_by),
            Event::Measured(measured) => self.measure(measured.at_us, &measured.measurement),
            Event::Observed(observed) => {
                if let Observation::Change { sense } = observed.observation {
                    self.ack_by = self.ack_by.or(Some(sense));
                }
            }
            Event::Environment(environment) => self.feel(environment),
            Event::Diagnosed(diagnosis) => self.judge(diagnosis),
            _ => {}
        }
    }

    /// The first value of a name stands: a boot during recovery is not the boot under test.
    fn measure(&mut self, at: Tick, measurement: &Measurement) {
        let Some(which) = Value::of_measurement(&measurement.name) else { return };
        // Both are measured at the end of what they measure.
        let began = at - Seconds::new(measurement.value);
        if which == Value::Hold && self.values.get(Value::Hold).is_none() {
            self.values.set(Value::HoldU, measurement.u.unwrap_or(f64::NAN));
            self.contact = Some(began);
        }
        if let (Value::Reboot, Some(contact)) = (which, self.contact.filter(|contact| *contact <= began)) {
            self.values.set_first(Value::PressToReboot, began.since(contact).get());
        }
        self.values.set_first(which, measurement.value);
    }

    /// Temperatures are those at the beginning of the trial proper, else the last before it.
    fn feel(&mut self, environment: &Environment) {
        if self.temperatures || (environment.ambient_c.is_none() && environment.coil_c.is_none()) {
            return;
        }
        for (which, value) in [(Value::Ambient, environment.ambient_c), (Value::Coil, environment.coil_c)] {
            if let Some(celsius) = value {
                self.values.set(which, celsius.get());
            }
        }
        self.temperatures = self.proper;
    }

    fn judge(&mut self, diagnosis: &Diagnosis) {
        self.level = Some(diagnosis.level);
        self.noticed = diagnosis.noticed;
        for (&category, &fate) in &diagnosis.canaries {
            match fate {
                Fate::Gone => self.wiped.add(category),
                Fate::NotObserved => self.canary_unread = true,
                Fate::Survived => {}
            }
        }
    }
}

fn shared(operator: Option<&Operator>) -> Option<Arc<str>> {
    operator.map(|name| Arc::from(name.as_str()))
}

/// Wall time of a tick. A clock that would leave the calendar stays at the session's start.
pub(super) fn wall(opened_at: Timestamp, at: Tick) -> Timestamp {
    let passed = SignedDuration::from_micros(i64::try_from(at.0).unwrap_or(i64::MAX));
    opened_at.checked_add(passed).unwrap_or(opened_at)
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Bench, fold, press, sham};
    use super::*;
    use crate::domain::condition::Origin;
    use crate::domain::event::{FinishReason, TrialAbandoned};
    use crate::domain::ids::Attempt;
    use crate::domain::measurement::names;
    use crate::domain::units::Celsius;
    use crate::domain::verdict::Verdict;

    fn rows(events: &[(Seq, Tick, Event)]) -> Vec<TrialRow> {
        fold(events).take_rows()
    }

    #[test]
    fn a_judged_press_gives_a_full_row() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.trial(press("oem", 10.0), Verdict::FactoryReset);
        let events = bench.finish(FinishReason::Complete);
        let rows = rows(&events);
        let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        assert_eq!(row.value(Value::Hold), Some(10.012));
        assert_eq!(row.value(Value::HoldU), Some(0.015));
        assert_eq!(row.value(Value::Boot), Some(95.0));
        assert_eq!(row.value(Value::Ambient), Some(21.5));
        assert_eq!(row.value(Value::Ack), None);
        assert_eq!((row.ack_by, row.released_by), (Some(Sense::Light), Some(ReleasedBy::Hold)));
        assert_eq!((row.wiped.words().as_str(), row.level), ("wifi+motion", Some(Level::Proved)));
        let end = events.iter().find(|(_, _, event)| matches!(event, Event::TrialFinished(_))).unwrap();
        assert_eq!(row.seq, end.0);
        assert_eq!(row.took.get(), 185.0);
    }

    #[test]
    fn what_was_measured_while_the_camera_was_prepared_is_not_the_trials() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.measure(names::BOOT, 80.0, None);
        bench.push(Event::Environment(Environment { coil_c: Some(Celsius::new(50.0)), ..Environment::default() }));
        bench.step(Step::Begin, None);
        bench.measure(names::BOOT, 97.0, None);
        bench.measure(names::BOOT, 60.0, None);
        bench.judge(Verdict::NoResponse, Level::Indicated);
        let row = &rows(&bench.events())[0];
        assert_eq!(row.value(Value::Boot), Some(97.0));
        // A temperature is not the camera's, so the last one before the trial proper stands until there is a newer one.
        assert_eq!(row.value(Value::Coil), Some(50.0));
    }

    #[test]
    fn a_crash_leaves_an_abandoned_row_and_the_next_session_has_its_own_time_and_operator() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.wait(40.0);
        bench.step(Step::Begin, None);
        bench.crash_and_resume("2026-11-25T06:00:00Z", "bob");
        bench.wait(5.0);
        bench.trial_at(Some(0), press("oem", 10.0), Verdict::FactoryReset, Level::Proved);
        let events = bench.finish(FinishReason::Complete);
        let rows = rows(&events);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].outcome, rows[0].attempt), (Outcome::Abandoned, Attempt(1)));
        assert_eq!((rows[0].operator.as_deref(), rows[1].operator.as_deref()), (Some("ada"), Some("bob")));
        assert_eq!(rows[0].took.get(), 40.0);
        assert_eq!(rows[1].started_at.to_string(), "2026-11-25T06:00:05Z");
        let resumed = events.iter().find(|(_, _, event)| matches!(event, Event::RunResumed(_))).unwrap();
        assert_eq!(rows[0].seq, resumed.0);
    }

    #[test]
    fn a_retry_does_not_hide_the_first_fault() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        for kind in [FaultKind::Timeout, FaultKind::Refused] {
            bench.begin(Some(0), press("oem", 10.0), Origin::Planned);
            bench.fault(kind, "no edge");
        }
        bench.trial_at(Some(0), press("oem", 10.0), Verdict::NoResponse, Level::Proved);
        bench.trial(sham("oem"), Verdict::NoResponse);
        let rows = rows(&bench.events());
        let seen: Vec<_> = rows.iter().map(|row| (row.fault(), row.first_fault)).collect();
        let first = Some(FaultKind::Timeout);
        assert_eq!(seen, [(first, first), (Some(FaultKind::Refused), first), (None, first), (None, None)]);
    }

    #[test]
    fn a_faulted_trial_has_no_level_and_a_given_up_one_is_abandoned() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        let slot = bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.push(Event::TrialAbandoned(TrialAbandoned { slot: slot.id, attempt: Attempt(1), reason: "stop".to_owned() }));
        let row = &rows(&bench.events())[0];
        assert_eq!((row.outcome, row.level, row.fault()), (Outcome::Abandoned, None, None));
    }

    #[test]
    fn conditions_that_repeat_are_stored_once() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 2, 0).start();
        bench.trial(press("oem", 10.0), Verdict::NoResponse);
        bench.trial(press("oem", 10.0), Verdict::NoResponse);
        let rows = rows(&bench.events());
        assert!(Arc::ptr_eq(&rows[0].condition, &rows[1].condition));
    }
}
