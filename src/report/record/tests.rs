//! What stands on a record, and what must not.

use super::{Accuracy, Beside, Record, html, summary, ticket};
use crate::analysis::rma::verdict::{Conclusion, Made};
use crate::analysis::rma::{Finding, Test};
use crate::analysis::testkit::Bench;
use crate::domain::event::{Event, FinishReason, RunFinished};
use crate::domain::rma::{FaultClass, ReturnPlan};
use crate::domain::run_state::RunState;

fn conclusion(verdict: Option<FaultClass>) -> Conclusion {
    let made = Made {
        test: Test::Stroke,
        told: Test::Stroke.to_string(),
        finding: Finding::parse("-/-/-/-/snap/-").unwrap(),
        took_s: 61.0,
        held_s: Some(31.5),
        seq: 9,
        after: [0.7, 0.1, 0.1, 0.05, 0.03, 0.02],
    };
    Conclusion {
        verdict,
        probability: 0.971,
        secondary: Some(FaultClass::Supply),
        cause: "the button's contact does not close".to_owned(),
        reasons: vec!["On the known-good source: the press had no effect.".to_owned(), "ssid=Meiers Netz".to_owned()],
        remarks: vec!["Instructions for the customer: https://example.org".to_owned()],
        not_observed: vec!["voltage margin: not tested".to_owned()],
        steps: vec![made; 14],
        prior: [0.6, 0.2, 0.1, 0.05, 0.03, 0.02],
        worse: true,
    }
}

fn record(verdict: Option<FaultClass>, finish: Option<FinishReason>) -> Record {
    let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0);
    bench.started.suite.rma =
        Some(ReturnPlan { case: Some("<4711> password=geheim".to_owned()), ..ReturnPlan::new(vec!["oem".into()]) });
    let mut state = RunState::default();
    let mut last = Default::default();
    for (_, at, event) in bench.start().events() {
        state.apply(at, &event).unwrap();
        last = at;
    }
    if let Some(reason) = finish {
        state.apply(last, &Event::RunFinished(RunFinished { reason })).unwrap();
    }
    let beside =
        Beside { head: "abcdef".to_owned(), lines: 70, accuracy: Accuracy { model: 0.98, field: None }, ..Beside::default() };
    Record::of(&state, &conclusion(verdict), beside).unwrap()
}

#[test]
fn nothing_that_a_customer_would_mind_is_on_page_ticket_or_data() {
    let record = record(Some(FaultClass::Button), Some(FinishReason::Complete));
    for bytes in [html(&record), ticket(&record), record.json(), summary(&record).into_bytes()] {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("geheim") && !text.contains("Meiers"), "{text}");
    }
    assert!(record.redacted >= 2);
}

#[test]
fn the_page_says_what_it_must_and_no_text_becomes_markup() {
    let record = record(Some(FaultClass::Button), Some(FinishReason::Complete));
    let page = String::from_utf8(html(&record)).unwrap();
    for words in [
        "The reset button is at fault",
        "BTN",
        "ends worse",
        "abcdef",
        "model-based, not field-calibrated",
        "supply",
        "2 tests more",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("<4711>") && page.contains("<svg"), "{page}");
}

#[test]
fn a_verdict_is_told_of_a_finished_run_alone() {
    let words = |finish| record(Some(FaultClass::Button), finish).verdict;
    assert_eq!(words(Some(FinishReason::Complete)), "button");
    assert_eq!(words(Some(FinishReason::UnitDead)), "button");
    assert_eq!(words(Some(FinishReason::Stopped)), "not_finished");
    assert_eq!(words(Some(FinishReason::Declined)), "declined");
    assert_eq!(words(None), "not_finished");
    let undecided = record(None, Some(FinishReason::Complete));
    assert_eq!((undecided.verdict.as_str(), undecided.disposition.0.as_str()), ("undecided", "UND"));
}

#[test]
fn the_fields_own_figure_is_shown_when_there_is_enough_of_it() {
    let trust = |field| super::trust(&Accuracy { model: 0.98, field });
    assert!(trust(None).starts_with("model-based, not field-calibrated"));
    assert!(trust(Some((3, 4))).contains("3 of 4"));
    let enough = trust(Some((27, 30)));
    assert!(enough.contains("90 % of 30") && enough.contains("98.0 %") && !enough.contains("not field-calibrated"), "{enough}");
}

#[test]
fn the_ticket_names_the_model_and_the_steps() {
    let text = String::from_utf8(ticket(&record(Some(FaultClass::Button), Some(FinishReason::Complete)))).unwrap();
    assert!(text.starts_with("Model: ") && text.contains("14. a stroke without power"), "{text}");
}
