//! Sensors unplugged in turn and together: no reset is claimed beyond what the remaining signs allow, and none where nothing can be seen.

use super::support::bench::Bench;
use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use super::support::watcher::{Watcher, check_journal, was_wiped};
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::verdict::{Level, Outcome, Verdict};

/// What the rig has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plugged {
    light: bool,
    plug: bool,
    console: bool,
    /// The network probe; the profile then takes its answer for a factory sign.
    probe: bool,
}

/// How the camera is brought out of its factory state.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Provision {
    Console,
    Probe,
    None,
}

fn files(plugged: Plugged, provision: Provision) -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([2, 20]));
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "long-cable"]));
    files.set(QUICK, "traces", "none");
    for (port, there) in [("light", plugged.light), ("plug", plugged.plug), ("console", plugged.console)] {
        if !there {
            files.remove(RIG, &format!("positions.0.{port}"));
        }
    }
    if plugged.probe {
        let mut driver = toml_edit::InlineTable::new();
        driver.insert("driver", "twin".into());
        files.set(RIG, "positions.0.probe", driver).set(DUT, "factory.network", true);
    }
    if !plugged.light {
        files.remove(DUT, "ready.light_stable_s");
    }
    if !plugged.console {
        files.set(DUT, "ready.marker", false);
    }
    match provision {
        Provision::Console => {}
        Provision::Probe => {
            files.set(DUT, "provision.via", "probe").remove(DUT, "provision.exchanges");
        }
        Provision::None => {
            files.set(DUT, "provision.via", "none").remove(DUT, "provision.exchanges");
            files.set(WORLD, "camera.starts_as", "configured");
        }
    }
    files
}

/// The highest level that the contract allows: by the signs that rig and profile can see. Canaries are written over the console.
fn allowed(plugged: Plugged) -> Level {
    let reboot = plugged.light || plugged.plug || plugged.console;
    let factory = plugged.light || plugged.console || plugged.probe;
    let canaries = plugged.console;
    match (reboot, factory, canaries) {
        (true, true, true) => Level::Proved,
        (true, true, false) | (true, false, true) | (false, true, true) => Level::Indicated,
        (false, true, false) | (false, false, true) => Level::Suggested,
        (_, false, false) => Level::None,
    }
}

/// Runs the suite; the levels of all factory resets that were claimed. `None`: it was refused before anything was energised.
fn claims(plugged: Plugged, provision: Provision) -> Option<Vec<Level>> {
    let bench = Bench::new(files(plugged, provision).load(QUICK).ok()?);
    let session = bench.begin_before(|truth| Watcher::new(&bench, truth, &[]));
    assert_eq!(session.end.unwrap(), FinishReason::Complete, "{plugged:?} {provision:?}");
    let events = check_journal(&bench);
    let claims = events.iter().filter_map(|(_, _, event)| match event {
        Event::Diagnosed(diagnosis) if diagnosis.verdict == Verdict::FactoryReset => Some(diagnosis.level),
        _ => None,
    });
    Some(claims.collect())
}

fn every_rig() -> impl Iterator<Item = Plugged> {
    (0..16u8).map(|bits| Plugged { light: bits & 1 > 0, plug: bits & 2 > 0, console: bits & 4 > 0, probe: bits & 8 > 0 })
}

#[test]
fn a_camera_that_can_be_set_up_is_judged_at_the_level_of_what_is_plugged_in() {
    for plugged in every_rig() {
        for (provision, possible) in [(Provision::Console, plugged.console), (Provision::Probe, plugged.probe)] {
            let Some(claims) = claims(plugged, provision) else {
                assert!(!possible, "{plugged:?} {provision:?} was refused");
                continue;
            };
            assert!(possible, "{plugged:?} {provision:?} cannot be done");
            let level = allowed(plugged);
            assert!(claims.len() >= 3, "{plugged:?} {provision:?}: six long presses, at least those on the good adapter reset");
            assert!(claims.iter().all(|claim| *claim == level), "{plugged:?} {provision:?}: {claims:?}, allowed is {level:?}");
        }
    }
}

#[test]
fn a_camera_that_nothing_can_set_up_is_never_judged_beyond_what_is_plugged_in() {
    for plugged in every_rig() {
        let claims = claims(plugged, Provision::None).unwrap();
        let level = allowed(plugged);
        assert!(
            claims.iter().all(|claim| *claim <= level && level > Level::None),
            "{plugged:?}: {claims:?}, allowed is {level:?}"
        );
        // After the first reset it stays in its factory state: the light's own signal, or canaries, or nothing can tell of the next one.
        let later = claims.iter().filter(|claim| **claim < level).count();
        assert_eq!(later >= 3, plugged.light || plugged.console, "{plugged:?}: {claims:?}");
    }
}

/// One of the shipped cameras, and the ports of its position that read something.
struct Shipped {
    suite: &'static str,
    dut: &'static str,
    rig: &'static str,
    world: &'static str,
    adapters: [&'static str; 2],
    ports: &'static [&'static str],
}

const FIVE: [&str; 2] = ["oem-5v1a", "long-cable"];
const TWELVE: [&str; 2] = ["oem-12v1a", "pigtail-20m"];

const SHIPPED: [Shipped; 6] = [
    Shipped { suite: QUICK, dut: DUT, rig: RIG, world: WORLD, adapters: FIVE, ports: &["light", "plug", "console"] },
    Shipped {
        suite: "suites/ptz.toml",
        dut: "duts/ptz-5v.toml",
        rig: "rigs/twin-ptz.toml",
        world: "worlds/ptz-5v.toml",
        adapters: FIVE,
        ports: &["light", "plug", "console", "sound"],
    },
    Shipped {
        suite: "suites/dome.toml",
        dut: "duts/dome-12v.toml",
        rig: "rigs/twin-dome.toml",
        world: "worlds/dome-12v.toml",
        adapters: TWELVE,
        ports: &["light", "plug", "console"],
    },
    Shipped {
        suite: "suites/bullet.toml",
        dut: "duts/bullet-12v.toml",
        rig: "rigs/twin-bullet.toml",
        world: "worlds/bullet-12v.toml",
        adapters: TWELVE,
        ports: &["light", "plug", "force", "probe"],
    },
    Shipped {
        suite: "suites/hold-then-power.toml",
        dut: "duts/hold-then-power-12v.toml",
        rig: "rigs/twin-hold-then-power.toml",
        world: "worlds/hold-then-power-12v.toml",
        adapters: TWELVE,
        ports: &["plug", "console", "probe"],
    },
    Shipped {
        suite: "suites/on-release.toml",
        dut: "duts/on-release-12v.toml",
        rig: "rigs/twin-on-release.toml",
        world: "worlds/on-release-12v.toml",
        adapters: TWELVE,
        ports: &["light", "plug", "console"],
    },
];

/// What becomes of a port.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    /// It is not in the rig.
    Absent,
    /// It is there and delivers what a dead sensor does. What cannot be played so (a meter, a load cell) is left whole.
    Dead,
}

impl Shipped {
    /// Few trials with short waits and a camera that boots fast.
    fn brisk(&self) -> Files {
        let mut files = Files::new();
        files.set(self.dut, "press.write_window_s", 15.0).set(self.dut, "ready.min_wait_s", 14.0);
        files.set(self.dut, "ready.timeout_s", 70.0).set(self.dut, "supply.drain_s", 5.0);
        files.set(self.dut, "watch.quiet_s", 15.0).set(self.dut, "watch.recovery_s", 70.0);
        if self.ports.contains(&"light") {
            files.set(self.dut, "ready.light_stable_s", 4.0);
        }
        for (stage, span_s) in [("bootloader_s", 1.5), ("kernel_s", 1.0), ("userland_s", 2.0), ("application_s", 5.0)] {
            files.set(self.world, &format!("camera.boot.{stage}"), span_s);
        }
        files.set(self.world, "camera.flash.erase_s", 4.0);
        files.set(self.suite, "factors.adapter", toml_edit::Array::from_iter(self.adapters));
        files.set(self.suite, "factors.hold_s", toml_edit::Array::from_iter([3, 20]));
        files.set(self.suite, "design.replicates", 1).set(self.suite, "design.shams_per_adapter", 1);
        files.set(self.suite, "traces", "none");
        files
    }

    fn cut(&self, files: &mut Files, ports: &[&str], how: Cut) {
        for port in ports {
            match (how, *port) {
                (Cut::Absent, port) => {
                    files.remove(self.rig, &format!("positions.0.{port}"));
                }
                (Cut::Dead, "light") => {
                    files.remove(self.world, "camera.light").set(self.world, "camera.light", toml_edit::InlineTable::new());
                }
                (Cut::Dead, "console") => {
                    files.set(self.world, "camera.console.speaks", "nothing");
                }
                (Cut::Dead, "probe") => {
                    files.set(self.world, "faults.probe_silent", 1.0);
                }
                (Cut::Dead, _) => {}
            }
        }
        // What a person does who knows it: readiness by time alone, and no provisioning that cannot be done.
        if how == Cut::Absent && ports.contains(&"light") {
            files.remove(self.dut, "ready.light_stable_s");
        }
        if how == Cut::Absent && ports.contains(&"console") {
            files.set(self.dut, "ready.marker", false);
        }
    }

    /// Nothing sets the camera up, so that a run goes on whatever is missing.
    fn unprovisioned(&self, files: &mut Files) {
        files.set(self.dut, "provision.via", "none").remove(self.dut, "provision.exchanges");
        files.set(self.world, "camera.starts_as", "configured");
    }

    /// Runs it; how many resets were claimed, each of which must have happened. `None`: it was refused before anything was energised.
    fn claims(&self, files: &Files, by_signal: bool, what: &str) -> Option<usize> {
        let bench = Bench::new(files.load(self.suite).ok()?);
        let session = bench.begin();
        session.end.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        let (mut open, mut level, mut claims) = (None, None, 0);
        for (_, _, event) in bench.events() {
            match event {
                Event::TrialStarted(trial) => open = Some((trial.slot.id, trial.attempt)),
                Event::Diagnosed(diagnosis) => level = Some(diagnosis.level),
                Event::TrialFinished(end) if end.outcome == Outcome::Judged(Verdict::FactoryReset) => {
                    let ((slot, attempt), level) = (open.unwrap(), level.unwrap());
                    let happened = session.truth.trial(slot, attempt).unwrap();
                    assert!(was_wiped(&happened, level, by_signal), "{what}: slot {slot} at {level:?}: {happened:#?}");
                    claims += 1;
                }
                _ => {}
            }
        }
        Some(claims)
    }
}

#[test]
fn with_every_sensor_unplugged_no_camera_is_said_to_be_reset() {
    for shipped in &SHIPPED {
        for (how, set_up) in [(Cut::Absent, true), (Cut::Absent, false), (Cut::Dead, true), (Cut::Dead, false)] {
            let mut files = shipped.brisk();
            shipped.cut(&mut files, shipped.ports, how);
            if !set_up {
                shipped.unprovisioned(&mut files);
            }
            let what = format!("{} {how:?} {set_up}", shipped.dut);
            let claims = shipped.claims(&files, !set_up, &what);
            assert!(claims.is_some() || (how, set_up) == (Cut::Absent, true), "{what} was refused");
            assert_eq!(claims.unwrap_or(0), 0, "{what}");
        }
    }
}

#[test]
fn with_one_sensor_unplugged_no_claim_is_made_against_the_truth() {
    for shipped in &SHIPPED {
        let whole = shipped.claims(&shipped.brisk(), false, shipped.dut);
        assert!(whole.is_some_and(|claims| claims > 0), "{}: {whole:?} claims with every sensor", shipped.dut);
        for port in shipped.ports {
            for (how, set_up) in [(Cut::Absent, true), (Cut::Absent, false), (Cut::Dead, true)] {
                let mut files = shipped.brisk();
                shipped.cut(&mut files, &[port], how);
                if !set_up {
                    shipped.unprovisioned(&mut files);
                }
                shipped.claims(&files, !set_up, &format!("{} without {port}, {how:?} {set_up}", shipped.dut));
            }
        }
    }
}
