//! `pinhole verify`.

use super::args::Verify;
use super::trouble::Trouble;
use crate::domain::run_state::Phase;
use crate::journal::{DiskStorage, Finding, Integrity, JOURNAL};
use std::fmt::Write;
use std::path::Path;

/// Exit code: something was changed.
const CHANGED: u8 = 1;
/// So many files of one folder are named.
const NAMED: usize = 3;

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
    let cut = found.findings.iter().any(|finding| matches!(finding, Finding::HeadDiffers { cut: true, .. }));
    if let Some(torn) = found.torn {
        let what = match (found.finished(), cut) {
            (true, _) => "changed",
            (false, true) => "cut off with the lines behind it",
            (false, false) => "the mark of a crash: resume sets it aside",
        };
        let bytes = if torn.bytes == 1 { "byte is" } else { "bytes are" };
        let _ = writeln!(text, "{}: the last {} {bytes} no whole line: {what}", dir.join(JOURNAL).display(), torn.bytes);
    }
    let phase = match found.state.phase {
        Phase::Finished(reason) => format!("run finished ({})", reason.name()),
        Phase::Empty => "run empty".to_owned(),
        _ if cut => "its end is among the missing lines".to_owned(),
        Phase::Opened | Phase::Running | Phase::Paused => "run not finished".to_owned(),
    };
    let verdict = if changed(found) { "CHANGED" } else { "unchanged" };
    let Integrity { traces, inputs, head, .. } = found;
    let lines = found.state.next_seq;
    let _ = writeln!(text, "{verdict}: {lines} lines, {traces} traces, {inputs} inputs, head {head}; {phase}");
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
            "whether line {lines}, the last, is as it was written, and whether lines behind it are missing: the summary speaks of \
             the first {said} lines; `{again}` makes it again"
        )),
        None if !found.findings.iter().any(bad) => told.push(format!(
            "whether line {lines}, the last, is as it was written, and whether lines behind it are missing: there is no summary.json and no \
             record.json to hold them against"
        )),
        _ => {}
    }
    if !found.unchecked.is_empty() {
        let names = counted(&found.unchecked).join(", ");
        told.push(format!("{names} (reports are made again from the journal by `{again}`)"));
    }
    told
}

/// The names, with more than a few files of one folder as their number: behind a bad line every trace is unknown.
fn counted(names: &[String]) -> Vec<String> {
    let folder = |name: &str| Some(name.split_once('/').filter(|(_, file)| !file.is_empty())?.0.to_owned());
    let alike = names.chunk_by(|one, next| folder(one).is_some() && folder(one) == folder(next));
    let told = alike.flat_map(|group| match folder(&group[0]) {
        Some(folder) if group.len() > NAMED => vec![format!("{} files of {folder}/", group.len())],
        _ => group.to_vec(),
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_of_a_folder_are_told_by_their_number() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let few = names(&["cells.csv", "inputs/index.json", "timelines/"]);
        assert_eq!(counted(&few), few);
        let many = names(&["cells.csv", "traces/a", "traces/b", "traces/c", "traces/d", "trials.csv"]);
        assert_eq!(counted(&many), ["cells.csv", "4 files of traces/", "trials.csv"]);
    }
}
