//! One channel at 1 kHz: a level and a noise, and for some channels what moves on its own: pulses, flicker, a force that rises and falls.

use super::sampler::{PERIOD_US, code, codes, lsb};
use super::wave::Wave;
use crate::domain::units::Tick;
use crate::ports::Channel;

/// What changes from sample to sample beside the noise.
enum Shape {
    /// Nothing.
    Flat,
    /// Lamps.
    Lamps(Lamps),
    /// A path of straight pieces between points in time; the value of the last one stays.
    Path(Vec<(Tick, i32)>),
}

/// Lamps that are not steady.
#[derive(Clone, Copy)]
pub struct Lamps {
    /// Mains lamps: their oscillation and its height.
    flicker: Option<(Wave, i32)>,
    /// Dimming of the camera's lamp: its oscillation and the lit share.
    pulses: Option<(Wave, f64)>,
    /// What is missing while the camera's lamp is dark between two pulses.
    lamp: i32,
}

/// One channel.
pub struct Line {
    pub channel: Channel,
    level: i32,
    noise: i32,
    shape: Shape,
}

impl Line {
    /// Zero and still. `lamps` is what channels of light see.
    pub fn new(channel: Channel, lamps: Lamps) -> Self {
        let uneven = lamps.flicker.is_some() || lamps.pulses.is_some();
        let shape = match channel {
            Channel::Force => Shape::Path(Vec::new()),
            Channel::Light | Channel::Red | Channel::Green | Channel::Blue if uneven => Shape::Lamps(lamps),
            _ => Shape::Flat,
        };
        Self { channel, level: 0, noise: 0, shape }
    }

    /// Sets the steady state from now on, in the channel's unit.
    pub fn set(&mut self, value: f64, sd: f64) {
        self.level = codes(self.channel, value);
        self.noise = codes(self.channel, sd);
    }

    /// How much of the level comes and goes with the pulses of the camera's lamp, and how high mains lamps flicker, in the channel's unit.
    pub fn set_lamps(&mut self, lamp: f64, flicker: f64) {
        let channel = self.channel;
        if let Shape::Lamps(lamps) = &mut self.shape {
            lamps.lamp = codes(channel, lamp);
            if let Some((_, height)) = &mut lamps.flicker {
                *height = codes(channel, flicker);
            }
        }
    }

    /// Where the path ends, in the channel's unit.
    pub fn end_of_path(&self) -> f64 {
        match &self.shape {
            Shape::Path(path) => path.last().map_or(0.0, |(_, value)| f64::from(*value) / 256.0 * lsb(self.channel)),
            _ => 0.0,
        }
    }

    /// Lets the value go from what it is at `now` straight from point to point, and stay at the last.
    pub fn set_path(&mut self, now: Tick, points: &[(Tick, f64)]) {
        let channel = self.channel;
        if let Shape::Path(path) = &mut self.shape {
            let from = on_path(path, now);
            path.clear();
            path.push((now, from));
            path.extend(points.iter().map(|(at, value)| (*at, codes(channel, *value))));
        }
    }

    /// Takes samples: `number` is that of the first since the origin of the grid.
    pub fn take(&self, origin: Tick, number: u64, noise: &[i16], samples: &mut [i16]) {
        let noise = noise.iter().map(|noise| (i32::from(*noise) * self.noise) >> 8);
        match &self.shape {
            Shape::Flat => {
                for (sample, noise) in samples.iter_mut().zip(noise) {
                    *sample = code(self.level + noise);
                }
            }
            Shape::Lamps(lamps) => {
                for ((sample, noise), lamps) in samples.iter_mut().zip(noise).zip(lamps.from(number)) {
                    *sample = code(self.level + noise + lamps);
                }
            }
            Shape::Path(path) => {
                for (k, (sample, noise)) in samples.iter_mut().zip(noise).enumerate() {
                    let at = Tick(origin.0 + (number + k as u64) * PERIOD_US);
                    *sample = code(self.level + noise + on_path(path, at));
                }
            }
        }
    }
}

impl Lamps {
    /// Dark. `flicker` is the oscillation of mains lamps, `pulses` that of a dimmed lamp of the camera with its lit share.
    pub fn new(flicker: Option<Wave>, pulses: Option<(Wave, f64)>) -> Self {
        Self { flicker: flicker.map(|wave| (wave, 0)), pulses, lamp: 0 }
    }

    /// What is to be added to the level, sample by sample.
    fn from(&self, number: u64) -> impl Iterator<Item = i32> {
        let mut flicker = self.flicker.map(|(wave, height)| (wave.sines(number), i64::from(height)));
        let mut pulses = self.pulses.map(|(wave, share)| wave.pulses(number, share));
        let lamp = self.lamp;
        std::iter::from_fn(move || {
            let mains =
                flicker.as_mut().and_then(|(sines, height)| Some((i64::from(sines.next()?) * *height) >> 15)).unwrap_or(0);
            let dark = pulses.as_mut().and_then(Iterator::next) == Some(false);
            Some(mains as i32 - if dark { lamp } else { 0 })
        })
    }
}

/// The value of a path at a moment: whole numbers, so that it is the same everywhere.
fn on_path(path: &[(Tick, i32)], at: Tick) -> i32 {
    match path.iter().rposition(|(from, _)| *from <= at) {
        None => path.first().map_or(0, |(_, value)| *value),
        Some(i) => {
            let (from, value) = path[i];
            let Some((to, next)) = path.get(i + 1) else { return value };
            let (gone, span) = (at.0 - from.0, (to.0 - from.0).max(1));
            let change = (i64::from(*next) - i64::from(value)) * gone as i64 / span as i64;
            value + change as i32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_straight_from_point_to_point_and_stays() {
        let path = [(Tick(1000), 10), (Tick(2000), 30), (Tick(2000), 50), (Tick(4000), -50)];
        let at = |tick| on_path(&path, Tick(tick));
        assert_eq!([at(0), at(1000), at(1500), at(2000), at(3000), at(9000)], [10, 10, 20, 50, 0, -50]);
        assert_eq!(on_path(&[], Tick(5)), 0);
    }

    #[test]
    fn a_new_path_begins_where_the_old_one_is() {
        let mut line = Line::new(Channel::Force, Lamps::new(None, None));
        line.set_path(Tick(0), &[(Tick(10_000), 2.0)]);
        line.set_path(Tick(5_000), &[(Tick(6_000), 0.0)]);
        let mut samples = [0; 8];
        line.take(Tick(0), 0, &[0; 8], &mut samples);
        assert_eq!(samples, [500, 500, 500, 500, 500, 500, 0, 0], "newtons in steps of 2 mN");
    }
}
