//! `pinhole verify`.

use super::args::Verify;
use super::trouble::Trouble;
use crate::domain::run_state::Phase;
use crate::journal::{DiskStorage, JOURNAL};
use std::fmt::Write;

/// Exit code: something was changed.
const CHANGED: u8 = 1;

/// Checks the chain of a run and names the first bad line.
pub fn verify(args: &Verify) -> Result<u8, Trouble> {
    let found = crate::journal::verify(DiskStorage, &args.dir).map_err(Trouble::refused)?;
    if found.state.next_seq == 0 && found.findings.is_empty() {
        let path = args.dir.join(JOURNAL);
        let why =
            anyhow::anyhow!("{} holds no whole line: it is no journal, or nothing was written before a crash", path.display());
        return Err(Trouble::refused(why));
    }
    let mut text = String::new();
    for finding in &found.findings {
        let _ = writeln!(text, "{}: {finding}", args.dir.join(JOURNAL).display());
    }
    if let Some(torn) = found.torn {
        let what = if found.finished() { "changed" } else { "the mark of a crash: resume sets it aside" };
        let _ = writeln!(text, "{}: the last {} bytes are no whole line: {what}", args.dir.join(JOURNAL).display(), torn.bytes);
    }
    let changed = !found.findings.is_empty() || (found.torn.is_some() && found.finished());
    let lines = found.state.next_seq;
    let traces = found.traces;
    let head = found.head;
    let phase = match found.state.phase {
        Phase::Finished(reason) => format!("finished ({})", reason.name()),
        Phase::Empty => "empty".to_owned(),
        Phase::Opened | Phase::Running | Phase::Paused => "not finished".to_owned(),
    };
    let verdict = if changed { "CHANGED" } else { "unchanged" };
    let _ = writeln!(text, "{verdict}: {lines} lines, {traces} traces, run {phase}, head {head}");
    if let Some(said) = found.summary_lines.filter(|said| *said < lines) {
        let _ = writeln!(text, "summary.json speaks of the first {said} lines; `pinhole report` makes it again");
    }
    super::out(&text);
    Ok(if changed { CHANGED } else { 0 })
}
