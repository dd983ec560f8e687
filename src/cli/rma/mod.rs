//! `pinhole rma`: a returned unit gets its verdict in the least bench time.

pub mod plan;
mod record;

pub use record::{conclude, is_return, remake};

use super::control::Wishes;
use super::kept::Kept;
use super::launch::Launch;
use super::ledger::life;
use super::live::Stage;
use super::outputs::NotOpened;
use super::run::{claim, identity, save_inputs};
use super::trouble::Trouble;
use super::{args, preflight, settings, signals};
use crate::domain::ids::{DutSerial, RunId};
use crate::domain::profile::Profile;
use crate::files::Disk;
use crate::journal::DiskStorage;
use anyhow::{Context, anyhow};
use plan::Wanted;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Decides a return.
pub fn rma(args: &args::Rma, state: &Path) -> Result<u8, Trouble> {
    if let Some(args::RmaAction::Confirm(confirm)) = &args.action {
        return super::confirm::confirm(confirm, state);
    }
    let (Some(rig), Some(serial)) = (&args.rig, &args.serial) else {
        return Err(Trouble::refused(anyhow!("a return needs --rig FILE and --dut-serial SERIAL")));
    };
    let kept = settings::settings(state)?.returns;
    let photo = args.photo.as_deref().map(|photo| Ok::<_, Trouble>((photo, record::photo_name(photo)?))).transpose()?;
    let identity = identity(args.operator.as_deref());
    let wanted = Wanted {
        rig,
        dut: args.dut.as_deref(),
        serial,
        returned: args.returned.as_deref(),
        case: args.case.as_deref(),
        yes: args.yes,
        today: identity.zone.to_datetime(identity.wall).date(),
        fixed_order: false,
        seed: 0,
        traces: kept.traces,
    };
    let (mut bundle, doubts) = plan::bundle(&Disk, &wanted)?;
    preflight::doubt_lights(&mut bundle);
    let position = &bundle.rig.value.positions[0];
    preflight::position(&bundle, position)?;
    let unit = DutSerial::from(serial.as_str());
    may_suffer(state, &unit, &bundle.profile.value)?;
    doubts.iter().for_each(|doubt| eprintln!("warning: {doubt}"));
    let time = identity.wall.strftime("%Y%m%dT%H%M%SZ");
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("reports").join(format!("return-{time}")));
    claim(&out)?;
    save_inputs(&bundle, &out)?;
    if let Some((photo, name)) = photo {
        std::fs::copy(photo, out.join(name)).with_context(|| format!("copying {}", photo.display()))?;
    }
    let wishes = Arc::new(Wishes::default());
    let mut stage = Stage::new(&args.show);
    signals::listen(Arc::clone(&wishes), stage.teller()).map_err(Trouble::refused)?;
    stage.begin(&wishes).map_err(Trouble::refused)?;
    let launch = Launch { bundle: &bundle, position, identity: &identity, wishes: &wishes, state, design: None };
    let mut view = Kept::new(stage.screen(&bundle, position, false), &out, state);
    let run_id = RunId(uuid::Uuid::now_v7().to_string());
    let finished = match launch.compose() {
        Ok(composed) => launch.begin(composed, DiskStorage, &out, run_id, unit, &mut view),
        Err(error) => {
            let _ = std::fs::remove_dir_all(&out);
            return Err(Trouble::refused(error.context(NotOpened)));
        }
    };
    view.close();
    drop(stage);
    conclude(finished, &out, state, args.show.kind())
}

/// Refuses a unit that has suffered as much as its profile allows.
fn may_suffer(state: &Path, serial: &DutSerial, profile: &Profile) -> Result<(), Trouble> {
    let (sum, budget) = (life(state, serial)?.sum(None), &profile.budget);
    let spent = [
        ("factory resets", sum.resets, budget.resets),
        ("power cuts while it may have been writing", sum.power_cuts, budget.power_cuts),
        ("password attempts", sum.password_attempts, budget.password_attempts),
    ];
    for (what, suffered, most) in spent {
        if suffered >= most && most > 0 {
            let text = format!("unit {serial} has suffered {suffered} {what}, and its profile allows {most}");
            return Err(Trouble::refused(anyhow!(text))
                .help("decide this return by hand; the profile's [budget] says what a unit stands"));
        }
    }
    Ok(())
}
