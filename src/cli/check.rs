//! `pinhole check`.

use super::args;
use super::outputs::save;
use super::selftest::{Checked, perform};
use super::trouble::{RIG, Trouble};
use crate::analysis::rig_check::{Line, State};
use anyhow::Context;
use std::path::Path;

/// Checks a rig and says line by line what came of it.
pub fn check(args: &args::SelfTest, state: &Path) -> Result<u8, Trouble> {
    let (checked, _) = perform(args, "check", state, 1)?;
    let mut code = 0;
    for one in &checked {
        show(one, args)?;
        code = gravest(code, one);
    }
    Ok(code)
}

/// Prints what came of a position, and leaves it as `check.json` beside the journal.
///
/// # Errors
/// The file cannot be written.
pub(super) fn show(checked: &Checked, args: &args::SelfTest) -> Result<(), Trouble> {
    if let Some(dir) = &checked.dir {
        let mut text = serde_json::to_vec_pretty(&checked.lines).context("writing the lines as JSON")?;
        text.push(b'\n');
        save(dir, "check.json", [text])?;
    }
    if matches!(args.show.kind(), args::Progress::Json | args::Progress::Quiet) {
        return Ok(());
    }
    let mut text = format!("\nposition {}\n", checked.position.name);
    let wide = checked.lines.iter().map(|line| line.what.chars().count()).max().unwrap_or(0);
    for Line { what, state, detail } in &checked.lines {
        text.push_str(&format!("  {:<12} {what:<wide$}  {detail}\n", word(*state)));
    }
    if let Some(dir) = &checked.dir {
        text.push_str(&format!("journal and traces: {}\n", dir.display()));
    }
    super::out(&text);
    Ok(())
}

/// The gravest of a code and what a position asks for: a rig that failed before one that is out of tolerance.
pub(super) fn gravest(code: u8, checked: &Checked) -> u8 {
    let has = |state: State| checked.lines.iter().any(|line| line.state == state);
    let own = match checked.code {
        0 if has(State::Faulted) => RIG,
        0 => u8::from(has(State::Out)),
        code => code,
    };
    own.max(code)
}

fn word(state: State) -> &'static str {
    match state {
        State::Good => "ok",
        State::Out => "OUT",
        State::Faulted => "FAILED",
        State::NotChecked => "not checked",
        State::Note => "note",
    }
}
