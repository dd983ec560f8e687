//! A camera that speaks a real capture as its boot text is judged as the one that speaks the twin's own: the profile knows nothing of it.
//! Where the capture itself says that the boot has failed for good, the camera is not ready, and is never pressed.

use super::support::bench::Bench;
use super::support::files::{Files, QUICK, WORLD};
use super::support::results::judged;
use super::support::watcher::{Watcher, check_journal};
use pinhole::domain::event::Event;
use pinhole::domain::ids::SlotId;
use pinhole::domain::observation::Observation;
use pinhole::domain::verdict::Verdict;
use pinhole::drivers::twin::Truth;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The captures, which are not part of this repository.
pub(super) fn captures() -> Vec<PathBuf> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|above| above.join("shared/console-logs"));
    let Some(folder) = folders.into_iter().find(|folder| folder.is_dir()) else {
        println!("skipped: there are no captures in ../shared/console-logs");
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut logs: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "log")).collect();
    logs.sort();
    logs
}

fn files(boot_text: Option<&Path>) -> Files {
    let mut files = Files::new();
    files.set(QUICK, "traces", "none");
    if let Some(path) = boot_text {
        files.set(WORLD, "camera.boot_text", path.to_str().unwrap());
    }
    files
}

/// Runs the quick suite; the verdict of each slot.
fn verdicts(boot_text: Option<&Path>) -> (BTreeMap<SlotId, Verdict>, Bench, Truth) {
    let bench = Bench::new(files(boot_text).bundle(QUICK));
    let session = bench.begin_before(|truth| Watcher::new(&bench, truth, &[]));
    session.end.unwrap();
    let verdicts = judged(&bench).into_iter().map(|(slot, judged)| (slot, judged.verdict)).collect();
    (verdicts, bench, session.truth)
}

/// Whether a person who reads the capture sees the boot fail: no kernel image, or a bootloader that waits at its prompt. This is not the
/// profile's rule.
fn fails(text: &str) -> bool {
    let prompt = |line: &str| {
        let word = line.trim().trim_end_matches('#').trim();
        line.trim().ends_with('#') && word.starts_with("isvp") && !word.contains(' ')
    };
    text.contains("can't get kernel image") || text.lines().any(prompt)
}

#[test]
fn a_real_capture_changes_no_verdict() {
    let (expected, _, _) = verdicts(None);
    assert_eq!(expected.len(), 20);
    let (mut healthy, mut failing) = (0, 0);
    for path in captures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let (found, bench, truth) = verdicts(Some(&path));
        if fails(&text) {
            failing += 1;
            assert!(found.values().all(|verdict| *verdict == Verdict::NotReady), "{name}: {found:?}");
            assert_eq!(found.len(), expected.len(), "{name}");
            assert!(truth.trials().iter().all(|trial| trial.presses.is_empty()), "{name}: it was pressed");
            gives_up_at_once(&bench, &name);
        } else {
            healthy += 1;
            assert_eq!(found, expected, "{name}");
            boots_are_counted(&bench, &truth, &name);
        }
    }
    println!("{healthy} healthy captures, {failing} failing ones");
}

/// A boot that has failed is not waited for until the timeout.
fn gives_up_at_once(bench: &Bench, name: &str) {
    let mut began = None;
    let mut waits = 0;
    for (_, at, event) in check_journal(bench) {
        match event {
            Event::StepStarted(started) if started.step.name() == "await_ready" => began = Some(at),
            Event::StepFinished(end) if end.step == "await_ready" => {
                let waited = at.since(began.unwrap());
                assert!(waited.get() < 60.0, "{name}: it was waited for {waited}");
                waits += 1;
            }
            _ => {}
        }
    }
    assert!(waits > 0, "{name}");
}

/// Each boot is counted once, however many banners it prints.
fn boots_are_counted(bench: &Bench, truth: &Truth, name: &str) {
    let truth: BTreeMap<SlotId, usize> = truth.trials().into_iter().map(|trial| (trial.slot, trial.boots.len())).collect();
    let mut boots = BTreeSet::new();
    let mut slot = None;
    for (_, _, event) in bench.events() {
        match event {
            Event::TrialStarted(started) => slot = Some(started.slot.id),
            Event::StepFinished(end) if end.step == "begin" => boots.clear(),
            Event::Observed(seen) => {
                if let Observation::Boot { boot, .. } = seen.observation {
                    boots.insert(boot);
                }
            }
            Event::Diagnosed(_) => assert_eq!(boots.len(), truth[&slot.unwrap()], "{name}: boots of slot {slot:?}"),
            _ => {}
        }
    }
}
