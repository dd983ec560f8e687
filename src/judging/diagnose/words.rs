//! Reasons in whole sentences, for a technician.

use super::signs::Signs;
use super::start;
use super::table::{Canaries, Contact, Factory, Life, Question, Reboot, Wipe, wipe};
use crate::domain::observation::{ForceEvent, Sense};
use crate::domain::profile::Profile;
use crate::domain::verdict::{Fate, Level, Verdict};
use crate::judging::capabilities::Capabilities;
use crate::judging::evidence::{Evidence, Mark};

/// The deciding reason first, then what was seen and what was not.
pub(super) fn reasons(
    verdict: Verdict,
    signs: &Signs,
    evidence: &Evidence,
    can: &Capabilities,
    profile: &Profile,
) -> Vec<String> {
    let mut reasons = vec![deciding(verdict, signs, evidence)];
    if signs.case.question == Question::None {
        return reasons;
    }
    if verdict == Verdict::NotReady {
        reasons.extend(start::unready(evidence, can, profile));
    }
    if verdict == Verdict::NoResponse && signs.case.question == Question::Reset {
        reasons.extend(start::unnoticed(signs.noticed));
    }
    if matches!(verdict, Verdict::NotReady | Verdict::Dead | Verdict::NoResponse) && signs.case.question == Question::Reset {
        reasons.extend(start::progress(evidence));
    }
    if verdict == Verdict::NoResponse && signs.case.question == Question::Reset {
        reasons.extend(force(evidence));
    }
    match signs.case.life {
        Life::Usual => reasons.extend(after_the_stimulus(signs, evidence)),
        Life::Dead => reasons.extend(start::at_the_end(evidence).into_iter().chain(reboot(signs, evidence))),
        Life::NotReady | Life::NeverUp | Life::NotAsked => return reasons,
    }
    if let Some(mark) = signs.answer {
        reasons.push(format!("It answered the stimulus {}.", seen(mark, evidence)));
    }
    if evidence.erasing().is_some() {
        reasons.push("It showed that it was erasing, and was not seen to be ready after that.".to_owned());
        reasons.extend(start::low_at_erase(evidence, &profile.supply));
    }
    if let Some((true, _)) = evidence.recovered() {
        reasons.push("It did not come up again by itself, and did at nominal supply.".to_owned());
    }
    if signs.level == Level::None {
        reasons.push("In this trial neither the factory state nor a canary could have shown a reset.".to_owned());
    }
    reasons
}

/// What a camera that lives did.
fn after_the_stimulus(signs: &Signs, evidence: &Evidence) -> Vec<String> {
    let booted = reboot(signs, evidence).into_iter().chain(starts(evidence));
    booted.chain(factory(signs)).chain(canaries(signs)).collect()
}

fn deciding(verdict: Verdict, signs: &Signs, evidence: &Evidence) -> String {
    let case = signs.case;
    let text = match verdict {
        Verdict::FactoryReset if signs.by_signal.is_some() => {
            "The camera signalled a reset and booted again. Nothing can set it up for a test, so its own signal stands for the factory sign."
        }
        Verdict::FactoryReset => {
            "The camera was reset to its factory state: every sign that could show it was seen, and nothing speaks against it."
        }
        Verdict::PartialReset if case.canaries == Canaries::Mixed => {
            "The reset was partial: some settings were wiped and others survived."
        }
        Verdict::PartialReset => {
            "The reset was partial: the settings that were watched are gone, but the camera says that it is still configured."
        }
        Verdict::RebootOnly if signs.level == Level::None => "The camera booted again; that alone is no reset.",
        Verdict::RebootOnly => "The camera booted again and its settings were not wiped.",
        Verdict::AcknowledgedOnly => "The camera noticed the stimulus and did nothing more.",
        Verdict::NoResponse if case.question == Question::Unpowered => "Without supply the camera did nothing, as it should.",
        Verdict::NoResponse => "The camera did nothing that could be seen.",
        Verdict::NotReady => return unready(evidence),
        Verdict::Dead => "The camera was ready before, and was not ready again at nominal supply within the recovery time.",
        Verdict::Checked => "No reset question was asked.",
        Verdict::Inconclusive => return undecided(signs),
    };
    text.to_owned()
}

fn unready(evidence: &Evidence) -> String {
    match evidence.source().preparing_on() {
        Some(adapter) => format!(
            "The camera was never ready while it was prepared on adapter `{adapter}`, so nothing was asked of it, and the adapter under test \
             was not tried."
        ),
        None => "The camera was never ready, so nothing was asked of it.".to_owned(),
    }
}

fn undecided(signs: &Signs) -> String {
    let case = signs.case;
    let whole = wipe(case.reboot, case.factory, case.canaries);
    let settings_went = case.life == Life::Usual && matches!(whole, Wipe::Whole | Wipe::Part);
    if signs.outage.is_some() && settings_went {
        let text = "Settings were wiped, but the camera lost its power before it started again and had not shown that a reset runs: corruption \
                    wipes settings too.";
        return text.to_owned();
    }
    if signs.unaccounted && settings_went {
        let shown = match signs.spoke_after {
            Some(_) => "the camera spoke of a reset only after it had begun to boot anew",
            None => "the camera showed nothing of a reset that it would show",
        };
        return format!("Settings were wiped, but {shown}: corruption wipes settings too.");
    }
    let text = match (case.life, case.contact) {
        (Life::NotAsked, _) => "The trial ended before the camera was asked anything.",
        (Life::NeverUp, _) => {
            "The camera was pressed before it was ready and did not come up at nominal supply: since when it fails is not known."
        }
        (_, Contact::NotAsAsked) if signs.pressed_in_sham => "The coil was energised in a trial that must not press.",
        (_, Contact::NotAsAsked) => "The coil was not seen to be energised: whatever happened was not caused by a press.",
        (Life::Usual | Life::NotReady | Life::Dead, Contact::AsAsked) => match (case.factory, case.canaries) {
            (Factory::Conflict, _) => {
                "The signs contradict each other: one says that the camera is in its factory state, another that it is not."
            }
            (Factory::Seen, Canaries::Survived) => {
                "The signs contradict each other: the camera shows its factory state, but the settings that were watched are still there."
            }
            (_, Canaries::Unread) if !signs.never_read.is_empty() => {
                let names = list(signs.never_read.iter().map(|category| category.name()));
                return format!(
                    "These canaries could not be read back before the stimulus, nor afterwards: {names}. One that can never be read leaves every \
                     reset open: correct its `read` in the profile, or take it away."
                );
            }
            (_, Canaries::Unread) => {
                "The settings that were watched could not be read afterwards, so it is not known whether they were wiped."
            }
            (Factory::NotSeen, _) => "The factory sign could have been seen and was not, and nothing denies it.",
            (Factory::Seen, _) | (_, Canaries::Gone) => {
                "The settings look wiped, but no reboot was seen although it could have been."
            }
            _ => "No sensor of this rig could have seen what the camera did.",
        },
    };
    text.to_owned()
}

/// What the force on the button says of a press without an effect. It changes no verdict: the coil did what was asked of it.
fn force(evidence: &Evidence) -> Option<String> {
    let text = match evidence.force()? {
        ForceEvent::Snap => "The button was felt to click, so it was pressed.",
        ForceEvent::NoSnap => {
            "The tip was pressed home and no click was felt: the button may be worn, or the tip stands beside it."
        }
        ForceEvent::TooLittle => "The force never reached what the button takes: the tip may have met no button.",
    };
    Some(text.to_owned())
}

fn reboot(signs: &Signs, evidence: &Evidence) -> Option<String> {
    match signs.case.reboot {
        Reboot::Blind => Some("A reboot cannot be seen with this rig.".to_owned()),
        Reboot::NotSeen => Some("No reboot was seen.".to_owned()),
        Reboot::Seen => {
            let first = signs.reboots.iter().min_by_key(|mark| mark.at)?;
            Some(format!("It booted again {}.", seen(*first, evidence)))
        }
    }
}

/// A boot that never came to its end and began anew: for the reader the power path or the firmware, and no answer to a press.
fn starts(evidence: &Evidence) -> Option<String> {
    let starts = evidence.starts();
    let first = starts.first()?;
    let cause = match starts.iter().any(|mark| mark.sense == Sense::Current) {
        true => "its supply broke down, or its boot failed",
        false => "its boot failed, or its supply broke down",
    };
    Some(format!("It began to boot anew {} before it was ever up, which is no reboot: {cause}.", seen(*first, evidence)))
}

fn factory(signs: &Signs) -> Option<String> {
    let by = |marks: &[Mark]| list(marks.iter().map(|mark| organ(mark.sense)));
    match signs.case.factory {
        Factory::Blind => None,
        Factory::Seen if signs.by_signal.is_some() => None,
        Factory::Seen => Some(format!("It shows its factory state ({}), which it did not before.", by(&signs.shows))),
        Factory::NotSeen => Some("It was not seen to show its factory state.".to_owned()),
        Factory::Stale => Some(format!("It shows its factory state ({}), but perhaps it did so before.", by(&signs.shows))),
        Factory::Conflict => Some(format!(
            "It shows its factory state ({}) and says that it is not in it ({}).",
            by(&signs.shows),
            by(&signs.denies)
        )),
        Factory::Denied => Some(format!("It says that it is not in its factory state ({}).", by(&signs.denies))),
    }
}

fn canaries(signs: &Signs) -> Vec<String> {
    let mut sentences = Vec::new();
    for (fate, what) in
        [(Fate::Gone, "gone"), (Fate::Survived, "still there"), (Fate::NotObserved, "unknown: they could not be read")]
    {
        let names: Vec<&str> =
            signs.fates.iter().filter(|(_, (found, _))| *found == fate).map(|(category, _)| category.name()).collect();
        if !names.is_empty() {
            sentences.push(format!("Canaries {what}: {}.", names.join(", ")));
        }
    }
    sentences
}

/// How long after the stimulus began, and through what.
fn seen(mark: Mark, evidence: &Evidence) -> String {
    let organ = organ(mark.sense);
    match evidence.stimulus() {
        Some(stimulus) => format!("{:.1} after the stimulus began ({organ})", mark.at.since(stimulus.at)),
        None => format!("({organ})"),
    }
}

fn organ(sense: Sense) -> &'static str {
    match sense {
        Sense::Light => "light",
        Sense::Sound => "sound",
        Sense::Motor => "motor",
        Sense::Console => "console",
        Sense::Current => "supply",
        Sense::Network => "network",
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
