//! Steps that press, hold and release the button.

use super::halt::{Halt, refused};
use super::power::RISES_WITHIN;
use super::session::{Patience, Session, Waited};
use crate::domain::condition::{ReleasedBy, Stimulus};
use crate::domain::measurement::names;
use crate::domain::profile::PressMode;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{PressOrder, Refused};

/// How long a coil may take to let go before it is said to stick.
const LET_GO: Seconds = Seconds::from_millis(1_000);
/// With hold-then-power: from contact to power-on, so that the button is down for certain.
const BEFORE_POWER: Seconds = Seconds::from_millis(500);

impl Session<'_> {
    /// Lets the coil cool until the press to come is possible, before anything is timed.
    pub fn rest_coil(&mut self, longest: Seconds, deadline: Tick) -> Result<StepEnd, Halt> {
        if longest == Seconds::ZERO || self.bench.position.pressed_by_hand() {
            return Ok(StepEnd::Done);
        }
        let from = self.rig.presser.possible_from(self.bench.position.calibration.coil_time(longest));
        if from > deadline {
            let detail = format!("a hold of {longest} does not fit the coil's heat budget");
            return Err(Fault::new(FaultKind::Interlock, "presser", detail).into());
        }
        self.wait(from, |_| false)?;
        Ok(StepEnd::Done)
    }

    /// Orders a press with both its ends: the coil is off after `max_s` whatever becomes of this program.
    pub fn press(&mut self, max_s: Seconds, deadline: Tick) -> Result<StepEnd, Halt> {
        if self.bench.position.pressed_by_hand() {
            self.press_by_hand()?;
            return self.pressed(self.now());
        }
        let coil_time = self.bench.position.calibration.coil_time(max_s);
        loop {
            let at = self.now();
            match self.rig.presser.press(PressOrder { at, release_at: at + coil_time }) {
                Ok(()) => break,
                Err(Refused::Until { at, .. }) if at < deadline => {
                    self.wait(at, |_| false)?;
                }
                Err(why) => return Err(refused("presser", why).into()),
            }
        }
        self.pressed(self.now() + self.bench.position.calibration.pull_in_s)
    }

    /// The contact closes at `contact`.
    fn pressed(&mut self, contact: Tick) -> Result<StepEnd, Halt> {
        self.begin_stimulus(contact)?;
        self.last_write = Some(self.now());
        if self.bench.profile.press.mode == PressMode::HoldThenPower {
            self.wait(contact + BEFORE_POWER, |_| false)?;
        }
        Ok(StepEnd::Done)
    }

    /// Keeps the button down: for a time, then, where that is asked, until a change is seen.
    pub fn hold(&mut self, for_s: Seconds, until_change: bool, max_s: Seconds) -> Result<(StepEnd, ReleasedBy), Halt> {
        let released = |session: &mut Session<'_>| session.coil.off.is_some();
        if self.counts_from_power() && self.power.is_some() {
            // An adapter takes its time from the mains to the plug.
            self.wait(self.now() + RISES_WITHIN, |session| session.fed_since.is_some() || released(session))?;
        }
        let from = self.hold_counts_from();
        if !until_change {
            self.wait(self.release_order(from, for_s), released)?;
            return Ok((StepEnd::Done, ReleasedBy::Hold));
        }
        let least = self.release_order(from, for_s);
        let waited = self.wait(self.release_order(from, max_s), |session| {
            session.coil.off.is_some() || (session.now() >= least && session.change.is_some())
        })?;
        let by_change = waited == Waited::Came && self.change.is_some() && self.coil.off.is_none();
        Ok((StepEnd::Done, if by_change { ReleasedBy::Change } else { ReleasedBy::Max }))
    }

    /// Does nothing for as long as a press would take.
    pub fn sham(&mut self, for_s: Seconds) -> Result<StepEnd, Halt> {
        self.begin_stimulus(self.now())?;
        self.pass(for_s)?;
        Ok(StepEnd::Done)
    }

    /// Lets go, and measures the hold.
    pub fn release(&mut self) -> Result<StepEnd, Halt> {
        if self.bench.position.pressed_by_hand() && self.coil.on.is_some() && self.coil.off.is_none() {
            self.let_go_by_hand()?;
        }
        self.rig.presser.release().map_err(|why| refused("presser", why))?;
        if self.coil.on.is_none() || self.coil.off.is_some() && self.hold_measured {
            return Ok(StepEnd::Done);
        }
        let deadline = self.now() + LET_GO;
        // No stop is obeyed here, not even "now": nothing ends before the coil is seen to be off, which takes milliseconds.
        while self.coil.off.is_none() && self.now() < deadline {
            self.poll(deadline)?;
        }
        if self.coil.off.is_none() {
            return Err(Fault::new(FaultKind::Disobeyed, "presser", "the coil's current did not end").into());
        }
        self.last_write = Some(self.now());
        self.measure_hold()
    }

    fn measure_hold(&mut self) -> Result<StepEnd, Halt> {
        let counted_from = self.counts_from_power().then(|| self.hold_counts_from());
        let calibration = &self.bench.position.calibration;
        let (hold, contact, opened) =
            (self.coil.hold(calibration, counted_from), self.coil.contact(calibration), self.coil.opened(calibration));
        let (Some((hold, u)), Some(contact), Some(opened)) = (hold, contact, opened) else { return Ok(StepEnd::NotSeen) };
        self.hold_measured = true;
        self.measured(opened, names::HOLD, "s", hold.get(), Some(u.get()))?;
        if let Some(ready) = self.ready_at {
            self.measured(contact, names::SINCE_READY, "s", contact.since(ready).get(), None)?;
        }
        self.check_tolerance(hold, u)?;
        Ok(StepEnd::Done)
    }

    /// A press of the wrong length answers another question than the one that was asked.
    /// One that a stop or a fault ended is given up for that reason already.
    fn check_tolerance(&self, hold: Seconds, u: Seconds) -> Result<(), Halt> {
        if self.patience == Patience::MakingSafe {
            return Ok(());
        }
        let Some(open) = &self.recorder.state().open else { return Ok(()) };
        let Stimulus::Press { hold_s, max_s, .. } = open.slot.condition.stimulus else { return Ok(()) };
        let tolerance = self.hold_tolerance * hold_s.get() + 2.0 * u.get();
        if hold.get() >= hold_s.get() - tolerance && hold.get() <= max_s.get() + tolerance {
            return Ok(());
        }
        let detail = format!("held {hold:.3} instead of {hold_s:.3}, allowed is {tolerance:.3} s more or less");
        Err(Fault::new(FaultKind::HoldOutOfTolerance, "presser", detail).into())
    }

    /// When the coil must be switched off for a hold of `hold` that counts from `from`.
    fn release_order(&self, from: Tick, hold: Seconds) -> Tick {
        from + hold - self.bench.position.calibration.drop_out_s
    }

    fn counts_from_power(&self) -> bool {
        let unpowered = self
            .recorder
            .state()
            .open
            .as_ref()
            .is_some_and(|open| matches!(open.slot.condition.stimulus, Stimulus::UnpoweredPress { .. }));
        self.bench.profile.press.mode == PressMode::HoldThenPower && !unpowered
    }

    /// The contact, or where a press counts from power-on the moment at which power came; an answer to the press counts from the same moment.
    pub(super) fn hold_counts_from(&self) -> Tick {
        let contact = self.stimulus_began.unwrap_or_else(|| self.now());
        match self.power_came() {
            Some(power) if self.counts_from_power() => contact.max(power),
            _ => contact,
        }
    }

    /// When the plug was seen to give something, or where it never did, the end of the time that it was given; where nobody measures that, when the
    /// supply was switched on.
    fn power_came(&self) -> Option<Tick> {
        let held_until = self.coil.off.map_or_else(|| self.now(), |off| off.at);
        let given_up =
            self.powered_since.map(|since| since + RISES_WITHIN).filter(|at| self.power.is_some() && *at <= held_until);
        self.fed_since.or(given_up).or(self.powered_since)
    }
}
