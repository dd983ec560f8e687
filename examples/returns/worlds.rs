//! Fault worlds: a camera with a cause, and the adapter that came with it. The same causes with other parameters are what verdicts are tried
//! on.

use pinhole::analysis::rma::{Supplied, Unit};
use pinhole::domain::canary::Category;
use pinhole::domain::ids::AdapterName;
use pinhole::domain::units::{Amps, Seconds, Volts};
use pinhole::drivers::twin::World;
use pinhole::drivers::twin::world::{Erases, Failure, OverCurrent, StartsAs};
use pinhole::planning::chance::keyed;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// The adapter of the fixtures that plays the one that came with the unit.
pub const RETURNED: &str = "long-cable";

/// Which worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranges {
    /// Those that likelihoods are made of.
    Learnt,
    /// Those that verdicts are tried on: other ranges, wider and shifted, and other habits of the camera.
    Tried,
}

/// A row of random numbers.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The row of a seed and a purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self(keyed(seed, purpose, 0))
    }

    /// A number in `[from, to)`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        // 53 bits are what a double holds between 0 and 1.
        from + (to - from) * (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.between(0.0, 1.0) < probability
    }

    /// One of some.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.between(0.0, from.len() as f64) as usize).min(from.len() - 1)]
    }

    /// An index by weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.between(0.0, weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }
}

/// A number in one range or the other.
struct Draw<'d> {
    dice: &'d mut Dice,
    ranges: Ranges,
}

impl Draw<'_> {
    fn of(&mut self, learnt: (f64, f64), tried: (f64, f64)) -> f64 {
        let (from, to) = if self.ranges == Ranges::Learnt { learnt } else { tried };
        self.dice.between(from, to)
    }
}

/// A world with this cause.
pub fn world(base: &World, unit: Unit, supplied: Supplied, ranges: Ranges, dice: &mut Dice) -> World {
    let mut world = base.clone();
    let mut draw = Draw { dice, ranges };
    // The adapter last: with the same dice the camera is the same, whatever came with it.
    camera(&mut world, &mut draw);
    fault(&mut world, &mut draw, unit);
    adapters(&mut world, &mut draw, supplied);
    world
}

/// What differs between sound cameras and sound benches.
fn camera(world: &mut World, draw: &mut Draw<'_>) {
    let camera = &mut world.camera;
    camera.starts_as = if draw.dice.happens(0.9) { StartsAs::Configured } else { StartsAs::Factory };
    let window = &mut camera.button.windows[0];
    window.threshold_s = Seconds::new(draw.of((6.0, 20.0), (5.0, 24.0)));
    window.spread = draw.of((0.03, 0.12), (0.02, 0.15));
    camera.button.lapse = draw.of((0.0, 0.02), (0.0, 0.03));
    camera.button.acknowledged_only = draw.of((0.0, 0.01), (0.0, 0.015));
    camera.boot.application_s = Seconds::new(draw.of((20.0, 35.0), (18.0, 50.0)));
    camera.flash.erase_s = Seconds::new(draw.of((5.0, 12.0), (4.0, 20.0)));
    camera.load.idle_w = draw.of((1.2, 1.7), (1.1, 1.9));
    camera.load.boot_w = camera.load.idle_w + draw.of((0.1, 0.3), (0.1, 0.4));
    camera.power.erase_min_v = Volts::new(draw.of((4.30, 4.45), (4.25, 4.50)));
    world.plug_sensor.noise_v = Volts::new(draw.of((0.001, 0.003), (0.001, 0.006)));
    world.light_sensor.noise = draw.of((0.001, 0.003), (0.001, 0.006));
    world.button_force.snap_n = draw.of((1.7, 2.3), (1.5, 2.5));
    world.button_force.dip = draw.of((0.35, 0.5), (0.3, 0.55));
}

fn adapters(world: &mut World, draw: &mut Draw<'_>, supplied: Supplied) {
    let Some(adapter) = world.adapters.get_mut(&AdapterName::from(RETURNED)) else { return };
    adapter.threshold_factor = draw.of((0.9, 1.3), (0.85, 1.4));
    match supplied {
        Supplied::Good => {
            adapter.open_v = Volts::new(draw.of((5.05, 5.25), (5.03, 5.28)));
            adapter.output_ohm = draw.of((0.05, 0.15), (0.05, 0.18));
            adapter.cable_ohm = draw.of((0.10, 0.25), (0.08, 0.25));
            adapter.ripple_v = Volts::new(draw.of((0.05, 0.15), (0.05, 0.18)));
        }
        Supplied::Weak if draw.dice.happens(0.6) => {
            adapter.open_v = Volts::new(draw.of((5.0, 5.2), (4.95, 5.25)));
            adapter.cable_ohm = draw.of((1.2, 2.4), (1.0, 3.2));
        }
        Supplied::Weak => {
            adapter.open_v = Volts::new(draw.of((4.3, 4.75), (4.2, 4.8)));
            adapter.cable_ohm = draw.of((0.2, 0.5), (0.2, 0.6));
            adapter.ripple_v = Volts::new(draw.of((0.1, 0.4), (0.1, 0.5)));
        }
        Supplied::Dead if draw.dice.happens(0.5) => adapter.open_v = Volts::ZERO,
        Supplied::Dead => {
            adapter.limit_a = Amps::new(draw.of((0.08, 0.2), (0.06, 0.22)));
            if draw.dice.happens(0.5) {
                adapter.over_current = OverCurrent::Retry { after_s: Seconds::new(draw.of((0.5, 1.5), (0.3, 2.0))) };
            }
        }
    }
}

fn fault(world: &mut World, draw: &mut Draw<'_>, unit: Unit) {
    match unit {
        Unit::Sound => {}
        Unit::ButtonOpen | Unit::ButtonWorn => button(world, draw, unit),
        Unit::RigMisses | Unit::RigOutlet => bench(world, draw, unit),
        Unit::HardwareSilent | Unit::HardwareInput | Unit::HardwareFlaky => hardware(world, draw, unit),
        _ => firmware(world, draw, unit),
    }
}

fn button(world: &mut World, draw: &mut Draw<'_>, unit: Unit) {
    let contact = &mut world.camera.button.contact;
    if unit == Unit::ButtonOpen {
        contact.dead = true;
        contact.mushy = draw.dice.happens(if draw.ranges == Ranges::Learnt { 0.2 } else { 0.3 });
    } else {
        contact.opens_per_s = draw.of((0.25, 2.0), (0.2, 3.0));
        contact.open_s = Seconds::new(draw.of((0.08, 0.3), (0.07, 0.5)));
        contact.open_spread = draw.of((0.2, 0.5), (0.1, 0.7));
        contact.chatter_s = Seconds::new(draw.of((0.0, 0.05), (0.0, 0.1)));
    }
}

fn firmware(world: &mut World, draw: &mut Draw<'_>, unit: Unit) {
    let camera = &mut world.camera;
    let mut ruined = |how: Failure| {
        camera.starts_as = StartsAs::Bricked;
        camera.firmware.fails_as = how;
    };
    match unit {
        Unit::FirmwareHangs => ruined(Failure::Hangs),
        Unit::FirmwareFatal => ruined(draw.dice.pick(&[Failure::Prompt, Failure::Panics])),
        Unit::FirmwareLoops => ruined(draw.dice.pick(&[Failure::PanicsAndRestarts, Failure::Loops])),
        Unit::FirmwareAccepts => camera.firmware.erases = Erases::Never,
        Unit::FirmwareDeaf => camera.button.windows[0].threshold_s = Seconds::new(600.0),
        _ => {
            let survives = draw.of((0.7, 1.0), (0.6, 1.0));
            let categories = [Category::Wifi, Category::Accounts, Category::Motion];
            let first = draw.dice.pick(&categories);
            camera.flash.survive.insert(first, survives);
            let second = draw.dice.pick(&categories);
            camera.flash.survive.insert(second, survives);
        }
    }
}

fn hardware(world: &mut World, draw: &mut Draw<'_>, unit: Unit) {
    let camera = &mut world.camera;
    match unit {
        Unit::HardwareSilent => {
            camera.starts_as = StartsAs::Bricked;
            camera.firmware.fails_as = Failure::Silent;
        }
        Unit::HardwareInput => camera.power.erase_min_v = Volts::new(draw.of((5.1, 5.6), (5.05, 6.0))),
        _ => {
            camera.firmware.boot_fails = draw.of((0.4, 0.8), (0.35, 0.9));
            camera.firmware.fails_as =
                draw.dice.pick(&[Failure::Silent, Failure::Hangs, Failure::Panics, Failure::PanicsAndRestarts]);
        }
    }
}

fn bench(world: &mut World, draw: &mut Draw<'_>, unit: Unit) {
    if unit == Unit::RigOutlet {
        world.outlet.share = draw.of((0.22, 0.34), (0.2, 0.36));
    } else if draw.dice.happens(0.5) {
        world.camera.button.contact.beside = draw.of((0.8, 1.0), (0.7, 1.0));
    } else {
        world.camera.button.contact.short_stroke = draw.of((0.8, 1.0), (0.7, 1.0));
    }
}
