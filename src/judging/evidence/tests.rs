//! The evidence fold, line by line.

use super::*;
use crate::domain::canary::Category;
use crate::domain::event::TrialStarted;
use crate::domain::ids::{Attempt, BlockNo, SlotId};
use crate::domain::observation::{BootStage, CurrentEvent, MarkerMeaning, NetworkStatus, PowerState};
use crate::domain::units::Seconds;
use crate::judging::story::{PRESS, Story};
use crate::judging::testing;

fn s(seconds: f64) -> Tick {
    Tick::ZERO + Seconds::new(seconds)
}

fn power(story: Story, at: f64, state: PowerState) -> Story {
    story.see(at, Observation::Power { state })
}

fn senses_of_reboots(story: &Story) -> Vec<Sense> {
    story.evidence().reboots().iter().map(|mark| mark.sense).collect()
}

#[test]
fn the_moments_of_a_press_are_known() {
    let evidence = Story::reset().evidence();
    assert_eq!(evidence.ready_before().map(|ready| ready.at), Some(s(60.0)));
    assert_eq!(evidence.stimulus().map(|begun| begun.at), Some(s(100.0)));
    assert_eq!(evidence.pressed().map(|edge| edge.at), Some(s(100.02)));
    assert_eq!(evidence.released().map(|edge| edge.at), Some(s(110.02)));
    assert_eq!(evidence.acknowledged().map(|mark| (mark.at, mark.sense)), Some((s(105.0), Sense::Light)));
    assert_eq!(evidence.reboots().first().map(|mark| (mark.at, mark.sense)), Some((s(113.0), Sense::Console)));
    assert_eq!(evidence.ready_again().map(|ready| ready.at), Some(s(160.0)));
}

#[test]
fn a_boot_before_the_press_is_no_reboot_even_when_it_is_told_after_it() {
    let late = Story::up().boot(99.0, 2).press();
    let mut told_late = Story::up().press();
    told_late = told_late.boot(99.0, 2);
    for story in [late, told_late] {
        assert_eq!(senses_of_reboots(&story), []);
    }
}

#[test]
fn the_boot_that_we_cause_is_no_reboot_and_the_next_one_is() {
    // Held while power comes: the boot of power-on is ours.
    let held =
        Story::up().step(90.0, Step::PowerOff).press().step(112.0, Step::PowerOn).light(112.5, testing::BOOTING).boot(113.0, 2);
    assert_eq!(senses_of_reboots(&held), []);
    assert_eq!(senses_of_reboots(&held.clone().boot(140.0, 3)), [], "it was not up yet");
    assert_eq!(senses_of_reboots(&held.clone().marker(130.0, MarkerMeaning::Erasing).boot(140.0, 3)), [Sense::Console]);
    // The light of a boot counts once the camera was up after power-on.
    let up = held.light(130.0, testing::READY).light(140.0, testing::BOOTING);
    assert_eq!(senses_of_reboots(&up), [Sense::Light]);
}

#[test]
fn a_console_that_was_mute_before_the_press_proves_no_reboot() {
    let mute = Story::default().step(0.0, Step::PowerOn).see(60.0, Observation::Ready).press();
    assert_eq!(senses_of_reboots(&mute.clone().boot(115.0, 1)), []);
    assert_eq!(senses_of_reboots(&Story::default().press().boot(115.0, 1)), [], "also where the camera was on all along");
}

#[test]
fn a_boot_that_begins_anew_before_the_camera_was_ever_up_is_no_reboot() {
    let starting = || Story::default().step(0.0, Step::PowerOn).boot(1.0, 1).press();
    let collapsing = |story: Story| {
        let down = power(power(story.boot(113.0, 2), 114.0, PowerState::Off), 115.0, PowerState::On);
        down.boot(116.0, 3).see(117.0, Observation::Current { event: CurrentEvent::Restart })
    };
    let over = collapsing(starting());
    assert_eq!((senses_of_reboots(&over), over.evidence().starts().len()), (vec![], 4));
    let up = |story: Story| story.see(112.0, Observation::Boot { boot: 1, stage: BootStage::Application });
    assert_eq!(senses_of_reboots(&collapsing(up(starting()))).len(), 4, "its program had run");
    let taken = starting().marker(112.0, MarkerMeaning::Erasing);
    assert_eq!(senses_of_reboots(&collapsing(taken)).len(), 4, "it had taken the press for a reset");
    // What it says after a false start may be about what it found damaged.
    let damaged = collapsing(starting()).marker(120.0, MarkerMeaning::Erasing).boot(125.0, 4);
    assert_eq!((damaged.evidence().account(), senses_of_reboots(&damaged)), (None, vec![]));
}

#[test]
fn programs_that_start_again_are_no_reboot() {
    let story = Story::up().press().see(115.0, Observation::Boot { boot: 2, stage: BootStage::Application });
    assert_eq!(senses_of_reboots(&story), []);
}

#[test]
fn the_supply_tells_of_a_restart() {
    let restart = Story::up().press().see(115.0, Observation::Current { event: CurrentEvent::Restart });
    assert_eq!(senses_of_reboots(&restart), [Sense::Current]);
    let tripped = power(power(Story::up().press(), 115.0, PowerState::Off), 116.0, PowerState::On);
    assert_eq!(senses_of_reboots(&tripped), [Sense::Current]);
    let dipped = power(power(Story::up().press(), 115.0, PowerState::Off), 115.05, PowerState::On);
    assert_eq!(senses_of_reboots(&dipped), []);
}

#[test]
fn what_we_do_to_the_supply_is_no_restart() {
    let mut story = power(Story::up().press().step(115.0, Step::PowerOff), 115.1, PowerState::Off);
    story = power(story.step(125.0, Step::PowerOn), 125.1, PowerState::On).boot(126.0, 2);
    assert_eq!(senses_of_reboots(&story), []);
}

#[test]
fn boots_while_the_camera_is_revived_are_no_reboots() {
    assert_eq!(senses_of_reboots(&Story::up().press().step(300.0, Step::Recover).boot(301.0, 2)), []);
}

#[test]
fn a_light_that_boots_counts_only_after_the_camera_was_up() {
    let early = Story::default().step(0.0, Step::PowerOn).light(1.0, testing::BOOTING).press();
    let back = early.light(103.0, testing::ACKNOWLEDGED).light(111.0, testing::BOOTING);
    assert_eq!(senses_of_reboots(&back), []);
    assert_eq!(senses_of_reboots(&Story::up().press().light(113.0, testing::BOOTING)), [Sense::Light]);
}

#[test]
fn each_sense_speaks_for_itself_of_the_factory_state() {
    let evidence = Story::reset().evidence();
    for sense in [Sense::Light, Sense::Console, Sense::Network] {
        assert!(evidence.was_absent(sense) && evidence.factory(sense).is_some_and(|fact| fact.factory), "{sense:?}");
    }
    let unknown = Story::default().network(1.0, NetworkStatus::Unreachable).network(2.0, NetworkStatus::Unknown).evidence();
    assert!(!unknown.was_absent(Sense::Network) && !unknown.was_present(Sense::Network));
}

#[test]
fn a_light_that_did_not_change_still_denies_the_factory_state() {
    let evidence = Story::up().press().evidence();
    assert_eq!(evidence.factory(Sense::Light).map(|fact| (fact.factory, fact.mark.at)), Some((false, s(40.0))));
    assert_eq!(Story::up().press().light(112.0, testing::OFF).evidence().factory(Sense::Light), None);
}

#[test]
fn a_denial_from_before_the_reboot_is_past_and_a_sign_stays() {
    let story = Story::up().press().marker(105.0, MarkerMeaning::NotFactory);
    assert!(story.evidence().factory(Sense::Console).is_some_and(|fact| !fact.factory));
    assert_eq!(story.boot(113.0, 2).evidence().factory(Sense::Console), None);
    let story = Story::up().press().marker(105.0, MarkerMeaning::Factory).boot(113.0, 2);
    assert!(story.evidence().factory(Sense::Console).is_some_and(|fact| fact.factory));
}

#[test]
fn provisioning_makes_what_the_console_said_past_but_not_what_the_light_says() {
    let fresh = |light| {
        let told = Story::default().step(0.0, Step::PowerOn).light(30.0, light).marker(31.0, MarkerMeaning::Factory);
        told.step(60.0, Step::Provision).step(70.0, Step::ProveNotFactory).step(80.0, Step::Begin).evidence()
    };
    let provisioned = fresh(testing::READY);
    assert!(
        provisioned.was_absent(Sense::Console) && provisioned.was_absent(Sense::Light) && provisioned.was_absent(Sense::Network)
    );
    let in_vain = fresh(testing::SETUP);
    assert!(in_vain.was_present(Sense::Light) && !in_vain.was_absent(Sense::Console) && !in_vain.was_absent(Sense::Network));
}

#[test]
fn what_is_seen_of_a_camera_without_supply_is_no_fact() {
    let story = Story::up().step(90.0, Step::PowerOff).press().light(115.0, testing::SETUP).boot(116.0, 2);
    assert!(story.evidence().reboots().is_empty());
    assert_eq!(story.evidence().factory(Sense::Light), None);
}

#[test]
fn the_steps_tell_which_reading_of_a_canary_it_is() {
    let evidence = Story::reset().evidence();
    for canary in evidence.canaries().values() {
        assert!(canary.read_back.is_some() && canary.after.is_some_and(|(fate, _)| fate == crate::domain::verdict::Fate::Gone));
    }
    let unread = Story::planted().canary(78.0, Category::Wifi, crate::domain::verdict::Fate::NotObserved).evidence();
    assert_eq!(unread.canaries()[&Category::Wifi].read_back, None);
}

#[test]
fn a_motor_that_moves_in_a_boot_is_no_answer() {
    let moves = |story: Story, at| story.see(at, Observation::Motor { running: true }).evidence().acknowledged();
    assert!(moves(Story::up().press(), 104.0).is_some());
    assert!(moves(Story::up().press().boot(113.0, 2), 120.0).is_none());
    assert!(moves(Story::up(), 90.0).is_none());
    // A boot that began by itself before the press goes on into it.
    assert!(moves(Story::up().boot(99.0, 2).press(), 104.0).is_none());
}

#[test]
fn a_motor_that_moves_in_the_boot_that_we_cause_is_no_answer() {
    let early = Story::default().step(0.0, Step::PowerOn).press().see(104.0, Observation::Motor { running: true });
    assert!(early.evidence().acknowledged().is_none());
}

#[test]
fn only_a_tone_that_notices_the_press_answers_it() {
    let after = |tone| Story::up().chiming().press().tone(105.0, tone).evidence();
    for (tone, resets) in [("noticed", false), ("wiping", true)] {
        let evidence = after(tone);
        assert_eq!(evidence.acknowledged().map(|mark| mark.sense), Some(Sense::Sound), "{tone}");
        assert_eq!((evidence.resetting().is_some(), evidence.erasing().is_some()), (resets, resets), "{tone}");
        assert!(evidence.account().is_some());
    }
    for tone in ["add me", "up"] {
        assert!(after(tone).acknowledged().is_none() && after(tone).account().is_none(), "{tone}");
    }
}

#[test]
fn a_tone_of_every_boot_shows_a_reboot_once_and_never_the_boot_that_we_cause() {
    let again = Story::up().chiming().press().tone(115.0, "up").tone(116.0, "up");
    assert_eq!(senses_of_reboots(&again), [Sense::Sound]);
    assert_eq!(senses_of_reboots(&Story::up().chiming().tone(95.0, "up").press()), [], "before the press");
    let held = Story::up().chiming().step(90.0, Step::PowerOff).press().step(112.0, Step::PowerOn).tone(114.0, "up");
    assert_eq!(senses_of_reboots(&held), [], "our own");
    assert_eq!(senses_of_reboots(&held.see(150.0, Observation::Ready).tone(160.0, "up")), [Sense::Sound]);
}

#[test]
fn a_prompt_that_was_heard_before_the_press_was_not_absent() {
    let prompt = Story::up().chiming().tone(90.0, "add me").press().evidence();
    assert!(prompt.was_present(Sense::Sound) && !prompt.was_absent(Sense::Sound));
}

#[test]
fn silence_proves_that_there_is_no_prompt_only_after_half_a_minute_of_readiness() {
    let quiet = Story::up().chiming().evidence();
    assert!(!quiet.was_absent_at(Sense::Sound, s(89.9)) && quiet.was_absent_at(Sense::Sound, s(90.0)));
    let pressed = Story::up().chiming().press();
    assert!(pressed.evidence().was_absent(Sense::Sound), "ready at 60 s, pressed at 100 s");
    let late = Story::up().chiming().step(80.0, Step::Provision).step(81.0, Step::Begin).press();
    assert!(!late.evidence().was_absent(Sense::Sound), "provisioned at 81 s: what was heard before is past");
    let never_ready = Story::default().chiming().step(0.0, Step::PowerOn).press();
    assert!(!never_ready.evidence().was_absent(Sense::Sound));
    let off = Story::up().chiming().step(90.0, Step::PowerOff).press();
    assert!(!off.evidence().was_absent(Sense::Sound), "a camera without supply prompts nobody");
    let proved = Story::up().chiming().step(62.0, Step::ProveNotFactory).step(63.0, Step::Begin);
    assert!(!proved.evidence().was_absent(Sense::Sound), "the proof of the other senses is none for this one");
}

#[test]
fn the_boot_stage_and_what_ended_the_boot_are_known() {
    let fatal = Story::up().boot(70.0, 2).marker(71.0, MarkerMeaning::Fatal).marker(72.0, MarkerMeaning::Fatal);
    let progress = fatal.evidence().progress().clone();
    assert_eq!(progress.stage, Some(BootStage::Kernel));
    assert_eq!(progress.failure.as_ref().map(|failure| (failure.prompt, failure.moment.at)), Some((false, s(71.0))));
    let again = fatal.clone().boot(90.0, 3).evidence();
    assert_eq!(again.progress().failure, None, "another boot takes it back");
    let off = fatal.step(95.0, Step::PowerOn).evidence();
    assert_eq!((off.progress().stage, &off.progress().failure), (None, &None));
}

#[test]
fn erasing_lasts_until_the_camera_is_ready() {
    let story = Story::up().press().marker(115.0, MarkerMeaning::Erasing).marker(125.0, MarkerMeaning::Erasing);
    assert_eq!(story.evidence().erasing().map(|mark| mark.at), Some(s(125.0)));
    assert_eq!(story.see(160.0, Observation::Ready).evidence().erasing(), None);
}

#[test]
fn a_trial_begins_with_nothing() {
    let condition = crate::domain::condition::Condition {
        adapter: "a".into(),
        outlet: None,
        supply_v: None,
        press_after_s: None,
        stimulus: PRESS,
    };
    let slot = crate::domain::condition::Slot {
        id: SlotId(1),
        block: BlockNo(0),
        origin: crate::domain::condition::Origin::Planned,
        condition,
    };
    let mut evidence = Story::reset().evidence();
    evidence.apply(Seq(999), s(999.0), &Event::TrialStarted(TrialStarted { slot, attempt: Attempt(1) }));
    assert!(evidence.stimulus().is_none() && evidence.reboots().is_empty() && evidence.canaries().is_empty());
    assert!(evidence.acknowledged().is_none() && !evidence.was_ever_ready() && !evidence.was_absent(Sense::Light));
}

#[test]
fn what_the_camera_says_once_a_boot_began_is_no_account_however_late_that_boot_is_told() {
    let spoke = || Story::up().press().marker(112.0, MarkerMeaning::Erasing);
    assert!(spoke().boot(113.0, 2).evidence().account().is_some());
    let restart = Observation::Current { event: CurrentEvent::Restart };
    let told_late = spoke().see(111.0, restart).evidence();
    assert!(told_late.account().is_none());
    assert_eq!(told_late.spoke_after().map(|mark| mark.sense), Some(Sense::Current));
}
