//! Tones, the motor, and a light that goes dark.

use super::*;
use crate::domain::observation::BootStage;
use crate::domain::profile::ChimeMeaning;
use crate::domain::units::Hertz;
use crate::drivers::twin::world::{MotorModel, ToneModel};

fn tone(hz: f64) -> ToneModel {
    ToneModel {
        hz: Hertz::new(hz),
        tone_s: Seconds::from_millis(300),
        repeats: 1,
        pause_s: Seconds::from_millis(200),
        every_s: None,
        loudness: 0.3,
    }
}

/// When tones begin in the next so many seconds, with their frequencies; to 10 ms.
fn heard(lab: &mut Lab, seconds: f64) -> Vec<(f64, f64)> {
    let from = lab.now();
    let until = from + Seconds::new(seconds);
    let (mut found, mut last) = (Vec::new(), lab.truth.tone());
    while lab.now() < until {
        lab.run(0.01);
        let now = lab.truth.tone();
        if let Some(hz) = now.filter(|_| now != last) {
            found.push((lab.now().since(from).get(), hz.get()));
        }
        last = now;
    }
    found
}

/// The tones of a press of so many seconds and what follows it.
fn press(lab: &mut Lab, seconds: f64) -> Vec<f64> {
    let at = lab.now();
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(seconds) }).unwrap();
    heard(lab, 75.0).into_iter().map(|(_, hz)| hz).collect()
}

#[test]
fn a_camera_chimes_at_the_threshold_and_at_every_boot() {
    let mut lab = Lab::ready(|world| {
        let sound = &mut world.camera.sound;
        sound.insert(ChimeMeaning::Acknowledged, ToneModel { repeats: 2, ..tone(1000.0) });
        sound.insert(ChimeMeaning::Resetting, tone(700.0));
        sound.insert(ChimeMeaning::Booting, tone(500.0));
    });
    let at = lab.now();
    lab.ports.presser.press(PressOrder { at, release_at: at + Seconds::new(15.0) }).unwrap();
    let found = heard(&mut lab, 75.0);
    let hz: Vec<f64> = found.iter().map(|(_, hz)| *hz).collect();
    assert_eq!(hz, [1000.0, 1000.0, 700.0, 500.0]);
    assert!((found[0].0 - 11.02).abs() < 0.05 && (found[1].0 - found[0].0 - 0.5).abs() < 0.02, "{found:?}");
    assert_eq!(lab.truth.tone(), None);
}

#[test]
fn a_chime_without_a_reset_and_a_reset_without_a_chime() {
    let mut lab = Lab::ready(|world| {
        world.camera.button.acknowledged_only = 1.0;
        world.camera.sound.insert(ChimeMeaning::Acknowledged, tone(1000.0));
    });
    assert_eq!(press(&mut lab, 15.0), [1000.0]);
    assert!(lab.trial().erases.is_empty() && lab.trial().answers.len() == 1);
    let mut lab = Lab::ready(|_| {});
    assert!(press(&mut lab, 15.0).is_empty() && lab.trial().was_reset());
}

#[test]
fn a_prompt_is_repeated_until_the_camera_is_set_up() {
    let mut lab = Lab::ready(|world| {
        let prompt = ToneModel { every_s: Some(Seconds::new(10.1)), tone_s: Seconds::new(1.7), ..tone(440.0) };
        world.camera.sound.insert(ChimeMeaning::Setup, prompt);
    });
    assert!(heard(&mut lab, 30.0).is_empty(), "it is set up");
    lab.press(12.0);
    lab.run(62.0);
    assert!(lab.truth.is_factory());
    let starts: Vec<f64> = heard(&mut lab, 40.4).into_iter().map(|(at, _)| at).collect();
    assert_eq!(starts.len(), 4, "{starts:?}");
    assert!(starts.windows(2).all(|pair| (pair[1] - pair[0] - 10.1).abs() < 0.011), "{starts:?}");
    lab.type_line("provision");
    lab.run(3.0);
    assert!(heard(&mut lab, 30.0).is_empty());
}

#[test]
fn a_speaker_draws_what_its_amplifier_takes_and_falls_silent_with_the_power() {
    let mut lab = Lab::ready(|world| {
        world.camera.load.speaker_w = 1.0;
        world.camera.sound.insert(ChimeMeaning::Acknowledged, ToneModel { tone_s: Seconds::new(1.0), ..tone(1000.0) });
    });
    let idle = lab.truth.plug().1;
    lab.press(11.2);
    assert!(lab.truth.tone().is_some() && lab.truth.plug().1 > idle + 0.15, "{:?} after {idle}", lab.truth.plug());
    lab.power(false);
    lab.run(0.1);
    assert_eq!(lab.truth.tone(), None);
}

#[test]
fn the_motor_runs_and_draws_on_every_boot_and_proves_none_of_them_a_reset() {
    let mut lab = Lab::ready(|world| {
        let motor = MotorModel { boot_s: Seconds::new(4.0), after_s: Seconds::new(20.0), ..MotorModel::default() };
        world.camera.motor = motor;
        world.camera.boot.spread = 0.0;
    });
    for press in [12.0, 0.0] {
        if press > 0.0 {
            lab.press(press);
        } else {
            lab.power(false);
            lab.run(10.0);
            lab.power(true);
        }
        let (mut ran, mut most) = (0.0, 0.0f64);
        let mut still = 0.0f64;
        for _ in 0..650 {
            lab.run(0.1);
            if lab.truth.motor_on() {
                ran += 0.1;
                most = most.max(lab.truth.plug().1);
            } else if lab.trial().boots.len() > 1 || press > 0.0 {
                still = still.max(lab.truth.plug().1);
            }
        }
        assert!((ran - 4.0f64).abs() < 0.2, "{ran}");
        assert!(most > 0.5 && still < 0.45, "{most} A with the motor, {still} A without");
    }
    assert_eq!(lab.trial().erases.len(), 1);
}

#[test]
fn a_motor_may_answer_a_press() {
    let mut lab = Lab::ready(|world| {
        world.camera.motor.acknowledged_s = Seconds::new(1.0);
        world.camera.motor.stage = BootStage::Userland;
        world.camera.button.acknowledged_only = 1.0;
    });
    lab.press(11.3);
    assert!(lab.truth.motor_on());
    lab.run(1.5);
    assert!(!lab.truth.motor_on());
}

#[test]
fn the_light_is_dark_for_some_seconds_when_a_reset_begins() {
    let mut lab = Lab::ready(|world| world.camera.dark_after_reset_s = Seconds::new(5.0));
    // The threshold at 11 s, two seconds of acknowledgement, then the erase of about eight.
    lab.press(12.9);
    assert!(lab.lit(None, 4.5) && lab.truth.light().is_none());
    assert!(!lab.lit(Some(LightMeaning::Acknowledged), 1.0));
    assert!(lab.lit(Some(LightMeaning::Resetting), 2.0));
    // One that is dark for longer than the erase takes shows nothing of it and boots in the dark.
    let mut lab = Lab::ready(|world| world.camera.dark_after_reset_s = Seconds::new(30.0));
    lab.press(13.5);
    assert!(!lab.lit(Some(LightMeaning::Resetting), 28.0) && lab.truth.light().is_none());
    lab.run(2.0);
    assert_eq!(lab.truth.light(), Some(LightMeaning::Booting));
}

#[test]
fn a_camera_may_be_dark_when_it_is_ready() {
    let mut lab = Lab::ready(|world| {
        let ready = world.camera.light.get_mut(&LightMeaning::Ready).unwrap();
        ready.shape = crate::domain::observation::LightShape::Off;
    });
    lab.run(5.0);
    assert_eq!(lab.truth.light(), Some(LightMeaning::Ready));
    assert!(lab.light.iter().all(|code| *code < 2000));
}
