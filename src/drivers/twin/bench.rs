//! The world at work: its state, its event queue, and the poll that lets its time pass.

use super::Wiring;
use super::boot_text::BootText;
use super::camera::Camera;
use super::chance::{Chance, Purpose};
use super::coil::Coil;
use super::contact::Touch;
use super::faults::FaultPlan;
use super::force::{LetsGo, Tip};
use super::life::CameraEvent;
use super::light::{Lamp, Sky};
use super::outlet::{Outlet, OutletEvent};
use super::power::{Power, PowerEvent};
use super::press::{Orders, PressEvent};
use super::queue::Queue;
use super::sampler::Sampler;
use super::sound::SoundEvent;
use super::talk::TalkEvent;
use super::truth::TruthLog;
use super::uart::Uart;
use super::world::{AdapterModel, Faults, LightSensor, PlugSensor, World};
use crate::domain::ids::{AdapterName, QuestionId};
use crate::domain::units::{Celsius, Seconds, Tick};
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{Batch, Channel, Reading, TrialKey};
use std::collections::BTreeMap;

/// What is to happen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Power(PowerEvent),
    Press(PressEvent),
    Camera { epoch: u32, what: CameraEvent },
    Light { number: u32 },
    Sound(SoundEvent),
    Sky { number: u32 },
    Outlet(OutletEvent),
    LetsGo(LetsGo),
    Talk(TalkEvent),
    Answer { question: QuestionId, answer: String },
    SensorsLost { attempt: u32 },
}

/// The world.
pub(super) struct Bench {
    pub now: Tick,
    pub chance: Chance,
    pub queue: Queue<Event>,
    pub sampler: Sampler,
    /// Readings and console bytes since the last poll began.
    pub out: Vec<Reading>,
    pub bytes: Vec<u8>,
    pub adapters: BTreeMap<AdapterName, AdapterModel>,
    pub outlet: Outlet,
    pub power: Power,
    pub coil: Coil,
    pub tip: Tip,
    pub orders: Orders,
    /// How the tip meets the button in the present stroke, once it is down, and how it does now.
    pub aim: Touch,
    pub touch: Touch,
    /// Counts movements of the tip: what was planned for the contact before one is void.
    pub touches: u32,
    pub contact_closed: bool,
    pub camera: Camera,
    pub boot_text: BootText,
    pub uart: Uart,
    pub console_wired: bool,
    pub console_away: bool,
    pub faults: FaultPlan,
    /// Counts attempts: faults that were planned for an earlier one are void.
    pub attempts: u32,
    pub truth: TruthLog,
    pub light_sensor: LightSensor,
    pub sees_colour: bool,
    pub lamp: Lamp,
    pub sky: Sky,
    pub plug_sensor: PlugSensor,
    pub lateness: Seconds,
    pub edge_u: Seconds,
    fault_rates: Faults,
    ambient: Celsius,
    sensors_lost: bool,
}

impl Bench {
    pub fn new(world: World, seed: u64, boot_text: Option<Vec<u8>>, wiring: Wiring) -> Self {
        let chance = Chance::new(seed);
        let mut channels = Vec::new();
        if wiring.light {
            channels.push(Channel::Light);
        }
        if wiring.plug {
            channels.extend([Channel::PlugVoltage, Channel::PlugCurrent]);
        }
        let sees_colour = wiring.light && wiring.colour;
        if sees_colour {
            channels.extend([Channel::Red, Channel::Green, Channel::Blue]);
        }
        if wiring.force {
            channels.push(Channel::Force);
        }
        let connected = world.connected.clone().or_else(|| world.adapters.keys().next().cloned());
        let mut bench = Self {
            now: Tick::ZERO,
            queue: Queue::new(),
            sampler: Sampler::new(&channels, wiring.sound, &world, &mut chance.at(Purpose::Noise, 0)),
            chance,
            out: Vec::new(),
            bytes: Vec::new(),
            adapters: world.adapters,
            outlet: Outlet::new(world.outlet),
            power: Power::new(connected),
            lateness: world.coil.lateness_s,
            edge_u: world.coil.edge_u_s,
            coil: Coil::new(world.coil, world.ambient_c),
            tip: Tip::new(world.button_force),
            orders: Orders::default(),
            aim: Touch::None,
            touch: Touch::None,
            touches: 0,
            contact_closed: false,
            uart: Uart::new(world.camera.baud),
            camera: Camera::new(world.camera),
            boot_text: BootText::new(boot_text),
            console_wired: wiring.console,
            console_away: false,
            faults: FaultPlan::default(),
            attempts: 0,
            truth: TruthLog::new(),
            light_sensor: world.light_sensor,
            sees_colour,
            lamp: Lamp::default(),
            sky: Sky::default(),
            plug_sensor: world.plug_sensor,
            fault_rates: world.faults,
            ambient: world.ambient_c,
            sensors_lost: false,
        };
        bench.show_light();
        bench.show_force();
        bench.begin_sky();
        bench.plan_dips();
        bench.settle();
        bench
    }

    /// A trial begins, or its preparation.
    pub fn begin(&mut self, key: &TrialKey) {
        self.flush_console();
        self.chance.restart(key.slot.id, key.proper);
        self.sampler.align(self.now, self.chance.at(Purpose::Noise, 0).bits());
        let settled = self.coil.settle(self.now);
        let coil = key.coil_c.map_or(settled, |celsius| self.coil.set(self.now, celsius));
        self.out.push(Reading::Temperature { at: self.now, ambient_c: Some(self.ambient), coil_c: Some(coil) });
        self.begin_sky();
        self.plan_dips();
        self.truth.begin(key.slot.id, key.attempt, key.proper, self.now);
        if !self.faults.is_for(key.slot.id, key.attempt) {
            self.plan_faults(key);
        }
        let truth = self.truth.now();
        truth.faults = self.faults.drawn.clone();
        truth.up_before = self.camera.is_up();
        truth.pending = self.camera.pending.is_some();
    }

    fn plan_faults(&mut self, key: &TrialKey) {
        self.faults = FaultPlan::draw(&self.fault_rates, &self.chance, key.slot.id, key.attempt);
        self.attempts += 1;
        self.console_away = false;
        let attempt = self.attempts;
        if let Some((after, span)) = self.faults.console_gap {
            self.queue.push(self.now + after, Event::Talk(TalkEvent::GapBegins { attempt }));
            self.queue.push(self.now + after + span, Event::Talk(TalkEvent::GapEnds { attempt }));
        }
        if let Some(after) = self.faults.sensors_lost {
            self.queue.push(self.now + after, Event::SensorsLost { attempt });
        }
    }

    /// Runs the world to the end of the batch.
    pub fn poll(&mut self, until: Tick, batch: &mut Batch) -> Result<(), Fault> {
        batch.clear();
        let end = self.sampler.row_end(self.now).min(until).max(self.now);
        self.sampler.open(self.now, end, batch);
        while let Some((at, event)) = self.queue.pop_before(end) {
            self.sampler.fill(at, &mut batch.samples);
            self.now = self.now.max(at);
            self.handle(event);
        }
        self.sampler.fill(end, &mut batch.samples);
        self.now = end;
        self.flush_console();
        batch.end = end;
        if !self.out.is_empty() {
            batch.bytes.append(&mut self.bytes);
            batch.readings.append(&mut self.out);
            batch.readings.sort_by_key(place);
        }
        if std::mem::take(&mut self.sensors_lost) {
            batch.clear();
            return Err(Fault::new(FaultKind::Disconnected, "sensors", "the sensors were lost and opened again"));
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Power(event) => self.power_event(event),
            Event::Press(event) => self.press_event(event),
            Event::Camera { epoch, what } => self.camera_event(epoch, what),
            Event::Light { number } => self.light_edge(number),
            Event::Sound(event) => self.sound_event(event),
            Event::Sky { number } => self.look_up(number),
            Event::Outlet(event) => self.outlet_event(event),
            Event::LetsGo(event) => self.lets_go(&event),
            Event::Talk(event) => self.talk_event(event),
            Event::Answer { question, answer } => {
                // All that a person is asked here is to set the camera up, and who says so has done it.
                if self.camera.is_up() && !self.camera.configured {
                    self.provision();
                    self.say(self.state_line());
                }
                self.out.push(Reading::Answer { question, at: self.now, answer });
            }
            Event::SensorsLost { attempt } => self.sensors_lost |= attempt == self.attempts,
        }
    }
}

/// The order of readings in a batch: time, then source. Those of one source come in their own order, since the sort is stable.
fn place(reading: &Reading) -> (Tick, u8) {
    match reading {
        Reading::Samples(block) => (block.start, 0),
        Reading::Temperature { at, .. } => (*at, 1),
        Reading::Coil { at, .. } => (*at, 2),
        Reading::Console { at, .. } => (*at, 3),
        Reading::ConsoleGap { at } => (*at, 4),
        Reading::Probe { at, .. } => (*at, 5),
        Reading::Answer { at, .. } => (*at, 6),
        Reading::Supply { at, .. } => (*at, 6),
        Reading::Control(_) => (Tick::NEVER, 7),
    }
}
