//! The outlet: how much mains the source gets, and the dips of it.

use super::bench::{Bench, Event};
use super::chance::Purpose;
use super::math::ln;
use super::world::OutletModel;
use crate::domain::units::Seconds;

/// What happens at the outlet. Void when another trial began.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OutletEvent {
    /// The mains dips.
    Dips { number: u32 },
    /// It is back.
    Returns { number: u32 },
}

/// The state of the outlet.
pub(super) struct Outlet {
    model: OutletModel,
    /// Counts plans of dips.
    number: u32,
    dipping: bool,
    /// The source has mains enough to work.
    fed: bool,
    /// The share of its output that it gave, or gives, when it had enough.
    output: f64,
}

impl Outlet {
    /// Nominal, with nothing switched on.
    pub fn new(model: OutletModel) -> Self {
        Self { model, number: 0, dipping: false, fed: false, output: 1.0 }
    }

    /// Mains voltage as a share of nominal.
    fn mains(&self) -> f64 {
        if self.dipping { self.model.share.min(self.model.dip_share) } else { self.model.share }
    }
}

impl Bench {
    /// The share of its output that the source has at the present mains. Without mains enough to work, its capacitors go on giving what it
    /// gave until they are empty.
    pub(super) fn output_share(&self) -> f64 {
        self.outlet.output
    }

    /// Starts or stops the source after a change of switch or mains.
    pub(super) fn feed(&mut self) {
        let closed = self.power.mains && !self.power.disobeying;
        let output = self.adapter().map_or(0.0, |adapter| adapter.output_at(self.outlet.mains()));
        let fed = closed && output > 0.0;
        if fed {
            self.outlet.output = output;
        }
        let was = std::mem::replace(&mut self.outlet.fed, fed);
        match (was, fed) {
            (true, false) => self.lose_mains(),
            // It has not noticed the gap.
            (false, true) if self.power.share >= 1.0 => {
                self.power.source_number += 1;
                self.settle();
            }
            (false, true) => self.start_source(),
            (true, true) => self.settle(),
            (false, false) => {}
        }
    }

    /// Plans the dips of a trial anew, from nominal mains on.
    pub(super) fn plan_dips(&mut self) {
        self.outlet.number += 1;
        if std::mem::take(&mut self.outlet.dipping) {
            self.feed();
        }
        self.plan_dip();
    }

    fn plan_dip(&mut self) {
        let rate = self.outlet.model.dips_per_h;
        if rate > 0.0 {
            // The time between events that come by chance is exponential.
            let wait = -ln(1.0 - self.chance.next(Purpose::Outlet).uniform()) * 3600.0 / rate;
            let number = self.outlet.number;
            self.queue.push(self.now + Seconds::new(wait), Event::Outlet(OutletEvent::Dips { number }));
        }
    }

    pub(super) fn outlet_event(&mut self, event: OutletEvent) {
        match event {
            OutletEvent::Dips { number } if number == self.outlet.number => {
                self.outlet.dipping = true;
                self.queue.push(self.now + self.outlet.model.dip_s, Event::Outlet(OutletEvent::Returns { number }));
                self.feed();
            }
            OutletEvent::Returns { number } if number == self.outlet.number => {
                self.outlet.dipping = false;
                self.feed();
                self.plan_dip();
            }
            _ => {}
        }
    }
}
