//! `pinhole history`.

use super::args;
use super::outputs::{analyse, write};
use super::rma;
use super::trouble::Trouble;
use crate::history::{Entry, Filter, History, read_entry};
use crate::journal::JOURNAL;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// The index below the state folder.
const FILE: &str = "history.db";
/// Folders that are looked into for runs, below one that is named.
const DEPTH: usize = 6;

/// Lists runs and records, makes the index again, or opens a report.
pub fn history(args: &args::History, state: &Path) -> Result<u8, Trouble> {
    if !args.rebuild.is_empty() {
        return rebuild(&args.rebuild, state);
    }
    let history = open(state)?;
    if let Some(id) = &args.open {
        return reopen(&history, id, state);
    }
    let filter = Filter {
        serial: args.serial.clone(),
        model: args.model.clone(),
        adapter: args.adapter.clone(),
        verdict: args.verdict.clone(),
        since: args.since.map(|day| day.to_string()),
        limit: args.limit,
    };
    let found = history.find(&filter).map_err(anyhow::Error::new)?;
    let lines: Vec<String> = found.iter().map(|entry| line(entry, args.json)).collect::<Result<_>>()?;
    let text = if lines.is_empty() { "no run fits\n".to_owned() } else { lines.join("\n") + "\n" };
    super::out(if args.json && lines.is_empty() { "" } else { &text });
    Ok(0)
}

fn open(state: &Path) -> Result<History> {
    std::fs::create_dir_all(state).with_context(|| format!("making the folder {}", state.display()))?;
    Ok(History::open(&state.join(FILE))?)
}

/// The index, or a new one where what lies there is none: that is put aside.
fn open_or_begin(state: &Path) -> Result<History> {
    open(state).or_else(|error| {
        let path = state.join(FILE);
        let aside = path.with_extension("db.damaged");
        std::fs::rename(&path, &aside).map_err(|_| error)?;
        eprintln!("warning: {} was no index, and is now {}", path.display(), aside.display());
        open(state)
    })
}

fn line(entry: &Entry, json: bool) -> Result<String> {
    if json {
        return serde_json::to_string(entry).context("writing a line of the history");
    }
    let p = entry.probability.map_or(String::new(), |p| format!(" {p:.3}"));
    let Entry { time, serial, verdict, model, suite, dir, id, .. } = entry;
    let minute = time.get(..16).unwrap_or(time);
    Ok(format!("{minute}  {serial}  {verdict}{p}  {model}  {suite}  {dir}  {id}"))
}

/// Enters the run in `dir`. The index can be made again, so that a failure is a warning.
pub fn enter(state: &Path, dir: &Path) {
    let entered = || -> Result<()> {
        let dir = std::path::absolute(dir)?;
        let Some(entry) = read_entry(&dir)? else { return Ok(()) };
        open(state)?.enter([&entry])?;
        Ok(())
    };
    if let Err(error) = entered() {
        eprintln!("warning: {} is not in the history: {error:#}", dir.display());
    }
}

/// Id and verdict of the return with this id, or with an id that begins so.
pub fn find(state: &Path, id: &str) -> Result<Option<(String, String)>> {
    let entry = open(state)?.get(id)?;
    Ok(entry.filter(|entry| entry.kind == "return").map(|entry| (entry.id, entry.verdict)))
}

fn rebuild(folders: &[PathBuf], state: &Path) -> Result<u8, Trouble> {
    let mut dirs = Vec::new();
    for folder in folders {
        let folder = std::path::absolute(folder).with_context(|| format!("the path {}", folder.display()))?;
        look(&folder, DEPTH, &mut dirs);
    }
    dirs.sort();
    let (mut entries, mut unread) = (Vec::new(), 0);
    for dir in &dirs {
        match read_entry(dir) {
            Ok(entry) => entries.extend(entry),
            Err(error) => {
                eprintln!("warning: {}: {error}", dir.display());
                unread += 1;
            }
        }
    }
    open_or_begin(state)?.enter(&entries).map_err(anyhow::Error::new)?;
    super::out(&format!("{} runs entered, {unread} not readable\n", entries.len()));
    Ok(0)
}

fn look(folder: &Path, depth: usize, dirs: &mut Vec<PathBuf>) {
    if folder.join(JOURNAL).is_file() {
        dirs.push(folder.to_owned());
        return;
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|_| depth > 0) {
        // A link may lead back to where it came from.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            look(&entry.path(), depth - 1, dirs);
        }
    }
}

/// Makes the record or the reports of a run again from its journal.
fn reopen(history: &History, id: &str, state: &Path) -> Result<u8, Trouble> {
    let entry = history.get(id).map_err(anyhow::Error::new)?;
    let Some(entry) = entry else {
        return Err(Trouble::refused(anyhow!("the history knows no run `{id}`"))
            .help("list it with `pinhole history`, or read journals with `pinhole history --rebuild DIR`"));
    };
    let dir = PathBuf::from(&entry.dir);
    let page = match rma::remake(&dir, state)? {
        true => "record.html",
        false => {
            write(&analyse(std::slice::from_ref(&dir))?, &dir)?;
            "report.html"
        }
    };
    super::out(&format!("{}\n", dir.join(page).display()));
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_index_is_put_aside_when_it_is_made_again() {
        let state = tempfile::tempdir().unwrap();
        let path = state.path().join(FILE);
        std::fs::write(&path, "no data base at all, however long it may be").unwrap();
        assert!(open(state.path()).is_err());
        assert!(rebuild(&[state.path().join("none")], state.path()).is_ok());
        assert!(open(state.path()).is_ok());
        assert!(state.path().join("history.db.damaged").is_file());
    }
}
