//! The judgement of a trial: evidence in, a verdict with its reasons and its lines out.

mod signs;
mod start;
mod table;
mod words;

pub use table::{Answer, Canaries, Case, Contact, Factory, Life, Question, Reboot, Wipe, decide, wipe};

use super::capabilities::Capabilities;
use super::evidence::{Evidence, Mark};
use crate::domain::condition::Stimulus;
use crate::domain::ids::Seq;
use crate::domain::profile::Profile;
use crate::domain::verdict::{Diagnosis, Fate, Verdict};
use signs::Signs;

/// Judges a trial. Pure: the same evidence always gives the same diagnosis, live and when judged again.
pub fn diagnose(evidence: &Evidence, can: &Capabilities, stimulus: &Stimulus, profile: &Profile) -> Diagnosis {
    let signs = Signs::read(evidence, can, stimulus, profile);
    let verdict = attributed(decide(signs.case), &signs);
    let (decided_by, against) = lines(verdict, &signs, evidence);
    Diagnosis {
        verdict,
        level: signs.level,
        canaries: signs.fates.iter().map(|(category, (fate, _))| (*category, *fate)).collect(),
        reasons: words::reasons(verdict, &signs, evidence, can, profile),
        decided_by,
        against,
        noticed: signs.noticed,
    }
}

/// Settings that vanish while the camera shows nothing of the reset that it shows otherwise were not reset by the press: corruption wipes too,
/// and a camera that boots by itself may format what it finds damaged. Nor were those of a camera that started again because its power had gone, or that
/// was already starting again and again when it was pressed. In a sham the rule does not hold: what a control shows is shown.
fn attributed(verdict: Verdict, signs: &Signs) -> Verdict {
    let open = signs.unaccounted || signs.outage.is_some() || signs.unsteady.is_some();
    match verdict {
        Verdict::FactoryReset | Verdict::PartialReset if open => Verdict::Inconclusive,
        verdict => verdict,
    }
}

/// The lines that decided, and those that spoke against.
fn lines(verdict: Verdict, signs: &Signs, evidence: &Evidence) -> (Vec<Seq>, Vec<Seq>) {
    let marks = |marks: &[Mark]| -> Vec<Seq> { marks.iter().map(|mark| mark.seq).collect() };
    let canaries = |wanted: Fate| -> Vec<Seq> {
        signs.fates.values().filter(|(fate, _)| *fate == wanted).filter_map(|(_, seq)| *seq).collect()
    };
    let reboots = marks(&signs.reboots);
    let wiped = [marks(&signs.shows), canaries(Fate::Gone), signs.by_signal.iter().map(|mark| mark.seq).collect()].concat();
    let kept = [marks(&signs.denies), canaries(Fate::Survived)].concat();
    let answer: Vec<Seq> = signs.answer.iter().map(|mark| mark.seq).collect();
    let coil: Vec<Seq> = evidence.pressed().iter().map(|edge| edge.seq).collect();
    let failure: Vec<Seq> = evidence.progress().failure.iter().map(|failure| failure.moment.seq).collect();
    let recovery = evidence.recovered().filter(|(came, _)| !came).map(|(_, at)| at.seq);
    let (decided_by, against) = match verdict {
        Verdict::FactoryReset => ([reboots, wiped].concat(), kept),
        Verdict::PartialReset => ([reboots, wiped, kept].concat(), Vec::new()),
        Verdict::RebootOnly => ([reboots, kept].concat(), wiped),
        Verdict::AcknowledgedOnly => ([answer, kept].concat(), wiped),
        Verdict::NoResponse => (kept, [answer, reboots, marks(evidence.starts()), wiped].concat()),
        Verdict::NotReady => (evidence.never_ready().iter().map(|at| at.seq).chain(failure).collect(), Vec::new()),
        Verdict::Dead => (recovery.into_iter().chain(failure).collect(), Vec::new()),
        Verdict::Inconclusive if signs.pressed_in_sham => (coil, Vec::new()),
        Verdict::Inconclusive => {
            let before_it_spoke = signs.spoke_after.map(|boot| boot.seq);
            let outage = signs.outage.into_iter().flat_map(|(low, boot)| [low.seq, boot.seq]);
            let unsteady = signs.unsteady.map(|boot| boot.seq);
            ([reboots, wiped].concat(), kept.into_iter().chain(before_it_spoke).chain(outage).chain(unsteady).collect())
        }
        Verdict::Checked => (Vec::new(), Vec::new()),
    };
    (sorted(decided_by), sorted(against))
}

fn sorted(mut lines: Vec<Seq>) -> Vec<Seq> {
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[cfg(test)]
mod power_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
