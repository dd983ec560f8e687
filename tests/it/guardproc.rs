//! The guard's own process: an engine that dies or freezes at any moment leaves no coil on, and takes no power from a camera that may be writing.
//!
//! `scripts/guard-kills` does the same a thousand times.

use super::support::bare::{Bare, now_us};
use super::support::dice::Dice;
use pinhole::domain::event::Event;
use pinhole::domain::verdict::FaultKind;
use pinhole::journal::{DiskStorage, Reader, Wanted};
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

/// The promise: from the engine's death or freeze to a coil that was told to be off.
const RELEASED_US: u64 = 100_000;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a whole number"))
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn faults(run: &Path) -> Vec<FaultKind> {
    let mut faults = Vec::new();
    Reader::new(DiskStorage, run, Wanted::ALL)
        .for_each(|_, _, event| {
            if let Event::Faulted(fault) = event {
                faults.push(fault.fault);
            }
        })
        .unwrap();
    faults
}

/// Lets a random part of a press go by, then does `harm` to the engine; how long the coil was on after it.
fn harm(bare: &Bare, engine: &mut Child, dice: &mut Dice, signal_is: Signal) -> u64 {
    bare.until("coil", true);
    let moved = bare.during(Duration::from_micros(dice.below(300_000)));
    assert!(moved.is_empty(), "{moved:?}");
    let before = now_us();
    signal(engine, signal_is);
    bare.until("coil", false).at_us.saturating_sub(before)
}

#[test]
fn an_engine_that_is_killed_while_it_presses_leaves_the_coil_off_in_time() {
    let mut dice = Dice::new(1);
    let mut worst = 0;
    for _ in 0..number("PINHOLE_KILLS", 20) {
        let bare = Bare::new(false);
        let mut engine = bare.start(&bare.run());
        let took = harm(&bare, &mut engine, &mut dice, Signal::KILL);
        engine.wait().unwrap();
        assert!(took <= RELEASED_US, "{took} us");
        worst = worst.max(took);
        assert!(!bare.during(Duration::from_millis(50)).iter().any(|edge| edge.on == Some(true)));
    }
    println!("killed: released within {worst} us");
}

#[test]
fn an_engine_that_freezes_loses_the_coil_in_time_and_gets_it_not_back() {
    let mut dice = Dice::new(2);
    let mut worst = 0;
    for _ in 0..number("PINHOLE_STOPS", 20) {
        let bare = Bare::new(false);
        let mut engine = bare.start(&bare.run());
        let took = harm(&bare, &mut engine, &mut dice, Signal::STOP);
        assert!(took <= RELEASED_US, "{took} us");
        worst = worst.max(took);
        signal(&engine, Signal::CONT);
        // Every further try is refused, so the run comes to its end by itself: as one that the rig failed.
        assert_eq!(engine.wait().unwrap().code(), Some(3), "{}", bare.said());
        assert!(!bare.during(Duration::from_millis(50)).iter().any(|edge| edge.on == Some(true)));
        assert_eq!(faults(&bare.run())[0], FaultKind::GuardTrip);
    }
    println!("frozen: released within {worst} us");
}

#[test]
fn the_power_stays_until_the_camera_can_no_longer_be_writing() {
    let mut dice = Dice::new(3);
    for round in 0..number("PINHOLE_WINDOWS", 6) {
        let bare = Bare::new(true);
        let mut engine = bare.start(&bare.run());
        let on = bare.until("supply", true).at_us;
        bare.during(Duration::from_micros(dice.below(1_000_000)));
        signal(&engine, if round % 2 == 0 { Signal::KILL } else { Signal::STOP });
        let off = bare.until("supply", false).at_us;
        assert!(off - on >= 1_500_000, "the power was cut {} us after it came", off - on);
        assert!(off - on < 3_500_000, "the power stayed for {} us", off - on);
        let _ = engine.kill();
        engine.wait().unwrap();
    }
}

#[test]
fn a_second_run_does_not_get_the_outputs_of_the_first() {
    let bare = Bare::new(false);
    let mut first = bare.start(&bare.run());
    bare.until("coil", true);
    let folder = bare.run().with_extension("second");
    let second = bare.start(&folder).wait().unwrap();
    assert_eq!(second.code(), Some(2));
    assert!(!folder.exists(), "nothing is left of a run that did not begin");
    assert!(bare.said().contains("another session holds the outputs"), "{}", bare.said());
    assert!(bare.during(Duration::from_millis(20)).is_empty(), "the first one's press goes on");
    signal(&first, Signal::KILL);
    first.wait().unwrap();
    bare.until("coil", false);
}

#[test]
fn a_guard_that_is_told_to_end_releases_the_coil_and_the_run_ends() {
    let bare = Bare::new(false);
    let mut engine = bare.start(&bare.run());
    bare.until("coil", true);
    kill_process(Pid::from_raw(bare.guard()).unwrap(), Signal::TERM).unwrap();
    bare.until("coil", false);
    assert_eq!(engine.wait().unwrap().code(), Some(3), "{}", bare.said());
    assert!(!bare.during(Duration::from_millis(50)).iter().any(|edge| edge.on == Some(true)));
}

#[test]
fn a_guard_that_dies_is_replaced_by_one_that_makes_safe_first() {
    let bare = Bare::new(false);
    let mut engine = bare.start(&bare.run());
    bare.until("coil", true);
    let dead = bare.guard();
    kill_process(Pid::from_raw(dead).unwrap(), Signal::KILL).unwrap();
    // The first thing that the next one does.
    let edge = bare.edge();
    assert!(edge.is("coil", false), "{edge:?}");
    assert_eq!(engine.wait().unwrap().code(), Some(3), "{}", bare.said());
    assert_ne!(bare.guard(), dead);
    assert_eq!(faults(&bare.run())[0], FaultKind::Disconnected);
    assert!(!bare.during(Duration::from_millis(50)).iter().any(|edge| edge.on == Some(true)));
}
