//! Do the threshold intervals keep their promise? Runs a suite on the twin under many seeds and counts how often each interval holds what
//! the world file says. `scripts/coverage` runs it; the last result stands in `docs/statistics.md`.
//!
//! Usage: coverage SEEDS [SUITE]

use anyhow::{Context, Result, bail};
use pinhole::analysis::{Analysis, RunFold};
use pinhole::cli::Wishes;
use pinhole::cli::launch::{Identity, Launch, View};
use pinhole::domain::canary::Category;
use pinhole::domain::event::Event;
use pinhole::domain::ids::{AdapterName, DutSerial, RunId, Seq};
use pinhole::domain::run_state::RunState;
use pinhole::domain::suite::Keep;
use pinhole::domain::units::Tick;
use pinhole::drivers::twin::World;
use pinhole::files::{Bundle, Disk, load, read};
use pinhole::journal::MemoryStorage;
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Adapters whose success the world file alone decides; a cable that browns out has no formula.
const JUDGED: [&str; 2] = ["oem-5v1a", "clone-5v2a"];

/// The fold of a run, made while it runs.
#[derive(Default)]
struct Folded(RunFold);

impl View for Folded {
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, _: &RunState) {
        self.0.apply(seq, at, event);
    }
}

/// The response that the world plays: `(1 - lapse) * Phi((ln h - ln median) / spread)` of contact time.
struct Response {
    median_s: f64,
    spread: f64,
    lapse: f64,
}

impl Response {
    fn of(world: &World, adapter: &str) -> Result<Self> {
        let button = &world.camera.button;
        let [window] = button.windows.as_slice() else { bail!("the world must have one hold window") };
        let model = world.adapters.get(&AdapterName::from(adapter)).context("the world lacks an adapter")?;
        let kept: f64 =
            Category::ALL.iter().map(|category| 1.0 - world.camera.flash.survive.get(category).copied().unwrap_or(0.0)).product();
        Ok(Self {
            median_s: window.threshold_s.get() * model.threshold_factor,
            spread: model.threshold_spread.unwrap_or(window.spread),
            lapse: 1.0 - (1.0 - button.lapse) * (1.0 - button.acknowledged_only) * kept,
        })
    }

    /// The hold of a quantity; `None` where no hold reaches it.
    fn truth(&self, quantity: &str) -> Option<f64> {
        let plateau = 1.0 - self.lapse;
        let share = match quantity {
            "hold50" => 0.50 / plateau,
            "hold95" => 0.95 / plateau,
            "hold99" => 0.99 / plateau,
            "hold95_rel" => 0.95,
            _ => return None,
        };
        let normal = Normal::new(0.0, 1.0).ok()?;
        (share < 1.0).then(|| self.median_s * (self.spread * normal.inverse_cdf(share)).exp())
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let seeds: u64 = arguments.next().context("usage: coverage SEEDS [SUITE]")?.parse()?;
    let suite = arguments.next().unwrap_or_else(|| "fixtures/suites/hold-sweep.toml".to_owned());
    let sets = ["factors.adapter=[\"oem-5v1a\", \"clone-5v2a\"]".to_owned()];
    let mut bundle = load(&Disk, Path::new(&suite), None, &sets)?;
    bundle.suite.value.traces = Keep::None;
    let position = &bundle.rig.value.positions[0];
    let world: World = read::<World>(&bundle.world(position).context("the rig needs a world")?.source)?.value;
    let mut hits: BTreeMap<(&str, String), (u32, u32)> = BTreeMap::new();
    for seed in 1..=seeds {
        bundle.suite.value.design.seed = seed;
        for (adapter, quantity, holds) in run(&bundle, &world)? {
            let count = hits.entry((adapter, quantity)).or_default();
            count.0 += u32::from(holds);
            count.1 += 1;
        }
    }
    println!("| adapter | quantity | intervals that hold the truth |\n|---|---|---|");
    for ((adapter, quantity), (hit, n)) in &hits {
        println!("| {adapter} | {quantity} | {hit} of {n} ({:.1} %) |", 100.0 * f64::from(*hit) / f64::from(*n));
    }
    Ok(())
}

fn run(bundle: &Bundle, world: &World) -> Result<Vec<(&'static str, String, bool)>> {
    let identity = Identity {
        wall: jiff::Timestamp::UNIX_EPOCH,
        program: "coverage".to_owned(),
        host: "none".to_owned(),
        operator: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let wishes = Arc::new(Wishes::default());
    let position = &bundle.rig.value.positions[0];
    let launch = Launch { bundle, position, identity: &identity, wishes: &wishes, state: Path::new("state") };
    let mut folded = Folded::default();
    let composed = launch.compose()?;
    launch.begin(
        composed,
        MemoryStorage::new(),
        Path::new("run"),
        RunId::from("coverage"),
        DutSerial::from("TWIN"),
        &mut folded,
    )?;
    let analysis = Analysis::pool(vec![folded.0])?;
    let mut found = Vec::new();
    for adapter in JUDGED {
        let truth = Response::of(world, adapter)?;
        let responses = analysis.responses.iter().filter(|response| response.group.adapter.as_str() == adapter);
        for one in responses.flat_map(|response| &response.thresholds) {
            let Some(value) = truth.truth(one.quantity) else { continue };
            let holds = one.lo_s.is_none_or(|lo| lo <= value) && one.hi_s.is_none_or(|hi| value <= hi);
            found.push((adapter, one.quantity.to_owned(), holds));
        }
    }
    Ok(found)
}
