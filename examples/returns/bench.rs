//! A return on the twin, in memory.

use super::worlds::RETURNED;
use anyhow::{Context, Result, anyhow};
use pinhole::analysis::rma::Table;
use pinhole::cli::Wishes;
use pinhole::cli::launch::{Identity, View};
use pinhole::cli::rma::plan::{Wanted, bundle};
use pinhole::domain::event::Event;
use pinhole::domain::ids::{DutSerial, RunId, Seq};
use pinhole::domain::run_state::RunState;
use pinhole::domain::suite::Keep;
use pinhole::domain::units::Tick;
use pinhole::drivers::twin::World;
use pinhole::files::{Bundle, Disk, Overlay, Source, read};
use pinhole::journal::MemoryStorage;
use pinhole::planning::{Design, Returns};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The bench of the fixtures.
pub const RIG: &str = "rigs/twin-returns.toml";
const WORLD: &str = "worlds/amcrest-indoor.toml";
/// A serial number of the fixtures' camera.
pub const SERIAL: &str = "AMC0000001A5";

/// The fixtures' folder.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The world that fault worlds are made of.
pub fn base() -> Result<World> {
    let path = fixtures().join(WORLD);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(read::<World>(&Source::new(WORLD, &text)).map_err(|errors| anyhow!("{errors}"))?.value)
}

/// A return in this world.
pub fn files(world: &World, fixed_order: bool, returned: bool, seed: u64) -> Result<Bundle> {
    let mut overlay = Overlay::new(&Disk);
    overlay.put(&fixtures().join(WORLD), toml::to_string(world).context("writing the world")?);
    let rig = fixtures().join(RIG);
    let wanted = Wanted {
        rig: &rig,
        dut: None,
        serial: SERIAL,
        returned: returned.then_some(RETURNED),
        case: Some("R"),
        yes: true,
        today: jiff::civil::date(2026, 11, 1),
        fixed_order,
        seed,
        traces: Keep::None,
    };
    let (mut bundle, _) = bundle(&overlay, &wanted).map_err(|trouble| trouble.error)?;
    // The whole procedure with all its repeats is what the order is measured by.
    if let Some(plan) = bundle.suite.value.rma.as_mut().filter(|plan| plan.fixed_order) {
        plan.budget_min = 1e6;
    }
    Ok(bundle)
}

/// Keeps the state of a run.
#[derive(Default)]
struct Kept(Option<RunState>);

impl View for Kept {
    fn show(&mut self, _: Seq, _: Tick, event: &Event, state: &RunState) {
        if matches!(event, Event::TrialFinished(_) | Event::RunFinished(_)) {
            self.0 = Some(state.clone());
        }
    }
}

/// Runs a return to its end and gives its state; with a design of the caller's own where there is one.
pub fn run_by(bundle: &Bundle, design: Option<&(dyn Design + Sync)>) -> Result<RunState> {
    let identity = Identity {
        wall: jiff::Timestamp::UNIX_EPOCH,
        program: "returns".to_owned(),
        host: "none".to_owned(),
        operator: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let wishes = Arc::new(Wishes::default());
    let position = &bundle.rig.value.positions[0];
    let launch = pinhole::cli::launch::Launch {
        bundle,
        position,
        identity: &identity,
        wishes: &wishes,
        state: Path::new("state"),
        design,
    };
    let mut kept = Kept::default();
    let (run_id, serial) = (RunId::from("returns"), DutSerial::from(SERIAL));
    let composed = launch.compose()?;
    launch.begin(composed, MemoryStorage::new(), Path::new("run"), run_id, serial, &mut kept)?;
    kept.0.context("the run wrote nothing")
}

/// The design of a return with this table.
pub fn design(bundle: &Bundle, table: Option<&Table>) -> Result<Returns> {
    let position = &bundle.rig.value.positions[0];
    let design = Returns::new(&bundle.suite.value, &bundle.profile.value, position).context("no return")?;
    Ok(match table {
        Some(table) => design.with_table(table.clone()),
        None => design,
    })
}
