//! The twin as instruments see it: what its sensors show now, and its outputs.

use crate::domain::ids::AdapterName;
use crate::domain::observation::NetworkStatus;
use crate::domain::units::{Seconds, Tick, Volts};
use crate::drivers::twin::{Truth, Twin, TwinPorts, Wiring, World};
use crate::ports::{Batch, Channel, PressOrder, ProbeAnswer, ProbeQuery, Reading};

/// A coil that is switched by a relay has no end of its own; a press never lasts so long.
const FOR_EVER: Seconds = Seconds::from_millis(3_600_000);

pub(super) struct Bench {
    ports: TwinPorts,
    batch: Batch,
    pressed: bool,
    /// Console bytes that nobody has taken yet.
    console: Vec<u8>,
    answers: Vec<(u32, NetworkStatus)>,
    volts: f64,
    amps: f64,
    light: f64,
    set_v: f64,
    limit_a: f64,
    on: bool,
}

impl Bench {
    pub fn new(world: World, seed: u64, boot_text: Option<Vec<u8>>) -> (Self, Truth) {
        let twin = Twin::new(world, seed, boot_text, Wiring::FULL);
        let bench = Self {
            ports: twin.ports,
            batch: Batch::default(),
            pressed: false,
            console: Vec::new(),
            answers: Vec::new(),
            volts: 0.0,
            amps: 0.0,
            light: 0.0,
            set_v: 0.0,
            limit_a: 0.0,
            on: false,
        };
        (bench, twin.truth)
    }

    pub fn now(&self) -> Tick {
        self.ports.clock.now()
    }

    /// Lets the world's time pass up to `now`.
    pub fn advance(&mut self, now: Tick) {
        while self.ports.clock.now() < now {
            // A fault that the world's file asks for is the instruments' silence here: there is nobody to tell.
            let _ = self.ports.sensors.poll(now, &mut self.batch);
            self.look();
        }
    }

    fn look(&mut self) {
        for reading in &self.batch.readings {
            match reading {
                Reading::Samples(block) => {
                    let lsb = self.ports.sensors.scale(block.channel).map_or(0.0, |scale| scale.lsb);
                    let Some(value) = self.batch.codes(block).last().map(|code| f64::from(*code) * lsb) else { continue };
                    match block.channel {
                        Channel::PlugVoltage => self.volts = value,
                        Channel::PlugCurrent => self.amps = value,
                        Channel::Light => self.light = value,
                        _ => {}
                    }
                }
                Reading::Console { range, .. } => self.console.extend_from_slice(self.batch.console(range)),
                Reading::Probe { number, answer: ProbeAnswer::Status(status), .. } => self.answers.push((*number, *status)),
                _ => {}
            }
        }
    }

    pub fn take_console(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.console)
    }

    pub fn type_in(&mut self, bytes: &[u8]) {
        // A console that is away loses what is typed, as a real line does.
        let _ = self.ports.console.send(bytes);
    }

    pub fn coil(&mut self, on: bool) {
        if on != self.pressed {
            let at = self.now();
            let order = PressOrder { at, release_at: at + FOR_EVER };
            let done = if on { self.ports.presser.press(order) } else { self.ports.presser.release() };
            self.pressed = if done.is_ok() { on } else { self.pressed };
        }
    }

    /// Sets the voltage; false when the connected adapter's is fixed.
    pub fn set_volts(&mut self, volts: f64) -> bool {
        let done = self.ports.supply.set(Volts::new(volts)).is_ok();
        if done {
            self.set_v = volts;
        }
        done
    }

    pub fn set_limit(&mut self, amps: f64) {
        self.limit_a = amps;
    }

    pub fn set_v(&self) -> f64 {
        self.set_v
    }

    pub fn limit_a(&self) -> f64 {
        self.limit_a
    }

    pub fn output(&mut self, on: bool) {
        if self.ports.supply.output(on).is_ok() {
            self.on = on;
        }
    }

    pub fn is_on(&self) -> bool {
        self.on
    }

    pub fn connect(&mut self, adapter: &AdapterName) {
        // Refused while the output is on: the relay clicks, and the world leaves the former adapter in place.
        let _ = self.ports.selector.connect(adapter);
    }

    /// Volts at the plug; noise around nothing is nothing.
    pub fn volts(&self) -> f64 {
        self.volts.max(0.0)
    }

    pub fn amps(&self) -> f64 {
        self.amps.max(0.0)
    }

    /// Brightness, as a share of full scale.
    pub fn light(&self) -> f64 {
        self.light.clamp(0.0, 1.0)
    }

    pub fn ask(&mut self, number: u32) {
        let _ = self.ports.probe.query(number, ProbeQuery::Status);
    }

    pub fn take_answers(&mut self) -> Vec<(u32, NetworkStatus)> {
        std::mem::take(&mut self.answers)
    }
}
