//! The twin from outside: through its ports, against its truth.

mod button;
mod console;
mod contract;
mod firmware;
mod lines;
mod people;
mod power;
mod press;
mod repeat;
mod samples;
mod senses;
mod sounds;
mod stroke;
mod supply;
mod verdicts;
mod worlds;

use super::{TrialTruth, Truth, Twin, TwinPorts, Wiring, World};
use crate::domain::condition::{Condition, Origin, Release, Slot, Stimulus};
use crate::domain::ids::{Attempt, BlockNo, SlotId};
use crate::domain::profile::LightMeaning;
use crate::domain::units::{Celsius, Seconds, Tick};
use crate::ports::{Batch, Channel, PressOrder, Reading, TrialKey};
use std::collections::BTreeMap;

const FIXTURE: &str = include_str!("../../../../fixtures/worlds/amcrest-indoor.toml");

/// The shipped world.
fn world() -> World {
    toml::from_str(FIXTURE).unwrap()
}

/// The shipped world without chance in button, flash and input stage.
fn plain() -> World {
    let mut world = world();
    let button = &mut world.camera.button;
    (button.lapse, button.acknowledged_only) = (0.0, 0.0);
    button.windows[0].spread = 0.0;
    let flash = &mut world.camera.flash;
    flash.survive.clear();
    flash.brick = 0.0;
    world.camera.power.erase_min_sd_v = crate::domain::units::Volts::ZERO;
    for adapter in world.adapters.values_mut() {
        adapter.threshold_spread = None;
    }
    world
}

/// Every sensor that there is.
const ALL: Wiring = Wiring { light: true, plug: true, console: true, colour: true, sound: true, force: true };

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation.
fn sd(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Codes as shares of the light sensor's full scale.
fn shares(codes: &[i16]) -> Vec<f64> {
    codes.iter().map(|code| f64::from(*code) / 32_767.0).collect()
}

fn key(slot: u32, attempt: u32, proper: bool, coil_c: Option<Celsius>) -> TrialKey {
    let hold_s = Seconds::new(20.0);
    let condition = Condition {
        adapter: "oem-5v1a".into(),
        outlet: None,
        supply_v: None,
        press_after_s: None,
        stimulus: Stimulus::Press { hold_s, release: Release::AfterHold, max_s: hold_s },
    };
    TrialKey {
        slot: Slot { id: SlotId(slot), block: BlockNo(0), origin: Origin::Planned, condition },
        attempt: Attempt(attempt),
        proper,
        coil_c,
    }
}

/// A bench with everything that it delivered.
struct Lab {
    ports: TwinPorts,
    truth: Truth,
    batch: Batch,
    console: Vec<u8>,
    readings: Vec<Reading>,
    light: Vec<i16>,
    volts: Vec<i16>,
    amps: Vec<i16>,
    /// The channels that few rigs have.
    others: BTreeMap<Channel, Vec<i16>>,
    faults: usize,
}

impl Lab {
    fn new(world: World, seed: u64) -> Self {
        Self::wired(world, seed, Wiring::FULL)
    }

    fn wired(world: World, seed: u64, wiring: Wiring) -> Self {
        let Twin { ports, truth } = Twin::new(world, seed, None, wiring);
        Self {
            ports,
            truth,
            batch: Batch::default(),
            console: Vec::new(),
            readings: Vec::new(),
            light: Vec::new(),
            volts: Vec::new(),
            amps: Vec::new(),
            others: BTreeMap::new(),
            faults: 0,
        }
    }

    fn now(&self) -> Tick {
        self.ports.clock.now()
    }

    fn begin(&mut self, slot: u32, attempt: u32) {
        self.ports.sensors.begin(&key(slot, attempt, true, None));
    }

    /// Lets time pass and keeps what comes; everything but samples stands in `readings`.
    fn run(&mut self, seconds: f64) {
        let until = self.now() + Seconds::new(seconds);
        while self.now() < until {
            if self.ports.sensors.poll(until, &mut self.batch).is_err() {
                self.faults += 1;
            }
            for reading in &self.batch.readings {
                match reading {
                    Reading::Samples(block) => match block.channel {
                        Channel::Light => self.light.extend(self.batch.codes(block)),
                        Channel::PlugVoltage => self.volts.extend(self.batch.codes(block)),
                        Channel::PlugCurrent => self.amps.extend(self.batch.codes(block)),
                        other => self.others.entry(other).or_default().extend(self.batch.codes(block)),
                    },
                    Reading::Console { range, .. } => self.console.extend(self.batch.console(range)),
                    other => self.readings.push(other.clone()),
                }
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.console).into_owned()
    }

    fn forget(&mut self) {
        self.console.clear();
        self.readings.clear();
        self.light.clear();
        self.volts.clear();
        self.amps.clear();
        self.others.clear();
    }

    /// What came of a channel that few rigs have, in its unit.
    fn values(&self, channel: Channel) -> Vec<f64> {
        let lsb = self.ports.sensors.scale(channel).unwrap().lsb;
        self.others[&channel].iter().map(|code| f64::from(*code) * lsb).collect()
    }

    fn connect(&mut self, adapter: &str) {
        self.ports.selector.connect(&adapter.into()).unwrap();
    }

    fn power(&mut self, on: bool) {
        self.ports.supply.output(on).unwrap();
    }

    /// Off, drained, connected, on, up, set up, with a setting of each category.
    fn prepare(&mut self, adapter: &str) {
        self.power(false);
        self.run(10.0);
        self.connect(adapter);
        self.power(true);
        self.run(60.0);
        for line in [
            "provision",
            "cfg set wifi.canary a",
            "cfg set accounts.canary b",
            "cfg set motion.canary c",
            "cfg set other.canary d",
        ] {
            self.type_line(line);
        }
    }

    fn type_line(&mut self, line: &str) {
        self.ports.console.send(format!("{line}\n").as_bytes()).unwrap();
        self.run(0.1);
    }

    /// Energises the coil for so long and lets that time pass.
    fn press(&mut self, seconds: f64) {
        let at = self.now();
        self.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(seconds) }).unwrap();
        self.run(seconds + 0.2);
    }

    /// Set up, in a trial proper, with what was delivered before forgotten.
    fn ready(change: impl FnOnce(&mut World)) -> Self {
        let mut world = plain();
        change(&mut world);
        assert_eq!(world.check(), []);
        let mut lab = Self::new(world, 1);
        lab.prepare("oem-5v1a");
        lab.begin(0, 1);
        lab.forget();
        lab
    }

    /// Whether the light meant this at any moment of the next so many seconds.
    fn lit(&mut self, meaning: Option<LightMeaning>, seconds: f64) -> bool {
        let until = self.now() + Seconds::new(seconds);
        let mut seen = false;
        while self.now() < until {
            seen |= self.truth.light() == meaning;
            self.run(0.05);
        }
        seen
    }

    fn trial(&self) -> TrialTruth {
        self.truth.trials().pop().unwrap()
    }
}
