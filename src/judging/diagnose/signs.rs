//! From the evidence of a trial to the small enums of the decision table.

use super::start;
use super::table::{Answer, Canaries, Case, Contact, Factory, Life, Question, Reboot};
use crate::domain::canary::Category;
use crate::domain::condition::Stimulus;
use crate::domain::ids::Seq;
use crate::domain::observation::Sense;
use crate::domain::profile::{PressMode, Profile, Via};
use crate::domain::verdict::{Fate, Level};
use crate::judging::capabilities::Capabilities;
use crate::judging::evidence::{Canary, Evidence, Mark};
use std::collections::BTreeMap;

/// The signs of a trial, and the lines they stand in.
#[derive(Clone, Debug)]
pub(super) struct Signs {
    pub(super) case: Case,
    pub(super) level: Level,
    /// The first sign of a reboot through each sense.
    pub(super) reboots: Vec<Mark>,
    /// What shows the factory state, and what denies it.
    pub(super) shows: Vec<Mark>,
    pub(super) denies: Vec<Mark>,
    /// The camera's own signal stands for the factory sign.
    pub(super) by_signal: Option<Mark>,
    /// What became of the canaries that count.
    pub(super) fates: BTreeMap<Category, (Fate, Option<Seq>)>,
    pub(super) answer: Option<Mark>,
    /// Canaries that could be read neither before the stimulus nor after it.
    pub(super) never_read: Vec<Category>,
    /// The coil was energised in a trial that must not press.
    pub(super) pressed_in_sham: bool,
    /// The camera has signs of its own that it takes a press for a reset, and showed none in time.
    pub(super) unaccounted: bool,
    /// The boot that had begun before it showed one.
    pub(super) spoke_after: Option<Mark>,
    /// Whether the camera itself said that its button was pressed.
    pub(super) noticed: Option<bool>,
    /// It lost its power before it began to boot anew: both lines.
    pub(super) outage: Option<(Mark, Mark)>,
}

impl Signs {
    pub(super) fn read(evidence: &Evidence, can: &Capabilities, stimulus: &Stimulus, profile: &Profile) -> Self {
        let reboots = reboots(evidence, can);
        let (factory, shows, denies) = factory(evidence, can);
        let (canaries, fates) = canaries(evidence, can);
        // Where a press is held across power-on, a boot always follows it: only a second one says anything.
        let boots_by_itself = profile.press.mode == PressMode::HoldThenPower;
        let reboot = match (can.reboot.is_empty() || boots_by_itself, reboots.is_empty()) {
            (_, false) => Reboot::Seen,
            (true, true) => Reboot::Blind,
            (false, true) => Reboot::NotSeen,
        };
        let answer = evidence.acknowledged();
        let contact = contact(evidence, stimulus);
        let pressed_in_sham = contact == Contact::NotAsAsked && evidence.pressed().is_some();
        let pressed = matches!(stimulus, Stimulus::Press { .. });
        let unaccounted = pressed && can.account && evidence.account().is_none();
        let case = Case {
            question: question(stimulus),
            life: life(evidence),
            contact,
            reboot,
            factory,
            canaries,
            answer: if answer.is_some() { Answer::Seen } else { Answer::None },
        };
        let level = level(evidence, can, boots_by_itself);
        let unknown = |category: &&Category| evidence.canaries().get(*category).is_none_or(Canary::is_unknown);
        let never_read = fates.keys().filter(unknown).copied().collect();
        let mut signs = Self {
            case,
            level,
            reboots,
            shows,
            denies,
            by_signal: None,
            fates,
            answer,
            never_read,
            pressed_in_sham,
            unaccounted,
            spoke_after: evidence.spoke_after().filter(|_| unaccounted),
            noticed: start::noticed(evidence, can, profile).filter(|_| pressed),
            outage: evidence.outage().filter(|_| pressed),
        };
        if profile.provision.via == Via::None && signal_stands(evidence, can) {
            signs.judge_by_signal(evidence);
        }
        if signs.case.question == Question::None {
            signs.level = Level::None;
        }
        signs
    }

    /// The camera's resetting signal followed by a reboot stands for the factory sign, at the lowest level.
    fn judge_by_signal(&mut self, evidence: &Evidence) {
        self.level = Level::Suggested;
        if matches!(self.case.factory, Factory::Denied | Factory::Conflict) {
            return;
        }
        let signal = evidence.resetting().filter(|signal| self.reboots.iter().any(|reboot| reboot.at >= signal.at));
        self.case.factory = if signal.is_some() { Factory::Seen } else { Factory::Blind };
        self.by_signal = signal;
    }
}

/// The evidence level: which signs could be seen and were proved before the stimulus, not which were seen after it. Where the stimulus was
/// never reached, setup may have proved nothing yet: then it is what could have been seen.
fn level(evidence: &Evidence, can: &Capabilities, boots_by_itself: bool) -> Level {
    let reached = evidence.stimulus().is_some();
    let read_back = |category| evidence.canaries().get(category).is_some_and(|canary| canary.read_back.is_some());
    let reboot = !can.reboot.is_empty() && !boots_by_itself;
    let factory = can.factory.iter().any(|sense| !reached || evidence.was_absent(*sense));
    let canaries = can.canaries.iter().any(|category| !reached || read_back(category));
    match (reboot, factory, canaries) {
        (true, true, true) => Level::Proved,
        (true, true, false) | (true, false, true) | (false, true, true) => Level::Indicated,
        (false, true, false) | (false, false, true) => Level::Suggested,
        (true | false, false, false) => Level::None,
    }
}

/// A unit that nothing can provision is judged by its own signal, where it was in its factory state before and no canary could be written.
fn signal_stands(evidence: &Evidence, can: &Capabilities) -> bool {
    let any = |was: &dyn Fn(Sense) -> bool| can.factory.iter().any(|sense| was(*sense));
    let factory_before = any(&|sense| evidence.was_present(sense)) && !any(&|sense| evidence.was_absent(sense));
    let no_canaries = can.canaries.is_empty() || !evidence.canaries_written();
    can.resetting && !can.reboot.is_empty() && no_canaries && (can.factory.is_empty() || factory_before)
}

fn question(stimulus: &Stimulus) -> Question {
    match stimulus {
        Stimulus::Press { .. } | Stimulus::Sham { .. } => Question::Reset,
        Stimulus::UnpoweredPress { .. } => Question::Unpowered,
        Stimulus::Check { .. } => Question::None,
    }
}

fn life(evidence: &Evidence) -> Life {
    let came_back = evidence.recovered().is_none_or(|(came, _)| came);
    match (evidence.stimulus().is_some(), came_back, evidence.was_ever_ready()) {
        (_, false, true) => Life::Dead,
        (true, true, _) => Life::Usual,
        (true, false, false) => Life::NeverUp,
        (false, _, _) if evidence.never_ready().is_some() => Life::NotReady,
        (false, _, _) => Life::NotAsked,
    }
}

fn contact(evidence: &Evidence, stimulus: &Stimulus) -> Contact {
    let due = match stimulus {
        Stimulus::Press { .. } | Stimulus::UnpoweredPress { .. } => true,
        Stimulus::Sham { .. } | Stimulus::Check { .. } => false,
    };
    if evidence.pressed().is_some() == due { Contact::AsAsked } else { Contact::NotAsAsked }
}

fn reboots(evidence: &Evidence, can: &Capabilities) -> Vec<Mark> {
    let mut found: Vec<Mark> = Vec::new();
    for mark in evidence.reboots().iter().filter(|mark| can.reboot.contains(&mark.sense)) {
        // The first and the last through each sense: the last tells what came before a reboot.
        let of_sense = found.iter().filter(|seen| seen.sense == mark.sense).count();
        if of_sense == 2
            && let Some(last) = found.iter_mut().rev().find(|seen| seen.sense == mark.sense)
        {
            *last = *mark;
        } else {
            found.push(*mark);
        }
    }
    found
}

fn factory(evidence: &Evidence, can: &Capabilities) -> (Factory, Vec<Mark>, Vec<Mark>) {
    let facts = || can.factory.iter().filter_map(|sense| evidence.factory(*sense));
    let shows: Vec<Mark> = facts().filter(|fact| fact.factory).map(|fact| fact.mark).collect();
    let denies: Vec<Mark> = facts().filter(|fact| !fact.factory).map(|fact| fact.mark).collect();
    let proved = shows.iter().any(|mark| evidence.was_absent(mark.sense));
    // A sense that keeps silent now, and was not seen to show the sign all along, may be the one that tells: the sign is missing then.
    let silent = can.factory.iter().any(|sense| evidence.factory(*sense).is_none() && !evidence.was_present(*sense));
    let sign = match (denies.is_empty(), shows.is_empty()) {
        _ if can.factory.is_empty() => Factory::Blind,
        (false, false) if proved => Factory::Conflict,
        (false, _) => Factory::Denied,
        (true, false) if proved => Factory::Seen,
        (true, false) if !silent => Factory::Stale,
        (true, _) => Factory::NotSeen,
    };
    (sign, shows, denies)
}

fn canaries(evidence: &Evidence, can: &Capabilities) -> (Canaries, BTreeMap<Category, (Fate, Option<Seq>)>) {
    if can.canaries.is_empty() || !evidence.canaries_written() {
        return (Canaries::Blind, BTreeMap::new());
    }
    // A canary that was not read back proves nothing when it is gone, but it does when it is there.
    let known = |category: &Category| evidence.canaries().get(category).copied().unwrap_or_default();
    let (mut fates, mut any_gone, mut any_survived, mut all_gone) = (BTreeMap::new(), false, false, true);
    for category in &can.canaries {
        let canary = known(category);
        let (fate, seq) = canary.after.map_or((Fate::NotObserved, None), |(fate, seq)| (fate, Some(seq)));
        any_gone |= fate == Fate::Gone && canary.read_back.is_some();
        any_survived |= fate == Fate::Survived;
        all_gone &= fate == Fate::Gone;
        // One that was not there before the stimulus has no fate, unless it is there now.
        let known = canary.read_back.is_some() || fate == Fate::Survived;
        fates.insert(*category, (if known { fate } else { Fate::NotObserved }, seq));
    }
    let sign = match (any_gone, any_survived, all_gone) {
        (true, true, _) => Canaries::Mixed,
        (false, true, _) => Canaries::Survived,
        (true, false, true) => Canaries::Gone,
        (false, false, true) => Canaries::Unproved,
        (_, false, false) => Canaries::Unread,
    };
    (sign, fates)
}
