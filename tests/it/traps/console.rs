//! Traps of consoles. The canaries are read over the same line.

use super::*;

fn console(changes: &[(&str, toml_edit::Value)]) -> Files {
    let mut files = files();
    for (key, value) in changes {
        files.set(WORLD, &format!("camera.console.{key}"), value.clone());
    }
    files
}

fn reads_on(changes: &[(&str, toml_edit::Value)]) {
    let all = fools_nobody(&console(changes), TrialTruth::was_reset);
    assert_eq!(count(&all, Verdict::FactoryReset), 2, "{changes:?}");
}

#[test]
fn kernel_text_spliced_into_lines_fools_nobody() {
    reads_on(&[("splices", 0.3.into())]);
}

#[test]
fn every_kind_of_line_end_and_colours_fool_nobody() {
    for newline in ["lf", "cr", "cr_lf"] {
        reads_on(&[("newline", newline.into()), ("ansi", true.into())]);
    }
}

#[test]
fn nul_bytes_other_controls_and_backspaces_fool_nobody() {
    reads_on(&[("controls", 0.3.into()), ("backspaces", 0.1.into())]);
}

#[test]
fn long_lines_fool_nobody() {
    reads_on(&[("long_lines", 0.3.into())]);
}

#[test]
fn garbage_and_lost_bytes_never_make_a_reset() {
    for changes in [[("garbage", 0.3.into())], [("drops", 0.01.into())]] {
        let all = told(&console(&changes));
        assert!(all.iter().filter(|told| told.is(Verdict::FactoryReset)).all(|told| told.truth.was_reset()), "{changes:?}");
    }
}

/// With a light and a network, and without a console that says anything.
fn mute(key: &str, value: impl Into<toml_edit::Value>) -> Vec<Told> {
    let mut files = files();
    plug_in(&mut files, "probe");
    files.set(DUT, "factory.network", true).set(DUT, "ready.marker", false);
    files.set(DUT, "provision.via", "probe").remove(DUT, "provision.exchanges").remove(DUT, "canaries");
    files.set(WORLD, &format!("camera.console.{key}"), value);
    told(&files)
}

#[test]
fn a_console_that_speaks_no_linux_or_at_another_rate_costs_no_verdict() {
    for all in [mute("speaks", "bootloader"), mute("speaks", "nothing"), mute("bench_baud", 9600)] {
        assert!(all.iter().all(|told| !told.is(Verdict::FactoryReset) || told.truth.was_reset()));
        assert!(
            all.iter().all(|told| !told.is(Verdict::NotReady) && !told.is(Verdict::Dead)),
            "an empty console is no failed boot"
        );
    }
}
