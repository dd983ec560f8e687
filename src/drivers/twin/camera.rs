//! The state of the camera.

use super::world::{CameraModel, StartsAs};
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
    /// Ruined.
    Bricked,
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
}

/// The camera.
pub(super) struct Camera {
    pub model: CameraModel,
    pub life: Life,
    /// Counts changes of life: events of an earlier one are void.
    pub epoch: u32,
    /// When each stage of the present boot begins, and when it is over.
    pub stages: [Tick; 5],
    pub settings: BTreeMap<String, String>,
    pub configured: bool,
    pub bricked: bool,
    pub writing_until: Tick,
    pub erase: Option<Erase>,
    pub light: Option<LightMeaning>,
    pub lit: bool,
    /// Counts changes of the light: blinks of an earlier one are void.
    pub light_number: u32,
    pub infrared: bool,
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
            settings: BTreeMap::new(),
            configured: model.starts_as == StartsAs::Configured,
            bricked: model.starts_as == StartsAs::Bricked,
            writing_until: Tick::ZERO,
            erase: None,
            light: None,
            lit: false,
            light_number: 0,
            infrared: false,
            held: None,
            press_number: 0,
            typed: Vec::new(),
            model,
        }
    }

    /// What it draws now, in watts.
    pub fn watts(&self) -> f64 {
        let load = &self.model.load;
        match self.life {
            Life::Off => 0.0,
            Life::Boot(BootStage::Application) => load.boot_w + load.wifi_w,
            Life::Boot(_) => load.boot_w,
            Life::Up | Life::Accepted(_) => load.idle_w + if self.infrared { load.ir_w } else { 0.0 },
            Life::Erasing => load.idle_w + load.erase_w,
            Life::Restarting | Life::Bricked => load.restart_w,
        }
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
