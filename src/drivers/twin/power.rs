//! The way of the power: mains, adapter, cable, plug, and the camera's input stage.

use super::bench::{Bench, Event};
use super::camera::Life;
use super::chance::Purpose;
use super::electric::{Point, operating_point, residual, ride_through};
use super::math::exp;
use super::world::{AdapterModel, OverCurrent};
use crate::domain::ids::AdapterName;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{Channel, Refused};

/// Steps in which an output rises. Between steps it is taken as constant.
const RISE_STEPS: u32 = 10;
/// Steps in which an empty plug's voltage is followed down to nothing.
const DRAIN_STEPS: i64 = 40;
/// Steps of a time constant in which a warming output is followed, and after how many of them it is warm.
const WARM_STEPS: i64 = 40;
const WARM: f64 = 6.0;
/// A rise of the current by less than this is no step of the load, amperes (assumption: far below the ripple of a running processor).
const STEP_A: f64 = 0.01;
/// Spread of the turn-on delay from power-on to power-on (assumption).
const TURN_ON_SPREAD: f64 = 0.1;

/// What happens on the way of the power.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PowerEvent {
    /// The output has risen so many steps. Void after another command.
    Rise { number: u32, step: u32 },
    /// The hold-up time after a switch-off is over. Void after another command.
    Gone { number: u32 },
    /// The camera's capacitor is down at the lock-out. Void when the supply came back before.
    Empty { number: u32 },
    /// The camera's converter starts. Void when the voltage fell before.
    Start { number: u32 },
    /// Look at what is left on an empty plug.
    Drain,
    /// The dip after a step of the load is over. Void after another step.
    Recovered { number: u32 },
    /// Look at how far a warm output sags. Void after another command.
    Warms { number: u32 },
}

/// The state of source and input stage.
#[derive(Default)]
pub(super) struct Power {
    pub connected: Option<AdapterName>,
    /// The mains is on.
    pub mains: bool,
    /// The switch was told to close, and did not.
    pub disobeying: bool,
    /// Counts commands to the source.
    pub source_number: u32,
    /// How far the output has risen, 0 to 1.
    pub share: f64,
    /// When the source was last started.
    pub started: Tick,
    /// The current before the last change of the load.
    steady_amps: f64,
    /// Counts steps of the load.
    step_number: u32,
    /// How far the output dips now.
    dip_v: f64,
    set_v: Option<Volts>,
    /// The camera's converter runs.
    pub up: bool,
    starting: bool,
    failing: bool,
    /// Counts changes of the input stage.
    input_number: u32,
    left_v: f64,
    left_since: Tick,
    draining: bool,
    pub plug: Point,
}

impl Power {
    /// Unpowered, with this adapter in place.
    pub fn new(connected: Option<AdapterName>) -> Self {
        Self { connected, ..Self::default() }
    }
}

impl Bench {
    /// The adapter that is connected.
    pub(super) fn adapter(&self) -> Option<&AdapterModel> {
        self.adapters.get(self.power.connected.as_ref()?)
    }

    pub(super) fn connect(&mut self, adapter: &AdapterName) -> Result<(), Refused> {
        if self.power.mains {
            return Err(Refused::Never(format!("{adapter} cannot be connected while the output is on")));
        }
        if !self.adapters.contains_key(adapter) {
            return Err(Refused::Never(format!("no channel of this bench holds {adapter}")));
        }
        self.power.connected = Some(adapter.clone());
        self.power.set_v = None;
        // What the former adapter would still have given is gone with it.
        self.power.share = 0.0;
        self.power.source_number += 1;
        self.settle();
        Ok(())
    }

    pub(super) fn set_volts(&mut self, volts: Volts) -> Result<(), Refused> {
        if volts < Volts::ZERO {
            return Err(Refused::Never(format!("{volts} is below zero")));
        }
        if !self.adapter().is_some_and(|adapter| adapter.programmable) {
            return Err(Refused::Never("the voltage of the connected adapter cannot be set".to_owned()));
        }
        self.power.set_v = Some(volts);
        self.settle();
        Ok(())
    }

    pub(super) fn output(&mut self, on: bool) -> Result<(), Refused> {
        if on && std::mem::take(&mut self.faults.supply_refuses) {
            return Err(Refused::Broken(Fault::new(FaultKind::Refused, "supply", "the supply refused to switch its output on")));
        }
        if on == self.power.mains {
            return Ok(());
        }
        self.power.mains = on;
        if on {
            self.power.disobeying = std::mem::take(&mut self.faults.supply_disobeys);
        }
        self.feed();
        Ok(())
    }

    /// The source is without mains: its own capacitors feed its output for a while.
    pub(super) fn lose_mains(&mut self) {
        self.power.source_number += 1;
        let hold_up = self.adapter().map_or(Seconds::ZERO, |adapter| adapter.hold_up_s);
        let number = self.power.source_number;
        self.queue.push(self.now + hold_up, Event::Power(PowerEvent::Gone { number }));
    }

    /// The source starts.
    pub(super) fn start_source(&mut self) {
        self.power.source_number += 1;
        self.power.started = self.now;
        let turn_on = self.adapter().map_or(Seconds::ZERO, |adapter| adapter.turn_on_s);
        let delay = self.chance.next(Purpose::TurnOn).around(turn_on, TURN_ON_SPREAD);
        self.rise_after(delay);
        self.plan_warmth();
    }

    /// The next look at a source that sags when it is warm.
    fn plan_warmth(&mut self) {
        let Some((warm_v, warm_s)) = self.adapter().map(|adapter| (adapter.warm_v.get(), adapter.warm_s)) else { return };
        let elapsed = self.now.since(self.power.started).get();
        if warm_v > 0.0 && elapsed < WARM * warm_s.get() {
            let step = Seconds::from_micro((warm_s.micro() / WARM_STEPS).max(1000));
            let number = self.power.source_number;
            self.queue.push(self.now + step, Event::Power(PowerEvent::Warms { number }));
        }
    }

    fn rise_after(&mut self, delay: Seconds) {
        let rise = self.adapter().map_or(Seconds::ZERO, |adapter| adapter.rise_s);
        let number = self.power.source_number;
        for step in 1..=RISE_STEPS {
            let at = self.now + delay + Seconds::from_micro(rise.micro() * i64::from(step) / i64::from(RISE_STEPS));
            self.queue.push(at, Event::Power(PowerEvent::Rise { number, step }));
        }
    }

    pub(super) fn power_event(&mut self, event: PowerEvent) {
        match event {
            PowerEvent::Rise { number, step } if number == self.power.source_number => {
                self.power.share = f64::from(step) / f64::from(RISE_STEPS);
                self.settle();
            }
            PowerEvent::Gone { number } if number == self.power.source_number => {
                self.power.share = 0.0;
                self.settle();
            }
            PowerEvent::Empty { number } if number == self.power.input_number => self.collapse(),
            PowerEvent::Start { number } if number == self.power.input_number => {
                self.power.starting = false;
                self.power.up = true;
                self.start_boot(true);
            }
            PowerEvent::Drain => {
                self.power.draining = false;
                self.settle();
            }
            PowerEvent::Recovered { number } if number == self.power.step_number => {
                self.power.dip_v = 0.0;
                self.settle();
            }
            PowerEvent::Warms { number } if number == self.power.source_number => {
                self.plan_warmth();
                self.settle();
            }
            _ => {}
        }
    }

    /// Voltage of the source without a load now: as far as it has risen, less what the mains does not give and the warmth takes.
    fn open_v(&self, adapter: &AdapterModel) -> f64 {
        let full = if adapter.programmable { self.power.set_v.unwrap_or(adapter.open_v) } else { adapter.open_v };
        let output = full.get() * self.power.share * self.output_share();
        if adapter.warm_v.get() <= 0.0 {
            return output;
        }
        let warmth = 1.0 - exp(-self.now.since(self.power.started).get() / adapter.warm_s.get().max(1.0));
        (output - adapter.warm_v.get() * warmth).max(0.0)
    }

    /// Solves the electrical state after a change of source or load.
    pub(super) fn settle(&mut self) {
        let Some(adapter) = self.adapter() else { return };
        let open_v = self.open_v(adapter);
        let (ohm, limit, step_v_per_a) = (adapter.ohm(), adapter.limit_a.get(), adapter.step_v_per_a);
        if self.power.up {
            let watts = self.load_w();
            if step_v_per_a > 0.0 {
                self.take_step(operating_point(open_v, ohm, watts), step_v_per_a);
            }
            let point = operating_point(open_v - self.power.dip_v, ohm, watts);
            let lockout = self.camera.model.power.lockout_v.get();
            match point.filter(|point| point.amps <= limit && point.volts >= lockout) {
                Some(point) => {
                    if self.power.failing {
                        self.power.failing = false;
                        self.power.input_number += 1;
                    }
                    self.power.plug = point;
                }
                None => self.fail(open_v, point.is_none_or(|point| point.amps > limit)),
            }
        } else {
            self.settle_unloaded(open_v);
        }
        self.show_plug();
    }

    /// Lets the output dip when the current has risen at once.
    fn take_step(&mut self, steady: Option<Point>, step_v_per_a: f64) {
        let Some(steady) = steady else { return };
        let rise = steady.amps - self.power.steady_amps;
        self.power.steady_amps = steady.amps;
        if rise > STEP_A {
            self.power.dip_v = rise * step_v_per_a;
            self.power.step_number += 1;
            let number = self.power.step_number;
            let span = self.adapter().map_or(Seconds::ZERO, |adapter| adapter.step_s);
            self.queue.push(self.now + span, Event::Power(PowerEvent::Recovered { number }));
        }
    }

    /// What the camera draws, in watts: with its lamps, which also the room's light may switch.
    fn load_w(&self) -> f64 {
        let (load, life) = (&self.camera.model.load, self.camera.life);
        let dark = load.ir_below.is_some_and(|below| self.room() < below) && matches!(life, Life::Up | Life::Accepted(_));
        let from_boot = load.ir_at_boot && matches!(life, Life::Boot(_) | Life::Up | Life::Accepted(_));
        let lamps = (dark || from_boot) && !self.camera.infrared;
        self.camera.watts() + if lamps { load.ir_w } else { 0.0 }
    }

    /// The input voltage breaks down: the capacitor feeds the camera for a moment, then it goes out.
    fn fail(&mut self, open_v: f64, over_current: bool) {
        if self.power.failing {
            return;
        }
        let input = &self.camera.model.power;
        let lockout = input.lockout_v.get();
        let ride = ride_through(input.capacitor_f, self.power.plug.volts, lockout, self.load_w());
        self.power.failing = true;
        self.power.input_number += 1;
        self.power.plug = Point { volts: lockout, amps: 0.0 };
        self.queue.push(self.now + ride, Event::Power(PowerEvent::Empty { number: self.power.input_number }));
        if open_v > 0.0 && over_current && self.power.mains {
            self.trip();
        }
    }

    /// The source protects itself.
    fn trip(&mut self) {
        if let Some(OverCurrent::Retry { after_s }) = self.adapter().map(|adapter| adapter.over_current.clone()) {
            self.power.source_number += 1;
            self.power.share = 0.0;
            self.rise_after(after_s);
        }
    }

    /// The camera goes out.
    pub(super) fn collapse(&mut self) {
        self.power.failing = false;
        self.power.input_number += 1;
        self.power.up = false;
        self.power.steady_amps = 0.0;
        self.power.dip_v = 0.0;
        self.sampler.set_tones(&[]);
        self.sampler.set_motor(0.0);
        self.power.left_v = self.power.plug.volts;
        self.power.left_since = self.now;
        self.go_out(self.power.mains);
        self.settle();
    }

    fn settle_unloaded(&mut self, open_v: f64) {
        let input = &self.camera.model.power;
        let left = residual(self.power.left_v, self.now.since(self.power.left_since), input.drain_s);
        let (restart_v, delay, drain) = (input.restart_v.get(), input.restart_delay_s, input.drain_s);
        self.power.plug = Point { volts: open_v.max(left), amps: 0.0 };
        if open_v >= left {
            self.power.left_v = open_v;
            self.power.left_since = self.now;
        } else if left > 0.0 && !self.power.draining {
            self.power.draining = true;
            let step = Seconds::from_micro((drain.micro() / DRAIN_STEPS).max(1000));
            self.queue.push(self.now + step, Event::Power(PowerEvent::Drain));
        }
        if open_v >= restart_v && !self.power.starting {
            self.power.starting = true;
            self.power.input_number += 1;
            // At least a millisecond, so that a world that was not checked cannot stop time.
            let delay = delay.max(Seconds::from_millis(1));
            self.queue.push(self.now + delay, Event::Power(PowerEvent::Start { number: self.power.input_number }));
        } else if open_v < restart_v && self.power.starting {
            self.power.starting = false;
            self.power.input_number += 1;
        }
    }

    /// What the meter at the plug sees now.
    pub(super) fn show_plug(&mut self) {
        let sensor = &self.plug_sensor;
        let ripple =
            if self.power.share > 0.0 { self.adapter().map_or(0.0, |adapter| adapter.ripple_v.get() / 6.0) } else { 0.0 };
        let noise_v = sensor.noise_v.get();
        let busy = if self.power.plug.amps > 0.0 { sensor.busy_a.get() } else { 0.0 };
        let noise_a = sensor.noise_a.get();
        self.sampler.set(Channel::PlugVoltage, self.power.plug.volts, (noise_v * noise_v + ripple * ripple).sqrt());
        self.sampler.set(Channel::PlugCurrent, self.power.plug.amps, (noise_a * noise_a + busy * busy).sqrt());
    }
}
