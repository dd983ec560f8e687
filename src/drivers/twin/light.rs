//! The camera's light and the room's, and what the sensors see of them.

use super::bench::{Bench, Event};
use super::chance::Purpose;
use super::math::sine;
use super::world::{LightModel, LightSensor};
use crate::domain::observation::{Colour, LightShape};
use crate::domain::profile::LightMeaning;
use crate::domain::units::{Seconds, Tick};
use crate::ports::Channel;

/// How often a room whose light changes is looked at: a second of the fastest dawn changes less than the noise.
const LOOK: Seconds = Seconds::from_millis(1000);
/// The channels behind filters, in the order of the filters' rows.
const FILTERED: [Channel; 3] = [Channel::Red, Channel::Green, Channel::Blue];

/// What the camera's lamp gives now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Lamp {
    /// At the light sensor, as a share of full scale; 0: dark.
    brightness: f64,
    /// White where there is none.
    colour: Option<Colour>,
}

/// The sky over the room.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sky {
    /// When the trial began.
    since: Tick,
    /// The hour of the day then.
    hour: f64,
    /// Counts trials: looks of an earlier one are void.
    number: u32,
}

/// Red, green and blue shares of a colour, together 1: of a lamp with a red, a green and a blue chip, whose yellow is red and green and whose
/// amber has more of the red (assumption).
pub(super) fn shares(colour: Option<Colour>) -> [f64; 3] {
    match colour {
        Some(Colour::Red) => [1.0, 0.0, 0.0],
        Some(Colour::Amber) => [0.72, 0.28, 0.0],
        Some(Colour::Yellow) => [0.5, 0.5, 0.0],
        Some(Colour::Green) => [0.0, 1.0, 0.0],
        Some(Colour::Cyan) => [0.0, 0.5, 0.5],
        Some(Colour::Blue) => [0.0, 0.0, 1.0],
        Some(Colour::Purple) => [0.5, 0.0, 0.5],
        Some(Colour::White) | None => [1.0 / 3.0; 3],
    }
}

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
            Some(LightModel { shape: LightShape::Blink | LightShape::Alternating, .. }) => self.blink(true),
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
        let (brightness, colour) = match (self.light_model(), lit) {
            (None, _) => (0.0, None),
            (Some(model), true) => (model.brightness, model.colour),
            // The other part of a period: dark in a blink, and the other colour in an alternating light.
            (Some(LightModel { shape: LightShape::Alternating, second, brightness, .. }), false) => (*brightness, *second),
            (Some(_), false) => (0.0, None),
        };
        self.set_lamp(brightness, colour);
    }

    /// Lets the lamp shine so bright in a colour from now on; 0: it is dark.
    pub(super) fn set_lamp(&mut self, brightness: f64, colour: Option<Colour>) {
        self.lamp = Lamp { brightness, colour };
        self.show_light();
    }

    /// What the sensors see now.
    pub(super) fn show_light(&mut self) {
        let (sensor, lamp, room) = (&self.light_sensor, self.lamp, self.room());
        let noise = |light: f64| if sensor.shot > 0.0 { shot_noise(sensor, light) } else { sensor.noise };
        self.sampler.set(Channel::Light, sensor.offset + room + lamp.brightness, noise(room + lamp.brightness));
        self.sampler.set_lamps(Channel::Light, lamp.brightness, sensor.flicker);
        if !self.sees_colour {
            return;
        }
        let colour = shares(lamp.colour);
        for (channel, filter) in FILTERED.into_iter().zip(&sensor.filters) {
            let through = |light: [f64; 3]| filter.iter().zip(light).map(|(filter, light)| filter * light).sum::<f64>();
            let (white, lit) = (through(shares(None)), lamp.brightness * through(colour));
            self.sampler.set(channel, sensor.offset + room * white + lit, noise(room * white + lit));
            self.sampler.set_lamps(channel, lit, sensor.flicker * white);
        }
    }

    /// What the room adds at the light sensor now.
    pub(super) fn room(&self) -> f64 {
        let sensor = &self.light_sensor;
        if !changes(sensor) {
            return sensor.ambient;
        }
        let hours = self.now.since(self.sky.since).get() / 3600.0;
        let sun = sine((self.sky.hour + hours - 6.0) / 24.0).max(0.0);
        (sensor.ambient + sensor.drift_per_h * hours + sensor.daylight * sun).clamp(0.0, 1.0)
    }

    /// Begins a trial's sky.
    pub(super) fn begin_sky(&mut self) {
        if changes(&self.light_sensor) {
            let hour = 24.0 * self.chance.at(Purpose::Daylight, 0).uniform();
            self.sky = Sky { since: self.now, hour, number: self.sky.number + 1 };
            self.look_up(self.sky.number);
        }
    }

    /// Looks at the room, and again later.
    pub(super) fn look_up(&mut self, number: u32) {
        if number == self.sky.number {
            self.show_light();
            if self.camera.model.load.ir_below.is_some() {
                self.settle();
            }
            self.queue.push(self.now + LOOK, Event::Sky { number });
        }
    }
}

/// Whether the room's light changes by itself.
fn changes(sensor: &LightSensor) -> bool {
    sensor.drift_per_h != 0.0 || sensor.daylight > 0.0
}

/// Noise of a photodiode in the light: the shot noise is independent of the other and grows with the square root of the light.
fn shot_noise(sensor: &LightSensor, light: f64) -> f64 {
    (sensor.noise * sensor.noise + sensor.shot * sensor.shot * light.clamp(0.0, 1.0)).sqrt()
}
