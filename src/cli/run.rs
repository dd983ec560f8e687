//! `pinhole run`.

use super::args;
use super::calibration;
use super::control::Wishes;
use super::kept::Kept;
use super::launch::{Identity, Launch};
use super::live::{Screen, Stage};
use super::outputs;
use super::outputs::NotOpened;
use super::trouble::Trouble;
use super::{hooks, preflight, settings, signals};
use crate::domain::event::FinishReason;
use crate::domain::ids::{DutSerial, Operator, PositionName, RunId};
use crate::domain::rig::Position;
use crate::files::{Bundle, Disk};
use crate::journal::DiskStorage;
use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs a suite and writes its reports.
pub fn run(args: &args::Run, state: &Path) -> Result<u8, Trouble> {
    settings::settings(state)?;
    let mut bundle = crate::files::load(&Disk, &args.inputs.suite, args.inputs.rig.as_deref(), &args.inputs.sets)?;
    preflight::doubt_lights(&mut bundle);
    // A driver that does not exist is told first: which units are needed depends on what the drivers are.
    let named = |bundle: &Bundle| -> Result<Vec<PositionName>, Trouble> {
        let units = preflight::units(bundle, &args.serials).or_else(|missing| preflight::drivers(bundle).and(Err(missing)))?;
        Ok(units.into_iter().map(|(position, _)| position.name.clone()).collect())
    };
    let identity = identity(args.operator.as_deref());
    let positions = named(&bundle)?;
    calibration::take_up(&mut bundle, &positions, state, identity.today(), args.overdue)?;
    let units = preflight::units(&bundle, &args.serials)?;
    for (position, _) in &units {
        preflight::position(&bundle, position)?;
    }
    if !bundle.warnings.is_empty() {
        eprintln!("{}", bundle.warnings.render(super::trouble::style()));
    }
    let out = args.out.clone().unwrap_or_else(|| default_out(&bundle, &identity));
    let wishes = Arc::new(Wishes::default());
    let dirs: Vec<PathBuf> = units.iter().map(|(position, _)| directory(&out, position, units.len())).collect();
    for dir in &dirs {
        claim(dir)?;
        save_inputs(&bundle, dir)?;
    }
    let mut stage = Stage::new(&args.show);
    signals::listen(Arc::clone(&wishes), stage.teller()).map_err(Trouble::refused)?;
    stage.begin(&wishes).map_err(Trouble::refused)?;
    let mut finished = Vec::new();
    std::thread::scope(|scope| {
        let started = units.iter().zip(&dirs).map(|((position, serial), dir)| {
            let launch = Launch { bundle: &bundle, position, identity: &identity, wishes: &wishes, state, design: None };
            let screen = stage.screen(&bundle, position, units.len() > 1);
            scope.spawn(move || one(&launch, serial, dir, screen))
        });
        let started: Vec<_> = started.collect();
        finished.extend(
            started.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("the run's thread panicked")))),
        );
    });
    let printer = stage.printer();
    drop(stage);
    let code = outputs::conclude(finished, &dirs, args.show.kind(), &printer);
    hooks::after(&bundle, &dirs, state, code.as_ref().ok().copied());
    code
}

fn one(launch: &Launch<'_>, serial: &DutSerial, dir: &Path, screen: Screen) -> Result<FinishReason> {
    let run_id = RunId(uuid::Uuid::now_v7().to_string());
    let composed = launch.compose().map_err(|error| error.context(NotOpened))?;
    let mut view = Kept::new(screen, dir, launch.state);
    let finished = launch.begin(composed, DiskStorage, dir, run_id, serial.clone(), &mut view);
    view.close();
    finished
}

/// Who and when this session is.
pub fn identity(operator: Option<&str>) -> Identity {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[expect(clippy::disallowed_methods, reason = "the edge: wall time enters here, as identity alone")]
    let wall = Timestamp::now();
    Identity {
        wall,
        program: concat!("pinhole ", env!("CARGO_PKG_VERSION")).to_owned(),
        host,
        operator: operator.map(Operator::from),
        zone: TimeZone::system(),
    }
}

fn default_out(bundle: &Bundle, identity: &Identity) -> PathBuf {
    let time = identity.wall.strftime("%Y%m%dT%H%M%SZ");
    Path::new("reports").join(format!("{}-{time}", bundle.suite.value.name))
}

fn directory(out: &Path, position: &Position, positions: usize) -> PathBuf {
    if positions == 1 { out.to_owned() } else { out.join(position.name.as_str()) }
}

/// A run never writes into a folder that holds something else.
pub fn claim(dir: &Path) -> Result<(), Trouble> {
    let used = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        let dir = dir.display();
        let text = format!("{dir} is not empty: choose another --out, or go on with its run by `pinhole resume {dir}`");
        return Err(Trouble::refused(anyhow!(text)));
    }
    fs::create_dir_all(dir).with_context(|| format!("making the folder {}", dir.display())).map_err(Trouble::refused)
}

/// Keeps a copy of every input in the run's directory.
pub fn save_inputs(bundle: &Bundle, dir: &Path) -> Result<(), Trouble> {
    for (name, bytes) in bundle.save_to() {
        let path = dir.join("inputs").join(&name);
        let write = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, &bytes)?;
            fs::File::open(&path)?.sync_all()
        };
        write().with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
