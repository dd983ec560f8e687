//! The evidence of single trials, for a person who wants to know why: what decided, what spoke against, and when each was.

use super::timeline::Timeline;
use crate::domain::canary::Category;
use crate::domain::condition::Stimulus;
use crate::domain::event::{Event, TrialStarted};
use crate::domain::ids::Seq;
use crate::domain::observation::Observation;
use crate::domain::profile::{Effect, Profile};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::Tick;
use crate::domain::verdict::{Diagnosis, Fate, Verdict};
use std::collections::BTreeMap;

/// Failures and surprises of a run whose evidence is kept.
pub const FLAGGED_KEPT: usize = 60;
/// Other trials of a run whose evidence is kept: all of a night's work, and a share of a long one.
pub const OTHERS_KEPT: usize = 240;

/// The evidence of one judged trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialEvidence {
    /// Its slot and attempt.
    pub started: TrialStarted,
    /// A failure or a surprise: shown before the others.
    pub flagged: bool,
    /// The line that judged it.
    pub seq: Seq,
    /// The judgement.
    pub diagnosis: Diagnosis,
    /// What decided.
    pub decided: Vec<Seen>,
    /// What spoke against.
    pub against: Vec<Seen>,
    /// What happened when, for a trial that is drawn.
    pub timeline: Option<Timeline>,
}

/// One line of the journal that a diagnosis names.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The line.
    pub seq: Seq,
    /// Seconds since the coil was energised, or since the stimulus began where it was not; negative before. `None` without a stimulus.
    pub since_press_s: Option<f64>,
    /// What it says.
    pub what: What,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A sensor's state.
    Observation(Observation),
    /// A step ended.
    Step(String, StepEnd),
    /// Anything else, by its kind.
    Line(&'static str),
}

impl TrialEvidence {
    /// The evidence in the lines of a trial, `trial_started` first; `None` where it was not judged.
    pub fn of(lines: &[(Seq, Tick, Event)], flagged: bool) -> Option<Self> {
        let Some((_, _, Event::TrialStarted(started))) = lines.first() else { return None };
        let judged = lines.iter().find_map(|(seq, _, event)| match event {
            Event::Diagnosed(diagnosis) => Some((*seq, diagnosis.clone())),
            _ => None,
        });
        let (seq, diagnosis) = judged?;
        let pressed = pressed(lines);
        let named = |wanted: &[Seq]| -> Vec<Seen> {
            lines
                .iter()
                .filter(|(seq, _, _)| wanted.contains(seq))
                .map(|(seq, at, event)| seen(*seq, *at, event, pressed))
                .collect()
        };
        let (decided, against) = (named(&diagnosis.decided_by), named(&diagnosis.against));
        Some(Self { started: started.clone(), flagged, seq, diagnosis, decided, against, timeline: None })
    }

    /// What became of the settings of each category; `None` where no canary told.
    pub fn fates(&self) -> BTreeMap<Category, Option<Fate>> {
        let told = |category: Category| self.diagnosis.canaries.get(&category).copied().filter(|fate| *fate != Fate::NotObserved);
        Category::ALL.into_iter().map(|category| (category, told(category))).collect()
    }
}

/// Whether a trial that was judged so is a failure or a surprise: a rare verdict, a control that was not silent, or a press that did not do what
/// the profile's instructions say of its hold.
pub fn is_flagged(profile: &Profile, stimulus: &Stimulus, verdict: Verdict) -> bool {
    let reset = verdict == Verdict::FactoryReset;
    match verdict {
        Verdict::Dead | Verdict::Inconclusive | Verdict::PartialReset | Verdict::NotReady => return true,
        Verdict::Checked => return false,
        Verdict::FactoryReset | Verdict::RebootOnly | Verdict::AcknowledgedOnly | Verdict::NoResponse => {}
    }
    let Stimulus::Press { hold_s, .. } = stimulus else { return verdict != Verdict::NoResponse };
    let window =
        profile.press.windows.iter().find(|window| window.from_s <= *hold_s && window.to_s.is_none_or(|to| *hold_s < to));
    window.is_some_and(|window| (window.effect == Effect::FactoryReset) != reset)
}

/// When the coil was energised, or else when the stimulus began.
pub(super) fn pressed(lines: &[(Seq, Tick, Event)]) -> Option<Tick> {
    let step = lines.iter().position(|(_, _, event)| {
        matches!(event, Event::StepStarted(started) if matches!(started.step, Step::Press { .. } | Step::Sham { .. }))
    })?;
    let edge = lines[step..].iter().find_map(|(_, _, event)| match event {
        Event::Observed(observed) if matches!(observed.observation, Observation::Coil { energised: true, .. }) => {
            Some(observed.at_us)
        }
        _ => None,
    });
    edge.or(Some(lines[step].1))
}

fn seen(seq: Seq, at: Tick, event: &Event, pressed: Option<Tick>) -> Seen {
    let (at, what) = match event {
        Event::Observed(observed) => (observed.at_us, What::Observation(observed.observation.clone())),
        Event::StepFinished(end) => (at, What::Step(end.step.clone(), end.end)),
        other => (at, What::Line(other.kind())),
    };
    let since_press_s = pressed.map(|pressed| at.since(pressed).get() - pressed.since(at).get());
    Seen { seq, since_press_s, what }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Bench, press};
    use super::*;
    use crate::domain::condition::Origin;
    use crate::domain::event::Observed;
    use crate::domain::profile::HoldWindow;
    use crate::domain::units::Seconds;
    use crate::domain::verdict::Level;

    fn trial() -> Vec<(Seq, Tick, Event)> {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
        bench.begin(None, press("oem", 10.0), Origin::Planned);
        bench.wait(5.0);
        let at_us = Tick::ZERO + Seconds::new(4.0);
        bench.push(Event::Observed(Observed { at_us, observation: Observation::Ready }));
        bench.step(Step::Press { max_s: Seconds::new(10.0) }, None);
        let at_us = Tick::ZERO + Seconds::new(5.5);
        bench.push(Event::Observed(Observed { at_us, observation: Observation::Coil { energised: true, u_s: Seconds::ZERO } }));
        bench.wait(3.0);
        bench.step(Step::Watch, None);
        let canaries = BTreeMap::from([(Category::Wifi, Fate::Gone), (Category::Motion, Fate::NotObserved)]);
        let (verdict, level, reasons) = (Verdict::PartialReset, Level::Proved, vec!["Why.".to_owned()]);
        // The lines of the ready camera and of the step that ended.
        let (decided_by, against) = (vec![Seq(4)], vec![Seq(9)]);
        bench.push(Event::Diagnosed(Diagnosis { verdict, level, canaries, reasons, decided_by, against, noticed: None }));
        let begin = bench.begun();
        bench.events().split_off(begin)
    }

    #[test]
    fn what_a_diagnosis_names_is_found_with_its_time_since_the_press() {
        let found = TrialEvidence::of(&trial(), true).unwrap();
        let [decided] = found.decided.as_slice() else { panic!("{found:?}") };
        assert_eq!((decided.since_press_s, &decided.what), (Some(-1.5), &What::Observation(Observation::Ready)));
        let [against] = found.against.as_slice() else { panic!("{found:?}") };
        assert_eq!((against.since_press_s, &against.what), (Some(2.5), &What::Step("watch".to_owned(), StepEnd::Done)));
    }

    #[test]
    fn a_category_without_a_reading_was_not_observed() {
        let fates: Vec<_> = TrialEvidence::of(&trial(), true).unwrap().fates().into_values().collect();
        assert_eq!(fates, [Some(Fate::Gone), None, None, None]);
    }

    #[test]
    fn a_press_that_does_not_what_the_instructions_say_is_flagged() {
        let mut profile = Bench::new("r", &["oem"], &[10.0], 1, 0).started.profile;
        let window = |from, to, effect| HoldWindow { from_s: Seconds::new(from), to_s: to, effect };
        profile.press.windows =
            vec![window(0.0, Some(Seconds::new(10.0)), Effect::None), window(10.0, None, Effect::FactoryReset)];
        let flagged = |hold: f64, verdict| is_flagged(&profile, &press("oem", hold).stimulus, verdict);
        assert_eq!([flagged(5.0, Verdict::NoResponse), flagged(5.0, Verdict::FactoryReset)], [false, true]);
        assert_eq!([flagged(30.0, Verdict::RebootOnly), flagged(30.0, Verdict::FactoryReset)], [true, false]);
        let sham = super::super::testkit::sham("oem").stimulus;
        assert!(is_flagged(&profile, &sham, Verdict::RebootOnly) && !is_flagged(&profile, &sham, Verdict::NoResponse));
    }
}
