//! Where a run stands: a fold over its events, and a line for each that a person should see.

use super::ending::Ending;
use super::line::{Ink, Line};
use super::pace::Pace;
use super::say::{ended, said, what};
use crate::analysis::row::TrialRow;
use crate::analysis::trials::Trials;
use crate::domain::condition::{Condition, Stimulus};
use crate::domain::event::{Event, How};
use crate::domain::ids::{AdapterName, Attempt, BlockNo, Seq, SlotId};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;

/// The attempt that is being run.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// What is tried.
    pub condition: Condition,
    /// When the attempt began.
    pub since: Tick,
    /// The step that is being done or was done last, and when it began.
    pub step: Option<(String, Tick)>,
}

impl Current {
    /// What is done, in words: `press 10 s`.
    pub fn what(&self) -> String {
        what(&self.condition)
    }
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
    title: String,
    current: Option<Current>,
    last: Option<Ending>,
    block: Option<BlockNo>,
    adapters: Vec<(AdapterName, Counts)>,
    faulted: BTreeMap<SlotId, u32>,
    settled: u32,
    pace: Pace,
    paused: bool,
    stop: Option<How>,
}

impl Progress {
    /// Nothing yet of a run with this plan: each slot's condition and the time it is expected to take. `None` for a design that chooses as
    /// it goes.
    pub fn new(plan: Option<&[(Condition, Seconds)]>) -> Self {
        let planned = plan.map(|plan| u32::try_from(plan.len()).unwrap_or(u32::MAX));
        Self { planned, tries: 1, pace: Pace::new(plan.unwrap_or_default()), ..Self::default() }
    }

    /// Folds one event in and gives the line that plain output shows for it.
    pub fn apply(&mut self, seq: Seq, at: Tick, event: &Event) -> Option<Line> {
        self.trials.apply(seq, at, event);
        let lost = self.current.take_if(|_| matches!(event, Event::RunResumed(_)));
        let row = self.trials.take_last();
        if let Some(row) = &row {
            self.count(row);
        }
        self.note(at, event);
        match (row, event) {
            (Some(_), Event::RunResumed(_)) => {
                let slot = lost.map_or(0, |current| current.slot.0);
                Some(Line::of(Ink::Plain, format!("resumed; slot {slot} was lost to the crash and is done again")))
            }
            (Some(row), _) => Some(ended(&Ending::of(&row), self.settled, self.planned)),
            (None, event) => said(event, self.planned),
        }
    }

    /// The suite and the unit; empty until the run has started.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The attempt that is being run.
    pub fn current(&self) -> Option<&Current> {
        self.current.as_ref()
    }

    /// The attempt that ended last.
    pub fn last(&self) -> Option<&Ending> {
        self.last.as_ref()
    }

    /// The block that is being run.
    pub fn block(&self) -> Option<BlockNo> {
        self.block
    }

    /// Counts by adapter, in the order of the suite.
    pub fn adapters(&self) -> &[(AdapterName, Counts)] {
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

    /// Bench time to the end, by what the plan expects of the slots left and what trials took so far. `None` where the number of slots is not
    /// known.
    pub fn eta(&self, now: Tick) -> Option<Seconds> {
        self.planned?;
        let under_way = self.current.as_ref().map(|current| (&current.condition, now.since(current.since)));
        Some(self.pace.left(under_way))
    }

    fn note(&mut self, at: Tick, event: &Event) {
        match event {
            Event::RunStarted(started) => {
                self.tries = started.suite.design.attempts;
                self.title = format!("{}, unit {}", started.suite.name, started.dut_serial);
                self.adapters = started.adapters.iter().map(|adapter| (adapter.name.clone(), Counts::default())).collect();
            }
            Event::BlockStarted(started) => self.block = Some(started.block),
            Event::TrialStarted(started) => {
                self.current = Some(Current {
                    slot: started.slot.id,
                    attempt: started.attempt,
                    condition: started.slot.condition.clone(),
                    since: at,
                    step: None,
                });
            }
            Event::StepStarted(started) => {
                if let Some(current) = &mut self.current {
                    current.step = Some((started.step.name().to_owned(), at));
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
        self.last = Some(Ending::of(row));
        let name = &row.condition.adapter;
        let place = self.adapters.iter().position(|(adapter, _)| adapter == name);
        let place = place.unwrap_or_else(|| {
            self.adapters.push((name.clone(), Counts::default()));
            self.adapters.len() - 1
        });
        let counts = &mut self.adapters[place].1;
        let settled = match row.outcome {
            Outcome::Judged(verdict) => {
                let press = matches!(row.condition.stimulus, Stimulus::Press { .. });
                counts.n += u32::from(press && verdict.counts_in_reset_rate());
                counts.resets += u32::from(press && verdict == Verdict::FactoryReset);
                counts.unclear += u32::from(matches!(verdict, Verdict::Inconclusive | Verdict::NotReady));
                true
            }
            Outcome::Faulted(_) => {
                counts.lost += 1;
                let faults = self.faulted.entry(row.slot).or_default();
                *faults += 1;
                *faults == self.tries
            }
            Outcome::Abandoned => {
                counts.lost += 1;
                false
            }
        };
        if settled {
            self.settled += 1;
            self.pace.settle(row.slot, &row.condition, row.took);
        } else {
            self.pace.lose(row.slot, row.took);
        }
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

    /// A plan of presses of 10 s that are expected to take 100 s each.
    fn plan(slots: usize) -> Vec<(Condition, Seconds)> {
        vec![(press("oem", 10.0), Seconds::new(100.0)); slots]
    }

    fn played(events: &[(Seq, Tick, Event)], slots: Option<usize>) -> (Progress, Vec<String>) {
        let plan = slots.map(plan);
        let mut progress = Progress::new(plan.as_deref());
        let lines =
            events.iter().filter_map(|(seq, at, event)| progress.apply(*seq, *at, event)).map(|line| line.text()).collect();
        (progress, lines)
    }

    #[test]
    fn the_open_trial_is_named_with_its_step() {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 2, 0).start();
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.step(Step::Begin, None);
        let (progress, _) = played(&bench.events(), Some(2));
        let current = progress.current().unwrap();
        let step = current.step.as_ref().map(|(step, _)| step.as_str());
        assert_eq!((current.what().as_str(), step, current.attempt), ("press 10 s", Some("begin"), Attempt(1)));
        assert_eq!((progress.settled(), progress.block()), (0, Some(BlockNo(0))));
    }

    #[test]
    fn the_time_left_is_learned_from_what_trials_took() {
        let before = Bench::new("r", &["oem"], &[10.0], 4, 0).start().events();
        assert_eq!(played(&before, Some(4)).0.eta(Tick(0)), Some(Seconds::new(400.0)));
        let mut bench = Bench::new("r", &["oem"], &[10.0], 4, 0).start();
        bench.begin(Some(0), press("oem", 10.0), Origin::Planned);
        bench.wait(15.0);
        bench.fault(FaultKind::Timeout, "late");
        bench.trial_at(Some(0), press("oem", 10.0), Verdict::NoResponse, Level::Proved);
        let events = bench.events();
        let end = events.last().unwrap().1;
        // One slot took 200 s where 100 s were planned; three are left, and the truth lies between.
        let (progress, _) = played(&events, Some(4));
        let left = progress.eta(end).unwrap().get();
        assert!(left > 450.0 && left < 600.0, "{left}");
        assert_eq!(played(&events, None).0.eta(end), None);
        assert_eq!(progress.adapters(), [("oem".into(), Counts { n: 1, resets: 0, unclear: 0, lost: 1 })]);
        assert_eq!(progress.last().unwrap().title(), "NO RESPONSE");
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
