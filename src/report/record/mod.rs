//! The record of a return: one page for the box, the same for programs, and the text for a ticket. Everything that a person typed, or that could
//! have come from the unit, is redacted on the way in.

mod barcode;
mod page;
mod redact;
#[cfg(test)]
mod tests;
mod ticket;

pub use page::html;
pub use redact::redact;
pub use ticket::{summary, ticket};

use crate::analysis::rma::verdict::Conclusion;
use crate::analysis::rma::words;
use crate::domain::event::FinishReason;
use crate::domain::rma::{CASE, CONSENT, FaultClass};
use crate::domain::run_state::{Phase, RunState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of record.json.
pub const VERSION: u32 = 1;

/// What the journal does not hold.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Hash of the last line of the journal.
    pub head: String,
    /// Lines of the journal.
    pub lines: u64,
    /// What the unit suffered on this station, in all runs.
    pub suffered: BTreeMap<String, u32>,
    /// How often verdicts were right: by the model, and as far as units were opened.
    pub accuracy: Accuracy,
    /// The photo as an address that the page can hold (`data:`).
    pub photo: Option<String>,
}

/// How often verdicts of this program were right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Share of right verdicts in fault worlds (`docs/rma.md`).
    pub model: f64,
    /// Verdicts that a teardown has confirmed, and verdicts that were checked by one.
    pub field: Option<(u32, u32)>,
}

/// Teardowns that are needed before the field's own figure is shown beside the model's (our choice).
const ENOUGH_TRUTH: u32 = 20;

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this form.
    pub schema: u32,
    /// The run.
    pub id: String,
    /// Its first wall time.
    pub time: String,
    /// Number of the return at support.
    pub case: String,
    /// The unit.
    pub serial: String,
    /// Its model.
    pub model: String,
    /// Its firmware.
    pub firmware: String,
    /// Who stood at the bench.
    pub operator: String,
    /// Station and position.
    pub rig: String,
    /// Date of the rig's calibration.
    pub calibration: String,
    /// What came with the unit.
    pub accessories: String,
    /// The verdict's word, `undecided`, or `not_finished`.
    pub verdict: String,
    /// The verdict in words.
    pub headline: String,
    /// The most likely cause.
    pub cause: String,
    /// Probability of the verdict, or of the most likely class.
    pub probability: f64,
    /// The second fault of a mixture.
    pub secondary: Option<String>,
    /// Disposition code, and what it means.
    pub disposition: (String, String),
    /// Why.
    pub reasons: Vec<String>,
    /// What else is worth knowing.
    pub remarks: Vec<String>,
    /// What could not be seen.
    pub not_observed: Vec<String>,
    /// Every test.
    pub steps: Vec<StepRow>,
    /// Questions with their answers.
    pub answers: Vec<(String, String)>,
    /// Bench minutes.
    pub minutes: f64,
    /// What the unit suffered on this station.
    pub suffered: BTreeMap<String, u32>,
    /// The unit ends worse than it came.
    pub ends_worse: bool,
    /// How far the numbers are to be trusted.
    pub trust: String,
    /// Address of the maker's instructions.
    pub instructions: String,
    /// Hash of the journal's last line, and the number of its lines.
    pub chain: (String, u64),
    /// Pieces of text that were redacted.
    pub redacted: u32,
    /// The photo as a `data:` address; no part of record.json.
    #[serde(skip)]
    pub photo: Option<String>,
}

/// A test of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    /// What was done.
    pub test: String,
    /// What it showed.
    pub finding: String,
    /// The same in words.
    #[serde(default)]
    pub seen: String,
    /// The measured hold of a press, in seconds.
    #[serde(default)]
    pub held_s: Option<f64>,
    /// Bench minutes.
    pub minutes: f64,
    /// The journal line that judged it.
    pub seq: u64,
    /// The probabilities after it, by class.
    pub after: BTreeMap<String, f64>,
}

impl Record {
    /// The record of a run that has ended, or stands still. `None` where the run is no return.
    pub fn of(run: &RunState, conclusion: &Conclusion, beside: Beside) -> Option<Self> {
        let started = run.started.as_deref()?;
        let plan = started.suite.rma.as_ref()?;
        let mut count = 0;
        let mut clean = |text: &str| redact(text, &mut count);
        let finished = matches!(run.phase, Phase::Finished(reason) if !reason.can_be_resumed());
        let declined = run.phase == Phase::Finished(FinishReason::Declined);
        let verdict = conclusion.verdict.filter(|_| !declined);
        let word = match (verdict, finished, declined) {
            (_, _, true) => "declined",
            (_, false, _) => "not_finished",
            (Some(class), ..) => class.name(),
            (None, ..) => "undecided",
        };
        let told = verdict.filter(|_| finished);
        let (code, meaning) = words::disposition(told);
        let case = plan.case.clone().or_else(|| run.answered.get(CASE).cloned()).unwrap_or_default();
        let accessories = match &plan.returned {
            Some(adapter) => format!("adapter {adapter} with its cable"),
            None => "none".to_owned(),
        };
        let answers = run.answered.iter().map(|(question, answer)| (question.clone(), clean(answer))).collect();
        let list = |texts: &[String], clean: &mut dyn FnMut(&str) -> String| texts.iter().map(|text| clean(text)).collect();
        let reasons = list(&conclusion.reasons, &mut clean);
        let remarks = list(&conclusion.remarks, &mut clean);
        let operator = started.operator.as_ref().map_or("not given", |name| name.as_str());
        let calibration = &started.position.calibration;
        Some(Self {
            schema: VERSION,
            id: started.run_id.0.clone(),
            time: started.wall.to_string(),
            case: clean(&case),
            serial: started.dut_serial.0.clone(),
            model: started.profile.model.clone(),
            firmware: started.dut_fw.clone().unwrap_or_else(|| "not observed".to_owned()),
            operator: operator.to_owned(),
            rig: format!("{} / {}", started.station, started.position.name),
            calibration: calibration.date.clone().unwrap_or_else(|| "none".to_owned()),
            accessories,
            verdict: word.to_owned(),
            headline: headline(word, told).to_owned(),
            cause: conclusion.cause.clone(),
            probability: conclusion.probability,
            secondary: conclusion.secondary.filter(|_| finished).map(|class| class.name().to_owned()),
            disposition: (code.to_owned(), meaning.to_owned()),
            reasons,
            remarks,
            not_observed: conclusion.not_observed.clone(),
            steps: steps(conclusion),
            answers,
            minutes: run.bench_time().get() / 60.0,
            suffered: beside.suffered,
            ends_worse: conclusion.worse,
            trust: trust(&beside.accuracy),
            instructions: started.profile.instructions.as_ref().map_or(String::new(), |page| page.address.clone()),
            chain: (beside.head, beside.lines),
            photo: beside.photo,
            redacted: count,
        })
    }

    /// record.json.
    pub fn json(&self) -> Vec<u8> {
        // Plain strings and numbers: writing them as JSON cannot fail.
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// The class of the verdict, where one was given.
    pub fn class(&self) -> Option<FaultClass> {
        FaultClass::of_name(&self.verdict)
    }

    /// Whether consent stands in the journal as given.
    pub fn consent(&self) -> &str {
        self.answers.iter().find(|(question, _)| question == CONSENT).map_or("not asked", |(_, answer)| answer)
    }
}

fn headline(word: &str, class: Option<FaultClass>) -> &'static str {
    match word {
        "declined" => "Not tested: the customer has not agreed",
        "not_finished" => "Not finished",
        _ => words::verdict(class),
    }
}

fn steps(conclusion: &Conclusion) -> Vec<StepRow> {
    let classes = |after: &[f64; 6]| {
        FaultClass::ALL.iter().zip(after).map(|(class, p)| (class.name().to_owned(), (p * 1e4).round() / 1e4)).collect()
    };
    let row = |made: &crate::analysis::rma::verdict::Made| StepRow {
        test: made.told.clone(),
        finding: made.finding.to_string(),
        seen: words::in_short(&made.finding),
        held_s: made.held_s.map(|held| (held * 10.0).round() / 10.0),
        minutes: (made.took_s / 6.0).round() / 10.0,
        seq: made.seq,
        after: classes(&made.after),
    };
    conclusion.steps.iter().map(row).collect()
}

/// What the numbers rest on.
fn trust(accuracy: &Accuracy) -> String {
    let model = format!("{:.1} % of verdicts right in simulated returns", 100.0 * accuracy.model);
    match accuracy.field {
        Some((right, checked)) if checked >= ENOUGH_TRUTH => {
            let share = 100.0 * f64::from(right) / f64::from(checked);
            format!("{model}; {share:.0} % of {checked} units that were opened")
        }
        Some((right, checked)) if checked > 0 => {
            format!("model-based, not field-calibrated: {model}; {right} of {checked} units that were opened")
        }
        _ => format!("model-based, not field-calibrated: {model}"),
    }
}
