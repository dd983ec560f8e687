//! Steps that look for the factory state, and the last resort for a camera that does not come back.

use super::halt::Halt;
use super::session::{Session, Waited};
use crate::domain::adapter::AdapterKind;
use crate::domain::observation::{NetworkStatus, Observation, Sense};
use crate::domain::profile::Via;
use crate::domain::step::StepEnd;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{ProbeAnswer, ProbeQuery};

/// How long the probe may take.
const PROBE: Seconds = Seconds::from_millis(10_000);
/// The probe asks again so often while the camera starts (assumption: cheap, and short against `settle_s`).
const ASK_AGAIN: Seconds = Seconds::from_millis(3_000);

impl Session<'_> {
    /// Proves that the factory signs can be seen and are absent. A camera that keeps showing one is not provisioned; where nothing can
    /// provision it, that is how it is, and the evidence says so.
    ///
    /// # Errors
    /// A fault of provisioning.
    pub fn prove_not_factory(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        self.ask_network()?;
        let settled = deadline.min(self.now() + self.bench.profile.watch.settle_s);
        let can_change = self.bench.profile.provision.via != Via::None;
        // A light goes on showing the former state for seconds after provisioning: what it says last counts.
        self.wait(settled, |session| session.factory_absent() || (session.factory_present() && !can_change))?;
        if self.factory_present() && can_change {
            let detail = "the camera shows its factory state before the stimulus";
            return Err(Fault::new(FaultKind::Provisioning, "prove_not_factory", detail).into());
        }
        Ok(if self.factory_absent() { StepEnd::Done } else { StepEnd::NotSeen })
    }

    /// Whether any sense says that the camera is in its factory state, before the stimulus.
    fn factory_present(&self) -> bool {
        self.can.factory.iter().any(|sense| self.evidence.was_present(*sense))
    }

    /// Whether every sense for the factory state says that the camera is in another, before the stimulus.
    fn factory_absent(&self) -> bool {
        let now = self.now();
        self.can.factory.iter().all(|sense| self.evidence.was_absent_at(*sense, now))
    }

    /// Whether every sense that works has said of the factory state what there is to say, after the stimulus.
    fn factory_told(&self) -> bool {
        let works = |sense: &&Sense| self.evidence.was_absent(**sense);
        self.can.factory.iter().filter(works).all(|sense| self.evidence.factory(*sense).is_some())
    }

    /// Looks for the factory signs and reads the canaries. Only a camera that is up can tell.
    pub fn verify(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        if !self.is_up() {
            return Ok(StepEnd::NotSeen);
        }
        self.ask_network()?;
        if self.evidence.began_anew().is_some() {
            self.let_factory_signs_settle(deadline)?;
        }
        self.read_canaries()
    }

    /// Waits for the factory signs. Nobody can say when a camera's network is up, so the probe asks more than once.
    fn let_factory_signs_settle(&mut self, deadline: Tick) -> Result<(), Halt> {
        let settled = deadline.min(self.now() + self.bench.profile.watch.settle_s);
        loop {
            let again = settled.min(self.now() + ASK_AGAIN);
            if self.wait(again, |session| session.factory_told())? == Waited::Came || self.now() >= settled {
                return Ok(());
            }
            if self.evidence.factory(Sense::Network).is_none() {
                self.ask_network()?;
            }
        }
    }

    pub fn ask_network(&mut self) -> Result<(), Halt> {
        if !self.bench.profile.factory.network || self.rig.probe.is_none() {
            return Ok(());
        }
        self.ask_status()
    }

    /// Asks the camera over the network what state it is in, whatever its profile says of that.
    pub fn ask_status(&mut self) -> Result<(), Halt> {
        let status = match self.query(ProbeQuery::Status, PROBE)? {
            Some(ProbeAnswer::Status(status)) => status,
            Some(_) => NetworkStatus::Unknown,
            None => NetworkStatus::Unreachable,
        };
        let now = self.now();
        self.observe(now, Observation::Network { status })
    }

    /// Whether the camera was ready once and is not up after the stimulus.
    pub fn needs_recovery(&self) -> bool {
        self.stimulus_began.is_some() && !self.is_up()
    }

    /// Feeds the camera its nominal voltage from the best source, and sees whether it comes back within the recovery time.
    pub fn recover(&mut self, deadline: Tick) -> Result<StepEnd, Halt> {
        self.sit_out_write_window()?;
        self.power_off(deadline)?;
        self.pass(self.bench.profile.supply.drain_s)?;
        let tested = self.recorder.state().open.as_ref().map(|open| open.slot.condition.adapter.clone());
        if let Some(tested) = tested.filter(|_| self.rig.selector.is_some()) {
            self.connect(&self.bench.reference(&tested))?;
        }
        if self.feeds_from(AdapterKind::Programmable) {
            self.set_supply(self.bench.profile.supply.nominal_v)?;
        }
        self.power_on(deadline)?;
        // The whole time, however long the write window was: a camera that was given less is not called dead.
        let patience = self.now() + self.bench.profile.watch.recovery_s;
        self.wait(patience, |session| session.is_up())?;
        Ok(if self.is_up() { StepEnd::Done } else { StepEnd::NotSeen })
    }
}
