//! What must have been done before a verdict may be given, however sure the numbers are.

use super::finding::{BOOT, CONTACT, FORCE, POWER, PRESS};
use super::inference::{Done, Source, Sources, Test};
use crate::domain::rma::{FaultClass, ReturnPlan};

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// So many correct presses more.
    Presses(u32),
    /// Correct presses on so many known-good sources more.
    Sources(u32),
    /// So many boots with the same result more.
    Boots(u32),
    /// A test on a known-good source with the voltage seen to be right.
    GoodPower,
    /// A test on the returned adapter.
    Returned,
    /// A press that reset the unit.
    Reset,
    /// The same on the adapter that came with it.
    ReturnedReset,
}

/// A unit is scrapped because of these verdicts, so they must be surer than others (our choice).
const BLAME_AT: f64 = 0.98;

/// How likely a class must be for a verdict.
pub fn sure_at(class: FaultClass, plan: &ReturnPlan) -> f64 {
    match class {
        FaultClass::Firmware | FaultClass::Hardware => plan.stop_at.max(BLAME_AT),
        _ => plan.stop_at,
    }
}

/// What a verdict of this class still needs; `None`: it may be given.
pub fn missing(class: FaultClass, done: &[Done], sources: Sources, plan: &ReturnPlan) -> Option<Missing> {
    match class {
        FaultClass::NoFaultFound if sources.returned => {
            // An adapter that boots the unit may still give too little for an erase.
            let reset = |done: &&Done| done.test.source() == Some(Source::Returned) && done.finding.word(PRESS) == "reset";
            (!done.iter().any(|done| reset(&done))).then_some(Missing::ReturnedReset)
        }
        FaultClass::NoFaultFound => (resets(done) == 0).then_some(Missing::Reset),
        FaultClass::Supply => supply(done),
        FaultClass::Button => presses(done, sources, plan),
        FaultClass::Firmware | FaultClass::Hardware => {
            if !done.iter().any(|done| on_reference(done) && powered(done)) {
                return Some(Missing::GoodPower);
            }
            against_unit(done, sources, plan)
        }
        // Twice, since once may be a press that missed.
        FaultClass::Rig => (done.iter().filter(|done| tells_of_rig(done)).count() < 2).then_some(Missing::GoodPower),
    }
}

/// Presses that reset the unit.
pub fn resets(done: &[Done]) -> usize {
    done.iter().filter(|done| done.finding.word(PRESS) == "reset").count()
}

/// Whether the unit has been up on a source with the voltage seen to be right, or not seen to be wrong.
pub fn was_ready(done: &[Done]) -> bool {
    done.iter().any(|done| done.finding.word(BOOT) == "ready")
}

/// Whether a test was made on a known-good source at its nominal voltage.
pub fn on_reference(done: &Done) -> bool {
    matches!(done.test.source(), Some(Source::Reference(_)))
}

/// Whether the voltage at the plug was in the unit's window: what the unit does then is its own doing. A rig without a meter cannot tell; then a
/// known-good source is believed.
pub fn powered(done: &Done) -> bool {
    matches!(done.finding.word(POWER), "good" | "-") && done.test != Test::Stroke
}

/// A correct press: the boot was waited for, and the supply was as it should be.
fn is_correct_press(done: &Done) -> bool {
    matches!(done.test, Test::Press(_)) && powered(done) && done.finding.word(PRESS) != "-"
}

/// A good source that is low on this bench, or a stroke that the button or the force on it did not notice.
fn tells_of_rig(done: &Done) -> bool {
    let low = on_reference(done) && matches!(done.finding.word(POWER), "off" | "sagging");
    low || done.finding.word(CONTACT) == "unnoticed" || matches!(done.finding.word(FORCE), "no_snap" | "too_little")
}

fn supply(done: &[Done]) -> Option<Missing> {
    let returned = |done: &&Done| done.test.source() == Some(Source::Returned);
    if !done.iter().any(|done| returned(&done)) {
        return Some(Missing::Returned);
    }
    // That the adapter is at fault does not tell that the unit is sound.
    let reset = done.iter().any(|done| on_reference(done) && done.finding.word(PRESS) == "reset");
    (!reset).then_some(Missing::Reset)
}

fn presses(done: &[Done], sources: Sources, plan: &ReturnPlan) -> Option<Missing> {
    let correct: Vec<&Done> = done.iter().filter(|done| is_correct_press(done)).collect();
    let mut used: Vec<usize> = correct
        .iter()
        .filter_map(|done| match done.test.source() {
            Some(Source::Reference(place)) => Some(place),
            _ => None,
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    let wanted = plan.sources.min(sources.references as u32);
    let used = used.len() as u32;
    if used < wanted {
        return Some(Missing::Sources(wanted - used));
    }
    let made = correct.len() as u32;
    (made < plan.presses).then(|| Missing::Presses(plan.presses - made))
}

/// A unit that does not boot cannot be pressed, so boots alone can speak against it; one that boots must have been pressed.
fn against_unit(done: &[Done], sources: Sources, plan: &ReturnPlan) -> Option<Missing> {
    let failed = failed_boots(done);
    let ready = done.iter().any(|done| powered(done) && done.finding.word(BOOT) == "ready");
    let by_boots = (failed < plan.boots).then(|| Missing::Boots(plan.boots - failed));
    if !ready || by_boots.is_none() {
        return by_boots;
    }
    presses(done, sources, plan).or_else(|| {
        let failed = done.iter().filter(|done| is_failed_press(done)).count() as u32;
        (failed < plan.boots).then(|| Missing::Presses(plan.boots - failed))
    })
}

/// A press on good power that did not reset the unit. What only the returned adapter shows does not speak against the unit.
fn is_failed_press(done: &Done) -> bool {
    on_reference(done) && powered(done) && !matches!(done.finding.word(PRESS), "reset" | "-")
}

/// The most boots on good power that failed in the same way.
pub fn failed_boots(done: &[Done]) -> u32 {
    let failed: Vec<&str> = done
        .iter()
        .filter(|done| on_reference(done) && powered(done))
        .map(|done| if done.finding.word(PRESS) == "dead" { "dead" } else { done.finding.word(BOOT) })
        .filter(|word| !matches!(*word, "ready" | "-"))
        .collect();
    failed.iter().map(|word| failed.iter().filter(|other| *other == word).count() as u32).max().unwrap_or(0)
}
