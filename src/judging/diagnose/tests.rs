//! The diagnosis of whole stories, and the table of the documentation.

use super::*;
use crate::domain::canary::Category::{Accounts, Wifi};
use crate::domain::condition::Check;
use crate::domain::event::Event;
use crate::domain::observation::{ConsoleState, ForceEvent, MarkerMeaning, NetworkStatus, Observation};
use crate::domain::profile::{LightMeaning, Marker, PressMode, Via};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fate, Level, Verdict as V};
use crate::judging::Senses;
use crate::judging::story::{PRESS, SENSES, SHAM, Story};
use crate::judging::testing;
use Fate::{Gone, NotObserved, Survived};

pub(super) fn check(story: Story, verdict: V, level: Level) -> Diagnosis {
    let diagnosis = story.judge();
    assert_eq!((diagnosis.verdict, diagnosis.level), (verdict, level), "{:#?}", diagnosis.reasons);
    diagnosis
}

/// Only the light sees anything.
const LIGHT: Senses =
    Senses { light: true, colour: false, console: false, plug: false, probe: false, sound: false, force: false };

#[test]
fn a_reset_with_every_sign_is_proved_and_names_its_lines() {
    let story = Story::reset();
    let diagnosis = check(story.clone(), V::FactoryReset, Level::Proved);
    assert!(diagnosis.against.is_empty());
    for seq in &diagnosis.decided_by {
        assert!(matches!(story.lines[seq.0 as usize].1, Event::Observed(_)), "{seq} is no observation");
    }
    assert_eq!(
        diagnosis.decided_by.len(),
        2 + 3 + 2,
        "console and light saw the boot, three senses the sign, two canaries are gone"
    );
    assert_eq!(diagnosis.canaries.get(&Wifi), Some(&Gone));
    assert!(diagnosis.reasons[1].contains("13.0 s after the stimulus began (console)"), "{:?}", diagnosis.reasons);
}

#[test]
fn the_level_is_what_could_be_seen_and_was_proved() {
    let without_canaries = Story::up().press().acknowledged().rebooted().factory();
    check(without_canaries, V::FactoryReset, Level::Indicated);
    let light = Story::up().press().acknowledged().rebooted().factory();
    assert_eq!(light.judge_with(&PRESS, LIGHT).level, Level::Indicated);
    let no_boot_light = light.with(|profile| {
        profile.light.remove(&crate::domain::profile::LightMeaning::Booting);
    });
    let diagnosis = no_boot_light.judge_with(&PRESS, LIGHT);
    assert_eq!((diagnosis.verdict, diagnosis.level), (V::FactoryReset, Level::Suggested));
    let blind = Story::reset().judge_with(&PRESS, Senses { light: false, console: false, probe: false, ..SENSES });
    assert_eq!((blind.verdict, blind.level), (V::AcknowledgedOnly, Level::None));
}

#[test]
fn a_reboot_that_kept_the_settings_is_a_reboot_only() {
    let story = Story::planted().press().acknowledged().rebooted().configured().fates(Survived, Survived);
    let diagnosis = check(story, V::RebootOnly, Level::Proved);
    assert_eq!(diagnosis.decided_by.len(), 2 + 3 + 2);
}

#[test]
fn a_light_that_noticed_the_press_and_nothing_more_is_an_acknowledgement() {
    let story = Story::planted().press().acknowledged().light(111.0, testing::READY).configured().fates(Survived, Survived);
    check(story, V::AcknowledgedOnly, Level::Proved);
    let accepted = Story::planted().press().marker(105.0, MarkerMeaning::Accepted).configured().fates(Survived, Survived);
    check(accepted, V::AcknowledgedOnly, Level::Proved);
}

#[test]
fn nothing_is_no_response() {
    check(Story::planted().press().configured().fates(Survived, Survived), V::NoResponse, Level::Proved);
    check(Story::up().press(), V::NoResponse, Level::Indicated);
}

#[test]
fn some_gone_and_some_survived_is_a_partial_reset() {
    for story in [
        Story::planted().press().acknowledged().rebooted().factory().fates(Gone, Survived),
        Story::planted().press().acknowledged().rebooted().configured().fates(Gone, Survived),
        Story::planted().press().acknowledged().configured().fates(Survived, Gone),
    ] {
        let diagnosis = check(story, V::PartialReset, Level::Proved);
        assert!(diagnosis.reasons.iter().any(|reason| reason.starts_with("Canaries still there: ")), "{:?}", diagnosis.reasons);
    }
    // The binding to the cloud survived, what was watched did not.
    check(Story::planted().press().acknowledged().rebooted().configured().fates(Gone, Gone), V::PartialReset, Level::Proved);
}

#[test]
fn a_sign_that_worked_and_is_missing_leaves_it_open() {
    let quiet = |story: Story| story.light(112.0, testing::OFF).step(200.0, Step::Verify);
    check(quiet(Story::planted().press().rebooted()).fates(Gone, Gone), V::Inconclusive, Level::Proved);
    check(Story::planted().press().factory().fates(Gone, Gone), V::Inconclusive, Level::Proved);
    check(Story::planted().press().rebooted().factory().fates(Gone, NotObserved), V::Inconclusive, Level::Proved);
    check(Story::planted().press().rebooted().factory(), V::Inconclusive, Level::Proved);
}

#[test]
fn contradictions_are_never_a_reset() {
    check(Story::planted().press().rebooted().factory().fates(Survived, Survived), V::Inconclusive, Level::Proved);
    let torn = Story::up().press().rebooted().factory().network(202.0, NetworkStatus::Configured);
    let diagnosis = check(torn, V::Inconclusive, Level::Indicated);
    assert_eq!(diagnosis.against.len(), 1);
}

#[test]
fn a_wipe_without_a_press_is_no_reset_by_a_press() {
    let reset = Story::reset();
    let mut still = reset.clone();
    still.lines.retain(|(_, event)| !is_coil(event));
    check(still.clone(), V::Inconclusive, Level::Proved);
    // A sham that resets is one: that is what it is for. A sham with a press is none.
    assert_eq!(still.judge_with(&SHAM, SENSES).verdict, V::FactoryReset);
    let pressed = reset.judge_with(&SHAM, SENSES);
    assert_eq!((pressed.verdict, pressed.decided_by.len()), (V::Inconclusive, 1));
}

fn is_coil(event: &Event) -> bool {
    matches!(event, Event::Observed(observed) if matches!(observed.observation, Observation::Coil { .. }))
}

#[test]
fn a_press_without_supply_shows_no_life() {
    let unpowered = Stimulus::UnpoweredPress { hold_s: Seconds::new(10.0) };
    let story =
        Story::default().step(0.0, Step::PowerOff).press().acknowledged().boot(115.0, 1).marker(116.0, MarkerMeaning::Button);
    let diagnosis = story.judge_with(&unpowered, SENSES);
    assert_eq!(diagnosis.verdict, V::NoResponse);
    assert!(!diagnosis.against.is_empty(), "the echo is named");
}

#[test]
fn never_ready_is_not_ready_and_never_again_is_dead() {
    let waited = Story::default().step(0.0, Step::PowerOn).step(0.1, Step::AwaitReady { not_before_s: Seconds::ZERO });
    let diagnosis = check(waited.end(300.0, StepEnd::NotSeen), V::NotReady, Level::Proved);
    assert_eq!(diagnosis.decided_by.len(), 1);
    let dead = Story::planted().press().rebooted().step(400.0, Step::Recover).end(1000.0, StepEnd::NotSeen);
    assert_eq!(check(dead, V::Dead, Level::Proved).decided_by.len(), 1);
    let reset_and_dead = Story::reset().step(400.0, Step::Recover).end(1000.0, StepEnd::NotSeen);
    check(reset_and_dead, V::Dead, Level::Proved);
    let revived = Story::planted().press().rebooted().configured().fates(Survived, Survived).step(400.0, Step::Recover);
    check(revived.end(500.0, StepEnd::Done), V::RebootOnly, Level::Proved);
    check(Story::up(), V::Inconclusive, Level::Proved);
    let early = Story::default().step(0.0, Step::PowerOn).press().step(400.0, Step::Recover).end(1000.0, StepEnd::NotSeen);
    assert_eq!(early.judge().verdict, V::Inconclusive);
}

#[test]
fn a_check_asks_nothing() {
    let diagnosis = Story::up().judge_with(&Stimulus::Check { check: Check::Boot }, SENSES);
    assert_eq!((diagnosis.verdict, diagnosis.level), (V::Checked, Level::None));
}

/// A camera that nothing can provision, in its factory state from the beginning.
fn unprovisioned() -> Story {
    let factory = Story::default().step(0.0, Step::PowerOn).light(1.0, testing::BOOTING).boot(1.0, 1).light(40.0, testing::SETUP);
    factory.see(60.0, Observation::Ready).with(|profile| profile.provision.via = Via::None).press()
}

#[test]
fn without_provisioning_the_cameras_own_signal_stands_at_the_lowest_level() {
    let signalled = unprovisioned().light(108.0, testing::RESETTING).rebooted().light(150.0, testing::SETUP);
    let diagnosis = check(signalled, V::FactoryReset, Level::Suggested);
    assert!(diagnosis.reasons[0].contains("signalled"));
    check(unprovisioned().rebooted().light(150.0, testing::SETUP), V::RebootOnly, Level::Suggested);
    check(unprovisioned().light(108.0, testing::RESETTING), V::AcknowledgedOnly, Level::Suggested);
    let after = unprovisioned().rebooted().light(150.0, testing::RESETTING);
    check(after, V::RebootOnly, Level::Suggested);
    let accepted = unprovisioned().marker(108.0, MarkerMeaning::Accepted).rebooted();
    check(accepted, V::RebootOnly, Level::Suggested);
}

#[test]
fn a_sign_that_may_have_been_there_before_proves_nothing() {
    let stale = |story: Story| story.with(|profile| profile.factory = only_light());
    let before = Story::default().step(0.0, Step::PowerOn).boot(1.0, 1).light(40.0, testing::SETUP).see(60.0, Observation::Ready);
    check(stale(before.press().boot(113.0, 2).light(150.0, testing::SETUP)), V::RebootOnly, Level::None);
}

fn only_light() -> crate::domain::profile::FactorySigns {
    crate::domain::profile::FactorySigns { light: true, ..Default::default() }
}

#[test]
fn a_press_across_power_on_does_not_wait_for_a_second_boot() {
    let prepared = Story::planted().step(90.0, Step::PowerOff).press().acknowledged().step(112.0, Step::PowerOn).boot(113.0, 2);
    let held = prepared.factory().fates(Gone, Gone).with(|profile| profile.press.mode = PressMode::HoldThenPower);
    check(held, V::FactoryReset, Level::Indicated);
}

#[test]
fn settings_that_vanish_without_the_cameras_own_account_were_not_reset_by_the_press() {
    let wiped = || Story::planted().press().rebooted().factory().fates(Gone, Gone);
    let diagnosis = check(wiped(), V::Inconclusive, Level::Proved);
    assert!(diagnosis.reasons[0].contains("corruption"), "{:?}", diagnosis.reasons);
    let partly = Story::planted().press().rebooted().factory().fates(Gone, Survived);
    check(partly, V::Inconclusive, Level::Proved);
    // A camera that shows no such sign is not asked for one.
    let mute = wiped().with(|profile| {
        profile.light.remove(&LightMeaning::Acknowledged);
        profile.light.remove(&LightMeaning::Resetting);
        let says = |marker: &Marker| matches!(marker.meaning, MarkerMeaning::Accepted | MarkerMeaning::Erasing);
        profile.console.as_mut().unwrap().markers.retain(|marker| !says(marker));
    });
    check(mute, V::FactoryReset, Level::Proved);
}

#[test]
fn a_camera_that_still_erases_is_said_to() {
    let story = Story::planted().press().marker(112.0, MarkerMeaning::Erasing).step(200.0, Step::Verify).canary(
        210.0,
        Accounts,
        NotObserved,
    );
    let diagnosis = check(story, V::Inconclusive, Level::Proved);
    assert!(diagnosis.reasons.iter().any(|reason| reason.contains("erasing")), "{:?}", diagnosis.reasons);
}

/// Only a microphone and the canaries' console.
fn heard(story: Story) -> Diagnosis {
    let senses = Senses { console: true, sound: true, ..Senses::default() };
    let silent = story.with(|profile| profile.console.as_mut().unwrap().markers.clear());
    silent.judge_with(&PRESS, senses)
}

#[test]
fn a_reset_can_be_heard() {
    let before = |story: Story| story.chiming().press().tone(105.0, "noticed").tone(113.0, "up");
    let after = |story: Story| story.see(160.0, Observation::Ready).tone(170.0, "add me").fates(Gone, Gone);
    let diagnosis = heard(after(before(Story::planted())));
    assert_eq!((diagnosis.verdict, diagnosis.level), (V::FactoryReset, Level::Proved), "{:?}", diagnosis.reasons);
    assert!(diagnosis.reasons.iter().any(|reason| reason.contains("(sound)")), "{:?}", diagnosis.reasons);
    // The boot was not heard.
    let mute = Story::planted().chiming().press().tone(105.0, "noticed");
    assert_eq!(heard(after(mute)).verdict, V::Inconclusive);
    // The prompt was there before.
    let stale = heard(after(before(Story::planted().tone(80.0, "add me"))));
    assert_eq!((stale.verdict, stale.level), (V::FactoryReset, Level::Indicated), "by the canaries alone");
    let stale = heard(before(Story::up().tone(80.0, "add me")).see(160.0, Observation::Ready).tone(170.0, "add me"));
    assert_eq!((stale.verdict, stale.level), (V::RebootOnly, Level::None));
}

#[test]
fn a_chime_without_anything_more_is_an_acknowledgement_and_a_moving_motor_is_no_reset() {
    let chimed = Story::planted().chiming().press().tone(105.0, "noticed").configured().fates(Survived, Survived);
    check(chimed, V::AcknowledgedOnly, Level::Proved);
    let moved = Story::planted().press().see(105.0, Observation::Motor { running: true }).configured().fates(Survived, Survived);
    check(moved, V::AcknowledgedOnly, Level::Proved);
    let booted = Story::planted().press().rebooted().see(125.0, Observation::Motor { running: true });
    check(booted.configured().fates(Survived, Survived), V::RebootOnly, Level::Proved);
}

/// Whether a reason holds these words.
pub(super) fn says(diagnosis: &Diagnosis, words: &str) -> bool {
    diagnosis.reasons.iter().any(|reason| reason.contains(words))
}

#[test]
fn the_force_is_a_remark_and_changes_no_verdict() {
    let pressed = || Story::planted().press();
    let quiet = |story: Story| story.configured().fates(Survived, Survived);
    for (event, words) in
        [(ForceEvent::Snap, "felt to click"), (ForceEvent::NoSnap, "no click was felt"), (ForceEvent::TooLittle, "met no button")]
    {
        let felt = pressed().see(100.1, Observation::Force { event });
        assert!(says(&check(quiet(felt.clone()), V::NoResponse, Level::Proved), words));
        let reset = felt.acknowledged().rebooted().factory().fates(Gone, Gone);
        assert!(!says(&check(reset, V::FactoryReset, Level::Proved), words));
    }
    assert!(!says(&check(quiet(pressed()), V::NoResponse, Level::Proved), "click"));
}

#[test]
fn a_camera_that_is_not_ready_is_said_how_far_it_came_and_how_that_ended() {
    let waited = || {
        let story = Story::default().step(0.0, Step::PowerOn).step(0.1, Step::AwaitReady { not_before_s: Seconds::ZERO });
        story.see(0.2, Observation::Console { state: ConsoleState::Speaking })
    };
    let line = |story: Story, state| story.see(200.0, Observation::Console { state });
    let judge = |story: Story| check(story.end(300.0, StepEnd::NotSeen), V::NotReady, Level::Proved);
    let fatal = judge(waited().boot(1.0, 1).marker(5.0, MarkerMeaning::Fatal));
    assert!(says(&fatal, "reached its kernel") && says(&fatal, "failed for good: the console printed `Fatal`"), "{fatal:?}");
    assert_eq!(fatal.decided_by.len(), 2, "the wait that ended and the marker that ended it");
    let prompt = judge(waited().boot(1.0, 1).marker(5.0, MarkerMeaning::BootloaderPrompt));
    assert!(says(&prompt, "waits for a person"), "{prompt:?}");
    let hung = judge(line(waited().boot(1.0, 1), ConsoleState::Silent));
    assert!(says(&hung, "reached its kernel") && says(&hung, "fell silent"), "{hung:?}");
    let mute = judge(line(waited(), ConsoleState::Silent));
    assert!(says(&mute, "is silent and showed no boot"), "{mute:?}");
    let baud = judge(line(waited(), ConsoleState::Garbled));
    assert!(says(&baud, "baud rate"), "{baud:?}");
    assert!(says(&judge(waited()), "no boot that could be read"));
    let without = Story::default().step(0.0, Step::PowerOn).step(0.1, Step::AwaitReady { not_before_s: Seconds::ZERO });
    assert!(!says(&judge(without), "onsole"), "nothing is said of a console that is not there");
}

#[test]
fn a_dead_camera_is_said_how_far_its_last_boot_came() {
    let revived = Story::planted().press().rebooted().step(400.0, Step::Recover).step(401.0, Step::PowerOn).boot(402.0, 3);
    let story = revived.marker(405.0, MarkerMeaning::Fatal).step(406.0, Step::Recover).end(1000.0, StepEnd::NotSeen);
    let dead = check(story, V::Dead, Level::Proved);
    assert!(says(&dead, "reached its kernel") && says(&dead, "`Fatal`"), "{dead:?}");
    // What it did before it was powered again is past: the boot of before, and a light that stood for a while.
    let gone = Story::planted().press().rebooted().light(300.0, testing::READY).step(400.0, Step::Recover);
    let silent = gone.see(420.0, Observation::Console { state: ConsoleState::Silent }).end(1000.0, StepEnd::NotSeen);
    let dead = check(silent, V::Dead, Level::Proved);
    assert!(says(&dead, "After it was powered again its console is silent and showed no boot."), "{dead:?}");
    assert!(!says(&dead, "reached") && !says(&dead, "factory state"), "{dead:?}");
}

#[test]
fn a_canary_that_can_never_be_read_back_is_named_in_the_reason() {
    let silent = Story::up()
        .step(70.0, Step::WriteCanaries)
        .step(75.0, Step::ReadBackCanaries)
        .canary(76.0, Wifi, Survived)
        .canary(77.0, Accounts, NotObserved)
        .press()
        .acknowledged()
        .rebooted()
        .factory()
        .fates(Gone, NotObserved);
    let found = check(silent, V::Inconclusive, Level::Proved);
    assert!(found.reasons[0].contains("could not be read back") && found.reasons[0].contains("accounts"), "{:?}", found.reasons);
    assert_eq!(found.canaries.get(&Accounts), Some(&NotObserved), "a category without a canary reads: not observed");
    let lost = Story::planted().press().acknowledged().rebooted().factory().fates(Gone, NotObserved);
    assert!(!says(&check(lost, V::Inconclusive, Level::Proved), "read back"), "this one was read before");
}

#[test]
fn reasons_are_whole_sentences() {
    let stories =
        [Story::reset(), Story::up().press(), Story::planted().press().rebooted().factory().fates(Gone, Survived), Story::up()];
    for story in stories {
        for senses in [SENSES, LIGHT, Senses::default()] {
            for reason in story.judge_with(&PRESS, senses).reasons {
                assert!(reason.ends_with('.') && reason.starts_with(char::is_uppercase) && !reason.contains("  "), "{reason}");
            }
        }
    }
}
