//! Ports in front of the session.

use super::link::Link;
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::Fault;
use crate::guard::plug::Plug;
use crate::guard::rules::Rules;
use crate::guard::wire::{Order, Word};
use crate::ports::{Batch, Channel, PressOrder, Presser, Reading, Refused, Scale, Selector, Sensors, Supply, TrialKey};
use std::sync::Arc;

/// The solenoid.
pub struct RemotePresser(pub Arc<Link>);

impl Presser for RemotePresser {
    fn press(&mut self, order: PressOrder) -> Result<(), Refused> {
        let (at, release_at) = (self.0.raw(order.at), self.0.raw(order.release_at));
        self.0.order(Order::Press { at, release_at }).map(drop)
    }

    fn release(&mut self) -> Result<(), Refused> {
        self.0.order(Order::Release).map(drop)
    }

    fn possible_from(&self, longest: Seconds) -> Tick {
        // A guard that is gone presses nothing any more.
        self.0.order(Order::PossibleFrom(longest)).ok().flatten().unwrap_or(Tick::NEVER)
    }
}

/// The supply.
pub struct RemoteSupply(pub Arc<Link>);

impl Supply for RemoteSupply {
    fn set(&mut self, volts: Volts) -> Result<(), Refused> {
        self.0.order(Order::Set(volts)).map(drop)
    }

    fn output(&mut self, on: bool) -> Result<(), Refused> {
        self.0.order(Order::Output(on)).map(drop)
    }

    fn cut(&mut self) -> Result<(), Refused> {
        self.0.order(Order::Cut).map(drop)
    }
}

/// The selector.
pub struct RemoteSelector(pub Arc<Link>);

impl Selector for RemoteSelector {
    fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        self.0.order(Order::Connect(adapter.clone())).map(drop)
    }
}

/// Sensors that tell the guard that the engine lives, show it what concerns it, and deliver what it tells.
pub struct Watched {
    inner: Box<dyn Sensors>,
    link: Arc<Link>,
    plug: Plug,
    /// What makes the outputs safe when the guard itself has died; taken when it was done.
    rescue: Option<Rescue>,
}

/// Starts another guard, which makes safe before anything else, and tells how that went.
pub type Rescue = Box<dyn FnOnce() -> String>;

impl Watched {
    /// Puts the guard's news among the readings of `inner`, and shows it what `rules` are about.
    pub fn new(inner: Box<dyn Sensors>, link: Arc<Link>, rules: &Rules, rescue: Rescue) -> Self {
        let plug = Plug::new(rules, inner.scale(Channel::PlugVoltage), inner.scale(Channel::PlugCurrent));
        Self { inner, link, plug, rescue: Some(rescue) }
    }

    /// Temperatures go to the rules as they come, and the plug when it is above a limit.
    fn show(&mut self, batch: &Batch) {
        for (highest, lowest) in self.plug.look(batch) {
            self.link.tell(&Word::Plug { highest, lowest });
        }
        for reading in &batch.readings {
            if let Reading::Temperature { ambient_c: air, coil_c: coil, .. } = reading {
                self.link.tell(&Word::Temperatures { air: *air, coil: *coil });
            }
        }
    }
}

impl Sensors for Watched {
    fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        let polled = self.inner.poll(until, batch);
        self.link.announce(batch.end);
        self.show(batch);
        let (edges, coil, fault) = self.link.take();
        for edge in edges {
            batch.readings.push(Reading::Coil { energised: edge.energised, at: edge.at, uncertainty: edge.uncertainty });
        }
        if let Some(reading) = self.link.take_supply() {
            batch.readings.push(Reading::Supply { at: batch.end, reading });
        }
        if let Some(coil) = coil {
            batch.readings.push(Reading::Temperature { at: batch.end, ambient_c: None, coil_c: Some(coil) });
        }
        in_order(batch);
        polled?;
        match (fault, self.link.is_gone()) {
            (None, _) => Ok(()),
            (Some(fault), false) => Err(fault),
            // Told once: what else is to be made safe is not to be ended by it.
            (Some(fault), true) => match self.rescue.take() {
                Some(rescue) => Err(Fault { detail: format!("{}; {}", fault.detail, rescue()), ..fault }),
                None => Ok(()),
            },
        }
    }

    fn begin(&mut self, key: &TrialKey) {
        self.inner.begin(key);
    }

    fn scale(&self, channel: Channel) -> Option<Scale> {
        self.inner.scale(channel)
    }
}

/// The guard's news come from another process: they are put where they belong among what was read here. One that came behind the batch's end moves
/// it.
fn in_order(batch: &mut Batch) {
    let at = |reading: &Reading| match reading {
        Reading::Samples(block) => block.start,
        Reading::Console { at, .. }
        | Reading::ConsoleGap { at }
        | Reading::Coil { at, .. }
        | Reading::Probe { at, .. }
        | Reading::Answer { at, .. }
        | Reading::Supply { at, .. }
        | Reading::Temperature { at, .. } => *at,
        Reading::Control(_) => Tick::NEVER,
    };
    // Stable: what one source told of one moment stays in its order.
    batch.readings.sort_by_key(at);
    let last = batch.readings.iter().map(at).filter(|at| *at != Tick::NEVER).max();
    batch.end = batch.end.max(last.unwrap_or(batch.end));
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.link.end();
    }
}
