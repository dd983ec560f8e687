//! What was judged, beside what was true.

use pinhole::domain::ids::SlotId;
use pinhole::domain::verdict::{Level, Verdict};
use std::collections::BTreeMap;
use std::fmt;

/// Wrong verdicts may be so many, as a share of all judged trials (the aim of the project).
const WRONG: f64 = 0.005;
/// Inconclusive ones where every sensor is there and works.
const OPEN: f64 = 0.02;
/// Trials that are shown when something is wrong.
const SHOWN: usize = 25;

/// A judged trial.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) seed: u64,
    pub(crate) slot: SlotId,
    pub(crate) traps: &'a [&'static str],
    pub(crate) full: bool,
    pub(crate) level: Level,
    pub(crate) verdict: Verdict,
    pub(crate) truth: Verdict,
}

/// Counts of judged trials by truth, verdict and level.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    cells: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    judged: u64,
    full: u64,
    full_open: u64,
    wrong: u64,
    /// Resets that were claimed and did not happen.
    false_claims: Vec<String>,
    others: Vec<String>,
    traps: BTreeMap<&'static str, (u64, u64, u64)>,
}

impl Tally {
    /// Takes a judged trial.
    pub(crate) fn add(&mut self, trial: Judged<'_>) {
        let Judged { seed, slot, traps, full, level, verdict, truth } = trial;
        let level = level.name();
        self.judged += 1;
        *self.cells.entry((level, truth.name(), verdict.name())).or_default() += 1;
        let open = verdict == Verdict::Inconclusive;
        let wrong = !open && verdict != truth;
        self.full += u64::from(full);
        self.full_open += u64::from(full && open);
        self.wrong += u64::from(wrong);
        for trap in traps {
            let count = self.traps.entry(trap).or_default();
            count.0 += 1;
            count.1 += u64::from(wrong);
            count.2 += u64::from(open);
        }
        if wrong || open {
            let line = format!(
                "PINHOLE_SEED={seed} slot {}: judged {} ({level}), true {}; traps {}",
                slot.0,
                verdict.name(),
                truth.name(),
                traps.join(", ")
            );
            if wrong && super::claims(verdict) {
                self.false_claims.push(line);
            } else if self.others.len() < SHOWN {
                self.others.push(line);
            }
        }
    }

    pub(crate) fn judged(&self) -> u64 {
        self.judged
    }

    /// Both together.
    pub(crate) fn with(mut self, other: Tally) -> Tally {
        for (cell, count) in other.cells {
            *self.cells.entry(cell).or_default() += count;
        }
        for (trap, count) in other.traps {
            let sum = self.traps.entry(trap).or_default();
            *sum = (sum.0 + count.0, sum.1 + count.1, sum.2 + count.2);
        }
        self.judged += other.judged;
        self.full += other.full;
        self.full_open += other.full_open;
        self.wrong += other.wrong;
        self.false_claims.extend(other.false_claims);
        self.others.extend(other.others);
        self
    }

    /// The promises.
    pub(crate) fn check(&self) {
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        assert!(self.false_claims.is_empty(), "resets that never happened:\n{}", self.false_claims.join("\n"));
        assert!(share(self.wrong, self.judged) < WRONG, "{} of {} are wrong", self.wrong, self.judged);
        assert!(share(self.full_open, self.full) < OPEN, "{} of {} are inconclusive", self.full_open, self.full);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| level | truth | judged | trials |\n|---|---|---|---|")?;
        for ((level, truth, verdict), count) in &self.cells {
            writeln!(f, "| {level} | {truth} | {verdict} | {count} |")?;
        }
        writeln!(f, "\n| trap | trials | wrong | inconclusive |\n|---|---|---|---|")?;
        for (trap, (all, wrong, open)) in &self.traps {
            writeln!(f, "| {trap} | {all} | {wrong} | {open} |")?;
        }
        writeln!(
            f,
            "\n{} judged: {} resets claimed against the truth, {} wrong; with every sensor {}, of them {} inconclusive",
            self.judged,
            self.false_claims.len(),
            self.wrong,
            self.full,
            self.full_open
        )?;
        for line in self.others.iter().take(SHOWN) {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
