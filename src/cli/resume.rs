//! `pinhole resume`.

use super::args;
use super::control::Wishes;
use super::kept::Kept;
use super::launch::{Fresh, Launch, untouched};
use super::live::Stage;
use super::run::identity;
use super::trouble::Trouble;
use super::{hooks, outputs, preflight, rma, settings, signals};
use crate::domain::ids::{DutSerial, RunId};
use crate::domain::rig::Position;
use crate::files::{Bundle, Disk, load_saved};
use crate::journal::{DiskStorage, read_state};
use anyhow::anyhow;
use std::path::Path;
use std::sync::Arc;

/// Goes on with a run.
pub fn resume(args: &args::Resume, state: &Path) -> Result<u8, Trouble> {
    settings::settings(state)?;
    let ending = read_state(DiskStorage, &args.dir).map_err(Trouble::refused)?;
    let bundle = load_saved(&Disk, &args.dir.join("inputs"))?;
    let started = ending.state.started.as_deref();
    let position = match started {
        Some(started) => bundle.rig.value.positions.iter().find(|position| position.name == started.position.name),
        None => bundle.rig.value.positions.first(),
    };
    let position = position.ok_or_else(|| Trouble::refused(anyhow!("the run's rig does not have the run's position")))?;
    preflight::position(&bundle, position)?;
    let identity = identity(args.operator.as_deref());
    let fresh = fresh(started.map(|started| &started.dut_serial), &bundle, position)?;
    let wishes = Arc::new(Wishes::default());
    let mut stage = Stage::new(&args.show);
    signals::listen(Arc::clone(&wishes), stage.teller()).map_err(Trouble::refused)?;
    stage.begin(&wishes).map_err(Trouble::refused)?;
    let launch = Launch { bundle: &bundle, position, identity: &identity, wishes: &wishes, state, design: None };
    let mut screen = stage.screen(&bundle, position, false);
    screen.catch_up(&args.dir).map_err(Trouble::refused)?;
    let mut view = Kept::new(screen, &args.dir, state);
    let finished = launch.compose().and_then(|composed| launch.go_on(composed, DiskStorage, &args.dir, fresh, &mut view));
    let printer = stage.printer();
    view.close();
    drop(stage);
    match finished {
        Err(error) if untouched(&error) => Err(Trouble::refused(error)),
        finished if rma::is_return(&bundle) => rma::conclude(finished, &args.dir, state, args.show.kind()),
        finished => {
            let dirs = std::slice::from_ref(&args.dir);
            let code = outputs::conclude(vec![finished], dirs, args.show.kind(), &printer);
            hooks::after(&bundle, dirs, state, code.as_ref().ok().copied());
            code
        }
    }
}

fn fresh(serial: Option<&DutSerial>, bundle: &Bundle, position: &Position) -> Result<Fresh, Trouble> {
    let run_id = RunId(uuid::Uuid::now_v7().to_string());
    match serial {
        Some(serial) => Ok(Fresh { run_id, serial: serial.clone() }),
        None => {
            // A crash before the first lines were on the disk: only a twin's unit is known without them.
            let units = preflight::units(bundle, &[])?;
            let unit = units.into_iter().find(|(other, _)| other.name == position.name);
            let (_, serial) = unit.ok_or_else(|| Trouble::refused(anyhow!("the run never started: run the suite again")))?;
            Ok(Fresh { run_id, serial })
        }
    }
}
