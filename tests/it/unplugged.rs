//! Sensors unplugged in turn and together: no reset is claimed beyond what the remaining signs allow, and none where nothing can be seen.

use super::support::bench::Bench;
use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use super::support::watcher::{Watcher, check_journal};
use pinhole::domain::event::{Event, FinishReason};
use pinhole::domain::verdict::{Level, Verdict};

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
