//! Ports that ask the machine first.

use super::core::Core;
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::guard::words::Input;
use crate::ports::{Clock, PressOrder, Presser, Refused, Selector, Supply};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) struct SharedClock(pub(super) Rc<dyn Clock>);

impl Clock for SharedClock {
    fn now(&self) -> Tick {
        self.0.now()
    }
}

pub(super) struct GuardedPresser(pub(super) Rc<RefCell<Core>>);

impl Presser for GuardedPresser {
    fn press(&mut self, order: PressOrder) -> Result<(), Refused> {
        self.0.borrow_mut().order(Input::Press(order))
    }

    fn release(&mut self) -> Result<(), Refused> {
        self.0.borrow_mut().order(Input::Release)
    }

    fn possible_from(&self, longest: Seconds) -> Tick {
        let core = self.0.borrow();
        core.machine.possible_from(longest, core.clock.now()).max(core.presser.possible_from(longest))
    }
}

pub(super) struct GuardedSupply(pub(super) Rc<RefCell<Core>>);

impl Supply for GuardedSupply {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        self.0.borrow_mut().order(Input::SetSupply(volts))
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        self.0.borrow_mut().order(Input::Output(on))
    }

    fn cut(&mut self) -> Result<(), Refused> {
        self.0.borrow_mut().order(Input::PowerOffNow)
    }
}

pub(super) struct GuardedSelector(pub(super) Rc<RefCell<Core>>);

impl Selector for GuardedSelector {
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        self.0.borrow_mut().connect(adapter)
    }
}
