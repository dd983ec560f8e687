//! `pinhole check` and `pinhole calibrate` with a known unit: a golden one, which resets at every press, or a dummy, which never does.

use super::args::SelfTest;
use super::calibration::Record;
use super::selftest::{Checked, Shelf, quoted};
use super::trouble::Trouble;
use crate::domain::known::Known;
use crate::domain::profile::{Effect, Profile};
use crate::domain::units::Seconds;
use crate::files::{Source, read};
use anyhow::{Context, anyhow};
use regex::Regex;
use std::path::Path;

/// Presses of a known unit. With three of three the rate is above 0.36 (95 %, one-sided): enough to see a bench that is broken, too few to see one
/// that errs at times.
const PRESSES: u32 = 3;
/// Where the profile's window has no end: so many times its first hold.
const INSIDE: f64 = 1.5;

/// Which unit the words of the command tell of.
pub fn wanted(args: &SelfTest) -> Option<Known> {
    match (args.golden, args.dummy) {
        (true, _) => Some(Known::Golden),
        (false, true) => Some(Known::Dummy),
        (false, false) => None,
    }
}

/// The suite: presses of one hold on one power source, and controls. A dummy is not set up before it is pressed: what never resets needs none, and
/// where nothing lies there nothing could be.
///
/// # Errors
/// A profile that cannot be read or whose windows name no factory reset; a serial number that is none of this model; power sources that are not one.
pub fn suite(
    known: Known,
    args: &SelfTest,
    dut: &Path,
    folder: &Path,
    adapters: &[String],
    shelf: &mut Shelf,
) -> Result<String, Trouble> {
    if adapters.len() != 1 {
        let what =
            anyhow!("a known unit is pressed on one power source, and here are {}: {}", adapters.len(), adapters.join(", "));
        return Err(Trouble::refused(what).help("name a known-good one: --adapter NAME"));
    }
    let text = std::fs::read_to_string(dut).with_context(|| format!("reading {}", dut.display()))?;
    let profile = read::<Profile>(&Source::new(&dut.to_string_lossy(), &text))?.value;
    let hold = hold(args, &profile)?;
    let controls = match known {
        Known::Golden => {
            fits(args, &profile)?;
            "shams_per_adapter = 1"
        }
        Known::Dummy => {
            let mut table: toml::Table = text.parse().with_context(|| format!("reading {}", dut.display()))?;
            table.insert("provision".to_owned(), toml::Table::from_iter([("via".to_owned(), "none".into())]).into());
            let text = toml::to_string(&table).context("writing the profile of the dummy")?;
            shelf.put(dut, format!("# As the profile of this model says, but never set up: it is a dummy.\n{text}"));
            "unpowered_per_adapter = 1"
        }
    };
    Ok(format!(
        "# Made by pinhole.\nschema = 1\nname = \"{}\"\ndut = {:?}\nadapters = {:?}\ntraces = \"all\"\n\n[factors]\nadapter = [{}]\n\
         hold_s = [{}]\n\n[design]\nkind = \"grid\"\norder = \"sequential\"\nreplicates = {PRESSES}\n{controls}\n",
        known.name(),
        dut.to_string_lossy(),
        folder.to_string_lossy(),
        quoted(adapters),
        hold.get(),
    ))
}

/// The hold that was asked for, or one well inside the profile's window of a factory reset.
fn hold(args: &SelfTest, profile: &Profile) -> Result<Seconds, Trouble> {
    if let Some(hold) = args.hold_s {
        return Ok(Seconds::new(hold));
    }
    let window = profile.press.windows.iter().find(|window| window.effect == Effect::FactoryReset);
    let window = window.ok_or_else(|| {
        let what = anyhow!("the profile of {} does not say which hold resets it", profile.model);
        Trouble::refused(what).help("say how long it is pressed: --hold SECONDS")
    })?;
    let from = window.from_s.get();
    Ok(Seconds::new(window.to_s.map_or(INSIDE * from, |to| (from + to.get()) / 2.0)))
}

fn fits(args: &SelfTest, profile: &Profile) -> Result<(), Trouble> {
    let serial = args.serial.as_deref().unwrap_or_default();
    let pattern = Regex::new(&profile.serial_pattern).context("the profile's serial_pattern")?;
    if pattern.is_match(serial) {
        return Ok(());
    }
    let what = anyhow!("`{serial}` does not look like a serial number of the model {} (pattern {pattern})", profile.model);
    Err(Trouble::refused(what).help("scan its label again: --dut-serial SERIAL"))
}

/// Keeps what a known unit showed beside the calibration of the position; where, if there was something to keep.
///
/// # Errors
/// The state folder cannot be read or written.
pub fn keep(checked: &Checked, state: &Path, today: &str, due: &str) -> Result<Option<String>, Trouble> {
    let Some((known, fold)) = &checked.known else { return Ok(None) };
    let Some(run) = fold.run(today, due).filter(|_| checked.code == 0) else { return Ok(None) };
    let mut calibration = checked.position.calibration.clone();
    calibration.shown.put(*known, run);
    let path = Record::new(&checked.station, &checked.position, calibration).store(state)?;
    Ok(Some(format!("{} unit: kept in {}, holds until {due}\n", known.name(), path.display())))
}
