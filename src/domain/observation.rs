//! Facts from sensors: changes of decoded state, never samples.

use super::canary::Category;
use super::units::{Hertz, Seconds};
use super::verdict::Fate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The colour of a light. A lone photodiode cannot tell any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Colour {
    Red,
    Amber,
    Yellow,
    Green,
    Cyan,
    Blue,
    Purple,
    White,
}

/// What a light does over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LightShape {
    /// Dark.
    Off,
    /// Lit and steady (dimming by fast pulses included).
    Solid,
    /// On and off at a steady rate.
    Blink,
    /// Two colours or two brightnesses in turn.
    Alternating,
    /// Changing without a rhythm yet.
    Unclear,
}

/// A decoded light pattern.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LightPattern {
    /// What it does.
    pub shape: LightShape,
    /// Full periods a second, for blinking and alternating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hz: Option<Hertz>,
    /// Lit share of a period, 0 to 1, for blinking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<f32>,
    /// Its colour; `None` reads "not observed".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// The other colour of an alternating light.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Colour>,
}

/// How far a boot came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BootStage {
    /// The bootloader speaks.
    Bootloader,
    /// The kernel runs.
    Kernel,
    /// The root file system is mounted and programs start.
    Userland,
    /// The camera's own program runs.
    Application,
}

/// What a console marker means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkerMeaning {
    /// The bootloader started. Several may be printed in one boot.
    Bootloader,
    /// The bootloader waits for a person: nothing more will come by itself.
    BootloaderPrompt,
    /// The kernel started.
    Kernel,
    /// Programs start.
    Userland,
    /// The camera is up.
    Ready,
    /// The button was noticed.
    Button,
    /// A reset was accepted: not yet a reset.
    Accepted,
    /// The camera is erasing or formatting: not a hang.
    Erasing,
    /// The camera says it is in the factory state.
    Factory,
    /// The camera says it is not in the factory state.
    NotFactory,
    /// The camera says it is about to boot again.
    WarmReboot,
    /// The boot has failed for good: ends a wait at once.
    Fatal,
    /// Worth a line in the report, decides nothing.
    Warning,
}

/// What the console line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleState {
    /// Text comes.
    Speaking,
    /// Nothing came for the profile's silence time.
    Silent,
    /// Bytes come that are no text: most often a wrong baud rate.
    Garbled,
    /// The port was lost and opened again; bytes may be missing.
    Gap,
}

/// What the supply trace shows at the camera's plug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerState {
    /// No voltage.
    Off,
    /// Voltage within the profile's window.
    On,
    /// Voltage below the profile's lower limit while it should be on.
    Sagging,
    /// Voltage above the profile's upper limit.
    OverVoltage,
}

/// What the supply current tells about the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CurrentEvent {
    /// The current fell to almost nothing and came back: the camera started again.
    Restart,
    /// Infrared lamps on.
    Infrared,
    /// A motor runs.
    Motor,
    /// Sustained current of an erase.
    Erase,
}

/// What the force on the button tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForceEvent {
    /// The force dipped while the tip went down: the dome snapped, the click that a finger feels.
    Snap,
    /// The tip was pressed home against something stiff and nothing snapped: a worn or absent dome, or the tip beside the button.
    NoSnap,
    /// The force never reached what the button takes: the stroke is too short, or the tip hangs in the air.
    TooLittle,
}

/// Through which sense a change was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// The light.
    Light,
    /// A chime or tone.
    Sound,
    /// The motor.
    Motor,
    /// The console.
    Console,
    /// The supply current.
    Current,
    /// The network probe.
    Network,
}

impl Sense {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Sense::Light => "light",
            Sense::Sound => "sound",
            Sense::Motor => "motor",
            Sense::Console => "console",
            Sense::Current => "current",
            Sense::Network => "network",
        }
    }
}

/// What the camera says of itself over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkStatus {
    /// Not initialised: the factory state.
    Factory,
    /// Initialised.
    Configured,
    /// It answered without saying which.
    Unknown,
    /// No answer.
    Unreachable,
}

/// One fact from a sensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Observation {
    /// A light pattern began.
    Light(LightPattern),
    /// A console marker was read.
    Marker {
        /// Its name in the profile.
        marker: String,
        /// Its meaning.
        meaning: MarkerMeaning,
    },
    /// A boot reached a stage on the console. Boots are counted since the trial began, from 1.
    Boot {
        /// Which boot.
        boot: u32,
        /// How far it came.
        stage: BootStage,
    },
    /// The console line changed its state.
    Console {
        /// To what.
        state: ConsoleState,
    },
    /// The supply at the plug changed its state.
    Power {
        /// To what.
        state: PowerState,
    },
    /// The supply current shows an event.
    Current {
        /// Which.
        event: CurrentEvent,
    },
    /// The coil's current was switched.
    Coil {
        /// On or off.
        energised: bool,
        /// Standard uncertainty of the edge's time.
        u_s: Seconds,
    },
    /// A tone of the profile was heard.
    Tone {
        /// Its name in the profile.
        tone: String,
    },
    /// The motor started or stopped.
    Motor {
        /// Running or not.
        running: bool,
    },
    /// The force on the button shows something of this press.
    Force {
        /// What.
        event: ForceEvent,
    },
    /// The network probe answered.
    Network {
        /// What the camera said.
        status: NetworkStatus,
    },
    /// A canary was read.
    Canary {
        /// Its category.
        category: Category,
        /// What became of it.
        fate: Fate,
    },
    /// The camera is ready by the profile's rule.
    Ready,
    /// The change that answered the press, while the button was down or after.
    Change {
        /// Through which sense.
        sense: Sense,
    },
}
