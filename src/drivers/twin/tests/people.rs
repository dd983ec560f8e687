//! Probe, person, and the faults of the bench.

use super::*;
use crate::domain::ids::QuestionId;
use crate::domain::observation::NetworkStatus;
use crate::domain::verdict::FaultKind;
use crate::drivers::twin::world::Faults;
use crate::ports::{ProbeAnswer, ProbeQuery, Refused};

fn answers(lab: &Lab) -> Vec<(u32, ProbeAnswer)> {
    let answer = |reading: &Reading| match reading {
        Reading::Probe { number, answer, .. } => Some((*number, answer.clone())),
        _ => None,
    };
    lab.readings.iter().filter_map(answer).collect()
}

#[test]
fn the_probe_tells_what_the_camera_says_or_that_nobody_is_there() {
    let mut lab = Lab::new(plain(), 1);
    lab.ports.probe.query(1, ProbeQuery::Status).unwrap();
    lab.ports.probe.query(2, ProbeQuery::Read { setting: "wifi.a".into() }).unwrap();
    lab.run(3.0);
    let found = answers(&lab);
    assert!(found.contains(&(1, ProbeAnswer::Status(NetworkStatus::Unreachable))), "{found:?}");
    assert!(found.iter().any(|(number, answer)| *number == 2 && matches!(answer, ProbeAnswer::Failed(_))));
    lab.power(true);
    lab.run(60.0);
    lab.forget();
    let queries = [
        ProbeQuery::Status,
        ProbeQuery::Read { setting: "wifi.a".into() },
        ProbeQuery::Write { setting: "wifi.a".into(), value: "x".into() },
        ProbeQuery::Read { setting: "wifi.a".into() },
        ProbeQuery::Provision,
        ProbeQuery::Status,
    ];
    for (number, query) in queries.into_iter().enumerate() {
        lab.ports.probe.query(number as u32, query).unwrap();
        lab.run(0.5);
    }
    let expected = [
        ProbeAnswer::Status(NetworkStatus::Factory),
        ProbeAnswer::Value(None),
        ProbeAnswer::Done,
        ProbeAnswer::Value(Some("x".into())),
        ProbeAnswer::Done,
        ProbeAnswer::Status(NetworkStatus::Configured),
    ];
    assert_eq!(answers(&lab), expected.into_iter().enumerate().map(|(n, a)| (n as u32, a)).collect::<Vec<_>>());
}

#[test]
fn the_person_answers_with_the_first_choice_after_a_second() {
    let mut lab = Lab::new(plain(), 1);
    lab.ports.person.ask(QuestionId(4), "ready?", &["yes".into(), "no".into()]).unwrap();
    lab.ports.person.ask(QuestionId(5), "press it", &[]).unwrap();
    lab.run(2.0);
    let at = Tick(1_000_000);
    let expected = [
        Reading::Answer { question: QuestionId(4), at, answer: "yes".into() },
        Reading::Answer { question: QuestionId(5), at, answer: "done".into() },
    ];
    assert_eq!(lab.readings, expected);
}

/// A camera that is up in a bench where some fault is certain.
fn faulty(change: impl FnOnce(&mut Faults)) -> Lab {
    let mut world = plain();
    change(&mut world.faults);
    let mut lab = Lab::new(world, 1);
    lab.prepare("oem-5v1a");
    lab.begin(0, 1);
    lab.run(1.0);
    lab.forget();
    lab
}

#[test]
fn a_supply_that_refuses_or_disobeys_leaves_the_camera_dark() {
    let mut lab = faulty(|faults| faults.supply_refuses = 1.0);
    lab.power(false);
    lab.run(10.0);
    match lab.ports.supply.output(true) {
        Err(Refused::Broken(fault)) => assert_eq!(fault.fault, FaultKind::Refused),
        other => panic!("{other:?}"),
    }
    lab.run(1.0);
    assert_eq!(lab.truth.plug(), (0.0, 0.0));
    lab.power(true);
    lab.run(60.0);
    assert_eq!(lab.trial().ready.len(), 1, "once is all");
    assert_eq!(lab.trial().faults, ["supply_refuses"]);

    let mut lab = faulty(|faults| faults.supply_disobeys = 1.0);
    lab.power(false);
    lab.run(10.0);
    lab.power(true);
    lab.run(60.0);
    assert_eq!(lab.truth.plug(), (0.0, 0.0));
    assert!(lab.trial().boots.is_empty());
}

#[test]
fn a_coil_that_does_not_move_reports_its_edges_all_the_same() {
    let mut lab = faulty(|faults| faults.coil_stuck = 1.0);
    lab.press(15.0);
    assert_eq!(lab.readings.len(), 2);
    assert!(lab.trial().presses.is_empty());
    let mut lab = faulty(|faults| faults.coil_sticks = 1.0);
    lab.press(5.0);
    lab.run(1.0);
    assert!(lab.trial().presses[0].held().unwrap() > Seconds::new(5.05));
}

#[test]
fn a_console_gap_loses_text_and_is_told() {
    let mut lab = faulty(|faults| faults.console_gap = 1.0);
    let mut refused = 0;
    while lab.now() < Tick(450_000_000) {
        if let Err(Refused::Broken(fault)) = lab.ports.console.send(b"status\n") {
            assert_eq!(fault.fault, FaultKind::Disconnected);
            refused += 1;
        }
        lab.run(0.5);
    }
    assert!((1..=11).contains(&refused), "{refused}");
    assert_eq!(lab.readings.iter().filter(|reading| matches!(reading, Reading::ConsoleGap { .. })).count(), 1);
}

#[test]
fn lost_sensors_are_one_fault_and_time_goes_on() {
    let mut lab = faulty(|faults| faults.sensors_lost = 1.0);
    lab.run(310.0);
    assert_eq!(lab.faults, 1);
    assert_eq!(lab.light.len(), 309_990, "ten samples were lost");
}

#[test]
fn a_silent_probe_and_an_unanswered_provisioning_say_nothing() {
    let mut lab = faulty(|faults| faults.probe_silent = 1.0);
    lab.ports.probe.query(1, ProbeQuery::Status).unwrap();
    lab.run(10.0);
    assert!(lab.readings.is_empty());
    let mut lab = faulty(|faults| faults.provision_unanswered = 1.0);
    lab.type_line("provision");
    lab.ports.probe.query(1, ProbeQuery::Provision).unwrap();
    lab.run(5.0);
    assert_eq!(lab.text(), "provision\r\n");
    assert!(lab.readings.is_empty());
}

#[test]
fn faults_are_drawn_anew_for_an_attempt_and_come_as_often_as_the_world_says() {
    let mut world = plain();
    world.faults.coil_stuck = 0.3;
    let mut lab = Lab::new(world, 1);
    let mut struck = [0; 3];
    for slot in 0..200 {
        for attempt in 1..3 {
            lab.begin(slot, attempt);
            struck[attempt as usize] += lab.trial().faults.len();
        }
    }
    assert!(struck[1..].iter().all(|n| (40..=80).contains(n)), "{struck:?}");
    lab.begin(7, 1);
    let first = lab.trial().faults;
    lab.begin(7, 2);
    lab.begin(7, 1);
    assert_eq!(lab.trial().faults, first);
}
