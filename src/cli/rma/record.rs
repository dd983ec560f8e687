//! Writes the record of a return into its directory, and gives the exit code.

use crate::analysis::rma::{MODEL_ACCURACY, Senses, Table, conclude as conclusion_of};
use crate::cli::args::Progress;
use crate::cli::hooks::{self, Happened};
use crate::cli::ledger::life;
use crate::cli::outputs::save;
use crate::cli::trouble::{REFUSED, RIG, STOPPED, Trouble};
use crate::cli::truth;
use crate::domain::event::FinishReason;
use crate::domain::rma::FaultClass;
use crate::domain::run_state::{Phase, RunState};
use crate::files::Bundle;
use crate::journal::{DiskStorage, read_state};
use crate::report::record::{Accuracy, Beside, Record, html, summary, ticket};
use anyhow::{Context, Result, anyhow};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::collections::BTreeMap;
use std::path::Path;

/// Largest photo that goes onto a page, in bytes: what a telephone makes of a scene at most.
const PHOTO_MAX: u64 = 12_000_000;
/// Names under which a photo lies in a record's directory, with their media types.
const PHOTOS: [(&str, &str, &str); 2] = [("jpg", "photo.jpg", "image/jpeg"), ("png", "photo.png", "image/png")];

/// Whether these inputs are those of a return.
pub fn is_return(bundle: &Bundle) -> bool {
    bundle.suite.value.rma.is_some()
}

/// The name that a photo of the unit has beside the record.
///
/// # Errors
/// It is no JPEG or PNG file, too large, or cannot be read.
pub fn photo_name(photo: &Path) -> Result<&'static str, Trouble> {
    let size = std::fs::metadata(photo).with_context(|| format!("reading {}", photo.display()))?.len();
    let ending = photo.extension().map(|end| end.to_string_lossy().to_lowercase().replace("jpeg", "jpg")).unwrap_or_default();
    let known = PHOTOS.iter().find(|(end, ..)| *end == ending);
    match known {
        Some((_, name, _)) if size <= PHOTO_MAX => Ok(name),
        _ => Err(Trouble::refused(anyhow!("{} is no JPEG or PNG file of at most 12 MB", photo.display()))),
    }
}

fn photo(dir: &Path) -> Option<String> {
    PHOTOS.iter().find_map(|(_, name, media)| {
        let bytes = std::fs::read(dir.join(name)).ok()?;
        Some(format!("data:{media};base64,{}", BASE64_STANDARD.encode(bytes)))
    })
}

/// The record of the run in `dir`; `None` where it is no return.
///
/// # Errors
/// The journal cannot be read.
pub fn record(dir: &Path, state: &Path) -> Result<Option<(Record, RunState)>> {
    let ending = read_state(DiskStorage, dir)?;
    let Some(started) = ending.state.started.as_deref() else { return Ok(None) };
    let table = Table::built_in(Senses::of(&started.position));
    let Some(conclusion) = conclusion_of(&ending.state, &table) else { return Ok(None) };
    let sum = life(state, &started.dut_serial)?.sum(None);
    let suffered = BTreeMap::from([
        ("factory resets".to_owned(), sum.resets),
        ("power cuts while it may have been writing".to_owned(), sum.power_cuts),
        ("password attempts".to_owned(), sum.password_attempts),
    ]);
    let beside = Beside {
        head: ending.head.to_string(),
        lines: ending.state.next_seq,
        suffered,
        accuracy: Accuracy { model: MODEL_ACCURACY, field: truth::accuracy(state)? },
        photo: photo(dir),
    };
    Ok(Record::of(&ending.state, &conclusion, beside).map(|record| (record, ending.state)))
}

/// Writes page, data and ticket.
///
/// # Errors
/// A file cannot be written.
pub fn write(record: &Record, dir: &Path) -> Result<()> {
    save(dir, "record.json", [record.json()])?;
    save(dir, "ticket.txt", [ticket(record)])?;
    save(dir, "record.html", [html(record)])
}

/// Makes the record of the run in `dir` again; false where it is no return.
///
/// # Errors
/// The journal cannot be read, or a file cannot be written.
pub fn remake(dir: &Path, state: &Path) -> Result<bool> {
    let Some((record, _)) = record(dir, state)? else { return Ok(false) };
    write(&record, dir)?;
    Ok(true)
}

/// Ends `pinhole rma` and the resume of a return.
pub fn conclude(finished: Result<FinishReason>, dir: &Path, state: &Path, show: Progress) -> Result<u8, Trouble> {
    let shown = dir.display();
    let finished = match finished {
        Ok(reason) => reason,
        Err(error) => {
            hooks::tell(state, &Happened::faulted(dir, &format!("the return in {shown} broke off: {error:#}")));
            let next = format!("when the cause is removed, go on with: pinhole resume {shown}");
            return Err(Trouble::rig(error.context(format!("the return in {shown} broke off"))).help(next));
        }
    };
    let (record, run) =
        record(dir, state).map_err(Trouble::rig)?.ok_or_else(|| Trouble::rig(anyhow!("{shown} holds no return")))?;
    write(&record, dir).map_err(Trouble::rig)?;
    crate::cli::history::enter(state, dir);
    let text = summary(&record);
    let told = if finished == FinishReason::RigFaulted { Happened::faulted(dir, &text) } else { Happened::finished(dir, &text) };
    hooks::tell(state, &told);
    if show != Progress::Quiet && show != Progress::Json {
        crate::cli::out(&said(&record, dir, finished));
    }
    Ok(exit_code(&record, &run))
}

fn said(record: &Record, dir: &Path, reason: FinishReason) -> String {
    let mut text = format!("{} ({}), probability {:.3}: {}\n", record.headline, record.verdict, record.probability, record.cause);
    record.reasons.iter().chain(&record.remarks).for_each(|sentence| text += &format!("  {sentence}\n"));
    if record.ends_worse {
        text += "  The unit ends worse than it came.\n";
    }
    text += &format!("disposition: {} - {}\n", record.disposition.0, record.disposition.1);
    text += &format!("record: {}\nticket: {}\n", dir.join("record.html").display(), dir.join("ticket.txt").display());
    if reason.can_be_resumed() {
        text += &format!("next: pinhole resume {}\n", dir.display());
    }
    text
}

/// 0 no fault found, 1 fault found, 4 undecided, 3 the bench, 130 stopped, 2 nothing was powered.
fn exit_code(record: &Record, run: &RunState) -> u8 {
    match run.phase {
        Phase::Finished(FinishReason::Stopped) => return STOPPED,
        Phase::Finished(FinishReason::Declined) => return REFUSED,
        Phase::Finished(FinishReason::RigFaulted) => return RIG,
        _ => {}
    }
    match record.class() {
        Some(FaultClass::NoFaultFound) => 0,
        Some(FaultClass::Rig) => RIG,
        Some(_) => 1,
        None => 4,
    }
}
