//! The state of a run: the fold over its events, and the one judge of which event may follow which.

use super::condition::Slot;
use super::event::{Event, FinishReason, How, Measured, RunStarted, TrialStarted};
use super::exam::{Exam, OpenExam};
use super::ids::{Attempt, BlockNo, DutSerial, QuestionId, RunId, Seq, SlotId};
use super::measurement::names::{ACK, HOLD};
use super::step::{PROVISION, Step, StepEnd};
use super::suite::DesignKind;
use super::units::{Celsius, Seconds, Tick};
use super::verdict::{Outcome, Verdict};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const EARLIER: &str = "its time is earlier than that of the line before";

/// Why an event may not follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}` may not stand here: {why}")]
pub struct Illegal {
    /// The event's kind.
    pub kind: &'static str,
    /// What forbids it.
    pub why: String,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// No line yet.
    #[default]
    Empty,
    /// Opened, not started.
    Opened,
    /// Slots are run.
    Running,
    /// Between trials, waiting to go on.
    Paused,
    /// The session has ended.
    Finished(FinishReason),
}

/// The attempt that is being run.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenTrial {
    /// Its slot.
    pub slot: Slot,
    /// Which attempt.
    pub attempt: Attempt,
    /// Tick of its first line.
    pub started: Tick,
    /// The step that is being done.
    pub step: Option<&'static str>,
    /// The contact time that was measured since the trial proper began.
    pub hold_s: Option<Seconds>,
    /// From contact to the acknowledgement that was seen during it.
    pub ack_s: Option<Seconds>,
    /// Tick at which the trial proper began.
    pub proper: Option<Tick>,
    /// From there to the verdict.
    pub took: Option<Seconds>,
    /// Whether it has been judged.
    pub diagnosed: Option<Verdict>,
    /// The camera was brought out of its factory state after it was judged.
    pub provisioned: bool,
}

/// What is known of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotState {
    /// Attempts begun.
    pub attempts: u32,
    /// Attempts that were faulted: only these use up the slot's tries.
    pub faulted: u32,
    /// The outcome of the last attempt; `None` while it runs or after a crash.
    pub last: Option<Outcome>,
    /// What a further attempt must repeat; gone once judged, so that a long run stays small.
    pub begun: Option<Box<Begun>>,
}

/// What a further attempt at a slot must repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The slot.
    pub slot: Slot,
    /// Coil temperature at the beginning of its first attempt proper.
    pub coil_c: Option<Celsius>,
}

/// What a design may learn from a judged trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its slot.
    pub slot: Slot,
    /// The verdict.
    pub verdict: Verdict,
    /// The measured contact time of a press.
    pub hold_s: Option<Seconds>,
    /// From contact to the acknowledgement, where one was seen during it.
    pub ack_s: Option<Seconds>,
    /// From the beginning of the trial proper to its verdict. What comes before prepares the camera, and takes longer after a crash: a
    /// design that learned from it would go another way.
    pub took: Seconds,
}

impl SlotState {
    /// Settled when judged, or lost after its tries.
    pub fn settled(&self, tries: u32) -> bool {
        matches!(self.last, Some(Outcome::Judged(_))) || self.faulted >= tries
    }
}

/// The fold over a run's events.
#[derive(Clone, Debug, Default)]
pub struct RunState {
    /// Where the run stands.
    pub phase: Phase,
    /// The number of the next line.
    pub next_seq: u64,
    /// Tick of the last line of this session.
    pub last_tick: Tick,
    /// Wall time at tick 0 of this session.
    pub opened_at: Option<Timestamp>,
    /// Time spent in earlier sessions.
    pub earlier_s: Seconds,
    /// The run's identity.
    pub run_id: Option<RunId>,
    /// What is run.
    pub started: Option<Box<RunStarted>>,
    /// The block that is being run.
    pub block: Option<BlockNo>,
    /// The attempt that is being run.
    pub open: Option<OpenTrial>,
    /// Every slot that was begun.
    pub slots: BTreeMap<SlotId, SlotState>,
    /// Slots that were begun and are not judged: waiting for another attempt, or lost.
    pub unjudged: BTreeSet<SlotId>,
    /// Judged trials in order, for a design that learns from them; empty for a grid, which pays no heed to outcomes.
    pub judged: Vec<Judged>,
    /// Questions without an answer, by number.
    pub unanswered: BTreeMap<QuestionId, String>,
    /// Questions asked so far.
    pub questions: u32,
    /// The strongest stop that was asked for in this session.
    pub stop: Option<How>,
    /// Faults in a row without a judged trial between.
    pub faults_in_a_row: u32,
    /// Whether the camera may be in its factory state, or is in a state that nobody knows.
    pub needs_provisioning: bool,
    /// Factory resets, whole or in part, that the unit suffered in this run.
    pub resets: u32,
    /// A trial was judged `dead`.
    pub dead: bool,
    /// Power cuts inside a write window that the unit suffered in this run.
    pub power_cuts: u32,
    /// The last answer to each question, by its words: nothing is asked twice.
    pub answered: BTreeMap<String, String>,
    /// What each judged trial on a returned unit showed, in the order in which they ended; empty in other runs.
    pub exams: Vec<Exam>,
    exam: Option<OpenExam>,
}

impl RunState {
    /// Folds one event in. The event is refused, and nothing is changed, where it may not follow.
    ///
    /// # Errors
    /// [`Illegal`] with the reason.
    pub fn apply(&mut self, at: Tick, event: &Event) -> Result<Seq, Illegal> {
        self.check(at, event)?;
        self.fold(at, event);
        let seq = Seq(self.next_seq);
        self.next_seq += 1;
        Ok(seq)
    }

    /// Passes over a line of a kind that only later versions of the format know: it has its number and its time, and means nothing.
    ///
    /// # Errors
    /// [`Illegal`] at the beginning of a journal, or where its time is earlier than that of the line before.
    pub fn pass_over(&mut self, at: Tick) -> Result<Seq, Illegal> {
        let illegal = |why: &str| Err(Illegal { kind: "of a later version", why: why.to_owned() });
        if self.phase == Phase::Empty {
            return illegal("a journal begins with `journal_opened`");
        }
        if at < self.last_tick {
            return illegal(EARLIER);
        }
        self.last_tick = at;
        let seq = Seq(self.next_seq);
        self.next_seq += 1;
        Ok(seq)
    }

    /// Bench time of the run so far, over all sessions.
    pub fn bench_time(&self) -> Seconds {
        self.earlier_s + self.last_tick.since(Tick::ZERO)
    }

    /// The unit under test.
    pub fn dut_serial(&self) -> Option<&DutSerial> {
        self.started.as_ref().map(|started| &started.dut_serial)
    }

    /// The number that the next attempt at `slot` gets.
    pub fn next_attempt(&self, slot: SlotId) -> Attempt {
        Attempt(self.slots.get(&slot).map_or(1, |state| state.attempts + 1))
    }

    /// Whether the run's design learns from outcomes.
    fn learns(&self) -> bool {
        self.started.as_ref().is_some_and(|started| started.suite.design.kind != DesignKind::Grid)
    }

    fn fold(&mut self, at: Tick, event: &Event) {
        match event {
            Event::RunResumed(resumed) => {
                self.earlier_s = self.earlier_s + self.last_tick.since(Tick::ZERO);
                self.opened_at = Some(resumed.wall);
                self.lose_open_trial();
                // A run that ended before it had started is still to be started.
                self.phase = if self.started.is_some() { Phase::Running } else { Phase::Opened };
                self.stop = None;
                self.faults_in_a_row = 0;
                self.unanswered.clear();
                self.needs_provisioning = true;
            }
            Event::JournalOpened(opened) => {
                self.phase = Phase::Opened;
                self.run_id = Some(opened.run_id.clone());
                self.opened_at = Some(opened.wall);
                self.needs_provisioning = true;
            }
            Event::RunStarted(started) => {
                self.phase = Phase::Running;
                self.started = Some(started.clone());
            }
            Event::Paused(_) => self.phase = Phase::Paused,
            Event::Continued(_) => self.phase = Phase::Running,
            Event::StopRequested(stop) => self.stop = self.stop.max(Some(stop.how)),
            Event::RunFinished(finished) => self.phase = Phase::Finished(finished.reason),
            Event::BlockStarted(started) => self.block = Some(started.block),
            Event::Asked(asked) => {
                self.questions += 1;
                self.unanswered.insert(asked.question, asked.text.clone());
            }
            Event::Answered(answered) => {
                if let Some(text) = self.unanswered.remove(&answered.question) {
                    self.answered.insert(text, answered.answer.clone());
                }
            }
            _ => self.fold_trial(at, event),
        }
        self.last_tick = at;
    }

    fn fold_trial(&mut self, at: Tick, event: &Event) {
        self.fold_exam(at, event);
        if let Event::TrialStarted(started) = event {
            self.begin(at, started);
            return;
        }
        let Some(open) = &mut self.open else { return };
        match event {
            Event::StepStarted(started) => {
                open.step = Some(started.step.name());
                if started.step == Step::Begin {
                    (open.hold_s, open.ack_s, open.proper) = (None, None, Some(at));
                }
            }
            Event::Measured(Measured { measurement, .. }) if measurement.name == HOLD => {
                // The first value of a trial proper stands, as in its row.
                open.hold_s = open.hold_s.or(Some(Seconds::new(measurement.value)));
            }
            Event::Measured(Measured { measurement, .. }) if measurement.name == ACK => {
                open.ack_s = open.ack_s.or(Some(Seconds::new(measurement.value)));
            }
            Event::StepFinished(end) => {
                open.step = None;
                self.power_cuts += u32::from(end.power_cut);
                open.provisioned |= open.diagnosed.is_some() && end.step == PROVISION && end.end == StepEnd::Done;
            }
            Event::Environment(environment) => {
                let state = self.slots.get_mut(&open.slot.id);
                if let Some(begun) = state.and_then(|state| state.begun.as_mut()) {
                    begun.coil_c = begun.coil_c.or(environment.coil_c);
                }
            }
            Event::Diagnosed(diagnosis) => {
                open.diagnosed = Some(diagnosis.verdict);
                open.took = open.proper.map(|proper| at.since(proper));
            }
            Event::TrialFinished(end) => self.end(end.outcome),
            Event::TrialAbandoned(_) => self.end(Outcome::Abandoned),
            _ => {}
        }
    }

    fn begin(&mut self, at: Tick, started: &TrialStarted) {
        let state = self.slots.entry(started.slot.id).or_insert_with(|| SlotState {
            attempts: 0,
            faulted: 0,
            last: None,
            begun: Some(Box::new(Begun { slot: started.slot.clone(), coil_c: None })),
        });
        state.attempts += 1;
        state.last = None;
        self.unjudged.insert(started.slot.id);
        self.open = Some(OpenTrial {
            slot: started.slot.clone(),
            attempt: started.attempt,
            started: at,
            step: None,
            hold_s: None,
            ack_s: None,
            proper: None,
            took: None,
            diagnosed: None,
            provisioned: false,
        });
    }

    fn end(&mut self, outcome: Outcome) {
        let Some(open) = self.open.take() else { return };
        if let (Outcome::Judged(verdict), true) = (outcome, self.learns()) {
            let took = open.took.unwrap_or(Seconds::ZERO);
            self.judged.push(Judged { slot: open.slot.clone(), verdict, hold_s: open.hold_s, ack_s: open.ack_s, took });
        }
        if let Some(state) = self.slots.get_mut(&open.slot.id) {
            state.last = Some(outcome);
            state.faulted += u32::from(matches!(outcome, Outcome::Faulted(_)));
            if matches!(outcome, Outcome::Judged(_)) {
                state.begun = None;
                self.unjudged.remove(&open.slot.id);
            }
        }
        self.faults_in_a_row = match outcome {
            Outcome::Faulted(_) => self.faults_in_a_row + 1,
            Outcome::Judged(_) => 0,
            Outcome::Abandoned => self.faults_in_a_row,
        };
        let untouched = matches!(
            outcome,
            Outcome::Judged(Verdict::RebootOnly | Verdict::AcknowledgedOnly | Verdict::NoResponse | Verdict::Checked)
        );
        // A check asks nothing of the settings: what was unknown of them before is unknown after it.
        let checked = outcome == Outcome::Judged(Verdict::Checked);
        self.needs_provisioning = (!untouched && !open.provisioned) || (checked && self.needs_provisioning);
        self.resets += u32::from(matches!(outcome, Outcome::Judged(Verdict::FactoryReset | Verdict::PartialReset)));
        self.dead |= outcome == Outcome::Judged(Verdict::Dead);
    }

    fn fold_exam(&mut self, at: Tick, event: &Event) {
        match event {
            Event::TrialStarted(started) => {
                let run = self.started.as_ref().filter(|run| run.suite.rma.is_some());
                self.exam = run.map(|run| OpenExam::begin(at, started, &run.profile.supply));
            }
            Event::TrialFinished(_) => {
                let exam = self.exam.take().and_then(|exam| exam.end(at, Seq(self.next_seq)));
                self.exams.extend(exam);
            }
            Event::TrialAbandoned(_) => self.exam = None,
            event => {
                if let Some(exam) = &mut self.exam {
                    exam.see(event);
                }
            }
        }
    }

    /// A crash ended the open trial: it is done again, whole.
    fn lose_open_trial(&mut self) {
        self.exam = None;
        self.open = None;
    }
}
