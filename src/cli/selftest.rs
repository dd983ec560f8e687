//! `pinhole check` and `pinhole calibrate`: a run of checks on each position of a rig, from files that are made here.

use super::args;
use super::compose::{Doubt, Missing, notes};
use super::control::Wishes;
use super::kept::Kept;
use super::launch::{Identity, Launch};
use super::live::Stage;
use super::run::{claim, identity, save_inputs};
use super::trouble::{RIG, STOPPED, Trouble};
use super::{calibration, known, preflight, signals};
use crate::analysis::known_units::UnitFold;
use crate::analysis::rig_check::{Line, RigFold, State};
use crate::domain::condition::Check;
use crate::domain::event::FinishReason;
use crate::domain::ids::{DutSerial, RunId, StationName};
use crate::domain::known::Known;
use crate::domain::rig::{Position, RigFile};
use crate::files::{Bundle, Check as _, Disk, Parsed, Reader, Source, read};
use crate::journal::{DiskStorage, Reader as JournalReader, Wanted};
use anyhow::{Context, anyhow};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the power source that stands for the rig's own, where the rig names none.
const OWN: &str = "rig-supply";
/// The suite of the checks, beside the rig file; nothing of that name is read from the disk.
const SUITE: &str = "pinhole-check.toml";
/// The profile of a bench without a camera.
const NO_CAMERA: &str = "pinhole-no-camera.toml";

/// What came of one position.
pub struct Checked {
    /// The bench.
    pub station: StationName,
    /// The position, as its rig file says.
    pub position: Position,
    /// What was measured.
    pub fold: RigFold,
    /// What came of the known unit that was pressed, if one was.
    pub known: Option<(Known, UnitFold)>,
    /// What it came to.
    pub lines: Vec<Line>,
    /// Where its journal lies; `None` where the bench could not be opened.
    pub dir: Option<PathBuf>,
    /// The exit code that a stop or a failing rig asks for.
    pub code: u8,
}

/// Runs the checks on every position that is wanted, one after the other.
///
/// # Errors
/// Files that cannot be used, and folders that cannot be written.
pub fn perform(args: &args::SelfTest, verb: &str, state: &Path, replicates: u32) -> Result<(Vec<Checked>, Identity), Trouble> {
    let text = std::fs::read_to_string(&args.rig).with_context(|| format!("reading {}", args.rig.display()))?;
    let rig = read::<RigFile>(&Source::new(&args.rig.to_string_lossy(), &text))?;
    let (errors, _) = rig.locate_all(&rig.value.check());
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let identity = identity(args.operator.as_deref());
    let out = args.out.clone().unwrap_or_else(|| {
        Path::new("reports").join(format!("{verb}-{}-{}", rig.value.station, identity.wall.strftime("%Y%m%dT%H%M%SZ")))
    });
    let positions = wanted(&rig, args)?;
    let wishes = Arc::new(Wishes::default());
    let mut stage = Stage::new(&args.show);
    signals::listen(Arc::clone(&wishes), stage.teller()).map_err(Trouble::refused)?;
    stage.begin(&wishes).map_err(Trouble::refused)?;
    let mut checked = Vec::new();
    for position in &positions {
        let mut bundle = bundle(args, position, replicates)?;
        // What it is compared with, and what stays of it where something cannot be measured. Overdue or not: it is about to be looked at.
        calibration::take_up(&mut bundle, std::slice::from_ref(&position.name), state, identity.today(), true)?;
        let held = bundle.rig.value.positions.iter().find(|held| held.name == position.name).cloned();
        let position = held.as_ref().unwrap_or(position);
        let dir = if positions.len() == 1 { out.clone() } else { out.join(position.name.as_str()) };
        let launch = Launch { bundle: &bundle, position, identity: &identity, wishes: &wishes, state, design: None };
        checked.push(one(&launch, args, &stage, &dir)?);
    }
    drop(stage);
    Ok((checked, identity))
}

fn wanted<'r>(rig: &'r Parsed<RigFile>, args: &args::SelfTest) -> Result<Vec<&'r Position>, Trouble> {
    let named = |position: &&Position| args.position.as_ref().is_none_or(|name| position.name.as_str() == name);
    let positions: Vec<_> = rig.value.positions.iter().filter(named).collect();
    if positions.is_empty() {
        let names: Vec<_> = rig.value.positions.iter().map(|position| position.name.to_string()).collect();
        let what = anyhow!("{} has no such position", args.rig.display());
        return Err(Trouble::refused(what).help(format!("it has: {}", names.join(", "))));
    }
    Ok(positions)
}

fn one(launch: &Launch<'_>, args: &args::SelfTest, stage: &Stage, dir: &Path) -> Result<Checked, Trouble> {
    let (bundle, position) = (launch.bundle, launch.position);
    let station = bundle.rig.value.station.clone();
    preflight::position(bundle, position)?;
    let mut lines: Vec<Line> = notes(position).into_iter().map(|(good, what, detail)| note(good, what, detail)).collect();
    let mut composed = match launch.compose() {
        Ok(composed) => composed,
        Err(error) => match error.downcast_ref::<Missing>() {
            Some(Missing(faults)) => {
                lines.extend(faults.iter().map(|fault| Line::new(&fault.source_name, State::Faulted, fault.detail.clone())));
                return Ok(Checked {
                    station,
                    position: position.clone(),
                    fold: RigFold::default(),
                    known: None,
                    lines,
                    dir: None,
                    code: RIG,
                });
            }
            None => return Err(Trouble::refused(error)),
        },
    };
    lines.push(Line::new("devices", State::Good, "all are there"));
    if let Some(bound) = composed.off_bound {
        lines.push(Line::new("supply", State::Note, format!("is off {bound} after an order at the latest")));
    }
    lines.extend(composed.warnings.iter().map(|warning| Line::new("guard", State::Note, warning.clone())));
    let doubt = composed.doubt.take();
    claim(dir)?;
    save_inputs(bundle, dir)?;
    let serial = DutSerial::from(args.serial.as_deref().unwrap_or("CHECK"));
    // A camera that is pressed has a life: its resets are counted.
    let mut view = Kept::new(stage.screen(bundle, position, false), dir, launch.state);
    let run_id = RunId(uuid::Uuid::now_v7().to_string());
    let reason = launch.begin(composed, DiskStorage, dir, run_id, serial, &mut view);
    view.close();
    let reason = reason.map_err(Trouble::rig)?;
    let (fold, unit) = fold(dir)?;
    let known = known::wanted(args).map(|known| (known, unit));
    match &known {
        // Trials that were lost and made again are told there; they are no failure of this run.
        Some((known, unit)) => lines.extend(unit.lines(*known)),
        None => lines.extend(fold.lines()),
    }
    lines.extend(doubted(doubt.as_ref()));
    if args.dut.is_none() {
        let why = "supply, light and camera: name the camera that lies there by --dut FILE";
        lines.push(Line::new("with power", State::NotChecked, why));
    }
    let code = match reason {
        FinishReason::Complete => 0,
        FinishReason::Stopped => STOPPED,
        _ => RIG,
    };
    Ok(Checked { station, position: position.clone(), fold, known, lines, dir: Some(dir.to_owned()), code })
}

fn note(good: bool, what: &str, detail: String) -> Line {
    Line::new(what, if good { State::Good } else { State::Note }, detail)
}

fn doubted(doubt: Option<&Doubt>) -> Option<Line> {
    doubt.and_then(|doubt| doubt()).map(|words| Line::new("console", State::Out, words))
}

fn fold(dir: &Path) -> Result<(RigFold, UnitFold), Trouble> {
    let (mut fold, mut unit) = (RigFold::default(), UnitFold::default());
    let mut reader = JournalReader::new(DiskStorage, dir, Wanted::ALL);
    reader
        .for_each(|_, _, event| {
            fold.apply(event);
            unit.apply(event);
        })
        .map_err(Trouble::rig)?;
    Ok((fold, unit))
}

/// The files of a run of checks: the rig's own, and a suite that names what is measured. Without a camera's profile nothing is powered.
fn bundle(args: &args::SelfTest, position: &Position, replicates: u32) -> Result<Bundle, Trouble> {
    let folder = args.rig.parent().unwrap_or(Path::new(""));
    let here = |path: &Path| std::path::absolute(path).with_context(|| format!("the folder of {}", path.display()));
    let mut shelf = Shelf::default();
    let adapters_dir = here(&args.adapters.clone().unwrap_or_else(|| folder.join("../adapters")))?;
    let adapters = adapters(args, position, &adapters_dir, &mut shelf)?;
    let path = here(&folder.join(SUITE))?;
    if let (Some(known), Some(dut)) = (known::wanted(args), &args.dut) {
        let suite = known::suite(known, args, &here(dut)?, &adapters_dir, &adapters, &mut shelf)?;
        shelf.put(&path, suite);
        return Ok(crate::files::load(&shelf, &path, Some(&args.rig), &[])?);
    }
    let (dut, checks) = match &args.dut {
        Some(dut) => (here(dut)?, vec![Check::ButtonContact, Check::DarkLight, Check::Boot, Check::Supply]),
        None => {
            let path = here(&folder.join(NO_CAMERA))?;
            shelf.put(&path, no_camera(position));
            (path, vec![Check::ButtonContact, Check::DarkLight])
        }
    };
    let checks: Vec<String> = checks.into_iter().map(|check| check.name().to_owned()).collect();
    let suite = format!(
        "# Made by pinhole.\nschema = 1\nname = \"check\"\ndut = {:?}\nadapters = {:?}\ntraces = \"all\"\n\n[factors]\nadapter = [{}]\nhold_s = [0.3]\n\n\
         [design]\nkind = \"check\"\nreplicates = {replicates}\nchecks = [{}]\nattempts = 1\n",
        dut.to_string_lossy(),
        adapters_dir.to_string_lossy(),
        quoted(&adapters),
        quoted(&checks),
    );
    shelf.put(&path, suite);
    Ok(crate::files::load(&shelf, &path, Some(&args.rig), &[])?)
}

/// Words as TOML wants them in a list.
pub(super) fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// The power sources: those that are named, those of the rig's channels, or the rig's own supply.
fn adapters(args: &args::SelfTest, position: &Position, folder: &Path, shelf: &mut Shelf) -> Result<Vec<String>, Trouble> {
    if !args.adapter.is_empty() {
        return Ok(args.adapter.clone());
    }
    if !position.channels.is_empty() {
        return Ok(position.channels.values().map(ToString::to_string).collect());
    }
    let sets = ["scpi", "korad", "record", "twin"].contains(&position.supply.driver.as_str());
    if args.dut.is_some() && !sets {
        let what = anyhow!("position {} has one adapter, wired for good, and its rig file does not say which", position.name);
        return Err(Trouble::refused(what).help("name it by --adapter NAME: a file in the folder of adapters"));
    }
    let volts = position.interlocks.supply_max_v.get();
    let own = format!("schema = 1\nname = \"{OWN}\"\nkind = \"programmable\"\nrating = {{ v = {volts:.3}, a = 3.0 }}\n");
    shelf.put(&folder.join(format!("{OWN}.toml")), own);
    Ok(vec![OWN.to_owned()])
}

/// A profile that fits everything and says nothing: nothing is powered with it.
fn no_camera(position: &Position) -> String {
    let volts = position.interlocks.supply_max_v.get();
    format!(
        "schema = 1\nmodel = \"no camera\"\nserial_pattern = '^CHECK$'\n\n[button]\nplace = \"none\"\nreach = \"none\"\n\n[supply]\nnominal_v = 0.1\n\
         min_v = 0.1\nmax_v = {volts:.3}\nmax_a = 0.1\n\n[ready]\n\n[press]\nwrite_window_s = 0\n\n[provision]\nvia = \"none\"\n\n[factory]\nnetwork = true\n"
    )
}

/// Files that are made here, before those on the disk.
#[derive(Default)]
pub(super) struct Shelf(BTreeMap<PathBuf, Vec<u8>>);

impl Shelf {
    pub(super) fn put(&mut self, path: &Path, text: String) {
        self.0.insert(path.to_owned(), text.into_bytes());
    }
}

impl Reader for Shelf {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).map_or_else(|| Disk.read(path), |bytes| Ok(bytes.clone()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        Disk.names(folder)
    }
}
