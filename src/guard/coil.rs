//! The coil's part of the machine: one press at a time, within maximum, rest and heat.

use super::rules::{EDGE_GRACE, HEADROOM_K, Rules, SECOND_WORD};
use super::words::{Refusal, TripReason};
use crate::domain::units::{Celsius, Seconds, Tick};
use crate::ports::PressOrder;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Off, and nothing ordered.
    Rest,
    /// A press is ordered, or on.
    Ordered(PressOrder),
    /// Energised against orders, since then.
    Stuck(Tick),
}

/// What is known of the coil.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coil {
    state: State,
    /// Rise above the air at `rise_at`; since then the coil has followed `state`.
    rise_k: f64,
    rise_at: Tick,
    /// End of the minimum off time.
    ready_at: Tick,
    /// When it was last energised.
    last_on: Option<Tick>,
    /// An edge to on was reported, and none to off since.
    seen_on: bool,
    /// A coil that rests must have been reported off by then.
    grace_until: Tick,
    /// An order has ended by itself and was not reported off: it is told once more then.
    second_word_at: Tick,
    /// Temperature of the air.
    air: Celsius,
}

impl Coil {
    pub(super) fn new(rise_k: f64, ready_at: Tick, air: Celsius) -> Self {
        Self {
            state: State::Rest,
            rise_k,
            rise_at: Tick::ZERO,
            ready_at,
            last_on: None,
            seen_on: false,
            grace_until: Tick::ZERO,
            second_word_at: Tick::NEVER,
            air,
        }
    }

    /// Accepts a press as a whole or refuses it as a whole.
    pub(super) fn order(&mut self, rules: &Rules, order: PressOrder, now: Tick) -> Result<(), Refusal> {
        if order.at < now || order.release_at <= order.at {
            return Err(Refusal::BadOrder);
        }
        let longest = order.release_at.since(order.at);
        if longest > rules.coil_max_on {
            return Err(Refusal::TooLong { asked: longest, max: rules.coil_max_on });
        }
        match self.state {
            State::Rest if self.seen_on => return Err(Refusal::CoilBusy { until: self.grace_until }),
            State::Rest => {}
            State::Ordered(other) => return Err(Refusal::CoilBusy { until: other.release_at + rules.coil_min_off }),
            State::Stuck(_) => return Err(Refusal::CoilStuck),
        }
        if order.at < self.ready_at {
            return Err(Refusal::CoilResting { until: self.ready_at });
        }
        if self.rise(rules, order.at) > rules.heat.hottest_start(self.planned_limit(rules), longest) {
            return Err(match self.possible_from(rules, longest, order.at) {
                Tick::NEVER => Refusal::NeverCool,
                until => Refusal::TooHot { until },
            });
        }
        self.rise_k = self.rise(rules, now);
        self.rise_at = now;
        self.second_word_at = Tick::NEVER;
        self.state = State::Ordered(order);
        Ok(())
    }

    /// Ends an order at `now` or at its own end, whichever is earlier. One that has not begun leaves no mark.
    pub(super) fn end(&mut self, rules: &Rules, now: Tick) {
        let State::Ordered(order) = self.state else { return };
        let end = order.release_at.min(now);
        if end > order.at {
            self.rise_k = self.rise(rules, end);
            self.rise_at = end;
            self.came_off(rules, end);
        }
        self.state = State::Rest;
        self.second_word_at = Tick::NEVER;
    }

    /// The device did not take the order: nothing was energised.
    pub(super) fn declined(&mut self) {
        if matches!(self.state, State::Ordered(_)) {
            self.state = State::Rest;
        }
    }

    /// What the coil's current did. Reports may come late, so an edge is held against the order of its own time.
    pub(super) fn edge(&mut self, rules: &Rules, energised: bool, at: Tick, now: Tick) -> Result<(), TripReason> {
        self.seen_on = energised;
        match (self.state, energised) {
            (State::Ordered(order), true) if at + EDGE_GRACE >= order.at => Ok(()),
            (State::Rest | State::Ordered(_), true) if self.last_on.is_some_and(|last| at <= last + EDGE_GRACE) => {
                self.grace_until = self.grace_until.max(now + EDGE_GRACE);
                Ok(())
            }
            (State::Rest | State::Ordered(_), true) => {
                self.rise_k = self.rise(rules, at);
                self.rise_at = at;
                self.state = State::Stuck(at);
                self.last_on = Some(at);
                Err(TripReason::CoilStuck)
            }
            (State::Stuck(_), true) => Ok(()),
            (State::Stuck(_), false) => {
                self.rise_k = self.rise(rules, at);
                self.rise_at = at;
                self.state = State::Rest;
                self.came_off(rules, at);
                Ok(())
            }
            (State::Rest, false) => {
                self.second_word_at = Tick::NEVER;
                self.add_overtime(rules, at);
                Ok(())
            }
            (State::Ordered(_), false) => Ok(()),
        }
    }

    /// Lets time pass: an order ends, a coil that was not reported off is stuck. Tells whether it has to be told to go off once more.
    pub(super) fn expire(&mut self, rules: &Rules, now: Tick) -> Result<bool, TripReason> {
        if let State::Ordered(order) = self.state
            && order.release_at <= now
        {
            self.end(rules, now);
            self.second_word_at = order.release_at + SECOND_WORD;
        }
        if self.state == State::Rest && self.seen_on && now >= self.grace_until {
            self.state = State::Stuck(self.rise_at);
            return Err(TripReason::CoilStuck);
        }
        let again = now >= self.second_word_at;
        if again {
            self.second_word_at = Tick::NEVER;
        }
        Ok(again)
    }

    /// When [`Coil::expire`] next has something to do.
    pub(super) fn deadline(&self) -> Tick {
        match self.state {
            State::Ordered(order) => order.release_at,
            State::Rest if self.seen_on => self.grace_until.min(self.second_word_at),
            State::Rest => self.second_word_at,
            State::Stuck(_) => Tick::NEVER,
        }
    }

    /// The air's temperature changed.
    pub(super) fn set_air(&mut self, air: Celsius) {
        self.air = air;
    }

    /// A measured temperature is believed where it is higher.
    pub(super) fn measured(&mut self, rules: &Rules, coil: Celsius, now: Tick) {
        if coil > self.temperature(rules, now) {
            self.assume_temperature(coil, now);
        }
    }

    /// The coil has this temperature at `now`, whatever the model says.
    pub(super) fn assume_temperature(&mut self, coil: Celsius, now: Tick) {
        self.rise_k = (coil - self.air).get().max(0.0);
        self.rise_at = now;
    }

    /// Whether the press that is ordered would end above the highest temperature.
    pub(super) fn will_overheat(&self, rules: &Rules, now: Tick) -> bool {
        let State::Ordered(order) = self.state else { return false };
        let begin = order.at.max(now);
        let peak = rules.heat.peak(self.rise(rules, begin), begin.since(order.at), order.release_at.since(begin));
        peak > (rules.coil_max - self.air).get()
    }

    /// Temperature at `at`, not before the last input.
    pub(super) fn temperature(&self, rules: &Rules, at: Tick) -> Celsius {
        self.air + Celsius::new(self.rise(rules, at))
    }

    /// The first moment from `now` on at which a press so long would be accepted, if nothing else happens.
    pub(super) fn possible_from(&self, rules: &Rules, longest: Seconds, now: Tick) -> Tick {
        if longest > rules.coil_max_on {
            return Tick::NEVER;
        }
        let earliest = match self.state {
            State::Rest if self.seen_on => now.max(self.ready_at).max(self.grace_until),
            State::Rest => now.max(self.ready_at),
            State::Ordered(order) => now.max(order.release_at + rules.coil_min_off.max(EDGE_GRACE)),
            State::Stuck(_) => return Tick::NEVER,
        };
        // A billionth less than allowed, so that rounding cannot make the answer too early.
        let target = rules.heat.hottest_start(self.planned_limit(rules), longest) * (1.0 - 1e-9);
        rules.heat.time_to_cool(self.rise(rules, earliest), target).map_or(Tick::NEVER, |wait| earliest + wait)
    }

    /// When the button was last pressed, as far as `now` can tell; the end of a press that is on.
    pub(super) fn last_pressed(&self, now: Tick) -> Option<Tick> {
        match self.state {
            State::Ordered(order) if order.at <= now => Some(order.release_at),
            _ => self.last_on,
        }
    }

    /// Rise and the rest of the minimum off time after all that is ordered: what is carried over a restart that may come at any moment.
    pub(super) fn carried(&self, rules: &Rules, now: Tick) -> (f64, Seconds) {
        match self.state {
            State::Rest => (self.rise(rules, now), self.ready_at.since(now)),
            State::Ordered(order) => (self.rise(rules, now).max(self.rise(rules, order.release_at)), rules.coil_min_off),
            State::Stuck(_) => (rules.heat.stuck(self.rise(rules, now), Seconds::new(1e9)), rules.coil_min_off),
        }
    }

    /// Whether it is off and nothing is ordered.
    pub(super) fn is_at_rest(&self) -> bool {
        matches!(self.state, State::Rest)
    }

    pub(super) fn is_stuck(&self) -> bool {
        matches!(self.state, State::Stuck(_))
    }

    /// Rise above the air at `at`, not before `rise_at`.
    fn rise(&self, rules: &Rules, at: Tick) -> f64 {
        match self.state {
            State::Stuck(since) => rules.heat.stuck(self.rise_k, at.since(since)),
            State::Ordered(order) if at > order.at => {
                let begin = order.at.max(self.rise_at);
                let start = rules.heat.rested(self.rise_k, begin.since(self.rise_at));
                let end = at.min(order.release_at);
                rules.heat.rested(rules.heat.continued(start, begin.since(order.at), end.since(begin)), at.since(end))
            }
            _ => rules.heat.rested(self.rise_k, at.since(self.rise_at)),
        }
    }

    fn planned_limit(&self, rules: &Rules) -> f64 {
        (rules.coil_max - self.air).get() - HEADROOM_K
    }

    fn came_off(&mut self, rules: &Rules, at: Tick) {
        self.last_on = Some(at);
        self.ready_at = at + rules.coil_min_off;
        self.grace_until = at + EDGE_GRACE;
    }

    /// The coil went off somewhat later than it was ordered to.
    fn add_overtime(&mut self, rules: &Rules, at: Tick) {
        let Some(last) = self.last_on.filter(|last| at > *last) else { return };
        self.rise_k = self.rise(rules, at) + rules.heat.overtime(at.since(last));
        self.rise_at = at;
        self.came_off(rules, at);
    }
}
