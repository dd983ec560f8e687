//! `pinhole rejudge`: the same profile changes no verdict, from traces and from observations; another one does; the run stays as it was.

use super::support::bench::{Bench, Line, dir};
use super::support::files::{DUT, Files, QUICK, fixtures};
use super::support::program::call;
use pinhole::cli::rejudge::traces::Traces;
use pinhole::cli::rejudge::{Rejudged, rejudge_run};
use pinhole::domain::event::Event;
use pinhole::domain::observation::{MarkerMeaning, Observation};
use pinhole::domain::profile::Profile;
use pinhole::domain::verdict::{Outcome, Verdict};
use pinhole::journal::TRACES;
use pinhole::report::csv;
use pinhole::report::rejudged::From;

/// A finished run of a suite that keeps traces so.
fn run(files: &mut Files, suite: &str, traces: &str) -> Bench {
    files.set(suite, "traces", traces);
    let bench = Bench::new(files.bundle(suite));
    bench.begin().end.unwrap();
    bench
}

fn again(bench: &Bench, profile: Option<Profile>) -> Rejudged {
    rejudge_run(bench.storage.clone(), &dir(), profile).unwrap()
}

fn nothing_changes(bench: &Bench, from: From, what: &str) {
    let found = again(bench, None);
    let changed: Vec<_> = found.trials.iter().filter(|trial| trial.changed()).collect();
    assert!(changed.is_empty(), "{what}: {changed:#?}");
    assert!(found.trials.iter().all(|trial| trial.from == from), "{what}: {:?}", found.trials[0]);
    let judged = bench.analysis().rows.iter().filter(|row| matches!(row.outcome, Outcome::Judged(_))).count();
    assert_eq!(found.trials.len(), judged, "{what}");
    assert_eq!(csv::cells(&found.analysis), csv::cells(&bench.analysis()), "{what}");
    assert_eq!(csv::trials(&found.analysis), csv::trials(&bench.analysis()), "{what}");
}

#[test]
fn the_same_profile_changes_no_verdict() {
    nothing_changes(&run(&mut Files::new(), QUICK, "all"), From::Traces, "traces");
    nothing_changes(&run(&mut Files::new(), QUICK, "none"), From::Observations, "observations");
}

#[test]
fn nor_does_it_for_cameras_of_other_kinds() {
    for suite in [
        "suites/hold-then-power.toml",
        "suites/on-release.toml",
        "suites/dome.toml",
        "suites/ptz.toml",
        "suites/bullet.toml",
        "suites/guide.toml",
    ] {
        for (traces, from) in [("all", From::Traces), ("none", From::Observations)] {
            let mut files = Files::new();
            files.set(suite, "design.replicates", 1).set(suite, "design.shams_per_adapter", 1);
            nothing_changes(&run(&mut files, suite, traces), from, suite);
        }
    }
}

const PTZ: &str = "suites/ptz.toml";
const PTZ_RIG: &str = "rigs/twin-ptz.toml";
const PTZ_WORLD: &str = "worlds/ptz-5v.toml";

/// A pan-tilt camera, with a force sensor under the tip beside its colour sensor and its microphone.
fn sensitive() -> Files {
    let mut files = Files::new();
    let mut driver = toml_edit::InlineTable::new();
    driver.insert("driver", "twin".into());
    files.set(PTZ_RIG, "positions.0.force", driver);
    files.set(PTZ, "design.replicates", 1).set(PTZ, "design.shams_per_adapter", 1);
    files.set(PTZ, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a", "long-cable"]));
    files.set(PTZ_WORLD, "camera.sound.acknowledged.hz", 2000).set(PTZ_WORLD, "camera.sound.acknowledged.repeats", 2);
    files.set(PTZ_WORLD, "camera.motor.boot_s", 8.0).set(PTZ_WORLD, "camera.motor.after_s", 5.0);
    files
}

/// The lines of each judged trial, up to the one that judged it.
fn trials(bench: &Bench) -> Vec<Vec<Line>> {
    let mut trials: Vec<Vec<Line>> = Vec::new();
    let mut open = Vec::new();
    for line in bench.events() {
        if matches!(line.2, Event::TrialStarted(_)) {
            open.clear();
        }
        let judged = matches!(line.2, Event::TrialFinished(_));
        open.push(line);
        if judged {
            trials.push(std::mem::take(&mut open));
        }
    }
    trials
}

#[test]
fn sound_colour_and_force_are_decoded_from_traces_as_they_were_live() {
    let mut files = sensitive();
    let bench = run(&mut files, PTZ, "all");
    nothing_changes(&bench, From::Traces, "traces");
    let (profile, position) = (&bench.bundle.profile.value, &bench.bundle.rig.value.positions[0]);
    let mut kinds = std::collections::BTreeSet::new();
    for lines in trials(&bench) {
        let judged = lines.iter().position(|(_, _, event)| matches!(event, Event::Diagnosed(_))).unwrap();
        let mut replay = Traces::of(&bench.storage, &dir(), &lines).unwrap().replay(profile, position).unwrap();
        let mut written: Vec<_> = Vec::new();
        let mut told: Vec<_> = Vec::new();
        for (_, at, event) in &lines[..=judged] {
            told.extend(replay.until(*at).into_iter().map(|(_, from, seen)| (from, seen)));
            match event {
                Event::Observed(seen)
                    if !matches!(seen.observation, Observation::Change { .. }) && replay.tells(&seen.observation) =>
                {
                    written.push((seen.at_us, seen.observation.clone()));
                }
                _ => {}
            }
        }
        kinds.extend(told.iter().map(|(_, seen)| kind(seen)));
        // What is beyond the allowance of a trial was told and not written down.
        let counted =
            lines.iter().any(|(_, _, event)| matches!(event, Event::TrialFinished(end) if end.observations_counted > 0));
        let mut rest = told.iter();
        for seen in &written {
            assert!(rest.any(|again| again == seen), "{seen:?} was not told again: {told:#?}");
        }
        assert!(counted || told.len() == written.len(), "told {told:#?}, written {written:#?}");
    }
    assert!(["light", "tone", "motor", "force", "current"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

fn kind(seen: &Observation) -> &'static str {
    match seen {
        Observation::Light(_) => "light",
        Observation::Tone { .. } => "tone",
        Observation::Motor { .. } => "motor",
        Observation::Force { .. } => "force",
        Observation::Current { .. } => "current",
        _ => "other",
    }
}

#[test]
fn a_camera_that_is_heard_and_felt_keeps_its_verdicts_from_observations_too() {
    nothing_changes(&run(&mut sensitive(), PTZ, "none"), From::Observations, "observations");
}

#[test]
fn another_profile_gives_other_verdicts_from_both() {
    for traces in ["all", "none"] {
        let bench = run(&mut Files::brisk(), QUICK, traces);
        let mut profile = bench.bundle.profile.value.clone();
        // A profile that takes the camera's word for the contrary of what it means.
        for marker in &mut profile.console.as_mut().unwrap().markers {
            marker.meaning = match marker.meaning {
                MarkerMeaning::Factory => MarkerMeaning::NotFactory,
                MarkerMeaning::NotFactory => MarkerMeaning::Factory,
                other => other,
            };
        }
        let found = again(&bench, Some(profile));
        let resets = found.trials.iter().filter(|trial| trial.old.0 == Verdict::FactoryReset);
        let (changed, all) = (resets.clone().filter(|trial| trial.new.0 != Verdict::FactoryReset).count(), resets.count());
        assert!(all > 0 && changed == all, "{traces}: {changed} of {all}");
        let rows = found.analysis.rows.iter().filter(|row| row.verdict() == Some(Verdict::FactoryReset)).count();
        assert_eq!(rows, 0, "the reports have the new verdicts");
    }
}

#[test]
fn a_trace_that_is_gone_or_changed_is_said_and_the_observations_count() {
    let bench = run(&mut Files::brisk(), QUICK, "all");
    let light = bench.events().into_iter().find_map(|(_, _, event)| match event {
        Event::Attached(attached) if attached.channel == "light" => Some(attached.file),
        _ => None,
    });
    let path = dir().join(TRACES).join(light.unwrap());
    let mut bytes = bench.storage.bytes(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    bench.storage.put(&path, &bytes);
    let found = again(&bench, None);
    let (first, rest) = found.trials.split_first().unwrap();
    assert!(first.from == From::Observations && first.note.as_ref().unwrap().contains("`light` was changed"), "{first:?}");
    assert!(rest.iter().all(|trial| trial.from == From::Traces) && !found.trials.iter().any(|trial| trial.changed()));
}

#[test]
fn the_run_itself_stays_as_it_was() {
    let temp = tempfile::tempdir().unwrap();
    let mut files = Files::brisk();
    files.set(QUICK, "traces", "flagged");
    files.write(&temp.path().join("files"));
    let (suite, out) = (temp.path().join("files").join(QUICK), temp.path().join("run"));
    call(&["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let listing = || {
        let entry = |entry: Result<std::fs::DirEntry, std::io::Error>| entry.unwrap().path();
        let mut files: Vec<_> = std::fs::read_dir(&out).unwrap().map(entry).filter(|path| path.is_file()).collect();
        files.sort();
        files.into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect::<Vec<_>>()
    };
    let before = listing();
    let dut = fixtures().join(DUT);
    for args in [vec!["rejudge", out.to_str().unwrap()], vec!["rejudge", out.to_str().unwrap(), "--dut", dut.to_str().unwrap()]] {
        let done = call(&args);
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert!(done.out.contains("verdicts changed: 0\n") && done.out.contains("no trace was kept"), "{}", done.out);
        assert!(before == listing());
    }
    for name in ["changed.csv", "judged.csv", "trials.csv", "cells.csv"] {
        assert!(out.join("rejudged").join(name).is_file(), "{name}");
    }
    assert_eq!(std::fs::read(out.join("rejudged/cells.csv")).unwrap(), std::fs::read(out.join("cells.csv")).unwrap());
    let other = fixtures().join("duts/bullet-12v.toml");
    let args = ["rejudge", out.to_str().unwrap(), "--dut", other.to_str().unwrap()];
    let refused = call(&args);
    assert_eq!(refused.code, Some(2), "{}", refused.out);
    assert!(
        ["is a run of the model", "inputs/duts", "--other-model"].iter().all(|word| refused.err.contains(word)),
        "{}",
        refused.err
    );
    assert!(call(&[&args[..], &["--other-model"]].concat()).err.is_empty());
    let missing = call(&["rejudge", "/no/such/run"]);
    assert_eq!(missing.code, Some(2), "{}", missing.err);
}
