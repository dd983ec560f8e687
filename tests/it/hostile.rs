//! Random cameras, adapters and traps: what is judged beside what really happened.
//!
//! `scripts/hostile 100000` runs it at length and prints the table of docs/evidence.md.

mod tally;
mod worlds;

use super::support::bench::Bench;
use pinhole::domain::event::Event;
use pinhole::domain::ids::{Attempt, SlotId};
use pinhole::domain::verdict::{Outcome, Verdict};
use tally::Tally;
use worlds::{Hostile, hostile};

/// Trials in a plain test run.
const TRIALS: u64 = 2_000;

/// Runs one seed's suite and compares every judged trial with the truth.
fn play(seed: u64, tally: &mut Tally) {
    let Hostile { files, suite, traps, full } = hostile(seed);
    let bench = Bench::new(files.bundle(&suite));
    let session = bench.begin();
    session.end.unwrap_or_else(|error| panic!("seed {seed}: {error:#}"));
    let mut open: Option<(SlotId, Attempt)> = None;
    let mut level = None;
    for (_, _, event) in bench.events() {
        match event {
            Event::TrialStarted(trial) => open = Some((trial.slot.id, trial.attempt)),
            Event::Diagnosed(diagnosis) => level = Some(diagnosis.level),
            Event::TrialFinished(end) => {
                let (Outcome::Judged(verdict), Some((slot, attempt))) = (end.outcome, open) else { continue };
                let truth = session.truth.trial(slot, attempt).unwrap();
                tally.add(seed, slot, &traps, full, level, verdict, truth.verdict());
            }
            _ => {}
        }
    }
}

#[test]
fn no_reset_is_claimed_against_the_truth_in_hostile_worlds() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let trials = number("PINHOLE_HOSTILE").unwrap_or(TRIALS);
    let tally = match number("PINHOLE_SEED") {
        Some(seed) => {
            let mut tally = Tally::default();
            play(seed, &mut tally);
            tally
        }
        None => many(number("PINHOLE_FIRST").unwrap_or(0), trials),
    };
    println!("{tally}");
    tally.check();
}

/// Seeds from `first` on until so many trials are judged, on every processor.
fn many(first: u64, trials: u64) -> Tally {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    let mut seed = first + worker;
                    while tally.judged() < trials.div_ceil(threads) {
                        play(seed, &mut tally);
                        seed += threads;
                    }
                    tally
                })
            })
            .collect();
        workers.into_iter().fold(Tally::default(), |all, worker| all.with(worker.join().expect("a seed panicked")))
    })
}

/// A verdict that claims a reset.
fn claims(verdict: Verdict) -> bool {
    verdict == Verdict::FactoryReset
}
