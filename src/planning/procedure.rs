//! Condition to procedure: the support guide as one list of steps, which `pinhole plan` prints and the engine runs.

use super::timing;
use crate::domain::adapter::{Adapter, AdapterKind};
use crate::domain::condition::{Check, Condition, Stimulus};
use crate::domain::ids::AdapterName;
use crate::domain::profile::{PressMode, Profile, Via};
use crate::domain::rig::Position;
use crate::domain::step::{Procedure, Step, TimedStep};
use crate::domain::units::{Seconds, Volts};

/// What a procedure is planned for.
#[derive(Clone, Copy, Debug)]
pub struct Bench<'a> {
    /// The model.
    pub profile: &'a Profile,
    /// The adapters at hand.
    pub adapters: &'a [Adapter],
    /// The position.
    pub position: &'a Position,
}

impl Bench<'_> {
    fn adapter(&self, name: &AdapterName) -> Option<&Adapter> {
        self.adapters.iter().find(|adapter| adapter.name == *name)
    }

    fn programmable(&self, name: &AdapterName) -> bool {
        self.adapter(name).is_some_and(|adapter| adapter.kind == AdapterKind::Programmable)
    }

    /// The source that prepares and revives the camera: a known-good adapter, else the one under test.
    pub fn reference(&self, tested: &AdapterName) -> AdapterName {
        if self.position.swapped_by_hand() {
            // Nobody swaps adapters twice in every trial.
            return tested.clone();
        }
        let reachable = |adapter: &&Adapter| {
            self.position.channels.is_empty() || self.position.channels.values().any(|name| *name == adapter.name)
        };
        let good = |adapter: &&Adapter| adapter.known_good_until.is_some();
        self.adapters.iter().filter(reachable).find(good).map_or_else(|| tested.clone(), |adapter| adapter.name.clone())
    }

    fn can_prepare(&self) -> bool {
        self.profile.provision.via != Via::None
    }

    fn has_canaries(&self) -> bool {
        !self.profile.canaries.is_empty()
    }
}

/// One trial of this condition. Pure: the same condition always gives the same list. `provision`: the camera may be in its factory state,
/// or in one that nobody knows.
pub fn reset_trial(condition: &Condition, bench: &Bench<'_>, provision: bool) -> Procedure {
    if let Stimulus::Check { check } = condition.stimulus {
        return match check {
            Check::Intake => check_trial(check, condition, bench),
            _ => measurement(condition, check, bench),
        };
    }
    let early = condition.press_after_s.is_some() || bench.profile.press.mode == PressMode::HoldThenPower;
    let unpowered = matches!(condition.stimulus, Stimulus::UnpoweredPress { .. });
    let mut setup = Vec::new();
    let canaries_before = early && bench.has_canaries() && !unpowered;
    if (provision && bench.can_prepare()) || canaries_before {
        prepare(&mut setup, condition, bench, provision, canaries_before);
    }
    setup.push(timed(Step::RestCoil { longest_s: longest_press(&condition.stimulus, bench.profile) }, timing::REST));
    setup.push(timed(Step::Begin, timing::COMMAND));
    feed(&mut setup, &condition.adapter, condition.supply_v, bench);
    if !early && !unpowered {
        setup.push(timed(Step::PowerOn, timing::COMMAND));
        setup.push(ready(bench, bench.profile.ready.min_wait_s));
        setup.push(timed(Step::ProveNotFactory, timing::VERIFY));
        mark_settings(&mut setup, bench);
    }
    Procedure { setup, stimulus: stimulus(condition, bench, early), teardown: teardown(condition, bench) }
}

/// A stroke without power is held so long: a dome snaps within milliseconds.
const STROKE: Seconds = Seconds::from_millis(1_000);

/// A trial without a reset question: the camera's settings are neither marked nor read.
fn check_trial(check: Check, condition: &Condition, bench: &Bench<'_>) -> Procedure {
    let mut setup =
        vec![timed(Step::RestCoil { longest_s: check_press(check) }, timing::REST), timed(Step::Begin, timing::COMMAND)];
    feed(&mut setup, &condition.adapter, condition.supply_v, bench);
    let measure = timed(Step::Measure { check }, bench.profile.ready.timeout_s + timing::SLACK);
    let mut stimulus = vec![measure];
    if check == Check::Intake {
        stimulus.push(timed(Step::Press { max_s: STROKE }, timing::COMMAND));
        stimulus.push(timed(Step::Hold { for_s: STROKE, until_change: false, max_s: STROKE }, STROKE + timing::SLACK));
        stimulus.push(timed(Step::Release, timing::COMMAND));
        stimulus.push(timed(Step::Aligned, timing::COMMAND));
    }
    Procedure { setup, stimulus, teardown: teardown(condition, bench) }
}

/// How long a check presses the button.
fn check_press(check: Check) -> Seconds {
    if check == Check::Intake { STROKE } else { Seconds::ZERO }
}

/// A trial without a reset question: the camera is taken as it is.
fn measurement(condition: &Condition, check: Check, bench: &Bench<'_>) -> Procedure {
    let mut setup = Vec::new();
    if check == Check::ButtonContact {
        setup.push(timed(Step::RestCoil { longest_s: timing::PULSE }, timing::REST));
    }
    setup.push(timed(Step::Begin, timing::COMMAND));
    if check.unpowered() {
        let drain_s = bench.profile.supply.drain_s;
        setup.push(timed(Step::PowerOff, timing::COMMAND));
        setup.push(timed(Step::Drain { for_s: drain_s }, drain_s + timing::SLACK));
    } else {
        feed(&mut setup, &condition.adapter, condition.supply_v, bench);
    }
    let patience = if check == Check::ButtonContact { timing::REST } else { bench.profile.ready.timeout_s + timing::SLACK };
    let stimulus = vec![timed(Step::Measure { check }, patience)];
    Procedure { setup, stimulus, teardown: teardown(condition, bench) }
}

/// Brings the camera, on the best source, to a known state that is not the factory state.
fn prepare(steps: &mut Vec<TimedStep>, condition: &Condition, bench: &Bench<'_>, provision: bool, canaries: bool) {
    let reference = bench.reference(&condition.adapter);
    feed(steps, &reference, None, bench);
    steps.push(timed(Step::PowerOn, timing::COMMAND));
    steps.push(ready(bench, Seconds::ZERO));
    if provision && bench.can_prepare() {
        steps.push(timed(Step::Provision, bench.profile.provision.timeout_s + timing::SLACK));
    }
    if canaries {
        steps.push(timed(Step::ProveNotFactory, timing::VERIFY));
        mark_settings(steps, bench);
    }
    steps.push(sit_out(bench));
}

/// The longest that the contact may be closed: with hold-then-power a little longer than the hold, which counts from power-on.
pub fn longest_press(stimulus: &Stimulus, profile: &Profile) -> Seconds {
    match stimulus {
        Stimulus::Press { max_s, .. } if profile.press.mode == PressMode::HoldThenPower => *max_s + timing::SLACK,
        _ => stimulus.longest_hold(),
    }
}

/// From any state: off, empty, connected, set.
fn feed(steps: &mut Vec<TimedStep>, adapter: &AdapterName, volts: Option<Volts>, bench: &Bench<'_>) {
    let drain_s = bench.profile.supply.drain_s.max(bench.position.interlocks.supply_min_off_s);
    steps.push(timed(Step::PowerOff, timing::COMMAND));
    steps.push(timed(Step::Drain { for_s: drain_s }, drain_s + timing::SLACK));
    if bench.position.selector.is_some() {
        steps.push(timed(Step::Connect { adapter: adapter.clone() }, timing::COMMAND));
    }
    if bench.programmable(adapter) {
        let volts = volts.unwrap_or(bench.profile.supply.nominal_v);
        steps.push(timed(Step::SetSupply { volts }, timing::COMMAND));
    }
}

fn mark_settings(steps: &mut Vec<TimedStep>, bench: &Bench<'_>) {
    if bench.has_canaries() {
        steps.push(timed(Step::WriteCanaries, timing::VERIFY));
        steps.push(timed(Step::ReadBackCanaries, timing::VERIFY));
    }
}

fn stimulus(condition: &Condition, bench: &Bench<'_>, early: bool) -> Vec<TimedStep> {
    let mut steps = Vec::new();
    let powers_in_hold = bench.profile.press.mode == PressMode::HoldThenPower;
    if early && !powers_in_hold && !matches!(condition.stimulus, Stimulus::UnpoweredPress { .. }) {
        steps.push(timed(Step::PowerOn, timing::COMMAND));
        let for_s = condition.press_after_s.unwrap_or(Seconds::ZERO);
        steps.push(timed(Step::AwaitSincePower { for_s }, for_s + timing::SLACK));
    }
    let power_on = |steps: &mut Vec<TimedStep>| {
        if powers_in_hold {
            steps.push(timed(Step::PowerOn, timing::COMMAND));
        }
    };
    match condition.stimulus {
        Stimulus::Press { hold_s, release, max_s } => {
            let until_change = release == crate::domain::condition::Release::OnChange;
            let longest_s = longest_press(&condition.stimulus, bench.profile);
            steps.push(timed(Step::Press { max_s: longest_s }, timing::COMMAND));
            power_on(&mut steps);
            steps.push(timed(Step::Hold { for_s: hold_s, until_change, max_s }, max_s + timing::SLACK));
            steps.push(timed(Step::Release, timing::COMMAND));
        }
        Stimulus::Sham { wait_s } => {
            power_on(&mut steps);
            steps.push(timed(Step::Sham { for_s: wait_s }, wait_s + timing::SLACK));
        }
        Stimulus::UnpoweredPress { hold_s } => {
            steps.push(timed(Step::Press { max_s: hold_s }, timing::COMMAND));
            steps.push(timed(Step::Hold { for_s: hold_s, until_change: false, max_s: hold_s }, hold_s + timing::SLACK));
            steps.push(timed(Step::Release, timing::COMMAND));
        }
        // A procedure of its own.
        Stimulus::Check { .. } => return steps,
    }
    let watch = &bench.profile.watch;
    steps.push(timed(Step::Watch, watch.erasing_s.max(watch.reboot_s) + timing::SLACK));
    if !matches!(condition.stimulus, Stimulus::UnpoweredPress { .. }) {
        let revive = watch.recovery_s + bench.profile.press.write_window_s + bench.profile.supply.drain_s;
        steps.push(timed(Step::Recover, revive + timing::COMMAND + timing::SLACK));
        steps.push(timed(Step::Verify, timing::VERIFY + watch.settle_s));
    }
    steps
}

/// The camera is set up again while its write window is sat out: that costs no bench time. The next trial prepares it where this fails.
fn teardown(condition: &Condition, bench: &Bench<'_>) -> Vec<TimedStep> {
    let mut steps = vec![timed(Step::Release, timing::COMMAND)];
    let resets = matches!(condition.stimulus, Stimulus::Press { .. } | Stimulus::Sham { .. });
    if resets && matches!(bench.profile.provision.via, Via::Console | Via::Probe) {
        steps.push(timed(Step::Provision, bench.profile.provision.timeout_s + timing::SLACK));
    }
    steps.push(sit_out(bench));
    steps.push(timed(Step::PowerOff, timing::COMMAND));
    steps
}

fn ready(bench: &Bench<'_>, not_before_s: Seconds) -> TimedStep {
    timed(Step::AwaitReady { not_before_s }, bench.profile.ready.timeout_s)
}

fn sit_out(bench: &Bench<'_>) -> TimedStep {
    timed(Step::SitOutWriteWindow, bench.profile.press.write_window_s + timing::SLACK)
}

fn timed(step: Step, timeout_s: Seconds) -> TimedStep {
    TimedStep { step, timeout_s }
}
