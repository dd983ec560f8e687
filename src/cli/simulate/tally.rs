//! What simulated runs add up to.

use super::Run;
use crate::analysis::cells::CONFIDENCE;
use crate::analysis::shared::SHARED;
use crate::analysis::thresholds::{METHOD, Threshold};
use crate::cli::compose::Played;
use crate::domain::condition::Stimulus;
use crate::domain::event::FinishReason;
use crate::domain::ids::AdapterName;
use crate::domain::limit::LimitStatus;
use crate::domain::suite::DesignKind;
use crate::report::words::duration;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Counts over runs.
pub(super) struct Tally {
    /// The method whose intervals are the design's own.
    method: &'static str,
    truth: BTreeMap<AdapterName, Played>,
    hours: Vec<f64>,
    presses: Vec<f64>,
    complete: u32,
    browned_out: BTreeSet<AdapterName>,
    /// Intervals that hold the truth, that do not, and half widths as shares of the estimate.
    found: BTreeMap<(AdapterName, &'static str), Found>,
    limits: BTreeMap<(String, AdapterName), [u32; 3]>,
}

#[derive(Default)]
struct Found {
    hold: u32,
    of: u32,
    open: u32,
    half_widths: Vec<f64>,
}

impl Tally {
    pub(super) fn new(kind: DesignKind, truth: BTreeMap<AdapterName, Played>) -> Self {
        Tally {
            method: if kind == DesignKind::Adaptive { SHARED } else { METHOD },
            truth,
            hours: Vec::new(),
            presses: Vec::new(),
            complete: 0,
            browned_out: BTreeSet::new(),
            found: BTreeMap::new(),
            limits: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, run: &Run) {
        self.hours.push(run.hours);
        let rows = &run.analysis.rows;
        self.presses.push(rows.iter().filter(|row| matches!(row.condition.stimulus, Stimulus::Press { .. })).count() as f64);
        self.complete += u32::from(run.analysis.runs.iter().all(|run| run.finish == Some(FinishReason::Complete)));
        self.browned_out.extend(run.browned_out.iter().cloned());
        for response in &run.analysis.responses {
            let all = response.thresholds.iter().chain(&response.posterior);
            all.filter(|one| one.method == self.method).for_each(|one| {
                let found = self.found.entry((response.group.adapter.clone(), one.quantity)).or_default();
                found.add(one, self.truth.get(&response.group.adapter).and_then(|truth| truth.hold(one.quantity)));
            });
        }
        for limit in &run.analysis.limits {
            for subject in &limit.subjects {
                let counts = self.limits.entry((limit.limit.name.clone(), subject.adapter.clone())).or_default();
                counts[match subject.status {
                    LimitStatus::Met => 0,
                    LimitStatus::NotMet => 1,
                    LimitStatus::Undecided => 2,
                }] += 1;
            }
        }
    }

    pub(super) fn text(mut self, name: &str) -> String {
        let runs = self.hours.len();
        let mut text = format!("{name}: {runs} simulated runs, {} of them complete\n", self.complete);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        self.hours.sort_by(f64::total_cmp);
        let quantile =
            |share: f64| self.hours.get((share * (runs.saturating_sub(1)) as f64).round() as usize).copied().unwrap_or(0.0);
        let _ = writeln!(
            text,
            "  bench time   {} on average ({} to {} in nine of ten runs), {:.1} presses",
            duration(3600.0 * mean(&self.hours)),
            duration(3600.0 * quantile(0.05)),
            duration(3600.0 * quantile(0.95)),
            mean(&self.presses)
        );
        let _ = writeln!(text, "\n  intervals of {:.0} % by {}", 100.0 * CONFIDENCE, self.method);
        for ((adapter, quantity), found) in &mut self.found {
            let _ =
                writeln!(text, "  {:<16} {quantity:<11} {}", adapter.as_str(), found.text(self.browned_out.contains(adapter)));
        }
        for ((limit, adapter), [met, not_met, undecided]) in &self.limits {
            let _ = writeln!(
                text,
                "  limit {limit}, {adapter}: met in {met}, not met in {not_met}, undecided in {undecided} of {runs} runs"
            );
        }
        text
    }
}

impl Found {
    fn add(&mut self, one: &Threshold, truth: Option<f64>) {
        if let (Some(value), Some(low), Some(high)) = (one.value_s, one.lo_s, one.hi_s) {
            self.half_widths.push(0.5 * (high - low) / value);
        } else {
            self.open += 1;
        }
        if let Some(truth) = truth {
            self.of += 1;
            self.hold += u32::from(one.lo_s.is_none_or(|low| low <= truth) && one.hi_s.is_none_or(|high| truth <= high));
        }
    }

    fn text(&mut self, browned_out: bool) -> String {
        self.half_widths.sort_by(f64::total_cmp);
        let median = self.half_widths.get(self.half_widths.len() / 2);
        let width = median.map_or_else(|| "never closed".to_owned(), |half| format!("+-{:.0} % in the median", 100.0 * half));
        let open = if self.open > 0 { format!(", open {} times", self.open) } else { String::new() };
        let holds = match self.of {
            _ if browned_out => "its supply browns out: no formula tells its truth".to_owned(),
            0 => format!("no such hold, or more than one threshold decides; claimed in {} runs", self.half_widths.len()),
            of => format!("{} of {of} hold the truth ({:.1} %)", self.hold, 100.0 * f64::from(self.hold) / f64::from(of)),
        };
        format!("{holds}; {width}{open}")
    }
}
