//! Buttons that are worn, dead, missed, or noisy.

use super::*;
use crate::domain::profile::{Action, Effect, PressMode};
use crate::domain::verdict::Verdict;
use crate::drivers::twin::Touch;
use crate::drivers::twin::world::{ContactModel, WindowModel};

/// A press of so many seconds on a contact; gives the truth at the end of the boot after it, and the console text.
fn press(seconds: f64, contact: ContactModel) -> (TrialTruth, String) {
    let mut lab = Lab::ready(|world| world.camera.button.contact = contact);
    lab.press(seconds);
    lab.run(70.0);
    (lab.trial(), lab.text())
}

fn opens(at: f64, length: f64) -> ContactModel {
    ContactModel { opens_at_s: vec![Seconds::new(at)], open_s: Seconds::new(length), ..ContactModel::default() }
}

#[test]
fn an_opening_shorter_than_the_debounce_changes_nothing() {
    // The debounce time is 50 ms, the threshold 11 s.
    let (trial, text) = press(12.0, opens(6.0, 0.02));
    assert!(trial.was_reset());
    assert_eq!(text.matches("button: pressed").count(), 1);
    let press = &trial.presses[0];
    assert_eq!((press.openings.len(), press.openings[0].noticed), (1, false));
    assert_eq!((press.openings[0].at.since(press.closed), press.held()), (Seconds::new(6.0), press.effective()));
}

#[test]
fn a_longer_opening_makes_the_camera_count_anew() {
    let (trial, text) = press(12.0, opens(6.0, 0.2));
    assert!(trial.erases.is_empty() && trial.boots.is_empty());
    assert_eq!(text.matches("button: pressed").count(), 2);
    assert_eq!(trial.presses.len(), 1, "one press with an opening, not two");
    let effective = trial.effective_hold().unwrap();
    assert!((5.9..6.01).contains(&effective.get()), "{effective}");
    assert!(trial.presses[0].held().unwrap() > Seconds::new(11.9));
    let (trial, _) = press(18.0, opens(6.0, 0.2));
    let accepted = trial.presses[0].accepted.unwrap().0;
    assert_eq!(accepted.since(trial.presses[0].closed), Seconds::new(6.0 + 0.2 + 11.0));
    assert!(trial.was_reset());
}

#[test]
fn a_camera_that_acts_on_release_takes_a_long_opening_for_the_release() {
    let mut lab = Lab::ready(|world| {
        let button = &mut world.camera.button;
        button.action = Action::OnRelease;
        button.contact = opens(12.0, 0.1);
    });
    lab.press(20.0);
    lab.run(70.0);
    let press = &lab.trial().presses[0];
    assert_eq!(press.accepted.unwrap().0.since(press.closed), Seconds::new(12.0));
}

#[test]
fn a_press_that_ends_in_an_opening_has_ended_with_it() {
    let (trial, _) = press(8.0, opens(7.0, 5.0));
    let press = &trial.presses[0];
    assert_eq!((press.held(), press.openings.len()), (Some(Seconds::new(7.0)), 0));
}

#[test]
fn a_worn_contact_opens_at_its_rate() {
    let worn = ContactModel { opens_per_s: 2.0, open_s: Seconds::from_millis(5), open_spread: 0.5, ..ContactModel::default() };
    let (trial, _) = press(100.0, worn);
    let openings = trial.presses[0].openings.len();
    // Until the erase or after it: 200 expected, 14 the standard deviation.
    assert!((150..250).contains(&openings), "{openings}");
}

#[test]
fn a_worn_contact_resets_rarely_with_the_hold_that_a_good_one_needs() {
    let mut resets = [0, 0];
    for (i, rate) in [0.0, 0.3].into_iter().enumerate() {
        let mut world = plain();
        world.camera.button.contact =
            ContactModel { opens_per_s: rate, open_s: Seconds::from_millis(80), ..ContactModel::default() };
        let mut lab = Lab::new(world, 3);
        lab.prepare("oem-5v1a");
        for slot in 0..20 {
            lab.begin(slot, 1);
            lab.press(12.0);
            lab.run(60.0);
            resets[i] += usize::from(lab.trial().was_reset());
        }
    }
    // Without an opening within 11 s: e^-3.3, 4 %.
    assert!(resets[0] == 20 && resets[1] <= 4, "{resets:?}");
}

#[test]
fn a_dead_button_moves_and_closes_nothing() {
    let (trial, text) = press(15.0, ContactModel { dead: true, ..ContactModel::default() });
    assert!(trial.presses.is_empty() && !text.contains("button:"));
    assert_eq!(trial.misses.iter().map(|miss| miss.touch).collect::<Vec<_>>(), [Touch::Dead]);
    assert_eq!(trial.verdict(Some(trial.begun), Tick::NEVER), Verdict::NoResponse);
}

#[test]
fn a_share_of_the_presses_misses_the_button_or_does_not_reach_it() {
    let mut lab = Lab::ready(|world| {
        world.camera.button.contact = ContactModel { beside: 0.3, short_stroke: 0.5, ..ContactModel::default() };
    });
    let mut found = [0; 3];
    for slot in 0..200 {
        lab.begin(slot, 1);
        lab.press(0.2);
        let trial = lab.trial();
        match (trial.misses.first().map(|miss| miss.touch), trial.presses.len()) {
            (Some(Touch::Beside), 0) => found[0] += 1,
            (Some(Touch::Short), 0) => found[1] += 1,
            (None, 1) => found[2] += 1,
            other => panic!("{other:?}"),
        }
    }
    // 30 %, 50 % of the rest, the rest: 60, 70, 70 expected with a standard deviation below 7.
    assert!((35..85).contains(&found[0]) && found[1..].iter().all(|n| (45..95).contains(n)), "{found:?}");
}

#[test]
fn chatter_at_both_edges_is_one_press_to_a_camera_that_debounces() {
    let chatter = ContactModel { chatter_s: Seconds::from_millis(90), ..ContactModel::default() };
    let (trial, text) = press(12.0, chatter.clone());
    assert!(trial.was_reset() && (1..=3).contains(&trial.presses[0].openings.len()));
    assert_eq!((trial.presses.len(), text.matches("button: pressed").count()), (1, 1));
    // A camera that hardly debounces sees the chatter as presses, and counts from its end.
    let mut lab = Lab::ready(|world| {
        world.camera.button.contact = chatter;
        world.camera.button.debounce_s = Seconds::from_micro(100);
    });
    lab.press(5.0);
    lab.run(1.0);
    assert!(lab.text().matches("button: pressed").count() > 1);
    assert_eq!(lab.trial().presses.len(), 1);
    assert!(lab.trial().effective_hold().unwrap() < lab.trial().presses[0].held().unwrap());
}

#[test]
fn an_opening_while_power_comes_loses_a_press_that_is_held_then() {
    let accepted = |contact: ContactModel| {
        let mut world = plain();
        world.camera.button.mode = PressMode::HoldThenPower;
        world.camera.button.contact = contact;
        let mut lab = Lab::new(world, 1);
        let at = lab.now();
        lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(30.0) }).unwrap();
        lab.power(true);
        lab.run(60.0);
        lab.trial().presses[0].accepted.is_some()
    };
    assert!(accepted(ContactModel::default()));
    assert!(accepted(opens(0.4, 0.03)));
    assert!(!accepted(opens(0.4, 0.5)), "open when the bootloader looks");
    assert!(!accepted(opens(5.0, 0.1)), "let go before the threshold");
}

#[test]
fn a_reset_window_behind_a_reboot_window_is_never_reached_at_the_threshold() {
    let mut lab = Lab::ready(|world| {
        let rung = |threshold: f64, effect| WindowModel { threshold_s: Seconds::new(threshold), spread: 0.0, to_s: None, effect };
        world.camera.button.windows = vec![rung(5.0, Effect::Reboot), rung(10.0, Effect::FactoryReset)];
    });
    let begun = lab.now();
    lab.press(30.0);
    lab.run(70.0);
    let trial = lab.trial();
    assert!(trial.erases.is_empty() && trial.boots.len() == 1);
    assert_eq!(trial.verdict(Some(begun), lab.now()), Verdict::RebootOnly);
}

/// The largest force in newtons that the load cell sees in a press of two seconds.
fn largest_force(contact: ContactModel) -> f64 {
    let mut world = plain();
    world.camera.button.contact = contact;
    let Twin { mut ports, .. } = Twin::new(world, 1, None, Wiring { force: true, ..Wiring::FULL });
    let at = ports.clock.now();
    ports.presser.press(PressOrder { at, release_at: at + Seconds::new(2.0) }).unwrap();
    let lsb = ports.sensors.scale(Channel::Force).unwrap().lsb;
    let (mut batch, mut most) = (Batch::default(), 0.0f64);
    while ports.clock.now() < Tick(3_000_000) {
        ports.sensors.poll(Tick(3_000_000), &mut batch).unwrap();
        for reading in &batch.readings {
            if let Reading::Samples(block) = reading
                && block.channel == Channel::Force
            {
                most = batch.codes(block).iter().fold(most, |most, code| most.max(f64::from(*code) * lsb));
            }
        }
    }
    most
}

#[test]
fn the_force_tells_a_button_from_a_stiff_place_and_from_thin_air() {
    let home = largest_force(ContactModel::default());
    let dead = largest_force(ContactModel { dead: true, ..ContactModel::default() });
    let beside = largest_force(ContactModel { beside: 1.0, ..ContactModel::default() });
    let short = largest_force(ContactModel { short_stroke: 1.0, ..ContactModel::default() });
    assert!((home - dead).abs() < 0.3, "a broken contact feels like a good one: {home} N, {dead} N");
    assert!(short < 0.7 * 2.0 && home > 2.0 && beside > home + 1.0, "{short} N, {home} N, {beside} N");
}
