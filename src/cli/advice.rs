//! What to do about an error that does not say so itself.

use crate::analysis::pool::Unlike;
use crate::journal::{JOURNAL, OpenError, ReadError};
use crate::ports::StorageError;
use std::io::{self, ErrorKind};

/// Advice on the first cause that there is advice on.
pub fn advice(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(typed).or_else(|| {
        let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?;
        kind(io.kind()).map(str::to_owned)
    })
}

fn typed(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<OpenError>() {
        return opened(error);
    }
    if let Some(error) = cause.downcast_ref::<ReadError>() {
        return read(error);
    }
    if let Some(error) = cause.downcast_ref::<StorageError>() {
        return stored(error);
    }
    match cause.downcast_ref::<Unlike>()? {
        Unlike::Nothing => Some("name the folder of a run".to_owned()),
        Unlike::NotStarted(_) => Some("nothing was done in it: run the suite again".to_owned()),
        Unlike::Twice(_) => Some("name each run once".to_owned()),
        Unlike::Replays { .. } => Some("give each run a seed of its own: pinhole run SUITE --set design.seed=NUMBER".to_owned()),
        Unlike::Differ { .. } => Some("report them one by one: pinhole report DIR".to_owned()),
    }
}

fn opened(error: &OpenError) -> Option<String> {
    match error {
        OpenError::Exists { .. } => None,
        OpenError::Missing { .. } => Some(a_run()),
        OpenError::Held { .. } => {
            Some("wait for its end, or stop it at its own terminal: q or Ctrl-C once, and it stops safely".to_owned())
        }
        OpenError::Finished { dir, .. } => {
            let dir = dir.display();
            Some(format!(
                "its reports are made again by: pinhole report {dir}; for more trials, run the suite with another seed (--set design.seed=NUMBER) and pool both"
            ))
        }
        OpenError::Later { .. } => {
            Some("go on with it by the version that wrote it, or a later one; `report` reads it all the same".to_owned())
        }
        OpenError::Read(error) => read(error),
        OpenError::Storage(error) => stored(error),
    }
}

fn read(error: &ReadError) -> Option<String> {
    match error {
        ReadError::BadLine { path, .. } => {
            let dir = path.parent().unwrap_or(path).display();
            Some(format!(
                "the journal was changed, or its disk is damaged: take a copy of it that verifies (pinhole verify {dir})"
            ))
        }
        ReadError::Storage(error) => stored(error),
    }
}

fn stored(error: &StorageError) -> Option<String> {
    let missing = matches!(error.source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    if missing && (error.path.ends_with(JOURNAL) || error.path.ends_with("summary.json")) {
        return Some(a_run());
    }
    kind(error.source.kind()).map(str::to_owned)
}

fn a_run() -> String {
    format!("name the folder that a run was written to: it holds {JOURNAL}")
}

fn kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "check the path: each folder in it must be there, and the file too where one is read",
        ErrorKind::PermissionDenied => "choose a place that this user may use, or change the rights of this one",
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file stands where a folder is wanted: choose another name",
        ErrorKind::IsADirectory => "name a file, not a folder",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room on that disk; `pinhole plan` tells how much a suite needs"
        }
        ErrorKind::ReadOnlyFilesystem => "choose a folder on a disk that can be written to",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::FinishReason;
    use anyhow::Context;

    fn unread(file: &str, kind: ErrorKind) -> StorageError {
        StorageError { action: "read", path: file.into(), source: kind.into() }
    }

    #[test]
    fn a_run_that_is_not_there_is_helped_with_however_the_error_is_wrapped() {
        let missing = || unread("nowhere/journal.jsonl", ErrorKind::NotFound);
        let errors: [anyhow::Error; 4] = [
            missing().into(),
            ReadError::Storage(missing()).into(),
            anyhow::Error::new(OpenError::Read(ReadError::Storage(missing()))).context("opening"),
            unread("a.txt/journal.jsonl", ErrorKind::NotADirectory).into(),
        ];
        for error in errors {
            assert!(advice(&error).unwrap().contains("the folder that a run was written to"), "{error:#}");
        }
    }

    #[test]
    fn what_the_system_refuses_is_helped_with() {
        let bare = |kind: ErrorKind| Err::<(), _>(io::Error::from(kind)).context("writing x").unwrap_err();
        for (kind, word) in [
            (ErrorKind::NotFound, "check the path"),
            (ErrorKind::PermissionDenied, "rights"),
            (ErrorKind::AlreadyExists, "another name"),
            (ErrorKind::IsADirectory, "a file, not a folder"),
            (ErrorKind::StorageFull, "make room"),
            (ErrorKind::ReadOnlyFilesystem, "can be written"),
        ] {
            assert!(advice(&bare(kind)).unwrap().contains(word), "{kind:?}");
            assert!(advice(&unread("x", kind).into()).unwrap().contains(word), "{kind:?}");
        }
        assert_eq!(advice(&bare(ErrorKind::BrokenPipe)), None);
    }

    #[test]
    fn a_journal_that_cannot_be_gone_on_with_is_helped_with() {
        let dir = || "reports/q".into();
        let helped = |error: OpenError| advice(&error.into()).unwrap();
        assert!(helped(OpenError::Held { dir: dir(), by: None }).contains("wait for its end"));
        assert!(helped(OpenError::Finished { dir: dir(), reason: FinishReason::Complete }).contains("pinhole report reports/q"));
        assert!(helped(OpenError::Later { dir: dir(), minor: 9 }).contains("version"));
        assert!(helped(OpenError::Missing { dir: dir() }).contains("journal.jsonl"));
    }
}
