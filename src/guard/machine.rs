//! The guard's rules as a pure machine. It is told what happened and when, and answers with what is to be done. The same machine runs
//! beside a twin and in the guard's own process.
//!
//! Who runs it must give it [`Input::Tick`] at [`Machine::deadline`] and do its actions in order, at once. Then, however late or wrong
//! all other inputs are: the coil is on no longer than its maximum and never hotter than its highest temperature; nothing is energised
//! after a trip until a new session arms; the supply stays below its ceiling; and power is not taken away inside the write window but for
//! over-voltage, over-current, an emergency stop or an explicit order.

use super::carried::Carried;
use super::coil::Coil;
use super::rules::{LEASE, Lease, OVER_CURRENT_FOR, Rules};
use super::supply::Supply;
use super::words::{Action, CutCause, Input, PowerCut, Refusal, SessionId, SourceId, TripReason};
use crate::domain::units::{Amps, Celsius, Seconds, Tick, Volts};

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// No session has come yet. Everything is off.
    Idle,
    /// A session holds the outputs as long as it beats and keeps what its engine announced.
    Armed { beat_by: Tick, announced: Tick },
    /// Nothing is energised. A supply that was on goes off with the end of the write window.
    Tripped(TripReason),
}

/// The machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    rules: Rules,
    state: State,
    newest: Option<SessionId>,
    coil: Coil,
    supply: Supply,
    e_stop: bool,
    over_current_since: Option<Tick>,
    now: Tick,
    deadline: Tick,
}

impl Machine {
    /// A machine at tick 0 with all outputs off, and what the bench carries from before.
    pub fn new(rules: Rules, carried: &Carried) -> Self {
        let rise_k = rules.heat.rested(carried.coil_rise_k, carried.rested_s);
        let coil = Coil::new(rise_k, Tick::ZERO + (carried.coil_wait_s - carried.rested_s), rules.air);
        let supply = Supply::new(&rules, Tick::ZERO + (carried.supply_wait_s - carried.rested_s));
        Self {
            rules,
            state: State::Idle,
            newest: None,
            coil,
            supply,
            e_stop: false,
            over_current_since: None,
            now: Tick::ZERO,
            deadline: Tick::NEVER,
        }
    }

    /// Takes an input and tells what is to be done now. Time never goes back: an earlier `now` counts as the latest one.
    pub fn step(&mut self, input: Input, now: Tick) -> Vec<Action> {
        let now = now.max(self.now);
        self.now = now;
        let mut actions = Vec::new();
        self.expire(now, &mut actions);
        if let Err(refusal) = self.take(input, now, &mut actions) {
            actions.push(Action::Refuse(refusal));
        }
        self.rest_when_tripped(now, &mut actions);
        self.deadline = self.next_deadline();
        actions
    }

    /// The device declined an action, and nothing was done (a device that failed half-way must not be reported so).
    pub fn declined(&mut self, action: Action) {
        match action {
            Action::Energise(_) => self.coil.declined(),
            Action::Output(on) => self.supply.declined_output(on, self.now),
            Action::SetSupply(_) => self.supply.declined_set(),
            Action::Connect(_) => self.supply.declined_connect(),
            Action::DeEnergise | Action::Refuse(_) | Action::Trip(_) | Action::PowerCut(_) => {}
        }
        self.deadline = self.next_deadline();
    }

    /// When [`Input::Tick`] is needed next. Later than the last input's time.
    pub fn deadline(&self) -> Tick {
        self.deadline
    }

    /// Why it tripped, while it is tripped.
    pub fn tripped(&self) -> Option<TripReason> {
        match self.state {
            State::Tripped(reason) => Some(reason),
            State::Idle | State::Armed { .. } => None,
        }
    }

    /// The bounds.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether the supply was ordered off, or never on.
    pub fn supply_is_off(&self) -> bool {
        self.supply.on_since().is_none()
    }

    /// Whether a session holds the outputs.
    pub fn is_armed(&self) -> bool {
        matches!(self.state, State::Armed { .. })
    }

    /// Whether everything is off and nothing is ordered.
    pub fn is_off(&self) -> bool {
        self.supply.on_since().is_none() && self.coil.is_at_rest()
    }

    /// For how long from `now` on the camera may be writing flash, with the whole of a press that was ordered; nothing while the supply is off.
    pub fn may_write_for(&self, now: Tick) -> Seconds {
        let Some(on_since) = self.supply.on_since() else { return Seconds::ZERO };
        let last = self.coil.last_pressed(Tick::NEVER).map_or(on_since, |pressed| pressed.max(on_since));
        (last + self.rules.write_window).since(now)
    }

    /// The source whose open-circuit voltage may be measured now: connected, with the output off.
    pub fn idle_source(&self) -> Option<SourceId> {
        self.supply.idle_source()
    }

    /// Temperature of the coil by the model at `at`, not before the last input.
    pub fn coil_temperature(&self, at: Tick) -> Celsius {
        self.coil.temperature(&self.rules, at)
    }

    /// Takes the coil to have this temperature at `now`: for a bench that can set up its own past. No session may ask for it.
    pub fn assume_coil(&mut self, coil: Celsius, now: Tick) {
        self.now = self.now.max(now);
        self.coil.assume_temperature(coil, self.now);
        self.deadline = self.next_deadline();
    }

    /// The first moment, not before `now`, at which a press so long would fit heat budget and minimum off time if nothing else happened;
    /// [`Tick::NEVER`] when it never would.
    pub fn possible_from(&self, longest: Seconds, now: Tick) -> Tick {
        self.coil.possible_from(&self.rules, longest, now.max(self.now))
    }

    /// What is to be kept for the next process. Write it down before a press is acted on: it counts the whole of it.
    pub fn carried(&self, now: Tick) -> Carried {
        let now = now.max(self.now);
        let (coil_rise_k, coil_wait_s) = self.coil.carried(&self.rules, now);
        let supply_wait_s = match self.supply.on_since() {
            Some(_) => self.rules.supply_min_off,
            None => self.supply.ready_at().since(now),
        };
        Carried { coil_rise_k, coil_wait_s, supply_wait_s, rested_s: Seconds::ZERO, taken: None }
    }

    fn take(&mut self, input: Input, now: Tick, actions: &mut Vec<Action>) -> Result<(), Refusal> {
        match input {
            Input::Arm(session) => self.arm(session, now)?,
            Input::Beat { deadline } => self.beat(deadline, now, actions),
            Input::SocketClosed if matches!(self.state, State::Armed { .. }) => self.trip(TripReason::SocketClosed, now, actions),
            Input::Press(order) => {
                self.armed()?;
                self.coil.order(&self.rules, order, now)?;
                actions.push(Action::Energise(order));
            }
            Input::Release => self.release(now, actions),
            Input::SetSupply(volts) => {
                self.armed()?;
                self.supply.set(&self.rules, volts, self.write_window(now))?;
                actions.push(Action::SetSupply(volts));
            }
            Input::Output(on) => self.output(on, now, actions)?,
            Input::Switched => self.supply.switched(now),
            Input::PowerOffNow => {
                self.release(now, actions);
                self.cut(CutCause::Ordered, now, actions);
            }
            Input::Connect(source) => {
                self.armed()?;
                self.supply.connect(&self.rules, source)?;
                actions.push(Action::Connect(source));
            }
            Input::EStop { pressed } => {
                self.e_stop = pressed;
                if pressed {
                    self.trip(TripReason::EStop, now, actions);
                }
            }
            Input::Terminate => self.trip(TripReason::Terminated, now, actions),
            Input::Tick | Input::SocketClosed => {}
            _ => self.sense(input, now, actions),
        }
        Ok(())
    }

    /// Takes what was measured.
    fn sense(&mut self, input: Input, now: Tick, actions: &mut Vec<Action>) {
        match input {
            Input::OpenCircuit(volts) => self.supply.open_circuit(volts),
            Input::Plug { highest, lowest } => self.plug(highest, lowest, now, actions),
            Input::Air(air) => self.coil.set_air(air),
            Input::CoilTemperature(coil) => self.coil.measured(&self.rules, coil, now),
            Input::CoilEdge { energised, at } => {
                if let Err(reason) = self.coil.edge(&self.rules, energised, at, now) {
                    self.trip(reason, now, actions);
                }
            }
            _ => {}
        }
        if self.coil.will_overheat(&self.rules, now) {
            self.trip(TripReason::TooHot, now, actions);
        }
    }

    /// Does what was due by `now`.
    fn expire(&mut self, now: Tick, actions: &mut Vec<Action>) {
        match self.coil.expire(&self.rules, now) {
            Ok(true) => actions.push(Action::DeEnergise),
            Ok(false) => {}
            Err(reason) => self.trip(reason, now, actions),
        }
        if let State::Armed { beat_by, announced } = self.state {
            if now >= announced {
                self.trip(TripReason::EngineOverran, now, actions);
            } else if now >= beat_by {
                self.trip(TripReason::NoBeat, now, actions);
            }
        }
    }

    /// After a trip the supply goes off as soon as the camera can no longer be writing.
    fn rest_when_tripped(&mut self, now: Tick, actions: &mut Vec<Action>) {
        if matches!(self.state, State::Tripped(_)) && self.supply.on_since().is_some() && self.write_window(now).is_none() {
            self.switch_off(now, actions);
        }
    }

    /// Until when the engine must be heard of; [`Tick::NEVER`] while nobody is armed.
    pub fn lease(&self) -> Tick {
        match self.state {
            State::Armed { beat_by, announced } => beat_by.min(announced),
            State::Tripped(_) | State::Idle => Tick::NEVER,
        }
    }

    fn next_deadline(&self) -> Tick {
        let next = match self.state {
            State::Armed { .. } | State::Idle => self.lease(),
            State::Tripped(_) => self.write_window(self.now).unwrap_or(Tick::NEVER),
        };
        next.min(self.coil.deadline())
    }

    fn armed(&self) -> Result<(), Refusal> {
        match self.state {
            State::Armed { .. } => Ok(()),
            State::Idle => Err(Refusal::NotArmed),
            State::Tripped(reason) => Err(Refusal::Tripped(reason)),
        }
    }

    fn arm(&mut self, session: SessionId, now: Tick) -> Result<(), Refusal> {
        match self.state {
            State::Armed { .. } => return Err(Refusal::Taken),
            State::Tripped(TripReason::Terminated) => return Err(Refusal::Ending),
            State::Idle | State::Tripped(_) => {}
        }
        if self.newest >= Some(session) {
            return Err(Refusal::OldSession);
        }
        if self.e_stop {
            return Err(Refusal::EStopPressed);
        }
        if self.coil.is_stuck() {
            return Err(Refusal::CoilStuck);
        }
        self.newest = Some(session);
        self.over_current_since = None;
        let beat_by = match self.rules.lease {
            Lease::Beats => now + LEASE,
            Lease::SharedClock => Tick::NEVER,
        };
        self.state = State::Armed { beat_by, announced: Tick::NEVER };
        Ok(())
    }

    fn beat(&mut self, deadline: Tick, now: Tick, actions: &mut Vec<Action>) {
        if let State::Armed { beat_by, announced } = &mut self.state {
            *announced = deadline;
            if self.rules.lease == Lease::Beats {
                *beat_by = now + LEASE;
            }
            if deadline <= now {
                self.trip(TripReason::EngineOverran, now, actions);
            }
        }
    }

    fn release(&mut self, now: Tick, actions: &mut Vec<Action>) {
        self.coil.end(&self.rules, now);
        actions.push(Action::DeEnergise);
    }

    fn output(&mut self, on: bool, now: Tick, actions: &mut Vec<Action>) -> Result<(), Refusal> {
        if on {
            self.armed()?;
            if self.supply.switch_on(&self.rules, now)? {
                actions.push(Action::Output(true));
            }
        } else {
            if let Some(until) = self.write_window(now) {
                return Err(Refusal::WriteWindow { until });
            }
            self.switch_off(now, actions);
        }
        Ok(())
    }

    fn plug(&mut self, highest: Option<Volts>, lowest: Option<Amps>, now: Tick, actions: &mut Vec<Action>) {
        if self.supply.on_since().is_none() {
            self.over_current_since = None;
            return;
        }
        if highest.is_some_and(|volts| volts > self.rules.over_voltage) {
            self.trip(TripReason::OverVoltage, now, actions);
            return;
        }
        let Some(amps) = lowest else { return };
        self.over_current_since = (amps > self.rules.over_current).then(|| self.over_current_since.unwrap_or(now));
        if self.over_current_since.is_some_and(|since| now.since(since) >= OVER_CURRENT_FOR) {
            self.trip(TripReason::OverCurrent, now, actions);
        }
    }

    /// Makes safe. The first reason stands, except that an ending process is never armed again.
    fn trip(&mut self, reason: TripReason, now: Tick, actions: &mut Vec<Action>) {
        self.release(now, actions);
        if let Some(cause) = reason.cut_cause() {
            self.cut(cause, now, actions);
        }
        let news = self.tripped().is_none();
        if news || reason == TripReason::Terminated {
            self.state = State::Tripped(reason);
        }
        if news {
            actions.push(Action::Trip(reason));
        }
    }

    /// Takes the power away whatever the camera does.
    fn cut(&mut self, cause: CutCause, now: Tick, actions: &mut Vec<Action>) {
        let window = self.write_window(now);
        self.switch_off(now, actions);
        if let Some(end) = window {
            actions.push(Action::PowerCut(PowerCut { at: now, cause, left: end.since(now) }));
        }
    }

    fn switch_off(&mut self, now: Tick, actions: &mut Vec<Action>) {
        self.supply.switch_off(&self.rules, now);
        self.over_current_since = None;
        actions.push(Action::Output(false));
    }

    /// The end of the write window while the supply is on and `now` lies inside.
    fn write_window(&self, now: Tick) -> Option<Tick> {
        let on_since = self.supply.on_since()?;
        let last = self.coil.last_pressed(now).map_or(on_since, |pressed| pressed.max(on_since));
        Some(last + self.rules.write_window).filter(|end| now < *end)
    }
}
