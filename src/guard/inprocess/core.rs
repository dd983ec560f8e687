//! The machine with the outputs that it alone commands.

use crate::domain::ids::AdapterName;
use crate::domain::units::Tick;
use crate::domain::verdict::{Fault, FaultKind};
use crate::guard::carried::Carried;
use crate::guard::machine::Machine;
use crate::guard::words::{Action, Input, PowerCut, Refusal, SessionId};
use crate::ports::{Clock, Presser, Refused, Selector, Supply};
use std::rc::Rc;

pub(super) struct Core {
    pub(super) machine: Machine,
    pub(super) clock: Rc<dyn Clock>,
    pub(super) presser: Box<dyn Presser>,
    pub(super) cuts: Vec<PowerCut>,
    supply: Box<dyn Supply>,
    selector: Option<Box<dyn Selector>>,
    session: SessionId,
    /// A trip that the engine has not been told of.
    fault: Option<Fault>,
}

impl Core {
    pub(super) fn new(
        machine: Machine,
        clock: Rc<dyn Clock>,
        presser: Box<dyn Presser>,
        supply: Box<dyn Supply>,
        selector: Option<Box<dyn Selector>>,
    ) -> Self {
        Self { machine, clock, presser, cuts: Vec::new(), supply, selector, session: SessionId(1), fault: None }
    }

    /// Takes an order of the engine, now.
    pub(super) fn order(&mut self, input: Input) -> Result<(), Refused> {
        let now = self.clock.now();
        let actions = self.machine.step(input, now);
        self.perform(&actions)
    }

    /// Takes something that nobody waits for the answer to: a device that fails then is a fault of the next poll.
    pub(super) fn tell(&mut self, input: Input, now: Tick) {
        let actions = self.machine.step(input, now);
        if let Err(refused) = self.perform(&actions) {
            let fault = match refused {
                Refused::Broken(fault) => fault,
                other => Fault::new(FaultKind::Disobeyed, "guard", other.to_string()),
            };
            self.fault.get_or_insert(fault);
        }
    }

    pub(super) fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        let source = self.machine.rules().source(adapter).ok_or(Refusal::UnknownSource)?;
        self.order(Input::Connect(source))
    }

    pub(super) fn arm_again(&mut self) -> Result<(), Refused> {
        let session = SessionId(self.session.0 + 1);
        self.order(Input::Arm(session))?;
        self.session = session;
        self.fault = None;
        Ok(())
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    pub(super) fn carried(&self) -> Carried {
        self.machine.carried(self.clock.now())
    }

    /// Does all of it, also after a failure: what makes safe must not stop half-way. Tells the first refusal.
    fn perform(&mut self, actions: &[Action]) -> Result<(), Refused> {
        let mut result = Ok(());
        let mut told = String::new();
        for &action in actions {
            let done = match action {
                Action::Refuse(refusal) => Err(refusal.into()),
                Action::Trip(reason) => {
                    self.fault = Some(Fault::new(FaultKind::GuardTrip, "guard", format!("{reason}{told}")));
                    Ok(())
                }
                Action::PowerCut(cut) => {
                    told = format!("; {cut}");
                    self.cuts.push(cut);
                    Ok(())
                }
                device => self.command(device),
            };
            if result.is_ok() {
                result = done;
            }
        }
        result
    }

    /// Commands a device. One that declines has done nothing, and the machine is told so; of one that broke, the worse is assumed: that it
    /// did what it was told.
    fn command(&mut self, action: Action) -> Result<(), Refused> {
        let done = match action {
            Action::Energise(order) => self.presser.press(order),
            Action::DeEnergise => self.presser.release(),
            Action::SetSupply(volts) => self.supply.set(volts),
            Action::Output(on) => self.supply.output(on),
            Action::Connect(source) => match (&mut self.selector, self.machine.rules().sources.get(source.0)) {
                (Some(selector), Some(source)) => selector.connect(&source.name),
                _ => Err(Refusal::NoSelector.into()),
            },
            Action::Refuse(_) | Action::Trip(_) | Action::PowerCut(_) => Ok(()),
        };
        if matches!(done, Err(Refused::Until { .. } | Refused::Never(_))) {
            self.machine.declined(action);
        }
        done
    }
}
