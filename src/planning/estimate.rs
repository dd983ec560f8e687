//! What a plan costs before anything is powered: bench time, wear, and the unit's resets.

use super::adaptive::Cost;
use super::procedure::{Bench, reset_trial};
use crate::domain::condition::{Slot, Stimulus};
use crate::domain::profile::{Effect, Profile};
use crate::domain::step::Step;
use crate::domain::suite::{Keep, Suite};
use crate::domain::units::Seconds;

/// Bytes of journal lines a trial leaves: about forty lines of 150 bytes.
const JOURNAL_BYTES: f64 = 6_000.0;
/// Compressed bytes of one sample, measured on the twin's traces (docs/performance.md).
const BYTES_PER_SAMPLE: f64 = 1.1;
/// Samples a second of one channel.
const SAMPLES_PER_S: f64 = 1000.0;
/// Share of trials that a person will want to see, for `traces = "flagged"`: an assumption.
const FLAGGED: f64 = 0.1;
/// Time a short exchange with the camera or an instrument takes: an assumption, replaced by what a run measures.
const EXCHANGE: Seconds = Seconds::from_millis(2_000);
/// Time from power-on to readiness where nothing else is known: an assumption.
const BOOT: Seconds = Seconds::from_millis(60_000);
/// Time an erase takes: an assumption.
const ERASE: Seconds = Seconds::from_millis(20_000);

/// What a plan costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Slots.
    pub slots: u32,
    /// Presses under power.
    pub presses: u32,
    /// Shams.
    pub shams: u32,
    /// Presses with the supply off.
    pub unpowered: u32,
    /// Bench time if every press does what the profile documents for its hold.
    pub expected_s: Seconds,
    /// Bench time if every press resets the camera.
    pub longest_s: Seconds,
    /// Time the coil is energised.
    pub coil_s: Seconds,
    /// Resets that the unit suffers if every press resets it.
    pub resets_at_most: u32,
    /// Bytes on disk.
    pub disk_bytes: f64,
}

/// Adds up the slots of a plan.
pub fn estimate(suite: &Suite, slots: &[Slot], bench: &Bench<'_>, channels: u32) -> Estimate {
    let mut sum = Estimate::default();
    let mut provision = true;
    for slot in slots {
        let stimulus = &slot.condition.stimulus;
        let setup = setup_time(slot, bench, provision);
        let quiet = after(stimulus, bench.profile, false);
        let reset = after(stimulus, bench.profile, true);
        sum.slots += 1;
        sum.expected_s = sum.expected_s + expected(slot, bench, provision);
        sum.longest_s = sum.longest_s + setup + if matches!(stimulus, Stimulus::Press { .. }) { reset } else { quiet };
        sum.coil_s = sum.coil_s + stimulus.hold().unwrap_or(Seconds::ZERO);
        match stimulus {
            Stimulus::Press { .. } => sum.presses += 1,
            Stimulus::Sham { .. } => sum.shams += 1,
            Stimulus::UnpoweredPress { .. } => sum.unpowered += 1,
            Stimulus::Check { .. } => {}
        }
        provision = false;
    }
    sum.resets_at_most = sum.presses;
    sum.disk_bytes = disk(suite, &sum, channels);
    sum
}

/// Bench time of a slot if its press does what the profile documents for its hold; `provision` where the camera must first be brought out of
/// the factory state.
pub fn expected(slot: &Slot, bench: &Bench<'_>, provision: bool) -> Seconds {
    let stimulus = &slot.condition.stimulus;
    let resets = documented_reset(stimulus, bench.profile);
    setup_time(slot, bench, provision) + after(stimulus, bench.profile, resets)
}

/// What a press is expected to take beside its hold, and how much of that stands before the trial proper.
pub fn beside_hold(slot: &Slot, bench: &Bench<'_>) -> (Cost, Seconds) {
    let stimulus = &slot.condition.stimulus;
    let held = stimulus.hold().unwrap_or(Seconds::ZERO);
    let beside = |reset| (setup_time(slot, bench, reset) + after(stimulus, bench.profile, reset) - held).get();
    let procedure = reset_trial(&slot.condition, bench, false);
    let before = procedure.setup.iter().take_while(|timed| timed.step != Step::Begin);
    let before = before.map(|timed| duration(&timed.step, bench.profile)).fold(Seconds::ZERO, |sum, span| sum + span);
    (Cost { reset_s: beside(true), quiet_s: beside(false) }, before)
}

fn disk(suite: &Suite, sum: &Estimate, channels: u32) -> f64 {
    let share = match suite.traces {
        Keep::All => 1.0,
        Keep::Flagged => FLAGGED,
        Keep::None => 0.0,
    };
    let samples = sum.expected_s.get() * SAMPLES_PER_S * f64::from(channels);
    f64::from(sum.slots) * JOURNAL_BYTES + samples * BYTES_PER_SAMPLE * share
}

/// Whether the profile documents a reset for this hold. A profile that documents nothing is taken to reset always: the longer time.
fn documented_reset(stimulus: &Stimulus, profile: &Profile) -> bool {
    let Stimulus::Press { hold_s, .. } = stimulus else { return false };
    let windows = &profile.press.windows;
    let inside = windows.iter().find(|window| window.from_s <= *hold_s && window.to_s.is_none_or(|to| *hold_s < to));
    windows.is_empty() || inside.is_some_and(|window| matches!(window.effect, Effect::FactoryReset | Effect::WifiReset))
}

fn setup_time(slot: &Slot, bench: &Bench<'_>, provision: bool) -> Seconds {
    let procedure = reset_trial(&slot.condition, bench, provision);
    procedure.setup.iter().map(|timed| duration(&timed.step, bench.profile)).fold(Seconds::ZERO, |sum, span| sum + span)
}

fn duration(step: &Step, profile: &Profile) -> Seconds {
    match step {
        Step::Drain { for_s } | Step::AwaitSincePower { for_s } | Step::Sham { for_s } => *for_s,
        Step::AwaitReady { not_before_s } => (*not_before_s).max(BOOT),
        Step::SitOutWriteWindow => profile.press.write_window_s,
        Step::Provision | Step::ProveNotFactory | Step::WriteCanaries | Step::ReadBackCanaries => EXCHANGE,
        _ => Seconds::ZERO,
    }
}

/// From the stimulus to the end of the trial.
fn after(stimulus: &Stimulus, profile: &Profile, reset: bool) -> Seconds {
    let held = match stimulus {
        Stimulus::Press { hold_s, .. } | Stimulus::UnpoweredPress { hold_s } => *hold_s,
        Stimulus::Sham { wait_s } => *wait_s,
        Stimulus::Check { .. } => return BOOT,
    };
    let watched = if reset { ERASE + BOOT } else { profile.watch.quiet_s };
    let written = if matches!(stimulus, Stimulus::Press { .. }) { profile.press.write_window_s } else { Seconds::ZERO };
    held + (watched + EXCHANGE).max(written)
}
