//! `pinhole verify`.

use super::args::Verify;
use super::trouble::Trouble;
use crate::domain::run_state::Phase;
use crate::journal::{DiskStorage, Finding, Integrity, JOURNAL};
use std::fmt::Write;
use std::path::Path;

/// Exit code: something was changed.
const CHANGED: u8 = 1;

/// Checks the chain of a run, its inputs and its traces; names the first bad line, and what nothing vouches for.
pub fn verify(args: &Verify) -> Result<u8, Trouble> {
    let found = crate::journal::verify(DiskStorage, &args.dir).map_err(Trouble::refused)?;
    if found.state.next_seq == 0 && found.findings.is_empty() {
        let path = args.dir.join(JOURNAL);
        let why =
            anyhow::anyhow!("{} holds no whole line: it is no journal, or nothing was written before a crash", path.display());
        return Err(Trouble::refused(why));
    }
    super::out(&text(&found, &args.dir));
    Ok(if changed(&found) { CHANGED } else { 0 })
}

fn changed(found: &Integrity) -> bool {
    !found.findings.is_empty() || (found.torn.is_some() && found.finished())
}

fn text(found: &Integrity, dir: &Path) -> String {
    let mut text = String::new();
    for finding in &found.findings {
        let _ = writeln!(text, "{}: {finding}", dir.join(finding.file()).display());
    }
    if let Some(torn) = found.torn {
        let what = if found.finished() { "changed" } else { "the mark of a crash: resume sets it aside" };
        let _ = writeln!(text, "{}: the last {} bytes are no whole line: {what}", dir.join(JOURNAL).display(), torn.bytes);
    }
    let phase = match found.state.phase {
        Phase::Finished(reason) => format!("finished ({})", reason.name()),
        Phase::Empty => "empty".to_owned(),
        Phase::Opened | Phase::Running | Phase::Paused => "not finished".to_owned(),
    };
    let verdict = if changed(found) { "CHANGED" } else { "unchanged" };
    let Integrity { traces, inputs, head, .. } = found;
    let lines = found.state.next_seq;
    let _ = writeln!(text, "{verdict}: {lines} lines, {traces} traces, {inputs} inputs, head {head}; run {phase}");
    for told in uncovered(found, dir) {
        let _ = writeln!(text, "not checked: {told}");
    }
    text
}

/// What nothing vouches for.
fn uncovered(found: &Integrity, dir: &Path) -> Vec<String> {
    let lines = found.state.next_seq;
    let again = format!("pinhole report {}", dir.display());
    let mut told = Vec::new();
    let bad =
        |finding: &Finding| matches!(finding, Finding::BadLine { .. } | Finding::HeadDiffers { .. } | Finding::Summary { .. });
    match found.summary_lines {
        Some(said) if said < lines => told.push(format!(
            "whether line {lines}, the last, is as it was written, and whether lines behind it are missing: summary.json speaks of \
             the first {said} lines; `{again}` makes it again"
        )),
        None if !found.findings.iter().any(bad) => told.push(format!(
            "whether line {lines}, the last, is as it was written, and whether lines behind it are missing: there is no summary.json \
             to hold them against"
        )),
        _ => {}
    }
    if !found.unchecked.is_empty() {
        told.push(format!("{} (reports are made again from the journal by `{again}`)", found.unchecked.join(", ")));
    }
    told
}
