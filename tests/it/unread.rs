//! A reader of standard output who never reads holds no run up, and the program ends all the same.

use super::support::files::{Files, QUICK};
use super::support::program::file;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Longer than the program may take on a busy machine: the run itself, and the seconds for which it waits for its reader.
const PATIENCE: Duration = Duration::from_secs(180);

fn files() -> Files {
    let mut files = Files::brisk();
    files.set(QUICK, "factors.adapter", toml_edit::Array::from_iter(["oem-5v1a"]));
    files.set(QUICK, "factors.hold_s", toml_edit::Array::from_iter([20]));
    files.set(QUICK, "design.replicates", 1).set(QUICK, "design.shams_per_adapter", 0).set(QUICK, "traces", "none");
    files
}

/// A pipe that takes nothing any more.
fn full() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let flags = fcntl_getfl(&writer).unwrap();
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
    while writer.write(&[b'x'; 4096]).is_ok() {}
    while writer.write(b"x").is_ok() {}
    fcntl_setfl(&writer, flags).unwrap();
    (reader, writer)
}

/// Runs the suite before this reader, and gives the exit code and what was said on standard error.
fn run(dir: &Path, out: &Path, progress: &str, writer: PipeWriter) -> (Option<i32>, String) {
    files().write(&dir.join("files"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_pinhole"))
        .args(["--state", dir.join("state").to_str().unwrap()])
        .args(["run", dir.join("files").join(QUICK).to_str().unwrap(), "--out", out.to_str().unwrap(), "--progress", progress])
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut err = child.stderr.take().unwrap();
    let (send, ended) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        err.read_to_string(&mut text).unwrap();
        // Whoever waited may have given up.
        let _ = send.send(text);
    });
    let said = ended.recv_timeout(PATIENCE);
    if said.is_err() {
        child.kill().unwrap();
    }
    let code = child.wait().unwrap().code();
    (code, said.expect("the program waits for ever for a reader who never reads"))
}

#[test]
fn a_reader_who_never_reads_holds_no_run_up() {
    for progress in ["json", "plain"] {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("run");
        let (reader, writer) = full();
        let (code, said) = run(temp.path(), &out, progress, writer);
        assert!(matches!(code, Some(0 | 1 | 4)), "{progress}: {code:?}: {said}");
        assert!(file(&out, "journal.jsonl").contains(r#""reason":"complete""#), "{progress}");
        assert!(out.join("report.html").is_file(), "{progress}");
        assert!(said.contains("lines were not printed, since nobody read them in time"), "{progress}: {said}");
        assert_eq!(said.contains("a gap in `seq`"), progress == "json", "{said}");
        drop(reader);
    }
}

#[test]
fn whoever_reads_slowly_gets_every_line_of_the_journal() {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("run");
    let (mut reader, writer) = std::io::pipe().unwrap();
    let reading = std::thread::spawn(move || {
        let (mut text, mut piece) = (Vec::new(), [0; 100]);
        while let Ok(length @ 1..) = reader.read(&mut piece) {
            text.extend_from_slice(&piece[..length]);
        }
        text
    });
    let (_, said) = run(temp.path(), &out, "json", writer);
    assert!(said.is_empty(), "{said}");
    assert_eq!(String::from_utf8(reading.join().unwrap()).unwrap(), file(&out, "journal.jsonl"));
}
