//! The evidence of single trials, in sentences.

use super::Drawing;
use super::tied;
use crate::analysis::Analysis;
use crate::analysis::evidence::{FLAGGED_KEPT, OTHERS_KEPT, Seen, TrialEvidence, is_flagged};
use crate::analysis::row::TrialRow;
use crate::domain::condition::{Release, Stimulus};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fate, Verdict};
use crate::report::chart::TrialKey;
use crate::report::seen::seen_words;
use crate::report::words::{number, seconds};
use std::collections::BTreeMap;

/// A trial as the template sees it.
pub(super) struct Story {
    /// Which trial, and its verdict.
    pub title: String,
    /// Why, the deciding reason first.
    pub reasons: Vec<String>,
    pub decided: Vec<String>,
    pub against: Vec<String>,
    /// What became of the settings, category by category; empty where no settings were asked about.
    pub settings: String,
    /// Its timeline, where one was drawn.
    pub figure: Option<Drawing>,
}

/// Drawings of single trials.
pub(super) type Timelines = BTreeMap<TrialKey, Drawing>;

/// More unfolded stories than this would bury what comes after them.
const OPEN: usize = 8;

/// The stories of a report.
#[derive(Default)]
pub(super) struct Stories {
    /// Failures and surprises.
    pub flagged: Vec<Story>,
    /// The others.
    pub others: Vec<Story>,
    /// How many of the flagged ones are unfolded, and so printed in full.
    pub open: usize,
    /// Failures and surprises in all.
    pub flagged_in_all: usize,
    /// Judged trials that are not shown.
    pub more: usize,
}

/// The stories of the trials whose evidence was kept.
pub(super) fn stories(analysis: &Analysis, mut timelines: Timelines) -> Stories {
    let mut stories = Stories::default();
    let several = analysis.runs.len() > 1;
    for run in &analysis.runs {
        let name = if several { format!("run {}, ", run.facts.run_id) } else { String::new() };
        for trial in &run.evidence {
            let (slot, attempt) = (trial.started.slot.id, trial.started.attempt);
            let key = TrialKey { run: run.facts.run_id.clone(), slot, attempt };
            if trial.flagged && stories.flagged.len() < FLAGGED_KEPT {
                stories.flagged.push(story(trial, &name, timelines.remove(&key)));
            } else if stories.others.len() < OTHERS_KEPT {
                stories.others.push(story(trial, &name, timelines.remove(&key)));
            }
        }
    }
    stories.open = OPEN;
    let judged = analysis.rows.iter().filter(|row| row.verdict().is_some()).count();
    stories.flagged_in_all = analysis.rows.iter().filter(|row| surprises(row)).count();
    stories.more = judged.saturating_sub(stories.flagged.len() + stories.others.len());
    stories
}

fn surprises(row: &TrialRow) -> bool {
    row.verdict().is_some_and(|verdict| is_flagged(&row.run.started.profile, &row.condition.stimulus, verdict))
}

fn story(trial: &TrialEvidence, run: &str, figure: Option<Drawing>) -> Story {
    let (slot, diagnosis) = (&trial.started.slot, &trial.diagnosis);
    let verdict = diagnosis.verdict.name().replace('_', " ");
    let title = format!(
        "{run}slot {}, attempt {}: {}, {}: {verdict} ({}; journal line {})",
        slot.id,
        trial.started.attempt,
        slot.condition.adapter,
        stimulus(&slot.condition.stimulus),
        diagnosis.level.name(),
        trial.seq
    );
    let all = |seen: &[Seen]| seen.iter().map(|seen| tied(&sentence(seen))).collect();
    Story {
        title: tied(&title),
        reasons: diagnosis.reasons.iter().map(|reason| tied(reason)).collect(),
        decided: all(&trial.decided),
        against: all(&trial.against),
        settings: settings(trial),
        figure,
    }
}

fn stimulus(stimulus: &Stimulus) -> String {
    let hold = |hold: &Seconds| seconds(hold.get());
    match stimulus {
        Stimulus::Press { hold_s, release: Release::AfterHold, .. } => format!("press of {}", hold(hold_s)),
        Stimulus::Press { hold_s, release: Release::OnChange, .. } => format!("press of {} or until a change", hold(hold_s)),
        Stimulus::Sham { .. } => "sham".to_owned(),
        Stimulus::UnpoweredPress { hold_s } => format!("press of {} without supply", hold(hold_s)),
        Stimulus::Check { .. } => "check".to_owned(),
    }
}

/// When, what, and where it stands.
fn sentence(seen: &Seen) -> String {
    let (what, line) = (seen_words(&seen.what), seen.seq);
    match seen.since_press_s {
        None => format!("{what} (line {line})"),
        Some(after) if after >= 0.0 => format!("{} after the press began: {what} (line {line})", seconds(after)),
        Some(before) => format!("{} s before the press: {what} (line {line})", number(-before)),
    }
}

fn settings(trial: &TrialEvidence) -> String {
    if matches!(trial.diagnosis.verdict, Verdict::Checked | Verdict::NotReady) {
        return String::new();
    }
    let one = |(category, fate): (crate::domain::canary::Category, Option<Fate>)| {
        let fate = match fate {
            Some(Fate::Gone) => "wiped",
            Some(Fate::Survived) => "survived",
            Some(Fate::NotObserved) | None => "not observed",
        };
        format!("{} {fate}", category.name())
    };
    trial.fates().into_iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::evidence::What;
    use crate::analysis::testkit::{Bench, press};
    use crate::analysis::{Analysis, RunFold};
    use crate::domain::ids::{Attempt, Seq, SlotId};
    use crate::domain::step::StepEnd;

    fn analysis() -> Analysis {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 2, 0).start();
        bench.trial(press("oem", 10.0), Verdict::PartialReset);
        let first = bench.begun();
        bench.trial(press("oem", 10.0), Verdict::FactoryReset);
        let second = bench.begun();
        let events = bench.events();
        let mut fold = RunFold::of(events.iter().map(|(seq, at, event)| (*seq, *at, event)));
        fold.evidence.extend(TrialEvidence::of(&events[first..second], true));
        fold.evidence.extend(TrialEvidence::of(&events[second..], false));
        Analysis::pool(vec![fold]).unwrap()
    }

    #[test]
    fn a_partial_reset_says_what_survived_category_by_category() {
        let drawing = Drawing { title: String::new(), caption: "Seen.".to_owned(), svg: String::new() };
        let timelines = Timelines::from([(TrialKey { run: "r".into(), slot: SlotId(0), attempt: Attempt(1) }, drawing)]);
        let stories = stories(&analysis(), timelines);
        let (flagged, others) = (&stories.flagged[0], &stories.others[0]);
        assert!(
            flagged.title.starts_with("slot 0, attempt 1: oem, press of 10\u{a0}s: partial reset (proved; journal line"),
            "{}",
            flagged.title
        );
        assert_eq!(flagged.settings, "wifi wiped, accounts not observed, motion not observed, other not observed");
        assert_eq!(others.settings, "wifi wiped, accounts not observed, motion wiped, other not observed");
        assert_eq!((stories.more, stories.flagged_in_all), (0, 1));
        assert!(flagged.figure.is_some() && others.figure.is_none());
        let page = String::from_utf8(super::super::html(&analysis())).unwrap();
        assert!(page.contains(&flagged.settings) && page.contains("The evidence reads partial_reset."), "{page}");
    }

    #[test]
    fn a_sentence_tells_when_and_where() {
        let seen = |since_press_s| Seen { seq: Seq(7), since_press_s, what: What::Step("recover".to_owned(), StepEnd::NotSeen) };
        let told: Vec<String> = [Some(12.34), Some(-3.0), None].map(|since| sentence(&seen(since))).into();
        assert!(told[0].starts_with("12.3 s after the press began: ") && told[0].ends_with(" (line 7)"), "{told:?}");
        assert!(told[1].starts_with("3 s before the press: ") && !told[2].contains("press"), "{told:?}");
    }
}
