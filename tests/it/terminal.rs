//! The terminal while a run goes on: keys, modes, streams.

use super::support::files::{DUT, Files, QUICK, RIG, WORLD};
use super::support::program::{call, file};
use super::support::pty::{At, Session};
use rustix::process::Signal;
use rustix::termios::{LocalModes, SpecialCodeIndex, Termios};
use std::path::{Path, PathBuf};

/// A run that does not end by itself while a test looks at it.
fn long(dir: &Path) -> Vec<String> {
    let mut files = Files::brisk();
    files.set(QUICK, "traces", "none");
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    let args = ["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap(), "--set", "design.replicates=5000"];
    args.map(str::to_owned).to_vec()
}

fn journal(dir: &Path) -> String {
    file(&dir.join("run"), "journal.jsonl")
}

fn same(one: &Termios, other: &Termios) -> bool {
    let code = |mode: &Termios, which| mode.special_codes[which];
    let codes = [SpecialCodeIndex::VSUSP, SpecialCodeIndex::VQUIT, SpecialCodeIndex::VMIN, SpecialCodeIndex::VINTR];
    one.local_modes == other.local_modes
        && one.input_modes == other.input_modes
        && codes.into_iter().all(|which| code(one, which) == code(other, which))
}

#[test]
fn keys_pause_go_on_and_stop_after_the_trial_and_the_terminal_gets_its_mode_back() {
    let temp = tempfile::tempdir().unwrap();
    let mut session = Session::start(&long(temp.path()), 80, "xterm", At::All);
    session.until("q stop safely");
    let mode = session.mode();
    assert!(!mode.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO) && mode.local_modes.contains(LocalModes::ISIG));
    assert_eq!(mode.special_codes[SpecialCodeIndex::VSUSP], 0);
    session.press(b'p');
    session.until("PAUSED  p go on");
    session.press(b'p');
    session.until("p pause");
    session.press(b's');
    let before = session.before.clone();
    let (code, after, text) = session.finish();
    assert_eq!(code, Some(130));
    assert!(same(&before, &after), "the terminal's mode was not restored");
    let journal = journal(temp.path());
    for kind in ["\"kind\":\"paused\"", "\"kind\":\"continued\"", "\"how\":\"after_trial\""] {
        assert!(journal.contains(kind), "{kind}");
    }
    assert!(!journal.contains("trial_abandoned"));
    assert!(text.contains("go on with: pinhole resume"), "{text}");
}

#[test]
fn q_stops_safely_however_often_it_is_pressed() {
    let temp = tempfile::tempdir().unwrap();
    let mut session = Session::start(&long(temp.path()), 80, "xterm", At::All);
    session.until("q stop safely");
    (0..5).for_each(|_| session.press(b'q'));
    let (code, _, _) = session.finish();
    assert_eq!(code, Some(130));
    let journal = journal(temp.path());
    assert!(journal.contains("\"how\":\"finish_safely\"") && !journal.contains("\"how\":\"now\""));
}

#[test]
fn signals_stop_safely_and_leave_the_terminal_as_it_was() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let temp = tempfile::tempdir().unwrap();
        let mut session = Session::start(&long(temp.path()), 80, "xterm", At::All);
        session.until("q stop safely");
        session.signal(signal);
        session.until("stopping: the button is let go");
        let before = session.before.clone();
        let (code, after, _) = session.finish();
        assert_eq!(code, Some(130), "{signal:?}");
        assert!(same(&before, &after), "{signal:?}");
        assert!(journal(temp.path()).contains("\"how\":\"finish_safely\""), "{signal:?}");
    }
}

#[test]
fn without_a_keyboard_there_are_no_keys_and_the_view_says_what_stops_the_run() {
    let temp = tempfile::tempdir().unwrap();
    let mut session = Session::start(&long(temp.path()), 80, "xterm", At::Output);
    session.until("Ctrl-C stops safely");
    session.press(b'q');
    session.until("Ctrl-C stops safely");
    assert!(!session.text.contains("p pause"));
    session.signal(Signal::INT);
    assert_eq!(session.finish().0, Some(130));
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_plain_lines() {
    let temp = tempfile::tempdir().unwrap();
    let mut args = long(temp.path());
    args.extend(["--set", "design.replicates=1"].map(str::to_owned));
    let (code, _, text) = Session::start(&args, 80, "dumb", At::All).finish();
    assert!(matches!(code, Some(0 | 4)), "{code:?}");
    assert!(!text.contains('\x1b') && text.contains("slot 0: "), "{text}");
}

/// A run that asks whoever sits at the terminal to set the camera up.
fn asking(dir: &Path) -> Vec<String> {
    let mut files = Files::brisk();
    files.set(QUICK, "traces", "none").set(WORLD, "person", "terminal");
    files.set(DUT, "provision.via", "operator").remove(DUT, "provision.exchanges");
    files.set(DUT, "provision.instruction", "Set the camera up with the app.");
    files.write(&dir.join("files"));
    let (suite, out) = (dir.join("files").join(QUICK), dir.join("run"));
    ["run", suite.to_str().unwrap(), "--out", out.to_str().unwrap()].map(str::to_owned).to_vec()
}

#[test]
fn a_question_waits_for_its_key_and_rings() {
    let temp = tempfile::tempdir().unwrap();
    let mut session = Session::start(&asking(temp.path()), 100, "xterm", At::All);
    session.until("Set the camera up with the app. Press 1 done");
    session.until("\x07");
    assert!(!journal(temp.path()).contains("\"kind\":\"answered\""));
    session.press(b'2');
    session.press(b'1');
    // The next camera to be set up is that of a later trial.
    session.until("\x07");
    assert!(journal(temp.path()).contains("\"question\":0,\"answer\":\"done\""));
    session.press(b'q');
    let (code, _, _) = session.finish();
    assert_eq!(code, Some(130));
}

#[test]
fn where_there_are_no_keys_a_line_answers() {
    let temp = tempfile::tempdir().unwrap();
    let mut session = Session::start(&asking(temp.path()), 100, "dumb", At::All);
    session.until("question 0: Set the camera up with the app.");
    "perhaps\n".bytes().for_each(|key| session.press(key));
    session.until("that is no answer to question 0: done");
    "Done\n".bytes().for_each(|key| session.press(key));
    session.until("question 1:");
    session.signal(Signal::INT);
    let (code, _, _) = session.finish();
    assert_eq!(code, Some(130));
    assert!(journal(temp.path()).contains("\"question\":0,\"answer\":\"done\""));
}

#[test]
fn what_is_piped_has_no_escape_sequence_unless_it_is_asked_for() {
    let temp = tempfile::tempdir().unwrap();
    let mut args = long(temp.path());
    args.extend(["--set", "design.replicates=1"].map(str::to_owned));
    let output = |out: &str, force: bool| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pinhole"));
        let mut args = args.clone();
        args[3] = temp.path().join(out).to_str().unwrap().to_owned();
        command.args(args).env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        if force {
            command.env("CLICOLOR_FORCE", "1");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = output("one", false);
    assert!(!plain.contains('\x1b') && !plain.contains('\r') && plain.contains("slot 0: "), "{plain}");
    assert!(output("two", true).contains("\x1b[1"));
}

/// A short run that prints every line of its journal.
fn streamed(dir: &Path, more: &[&str]) -> Vec<String> {
    let mut args = long(dir);
    args.extend(["--set", "design.replicates=1", "--json"].into_iter().chain(more.iter().copied()).map(str::to_owned));
    let done = call(&args);
    assert!(matches!(done.code, Some(0 | 4)), "{:?} {}", done.code, done.err);
    done.out.lines().map(str::to_owned).collect()
}

#[test]
fn the_stream_is_the_journal_line_by_line() {
    let temp = tempfile::tempdir().unwrap();
    let lines = streamed(temp.path(), &["--set", "traces=all"]);
    let journal = journal(temp.path());
    assert!(journal.contains("\"kind\":\"attached\""));
    assert_eq!(lines, journal.lines().collect::<Vec<_>>());
}

#[test]
fn the_stream_of_a_resumed_run_is_what_the_journal_gained() {
    let temp = tempfile::tempdir().unwrap();
    streamed(temp.path(), &[]);
    let path = temp.path().join("run/journal.jsonl");
    let whole = journal(temp.path());
    // The crash came in the middle of a line.
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
    let before = whole[..whole.len() * 2 / 3].lines().count() - 1;
    let done = call(&["resume", temp.path().join("run").to_str().unwrap(), "--json"]);
    assert!(matches!(done.code, Some(0 | 4)), "{:?} {}", done.code, done.err);
    let after = journal(temp.path());
    assert!(done.out.contains("\"set_aside_bytes\":"));
    assert_eq!(done.out.lines().collect::<Vec<_>>(), after.lines().skip(before).collect::<Vec<_>>());
}

#[test]
fn each_line_of_a_shared_stream_names_its_position() {
    let temp = tempfile::tempdir().unwrap();
    let mut files = Files::brisk();
    let rig = files.text(RIG);
    let (head, position) = rig.split_once("[[positions]]").unwrap();
    let second = position.replace("name = \"p1\"", "name = \"p2\"");
    files.put("rigs/two.toml", format!("{head}[[positions]]{position}\n[[positions]]{second}"));
    files.write(&temp.path().join("files"));
    let path = |name: &str| -> String { temp.path().join(name).to_str().unwrap().to_owned() };
    let args = [
        "run".to_owned(),
        path(&format!("files/{QUICK}")),
        "--out".to_owned(),
        path("run"),
        "--rig".to_owned(),
        path("files/rigs/two.toml"),
        "--dut-serial".to_owned(),
        "p1=AMC0000001A5".to_owned(),
        "--dut-serial".to_owned(),
        "p2=AMC0000001A6".to_owned(),
        "--set".to_owned(),
        "design.replicates=1".to_owned(),
        "--json".to_owned(),
    ];
    let done = call(&args);
    assert!(matches!(done.code, Some(0 | 4)), "{:?} {}", done.code, done.err);
    for name in ["p1", "p2"] {
        let label = format!("{{\"position\":\"{name}\",");
        let own: Vec<String> =
            done.out.lines().filter_map(|line| line.strip_prefix(&label)).map(|rest| format!("{{{rest}")).collect();
        let journal = file(&PathBuf::from(path("run")).join(name), "journal.jsonl");
        assert_eq!(own, journal.lines().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_quiet_run_prints_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let mut args = long(temp.path());
    args.extend(["--set", "design.replicates=1", "--progress", "quiet"].map(str::to_owned));
    let done = call(&args);
    assert_eq!((done.out.as_str(), done.err.as_str()), ("", ""));
    assert!(temp.path().join("run/report.html").exists());
}
