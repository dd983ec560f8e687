//! The solenoid: its heat and its stroke.

use super::chance::Draw;
use super::math::exp;
use super::world::CoilModel;
use crate::domain::units::{Celsius, Seconds, Tick};

/// The solenoid's state.
pub(super) struct Coil {
    model: CoilModel,
    ambient: f64,
    celsius: f64,
    /// The moment for which the temperature holds.
    at: Tick,
    on_since: Option<Tick>,
}

/// The motions of one press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    /// From current on to contact closed for good.
    pub pull_in: Seconds,
    /// From current off to contact open.
    pub drop_out: Seconds,
}

impl Coil {
    pub fn new(model: CoilModel, ambient: Celsius) -> Self {
        let celsius = model.start_c.unwrap_or(ambient).get();
        Self { model, ambient: ambient.get(), celsius, at: Tick::ZERO, on_since: None }
    }

    /// Whether current flows.
    pub fn is_on(&self) -> bool {
        self.on_since.is_some()
    }

    /// Switches the current.
    pub fn switch(&mut self, now: Tick, on: bool) {
        self.warm_to(now);
        self.on_since = on.then_some(now);
    }

    /// Its temperature now, to a thousandth of a degree: what a journal holds and a redone trial starts from.
    pub fn settle(&mut self, now: Tick) -> Celsius {
        self.warm_to(now);
        self.set(now, Celsius::new((self.celsius * 1000.0).round() / 1000.0))
    }

    /// Gives it a temperature.
    pub fn set(&mut self, now: Tick, celsius: Celsius) -> Celsius {
        self.at = now;
        self.celsius = celsius.get();
        celsius
    }

    /// The motions of a press that begins now. A hot coil has less current at the same voltage and pulls in later.
    pub fn stroke(&self, draw: &mut Draw) -> Stroke {
        let m = &self.model;
        let slower = (1.0 + m.slower_per_k * (self.celsius - 20.0)).max(0.1);
        let pull = draw.span(m.pull_in_s, m.pull_in_sd_s).get() * slower;
        let bounce = m.bounce_s.get() * draw.uniform();
        Stroke { pull_in: Seconds::new(pull + bounce), drop_out: draw.span(m.drop_out_s, m.drop_out_sd_s) }
    }

    /// Force of the tip on a button, as warm as the coil was when it was last switched: with less current, less force.
    pub fn force_n(&self) -> f64 {
        let m = &self.model;
        m.force_n * (1.0 - m.weaker_per_k * (self.celsius - 20.0)).clamp(0.0, 2.0)
    }

    /// Force of the tip against something that does not give.
    pub fn stiff_n(&self) -> f64 {
        self.model.stiff_n
    }

    /// Whether it is so hot that a coil that cannot hold lets go.
    pub fn lets_go(&mut self, now: Tick) -> bool {
        self.warm_to(now);
        self.is_on() && self.celsius >= self.model.drop_above_c.get()
    }

    /// First-order heating, as `Interlocks` describes it: full power for the peak time, then the holding power.
    fn warm_to(&mut self, now: Tick) {
        if let Some(on) = self.on_since {
            let peak_end = (on + self.model.peak_s).min(now);
            self.warm(peak_end, self.model.pull_w);
            self.warm(now, self.model.hold_w);
        } else {
            self.warm(now, 0.0);
        }
    }

    fn warm(&mut self, until: Tick, watts: f64) {
        if until > self.at {
            let end = self.ambient + watts * self.model.k_per_w;
            let rest = exp(-until.since(self.at).get() / self.model.tau_s.get().max(0.1));
            self.celsius = end + (self.celsius - end) * rest;
            self.at = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::{Chance, Purpose};
    use super::*;

    fn coil() -> Coil {
        Coil::new(CoilModel::default(), Celsius::new(20.0))
    }

    #[test]
    fn heat_follows_the_first_order_model() {
        let mut coil = coil();
        coil.switch(Tick(0), true);
        // 0.15 s at 5 W, then 1.25 W: after one time constant 63.2 % of 16.25 K.
        let warm = coil.settle(Tick(300_000_000)).get();
        assert!((warm - (20.0 + 16.25 * (1.0 - (-1.0f64).exp()))).abs() < 0.05, "{warm}");
        coil.switch(Tick(300_000_000), false);
        let cool = coil.settle(Tick(600_000_000)).get();
        assert!((cool - (20.0 + (warm - 20.0) * (-1.0f64).exp())).abs() < 0.01, "{cool}");
    }

    #[test]
    fn heat_does_not_depend_on_how_often_one_looks() {
        let (mut often, mut once) = (coil(), coil());
        often.switch(Tick(0), true);
        once.switch(Tick(0), true);
        for i in 1..=100 {
            often.warm_to(Tick(i * 100_000));
        }
        assert_eq!(often.settle(Tick(10_000_000)), once.settle(Tick(10_000_000)));
    }

    #[test]
    fn a_hot_coil_pulls_in_later() {
        let chance = Chance::new(1);
        let mut coil = coil();
        let cold = coil.stroke(&mut chance.at(Purpose::Stroke, 1));
        coil.set(Tick(0), Celsius::new(80.0));
        let hot = coil.stroke(&mut chance.at(Purpose::Stroke, 1));
        assert!(hot.pull_in > cold.pull_in);
        assert_eq!(hot.drop_out, cold.drop_out);
    }

    #[test]
    fn a_hot_coil_is_thirty_percent_weaker() {
        let mut coil = coil();
        coil.set(Tick(0), Celsius::new(85.0));
        assert!((coil.force_n() / 5.0 - 0.7).abs() < 0.01);
    }
}
