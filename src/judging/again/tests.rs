//! Judging again: the same evidence gives the same verdict, and another profile another one.

use super::*;
use crate::domain::condition::{Condition, Origin, Slot};
use crate::domain::event::TrialStarted;
use crate::domain::ids::{Attempt, BlockNo, SlotId};
use crate::domain::observation::{MarkerMeaning, Sense};
use crate::domain::profile::Marker;
use crate::domain::rig::Calibration;
use crate::domain::verdict::Verdict;
use crate::judging::story::{PRESS, SENSES, Story};
use crate::judging::testing;
use crate::judging::{Channels, Watch};

/// The lines of a story as those of a judged trial.
fn lines(story: &Story) -> Vec<(Seq, Tick, Event)> {
    let condition = Condition { adapter: "oem".into(), outlet: None, supply_v: None, press_after_s: None, stimulus: PRESS };
    let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition };
    let started = Event::TrialStarted(TrialStarted { slot, attempt: Attempt(1) });
    let judged = Event::Diagnosed(story.judge());
    let last = story.lines.last().map_or(Tick::ZERO, |(at, _)| *at);
    let all = [(Tick::ZERO, started)].into_iter().chain(story.lines.clone()).chain([(last, judged)]);
    all.enumerate().map(|(seq, (at, event))| (Seq(seq as u64), at, event)).collect()
}

fn again(profile: &Profile, lines: &[(Seq, Tick, Event)], replay: Option<Replay>) -> Diagnosis {
    let can = Capabilities::new(profile, SENSES);
    judge_again(Rules { profile, can: &can, pull_in: Seconds::from_millis(20) }, lines, replay).unwrap()
}

fn watch(profile: &Profile) -> Watch {
    let channels = Channels { light: Some(1.0 / 32767.0), console: true, ..Channels::default() };
    Watch::new(profile, &Calibration::default(), channels).unwrap()
}

#[test]
fn the_observations_written_down_give_the_same_verdict_again() {
    let mut profile = testing::profile();
    // The stories name their markers by their meaning.
    for meaning in [MarkerMeaning::Factory, MarkerMeaning::NotFactory] {
        let name = format!("{meaning:?}");
        profile.console.as_mut().unwrap().markers.push(Marker { regex: name.clone(), name, meaning });
    }
    for story in [Story::reset(), Story::planted().press().acknowledged(), Story::planted().press().rebooted().configured()] {
        let (found, lines) = (again(&profile, &lines(&story), None), lines(&story));
        let Some((_, _, Event::Diagnosed(old))) = lines.last() else { panic!("it was judged") };
        assert_eq!((found.verdict, found.level, &found.reasons), (old.verdict, old.level, &old.reasons));
    }
}

#[test]
fn a_trial_that_nobody_judged_is_not_judged_again() {
    let mut lines = lines(&Story::reset());
    lines.pop();
    let (profile, can) = (testing::profile(), Capabilities::default());
    assert_eq!(judge_again(Rules { profile: &profile, can: &can, pull_in: Seconds::ZERO }, &lines, None), None);
}

#[test]
fn another_profile_gives_its_markers_their_meaning() {
    let denied = Story::planted()
        .press()
        .acknowledged()
        .rebooted()
        .see(151.0, Observation::Marker { marker: "factory state".to_owned(), meaning: MarkerMeaning::NotFactory })
        .see(160.0, Observation::Ready)
        .step(200.0, Step::Verify)
        .fates(crate::domain::verdict::Fate::Gone, crate::domain::verdict::Fate::Gone);
    assert_eq!(denied.judge().verdict, Verdict::PartialReset);
    assert_eq!(again(&testing::profile(), &lines(&denied), None).verdict, Verdict::FactoryReset);
}

#[test]
fn a_tone_that_the_profile_does_not_know_is_dropped_and_one_that_it_knows_has_its_meaning() {
    use crate::domain::profile::ChimeMeaning;
    let story = Story::planted().chiming().press().tone(105.0, "noticed").step(200.0, Step::Verify);
    let story = story.fates(crate::domain::verdict::Fate::Survived, crate::domain::verdict::Fate::Survived);
    let by = |name: &str, meaning| {
        let mut profile = testing::profile();
        profile.chimes = vec![testing::chime(name, 500.0, 1, meaning)];
        again(&profile, &lines(&story), None).verdict
    };
    assert_eq!(by("noticed", ChimeMeaning::Acknowledged), Verdict::AcknowledgedOnly);
    assert_eq!(by("noticed", ChimeMeaning::Setup), Verdict::NoResponse);
    assert_eq!(by("renamed", ChimeMeaning::Acknowledged), Verdict::NoResponse);
    assert_eq!(again(&testing::profile(), &lines(&story), None).verdict, Verdict::NoResponse, "no chimes at all");
}

#[test]
fn the_coil_s_edges_come_before_the_samples_of_their_time() {
    let profile = testing::profile();
    let channels = Channels { force: Some(0.01), sound: Some(Seconds::from_micro(500)), ..Channels::default() };
    let watch = || Watch::new(&profile, &Calibration::default(), channels).unwrap();
    let row = |period_us: i64, codes: Vec<i16>| Row { start: Tick(0), period: Seconds::from_micro(period_us), codes };
    // Pressed from 2 s on, with a load cell that bears the tip, and a hum that begins with the coil.
    let force = (0..9000).map(|ms: i16| (ms % 3) + if ms > 2020 { 400 } else { 0 }).collect();
    let hum = (0..18_000_i64).map(|n| if n < 4000 { 0 } else { (n * n * 7919 % 4001 - 2000) as i16 }).collect();
    let rows = |force: &Vec<i16>, hum: &Vec<i16>| {
        vec![(Signal::Force, vec![row(1000, force.clone())]), (Signal::Sound, vec![row(500, hum.clone())])]
    };
    let (force, hum): (Vec<i16>, Vec<i16>) = (force, hum);
    let edge = |at, energised| Switched { at: Tick(at), energised };
    let mut pressed =
        Replay::new(watch(), Tick(0), rows(&force, &hum), None).with_coil(vec![edge(2_000_000, true), edge(8_000_000, false)]);
    let told: Vec<_> = pressed.until(Tick(9_000_000)).into_iter().map(|(_, at, seen)| (at, seen)).collect();
    let no_snap = Observation::Force { event: crate::domain::observation::ForceEvent::NoSnap };
    assert_eq!(told, [(Tick(2_000_000), no_snap)], "the hum is the coil's");
    let mut alone = Replay::new(watch(), Tick(0), rows(&force, &hum), None);
    let told: Vec<_> = alone.until(Tick(9_000_000)).into_iter().map(|(_, at, seen)| (at, seen)).collect();
    assert_eq!(told, [(Tick(2_000_000), Observation::Motor { running: true })], "without a press nothing is felt");
}

#[test]
fn what_the_traces_tell_counts_instead_of_the_lines() {
    // The lines show a camera that denies; its console and its light said the contrary.
    let story = Story::planted().press().rebooted().see(151.0, Observation::Ready);
    let fates = story.step(200.0, Step::Verify).fates(crate::domain::verdict::Fate::Gone, crate::domain::verdict::Fate::Gone);
    let lines = lines(&fates);
    let profile = testing::profile();
    let s = |seconds: f64| Tick::ZERO + Seconds::new(seconds);
    let said = |at, text: &str| Piece::Bytes(s(at), text.as_bytes().to_vec());
    let console = vec![
        said(1.0, "U-Boot\n"),
        said(2.0, "Linux\n"),
        said(41.0, "bound\n"),
        said(113.0, "erasing\nU-Boot\n"),
        said(114.0, "Linux\n"),
        said(152.0, "factory state\n"),
    ];
    let replay = Replay::new(watch(&profile), Tick::ZERO, Vec::new(), Some(console));
    let found = again(&profile, &lines, Some(replay));
    assert_eq!(found.verdict, Verdict::FactoryReset, "{:?}", found.reasons);
    let silent = Replay::new(watch(&profile), Tick::ZERO, Vec::new(), Some(Vec::new()));
    assert_ne!(again(&profile, &lines, Some(silent)).verdict, Verdict::FactoryReset, "a console that said nothing");
}

#[test]
fn samples_are_fed_in_time_and_none_is_lost() {
    let profile = testing::profile();
    let row = |start: u64, codes: usize, code: i16| Row {
        start: Tick(start),
        period: Seconds::from_millis(1),
        codes: vec![code; codes],
    };
    let rows = vec![row(0, 7_777, 14_000), row(7_777_000, 1_223, 14_000), row(9_000_000, 9_000, 600)];
    let mut replay = Replay::new(watch(&profile), Tick::ZERO, vec![(Signal::Light, rows.clone())], None);
    let mut pieces = Vec::new();
    for to in [3, 5_000_001, 9_000_000, 12_345_678, 18_000_000, 18_000_000] {
        pieces.extend(replay.until(Tick(to)));
    }
    let mut whole = Replay::new(watch(&profile), Tick::ZERO, vec![(Signal::Light, rows)], None);
    let strip = |told: Vec<(Tick, Tick, Observation)>| told.into_iter().map(|(_, at, seen)| (at, seen)).collect::<Vec<_>>();
    let (pieces, whole) = (strip(pieces), strip(whole.until(Tick(18_000_000))));
    assert_eq!(pieces, whole);
    assert_eq!(pieces.len(), 2, "lit, then dark: {pieces:?}");
}

#[test]
fn a_replay_tells_what_its_channels_tell() {
    let replay = Replay::new(watch(&testing::profile()), Tick::ZERO, vec![(Signal::Light, Vec::new())], None);
    assert!(replay.tells(&Observation::Light(testing::READY)) && replay.tells(&Observation::Change { sense: Sense::Sound }));
    assert!(!replay.tells(&Observation::Ready) && !replay.tells(&Observation::Tone { tone: "t".to_owned() }));
    let marker = Observation::Marker { marker: "m".to_owned(), meaning: MarkerMeaning::Fatal };
    assert!(!replay.tells(&marker), "its console was not kept");
}
