//! Where a trial, its proper part and its stimulus begin; where everything ends when nothing can be written down.

use super::coil::Coil;
use super::halt::Halt;
use super::power::FAULTS_BORNE;
use super::quota::{Part, Quota};
use super::session::{Patience, Session};
use crate::domain::condition::Slot;
use crate::domain::ids::Attempt;
use crate::domain::measurement::names;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick};
use crate::ports::{Batch, Refused, TrialKey};

/// A coil that was told to let go has done so by then: the bound that is promised.
const LET_GO: Seconds = Seconds::from_millis(100);

/// The idle voltage of a boot is a mean over this time.
const IDLE: Seconds = Seconds::from_millis(1_000);
/// The first sign of a boot may be the fall of the current: how far it falls is known within so long (start-up delays, with room).
const RESTART_WITHIN: Seconds = Seconds::from_millis(1_000);

impl Session<'_> {
    /// Forgets the trial before.
    pub fn begin_trial(&mut self, slot: &Slot, attempt: Attempt) {
        self.readiness.restart_count();
        self.changes.restart_count();
        self.coil = Coil::default();
        self.ready_at = None;
        self.stimulus_began = None;
        self.idle_v = None;
        self.change = None;
        self.light_before = None;
        self.hold_measured = false;
        self.quota = Quota::new();
        self.erasing_at = None;
        self.patience = Patience::Working;
        self.wants_environment = false;
        self.probe_answers.clear();
        self.answers.clear();
        let now = self.now();
        self.watch.begin(now);
        self.light = None;
        self.rig.sensors.begin(&TrialKey { slot: slot.clone(), attempt, proper: false, coil_c: None });
    }

    /// The trial proper begins: what came before only prepared the camera.
    pub fn begin_proper(&mut self) -> Result<StepEnd, Halt> {
        let state = self.recorder.state();
        let Some(open) = &state.open else { return Ok(StepEnd::NotSeen) };
        let coil_c = state.slots.get(&open.slot.id).and_then(|slot| slot.begun.as_ref()).and_then(|begun| begun.coil_c);
        let key = TrialKey { slot: open.slot.clone(), attempt: open.attempt, proper: true, coil_c };
        self.bench_now = Default::default();
        self.wants_environment = true;
        self.quota.enter(Part::SettingUp);
        self.rig.sensors.begin(&key);
        Ok(StepEnd::Done)
    }

    /// From here on everything that happens may be an answer. What the plug gave until now is its idle voltage.
    pub fn begin_stimulus(&mut self, at: Tick) -> Result<(), Halt> {
        self.stimulus_began = Some(at);
        self.quota.enter(Part::After);
        self.change = None;
        self.light_before = self.light;
        self.ready_at = self.ready_at.filter(|_| self.is_up());
        let idle = self.watch.stats().volts.filter(|_| self.ready_at.is_some());
        self.watch.mark();
        self.idle_v = idle.map(|volts| volts.mean);
        match self.idle_v {
            Some(volts) => self.measured(self.now(), names::PLUG_IDLE, "V", volts, None),
            None => Ok(()),
        }
    }

    /// What the plug gives a camera that is up, in a trial without a stimulus.
    pub fn measure_idle(&mut self) -> Result<(), Halt> {
        if self.ready_at.is_none() {
            return Ok(());
        }
        self.pass(IDLE)?;
        match self.watch.stats().volts {
            Some(volts) => self.measured(self.now(), names::PLUG_IDLE, "V", volts.mean, None),
            None => Ok(()),
        }
    }

    /// What the plug gave a camera that did not become ready.
    pub fn measure_start(&mut self) -> Result<(), Halt> {
        let Some(volts) = self.watch.stats().volts.filter(|_| self.rises_until.is_none()) else { return Ok(()) };
        let now = self.now();
        self.measured(now, names::PLUG_START_MIN, "V", volts.min, None)?;
        self.measured(now, names::PLUG_START_MAX, "V", volts.max, None)
    }

    /// The supply has risen, or has come as far as it does: what the plug gives counts from now on.
    pub fn risen(&mut self) {
        self.rises_until = None;
        self.watch.mark();
    }

    /// On a voltage that is too low all along: how little the camera drew when it began to boot anew. One that restarts by itself goes on to draw
    /// a little, and one that went out draws nothing.
    fn measure_restart(&mut self) -> Result<(), Halt> {
        let low = self.idle_v.is_some_and(|volts| volts < self.bench.profile.supply.min_v.get());
        let Some(boot) = self.evidence.began_anew().filter(|_| low) else { return Ok(()) };
        match self.watch.least_current_until(boot.at + RESTART_WITHIN) {
            Some(amps) => self.measured(boot.at, names::PLUG_RESTART, "A", amps, None),
            None => Ok(()),
        }
    }

    /// Extremes at the plug since the stimulus, and the time of the reboot.
    pub fn measure_watch(&mut self) -> Result<(), Halt> {
        let now = self.now();
        let stats = self.watch.stats();
        if let Some(volts) = stats.volts {
            self.measured(now, names::PLUG_MIN, "V", volts.min, None)?;
        }
        self.measure_restart()?;
        if let Some(volts) = stats.erase_min_v {
            self.measured(now, names::PLUG_ERASE, "V", volts, None)?;
        }
        if let Some(amps) = stats.amps {
            self.measured(now, names::PLUG_MAX, "A", amps.max, None)?;
        }
        if let (Some(ready), Some(reboot)) = (self.up_since(), self.evidence.reboots().first()) {
            self.measured(ready, names::REBOOT, "s", ready.since(reboot.at).get(), None)?;
        }
        Ok(())
    }

    /// The journal cannot be written: lets go, waits until the camera can no longer be writing flash, and switches off. Failures here have
    /// nobody left to be told to; the guard holds its own rules meanwhile.
    pub fn make_safe_unrecorded(&mut self) {
        let _ = self.rig.presser.release();
        let mut until = self.now() + LET_GO;
        // The guard knows best when the write window ends: the button has only now been let go.
        loop {
            let passes = self.pass_unrecorded(until);
            match self.rig.supply.output(false) {
                Err(Refused::Until { at, .. }) if passes => until = at,
                _ => return,
            }
        }
    }

    /// Lets time pass with nothing written down; false when the sensors fail again and again.
    fn pass_unrecorded(&mut self, until: Tick) -> bool {
        let mut batch = Batch::default();
        let mut faults = 0;
        while self.now() < until && faults < FAULTS_BORNE {
            faults += u32::from(self.rig.sensors.poll(until, &mut batch).is_err());
        }
        faults < FAULTS_BORNE
    }
}
