//! The machine in front of the ports of a rig that runs in this process: the twin's way, where time passes in `poll` alone. On hardware
//! the outputs belong to a process of their own, with the same machine.

mod core;
mod proxies;
mod sensors;

use self::core::Core;
use self::proxies::{GuardedPresser, GuardedSelector, GuardedSupply, SharedClock};
use self::sensors::GuardedSensors;
use super::carried::Carried;
use super::machine::Machine;
use super::rules::Rules;
use super::words::{Input, PowerCut, SessionId, TripReason};
use crate::ports::{Clock, Refused, Rig};
use std::cell::RefCell;
use std::rc::Rc;

/// A look at the guard from outside the rig: what is kept when the run has ended.
pub struct GuardHandle {
    core: Rc<RefCell<Core>>,
}

/// Puts the guard in front of a rig's outputs and arms its first session. The rig that comes back has the same ports; its coil, supply
/// and selector do only what `rules` allow, and a trip comes out of its `poll` as a fault, once.
///
/// # Errors
/// [`Refused`] when the machine cannot be armed.
pub fn guarded(raw: Rig, rules: Rules, carried: &Carried) -> Result<(Rig, GuardHandle), Refused> {
    let clock: Rc<dyn Clock> = raw.clock.into();
    let has_selector = raw.selector.is_some();
    let core = Core::new(Machine::new(rules, carried), Rc::clone(&clock), raw.presser, raw.supply, raw.selector);
    let core = Rc::new(RefCell::new(core));
    core.borrow_mut().order(Input::Arm(SessionId(1)))?;
    let rig = Rig {
        clock: Box::new(SharedClock(clock)),
        sensors: Box::new(GuardedSensors::new(Rc::clone(&core), raw.sensors)),
        presser: Box::new(GuardedPresser(Rc::clone(&core))),
        supply: Box::new(GuardedSupply(Rc::clone(&core))),
        selector: has_selector.then(|| Box::new(GuardedSelector(Rc::clone(&core))) as _),
        console: raw.console,
        probe: raw.probe,
        person: raw.person,
    };
    Ok((rig, GuardHandle { core }))
}

impl GuardHandle {
    /// What the bench carries into the next run.
    pub fn carried(&self) -> Carried {
        self.core.borrow().carried()
    }

    /// Every power cut inside a write window so far, in order: to be counted against the unit.
    pub fn power_cuts(&self) -> Vec<PowerCut> {
        self.core.borrow().cuts.clone()
    }

    /// Why the guard tripped, while it is tripped.
    pub fn tripped(&self) -> Option<TripReason> {
        self.core.borrow().machine.tripped()
    }

    /// The emergency stop was pressed or let go.
    ///
    /// # Errors
    /// [`Refused`] when a device did not go off.
    pub fn emergency_stop(&self, pressed: bool) -> Result<(), Refused> {
        self.core.borrow_mut().order(Input::EStop { pressed })
    }

    /// Arms a new session after a trip.
    ///
    /// # Errors
    /// [`Refused`] while the emergency stop is pressed, the coil is stuck, or the present session has not ended.
    pub fn arm_again(&self) -> Result<(), Refused> {
        self.core.borrow_mut().arm_again()
    }
}

#[cfg(test)]
mod tests;
