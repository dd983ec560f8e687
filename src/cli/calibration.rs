//! Calibrations that outlive runs: a file for each position in the state folder, which runs take up, record, and refuse when it is overdue.

use super::trouble::Trouble;
use crate::domain::ids::{PositionName, StationName};
use crate::domain::known::{Known, Says, Shown};
use crate::domain::rig::{Calibration, Position};
use crate::files::{Bundle, Findings, KeyPath, Severity, Source, read};
use anyhow::{Context, anyhow};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// For how many days a calibration holds (assumption: half a year, as for the meters of a bench).
pub const DAYS: i64 = 180;

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Record {
    /// Version of the file format: 1.
    schema: u32,
    /// The bench.
    station: StationName,
    /// Its nest.
    position: PositionName,
    /// SHA-256 of the drivers with their settings: with another instrument it holds no longer.
    instruments: String,
    /// What was found.
    calibration: Calibration,
}

impl Record {
    /// What was found at a position.
    pub fn new(station: &StationName, position: &Position, calibration: Calibration) -> Self {
        let (station, instruments) = (station.clone(), instruments(position));
        Self { schema: 1, station, position: position.name.clone(), instruments, calibration }
    }

    /// The file's text.
    ///
    /// # Errors
    /// A value that TOML cannot hold.
    pub fn text(&self) -> anyhow::Result<String> {
        toml::to_string(self).context("writing the calibration as TOML")
    }

    /// Writes it into the state folder, in place of an older one, and tells where.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn store(&self, state: &Path) -> anyhow::Result<PathBuf> {
        std::fs::create_dir_all(state).with_context(|| format!("making the state folder {}", state.display()))?;
        let name = name(&self.station, &self.position);
        super::outputs::save(state, &name, [format!("# Made by `pinhole calibrate`.\n{}", self.text()?).into_bytes()])?;
        Ok(state.join(name))
    }
}

/// Takes up the calibrations of the positions that will run: the newer one of the state folder and the rig file.
///
/// # Errors
/// A file that cannot be read; a calibration that is overdue, unless `overdue` allows it.
pub fn take_up(bundle: &mut Bundle, positions: &[PositionName], state: &Path, today: Date, overdue: bool) -> Result<(), Trouble> {
    for name in positions {
        let Some(index) = bundle.rig.value.positions.iter().position(|position| position.name == *name) else { continue };
        let position = bundle.rig.value.positions[index].clone();
        let path = state.join(self::name(&bundle.rig.value.station, name));
        let mut findings = Findings::default();
        let at = KeyPath::root().key("positions").index(index).key("calibration");
        let mut calibration = position.calibration.clone();
        if let Ok(text) = std::fs::read_to_string(&path) {
            let mut record = read::<Record>(&Source::new(&path.to_string_lossy(), &text))?.value;
            if record.instruments != instruments(&position) {
                let message = format!("the calibration in {} was made with other instruments, and is not used", path.display());
                findings.warn(&at, message, "calibrate again: pinhole calibrate RIG");
            } else {
                // What known units showed stands in the state folder alone, however old the calibration beside it is.
                let shown = std::mem::take(&mut record.calibration.shown);
                if record.calibration.date >= calibration.date {
                    calibration = record.calibration;
                }
                calibration.shown =
                    Shown { golden: shown.golden.or(calibration.shown.golden), dummy: shown.dummy.or(calibration.shown.dummy) };
                bundle.calibrate(index, &calibration).context("writing the rig with its calibration")?;
            }
        }
        judge(&calibration, name, today, overdue, &at, &mut findings)?;
        known_units(&calibration.shown, name, today, &at, &mut findings)?;
        let located: Vec<_> = findings.warnings.iter().map(|problem| bundle.rig.locate(problem, Severity::Warning)).collect();
        bundle.warnings.0.extend(located);
    }
    Ok(())
}

fn judge(
    calibration: &Calibration,
    position: &PositionName,
    today: Date,
    overdue: bool,
    at: &KeyPath,
    findings: &mut Findings,
) -> Result<(), Trouble> {
    let Some(due) = &calibration.due else { return Ok(()) };
    let day: Date = due.parse().with_context(|| format!("the calibration of position {position} holds until `{due}`"))?;
    if today <= day {
        return Ok(());
    }
    let what = format!("the calibration of position {position} held until {due}");
    if !overdue {
        let help = "calibrate again: pinhole calibrate RIG --dut FILE; or run with it all the same: --overdue";
        return Err(Trouble::refused(anyhow!(what)).help(help));
    }
    findings.warn(at, format!("{what}, and the run was told to go on with it"), "calibrate again: pinhole calibrate RIG");
    Ok(())
}

/// A bench that did not show what a known unit does may still run: that it did not is recorded.
fn known_units(
    shown: &Shown,
    position: &PositionName,
    today: Date,
    at: &KeyPath,
    findings: &mut Findings,
) -> Result<(), Trouble> {
    for known in [Known::Golden, Known::Dummy] {
        let Some(run) = shown.get(known) else { continue };
        let unit = known.name();
        let day: Date =
            run.due.parse().with_context(|| format!("the {unit} unit of position {position} holds until `{}`", run.due))?;
        let what = match run.says(known) {
            Says::Good if today <= day => continue,
            Says::Good => {
                format!("position {position} was last tried with a {unit} unit on {}, which held until {day}", run.date)
            }
            Says::Wrong | Says::Nothing => format!("position {position} did not pass with a {unit} unit on {}", run.date),
        };
        findings.warn(at, what, format!("try it again: pinhole calibrate RIG --dut FILE --{unit}"));
    }
    Ok(())
}

fn name(station: &StationName, position: &PositionName) -> String {
    let name = format!("calibration-{station}-{position}");
    let safe = name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' });
    format!("{}.toml", safe.collect::<String>())
}

fn instruments(position: &Position) -> String {
    let drivers: Vec<_> = position.ports().into_iter().filter_map(|(port, driver)| Some((port, driver?))).collect();
    // Maps of strings and plain values: writing them as JSON cannot fail.
    let text = serde_json::to_vec(&(&position.world, drivers)).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
