//! Cameras that start again for want of power, and by themselves.

use super::tests::{check, says};
use crate::domain::event::{Event, Measured};
use crate::domain::measurement::{Measurement, names};
use crate::domain::observation::{CurrentEvent, MarkerMeaning, Observation, PowerState};
use crate::domain::step::{Step, StepEnd};
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{Fate, Level, Verdict as V};
use crate::judging::story::{SENSES, SHAM, Story};
use crate::judging::testing;
use Fate::{Gone, Survived};

#[test]
fn a_camera_that_starts_because_its_power_had_gone_is_not_called_reset() {
    let story = |power: &[(f64, PowerState)]| {
        let story = Story::planted().press().acknowledged();
        let story = power.iter().fold(story, |story, (at, state)| story.see(*at, Observation::Power { state: *state }));
        story.rebooted().factory().fates(Gone, Gone)
    };
    let gone = check(story(&[(112.5, PowerState::Sagging), (112.9, PowerState::On)]), V::Inconclusive, Level::Proved);
    assert!(gone.reasons[0].contains("too low before the camera started") && gone.against.len() >= 2, "{gone:#?}");
    // One that was over long before.
    check(story(&[(101.0, PowerState::Sagging), (102.0, PowerState::On)]), V::FactoryReset, Level::Proved);
    // Low all along, while the camera did at once what it was asked to; or showed before it started again that a reset runs.
    check(story(&[(90.0, PowerState::Sagging)]), V::FactoryReset, Level::Proved);
    let shown = Story::planted().see(90.0, Observation::Power { state: PowerState::Sagging }).press().acknowledged();
    let shown = shown.light(112.0, testing::RESETTING).rebooted().factory().fates(Gone, Gone);
    check(shown, V::FactoryReset, Level::Proved);
}

#[test]
fn on_a_voltage_that_is_low_all_along_a_camera_that_drew_nothing_had_gone_out() {
    let story = |amps: f64| {
        let story =
            Story::planted().see(90.0, Observation::Power { state: PowerState::Sagging }).press().acknowledged().rebooted();
        let measurement = Measurement { name: names::PLUG_RESTART.to_owned(), value: amps, unit: "A".to_owned(), u: None };
        let measured = Measured { at_us: Tick::ZERO + Seconds::new(113.0), measurement };
        story.line(170.0, Event::Measured(measured)).factory().fates(Gone, Gone)
    };
    check(story(0.03), V::FactoryReset, Level::Proved);
    let out = check(story(0.0004), V::Inconclusive, Level::Proved);
    assert!(out.reasons[0].contains("too low before the camera started") && out.against.len() >= 2, "{out:#?}");
}

#[test]
fn a_camera_that_started_again_by_itself_before_the_press_is_not_called_reset() {
    let tail = |story: Story| {
        let story = story.press().marker(104.0, MarkerMeaning::Erasing).acknowledged().light(112.0, testing::OFF);
        story.boot(113.0, 3).light(113.5, testing::BOOTING).factory().fates(Gone, Gone)
    };
    let looping = check(tail(Story::planted().boot(90.0, 2)), V::Inconclusive, Level::Proved);
    assert!(looping.reasons[0].contains("by itself before the press") && !looping.against.is_empty(), "{looping:#?}");
    let by_current = Story::planted().see(90.0, Observation::Current { event: CurrentEvent::Restart });
    check(tail(by_current), V::Inconclusive, Level::Proved);
    // Up again before it was pressed.
    check(tail(Story::planted().boot(80.0, 2).light(95.0, testing::READY)), V::FactoryReset, Level::Proved);
    check(tail(Story::planted()), V::FactoryReset, Level::Proved);
}

#[test]
fn a_camera_that_starts_over_on_a_hopeless_supply_did_not_respond_and_is_said_why() {
    let starting = Story::planted().step(80.0, Step::PowerOff).step(90.0, Step::PowerOn).boot(91.0, 3).press();
    let power = |state| Observation::Power { state };
    let over = starting
        .see(112.0, power(PowerState::Off))
        .see(113.0, power(PowerState::On))
        .boot(113.5, 4)
        .step(300.0, Step::Recover)
        .end(400.0, StepEnd::Done)
        .step(400.0, Step::Verify)
        .fates(Survived, Survived);
    let found = check(over, V::NoResponse, Level::Proved);
    assert!(says(&found, "began to boot anew") && says(&found, "supply broke down"), "{:?}", found.reasons);
    assert!(!found.against.is_empty(), "the false starts are named");
}

#[test]
fn a_camera_that_fell_back_to_its_factory_state_before_the_stimulus_proves_nothing_after_it() {
    let fallen = |story: Story| story.boot(90.0, 2).marker(95.0, MarkerMeaning::Factory);
    for sham in [false, true] {
        let tail = |story: Story| {
            let story =
                if sham { story.step(100.0, Step::Sham { for_s: Seconds::new(10.0) }) } else { story.press().acknowledged() };
            story.rebooted().factory().fates(Gone, Gone)
        };
        let judged = |story: Story| if sham { story.judge_with(&SHAM, SENSES) } else { story.judge() };
        assert_eq!(judged(tail(Story::planted())).verdict, V::FactoryReset, "sham: {sham}");
        let stale = judged(tail(fallen(Story::planted())));
        assert_ne!(stale.verdict, V::FactoryReset, "sham: {sham}: {:#?}", stale.reasons);
        assert!(!stale.against.is_empty(), "{stale:#?}");
    }
}
