//! record.html: one A4 page for the box.

use super::{Record, StepRow, barcode};
use crate::domain::rma::FaultClass;
use askama::Template;

/// Tests that the page has room for; more are told by their number, and stand in record.json.
const ROWS: usize = 12;
/// Sentences of one kind that the page has room for.
const SENTENCES: usize = 6;

#[derive(Template)]
#[template(path = "record.html", config = "src/report/askama.toml")]
struct Page<'r> {
    record: &'r Record,
    mood: &'static str,
    facts: Vec<(&'static str, String)>,
    reasons: Vec<String>,
    remarks: Vec<String>,
    rows: Vec<Row>,
    more: usize,
    barcode: String,
}

struct Row {
    number: usize,
    test: String,
    seen: String,
    held: String,
    minutes: String,
    line: u64,
    /// Class, share of the bar in percent.
    bar: Vec<(&'static str, f64)>,
    best: String,
}

/// The page.
pub fn html(record: &Record) -> Vec<u8> {
    let rows = record.steps.iter().enumerate().take(ROWS).map(|(number, step)| row(number + 1, step)).collect();
    let page = Page {
        record,
        mood: mood(record),
        facts: facts(record),
        reasons: few(&record.reasons),
        remarks: few(&record.remarks),
        rows,
        more: record.steps.len().saturating_sub(ROWS),
        barcode: barcode::svg(&record.id),
    };
    // Rendering fails only where writing does, and writing to memory does not.
    page.render().unwrap_or_default().into_bytes()
}

fn few(sentences: &[String]) -> Vec<String> {
    sentences.iter().take(SENTENCES).cloned().collect()
}

fn mood(record: &Record) -> &'static str {
    match record.class() {
        Some(FaultClass::NoFaultFound) => "good",
        Some(FaultClass::Supply) => "warn",
        Some(FaultClass::Button | FaultClass::Firmware | FaultClass::Hardware) => "bad",
        Some(FaultClass::Rig) | None => "open",
    }
}

fn facts(record: &Record) -> Vec<(&'static str, String)> {
    let suffered = record.suffered.iter().filter(|(_, n)| **n > 0);
    let suffered: Vec<String> = suffered.map(|(what, n)| format!("{n} {what}")).collect();
    // Seconds and their parts help nobody who holds the page; record.json has them.
    let time = record.time.get(..16).map_or(record.time.clone(), |minute| minute.replace('T', " ") + " UTC");
    vec![
        ("Serial", record.serial.clone()),
        ("Model", record.model.clone()),
        ("Firmware", record.firmware.clone()),
        ("Case", record.case.clone()),
        ("Consent", record.consent().to_owned()),
        ("Came with it", record.accessories.clone()),
        ("Operator", record.operator.clone()),
        ("Rig", record.rig.clone()),
        ("Calibrated", record.calibration.clone()),
        ("Time", time),
        ("Bench time", format!("{:.0} min", record.minutes)),
        ("Suffered here", if suffered.is_empty() { "nothing".to_owned() } else { suffered.join(", ") }),
    ]
}

fn row(number: usize, step: &StepRow) -> Row {
    let p = |class: FaultClass| step.after.get(class.name()).copied().unwrap_or(0.0);
    let bar = FaultClass::ALL.map(|class| (class.name(), (1000.0 * p(class)).round() / 10.0));
    let best = FaultClass::ALL.into_iter().max_by(|a, b| p(*a).total_cmp(&p(*b))).unwrap_or(FaultClass::Rig);
    Row {
        number,
        test: step.test.clone(),
        seen: step.seen.clone(),
        held: step.held_s.map_or(String::new(), |held| format!("{held:.1}")),
        minutes: format!("{:.0}", step.minutes),
        line: step.seq,
        bar: bar.into_iter().filter(|(_, share)| *share >= 0.1).collect(),
        best: format!("{} {:.3}", best.name().replace('_', " "), p(best)),
    }
}
