//! A world file: the physics of the twin, and so the truth that tests compare with. Every constant has its source or the word assumption.

mod adapter;
mod bench;
mod button;
mod camera;
mod check;
mod console;
mod firmware;
mod outlet;
mod response;
mod sensors;
mod sound;

pub use adapter::{AdapterModel, OverCurrent};
pub use bench::{CoilModel, Faults};
pub use button::{ButtonModel, ContactModel, WhileBooting, WindowModel};
pub use camera::{BootModel, CameraModel, FlashModel, LightModel, Loads, NetworkModel, PowerModel, StartsAs};
pub use console::{ConsoleModel, Newline, Speaks};
pub use firmware::{Erases, Failure, FirmwareModel};
pub use outlet::OutletModel;
pub use response::PlayedResponse;
pub use sensors::{ButtonForce, LampModel, LightSensor, Microphone, PlugSensor, RoomTone};
pub use sound::{MotorModel, ToneModel};

use crate::domain::ids::AdapterName;
use crate::domain::units::Celsius;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A world file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct World {
    /// Version of the file format: 1.
    pub schema: u32,
    /// The adapters by name.
    pub adapters: BTreeMap<AdapterName, AdapterModel>,
    /// The adapter that is connected when the bench starts; the first by name where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected: Option<AdapterName>,
    /// The outlet.
    #[serde(default)]
    pub outlet: OutletModel,
    /// The camera.
    pub camera: CameraModel,
    /// The solenoid.
    #[serde(default)]
    pub coil: CoilModel,
    /// The light sensor.
    #[serde(default)]
    pub light_sensor: LightSensor,
    /// How the camera's lamp is driven.
    #[serde(default)]
    pub lamp: LampModel,
    /// The meter at the camera's plug.
    #[serde(default)]
    pub plug_sensor: PlugSensor,
    /// The microphone.
    #[serde(default)]
    pub microphone: Microphone,
    /// The button as the tip feels it.
    #[serde(default)]
    pub button_force: ButtonForce,
    /// Temperature of the air, -20 to 60 °C.
    #[serde(default = "room")]
    pub ambient_c: Celsius,
    /// Who answers what the engine asks.
    #[serde(default)]
    pub person: Answers,
    /// What goes wrong at the bench itself.
    #[serde(default)]
    pub faults: Faults,
}

/// Who answers what the engine asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// The world itself, after a second, with the first choice.
    #[default]
    Simulated,
    /// Whoever sits at the terminal: to learn what a bench will ask. Such a run replays only with the same answers at the same moments.
    Terminal,
}

fn room() -> Celsius {
    Celsius::new(23.0)
}

impl World {
    /// Everything that is out of its range, as key path and message. Empty: the world can be simulated.
    pub fn check(&self) -> Vec<(String, String)> {
        check::check(self)
    }
}
