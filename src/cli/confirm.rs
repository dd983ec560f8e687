//! `pinhole rma confirm`: what a teardown found of a unit that was decided.

use super::args::Confirm;
use super::trouble::Trouble;
use super::{history, truth};
use anyhow::anyhow;
use std::path::Path;

/// Writes the truth of a return down, and says how often verdicts were right.
pub fn confirm(args: &Confirm, state: &Path) -> Result<u8, Trouble> {
    let found = history::find(state, &args.id)?;
    let Some((id, verdict)) = found else {
        return Err(Trouble::refused(anyhow!("the history knows no return `{}`", args.id))
            .help("scan the barcode of its record, or look it up with `pinhole history`"));
    };
    #[expect(clippy::disallowed_methods, reason = "the edge: when it was told, as identity alone")]
    let time = jiff::Timestamp::now().to_string();
    let told = truth::Truth { id, verdict, cause: args.cause, time };
    truth::add(state, &told)?;
    let (right, checked) = truth::accuracy(state)?.unwrap_or((0, 0));
    let agrees = if told.verdict == told.cause.name() { "as the verdict said" } else { "not what the verdict said" };
    super::out(&format!(
        "{}: {} ({agrees}: {}); {right} of {checked} checked verdicts were right\n",
        told.id,
        told.cause.name(),
        told.verdict
    ));
    Ok(0)
}
