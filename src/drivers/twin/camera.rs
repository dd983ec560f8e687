//! The state of the camera.

use super::sound::Speaker;
use super::truth::{BootCause, WipeCause};
use super::world::{CameraModel, Failure, StartsAs};
use crate::domain::canary::Category;
use crate::domain::observation::BootStage;
use crate::domain::profile::{Effect, LightMeaning};
use crate::domain::units::{Seconds, Tick};
use std::collections::BTreeMap;

/// What the camera is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Without power.
    Off,
    /// Starting.
    Boot(BootStage),
    /// In use, set up or not.
    Up,
    /// It has accepted a press and shows so.
    Accepted(Effect),
    /// Wiping settings.
    Erasing,
    /// The dark moment of a restart.
    Restarting,
    /// Its boot has failed, and it will not go on by itself.
    Failed,
}

/// A press that the camera counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// From when on it counts.
    pub since: Tick,
    /// The light shows that it was noticed.
    pub acknowledged: bool,
}

/// An erase in progress.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Erase {
    /// The categories to come, each with whether it survives.
    pub parts: Vec<(Category, bool)>,
    /// Below this plug voltage it ends in a reset.
    pub min_v: f64,
    pub cause: WipeCause,
    /// It is done within a boot, which goes on afterwards.
    pub in_boot: bool,
}

/// A reset that was accepted and waits for a boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    pub effect: Effect,
    /// The erase is done in this boot to come, from 1.
    pub boots: u32,
    /// When it was accepted.
    pub at: Tick,
}

/// The camera.
pub(super) struct Camera {
    pub model: CameraModel,
    pub life: Life,
    /// Counts changes of life: events of an earlier one are void.
    pub epoch: u32,
    /// When each stage of the present boot begins, and when it is over.
    pub stages: [Tick; 5],
    /// How long each stage of the present boot takes.
    pub spans: [Seconds; 4],
    /// The present boot fails.
    pub failing: bool,
    /// Why it boots next, unless the supply says otherwise.
    pub boot_cause: BootCause,
    pub settings: BTreeMap<String, String>,
    pub configured: bool,
    pub bricked: bool,
    pub writing_until: Tick,
    pub erase: Option<Erase>,
    pub pending: Option<Pending>,
    /// The next boot finds the settings corrupt, for this reason.
    pub corrupt: Option<WipeCause>,
    pub light: Option<LightMeaning>,
    pub lit: bool,
    /// Counts changes of the light: blinks of an earlier one are void.
    pub light_number: u32,
    /// What the light would show, were it not dark after a reset.
    pub wanted_light: Option<LightMeaning>,
    pub dark_until: Tick,
    pub infrared: bool,
    pub speaker: Speaker,
    pub motor_on: bool,
    /// Counts runs of the motor: an end planned for an earlier one is void.
    pub motor_number: u32,
    pub held: Option<Held>,
    /// Counts presses: events of an earlier one are void.
    pub press_number: u32,
    /// What was typed of a line.
    pub typed: Vec<u8>,
}

impl Camera {
    pub fn new(model: CameraModel) -> Self {
        Self {
            life: Life::Off,
            epoch: 0,
            stages: [Tick::ZERO; 5],
            spans: [Seconds::ZERO; 4],
            failing: false,
            boot_cause: BootCause::PowerOn,
            settings: BTreeMap::new(),
            configured: model.starts_as == StartsAs::Configured,
            bricked: model.starts_as == StartsAs::Bricked,
            writing_until: Tick::ZERO,
            erase: None,
            pending: None,
            corrupt: None,
            light: None,
            lit: false,
            light_number: 0,
            wanted_light: None,
            dark_until: Tick::ZERO,
            infrared: false,
            speaker: Speaker::default(),
            motor_on: false,
            motor_number: 0,
            held: None,
            press_number: 0,
            typed: Vec::new(),
            model,
        }
    }

    /// What it draws now, in watts.
    pub fn watts(&self) -> f64 {
        let load = &self.model.load;
        let base = match self.life {
            Life::Off => return 0.0,
            Life::Boot(BootStage::Application) => load.boot_w + load.wifi_w,
            Life::Boot(_) => load.boot_w,
            Life::Up | Life::Accepted(_) => load.idle_w + if self.infrared { load.ir_w } else { 0.0 },
            Life::Erasing => load.idle_w + load.erase_w,
            Life::Restarting => load.restart_w,
            // One that has not even begun to boot draws next to nothing; one that hangs later draws what its boot drew.
            Life::Failed if self.model.firmware.fails_as == Failure::Silent => load.restart_w,
            Life::Failed => load.boot_w,
        };
        let motor = if self.motor_on { self.model.motor.watts } else { 0.0 };
        base + motor + if self.speaker.on { load.speaker_w } else { 0.0 }
    }

    /// Whether it answers on console and network.
    pub fn is_up(&self) -> bool {
        matches!(self.life, Life::Up | Life::Accepted(_))
    }

    /// Whether a loss of power now would hit a write.
    pub fn is_writing(&self, now: Tick) -> bool {
        self.life == Life::Erasing || now < self.writing_until
    }

    /// Whether it has a length of boot left at `stage`.
    pub fn stage_span(&self, stage: usize) -> (Tick, Seconds) {
        (self.stages[stage], self.stages[stage + 1].since(self.stages[stage]))
    }
}
