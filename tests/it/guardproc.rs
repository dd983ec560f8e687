//! The guard's own process: an engine that dies or freezes at any moment leaves no coil on, and takes no power from a camera that may be writing.
//!
//! `scripts/guard-kills` does the same a thousand times.

use super::support::bare::{Bare, now_us};
use super::support::dice::Dice;
use pinhole::domain::event::Event;
use pinhole::domain::verdict::FaultKind;
use pinhole::journal::{DiskStorage, Reader, Wanted};
use rustix::process::{Pid, Signal, kill_process};
use std::io::Write;
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
    signal(engine, signal_is);
    // From here it is dead or frozen for certain: what this thread waits for a processor before it kills is no lateness of the guard.
    let harmed = now_us();
    bare.until("coil", false).at_us.saturating_sub(harmed)
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
    // Nor does one with other files.
    bare.edit("suites/suite.toml", "hold_s = [20.0]", "hold_s = [12.0]");
    bare.edit("rig.toml", "coil_min_off_s = 0.05", "coil_min_off_s = 0.06");
    let other = bare.start(&folder).wait().unwrap();
    assert_eq!((other.code(), folder.exists()), (Some(2), false), "{}", bare.said());
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

#[test]
fn an_emergency_stop_ends_the_press_and_the_power_at_once_and_nothing_begins_while_it_is_pressed() {
    let bare = Bare::new(true);
    let stop = bare.pipe("stop");
    bare.edit(
        "rig.toml",
        "console = {",
        &format!("e_stop = {{ driver = \"record\", file = \"{}\" }}\nconsole = {{", stop.display()),
    );
    let mut press = std::fs::OpenOptions::new().read(true).write(true).open(&stop).unwrap();
    let mut engine = bare.start(&bare.run());
    bare.until("supply", true);
    bare.until("coil", true);
    press.write_all(b"pressed\n").unwrap();
    let pressed = now_us();
    let off = [bare.edge(), bare.edge()];
    assert!(off.iter().any(|edge| edge.is("coil", false)) && off.iter().any(|edge| edge.is("supply", false)), "{off:?}");
    let coil = off.iter().find(|edge| edge.output == "coil").unwrap();
    assert!(coil.at_us.saturating_sub(pressed) <= RELEASED_US, "{off:?}");
    let again = bare.start(&bare.run().with_extension("second")).wait().unwrap();
    assert_eq!(again.code(), Some(2), "{}", bare.said());
    assert!(bare.said().contains("emergency stop"), "{}", bare.said());
    assert_eq!(engine.wait().unwrap().code(), Some(3));
    assert_eq!(faults(&bare.run())[0], FaultKind::GuardTrip);
    assert!(!bare.during(Duration::from_millis(50)).iter().any(|edge| edge.on == Some(true)));
}

#[test]
fn a_guard_of_its_own_unit_says_that_it_listens_and_lives_and_stays_until_it_is_told_to_end() {
    let bare = Bare::new(false);
    let notices = bare.run().with_file_name("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&notices).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let said = || {
        let mut bytes = [0; 200];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let mut guard = bare.guard_command();
    guard.arg("--stay").env("NOTIFY_SOCKET", &notices);
    let mut guard = guard.spawn().unwrap();
    assert!(said().contains("READY=1"));
    assert!(said().contains("WATCHDOG=1"));
    // The engine finds it, and does not start another.
    let mut engine = bare.start(&bare.run());
    bare.until("coil", true);
    assert_eq!(bare.guard(), guard.id() as i32);
    signal(&engine, Signal::KILL);
    engine.wait().unwrap();
    bare.until("coil", false);
    assert!(guard.try_wait().unwrap().is_none(), "it stays");
    signal(&guard, Signal::TERM);
    assert!(guard.wait().unwrap().success());
}

#[test]
fn a_coil_with_a_holding_line_pulls_for_its_peak_and_holds_until_the_end_or_until_the_engine_dies() {
    let bare = Bare::new(false);
    bare.edit("rig.toml", "presser = { driver = \"record\",", "presser = { driver = \"record\", hold = true,");
    bare.edit("rig.toml", "coil_min_off_s = 0.05", "coil_min_off_s = 0.05\ncoil_peak_s = 0.1");
    let mut engine = bare.start(&bare.run());
    let (hold, pull) = (bare.until("hold", true), bare.until("coil", true));
    let peak = bare.edge();
    assert!(peak.is("coil", false) && hold.at_us <= pull.at_us, "{hold:?} {pull:?} {peak:?}");
    assert!(peak.at_us - pull.at_us >= 95_000, "full power was given for {} us", peak.at_us - pull.at_us);
    assert!(bare.during(Duration::from_millis(100)).is_empty(), "it holds");
    signal(&engine, Signal::KILL);
    let killed = now_us();
    let off = bare.until("hold", false);
    assert!(off.at_us.saturating_sub(killed) <= RELEASED_US, "{} us", off.at_us - killed);
    engine.wait().unwrap();
}
