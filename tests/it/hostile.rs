//! Random cameras, adapters and traps: what is judged beside what really happened.
//!
//! `scripts/hostile 100000` runs it at length and prints the table of docs/evidence.md.

mod tally;
mod traps;
mod worlds;

use super::support::bench::Bench;
use pinhole::domain::condition::Stimulus;
use pinhole::domain::event::Event;
use pinhole::domain::ids::SlotId;
use pinhole::domain::step::Step;
use pinhole::domain::verdict::{Outcome, Verdict};
use pinhole::drivers::twin::TrialTruth;
use tally::{Judged, Tally};
use worlds::{Hostile, hostile};

/// Trials in a plain test run.
const TRIALS: u64 = 2_000;

/// Runs one seed's suite and compares every judged trial with the truth.
fn play(seed: u64, tally: &mut Tally) {
    let Hostile { files, suite, traps, full } = hostile(seed);
    let bench = Bench::new(files.bundle(&suite));
    let session = bench.begin();
    session.end.unwrap_or_else(|error| panic!("seed {seed}: {error:#}"));
    let (mut open, mut began, mut judged) = (None, None, None);
    for (_, at, event) in bench.events() {
        match event {
            Event::TrialStarted(trial) => (open, began, judged) = (Some((trial.slot, trial.attempt)), None, None),
            Event::StepStarted(started) if matches!(started.step, Step::Press { .. } | Step::Sham { .. }) => began = Some(at),
            Event::Diagnosed(diagnosis) => judged = Some((at, diagnosis.level)),
            Event::TrialFinished(end) => {
                let (Outcome::Judged(verdict), Some((slot, attempt)), Some((at, level))) = (end.outcome, &open, judged) else {
                    continue;
                };
                let happened = session.truth.trial(slot.id, *attempt).unwrap();
                let truth = happened.verdict(began, at);
                let control = !matches!(slot.condition.stimulus, Stimulus::Press { .. });
                // Nothing but the camera itself wipes settings in a control, and that is what the control is to show.
                if control && truth == Verdict::Inconclusive && verdict == Verdict::FactoryReset {
                    continue;
                }
                if verdict != truth && std::env::var("PINHOLE_SEED").is_ok() {
                    tell(&bench, slot.id, &session.truth.trial(slot.id, *attempt).unwrap());
                }
                tally.add(Judged { seed, slot: slot.id, traps: &traps, full, level, verdict, truth });
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

/// Prints what was seen in a trial that was judged wrongly, and what happened.
fn tell(bench: &Bench, slot: SlotId, truth: &TrialTruth) {
    let mut inside = false;
    for (seq, at, event) in bench.events() {
        if let Event::TrialStarted(trial) = &event {
            inside = trial.slot.id == slot;
        }
        if inside {
            println!("{seq} {:.3} {event:?}", at.0 as f64 / 1e6);
        }
    }
    println!("{truth:#?}");
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
