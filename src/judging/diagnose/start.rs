//! Sentences about a camera that did not start, or did not come back, and about a press that did not reach its firmware: what a technician looks
//! at next. They change no verdict.

use crate::domain::observation::{BootStage, ConsoleState, LightPattern, LightShape, MarkerMeaning, Sense};
use crate::domain::profile::{Profile, SupplyLimits};
use crate::domain::units::Volts;
use crate::judging::capabilities::Capabilities;
use crate::judging::evidence::Evidence;
use crate::judging::rules::is_up;

/// Why it was not taken for ready, and what fed it.
pub(super) fn unready(evidence: &Evidence, can: &Capabilities, profile: &Profile) -> Vec<String> {
    let missing = missing(evidence, can, profile);
    [Some(supply(evidence, &profile.supply)), missing].into_iter().flatten().collect()
}

/// The guide's first suspect: measured, or not ruled out.
fn supply(evidence: &Evidence, limits: &SupplyLimits) -> String {
    let source = evidence.source();
    let elsewhere = source.was_ready_on().map(|other| format!("on adapter `{other}` it was ready before, in this trial"));
    let Some((lowest, highest)) = source.while_waited_for() else {
        let unmeasured = "The voltage at the plug was not measured while it was waited for, so the supply is not ruled out";
        return match elsewhere {
            Some(elsewhere) => format!("{unmeasured}: {elsewhere}."),
            None => format!("{unmeasured}."),
        };
    };
    let gave = format!("While it was waited for, the plug gave {}", range(lowest, highest));
    let (wrong, suspect) = if lowest < limits.min_v {
        (format!("{} or more", limits.min_v), true)
    } else if highest > limits.max_v {
        (format!("{} at the most", limits.max_v), true)
    } else {
        (String::new(), false)
    };
    match (suspect, elsewhere) {
        (true, Some(elsewhere)) => {
            format!("{gave}; it is made for {wrong}, and {elsewhere}: look at the adapter and its cable first.")
        }
        (true, None) => format!("{gave}; it is made for {wrong}: look at the supply first."),
        (false, Some(elsewhere)) => format!("{gave}, as it needs; {elsewhere}."),
        (false, None) => format!("{gave}, as it needs."),
    }
}

/// "3.90 to 4.61 V".
fn range(lowest: Volts, highest: Volts) -> String {
    let (low, high) = (format!("{:.2}", lowest.get()), format!("{:.2}", highest.get()));
    if low == high { format!("{low} V") } else { format!("{low} to {high} V") }
}

/// The signs of readiness that the rig could see and did not.
fn missing(evidence: &Evidence, can: &Capabilities, profile: &Profile) -> Option<String> {
    let light = evidence.progress().light;
    let lit = light.is_some_and(|pattern| is_up(&pattern, &profile.light));
    let dark = can.up.contains(&Sense::Light) && !lit;
    let mute = can.up.contains(&Sense::Console) && !evidence.source().marked();
    let by_light = light.map_or("its light was not seen at all".to_owned(), |pattern| {
        format!("its light, which {} at the last, is not that of a camera that is up", doing(&pattern))
    });
    let by_console = "its console never said that it is up";
    match (dark, mute) {
        (true, true) => Some(format!("It was not taken for ready because {by_light}, and {by_console}.")),
        (true, false) => Some(format!("It was not taken for ready because {by_light}.")),
        (false, true) => Some(format!("It was not taken for ready because {by_console}.")),
        (false, false) => None,
    }
}

fn doing(pattern: &LightPattern) -> String {
    let rate = pattern.hz.map_or(String::new(), |hz| format!(" at {hz}"));
    match pattern.shape {
        LightShape::Off => "was dark".to_owned(),
        LightShape::Solid => "was steady".to_owned(),
        LightShape::Blink => format!("blinked{rate}"),
        LightShape::Alternating => format!("changed between two colours{rate}"),
        LightShape::Unclear => "had no rhythm".to_owned(),
    }
}

/// What a camera does that was powered again and does not come back.
pub(super) fn at_the_end(evidence: &Evidence) -> Option<String> {
    evidence.progress().light.map(|pattern| format!("After it was powered again its light {}.", doing(&pattern)))
}

/// A voltage that was too low while it wrote its flash.
pub(super) fn low_at_erase(evidence: &Evidence, limits: &SupplyLimits) -> Option<String> {
    let lowest = evidence.source().at_erase().filter(|volts| *volts < limits.min_v)?;
    let (lowest, needs) = (lowest.get(), limits.min_v);
    Some(format!(
        "The plug fell to {lowest:.2} V while it erased, and it is made for {needs} or more: a camera that loses its voltage while it writes \
         may be ruined."
    ))
}

/// Whether the camera itself said that its button was pressed; `None` where it would not say so, or could not be heard.
pub(super) fn noticed(evidence: &Evidence, can: &Capabilities, profile: &Profile) -> Option<bool> {
    let known = profile.console.iter().flat_map(|console| &console.markers).any(|marker| marker.meaning == MarkerMeaning::Button);
    let progress = evidence.progress();
    let heard = progress.stage.is_some() || evidence.source().marked();
    let legible = !matches!(progress.line, None | Some(ConsoleState::Garbled | ConsoleState::Gap));
    (known && can.console && (evidence.noticed() || (heard && legible && evidence.pressed().is_some())))
        .then(|| evidence.noticed())
}

/// A press that the firmware did not name, of a camera that names presses.
pub(super) fn unnoticed(noticed: Option<bool>) -> Option<String> {
    let text = "Its console did not say that the button was pressed, which this model says: the press did not reach its firmware. Look at the \
                button, and at where the tip meets it.";
    (noticed == Some(false)).then(|| text.to_owned())
}

/// How far it came on its console, and how that ended: by a failure that it named, or in silence.
pub(super) fn progress(evidence: &Evidence) -> Vec<String> {
    let progress = evidence.progress();
    let again = evidence.recovered().is_some();
    let which = if again { "the boot after it was powered again" } else { "the last boot" };
    let console = if again { "After it was powered again its console" } else { "The console" };
    let stage = progress.stage.map(|stage| {
        let reached = match stage {
            BootStage::Bootloader => "its bootloader",
            BootStage::Kernel => "its kernel",
            BootStage::Userland => "the start of its programs",
            BootStage::Application => "its own application",
        };
        format!("On its console {which} reached {reached}.")
    });
    let ended = match (&progress.failure, progress.line) {
        (Some(failure), _) if failure.prompt => {
            Some(format!("The bootloader waits for a person (`{}`): nothing more comes by itself.", failure.marker))
        }
        (Some(failure), _) => Some(format!("The boot failed for good: the console printed `{}`.", failure.marker)),
        (None, Some(ConsoleState::Silent)) if stage.is_some() => Some("After that the console fell silent.".to_owned()),
        (None, Some(ConsoleState::Silent)) => Some(format!("{console} is silent and showed no boot.")),
        (None, Some(ConsoleState::Garbled)) => {
            Some("The console sends bytes that are no text: most often its baud rate is another.".to_owned())
        }
        (None, Some(ConsoleState::Speaking | ConsoleState::Gap)) if stage.is_none() => {
            Some(format!("{console} showed no boot that could be read."))
        }
        (None, Some(ConsoleState::Speaking | ConsoleState::Gap) | None) => None,
    };
    stage.into_iter().chain(ended).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::condition::{Condition, Origin, Slot};
    use crate::domain::event::{Event, Measured, TrialStarted};
    use crate::domain::ids::{Attempt, BlockNo, SlotId};
    use crate::domain::measurement::{Measurement, names};
    use crate::domain::observation::{ConsoleState, MarkerMeaning, Observation};
    use crate::domain::profile::Marker;
    use crate::domain::step::{Step, StepEnd};
    use crate::domain::units::{Seconds, Tick};
    use crate::domain::verdict::{Diagnosis, Fate::Survived, Verdict as V};
    use crate::judging::story::{PRESS, Story};
    use crate::judging::testing;

    fn judge(story: Story, verdict: V) -> Diagnosis {
        let found = story.judge();
        assert_eq!(found.verdict, verdict, "{found:?}");
        found
    }

    fn says(diagnosis: &Diagnosis, what: &str) -> bool {
        diagnosis.reasons.iter().any(|reason| reason.contains(what))
    }

    /// A trial of this adapter.
    fn of(adapter: &str) -> Story {
        let condition = Condition { adapter: adapter.into(), supply_v: None, outlet: None, stimulus: PRESS, press_after_s: None };
        let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition };
        Story::default().line(0.0, Event::TrialStarted(TrialStarted { slot, attempt: Attempt(1) }))
    }

    #[test]
    fn a_camera_that_did_not_start_is_said_what_fed_it_and_which_sign_was_missing() {
        let measured = |story: Story, low: f64, high: f64| {
            let one = |story: Story, name: &str, value| {
                let measurement = Measurement { name: name.to_owned(), value, unit: "V".to_owned(), u: None };
                story.line(299.0, Event::Measured(Measured { at_us: Tick::ZERO + Seconds::new(299.0), measurement }))
            };
            one(one(story, names::PLUG_START_MIN, low), names::PLUG_START_MAX, high)
        };
        let connect = |story: Story, at: f64, name: &str| story.step(at, Step::Connect { adapter: name.into() });
        let wait = |story: Story, at: f64| {
            story
                .step(at, Step::PowerOn)
                .step(at + 0.1, Step::AwaitReady { not_before_s: Seconds::ZERO })
                .light(at + 1.0, testing::BOOTING)
        };
        let prepared = connect(of("long"), 0.0, "oem").step(1.0, Step::PowerOn).see(60.0, Observation::Ready);
        let tried = wait(connect(prepared.step(70.0, Step::Begin), 71.0, "long"), 80.0);
        let weak = judge(measured(tried.clone(), 3.9, 4.6).end(380.0, StepEnd::NotSeen), V::NotReady);
        assert!(
            says(&weak, "gave 3.90 to 4.60 V") && says(&weak, "4.75 V or more, and on adapter `oem` it was ready"),
            "{weak:?}"
        );
        assert!(says(&weak, "not that of a camera that is up"), "{weak:?}");
        let fine = judge(measured(tried.clone(), 4.95, 5.0).end(380.0, StepEnd::NotSeen), V::NotReady);
        assert!(says(&fine, "as it needs; on adapter `oem`") && !says(&fine, "first"), "{fine:?}");
        let blind = judge(tried.end(380.0, StepEnd::NotSeen), V::NotReady);
        assert!(says(&blind, "not measured") && says(&blind, "not ruled out"), "{blind:?}");
        let preparing = wait(connect(of("long"), 0.0, "oem"), 1.0).end(301.0, StepEnd::NotSeen);
        assert!(says(&judge(preparing, V::NotReady), "prepared on adapter `oem`"));
    }

    #[test]
    fn a_press_that_the_console_does_not_name_did_not_reach_the_firmware() {
        let names_presses = |story: Story| {
            story.with(|profile| {
                let marker = Marker { name: "button".to_owned(), meaning: MarkerMeaning::Button, regex: "pressed".to_owned() };
                profile.console.as_mut().unwrap().markers.push(marker);
            })
        };
        let speaking = |story: Story| story.see(69.0, Observation::Console { state: ConsoleState::Speaking });
        let pressed = speaking(names_presses(Story::planted())).press();
        let missed = judge(pressed.clone().fates(Survived, Survived), V::NoResponse);
        assert!(says(&missed, "did not reach its firmware") && missed.noticed == Some(false), "{missed:?}");
        let felt = judge(pressed.marker(101.0, MarkerMeaning::Button).fates(Survived, Survived), V::NoResponse);
        assert!(!says(&felt, "did not reach") && felt.noticed == Some(true), "{felt:?}");
        let never_does = judge(speaking(Story::planted()).press().fates(Survived, Survived), V::NoResponse);
        assert_eq!(never_does.noticed, None);
    }
}
