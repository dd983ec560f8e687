//! Stop, pause and continue from outside, as readings among the others.

use super::desk::Desk;
use crate::domain::event::How;
use crate::domain::units::Tick;
use crate::domain::verdict::Fault;
use crate::ports::batch::Control;
use crate::ports::{Batch, Channel, Reading, Scale, Sensors, TrialKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

/// What a person asked for and the engine was not told yet.
#[derive(Debug, Default)]
pub struct Wishes {
    stop: AtomicU8,
    paused: AtomicU8,
    interrupted: AtomicBool,
}

impl Wishes {
    /// Ctrl-C, once: finish safely; twice: now. Whatever else asked for a stop before does not count: only who pressed it twice meant to.
    /// Returns what it asked for.
    pub fn interrupt(&self) -> How {
        let how = if self.interrupted.swap(true, Ordering::SeqCst) { How::Now } else { How::FinishSafely };
        self.stop(how);
        how
    }

    /// Asks for a stop; a weaker one never replaces a stronger one.
    pub fn stop(&self, how: How) {
        self.stop.fetch_max(code(how), Ordering::SeqCst);
    }

    /// Pauses, or goes on. Returns whether the run is to be paused.
    pub fn toggle_pause(&self) -> bool {
        self.paused.fetch_xor(1, Ordering::SeqCst) == 0
    }

    /// The strongest stop that was asked for.
    pub fn stop_wanted(&self) -> Option<How> {
        match self.stop.load(Ordering::SeqCst) {
            0 => None,
            1 => Some(How::AfterTrial),
            2 => Some(How::FinishSafely),
            _ => Some(How::Now),
        }
    }
}

fn code(how: How) -> u8 {
    match how {
        How::AfterTrial => 1,
        How::FinishSafely => 2,
        How::Now => 3,
    }
}

/// How long a poll takes at least while a person is waited for: as long as the bench time that passes in one.
const PERSON: Duration = Duration::from_millis(10);

/// The bench time of a run, for whoever shows it: a long wait has no events by which one could tell that time passes.
#[derive(Debug, Default)]
pub struct Pulse(AtomicU64);

impl Pulse {
    /// Bench time after the last poll.
    pub fn now(&self) -> Tick {
        Tick(self.0.load(Ordering::Relaxed))
    }

    fn beat(&self, now: Tick) {
        self.0.store(now.0, Ordering::Relaxed);
    }
}

/// Sensors with a person's wishes among their readings.
pub struct Controlled {
    inner: Box<dyn Sensors>,
    wishes: Arc<Wishes>,
    pulse: Option<Arc<Pulse>>,
    desk: Option<Arc<Desk>>,
    told_stop: u8,
    told_paused: u8,
}

impl Controlled {
    /// Puts `wishes` and the answers from `desk` among the readings of `inner`, and shows the time of each poll at `pulse`.
    pub fn new(inner: Box<dyn Sensors>, wishes: Arc<Wishes>, pulse: Option<Arc<Pulse>>, desk: Option<Arc<Desk>>) -> Self {
        Self { inner, wishes, pulse, desk, told_stop: 0, told_paused: 0 }
    }
}

impl Sensors for Controlled {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        let paused = self.wishes.paused.load(Ordering::Relaxed);
        let asking = self.desk.as_ref().is_some_and(|desk| desk.waiting().is_some());
        if asking || (paused == 1 && self.told_paused == 1 && until == Tick::NEVER) {
            // A run that is paused, or asks, waits for a person, who has a clock of flesh: bench time that is simulated would run away meanwhile.
            #[expect(clippy::disallowed_methods, reason = "real time is what passes here")]
            std::thread::sleep(PERSON);
        }
        let polled = self.inner.poll(until, batch);
        if let Some(pulse) = &self.pulse {
            pulse.beat(batch.end);
        }
        for (question, answer) in self.desk.iter().flat_map(|desk| desk.take()) {
            batch.readings.push(Reading::Answer { question, at: batch.end, answer });
        }
        let stop = self.wishes.stop.load(Ordering::Relaxed);
        if stop != self.told_stop {
            self.told_stop = stop;
            batch.readings.extend(self.wishes.stop_wanted().map(|how| Reading::Control(Control::Stop(how))));
        }
        if paused != self.told_paused {
            self.told_paused = paused;
            batch.readings.push(Reading::Control(if paused == 1 { Control::Pause } else { Control::Continue }));
        }
        polled
    }

    fn begin(&mut self, key: &TrialKey) {
        // The engine waits for no answer between trials: what was asked before came to nothing.
        self.desk.iter().for_each(|desk| desk.close());
        self.inner.begin(key);
    }

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.inner.scale(channel)
    }
}
