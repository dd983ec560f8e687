//! Counts what each test shows under each cause.

use super::bench::{base, files, run_by};
use super::worlds::{Dice, Ranges, world};
use anyhow::Result;
use pinhole::analysis::rma::exams::done;
use pinhole::analysis::rma::inference::{Kind, Source, Test};
use pinhole::analysis::rma::{Finding, Senses, Supplied, Unit};
use pinhole::domain::condition::{Origin, Slot};
use pinhole::domain::event::FinishReason;
use pinhole::domain::ids::{BlockNo, SlotId};
use pinhole::domain::run_state::RunState;
use pinhole::planning::returns::condition;
use pinhole::planning::{Design, Next};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// These slots in their order, each until it is judged or lost.
struct Script(Vec<Slot>);

impl Design for Script {
    fn next(&self, run: &RunState) -> Next {
        let open = self.0.iter().find(|slot| run.slots.get(&slot.id).is_none_or(|state| !state.settled(2)));
        open.map_or(Next::Done(FinishReason::Complete), |slot| Next::Slot(slot.clone()))
    }

    fn planned(&self) -> &[Slot] {
        &self.0
    }
}

/// A test of each kind.
fn test_of(kind: Kind) -> Test {
    match kind {
        Kind::Stroke => Test::Stroke,
        Kind::BootReturned => Test::Boot(Source::Returned),
        Kind::BootReference => Test::Boot(Source::Reference(0)),
        Kind::PressReturned => Test::Press(Source::Returned),
        Kind::PressReference => Test::Press(Source::Reference(0)),
        Kind::PressMargin => Test::Press(Source::Margin),
    }
}

/// Times that each test is made in each world.
const REPEATS: u64 = 3;

/// Of each finding: how often it was seen in each world, and the bench seconds that these tests took.
type Counts = BTreeMap<Finding, (Vec<u32>, f64)>;

/// What is counted together: a kind of test on a unit, with an adapter where that matters.
type Job = (Kind, Unit, Option<Supplied>);

/// Prints the table.
pub fn make(draws: u64) -> Result<()> {
    println!(
        "# How often each finding of each kind of test was seen in each of {draws} fault worlds of each cause, of {REPEATS} tests."
    );
    println!("# Made by: scripts/rma-table {draws}");
    println!(
        "# kind,unit,supplied,finding (supply/boot/press/contact/force/kept),a digit for each world,seconds that these tests took together"
    );
    let jobs = jobs();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Counts)>> {
        let mut list = Vec::new();
        while let Some((index, &(kind, unit, supplied))) = take(&next, &jobs) {
            list.push((index, count(kind, unit, supplied, draws)?));
            eprintln!("{} {} {}", kind.name(), unit.name(), supplied.map_or("-", Supplied::name));
        }
        Ok(list)
    };
    let all = std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        let done = workers.map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked"))));
        done.into_iter().collect::<Result<Vec<_>>>()
    })?;
    for (index, counts) in all.into_iter().flatten().collect::<BTreeMap<_, _>>() {
        let (kind, unit, supplied) = jobs[index];
        for (finding, (counts, seconds)) in counts {
            let counts: String = counts.iter().map(u32::to_string).collect();
            println!("{},{},{},{finding},{counts},{seconds:.0}", kind.name(), unit.name(), supplied.map_or("-", Supplied::name));
        }
    }
    Ok(())
}

fn take<'j>(next: &AtomicUsize, jobs: &'j [Job]) -> Option<(usize, &'j Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

fn jobs() -> Vec<Job> {
    let supplied = |kind: Kind| match kind.on_returned() {
        true => vec![Some(Supplied::Good), Some(Supplied::Weak), Some(Supplied::Dead)],
        false => vec![None],
    };
    let units = |kind| Unit::ALL.into_iter().flat_map(move |unit| supplied(kind).into_iter().map(move |one| (kind, unit, one)));
    Kind::ALL.into_iter().flat_map(units).collect()
}

fn count(kind: Kind, unit: Unit, supplied: Option<Supplied>, draws: u64) -> Result<Counts> {
    let base = base()?;
    let mut counts = Counts::new();
    for draw in 0..draws {
        // The same world of a unit for every kind of test, whatever adapter came with it.
        let mut dice = Dice::new(draw, &format!("table {}", unit.name()));
        let world = world(&base, unit, supplied.unwrap_or(Supplied::Good), Ranges::Learnt, &mut dice);
        for repeat in 0..REPEATS {
            let place = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0) as u64;
            let bundle = files(&world, false, true, (draw * 16 + repeat) * 64 + place)?;
            let Some(plan) = bundle.suite.value.rma.as_ref() else { continue };
            let condition = condition(test_of(kind), plan, &bundle.profile.value);
            let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition };
            let state = run_by(&bundle, Some(&Script(vec![slot])))?;
            for done in done(&state.exams, plan, Senses::ALL) {
                let (worlds, seconds) = counts.entry(done.finding).or_insert_with(|| (vec![0; draws as usize], 0.0));
                worlds[draw as usize] += 1;
                *seconds += done.took_s;
            }
        }
    }
    Ok(counts)
}
