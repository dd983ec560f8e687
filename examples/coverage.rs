//! Do the threshold intervals keep their promise? Runs a suite on the twin under many seeds and counts how often each interval holds what
//! the world file says. `scripts/coverage` runs it; the last result stands in `docs/statistics.md`.
//!
//! Usage: coverage SEEDS [SUITE]

use anyhow::{Context, Result};
use pinhole::analysis::{Analysis, RunFold};
use pinhole::cli::Wishes;
use pinhole::cli::launch::{Identity, Launch, View};
use pinhole::domain::event::Event;
use pinhole::domain::ids::{AdapterName, DutSerial, RunId, Seq};
use pinhole::domain::run_state::RunState;
use pinhole::domain::suite::Keep;
use pinhole::domain::units::Tick;
use pinhole::drivers::twin::World;
use pinhole::drivers::twin::world::PlayedResponse;
use pinhole::files::{Bundle, Disk, load, read};
use pinhole::journal::MemoryStorage;
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

/// The hold of a quantity; `None` where no hold reaches it.
fn truth(response: &PlayedResponse, quantity: &str) -> Option<f64> {
    match quantity {
        "hold50" => response.absolute(0.50),
        "hold95" => response.absolute(0.95),
        "hold99" => response.absolute(0.99),
        "hold95_rel" => response.relative(0.95),
        _ => None,
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
    let launch = Launch { bundle, position, identity: &identity, wishes: &wishes, state: Path::new("state"), design: None };
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
        let played =
            world.response(&AdapterName::from(adapter)).context("the world must have one hold window that does not end")?;
        let responses = analysis.responses.iter().filter(|response| response.group.adapter.as_str() == adapter);
        for one in responses.flat_map(|response| &response.thresholds) {
            let Some(value) = truth(&played, one.quantity) else { continue };
            let holds = one.lo_s.is_none_or(|lo| lo <= value) && one.hi_s.is_none_or(|hi| value <= hi);
            found.push((adapter, one.quantity.to_owned(), holds));
        }
    }
    Ok(found)
}
