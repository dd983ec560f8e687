//! Where a run stands: a fold over its events, and a line for each that a person should see.

use crate::analysis::row::{TrialRow, Value};
use crate::analysis::trials::Trials;
use crate::domain::condition::{Condition, Stimulus};
use crate::domain::event::{Asked, Event, FinishReason, How};
use crate::domain::ids::{AdapterName, Attempt, BlockNo, Seq, SlotId};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Outcome, Verdict};
use crate::report::words::{duration, number};
use std::collections::BTreeMap;

/// The attempt that is being run.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// Its adapter.
    pub adapter: AdapterName,
    /// What is done, in words: `press 10 s`.
    pub what: String,
    /// The step that is being done, or was done last.
    pub step: Option<String>,
    /// When the attempt began.
    pub since: Tick,
}

/// Counts of one adapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Presses that count in the reset rate.
    pub n: u32,
    /// Factory resets among them.
    pub resets: u32,
    /// Judged trials that do not count: inconclusive, not ready.
    pub unclear: u32,
    /// Attempts lost to faults or stops.
    pub lost: u32,
}

/// Where a run stands.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    planned: Option<u32>,
    tries: u32,
    trials: Trials,
    current: Option<Current>,
    block: Option<BlockNo>,
    adapters: BTreeMap<AdapterName, Counts>,
    faulted: BTreeMap<SlotId, u32>,
    settled: u32,
    spent: Seconds,
    paused: bool,
    stop: Option<How>,
}

impl Progress {
    /// Nothing yet of a run that has so many slots; `None` for a design that chooses as it goes.
    pub fn new(planned: Option<u32>) -> Self {
        Self { planned, tries: 1, ..Self::default() }
    }

    /// Folds one event in and gives the line that plain output shows for it.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) -> Option<String> {
        self.trials.apply(seq, at, event);
        let lost = self.current.take_if(|_| matches!(event, Event::RunResumed(_)));
        let ended = self.trials.take_last();
        if let Some(row) = &ended {
            self.count(row);
        }
        self.note(at, event);
        match (ended, event) {
            (Some(_), Event::RunResumed(_)) => Some(format!(
                "resumed; slot {} was lost to the crash and is done again",
                lost.map_or(0, |current| current.slot.0)
            )),
            (Some(row), _) => Some(self.finished(&row)),
            (None, event) => self.line(event),
        }
    }

    /// The attempt that is being run.
    pub fn current(&self) -> Option<&Current> {
        self.current.as_ref()
    }

    /// The block that is being run.
    pub fn block(&self) -> Option<BlockNo> {
        self.block
    }

    /// Counts by adapter.
    pub fn adapters(&self) -> &BTreeMap<AdapterName, Counts> {
        &self.adapters
    }

    /// Slots that are settled: judged, or lost after their attempts.
    pub fn settled(&self) -> u32 {
        self.settled
    }

    /// Slots of the whole run, where known.
    pub fn planned(&self) -> Option<u32> {
        self.planned
    }

    /// Whether the run is paused.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// The strongest stop that was asked for.
    pub fn stop(&self) -> Option<How> {
        self.stop
    }

    /// Bench time to the end: the mean time of a settled slot, lost attempts included, times the slots left, without what the open trial has
    /// used of it. `None` before the first settled slot, or where the number of slots is not known.
    pub fn eta(&self, now: Tick) -> Option<Seconds> {
        let left = self.planned?.saturating_sub(self.settled);
        if self.settled == 0 {
            return None;
        }
        let mean = self.spent.get() / f64::from(self.settled);
        let used = self.current.as_ref().map_or(0.0, |current| now.since(current.since).get().min(mean));
        Some(Seconds::new((mean * f64::from(left) - used).max(0.0)))
    }

    fn note(&mut self, at: Tick, event: &Event) {
        match event {
            Event::RunStarted(started) => self.tries = started.suite.design.attempts,
            Event::BlockStarted(started) => self.block = Some(started.block),
            Event::TrialStarted(started) => {
                let condition = &started.slot.condition;
                self.current = Some(Current {
                    slot: started.slot.id,
                    attempt: started.attempt,
                    adapter: condition.adapter.clone(),
                    what: what(condition),
                    step: None,
                    since: at,
                });
            }
            Event::StepStarted(started) => {
                if let Some(current) = &mut self.current {
                    current.step = Some(started.step.name().to_owned());
                }
            }
            Event::Paused(_) => self.paused = true,
            Event::Continued(_) => self.paused = false,
            Event::StopRequested(stop) => self.stop = self.stop.max(Some(stop.how)),
            Event::RunResumed(_) => (self.paused, self.stop) = (false, None),
            _ => {}
        }
    }

    fn count(&mut self, row: &TrialRow) {
        self.current = None;
        self.spent = self.spent + row.took;
        let counts = self.adapters.entry(row.condition.adapter.clone()).or_default();
        match row.outcome {
            Outcome::Judged(verdict) => {
                self.settled += 1;
                let press = matches!(row.condition.stimulus, Stimulus::Press { .. });
                counts.n += u32::from(press && verdict.counts_in_reset_rate());
                counts.resets += u32::from(press && verdict == Verdict::FactoryReset);
                counts.unclear += u32::from(matches!(verdict, Verdict::Inconclusive | Verdict::NotReady));
            }
            Outcome::Faulted(_) => {
                counts.lost += 1;
                let faults = self.faulted.entry(row.slot).or_default();
                *faults += 1;
                self.settled += u32::from(*faults == self.tries);
            }
            Outcome::Abandoned => counts.lost += 1,
        }
    }

    fn finished(&self, row: &TrialRow) -> String {
        let of = self.planned.map_or(String::new(), |planned| format!("/{planned}"));
        let again = if row.attempt.0 > 1 { format!(" attempt {}", row.attempt) } else { String::new() };
        let head = format!("[{}{of}] slot {}{again}: {} {}", self.settled, row.slot, row.condition.adapter, what(&row.condition));
        let ending = match row.outcome {
            Outcome::Judged(verdict) => {
                let level = row.level.map_or(String::new(), |level| format!(" ({})", level.name()));
                let held = row.value(Value::Hold).map_or(String::new(), |hold| format!(", held {hold:.3} s"));
                format!("{}{level}{held}", verdict.name())
            }
            Outcome::Faulted(kind) => format!("lost to a fault of the rig ({})", kind.name()),
            Outcome::Abandoned => "abandoned".to_owned(),
        };
        format!("{head}: {ending}, {}", duration(row.took.get()))
    }

    fn line(&self, event: &Event) -> Option<String> {
        Some(match event {
            Event::RunStarted(started) => {
                let slots = self.planned.map_or("slots chosen as it goes".to_owned(), |planned| format!("{planned} slots"));
                format!("run {} of {} on {}, {slots}", started.run_id, started.suite.name, started.dut_serial)
            }
            Event::RunResumed(_) => "resumed".to_owned(),
            Event::BlockStarted(started) => format!("block {}", started.block),
            Event::Faulted(fault) => format!("fault of the rig ({}): {fault}", fault.fault.name()),
            Event::Asked(asked) => question(asked),
            Event::Answered(answered) => format!("answer to question {}: {}", answered.question, answered.answer),
            Event::Paused(_) => "paused: no trial begins until the run goes on".to_owned(),
            Event::Continued(_) => "the run goes on".to_owned(),
            Event::StopRequested(stop) => match stop.how {
                How::AfterTrial => "stop requested: after this trial".to_owned(),
                How::FinishSafely => "stop requested: this trial is given up, the power goes off when it is safe".to_owned(),
                How::Now => "stop requested: at once, although the camera may be writing".to_owned(),
            },
            Event::RunFinished(finished) => format!("finished: {}", reason(finished.reason)),
            _ => return None,
        })
    }
}

/// What a condition does, in words.
fn what(condition: &Condition) -> String {
    let volts = condition.supply_v.map_or(String::new(), |volts| format!("at {volts} "));
    let action = match &condition.stimulus {
        Stimulus::Press { hold_s, .. } => format!("press {} s", number(hold_s.get())),
        Stimulus::Sham { .. } => "sham".to_owned(),
        Stimulus::UnpoweredPress { hold_s } => format!("unpowered press {} s", number(hold_s.get())),
        Stimulus::Check { .. } => "check".to_owned(),
    };
    format!("{volts}{action}")
}

fn question(asked: &Asked) -> String {
    let choices = if asked.choices.is_empty() { String::new() } else { format!(" [{}]", asked.choices.join(", ")) };
    format!("question {}: {}{choices}", asked.question, asked.text)
}

fn reason(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Complete => "complete",
        FinishReason::BudgetSpent => "the suite's budget is spent",
        FinishReason::UnitDead => "the unit is dead",
        FinishReason::UnitBudgetSpent => "the unit has suffered as much as its profile allows",
        FinishReason::Stopped => "stopped; the run can be resumed",
        FinishReason::RigFaulted => "the rig failed too often; the run can be resumed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testkit::{Bench, press};
    use crate::domain::condition::Origin;
    use crate::domain::event::{Empty, StopRequested};
    use crate::domain::step::Step;
    use crate::domain::verdict::{FaultKind, Level};

    fn played(events: &[(Seq, Tick, Event)], planned: Option<u32>) -> (Progress, Vec<String>) {
        let mut progress = Progress::new(planned);
        let lines = events.iter().filter_map(|(seq, at, event)| progress.apply(*seq, *at, event)).collect();
        (progress, lines)
    }

    #[test]
    fn the_open_trial_is_named_with_its_step() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 2, 0).start();
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.step(Step::Begin, None);
        let (progress, _) = played(&bench.events(), Some(2));
        let current = progress.current().unwrap();
        assert_eq!((current.what.as_str(), current.step.as_deref(), current.attempt), ("press 10 s", Some("begin"), Attempt(1)));
        assert_eq!((progress.settled(), progress.block()), (0, Some(BlockNo(0))));
    }

    #[test]
    fn the_time_left_is_learned_from_what_trials_took() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 4, 0).start();
        assert_eq!(played(&Bench::new("r", &["oem"], &[10.0], 4, 0).start().events(), Some(4)).0.eta(Tick(0)), None);
        bench.begin(Some(0), press("oem", 10.0), Origin::Planned);
        bench.wait(15.0);
        bench.fault(FaultKind::Timeout, "late");
        bench.trial_at(Some(0), press("oem", 10.0), Verdict::NoResponse, Level::Proved);
        let events = bench.events();
        let end = events.last().unwrap().1;
        // One slot took 15 s lost and 185 s judged; three are left.
        let (progress, _) = played(&events, Some(4));
        assert_eq!(progress.eta(end), Some(Seconds::new(600.0)));
        assert_eq!(played(&events, None).0.eta(end), None);
        assert_eq!(progress.adapters()[&"oem".into()], Counts { n: 1, resets: 0, unclear: 0, lost: 1 });
    }

    #[test]
    fn a_slot_lost_for_good_is_settled() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        for _ in 0..3 {
            bench.begin(Some(0), press("oem", 10.0), Origin::Planned);
            bench.fault(FaultKind::Timeout, "late");
        }
        assert_eq!(played(&bench.events(), Some(1)).0.settled(), 1);
    }

    #[test]
    fn pause_and_stop_are_shown_until_the_run_goes_on() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.push(Event::Paused(Empty {}));
        assert!(played(&bench.events(), None).0.paused());
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.push(Event::StopRequested(StopRequested { how: How::AfterTrial }));
        bench.push(Event::StopRequested(StopRequested { how: How::FinishSafely }));
        bench.push(Event::StopRequested(StopRequested { how: How::AfterTrial }));
        let (progress, lines) = played(&bench.events(), None);
        assert_eq!((progress.stop(), lines.len()), (Some(How::FinishSafely), 5));
    }
}
