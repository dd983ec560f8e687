//! What must hold for every case and every trial.

use super::table::{Answer, Canaries, Case, Contact, Factory, Life, Question, Reboot, Wipe, decide, wipe};
use crate::domain::canary::Category;
use crate::domain::event::{Event, Observed};
use crate::domain::observation::{BootStage, CurrentEvent, MarkerMeaning, NetworkStatus, Observation, PowerState, Sense};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Diagnosis, Fate, Level, Verdict};
use crate::judging::Senses;
use crate::judging::story::{PRESS, SENSES, SHAM, Story};
use crate::judging::testing;
use proptest::prelude::*;

const REBOOTS: [Reboot; 3] = [Reboot::Blind, Reboot::Seen, Reboot::NotSeen];
const FACTORIES: [Factory; 6] =
    [Factory::Blind, Factory::Seen, Factory::NotSeen, Factory::Stale, Factory::Denied, Factory::Conflict];
const CANARIES: [Canaries; 6] =
    [Canaries::Blind, Canaries::Gone, Canaries::Unproved, Canaries::Unread, Canaries::Survived, Canaries::Mixed];

fn every_case() -> Vec<Case> {
    let mut cases = Vec::new();
    for question in [Question::Reset, Question::Unpowered, Question::None] {
        for life in [Life::Usual, Life::NotReady, Life::Dead, Life::NeverUp, Life::NotAsked] {
            for contact in [Contact::AsAsked, Contact::NotAsAsked] {
                for reboot in REBOOTS {
                    for factory in FACTORIES {
                        for canaries in CANARIES {
                            for answer in [Answer::Seen, Answer::None] {
                                cases.push(Case { question, life, contact, reboot, factory, canaries, answer });
                            }
                        }
                    }
                }
            }
        }
    }
    cases
}

#[test]
fn no_case_without_the_factory_sign_or_the_canaries_is_a_reset() {
    for case in every_case() {
        let (b, c) = (case.factory == Factory::Seen, case.canaries == Canaries::Gone);
        if decide(case) == Verdict::FactoryReset {
            assert!(b || c, "{case:?}");
            assert!(!matches!(case.factory, Factory::Denied | Factory::Conflict | Factory::NotSeen), "{case:?}");
            assert!(!matches!(case.canaries, Canaries::Survived | Canaries::Mixed | Canaries::Unread), "{case:?}");
            assert!(case.reboot != Reboot::NotSeen && case.contact == Contact::AsAsked && case.life == Life::Usual, "{case:?}");
        }
    }
}

#[test]
fn an_answer_alone_never_changes_what_is_said_of_the_settings() {
    for case in every_case() {
        let (with, without) = (decide(Case { answer: Answer::Seen, ..case }), decide(Case { answer: Answer::None, ..case }));
        assert!(with == without || with == Verdict::AcknowledgedOnly, "{case:?}");
    }
}

#[test]
fn a_reboot_alone_is_at_most_a_reboot() {
    for canaries in [Canaries::Blind, Canaries::Unproved] {
        for factory in [Factory::Blind, Factory::Stale] {
            assert_eq!(wipe(Reboot::Seen, factory, canaries), Wipe::No);
        }
    }
}

/// The table as it stands in the document: rows are what canaries and factory sign say, columns what is known of a reboot.
fn table() -> String {
    let mut text =
        String::from("| canaries | factory sign | rebooted | no reboot seen | reboot cannot be seen |\n|---|---|---|---|---|\n");
    for canaries in CANARIES {
        for factory in FACTORIES {
            let cell = |reboot| {
                let case = |answer| Case {
                    question: Question::Reset,
                    life: Life::Usual,
                    contact: Contact::AsAsked,
                    reboot,
                    factory,
                    canaries,
                    answer,
                };
                let (with, without) = (decide(case(Answer::Seen)), decide(case(Answer::None)));
                if with == without { with.name().to_owned() } else { format!("{} / {}", with.name(), without.name()) }
            };
            let cells: Vec<String> = [Reboot::Seen, Reboot::NotSeen, Reboot::Blind].into_iter().map(cell).collect();
            text += &format!("| {} | {} | {} |\n", canaries_word(canaries), factory_word(factory), cells.join(" | "));
        }
    }
    text
}

fn canaries_word(canaries: Canaries) -> &'static str {
    match canaries {
        Canaries::Blind => "none written",
        Canaries::Gone => "all gone",
        Canaries::Unproved => "all gone, none read back before",
        Canaries::Unread => "could not be read",
        Canaries::Survived => "survived",
        Canaries::Mixed => "some survived",
    }
}

fn factory_word(factory: Factory) -> &'static str {
    match factory {
        Factory::Blind => "cannot be seen",
        Factory::Seen => "seen, absent before",
        Factory::NotSeen => "not seen",
        Factory::Stale => "seen, perhaps before too",
        Factory::Denied => "denied",
        Factory::Conflict => "seen and denied",
    }
}

#[test]
fn the_document_shows_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/evidence.md");
    let document = std::fs::read_to_string(path).unwrap();
    assert!(document.contains(&table()), "docs/evidence.md must hold this table:\n{}", table());
}

/// Anything that may be seen at or after a press.
fn observation() -> impl Strategy<Value = Observation> {
    let light = prop::sample::select(vec![
        testing::BOOTING,
        testing::READY,
        testing::SETUP,
        testing::ACKNOWLEDGED,
        testing::RESETTING,
        testing::OFF,
    ]);
    let meaning = prop::sample::select(vec![
        MarkerMeaning::Factory,
        MarkerMeaning::NotFactory,
        MarkerMeaning::Accepted,
        MarkerMeaning::Erasing,
        MarkerMeaning::WarmReboot,
        MarkerMeaning::Ready,
    ]);
    let status = prop::sample::select(vec![NetworkStatus::Factory, NetworkStatus::Configured, NetworkStatus::Unreachable]);
    let fate = prop::sample::select(vec![Fate::Gone, Fate::Survived, Fate::NotObserved]);
    let category = prop::sample::select(vec![Category::Wifi, Category::Accounts]);
    prop_oneof![
        4 => light.prop_map(Observation::Light),
        3 => meaning.prop_map(|meaning| Observation::Marker { marker: "m".to_owned(), meaning }),
        2 => (1_u32..4).prop_map(|boot| Observation::Boot { boot, stage: BootStage::Bootloader }),
        2 => status.prop_map(|status| Observation::Network { status }),
        4 => (category, fate).prop_map(|(category, fate)| Observation::Canary { category, fate }),
        1 => Just(Observation::Current { event: CurrentEvent::Restart }),
        2 => prop::sample::select(vec!["noticed", "wiping", "add me", "up"]).prop_map(|tone| Observation::Tone { tone: tone.to_owned() }),
        1 => Just(Observation::Ready),
        1 => prop::sample::select(vec![PowerState::Sagging, PowerState::On]).prop_map(|state| Observation::Power { state }),
        1 => Just(Observation::Change { sense: Sense::Light }),
    ]
}

/// A trial in which anything may be seen, before the press and after it; half of them hold a whole reset among it.
fn trial() -> impl Strategy<Value = Story> {
    let some = || prop::collection::vec(observation(), 0..6);
    (some(), some(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(before, after, planted, reset, chimes)| {
        let story = if planted { Story::planted() } else { Story::up() };
        let mut story = if chimes { story.chiming() } else { story };
        // Boots count upwards: those after the press have numbers of their own.
        let before = before.into_iter().filter(|seen| !matches!(seen, Observation::Boot { boot: 2.., .. }));
        story = before.fold(story.step(80.0, Step::Begin), |story, seen| story.see(85.0, seen)).press();
        if reset {
            story = story.rebooted().factory().fates(Fate::Gone, Fate::Gone);
        }
        after.into_iter().fold(story, |story, seen| story.see(212.0, seen)).end(220.0, StepEnd::Done)
    })
}

/// Whether a line speaks against a reset; without it the case for one may well be stronger. Before the press that is what says that the
/// camera was in its factory state already, after it what denies that state. A light that has stood since before the press denies it too:
/// the judgement names that line. So does a boot that began before the camera spoke of a reset: without it, what the camera says then is its
/// account of the press. And so do a loss of power and the boot after it, and the boots before the press of a camera that was not up when it came.
fn speaks_against(story: &Story, seq: usize, diagnosis: &Diagnosis) -> bool {
    let (at, event) = &story.lines[seq];
    if story.evidence().spoke_after().is_some_and(|boot| boot.seq.0 == seq as u64) {
        return true;
    }
    if story.evidence().outage().is_some_and(|(low, boot)| [low, boot].iter().any(|mark| mark.seq.0 == seq as u64)) {
        return true;
    }
    let Event::Observed(Observed { observation, .. }) = event else { return false };
    let boots = matches!(observation, Observation::Boot { .. } | Observation::Current { .. });
    if boots && story.evidence().unsteady().is_some_and(|boot| *at <= boot.at) {
        return true;
    }
    let named = diagnosis.against.iter().chain(&diagnosis.decided_by).any(|line| line.0 == seq as u64);
    let after = *at >= Tick::ZERO + Seconds::new(100.0);
    let (factory, configured) = match observation {
        Observation::Light(pattern) => (*pattern == testing::SETUP, *pattern == testing::READY),
        Observation::Marker { meaning, .. } => (*meaning == MarkerMeaning::Factory, *meaning == MarkerMeaning::NotFactory),
        Observation::Network { status } => (*status == NetworkStatus::Factory, *status == NetworkStatus::Configured),
        Observation::Tone { tone } => (tone == "add me", false),
        Observation::Canary { fate, .. } => (*fate != Fate::Survived, *fate == Fate::Survived),
        _ => return false,
    };
    if after || (named && configured) { configured } else { factory }
}

fn is_reset(story: &Story) -> bool {
    story.judge().verdict == Verdict::FactoryReset
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn to_see_less_never_makes_a_reset(story in trial()) {
        let diagnosis = story.judge();
        if diagnosis.verdict != Verdict::FactoryReset {
            for index in 0..story.lines.len() {
                let line = &story.lines[index];
                if matches!(line.1, Event::Observed(_)) && !speaks_against(&story, index, &diagnosis) {
                    let mut less = story.clone();
                    less.lines.remove(index);
                    prop_assert!(!is_reset(&less), "without {:?}: {:#?}", line, less.judge());
                }
            }
        }
    }

    #[test]
    fn a_reset_names_lines_for_each_sign_and_none_against(story in trial()) {
        let diagnosis = story.judge();
        if diagnosis.verdict == Verdict::FactoryReset {
            prop_assert!(diagnosis.against.is_empty());
            prop_assert!(diagnosis.level >= Level::Suggested);
            prop_assert!(!diagnosis.decided_by.is_empty());
            prop_assert!(diagnosis.canaries.values().all(|fate| *fate == Fate::Gone));
        }
    }

    #[test]
    fn with_every_sensor_unplugged_nothing_is_a_reset(story in trial()) {
        for stimulus in [PRESS, SHAM] {
            prop_assert_ne!(story.judge_with(&stimulus, Senses::default()).verdict, Verdict::FactoryReset);
            prop_assert_ne!(story.judge_with(&stimulus, Senses { plug: true, ..Senses::default() }).verdict, Verdict::FactoryReset);
        }
        let mut dumb = story.clone();
        dumb.lines.retain(|(_, event)| !matches!(event, Event::Observed(_)));
        prop_assert_ne!(dumb.judge().verdict, Verdict::FactoryReset);
    }

    #[test]
    fn the_level_does_not_depend_on_what_came_after_the_press(story in trial(), more in prop::collection::vec(observation(), 0..6)) {
        let longer = more.into_iter().fold(story.clone(), |story, seen| story.see(215.0, seen));
        prop_assert_eq!(longer.judge().level, story.judge().level);
    }

    #[test]
    fn judging_line_by_line_is_judging_at_the_end(story in trial()) {
        let mut evidence = crate::judging::Evidence::new(&story.profile());
        let profile = story.profile();
        let can = crate::judging::Capabilities::new(&profile, SENSES);
        for (seq, (at, event)) in story.lines.iter().enumerate() {
            evidence.apply(crate::domain::ids::Seq(seq as u64), *at, event);
            let _ = super::diagnose(&evidence, &can, &PRESS, &profile);
        }
        prop_assert_eq!(super::diagnose(&evidence, &can, &PRESS, &profile), story.judge());
    }
}
