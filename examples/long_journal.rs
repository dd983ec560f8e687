//! Makes a long journal out of a real run, for `scripts/bench`: the trials of the run are written again and again, as trials of new slots
//! one after the other, by the same writer that wrote them. So its lines are what the engine writes, in the same mix.
//!
//! `cargo run --release --example long_journal -- RUN_DIRECTORY NEW_DIRECTORY TRIALS`

use anyhow::{Context, Result, bail};
use pinhole::domain::event::{BlockStarted, Event, FinishReason, RunFinished};
use pinhole::domain::ids::{BlockNo, Seq, SlotId};
use pinhole::domain::units::{Seconds, Tick};
use pinhole::journal::{DiskStorage, Reader, Traces, Wanted, create};
use pinhole::ports::Recorder;
use std::path::Path;

/// A line of a journal.
type Line = (Seq, Tick, Event);

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, count] = args.as_slice() else { bail!("usage: long_journal RUN_DIRECTORY NEW_DIRECTORY TRIALS") };
    let count: u32 = count.parse().with_context(|| format!("`{count}` is no number of trials"))?;
    let (head, trials) = read(Path::new(from))?;
    write(Path::new(to), head, &trials, count)
}

/// The lines before the first trial, and those of each trial.
fn read(dir: &Path) -> Result<(Vec<Line>, Vec<Vec<Line>>)> {
    let (mut head, mut trials) = (Vec::new(), Vec::<Vec<Line>>::new());
    let mut reader = Reader::new(DiskStorage, dir, Wanted::ALL);
    reader.for_each(|seq, at, event| match event {
        Event::BlockStarted(_) | Event::RunFinished(_) => {}
        Event::TrialStarted(_) => trials.push(vec![(seq, at, event.clone())]),
        _ => trials.last_mut().unwrap_or(&mut head).push((seq, at, event.clone())),
    })?;
    if trials.is_empty() {
        bail!("{} holds no trial", dir.display());
    }
    Ok((head, trials))
}

fn write(dir: &Path, mut head: Vec<Line>, trials: &[Vec<Line>], count: u32) -> Result<()> {
    let mut writer = create(DiskStorage, dir, Traces::Off)?;
    let here = trials.len() as u32;
    let mut a_block = here;
    for (_, at, event) in &mut head {
        if let Event::RunStarted(started) = event {
            // The plan becomes as much longer as the run.
            let design = &mut started.suite.design;
            a_block = here / design.replicates.unwrap_or(1).max(1);
            let longer = |n: u32| (u64::from(n) * u64::from(count) / u64::from(here)) as u32;
            design.replicates = design.replicates.map(longer);
            design.shams_per_adapter = longer(design.shams_per_adapter);
        }
        writer.record(*at, event.clone())?;
    }
    let mut now = Tick::ZERO;
    for (number, trial) in (0..count).zip(trials.iter().cycle()) {
        let block = BlockNo(number / a_block.max(1));
        if number % a_block.max(1) == 0 {
            writer.record(now, Event::BlockStarted(BlockStarted { block }))?;
        }
        now = again(&mut writer, trial, SlotId(number), block, now)?;
    }
    writer.record(now, Event::RunFinished(RunFinished { reason: FinishReason::Complete }))?;
    Ok(())
}

/// Writes a trial as that of another slot, beginning at `now`. Returns when it ended.
fn again(writer: &mut impl Recorder, trial: &[Line], slot: SlotId, block: BlockNo, now: Tick) -> Result<Tick> {
    let Some(&(first, begin, _)) = trial.first() else { return Ok(now) };
    let later = |at: Tick| now + at.since(begin);
    let next = Seq(writer.state().next_seq);
    let moved = |seqs: &mut Vec<Seq>| seqs.iter_mut().for_each(|seq| *seq = Seq(seq.0 - first.0 + next.0));
    for (_, at, event) in trial {
        let mut event = event.clone();
        match &mut event {
            Event::TrialStarted(started) => (started.slot.id, started.slot.block) = (slot, block),
            Event::TrialFinished(finished) => finished.slot = slot,
            Event::TrialAbandoned(abandoned) => abandoned.slot = slot,
            Event::Observed(observed) => observed.at_us = later(observed.at_us),
            Event::Measured(measured) => measured.at_us = later(measured.at_us),
            Event::Diagnosed(diagnosis) => {
                moved(&mut diagnosis.decided_by);
                moved(&mut diagnosis.against);
            }
            _ => {}
        }
        writer.record(later(*at), event)?;
    }
    let end = trial.last().map_or(Seconds::ZERO, |(_, at, _)| at.since(begin));
    Ok(now + end)
}
