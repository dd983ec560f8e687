//! Every command that README and docs show is run, or is named here with the reason why not.
//!
//! A block that begins with three backticks and `sh` holds commands, one a line; a backslash at the end of a line joins it to the next. They are
//! run in order in a folder of the document's own that holds a copy of `fixtures/`. A comment behind a command may state its exit code, `# exit 4`;
//! 0 is expected otherwise. Paths below the folders and files that the commands made, wherever the document names them as code or in a comment,
//! must be there in the end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Commands that are shown and not run here, by how they begin.
const NOT_RUN: [(&str, &str); 1] = [("scripts/test", "it runs these tests")];

/// What the built program is called as in documents.
const PROGRAM: [&str; 2] = ["cargo run --release -- ", "pinhole "];
/// Programs of any system that may stand beside it.
const TOOLS: [&str; 1] = ["cmp "];

#[derive(Debug, PartialEq)]
struct Shown {
    line: usize,
    command: String,
    comment: String,
}

impl Shown {
    /// The exit code that the comment states.
    fn exit(&self) -> i32 {
        let stated =
            self.comment.split_once("exit ").map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        stated.and_then(|code| code.parse().ok()).unwrap_or(0)
    }
}

/// The commands of a document.
fn commands(text: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut inside = false;
    let mut joined = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            inside = !inside && line.trim() == "```sh";
            continue;
        }
        let (command, comment) =
            line.split_once(" #").or(line.strip_prefix('#').map(|comment| ("", comment))).unwrap_or((line, ""));
        let command = command.trim();
        if !inside || command.is_empty() {
            continue;
        }
        let (command, goes_on) = command.strip_suffix('\\').map_or((command, false), |command| (command.trim_end(), true));
        match shown.last_mut().filter(|_| joined) {
            Some(last) => {
                last.command += &format!(" {command}");
                last.comment += comment;
            }
            None => shown.push(Shown { line: index + 1, command: command.to_owned(), comment: comment.to_owned() }),
        }
        joined = goes_on;
    }
    shown
}

/// Paths that a text names as code: in backticks, or as words of a comment.
fn named(text: &str, shown: &[Shown]) -> BTreeSet<String> {
    let code = text.split('`').skip(1).step_by(2).flat_map(str::split_whitespace);
    let comments = shown.iter().flat_map(|one| one.comment.split_whitespace());
    let words = code.chain(comments).map(|word| word.trim_end_matches([',', '.', ';', ':', ')', '/']));
    words.filter(|word| word.contains('/')).map(str::to_owned).collect()
}

fn documents(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.join("README.md"), root.join("CONTRIBUTING.md"), root.join("ARCHITECTURE.md")];
    let mut folders = vec![root.join("docs"), root.join("fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "md" => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// Runs the commands of a document; gives what went wrong.
fn run(document: &str, text: &str) -> Vec<String> {
    let shown = commands(text);
    let temp = tempfile::tempdir().unwrap();
    let here = temp.path().join("here");
    super::support::files::Files::new().write(&here.join("fixtures"));
    let bin = temp.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_pinhole"), bin.join("pinhole")).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut wrong = Vec::new();
    for one in &shown {
        let at = format!("{document}:{}: `{}`", one.line, one.command);
        if NOT_RUN.iter().any(|(begin, _)| one.command.starts_with(begin)) {
            continue;
        }
        let own = PROGRAM.iter().find_map(|begin| one.command.strip_prefix(begin)).map(|rest| format!("pinhole {rest}"));
        let tool = TOOLS.iter().any(|tool| one.command.starts_with(tool)).then(|| one.command.clone());
        let Some(command) = own.or(tool) else {
            wrong.push(format!("{at} is neither run nor listed in NOT_RUN of tests/it/docs.rs"));
            continue;
        };
        let done = Command::new("sh")
            .args(["-c", &command])
            .current_dir(&here)
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .env("PINHOLE_STATE", temp.path().join("state"))
            .output()
            .unwrap();
        if done.status.code() != Some(one.exit()) {
            let said = String::from_utf8_lossy(&done.stderr);
            wrong.push(format!("{at} ended with {:?}, not {}: {said}", done.status.code(), one.exit()));
        }
    }
    // What a command made is new beside `fixtures`; what lies below it can be named.
    for path in named(text, &shown) {
        let made = Path::new(&path).components().count() > 1
            && shown
                .iter()
                .any(|one| one.command.split_whitespace().any(|word| !word.starts_with("fixtures/") && under(&path, word)));
        if made && !here.join(&path).exists() {
            wrong.push(format!("{document}: `{path}` is named, and no command made it"));
        }
    }
    wrong
}

/// Whether a path lies below a folder that a command names.
fn under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}

#[test]
fn every_command_that_is_shown_does_what_is_said_of_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut all = Vec::new();
    for path in documents(root) {
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = commands(&text);
        if !shown.is_empty() {
            wrong.extend(run(path.strip_prefix(root).unwrap().to_str().unwrap(), &text));
        }
        all.extend(shown);
    }
    for (begin, reason) in NOT_RUN {
        if !all.iter().any(|one| one.command.starts_with(begin)) {
            wrong.push(format!("`{begin}` ({reason}) is listed in NOT_RUN, and no document shows it"));
        }
    }
    assert!(all.len() > 10, "{} commands were found", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_document_that_lies_is_found_out() {
    let check = |body: &str, words: &str| {
        let text = format!("Text.\n\n```sh\n{body}\n```\n\nSee `out/none.html`, `out/suite.json` and `other/x`.\n");
        let wrong = run("lie.md", &text).join("\n");
        assert!(wrong.contains(words), "`{body}`: {wrong}");
        wrong
    };
    check("pinhole schema nothing", "ended with Some(2), not 0");
    check("pinhole schema suite # exit 4", "ended with Some(0), not 4");
    check("rm -rf /nowhere", "is neither run nor listed");
    let made = check("pinhole man out # into out/pinhole.1\nscripts/test", "`out/none.html` is named");
    assert!(made.contains("out/suite.json") && !made.contains("other/x") && !made.contains("out/pinhole.1"), "{made}");
}

#[test]
fn commands_are_read_with_their_comments() {
    let text = "```sh\n# only a comment\npinhole run \\\n  x.toml # exit 4, long\n```\n```toml\npinhole = 1\n```\n";
    let shown = commands(text);
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].line, shown[0].command.as_str(), shown[0].exit()), (3, "pinhole run x.toml", 4));
}
