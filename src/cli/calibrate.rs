//! `pinhole calibrate`.

use super::args;
use super::calibration::{DAYS, Record};
use super::check::{gravest, show};
use super::known::keep;
use super::selftest::perform;
use super::trouble::Trouble;
use crate::analysis::rig_check::State;
use anyhow::{Context, anyhow};
use jiff::ToSpan;
use std::path::Path;

/// So many rounds of presses: the mean of fifty strokes.
const ROUNDS: u32 = 5;

/// Measures a rig, and keeps what was found for the runs to come.
pub fn calibrate(args: &args::SelfTest, state: &Path) -> Result<u8, Trouble> {
    let (checked, identity) = perform(args, "calibrate", state, ROUNDS)?;
    let today = identity.today();
    let due = today.checked_add(DAYS.days()).context("the date until which the calibration holds")?;
    let mut code = 0;
    for one in &checked {
        show(one, args)?;
        if one.known.is_some() {
            let kept = keep(one, state, &today.to_string(), &due.to_string())?;
            super::out(&kept.unwrap_or_else(|| "nothing of it is kept: the run did not come to its end\n".to_owned()));
            code = gravest(code, one);
            continue;
        }
        // What is out of tolerance against the old calibration is what a new one is for; a rig that fails has none.
        let failed = one.code != 0 || one.lines.iter().any(|line| line.state == State::Faulted);
        if failed {
            code = gravest(code, one);
            super::out("no calibration is kept: the rig failed while it was measured\n");
            continue;
        }
        let found = one.fold.calibration(&today.to_string(), &due.to_string());
        let found = found.ok_or_else(|| Trouble::refused(anyhow!("nothing was measured")))?;
        let record = Record::new(&one.station, &one.position, found);
        let path = record.store(state)?;
        super::out(&format!("{}\ncalibration: {}, holds until {due}\n", record.text()?, path.display()));
    }
    Ok(code)
}
