//! What a terminal shows while runs go on: where each stands, what it does, how its last trial ended, and the counts so far. Pure: the same
//! runs at the same bench time give the same lines.

use super::line::{Ink, Line, columns_of};
use super::progress::{Counts, Progress};
use crate::domain::event::How;
use crate::domain::ids::AdapterName;
use crate::domain::units::Tick;
use crate::report::words::{duration, percent};

/// Narrower than this, and no live view fits.
pub const COLUMNS_MIN: usize = 30;
/// Longer bars are not easier to read.
const BAR_MAX: usize = 40;
/// Rows of a terminal from which on the last verdict gets a bar three lines high.
const ROWS_ROOMY: usize = 20;

/// One run on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its position, where several runs share the screen.
    pub label: Option<&'a str>,
    /// Where it stands.
    pub progress: &'a Progress,
    /// Bench time of this run.
    pub now: Tick,
}

/// The screen and what can be done at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Columns, [`COLUMNS_MIN`] at least.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Whether keys are listened to.
    pub keys: bool,
}

/// The lines of the live view: no line wider and no more lines than the screen has, less one column and one row for the cursor.
pub fn frame(runs: &[Shown<'_>], screen: Screen) -> Vec<Line> {
    let (columns, rows) = (screen.columns.saturating_sub(1), screen.rows.saturating_sub(1).max(1));
    let mut lines = match runs {
        [one] => single(one, columns, screen.rows),
        several => several.iter().flat_map(|one| compact(one, columns)).collect(),
    };
    let foot = footer(runs, screen.keys, columns);
    lines.truncate(rows.saturating_sub(1));
    let room = rows.saturating_sub(lines.len() + 1);
    lines.extend(tally(&counts(runs), columns, room));
    lines.push(foot);
    lines.into_iter().map(|line| line.fit(columns)).collect()
}

fn single(run: &Shown<'_>, columns: usize, rows: usize) -> Vec<Line> {
    let progress = run.progress;
    let mut lines = vec![ends(Line::of(Ink::Strong, progress.title()), &settled(progress), columns)];
    lines.push(bar(run, columns));
    match progress.current() {
        None => lines.push(Line::of(Ink::Plain, "between trials")),
        Some(current) => {
            let again = if current.attempt.0 > 1 { format!(", attempt {}", current.attempt) } else { String::new() };
            let text = format!("slot {}{again}: ", current.slot);
            lines.push(Line::of(Ink::Plain, text).and(Ink::Strong, format!("{} {}", current.condition.adapter, current.what())));
        }
    }
    lines.push(Line::of(Ink::Plain, format!("  {}", doing(run))));
    if let Some(ending) = progress.last() {
        let tone = Ink::Banner(ending.tone());
        let blank = || Line::of(tone, "").fill(columns);
        let roomy = rows >= ROWS_ROOMY;
        lines.extend(roomy.then(blank));
        lines.push(Line::of(tone, format!(" {} {}", ending.sign(), ending.title())).fill(columns));
        lines.push(Line::of(tone, format!("   {}{}", ending.subject(), ending.detail())).fit(columns).fill(columns));
        lines.extend(roomy.then(blank));
    }
    lines
}

fn compact(run: &Shown<'_>, columns: usize) -> Vec<Line> {
    let progress = run.progress;
    let label = run.label.map_or(String::new(), |label| format!("[{label}] "));
    let left = left(run).map_or(String::new(), |left| format!(", {left}"));
    let mut lines = vec![ends(Line::of(Ink::Strong, format!("{label}{}", progress.title())), &settled(progress), columns)];
    let current = progress.current().map_or("between trials".to_owned(), |current| {
        format!("slot {}: {} {}: ", current.slot, current.condition.adapter, current.what())
    });
    lines.push(Line::of(Ink::Plain, format!("  {current}{}{left}", doing(run))));
    if let Some(ending) = progress.last() {
        let text = format!(" {} {}  {}", ending.sign(), ending.title(), ending.subject());
        lines.push(Line::of(Ink::Banner(ending.tone()), text).fit(columns).fill(columns));
    }
    lines
}

/// A line with a text at each end; the left one gives way.
fn ends(left: Line, right: &str, columns: usize) -> Line {
    let room = columns.saturating_sub(columns_of(right) + 1);
    let left = left.fit(room).fill(room);
    left.and(Ink::Plain, format!(" {right}"))
}

fn settled(progress: &Progress) -> String {
    match progress.planned() {
        Some(planned) => format!("{} of {planned}", progress.settled()),
        None => format!("{} settled", progress.settled()),
    }
}

fn left(run: &Shown<'_>) -> Option<String> {
    run.progress.eta(run.now).map(|eta| format!("{} left", duration(eta.get())))
}

fn bar(run: &Shown<'_>, columns: usize) -> Line {
    let progress = run.progress;
    let Some(planned) = progress.planned() else { return Line::of(Ink::Plain, "slots are chosen as the run goes") };
    let share = if planned == 0 { 1.0 } else { f64::from(progress.settled()) / f64::from(planned) };
    let text = format!(" {:>5}  {}", percent(share), left(run).unwrap_or_default());
    let long = columns.saturating_sub(columns_of(&text)).min(BAR_MAX);
    let full = ((share * long as f64) as usize).min(long);
    Line::of(Ink::Plain, "█".repeat(full)).and(Ink::Faint, "░".repeat(long - full)).and(Ink::Plain, text)
}

/// The step with its own time, or what keeps the run from doing one.
fn doing(run: &Shown<'_>) -> String {
    let progress = run.progress;
    match (progress.stop(), progress.current()) {
        (Some(How::FinishSafely | How::Now), None) => "stopping".to_owned(),
        (None | Some(How::AfterTrial), None) if progress.paused() => "PAUSED".to_owned(),
        (_, None) => String::new(),
        (_, Some(current)) => {
            let trial = duration(run.now.since(current.since).get());
            match &current.step {
                Some((step, since)) => {
                    let step_took = duration(run.now.since(*since).get());
                    format!("{} {step_took} (trial {trial})", step.replace('_', " "))
                }
                None => format!("begins (trial {trial})"),
            }
        }
    }
}

/// The counts of all runs together, in the order of the first one's suite.
fn counts(runs: &[Shown<'_>]) -> Vec<(AdapterName, Counts)> {
    let mut sums: Vec<(AdapterName, Counts)> = Vec::new();
    for (name, one) in runs.iter().flat_map(|run| run.progress.adapters()) {
        match sums.iter_mut().find(|(known, _)| known == name) {
            None => sums.push((name.clone(), *one)),
            Some((_, sum)) => {
                *sum = Counts {
                    n: sum.n + one.n,
                    resets: sum.resets + one.resets,
                    unclear: sum.unclear + one.unclear,
                    lost: sum.lost + one.lost,
                }
            }
        }
    }
    sums
}

fn tally(counts: &[(AdapterName, Counts)], columns: usize, room: usize) -> Vec<Line> {
    // A heading and one line at least, or nothing.
    if counts.is_empty() || room < 2 {
        return Vec::new();
    }
    let figures = |resets: &str, lost: &str, unclear: &str| format!("{resets:>9}{lost:>6}{unclear:>9}");
    let longest = counts.iter().map(|(name, _)| columns_of(name.as_str())).max().unwrap_or(0);
    let names = longest.max("adapter".len()).min(columns.saturating_sub(figures("", "", "").len()));
    let name = |text: &str| Line::of(Ink::Plain, text).fit(names).fill(names);
    let mut lines = vec![Line::of(Ink::Faint, name("adapter").text()).and(Ink::Faint, figures("resets", "lost", "unclear"))];
    let all = counts.len() < room;
    let shown = if all { counts.len() } else { room - 2 };
    for (adapter, one) in &counts[..shown] {
        let resets = format!("{}/{}", one.resets, one.n);
        lines.push(name(adapter.as_str()).and(Ink::Plain, figures(&resets, &one.lost.to_string(), &one.unclear.to_string())));
    }
    if !all {
        lines.push(Line::of(Ink::Faint, format!("{} more adapters", counts.len() - shown)));
    }
    lines
}

fn footer(runs: &[Shown<'_>], keys: bool, columns: usize) -> Line {
    let stop = runs.iter().filter_map(|run| run.progress.stop()).max();
    let paused = runs.iter().any(|run| run.progress.paused());
    let texts: &[&str] = match (stop, keys, paused) {
        (Some(How::Now), ..) => &["STOPPING AT ONCE"],
        (Some(How::FinishSafely), ..) => {
            &["STOPPING SAFELY, the power goes off by itself. Ctrl-C: power off now", "STOPPING SAFELY"]
        }
        (Some(How::AfterTrial), true, _) => &["STOPS AFTER THIS TRIAL  q stop safely now", "STOPS AFTER THIS TRIAL"],
        (Some(How::AfterTrial), false, _) => &["STOPS AFTER THIS TRIAL"],
        (None, false, _) => &["Ctrl-C stops safely"],
        (None, true, true) => &["PAUSED  p go on  s stop after this trial  q stop safely", "PAUSED p go on s end trial q stop"],
        (None, true, false) => &[
            "p pause after this trial  s stop after this trial  q stop safely  Ctrl-C twice: power off now",
            "p pause  s stop after this trial  q stop safely",
            "p pause  s end trial  q stop",
        ],
    };
    let fitting = texts.iter().find(|text| columns_of(text) <= columns).or(texts.last());
    let ink = if stop.is_some() || paused { Ink::Strong } else { Ink::Faint };
    Line::of(ink, fitting.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests;
