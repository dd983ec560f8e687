//! Timelines of made-up trials: readable and small, whatever the sensors told.

use super::timeline;
use crate::analysis::evidence::TrialEvidence;
use crate::analysis::testkit::{Bench, press, sham};
use crate::analysis::timeline::{Samples, Timeline};
use crate::domain::canary::Category;
use crate::domain::condition::{Condition, Origin};
use crate::domain::event::{Event, Observed};
use crate::domain::measurement::names;
use crate::domain::observation::*;
use crate::domain::step::Step;
use crate::domain::units::{Hertz, Seconds, Tick};
use crate::domain::verdict::{Fate, Level, Verdict};
use crate::report::chart::tests::readable;
use crate::report::golden;

fn pattern(shape: LightShape, hz: Option<f64>, colour: Option<Colour>) -> Observation {
    let second = colour.filter(|_| shape == LightShape::Alternating).map(|_| Colour::Blue);
    Observation::Light(LightPattern { shape, hz: hz.map(Hertz::new), duty: None, colour, second })
}

fn marker(name: &str) -> Observation {
    Observation::Marker { marker: name.to_owned(), meaning: MarkerMeaning::Warning }
}

/// What a full rig tells of a press at 125 s that ends in a reboot without a reset.
fn story() -> Vec<(f64, Observation)> {
    let coil = |energised| Observation::Coil { energised, u_s: Seconds::new(0.001) };
    let stage = |boot, stage| Observation::Boot { boot, stage };
    vec![
        (20.0, pattern(LightShape::Solid, None, Some(Colour::Green))),
        (20.0, Observation::Power { state: PowerState::On }),
        (90.0, stage(1, BootStage::Application)),
        (121.0, Observation::Canary { category: Category::Wifi, fate: Fate::Survived }),
        (125.0, coil(true)),
        (125.2, Observation::Force { event: ForceEvent::Snap }),
        (130.0, pattern(LightShape::Blink, Some(2.0), Some(Colour::Red))),
        (130.0, Observation::Change { sense: Sense::Light }),
        (131.0, Observation::Tone { tone: "reset-chime".to_owned() }),
        (135.0, coil(false)),
        (136.0, marker("reset button pressed")),
        (137.0, Observation::Current { event: CurrentEvent::Erase }),
        (137.5, Observation::Power { state: PowerState::Sagging }),
        (139.0, Observation::Power { state: PowerState::On }),
        (140.0, Observation::Current { event: CurrentEvent::Restart }),
        (140.0, pattern(LightShape::Off, None, None)),
        (141.0, stage(2, BootStage::Bootloader)),
        (144.0, stage(2, BootStage::Kernel)),
        (150.0, pattern(LightShape::Unclear, None, None)),
        (160.0, stage(2, BootStage::Userland)),
        (180.0, pattern(LightShape::Alternating, Some(1.0), Some(Colour::Red))),
        (190.0, Observation::Motor { running: true }),
        (202.0, Observation::Motor { running: false }),
        (220.0, stage(2, BootStage::Application)),
        (221.0, marker("ready")),
        (230.0, pattern(LightShape::Solid, None, Some(Colour::Green))),
        (240.0, Observation::Ready),
        (250.0, Observation::Network { status: NetworkStatus::Configured }),
        (251.0, Observation::Canary { category: Category::Wifi, fate: Fate::Survived }),
        (251.2, Observation::Canary { category: Category::Motion, fate: Fate::Survived }),
        (251.4, Observation::Canary { category: Category::Accounts, fate: Fate::NotObserved }),
    ]
}

fn evidence(condition: Condition, steps: &[(f64, Step)], told: &[(f64, Observation)]) -> TrialEvidence {
    let mut bench = Bench::new("r", &["oem"], &[10.0], 1, 0).start();
    bench.begin(None, condition, Origin::Planned);
    bench.step(Step::Begin, None);
    let mut now = 0.0;
    for (at, step) in steps {
        bench.wait(at - now);
        now = *at;
        bench.step(step.clone(), None);
    }
    for (at, observation) in told {
        let at_us = Tick::ZERO + Seconds::new(*at);
        bench.push(Event::Observed(Observed { at_us, observation: observation.clone() }));
    }
    bench.wait(255.0 - now);
    bench.measure(names::HOLD, 10.004, Some(0.012));
    bench.measure(names::PLUG_MIN, 4.31, None);
    bench.judge(Verdict::RebootOnly, Level::Proved);
    let begun = bench.begun();
    let lines = &bench.events()[begun..];
    let mut evidence = TrialEvidence::of(lines, true).unwrap();
    evidence.timeline = Timeline::of(lines);
    evidence
}

fn pressed(told: &[(f64, Observation)]) -> TrialEvidence {
    let hold = Step::Hold { for_s: Seconds::new(10.0), until_change: false, max_s: Seconds::new(10.0) };
    let steps = [(2.0, Step::PowerOn), (125.0, Step::Press { max_s: Seconds::new(10.0) }), (125.0, hold)];
    evidence(press("clone-5v2a", 10.0), &steps, told)
}

/// The worst that can be recorded: noise of a different height at every moment.
fn noise(trial: &mut TrialEvidence) {
    let line = trial.timeline.as_mut().unwrap();
    let codes: Vec<i16> = (0..260_000_i64).map(|at| (at * 7919 % 1013 + 40 * (at / 700 % 13)) as i16).collect();
    for (channel, lsb) in [("light", 0.001), ("plug_v", 0.004), ("plug_a", 0.001)] {
        let row = Samples { start: Tick(0), period: Seconds::from_millis(1), codes: &codes };
        line.add_trace(channel, lsb, [row].into_iter());
    }
}

fn drawn(trial: &TrialEvidence) -> Vec<u8> {
    let profile = Bench::new("r", &["oem"], &[10.0], 1, 0).started.profile;
    let (title, svg) = timeline(&profile, trial).unwrap();
    assert!(title.contains("slot 0") || title.contains("Slot 0"), "{title}");
    readable(&title, &svg);
    assert!(svg.len() < 25_000, "{title}: {} bytes", svg.len());
    svg
}

#[test]
fn a_trial_is_drawn_from_what_its_lines_tell() {
    let mut trial = pressed(&story());
    trial.diagnosis.decided_by = vec![trial.timeline.as_ref().unwrap().moments[7].seq];
    let svg = String::from_utf8(drawn(&trial)).unwrap();
    for words in [
        "alternates 1 Hz, red and blue",
        "boot 2: userland",
        "reset-chime",
        "motor runs",
        "wifi there",
        "ordered 10 s, measured 10",
        "reboot only",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    assert!(svg.contains("raw readings") && !svg.contains("brightness"));
    golden::check("timeline.svg", svg.as_bytes());
}

#[test]
fn what_is_told_at_once_shares_a_mark() {
    let canary = |category| Observation::Canary { category, fate: Fate::Gone };
    let mut told = story();
    told.truncate(5);
    told.extend([(200.0, canary(Category::Wifi)), (200.1, canary(Category::Motion)), (200.2, Observation::Ready)]);
    let svg = String::from_utf8(drawn(&pressed(&told))).unwrap();
    assert!(svg.contains("wifi, motion wiped, ready"), "{svg}");
}

#[test]
fn readings_are_drawn_where_they_were_kept() {
    let mut trial = pressed(&story());
    noise(&mut trial);
    let svg = String::from_utf8(drawn(&trial)).unwrap();
    assert!(svg.len() < 20_000, "{} bytes", svg.len());
    assert!(svg.contains("brightness") && svg.contains("plug voltage") && !svg.contains("raw readings"));
}

#[test]
fn many_sensors_telling_much_stay_readable_and_small() {
    let mut told = story();
    told.truncate(5);
    for index in 0..59_u32 {
        let at = 126.0 + 2.1 * f64::from(index);
        told.push(match index % 4 {
            0 => (at, marker(&format!("a marker with a long name {index}"))),
            1 => (at, pattern(LightShape::Blink, Some(f64::from(index)), Some(Colour::Amber))),
            2 => (at, Observation::Canary { category: Category::Other, fate: Fate::NotObserved }),
            _ => (at, Observation::Boot { boot: index, stage: BootStage::Kernel }),
        });
    }
    let mut trial = pressed(&told);
    noise(&mut trial);
    drawn(&trial);
}

#[test]
fn a_sham_and_a_camera_that_was_never_ready_are_drawn_too() {
    let wait = Step::Sham { for_s: Seconds::new(30.0) };
    let quiet = evidence(sham("oem"), &[(2.0, Step::PowerOn), (125.0, wait)], &[]);
    let svg = String::from_utf8(drawn(&quiet)).unwrap();
    assert!(svg.contains("where a press would have begun"));
    let dark = evidence(press("oem", 10.0), &[(2.0, Step::PowerOn)], &story()[..3]);
    let svg = String::from_utf8(drawn(&dark)).unwrap();
    assert!(svg.contains("seconds from power-on") && svg.contains("The button was never pressed."));
    let unseen = TrialEvidence { timeline: None, ..dark };
    assert_eq!(timeline(&Bench::new("r", &["oem"], &[10.0], 1, 0).started.profile, &unseen), None);
}
