//! Tells others when a run has finished, faulted, or stands still: a command, and a web address. What cannot be delivered waits in the state
//! folder, and goes out with the next that happens.

use super::settings::{Hooks, settings};
use super::trouble::{RIG, STOPPED};
use crate::files::Bundle;
use crate::report::terminal::{Look, table};
use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// Where messages wait.
const QUEUE: &str = "hooks";
/// How long a web address may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a command may take, in turns of [`TURN`]: a minute.
const TURNS: u32 = 1200;
const TURN: Duration = Duration::from_millis(50);
/// Messages that wait at most; the oldest go first.
const MOST: usize = 1000;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// `finished`, `faulted` or `stalled`.
    pub event: String,
    /// The run's directory.
    pub dir: PathBuf,
    /// In plain text.
    pub summary: String,
}

impl Happened {
    /// A run has finished.
    pub fn finished(dir: &Path, summary: &str) -> Self {
        Self { event: "finished".to_owned(), dir: dir.to_owned(), summary: summary.to_owned() }
    }

    /// A run broke off.
    pub fn faulted(dir: &Path, summary: &str) -> Self {
        Self { event: "faulted".to_owned(), ..Self::finished(dir, summary) }
    }

    /// A run stands still.
    pub fn stalled(dir: &Path, summary: &str) -> Self {
        Self { event: "stalled".to_owned(), ..Self::finished(dir, summary) }
    }
}

/// Tells it, after all that waits. A hook that fails never fails a run: it is said on standard error, and the message waits.
pub fn tell(state: &Path, happened: &Happened) {
    if let Err(error) = try_tell(state, happened) {
        eprintln!("warning: a hook was not told: {error:#}");
    }
}

/// After the sessions of a suite: enters them in the history, where the bench is a real one, and tells how they ended.
pub fn after(bundle: &Bundle, dirs: &[PathBuf], state: &Path, code: Option<u8>) {
    // A simulated run says nothing of the station.
    if bundle.rig.value.positions.iter().any(|position| position.world.is_none()) {
        dirs.iter().for_each(|dir| super::history::enter(state, dir));
    }
    let hooks = settings(state).map(|settings| settings.hooks);
    if hooks.is_ok_and(|hooks| hooks == Hooks::default()) {
        return;
    }
    let name = &bundle.suite.value.name;
    for dir in dirs {
        let table = super::outputs::analyse(std::slice::from_ref(dir))
            .map_or_else(|error| format!("{error:#}"), |analysis| table(&analysis, None, Look::PLAIN));
        let text = format!("{name} in {}: {}\n{table}", dir.display(), meaning(code));
        let happened =
            if matches!(code, None | Some(RIG)) { Happened::faulted(dir, &text) } else { Happened::finished(dir, &text) };
        tell(state, &happened);
    }
}

/// An exit code in words.
fn meaning(code: Option<u8>) -> &'static str {
    match code {
        Some(0) => "done, every limit met",
        Some(1) => "a limit not met, a unit dead, or a sham that reset",
        Some(4) => "complete, something undecided",
        Some(STOPPED) => "stopped by the operator, resumable",
        _ => "the rig faulted, or the run is incomplete",
    }
}

fn try_tell(state: &Path, happened: &Happened) -> Result<()> {
    let hooks = settings(state)?.hooks;
    let mut failed = Vec::new();
    if !hooks.command.is_empty() {
        failed.extend(run_command(&hooks.command, happened).err());
    }
    if let Some(address) = &hooks.webhook {
        enqueue(state, happened)?;
        failed.extend(deliver(state, address).err());
    }
    failed.into_iter().next().map_or(Ok(()), Err)
}

fn run_command(command: &[String], happened: &Happened) -> Result<()> {
    let (program, arguments) = command.split_first().context("hooks.command is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("PINHOLE_EVENT", &happened.event)
        .env("PINHOLE_DIR", &happened.dir)
        .stdin(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {program}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input has its reasons.
        let _ = writeln!(stdin, "{}", happened.summary);
    }
    let status = ended(&mut child, program)?;
    if status.success() { Ok(()) } else { Err(anyhow!("{program} ended with {status}")) }
}

/// How the command ended. One that does not end is ended, so that no run waits for it for ever.
#[expect(clippy::disallowed_methods, reason = "the edge: a program of the user's own is waited for")]
fn ended(child: &mut Child, program: &str) -> Result<ExitStatus> {
    for _ in 0..TURNS {
        if let Some(status) = child.try_wait().with_context(|| format!("waiting for {program}"))? {
            return Ok(status);
        }
        std::thread::sleep(TURN);
    }
    let _ = child.kill().and_then(|()| child.wait());
    Err(anyhow!("{program} did not end within a minute, and was ended"))
}

fn enqueue(state: &Path, happened: &Happened) -> Result<()> {
    let folder = state.join(QUEUE);
    std::fs::create_dir_all(&folder).with_context(|| format!("making the folder {}", folder.display()))?;
    // Names of this kind sort by time.
    let name = format!("{}.json", uuid::Uuid::now_v7());
    super::outputs::save(&folder, &name, [serde_json::to_vec(happened).context("writing a message")?])
}

/// Sends what waits, the oldest first, until one fails.
fn deliver(state: &Path, address: &str) -> Result<()> {
    let waiting = waiting(state)?;
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
    for (index, path) in waiting.iter().enumerate() {
        let text = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let sent = match serde_json::from_slice::<Happened>(&text) {
            // What is no message can never be delivered.
            Err(_) => Ok(()),
            Ok(happened) => send(&agent, address, &happened),
        };
        if let Err(error) = sent {
            return Err(error.context(format!("{} messages wait for {address}", waiting.len() - index)));
        }
        std::fs::remove_file(path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

fn send(agent: &ureq::Agent, address: &str, happened: &Happened) -> Result<()> {
    let request =
        agent.post(address).header("Content-Type", "text/plain; charset=utf-8").header("X-Pinhole-Event", &happened.event);
    request.send(happened.summary.as_bytes()).map(drop).context("sending a message")
}

/// The messages that wait, the oldest first; more than are kept are dropped.
fn waiting(state: &Path) -> Result<Vec<PathBuf>> {
    let folder = state.join(QUEUE);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let surplus = paths.len().saturating_sub(MOST);
    for path in paths.drain(..surplus) {
        std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::super::settings::SETTINGS;
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    fn state(webhook: &str) -> tempfile::TempDir {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join(SETTINGS), format!("[hooks]\nwebhook = \"{webhook}\"\n")).unwrap();
        state
    }

    fn happened(summary: &str) -> Happened {
        Happened::finished(Path::new("reports/one"), summary)
    }

    /// Takes so many posts and gives their text.
    fn take(listener: TcpListener, posts: usize) -> std::thread::JoinHandle<Vec<String>> {
        std::thread::spawn(move || {
            let mut texts = Vec::new();
            for _ in 0..posts {
                let (mut stream, _) = listener.accept().unwrap();
                let mut text = Vec::new();
                let mut piece = [0; 4096];
                while !String::from_utf8_lossy(&text).contains("END") {
                    let read = stream.read(&mut piece).unwrap();
                    text.extend_from_slice(&piece[..read]);
                }
                stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
                texts.push(String::from_utf8(text).unwrap());
            }
            texts
        })
    }

    #[test]
    fn what_was_not_delivered_goes_out_with_the_next_and_in_order() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/bench", listener.local_addr().unwrap());
        let state = state("http://127.0.0.1:1/nobody");
        assert!(try_tell(state.path(), &happened("first END")).is_err());
        assert_eq!(waiting(state.path()).unwrap().len(), 1);
        std::fs::write(state.path().join(SETTINGS), format!("[hooks]\nwebhook = \"{address}\"\n")).unwrap();
        let taken = take(listener, 2);
        try_tell(state.path(), &happened("second END")).unwrap();
        let texts = taken.join().unwrap();
        assert!(texts[0].contains("first") && texts[1].contains("second"), "{texts:?}");
        assert!(texts[0].contains("text/plain") && texts[0].to_lowercase().contains("x-pinhole-event: finished"), "{texts:?}");
        assert!(waiting(state.path()).unwrap().is_empty());
    }

    #[test]
    fn a_command_gets_the_summary_and_what_happened() {
        let state = tempfile::tempdir().unwrap();
        let out = state.path().join("out");
        let script = format!("(echo $PINHOLE_EVENT $PINHOLE_DIR; cat) > {}", out.display());
        let command = format!("[hooks]\ncommand = [\"sh\", \"-c\", \"{script}\"]\n");
        std::fs::write(state.path().join(SETTINGS), command).unwrap();
        try_tell(state.path(), &Happened::stalled(Path::new("reports/one"), "no progress")).unwrap();
        assert_eq!(std::fs::read_to_string(out).unwrap(), "stalled reports/one\nno progress\n");
    }

    #[test]
    fn without_settings_nobody_is_told() {
        let state = tempfile::tempdir().unwrap();
        try_tell(state.path(), &happened("x")).unwrap();
        assert!(waiting(state.path()).unwrap().is_empty());
    }
}
