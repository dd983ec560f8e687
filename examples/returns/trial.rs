//! Verdicts on returns from worlds that the likelihoods were not made of: the confusion matrix, the reliability of the probabilities, and
//! the bench minutes against the guide's fixed order.

use super::bench::{base, design, files, run_by};
use super::worlds::{Dice, Ranges, world};
use anyhow::{Context, Result};
use pinhole::analysis::rma::{Cause, Conclusion, Senses, Supplied, Table, Unit, conclude};
use pinhole::domain::rma::FaultClass;
use pinhole::drivers::twin::World;

/// Returns without an adapter, as a share.
const WITHOUT_ADAPTER: f64 = 0.25;
/// Rare causes are tried more often than the priors say: each weight is raised to this power.
const FLATTER: f64 = 0.75;

/// One return.
pub struct Tried {
    /// What is wrong.
    pub cause: Cause,
    /// What was concluded.
    pub conclusion: Conclusion,
    /// Bench minutes, and presses.
    pub spent: (f64, usize),
    /// The same of the fixed order, and whether its verdict was right; `None` where it was not tried.
    pub fixed: Option<(f64, usize, Option<bool>)>,
}

impl Tried {
    /// The class that is right.
    pub fn truth(&self) -> FaultClass {
        self.cause.class()
    }

    /// Whether the verdict is right; `None`: undecided.
    pub fn right(&self) -> Option<bool> {
        self.conclusion.verdict.map(|class| class == self.truth())
    }

    /// The unit is sound and is blamed.
    pub fn blamed_for_power(&self) -> bool {
        let only_power = self.cause.unit == Unit::Sound;
        only_power && matches!(self.conclusion.verdict, Some(FaultClass::Firmware | FaultClass::Hardware))
    }
}

/// Tries the return of this number.
pub fn tried(base: &World, number: u64, table: Option<&Table>, fixed: bool) -> Result<Tried> {
    let mut dice = Dice::new(number, "tried");
    let returned = !dice.happens(WITHOUT_ADAPTER);
    let weights = Unit::ALL.map(|unit| unit.prior().powf(FLATTER));
    let unit = Unit::ALL[dice.weighted(&weights)];
    let weights = Supplied::ALL.map(|supplied| supplied.prior().powf(FLATTER));
    let supplied = if returned { Supplied::ALL[dice.weighted(&weights)] } else { Supplied::Good };
    let world = world(base, unit, supplied, Ranges::Tried, &mut dice);
    let (conclusion, spent) = run(&world, false, returned, number, table)?;
    let cause = Cause { unit, supplied };
    let fixed = match fixed {
        true => {
            let (conclusion, (minutes, presses)) = run(&world, true, returned, number, table)?;
            Some((minutes, presses, conclusion.verdict.map(|class| class == cause.class())))
        }
        false => None,
    };
    Ok(Tried { cause, conclusion, spent, fixed })
}

fn run(world: &World, fixed: bool, returned: bool, seed: u64, table: Option<&Table>) -> Result<(Conclusion, (f64, usize))> {
    let bundle = files(world, fixed, returned, seed)?;
    let design = design(&bundle, table)?;
    let state = run_by(&bundle, Some(&design))?;
    let built_in = Table::built_in(Senses::ALL);
    let conclusion = conclude(&state, table.unwrap_or(&built_in)).context("the run is no return")?;
    let presses = state.exams.iter().filter(|exam| exam.condition.stimulus.name() == "press").count();
    Ok((conclusion, (state.bench_time().get() / 60.0, presses)))
}

/// Tries the returns of these numbers and prints what came of them.
pub fn report(numbers: std::ops::Range<u64>, table: Option<&str>) -> Result<()> {
    let table = match table {
        Some(path) => Some(Table::parse(&std::fs::read_to_string(path)?, Senses::ALL)?),
        None => None,
    };
    let base = base()?;
    let next = std::sync::atomic::AtomicU64::new(numbers.start);
    let work = || -> Result<Vec<(u64, Tried)>> {
        let mut list = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if index >= numbers.end {
                return Ok(list);
            }
            list.push((index, tried(&base, index, table.as_ref(), true)?));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        let done = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked"))));
        done.collect::<Result<Vec<_>>>()
    })?
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    all.sort_by_key(|(index, _)| *index);
    print(&all);
    Ok(())
}

fn print(all: &[(u64, Tried)]) {
    let n = all.len();
    let share = |k: usize, of: usize| format!("{k} of {of} ({:.1} %)", 100.0 * k as f64 / of.max(1) as f64);
    let count = |keep: &dyn Fn(&Tried) -> bool| all.iter().filter(|(_, tried)| keep(tried)).count();
    let decided = count(&|tried| tried.right().is_some());
    println!("- right among decided: {}", share(count(&|tried| tried.right() == Some(true)), decided));
    println!("- undecided: {}", share(n - decided, n));
    println!("- `firmware` or `hardware` for a sound unit: {}", count(&Tried::blamed_for_power));
    let mixed = |tried: &Tried| tried.cause.secondary().is_some() && tried.right() == Some(true);
    let named = count(&|tried| mixed(tried) && tried.conclusion.secondary == tried.cause.secondary());
    println!("- mixtures whose second fault was named, of those with the first one right: {}", share(named, count(&mixed)));
    let wrong = |tried: &Tried| tried.cause.secondary().is_none() && tried.conclusion.secondary.is_some();
    println!("- second faults named that were none: {}", count(&wrong));
    minutes(all);
    println!("\n| what it was | returns | {} | undecided |", FaultClass::ALL.map(FaultClass::name).join(" | "));
    println!("|---|---|{}---|", "---|".repeat(6));
    for truth in FaultClass::ALL {
        row(truth.name(), &|tried: &Tried| tried.truth() == truth, all);
    }
    println!("\n| cause | returns | {} | undecided |", FaultClass::ALL.map(FaultClass::name).join(" | "));
    println!("|---|---|{}---|", "---|".repeat(6));
    for unit in Unit::ALL {
        row(unit.name(), &|tried: &Tried| tried.cause.unit == unit, all);
    }
    reliability(all);
    for (index, tried) in all.iter().filter(|(_, tried)| tried.right() == Some(false) || tried.blamed_for_power()) {
        eprintln!("wrong: {index} {:?} -> {:?} {:.3}", tried.cause, tried.conclusion.verdict, tried.conclusion.probability);
        tried.conclusion.steps.iter().for_each(|made| eprintln!("   {} {} {:.3?}", made.test, made.finding, made.after));
    }
    for (index, tried) in all.iter().filter(|(_, tried)| tried.right().is_none()) {
        eprintln!("undecided: {index} {:?} {:.3} {}", tried.cause, tried.conclusion.probability, tried.conclusion.reasons[0]);
        tried.conclusion.steps.iter().for_each(|made| eprintln!("   {} {} {:.3?}", made.test, made.finding, made.after));
    }
}

fn row(name: &str, keep: &dyn Fn(&Tried) -> bool, all: &[(u64, Tried)]) {
    let here: Vec<&Tried> = all.iter().map(|(_, tried)| tried).filter(|tried| keep(tried)).collect();
    let of = |verdict: Option<FaultClass>| here.iter().filter(|tried| tried.conclusion.verdict == verdict).count();
    let cells: Vec<String> = FaultClass::ALL.iter().map(|class| of(Some(*class)).to_string()).collect();
    println!("| {name} | {} | {} | {} |", here.len(), cells.join(" | "), of(None));
}

fn minutes(all: &[(u64, Tried)]) {
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let own = mean(all.iter().map(|(_, tried)| tried.spent.0).collect());
    let presses = mean(all.iter().map(|(_, tried)| tried.spent.1 as f64).collect());
    println!("- bench minutes a return: {own:.1}, presses {presses:.2}");
    let fixed: Vec<&(f64, usize, Option<bool>)> = all.iter().filter_map(|(_, tried)| tried.fixed.as_ref()).collect();
    let minutes = mean(fixed.iter().map(|fixed| fixed.0).collect());
    let presses = mean(fixed.iter().map(|fixed| fixed.1 as f64).collect());
    let decided = fixed.iter().filter(|fixed| fixed.2.is_some()).count();
    let right = fixed.iter().filter(|fixed| fixed.2 == Some(true)).count();
    println!(
        "- the guide's fixed order: {minutes:.1} minutes, presses {presses:.2}; {right} of {decided} decided were right, {} undecided",
        fixed.len() - decided
    );
    println!("- share of the fixed order's bench time: {:.2}", own / minutes.max(1e-9));
}

fn reliability(all: &[(u64, Tried)]) {
    println!("\n| probability of the most likely class | returns | mean probability | right |\n|---|---|---|---|");
    for (from, to) in [(0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 0.98), (0.98, 0.99), (0.99, 0.999), (0.999, 1.1)] {
        let here: Vec<&Tried> =
            all.iter().map(|(_, tried)| tried).filter(|tried| (from..to).contains(&tried.conclusion.probability)).collect();
        if here.is_empty() {
            continue;
        }
        let best = |tried: &&&Tried| {
            let after = tried.conclusion.steps.last().map_or(tried.conclusion.prior, |made| made.after);
            let place = (0..after.len()).max_by(|a, b| after[*a].total_cmp(&after[*b])).unwrap_or(0);
            FaultClass::ALL[place] == tried.truth()
        };
        let right = here.iter().filter(best).count();
        let mean = here.iter().map(|tried| tried.conclusion.probability).sum::<f64>() / here.len() as f64;
        println!("| {from} to {:.3} | {} | {mean:.4} | {:.4} |", to.min(1.0), here.len(), right as f64 / here.len() as f64);
    }
}
