//! `pinhole simulate`: the suite's own design on the twin under many seeds. What would it cost, and do its intervals hold the truth?

mod tally;

use super::args;
use super::compose::{Composed, played};
use super::control::Wishes;
use super::launch::{Identity, Launch, View};
use super::trouble::Trouble;
use super::{out, preflight};
use crate::analysis::known::Known;
use crate::analysis::{Analysis, RunFold};
use crate::domain::event::Event;
use crate::domain::ids::{AdapterName, DutSerial, RunId, Seq};
use crate::domain::rig::Position;
use crate::domain::run_state::RunState;
use crate::domain::suite::Keep;
use crate::domain::units::Tick;
use crate::files::{Bundle, Disk};
use crate::journal::MemoryStorage;
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tally::Tally;

/// The folds of a run, made while it runs: its journal is thrown away.
#[derive(Default)]
struct Folded {
    run: RunFold,
    hours: f64,
    led_by: Option<Known>,
}

impl View for Folded {
    fn show(&mut self, seq: Seq, at: Tick, event: &Event, state: &RunState) {
        self.run.apply(seq, at, event);
        self.hours = state.bench_time().get() / 3600.0;
    }

    fn led(&mut self, by: Known) {
        self.led_by = Some(by);
    }
}

/// Runs the suite under so many seeds and prints what came of it.
pub fn simulate(args: &args::Simulate) -> Result<u8, Trouble> {
    let mut bundle = crate::files::load(&Disk, &args.inputs.suite, args.inputs.rig.as_deref(), &args.inputs.sets)?;
    preflight::doubt_lights(&mut bundle);
    bundle.suite.value.traces = Keep::None;
    let positions = bundle.rig.value.positions.clone();
    let position = positions.first().ok_or_else(|| Trouble::refused(anyhow!("the rig has no position")))?;
    if position.presser.driver != "twin" {
        let text = format!("position {} is no simulated bench", position.name);
        return Err(Trouble::refused(anyhow!(text)).help("name a rig with `twin` drivers: --rig fixtures/rigs/twin.toml"));
    }
    preflight::position(&bundle, position)?;
    let truth = played(&bundle, position)?;
    let first = bundle.suite.value.design.seed;
    let seeds: Vec<u64> = (0..u64::from(args.seeds)).map(|n| first.wrapping_add(n)).collect();
    let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(seeds.len().max(1));
    let mut parts: Vec<Result<Vec<Run>>> = Vec::new();
    std::thread::scope(|scope| {
        let work = (0..jobs).map(|job| {
            let mine: Vec<u64> = seeds.iter().copied().skip(job).step_by(jobs).collect();
            let mut bundle = bundle.clone();
            scope.spawn(move || mine.into_iter().map(|seed| one(&mut bundle, position, seed)).collect())
        });
        let work: Vec<_> = work.collect();
        let panicked = |_| Err(anyhow!("a simulated run panicked"));
        parts.extend(work.into_iter().map(|thread| thread.join().unwrap_or_else(panicked)));
    });
    let mut tally = Tally::new(bundle.suite.value.design.kind, truth);
    for part in parts {
        part.map_err(Trouble::rig)?.iter().for_each(|run| tally.add(run));
    }
    out(&tally.text(&bundle.suite.value.name));
    Ok(0)
}

/// What is kept of a run.
struct Run {
    analysis: Analysis,
    hours: f64,
    /// Adapters on which the camera browned out: no formula tells their response.
    browned_out: BTreeSet<AdapterName>,
}

fn one(bundle: &mut Bundle, position: &Position, seed: u64) -> Result<Run> {
    bundle.suite.value.design.seed = seed;
    let identity = Identity {
        wall: jiff::Timestamp::UNIX_EPOCH,
        program: "simulate".to_owned(),
        host: "none".to_owned(),
        operator: None,
        zone: jiff::tz::TimeZone::UTC,
    };
    let wishes = Arc::new(Wishes::default());
    let launch = Launch { bundle, position, identity: &identity, wishes: &wishes, state: Path::new("state"), design: None };
    let mut folded = Folded::default();
    let composed: Composed = launch.compose()?;
    let truth = composed.truth.clone().context("the twin tells no truth")?;
    let id = RunId::from(format!("simulated-{seed}").as_str());
    launch.begin(composed, MemoryStorage::new(), Path::new("run"), id, DutSerial::from("TWIN"), &mut folded)?;
    let analysis = Analysis::led(vec![folded.run], folded.led_by.as_ref())?;
    let mut browned_out = BTreeSet::new();
    for row in &analysis.rows {
        if truth.trial(row.slot, row.attempt).is_some_and(|trial| trial.brown_outs() > 0) {
            browned_out.insert(row.condition.adapter.clone());
        }
    }
    Ok(Run { analysis, hours: folded.hours, browned_out })
}
