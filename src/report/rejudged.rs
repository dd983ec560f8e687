//! What `pinhole rejudge` leaves beside trials.csv and cells.csv: every trial that was judged again, and those whose judgement changed.

use super::csv::Table;
use crate::domain::ids::{Attempt, SlotId};
use crate::domain::verdict::{Level, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Columns of changed.csv.
pub const CHANGED: &str = "slot,attempt,old_verdict,new_verdict,old_level,new_level,from,reason";
/// Columns of judged.csv.
pub const JUDGED: &str = "slot,attempt,old_verdict,new_verdict,old_level,new_level,from,note";

/// From what a trial was judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From what the instruments delivered.
    Traces,
    /// From the observations in the journal.
    Observations,
}

impl From {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            From::Traces => "traces",
            From::Observations => "observations",
        }
    }
}

/// A trial that was judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejudgement {
    /// Its slot.
    pub slot: SlotId,
    /// Which attempt.
    pub attempt: Attempt,
    /// What was judged in the run.
    pub old: (Verdict, Level),
    /// What is judged now.
    pub new: (Verdict, Level),
    /// From what.
    pub from: From,
    /// Why not from traces.
    pub note: Option<String>,
    /// The deciding reason of the new verdict.
    pub reason: String,
}

impl Rejudgement {
    /// Whether verdict or level is another than before.
    pub fn changed(&self) -> bool {
        self.old != self.new
    }
}

/// One line for each trial whose verdict or level changed.
pub fn changed(trials: &[Rejudgement]) -> Vec<u8> {
    table(CHANGED, trials.iter().filter(|trial| trial.changed()), |trial| &trial.reason)
}

/// One line for each trial that was judged again.
pub fn judged(trials: &[Rejudgement]) -> Vec<u8> {
    table(JUDGED, trials.iter(), |trial| trial.note.as_deref().unwrap_or(""))
}

fn table<'a>(header: &str, trials: impl Iterator<Item = &'a Rejudgement>, last: impl Fn(&Rejudgement) -> &str) -> Vec<u8> {
    let mut table = Table::new(header);
    for trial in trials {
        table.put(trial.slot);
        table.put(trial.attempt);
        table.put(trial.old.0.name());
        table.put(trial.new.0.name());
        table.put(trial.old.1.name());
        table.put(trial.new.1.name());
        table.put(trial.from.name());
        table.put(last(trial));
        table.end_line();
    }
    table.finish()
}

/// The result in a few lines.
pub fn summary(trials: &[Rejudgement], profile: &str) -> String {
    let from = |wanted| trials.iter().filter(|trial| trial.from == wanted).count();
    let (traces, observations) = (from(From::Traces), from(From::Observations));
    let mut text = format!(
        "{} trials judged again by the profile {profile}: {traces} from traces, {observations} from observations\n",
        trials.len()
    );
    let mut notes: BTreeMap<&str, u32> = BTreeMap::new();
    for note in trials.iter().filter_map(|trial| trial.note.as_deref()) {
        *notes.entry(note).or_default() += 1;
    }
    for (note, count) in notes {
        let _ = writeln!(text, "  {count} not from traces: {note}");
    }
    let mut pairs: BTreeMap<(Verdict, Verdict), u32> = BTreeMap::new();
    for trial in trials.iter().filter(|trial| trial.old.0 != trial.new.0) {
        *pairs.entry((trial.old.0, trial.new.0)).or_default() += 1;
    }
    let _ = writeln!(text, "verdicts changed: {}", pairs.values().sum::<u32>());
    for ((old, new), count) in pairs {
        let _ = writeln!(text, "  {count} from {} to {}", old.name(), new.name());
    }
    let levels = trials.iter().filter(|trial| trial.old.1 != trial.new.1).count();
    if levels > 0 {
        let _ = writeln!(text, "evidence levels changed: {levels}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials() -> Vec<Rejudgement> {
        let trial = |slot, new, from, note: Option<&str>| Rejudgement {
            slot: SlotId(slot),
            attempt: Attempt(1),
            old: (Verdict::NoResponse, Level::Proved),
            new: (new, Level::Proved),
            from,
            note: note.map(str::to_owned),
            reason: "It did, \"really\".".to_owned(),
        };
        vec![
            trial(0, Verdict::NoResponse, From::Traces, None),
            trial(1, Verdict::FactoryReset, From::Traces, None),
            trial(2, Verdict::NoResponse, From::Observations, Some("no trace was kept")),
        ]
    }

    #[test]
    fn only_changed_trials_are_listed_as_changed() {
        let text = String::from_utf8(changed(&trials())).unwrap();
        let line = "1,1,no_response,factory_reset,proved,proved,traces,\"It did, \"\"really\"\".\"\n";
        assert_eq!(text, format!("{CHANGED}\n{line}"));
        assert_eq!(String::from_utf8(judged(&trials())).unwrap().lines().count(), 4);
        assert_eq!(changed(&[]), format!("{CHANGED}\n").into_bytes());
    }

    #[test]
    fn the_summary_says_from_what_and_what_changed() {
        let text = summary(&trials(), "cam");
        let expected = "3 trials judged again by the profile cam: 2 from traces, 1 from observations\n  1 not from traces: no trace was kept\n\
                        verdicts changed: 1\n  1 from no_response to factory_reset\n";
        assert_eq!(text, expected);
    }
}
