//! The bench of a world: the solenoid, and what goes wrong with it and with the other instruments.

use crate::domain::rig::Interlocks;
use crate::domain::units::{Celsius, Seconds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The solenoid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct CoilModel {
    /// From current on to contact closed with the coil at 20 °C, 0 to 1 s. 10 to 30 ms (assumption).
    pub pull_in_s: Seconds,
    /// Its standard deviation from press to press.
    pub pull_in_sd_s: Seconds,
    /// From current off to contact open, 0 to 1 s. 5 to 50 ms with a plain diode (assumption).
    pub drop_out_s: Seconds,
    /// Its standard deviation from press to press.
    pub drop_out_sd_s: Seconds,
    /// Longest bounce of the closing contact, 0 to 0.1 s. 5 ms at most by the data sheet of a common tact switch.
    pub bounce_s: Seconds,
    /// How much longer the pull-in takes per kelvin above 20 °C, as a share, 0 to 0.05. Copper gains 0.0039 of resistance per kelvin; that
    /// the stroke slows in the same measure is an assumption.
    pub slower_per_k: f64,
    /// Largest lateness of an edge against its order, half-normal standard deviation, 0 to 10 ms.
    pub lateness_s: Seconds,
    /// Standard uncertainty that the bench states for the time of an edge.
    pub edge_u_s: Seconds,
    /// Power while it pulls in, watts.
    pub pull_w: f64,
    /// Power while it holds, watts.
    pub hold_w: f64,
    /// How long it is driven at full power.
    pub peak_s: Seconds,
    /// Thermal resistance to the air, kelvin per watt.
    pub k_per_w: f64,
    /// Thermal time constant.
    pub tau_s: Seconds,
    /// Force of its tip on a button with the coil at 20 °C, 0.1 to 50 N. A small 12 V 5 W solenoid: 2 to 5 N. That it is the same in hold, with
    /// less power but the gap closed, is an assumption. Below the force of the button's dome the contact does not close.
    pub force_n: f64,
    /// How much of that it loses per kelvin above 20 °C, as a share, 0 to 0.05. 30 % when hot (the field's figure) is 0.0046 at 85 °C: more
    /// current lost than force in a gap, less than its square.
    pub weaker_per_k: f64,
    /// Force against something that does not give, 0.1 to 50 N: the plunger is stopped by it and not by its seat. Above 10 N without a dip is
    /// how a missed button shows in the field; the figure is an assumption.
    pub stiff_n: f64,
    /// At this temperature and above a coil with the fault `coil_drops` lets go, -20 to 200 °C (assumption: not far below what it is rated for).
    pub drop_above_c: Celsius,
    /// Its temperature when the bench starts; that of the air where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_c: Option<Celsius>,
}

impl Default for CoilModel {
    /// The small solenoid that the interlocks assume, so that a rig's model of its heat is true.
    fn default() -> Self {
        let rig = Interlocks::default();
        Self {
            pull_in_s: Seconds::from_millis(18),
            pull_in_sd_s: Seconds::from_millis(2),
            drop_out_s: Seconds::from_millis(25),
            drop_out_sd_s: Seconds::from_millis(4),
            bounce_s: Seconds::from_millis(2),
            slower_per_k: 0.0039,
            lateness_s: Seconds::from_micro(40),
            edge_u_s: Seconds::from_micro(100),
            pull_w: rig.coil_pull_w,
            hold_w: rig.coil_hold_w,
            peak_s: rig.coil_peak_s,
            k_per_w: rig.coil_k_per_w,
            tau_s: rig.coil_tau_s,
            force_n: 5.0,
            weaker_per_k: 0.0046,
            stiff_n: 12.0,
            drop_above_c: Celsius::new(60.0),
            start_c: None,
        }
    }
}

/// What goes wrong at the bench: probabilities per attempt, all 0 unless given. Never the camera's fault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Faults {
    /// The supply refuses the first command that would switch it on.
    pub supply_refuses: f64,
    /// The supply accepts the first command that would switch it on, and stays off.
    pub supply_disobeys: f64,
    /// The console port goes away for some seconds within the first five minutes.
    pub console_gap: f64,
    /// The sensors go away once within the first five minutes.
    pub sensors_lost: f64,
    /// The coil is energised and does not move.
    pub coil_stuck: f64,
    /// The contact stays closed for up to half a second after the coil is off.
    pub coil_sticks: f64,
    /// The tip comes down 50 to 300 ms late in every press (assumption: a plunger that sticks in its seat).
    pub coil_late: f64,
    /// The stroke is too short in every press: the tip touches the button and does not move it home.
    pub coil_partial: f64,
    /// The tip goes up by itself once in every press, within 20 s from its beginning, if the coil is as hot as `drop_above_c` then: the holding
    /// power is not enough for a hot coil. It comes down again with the next press only.
    pub coil_drops: f64,
    /// The probe gives no answer at all.
    pub probe_silent: f64,
    /// The camera never answers the commands that provision it.
    pub provision_unanswered: f64,
}
