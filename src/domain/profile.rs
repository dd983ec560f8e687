//! A DUT profile: how one model of camera is powered, reset, watched and proved to be in its factory state.

use super::canary::Category;
use super::observation::{Colour, LightShape, MarkerMeaning};
use super::units::{Amps, Hertz, Seconds, Volts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A DUT profile file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Profile {
    /// Version of the file format: 1.
    pub schema: u32,
    /// Model name as support knows it.
    pub model: String,
    /// Regular expression of the serial numbers it applies to.
    pub serial_pattern: String,
    /// Firmware versions it applies to, as text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// Form factor: indoor, PTZ, dome, turret, bullet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_factor: Option<String>,
    /// Where the manufacturer's instructions stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<Instructions>,
    /// Where the button is and how to reach it.
    pub button: Button,
    /// What it may be fed.
    pub supply: SupplyLimits,
    /// When it is ready.
    pub ready: Readiness,
    /// How it is pressed and what a press does.
    pub press: Press,
    /// What its light means.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub light: BTreeMap<LightMeaning, LightRule>,
    /// Its console, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<ConsoleProfile>,
    /// Its tones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chimes: Vec<Chime>,
    /// How it is brought to a known state that is not the factory state.
    pub provision: Provision,
    /// How a canary of each category is written and read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canaries: BTreeMap<Category, CanaryRule>,
    /// What shows the factory state.
    pub factory: FactorySigns,
    /// What is waited for after a press.
    #[serde(default)]
    pub watch: Watch,
    /// What one unit may suffer.
    #[serde(default)]
    pub budget: UnitBudget,
}

/// Where the manufacturer's instructions stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Instructions {
    /// Address of the page.
    pub address: String,
    /// Day it was read, `YYYY-MM-DD`.
    pub date: String,
}

/// Where the button is and how to reach it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Button {
    /// Where it is, for a person.
    pub place: String,
    /// How it is reached: cover, screws, tool.
    pub reach: String,
    /// Diameter of the hole in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hole_mm: Option<f64>,
    /// Depth of the button below the surface in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_mm: Option<f64>,
    /// Force it takes, in newtons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_n: Option<f64>,
}

/// What it may be fed. The limits are absolute: the guard refuses anything outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SupplyLimits {
    /// Rated voltage.
    pub nominal_v: Volts,
    /// Lowest rated voltage: below it at the plug the supply is said to sag.
    pub min_v: Volts,
    /// Highest voltage it is ever given.
    pub max_v: Volts,
    /// Largest current it is rated for.
    pub max_a: Amps,
    /// Time without supply after which its capacitors are empty and a boot is cold.
    #[serde(default = "ten_seconds")]
    pub drain_s: Seconds,
}

fn ten_seconds() -> Seconds {
    Seconds::new(10.0)
}

/// When a camera is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Readiness {
    /// The light pattern `ready` must stand for so long; `None` where the light does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub light_stable_s: Option<Seconds>,
    /// A console marker of meaning `ready` must have been read since power-on.
    #[serde(default)]
    pub marker: bool,
    /// Not before this long after power-on: the guide's two minutes.
    #[serde(default = "two_minutes")]
    pub min_wait_s: Seconds,
    /// Given up this long after power-on.
    #[serde(default = "five_minutes")]
    pub timeout_s: Seconds,
}

fn two_minutes() -> Seconds {
    Seconds::new(120.0)
}

fn five_minutes() -> Seconds {
    Seconds::new(300.0)
}

/// How it is pressed and what a press does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Press {
    /// With the camera running, or held while power comes.
    #[serde(default)]
    pub mode: PressMode,
    /// When the camera acts.
    #[serde(default)]
    pub action: Action,
    /// What holds do, as documented. Not evidence: only for the plan and the report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<HoldWindow>,
    /// Time after a press or power-on in which the camera may be writing flash and must not lose power.
    #[serde(default = "six_minutes")]
    pub write_window_s: Seconds,
}

fn six_minutes() -> Seconds {
    Seconds::new(360.0)
}

/// The power mode of a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PressMode {
    /// Powered and ready.
    #[default]
    #[serde(rename = "hot")]
    Hot,
    /// Held while power is applied; the hold counts from power-on.
    #[serde(rename = "hold-then-power")]
    HoldThenPower,
}

/// When the camera acts on a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// As soon as the hold has lasted long enough.
    #[default]
    AtThreshold,
    /// When the button is let go.
    OnRelease,
}

/// Holds from `from_s` up to and without `to_s` do this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HoldWindow {
    /// First hold of the window.
    pub from_s: Seconds,
    /// First hold behind it; `None` for no upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_s: Option<Seconds>,
    /// What happens.
    pub effect: Effect,
}

/// What a press does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    None,
    /// A restart.
    Reboot,
    /// Wi-Fi settings are wiped.
    WifiReset,
    /// Everything is wiped.
    FactoryReset,
}

/// What a light pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LightMeaning {
    /// Starting.
    Booting,
    /// Ready, in normal use.
    Ready,
    /// The press was noticed.
    Acknowledged,
    /// A reset is running.
    Resetting,
    /// Waiting to be set up: the factory state.
    Setup,
    /// The boot has failed.
    Failed,
}

/// A rule that a decoded light pattern fits or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LightRule {
    /// Off, solid, blink, alternating.
    pub shape: LightShape,
    /// Rate of a blink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hz: Option<Hertz>,
    /// How far the rate may be off, as a share of it.
    #[serde(default = "a_fifth")]
    pub hz_tolerance: f64,
    /// Its colour. A sensor that sees no colour never satisfies a rule that names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

fn a_fifth() -> f64 {
    0.2
}

/// The camera's serial console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ConsoleProfile {
    /// Baud rate, 8 data bits, no parity.
    #[serde(default = "fast_baud")]
    pub baud: u32,
    /// Silence for this long is a finding of its own.
    #[serde(default = "a_minute")]
    pub silence_s: Seconds,
    /// What its lines mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
}

fn fast_baud() -> u32 {
    115_200
}

fn a_minute() -> Seconds {
    Seconds::new(60.0)
}

/// A line of the console with a meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Marker {
    /// Its name in reports.
    pub name: String,
    /// What it means.
    pub meaning: MarkerMeaning,
    /// Regular expression, matched within one line freed of escape codes.
    pub regex: String,
}

/// A tone of the camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Chime {
    /// Its name in reports.
    pub name: String,
    /// Its frequency.
    pub hz: Hertz,
    /// How often it sounds in a row.
    #[serde(default = "once")]
    pub repeats: u32,
}

fn once() -> u32 {
    1
}

/// A command to the camera and the answer that proves it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Exchange {
    /// Line to send; `{value}` stands for the canary.
    pub send: String,
    /// Regular expression of the answer; `{value}` stands for the canary.
    pub expect: String,
    /// How long the answer may take.
    #[serde(default = "exchange_timeout")]
    pub timeout_s: Seconds,
}

fn exchange_timeout() -> Seconds {
    Seconds::new(5.0)
}

/// Through what the camera is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The serial console.
    Console,
    /// The rig's network probe.
    Probe,
    /// A person.
    Operator,
    /// Nothing can do it.
    None,
}

/// How the camera is brought out of the factory state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Provision {
    /// Through what.
    pub via: Via,
    /// The exchanges over the console.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// What a person is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// How long the whole may take.
    #[serde(default = "a_minute")]
    pub timeout_s: Seconds,
}

/// How one canary is written and read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CanaryRule {
    /// Through what.
    pub via: Via,
    /// Writes it (console).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Exchange>,
    /// Reads it: the answer names the value while it is there (console).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<CanaryRead>,
    /// Name of the setting (probe).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
}

/// Reads a canary over the console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CanaryRead {
    /// Line to send.
    pub send: String,
    /// Regular expression of the answer while the canary is there; `{value}` stands for it.
    pub present: String,
    /// Regular expression of an answer that proves the setting was read and is another.
    pub absent: String,
    /// How long the answer may take.
    #[serde(default = "exchange_timeout")]
    pub timeout_s: Seconds,
}

/// Which signs of the factory state this model shows. At least one must be seen for any reset claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct FactorySigns {
    /// The light pattern `setup`.
    pub light: bool,
    /// A console marker of meaning `factory`.
    pub marker: bool,
    /// The network probe says so.
    pub network: bool,
}

/// What is waited for after a press.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Watch {
    /// Longest wait for the reboot and the readiness after it.
    pub reboot_s: Seconds,
    /// Longest wait while the camera shows that it is still erasing or formatting.
    pub erasing_s: Seconds,
    /// Without any sign of life from the press by then, there is none.
    pub quiet_s: Seconds,
    /// After readiness, the factory sign may take this long.
    pub settle_s: Seconds,
    /// A camera that is not ready again at nominal supply within this time is dead.
    pub recovery_s: Seconds,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            reboot_s: Seconds::new(360.0),
            erasing_s: Seconds::new(900.0),
            quiet_s: Seconds::new(60.0),
            settle_s: Seconds::new(30.0),
            recovery_s: Seconds::new(600.0),
        }
    }
}

/// What one unit may suffer in its life on the bench.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct UnitBudget {
    /// Factory resets.
    pub resets: u32,
    /// Password attempts.
    pub password_attempts: u32,
    /// Power cuts inside a write window.
    pub power_cuts: u32,
}

impl Default for UnitBudget {
    fn default() -> Self {
        Self { resets: 2000, password_attempts: 3, power_cuts: 5 }
    }
}
