//! What light sensor and microphone make of camera and room.

use super::*;
use crate::domain::observation::{Colour, LightShape};
use crate::domain::profile::LightMeaning;
use crate::domain::units::Hertz;
use crate::drivers::twin::world::RoomTone;

/// A camera in its factory state whose light is steady then, without noise at the light sensor.
fn steady() -> World {
    let mut world = plain();
    world.light_sensor.noise = 0.0;
    let light = world.camera.light.get_mut(&LightMeaning::Setup).unwrap();
    (light.shape, light.hz) = (LightShape::Solid, None);
    world
}

/// Up for a while, and nothing kept of that.
fn up(world: World, wiring: Wiring) -> Lab {
    let mut lab = Lab::wired(world, 1, wiring);
    lab.power(true);
    lab.run(60.0);
    lab.forget();
    lab
}

/// Amplitude of a frequency in samples at a rate (discrete Fourier transform of one line).
fn height(values: &[f64], hz: f64, rate: f64) -> f64 {
    let angle = |i: usize| std::f64::consts::TAU * hz * i as f64 / rate;
    let (re, im) = values
        .iter()
        .enumerate()
        .fold((0.0, 0.0), |(re, im), (i, value)| (re + value * angle(i).cos(), im + value * angle(i).sin()));
    2.0 * (re * re + im * im).sqrt() / values.len() as f64
}

#[test]
fn a_light_dimmed_at_200_hz_is_seen_as_pulses() {
    let mut world = steady();
    (world.lamp.pwm_hz, world.lamp.pwm_duty) = (Some(Hertz::new(200.0)), 0.4);
    let mut lab = up(world, Wiring::FULL);
    lab.run(1.0);
    let light = shares(&lab.light);
    let lit: Vec<bool> = light.iter().map(|light| *light > 0.2).collect();
    assert_eq!(lit.iter().filter(|lit| **lit).count(), 400);
    assert!(lit.windows(6).all(|six| six[0] == six[5]), "every fifth sample is like it");
    let (dark, bright) = (light.iter().copied().fold(1.0, f64::min), light.iter().copied().fold(0.0, f64::max));
    assert!((dark - 0.02).abs() < 1e-4 && (bright - 0.40).abs() < 1e-4, "{dark} {bright}");
}

#[test]
fn mains_flicker_has_the_frequency_and_the_phase_that_the_world_gives_it() {
    let run = |hz: f64, phase: f64| {
        let mut world = steady();
        let sensor = &mut world.light_sensor;
        (sensor.ambient, sensor.flicker, sensor.flicker_hz, sensor.flicker_phase) = (0.1, 0.05, Hertz::new(hz), phase);
        let mut lab = Lab::new(world, 1);
        lab.begin(0, 1);
        lab.run(1.0);
        shares(&lab.light)
    };
    let light = run(120.0, 0.0);
    assert!((height(&light, 120.0, 1000.0) - 0.05).abs() < 1e-3);
    assert!(height(&light, 100.0, 1000.0) < 1e-3);
    assert!((run(100.0, 0.25)[0] - 0.16).abs() < 1e-3, "at its height");
    assert!((run(100.0, 0.75)[0] - 0.06).abs() < 1e-3, "at its depth");
}

#[test]
fn the_light_of_the_room_drifts_with_the_hours_and_a_trial_begins_anew() {
    let mut world = steady();
    world.light_sensor.drift_per_h = 0.2;
    let mut lab = Lab::new(world, 1);
    lab.begin(0, 1);
    lab.run(360.0);
    let light = shares(&lab.light);
    let (first, last) = (mean(&light[..1000]), mean(&light[light.len() - 1000..]));
    assert!((last - first - 0.02).abs() < 2e-4, "{first} {last}");
    let step = light.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
    assert!(step < 1e-4, "no step that could be taken for a lamp: {step}");
    lab.forget();
    lab.begin(1, 1);
    lab.run(1.0);
    assert!((mean(&shares(&lab.light)) - first).abs() < 1e-4);
}

#[test]
fn the_sun_shines_by_day() {
    let mut world = steady();
    world.light_sensor.daylight = 0.3;
    let mut lab = Lab::new(world, 1);
    let sun: Vec<f64> = (0..200)
        .map(|slot| {
            lab.begin(slot, 1);
            lab.forget();
            lab.run(0.02);
            mean(&shares(&lab.light)) - 0.02
        })
        .collect();
    let dark = sun.iter().filter(|sun| **sun < 1e-4).count();
    assert!((70..=130).contains(&dark), "half of the hours are night: {dark}");
    assert!(sun.iter().any(|sun| *sun > 0.29) && sun.iter().all(|sun| *sun <= 0.3 + 1e-4));
}

#[test]
fn a_photodiode_is_noisier_in_the_light() {
    let mut world = steady();
    world.light_sensor.shot = 0.02;
    let mut lab = Lab::new(world.clone(), 1);
    lab.run(10.0);
    let dark = sd(&shares(&lab.light));
    let mut lab = up(world, Wiring::FULL);
    lab.run(10.0);
    let lit = sd(&shares(&lab.light));
    assert!((dark - 0.02 * 0.01f64.sqrt()).abs() < 2e-4, "{dark}");
    assert!((lit - 0.02 * 0.39f64.sqrt()).abs() < 6e-4, "{lit}");
}

/// What the three filters see of a colour of the lamp, without dark reading and room.
fn seen(colour: Option<Colour>) -> [f64; 3] {
    let mut world = steady();
    world.light_sensor.ambient = 0.0;
    world.camera.light.get_mut(&LightMeaning::Setup).unwrap().colour = colour;
    let mut lab = up(world, ALL);
    lab.run(0.1);
    [Channel::Red, Channel::Green, Channel::Blue].map(|channel| mean(&lab.values(channel)) - 0.01)
}

#[test]
fn filters_let_their_colour_through_and_some_of_the_others() {
    let red = seen(Some(Colour::Red));
    for (seen, filter) in red.iter().zip([0.9, 0.1, 0.1]) {
        assert!((seen - 0.38 * filter).abs() < 1e-4, "{red:?}");
    }
    let white = seen(None);
    for (seen, row) in white.iter().zip([1.1, 1.1, 1.1]) {
        assert!((seen - 0.38 * row / 3.0).abs() < 1e-4, "{white:?}");
    }
}

#[test]
fn no_two_colours_look_alike() {
    use Colour::{Amber, Blue, Cyan, Green, Purple, Red, White, Yellow};
    let all = [Red, Amber, Yellow, Green, Cyan, Blue, Purple, White].map(|colour| {
        let seen = seen(Some(colour));
        let whole: f64 = seen.iter().sum();
        (colour, seen.map(|part| part / whole))
    });
    for (i, (one, a)) in all.iter().enumerate() {
        for (other, b) in &all[..i] {
            let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(apart > 0.1, "{one:?} {a:?} and {other:?} {b:?}");
        }
    }
}

#[test]
fn a_lone_photodiode_sees_no_colour() {
    let lab = Lab::new(steady(), 1);
    assert!(Channel::ALL[1..4].iter().all(|channel| lab.ports.sensors.scale(*channel).is_none()));
    let blind = Lab::wired(steady(), 1, Wiring { light: false, ..ALL });
    assert!(Channel::ALL[..4].iter().all(|channel| blind.ports.sensors.scale(*channel).is_none()));
}

#[test]
fn more_senses_change_nothing_of_what_the_others_read() {
    let run = |wiring| {
        let mut lab = Lab::wired(world(), 6, wiring);
        lab.begin(0, 1);
        lab.prepare("long-cable");
        lab.press(12.0);
        (lab.light, lab.volts, lab.amps, lab.console)
    };
    assert!(run(Wiring::FULL) == run(ALL));
}

#[test]
fn sound_comes_at_8000_samples_a_second_beside_the_others() {
    let mut lab = Lab::wired(steady(), 1, ALL);
    let mut batch = Batch::default();
    lab.ports.sensors.poll(Tick::NEVER, &mut batch).unwrap();
    let blocks: Vec<_> = batch
        .readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Samples(block) => Some((block.channel, block.range.len(), block.period.micro(), block.start)),
            _ => None,
        })
        .collect();
    assert_eq!(blocks.len(), 8);
    assert!(blocks[..7].iter().all(|block| (block.1, block.2) == (10, 1000)));
    assert_eq!(blocks[7], (Channel::Sound, 80, 125, Tick::ZERO));
    assert_eq!(lab.ports.sensors.scale(Channel::Sound).unwrap().period.micro(), 125);
    // A poll that ends in mid-row: the next one finds sound before the other channels.
    lab.ports.sensors.poll(Tick(10_300), &mut batch).unwrap();
    lab.ports.sensors.poll(Tick::NEVER, &mut batch).unwrap();
    let starts: Vec<Tick> = batch
        .readings
        .iter()
        .map(|reading| if let Reading::Samples(block) = reading { block.start } else { Tick::NEVER })
        .collect();
    assert_eq!((starts[0], starts[1]), (Tick(10_375), Tick(11_000)));
    assert!(starts.is_sorted());
}

#[test]
fn a_quiet_room_has_its_noise() {
    let mut world = steady();
    world.microphone.noise = 0.01;
    let mut lab = Lab::wired(world, 1, ALL);
    lab.run(5.0);
    let sound = lab.values(Channel::Sound);
    assert_eq!(sound.len(), 40_000);
    assert!((sd(&sound) - 0.01).abs() < 3e-4 && mean(&sound).abs() < 1e-3, "{} {}", sd(&sound), mean(&sound));
}

#[test]
fn a_tone_has_its_frequency_and_height_and_ends() {
    let mut lab = Lab::wired(steady(), 1, ALL);
    for hz in [50.0, 853.25, 1000.0, 2730.5, 3500.0] {
        lab.truth.0.borrow_mut().sampler.set_tones(&[(Hertz::new(hz), 0.2), (Hertz::new(440.0), 0.05)]);
        lab.forget();
        lab.run(4.0);
        let sound = lab.values(Channel::Sound);
        assert!((height(&sound, hz, 8000.0) - 0.2).abs() < 1e-3, "{hz} Hz: {}", height(&sound, hz, 8000.0));
        assert!((height(&sound, 440.0, 8000.0) - 0.05).abs() < 1e-3);
        assert!(height(&sound, hz + 20.0, 8000.0) < 2e-3);
    }
    lab.truth.0.borrow_mut().sampler.set_tones(&[]);
    lab.forget();
    lab.run(1.0);
    assert!(height(&lab.values(Channel::Sound), 440.0, 8000.0) < 1e-3);
}

#[test]
fn a_motor_hums_with_harmonics_and_rattles() {
    let mut lab = Lab::wired(steady(), 1, ALL);
    lab.truth.0.borrow_mut().sampler.set_motor(0.2);
    lab.run(4.0);
    let sound = lab.values(Channel::Sound);
    for (hz, share) in [(120.0, 0.5), (240.0, 0.25), (360.0, 0.15), (480.0, 0.1), (600.0, 0.0)] {
        assert!((height(&sound, hz, 8000.0) - 0.2 * share).abs() < 2e-3, "{hz} Hz");
    }
    let hum = 0.2 * 0.2 / 2.0 * (0.25 + 0.0625 + 0.0225 + 0.01);
    assert!((sd(&sound) - (hum + 0.04 * 0.04 + 0.003 * 0.003f64).sqrt()).abs() < 1e-3, "{}", sd(&sound));
    lab.truth.0.borrow_mut().sampler.set_motor(0.0);
    lab.forget();
    lab.run(1.0);
    assert!((sd(&lab.values(Channel::Sound)) - 0.003).abs() < 2e-4);
}

#[test]
fn the_room_has_tones_of_its_own() {
    let mut world = steady();
    world.microphone.room = vec![RoomTone { hz: Hertz::new(100.0), level: 0.03 }];
    let mut lab = Lab::wired(world, 1, ALL);
    lab.run(4.0);
    assert!((height(&lab.values(Channel::Sound), 100.0, 8000.0) - 0.03).abs() < 1e-3);
}

#[test]
fn cutting_the_polls_changes_no_sample_of_sound_colour_and_force() {
    let run = |steps: &[u64]| {
        let mut world = world();
        (world.light_sensor.flicker, world.lamp.pwm_hz) = (0.01, Some(Hertz::new(203.7)));
        world.microphone.room = vec![RoomTone { hz: Hertz::new(441.3), level: 0.1 }];
        let mut lab = Lab::wired(world, 9, ALL);
        lab.begin(0, 1);
        lab.power(true);
        lab.ports.presser.press(PressOrder { at: Tick(2_000_300), release_at: Tick(3_000_700) }).unwrap();
        let mut step = steps.iter().cycle();
        while lab.now() < Tick(6_000_000) {
            lab.run(*step.next().unwrap() as f64 / 1e6);
        }
        lab.others.values_mut().for_each(|codes| codes.truncate(if codes.len() > 10_000 { 47_000 } else { 5_900 }));
        lab.others
    };
    assert!(run(&[10_000]) == run(&[777, 4_001, 9_999, 1_000, 12_345]));
}
