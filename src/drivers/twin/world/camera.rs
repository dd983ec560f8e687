//! The camera of a world.

use super::button::ButtonModel;
use super::console::ConsoleModel;
use super::firmware::FirmwareModel;
use super::sound::{MotorModel, ToneModel};
use crate::domain::canary::Category;
use crate::domain::observation::{Colour, LightShape};
use crate::domain::profile::{ChimeMeaning, LightMeaning};
use crate::domain::units::{Hertz, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CameraModel {
    /// A capture that it prints while booting, relative to this file; a first line `# PROVENANCE: ...` is no part of it. None: a text of
    /// the twin's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_text: Option<String>,
    /// Baud rate of its console, 1200 to 4 000 000.
    #[serde(default = "baud")]
    pub baud: u32,
    /// The state in which it comes to the bench.
    #[serde(default)]
    pub starts_as: StartsAs,
    /// How it boots.
    #[serde(default)]
    pub boot: BootModel,
    /// Its supply input.
    #[serde(default)]
    pub power: PowerModel,
    /// What it draws.
    #[serde(default)]
    pub load: Loads,
    /// The button and what it does.
    pub button: ButtonModel,
    /// Its settings memory.
    #[serde(default)]
    pub flash: FlashModel,
    /// What its light does. A meaning without an entry is dark.
    #[serde(default)]
    pub light: BTreeMap<LightMeaning, LightModel>,
    /// The light is dark for so long from the beginning of an erase on, whatever it would show, 0 to 600 s. One maker says "some seconds",
    /// another "for a moment".
    #[serde(default)]
    pub dark_after_reset_s: Seconds,
    /// What it lets hear. A meaning without an entry is silent.
    #[serde(default)]
    pub sound: BTreeMap<ChimeMeaning, ToneModel>,
    /// Its motor.
    #[serde(default)]
    pub motor: MotorModel,
    /// Its firmware.
    #[serde(default)]
    pub firmware: FirmwareModel,
    /// Its console line.
    #[serde(default)]
    pub console: ConsoleModel,
    /// Its network.
    #[serde(default)]
    pub network: NetworkModel,
}

fn baud() -> u32 {
    115_200
}

/// The state in which it comes to the bench.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StartsAs {
    /// Waiting to be set up.
    #[default]
    Factory,
    /// Set up.
    Configured,
    /// Its firmware is damaged: it never boots.
    Bricked,
}

/// How it boots: time spent in each stage. Captures of real cameras: root mounted 0.5 to 3.2 s after the kernel starts, programs up after
/// 2 to 8 s, video after 19 to 40 s; the bootloader's time is an assumption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct BootModel {
    /// Bootloader, 0 to 600 s.
    pub bootloader_s: Seconds,
    /// Kernel, 0 to 600 s.
    pub kernel_s: Seconds,
    /// Programs start, 0 to 600 s.
    pub userland_s: Seconds,
    /// The camera's own program starts, 0 to 600 s.
    pub application_s: Seconds,
    /// Standard deviation of the logarithm of each, 0 to 1.
    pub spread: f64,
    /// Dark and silent time of a restart, 0.001 to 60 s.
    pub restart_s: Seconds,
}

impl Default for BootModel {
    fn default() -> Self {
        Self {
            bootloader_s: Seconds::new(3.0),
            kernel_s: Seconds::new(2.5),
            userland_s: Seconds::new(6.0),
            application_s: Seconds::new(28.0),
            spread: 0.03,
            restart_s: Seconds::new(0.6),
        }
    }
}

/// The supply input: a buck converter behind a capacitor, which draws constant power while its input is high enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct PowerModel {
    /// Under-voltage lock-out: below it the camera goes out, 0.5 to 60 V. 4.2 to 4.6 V for 5 V cameras (assumption); this is the
    /// converter's own, which is lower.
    pub lockout_v: Volts,
    /// It starts at and above this voltage, not below the lock-out.
    pub restart_v: Volts,
    /// From enough voltage to the start, 0.001 to 10 s (assumption: soft start and power-on reset).
    pub restart_delay_s: Seconds,
    /// Input capacitor, 1e-6 to 0.1 farads.
    pub capacitor_f: f64,
    /// Without supply its capacitors are empty after this long, 0.01 to 60 s.
    pub drain_s: Seconds,
    /// While flash is erased, a plug voltage below this resets the processor; median, 0 to 60 V. Assumption: the current pulses of the
    /// erase pull the inner rails down, so that a camera that runs does not erase.
    pub erase_min_v: Volts,
    /// Standard deviation of that from erase to erase.
    pub erase_min_sd_v: Volts,
}

impl Default for PowerModel {
    fn default() -> Self {
        Self {
            lockout_v: Volts::new(3.9),
            restart_v: Volts::new(4.2),
            restart_delay_s: Seconds::from_millis(150),
            capacitor_f: 470e-6,
            drain_s: Seconds::new(4.0),
            erase_min_v: Volts::ZERO,
            erase_min_sd_v: Volts::ZERO,
        }
    }
}

/// What it draws at the plug, in watts, each 0 to 100. Measured by others: 1.3 to 2.5 W by day, 1.0 to 1.6 W more with infrared lamps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Loads {
    /// Ready.
    pub idle_w: f64,
    /// Booting.
    pub boot_w: f64,
    /// In the dark moment of a restart, and while it is damaged.
    pub restart_w: f64,
    /// More while it joins its Wi-Fi: through the last stage of the boot.
    pub wifi_w: f64,
    /// More while its infrared lamps are on.
    pub ir_w: f64,
    /// More while it erases.
    pub erase_w: f64,
    /// More while its speaker sounds (assumption: the amplifier is off otherwise).
    pub speaker_w: f64,
    /// It is dark at the bench: the lamps are on from the first instruction of a boot on.
    pub ir_at_boot: bool,
    /// The lamps of a camera in use are on while the room's light is below this, as a share of the light sensor's full scale, 0 to 1. None: it
    /// pays no heed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ir_below: Option<f64>,
    /// It is dark at the bench: the lamps go on so long after it is ready. None: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ir_after_s: Option<Seconds>,
}

impl Default for Loads {
    fn default() -> Self {
        Self {
            idle_w: 1.4,
            boot_w: 1.6,
            restart_w: 0.1,
            wifi_w: 0.3,
            ir_w: 1.2,
            erase_w: 0.35,
            speaker_w: 0.0,
            ir_at_boot: false,
            ir_below: None,
            ir_after_s: None,
        }
    }
}

/// The settings memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct FlashModel {
    /// Median time of a full erase, 0.1 to 1800 s. Its categories are erased one after another in equal parts of it.
    pub erase_s: Seconds,
    /// Standard deviation of its logarithm, 0 to 1.
    pub erase_spread: f64,
    /// How long it writes after a setting was changed, 0 to 60 s.
    pub commit_s: Seconds,
    /// Probability that a category survives a full erase, 0 to 1; 0 where not named.
    pub survive: BTreeMap<Category, f64>,
    /// Probability that a loss of power while it erases or writes ruins it for good, 0 to 1.
    pub brick: f64,
    /// Probability that a loss of power while it erases or writes, and does not ruin it, makes the next boot find the settings corrupt and
    /// format them by itself, 0 to 1: a reset that nobody asked for (seen in the start script of an open firmware).
    pub corrupt: f64,
    /// The same for any other breakdown of its supply voltage, 0 to 1 (assumption).
    pub corrupt_by_brown_out: f64,
}

impl Default for FlashModel {
    fn default() -> Self {
        Self {
            erase_s: Seconds::new(8.0),
            erase_spread: 0.1,
            commit_s: Seconds::from_millis(200),
            survive: BTreeMap::new(),
            brick: 0.002,
            corrupt: 0.0,
            corrupt_by_brown_out: 0.0,
        }
    }
}

/// What the light does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LightModel {
    /// Off, solid, blink or alternating.
    pub shape: LightShape,
    /// Full periods a second of a blinking or alternating light, 0.05 to 50 Hz.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hz: Option<Hertz>,
    /// Lit share of a period, above 0 and below 1.
    #[serde(default = "half")]
    pub duty: f64,
    /// What it adds at the light sensor while lit, as a share of full scale, 0 to 1.
    #[serde(default = "bright")]
    pub brightness: f64,
    /// Its colour; of an alternating one that of the first part of a period. White where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// The other colour of an alternating light.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Colour>,
}

fn half() -> f64 {
    0.5
}

fn bright() -> f64 {
    0.4
}

/// The network as the probe sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct NetworkModel {
    /// Median time to an answer, 0.001 to 60 s (assumption).
    pub delay_s: Seconds,
    /// Standard deviation of its logarithm, 0 to 2.
    pub spread: f64,
    /// The probe says that nobody answered after this long, 0.01 to 60 s.
    pub timeout_s: Seconds,
}

impl Default for NetworkModel {
    fn default() -> Self {
        Self { delay_s: Seconds::from_millis(40), spread: 0.3, timeout_s: Seconds::new(2.0) }
    }
}
