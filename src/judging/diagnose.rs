//! The evidence rule: from signs to a verdict with its reasons (`docs/evidence.md` has it as a table).

use super::evidence::{Evidence, Sign, Signs};
use crate::domain::canary::Category;
use crate::domain::condition::Stimulus;
use crate::domain::ids::Seq;
use crate::domain::verdict::{Diagnosis, Fate, Level, Verdict};
use std::collections::BTreeMap;

/// Why a trial got its verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    EverySign,
    SomeSurvived,
    WipedButSpokenAgainst,
    FactoryButNotWiped,
    SignMissing,
    RebootAlone,
    AnswerAlone,
    Silence,
    NoSenses,
    OwnSignal,
}

/// Judges a trial. Only what stands in its journal lines is known here.
pub fn diagnose(evidence: &Evidence, stimulus: &Stimulus) -> Diagnosis {
    let signs = evidence.signs();
    match stimulus {
        Stimulus::Check { .. } => checked(evidence, signs),
        _ if evidence.began().is_none() => not_ready(evidence, signs),
        Stimulus::UnpoweredPress { .. } => unpowered(evidence),
        Stimulus::Press { .. } | Stimulus::Sham { .. } => match evidence.recovered() {
            Some((seq, false)) => dead(signs, seq),
            _ => pressed(evidence, signs),
        },
    }
}

fn pressed(evidence: &Evidence, signs: Signs) -> Diagnosis {
    let ground = ground(evidence, signs);
    let level = if ground == Ground::OwnSignal { Level::Suggested } else { signs.level() };
    let factory = evidence.factory().lines();
    let (gone, survived) = canary_lines(evidence);
    let reboots = evidence.reboot_lines();
    let (verdict, decided_by, against) = match ground {
        Ground::EverySign => (Verdict::FactoryReset, [reboots, factory.seen, gone].concat(), Vec::new()),
        Ground::OwnSignal => (Verdict::FactoryReset, [reboots, evidence.signals().to_vec()].concat(), Vec::new()),
        Ground::SomeSurvived => (Verdict::PartialReset, [gone, survived].concat(), factory.against),
        Ground::WipedButSpokenAgainst => (Verdict::Inconclusive, gone, factory.against),
        Ground::FactoryButNotWiped => (Verdict::Inconclusive, factory.seen, survived),
        Ground::SignMissing => {
            (Verdict::Inconclusive, [reboots, factory.seen, gone].concat(), [factory.against, survived].concat())
        }
        Ground::RebootAlone => (Verdict::RebootOnly, reboots, [factory.against, survived].concat()),
        Ground::AnswerAlone => (Verdict::AcknowledgedOnly, evidence.change_lines(), [factory.against, survived].concat()),
        Ground::Silence => (Verdict::NoResponse, [factory.against, survived].concat(), Vec::new()),
        Ground::NoSenses => (Verdict::Inconclusive, Vec::new(), Vec::new()),
    };
    let mut reasons = vec![sentence(ground, signs).to_owned()];
    reasons.extend(details(evidence, signs));
    Diagnosis { verdict, level, canaries: fates(evidence), reasons, decided_by, against }
}

/// The decision table. Canaries decide first, since they alone show what was wiped; every pair that contradicts itself is inconclusive.
fn ground(evidence: &Evidence, signs: Signs) -> Ground {
    use Sign::{Against, NotSeen, Partly, Seen, Unseeable};
    match (signs.factory, signs.canaries) {
        (_, Partly) => Ground::SomeSurvived,
        (Against, Seen) => Ground::WipedButSpokenAgainst,
        (Seen | Partly, Against) => Ground::FactoryButNotWiped,
        (Seen | Partly, Seen) | (Seen | Partly, Unseeable) | (Unseeable, Seen) => complete(signs),
        (Seen | Partly, NotSeen) | (NotSeen, Seen) => Ground::SignMissing,
        (Against, Unseeable | Against) | (NotSeen | Unseeable, Against) => without_wipe(evidence, signs),
        // The canaries could not be read again: nobody knows whether they are gone.
        (NotSeen | Against | Unseeable, NotSeen) => Ground::SignMissing,
        (NotSeen, Unseeable) => match signs.reboot {
            // The factory sign was due after the reboot and did not come.
            Seen | Partly => Ground::SignMissing,
            // It was not due: nothing booted.
            NotSeen | Against => without_wipe(evidence, signs),
            Unseeable => Ground::SignMissing,
        },
        (Unseeable, Unseeable) => unprovable(evidence, signs),
    }
}

/// The wipe is shown; a reboot that could have been seen must have been.
fn complete(signs: Signs) -> Ground {
    match signs.reboot {
        Sign::Seen | Sign::Unseeable => Ground::EverySign,
        Sign::NotSeen | Sign::Against | Sign::Partly => Ground::SignMissing,
    }
}

fn without_wipe(evidence: &Evidence, signs: Signs) -> Ground {
    if signs.reboot == Sign::Seen {
        Ground::RebootAlone
    } else if evidence.answered().is_some() || !evidence.signals().is_empty() {
        Ground::AnswerAlone
    } else {
        Ground::Silence
    }
}

/// Neither the factory state nor canaries can be seen.
fn unprovable(evidence: &Evidence, signs: Signs) -> Ground {
    if evidence.may_be_judged_by_signal() && signs.reboot == Sign::Seen && !evidence.signals().is_empty() {
        return Ground::OwnSignal;
    }
    match signs.reboot {
        Sign::Unseeable if evidence.answered().is_none() => Ground::NoSenses,
        _ => without_wipe(evidence, signs),
    }
}

fn sentence(ground: Ground, signs: Signs) -> &'static str {
    match (ground, signs.reboot) {
        (Ground::EverySign, Sign::Unseeable) => {
            "Every sign that this rig can see shows the factory state; a reboot cannot be seen."
        }
        (Ground::EverySign, _) => {
            "The camera booted again after the stimulus, and every sign that can be seen shows the factory state."
        }
        (Ground::OwnSignal, _) => {
            "The camera signalled a reset and booted again. It cannot be provisioned, so its own signal stands for the factory sign."
        }
        (Ground::SomeSurvived, _) => "Some categories of settings were wiped and others survived.",
        (Ground::WipedButSpokenAgainst, _) => "The canaries are gone, but the camera says that it is not in its factory state.",
        (Ground::FactoryButNotWiped, _) => "The camera shows the factory sign, but the canaries are still there.",
        (Ground::SignMissing, _) => {
            "A sign that worked before the stimulus was not seen after it, and nothing shows the contrary."
        }
        (Ground::RebootAlone, _) => "The camera booted again, and nothing was wiped.",
        (Ground::AnswerAlone, _) => "The camera answered the stimulus and then did nothing more.",
        (Ground::Silence, _) => "Nothing changed.",
        (Ground::NoSenses, _) => "This rig sees nothing that could tell whether the camera was reset.",
    }
}

fn details(evidence: &Evidence, signs: Signs) -> Vec<String> {
    let mut details = Vec::new();
    if signs.reboot == Sign::NotSeen && (signs.factory == Sign::Seen || signs.canaries == Sign::Seen) {
        details.push("No reboot was seen.".to_owned());
    }
    if signs.factory == Sign::NotSeen && signs.reboot == Sign::Seen {
        details.push("No factory sign was seen.".to_owned());
    }
    let fates = evidence.fates();
    for (word, wanted) in [("wiped", Fate::Gone), ("survived", Fate::Survived), ("not observed afterwards", Fate::NotObserved)] {
        let names: Vec<_> = fates.iter().filter(|(_, (_, fate))| *fate == wanted).map(|(category, _)| category.name()).collect();
        if !names.is_empty() {
            details.push(format!("Canaries {word}: {}.", names.join(", ")));
        }
    }
    if let Some((_, true)) = evidence.recovered() {
        details.push("It did not come up again under the tried supply, and did on the reference.".to_owned());
    }
    details
}

fn not_ready(evidence: &Evidence, signs: Signs) -> Diagnosis {
    let reasons = vec!["The camera was not ready in time, so it was not pressed.".to_owned()];
    let decided_by = evidence.gave_up_waiting().into_iter().collect();
    bare(Verdict::NotReady, signs.level(), reasons, decided_by)
}

fn dead(signs: Signs, seq: Seq) -> Diagnosis {
    let reason = "The camera was ready before, and did not become ready again at nominal supply within the recovery time.";
    bare(Verdict::Dead, signs.level(), vec![reason.to_owned()], vec![seq])
}

fn checked(evidence: &Evidence, signs: Signs) -> Diagnosis {
    let (verdict, reason) = if evidence.checked() {
        (Verdict::Checked, "No reset question was asked.")
    } else {
        (Verdict::NotReady, "The camera was not ready in time, so nothing was measured.")
    };
    bare(verdict, signs.level(), vec![reason.to_owned()], Vec::new())
}

/// Without supply a camera cannot be reset. What is seen all the same is an echo or coupling, and shows what this rig's senses are worth.
fn unpowered(evidence: &Evidence) -> Diagnosis {
    if evidence.life().is_empty() {
        return bare(
            Verdict::NoResponse,
            Level::None,
            vec!["Without supply nothing was seen, as it should be.".to_owned()],
            Vec::new(),
        );
    }
    let reason = "Something was seen although the camera has no supply: an echo, coupling, or a supply from elsewhere.";
    bare(Verdict::Inconclusive, Level::None, vec![reason.to_owned()], evidence.life().to_vec())
}

fn bare(verdict: Verdict, level: Level, reasons: Vec<String>, decided_by: Vec<Seq>) -> Diagnosis {
    Diagnosis { verdict, level, canaries: BTreeMap::new(), reasons, decided_by, against: Vec::new() }
}

fn fates(evidence: &Evidence) -> BTreeMap<Category, Fate> {
    evidence.fates().into_iter().map(|(category, (_, fate))| (category, fate)).collect()
}

fn canary_lines(evidence: &Evidence) -> (Vec<Seq>, Vec<Seq>) {
    let lines = |wanted: Fate| {
        let fates = evidence.fates();
        fates.values().filter(|(_, fate)| *fate == wanted).filter_map(|(seq, _)| *seq).collect()
    };
    (lines(Fate::Gone), lines(Fate::Survived))
}
