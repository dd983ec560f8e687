//! The camera's light, and what the sensor sees of it.

use super::bench::{Bench, Event};
use super::world::LightModel;
use crate::domain::observation::LightShape;
use crate::domain::profile::LightMeaning;
use crate::domain::units::Seconds;
use crate::ports::Channel;

impl Bench {
    /// Lets the light show something from now on. A pattern that is shown already goes on.
    pub(super) fn show(&mut self, meaning: Option<LightMeaning>) {
        if self.camera.light == meaning {
            return;
        }
        self.camera.light = meaning;
        self.camera.light_number += 1;
        match self.light_model() {
            Some(LightModel { shape: LightShape::Solid, .. }) => self.set_lit(true),
            Some(LightModel { shape: LightShape::Blink, .. }) => self.blink(true),
            _ => self.set_lit(false),
        }
    }

    /// The next edge of a blink.
    pub(super) fn light_edge(&mut self, number: u32) {
        if number == self.camera.light_number {
            self.blink(!self.camera.lit);
        }
    }

    fn blink(&mut self, lit: bool) {
        self.set_lit(lit);
        let Some(model) = self.light_model() else { return };
        let period = 1.0 / model.hz.map_or(1.0, |hz| hz.get()).max(0.01);
        let share = if lit { model.duty } else { 1.0 - model.duty };
        // At least a millisecond, so that a world that was not checked cannot stop time.
        let span = Seconds::new((period * share).max(0.001));
        self.queue.push(self.now + span, Event::Light { number: self.camera.light_number });
    }

    fn light_model(&self) -> Option<&LightModel> {
        self.camera.model.light.get(&self.camera.light?)
    }

    fn set_lit(&mut self, lit: bool) {
        self.camera.lit = lit;
        self.show_light();
    }

    /// What the sensor sees now.
    pub(super) fn show_light(&mut self) {
        let sensor = &self.light_sensor;
        let lamp = if self.camera.lit { self.light_model().map_or(0.0, |model| model.brightness) } else { 0.0 };
        self.sampler.set(Channel::Light, sensor.offset + sensor.ambient + lamp, sensor.noise);
    }
}
