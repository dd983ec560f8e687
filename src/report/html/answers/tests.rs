//! What is said of made-up runs.

use super::*;
use crate::analysis::testkit::{Bench, fold, grid, press, sham};
use crate::domain::event::FinishReason;

fn said(bench: Bench) -> Vec<String> {
    let analysis = Analysis::pool(vec![fold(&bench.finish(FinishReason::Complete))]).unwrap();
    let one = |answer: Answer| format!("{} {} {}", answer.place, answer.lead, answer.rest.join(" ")).replace('\u{a0}', " ");
    answers(&analysis).into_iter().map(one).collect()
}

const HOLDS: [f64; 6] = [3.0, 6.0, 12.0, 24.0, 30.0, 48.0];

#[test]
fn a_clear_threshold_is_named_with_its_interval_its_evidence_and_what_it_means_for_the_guide() {
    let said = said(grid("r", &["oem"], &HOLDS, 60, |_, hold| if hold > 10.0 { 60 } else { 0 }));
    assert!(said[0].starts_with("oem a reset needs ") && said[0].contains(") for 95 %; the guide's 30 s is enough."), "{said:?}");
    assert!(said[0].contains("no reset in 1 control") && said[0].ends_with("Evidence level: proved."), "{said:?}");
}

#[test]
fn a_hold_that_is_too_short_is_said_to_be() {
    let holds = [10.0, 20.0, 30.0, 40.0, 60.0, 80.0];
    let said = said(grid("r", &["oem"], &holds, 60, |_, hold| if hold > 50.0 { 60 } else { 0 }));
    assert!(said[0].contains("the guide's 30 s is too short"), "{said:?}");
}

#[test]
fn a_low_plateau_is_a_claim_only_where_its_interval_is_low() {
    let low = said(grid("r", &["oem"], &HOLDS, 60, |_, hold| if hold > 10.0 { 30 } else { 0 }));
    assert!(low[0].contains("oem no hold resets 95 %: the response levels off at 50 % ("), "{low:?}");
    assert!(low[0].contains("with the guide's 30 s, 30 of 60 reset (38 to 62 %)"), "{low:?}");
    let unclear = said(grid("r", &["oem"], &HOLDS, 10, |_, hold| if hold > 10.0 { 9 } else { 0 }));
    assert!(unclear[0].contains("it is undecided whether any hold"), "{unclear:?}");
}

#[test]
fn a_plug_below_the_rating_is_told_and_one_above_is_not() {
    let sweep = |min_v: f64| {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0);
        bench.started.profile.supply.min_v = crate::domain::units::Volts::new(min_v);
        let mut bench = bench.start();
        bench.trial(press("oem", 30.0), Verdict::PartialReset);
        said(bench)
    };
    // Every press of the bench ends with the plug at 4.71 V.
    assert!(sweep(4.75)[0].contains("the plug falls to 4.71 V after a press, below the 4.75 V that"), "{:?}", sweep(4.75));
    assert!(!sweep(4.5)[0].contains("plug"));
}

#[test]
fn little_data_and_a_reset_without_a_press_are_said() {
    let mut bench = Bench::new("r", &["oem"], &[5.0], 2, 1).start();
    bench.trial(press("oem", 5.0), Verdict::FactoryReset);
    bench.trial(press("oem", 5.0), Verdict::Inconclusive);
    bench.trial(sham("oem"), Verdict::FactoryReset);
    let said = said(bench);
    assert!(
        said[0].contains("not enough data to say which hold") && said[0].contains("Not to be said from 1 press:"),
        "{said:?}"
    );
    assert!(said[0].contains("1 inconclusive") && said[0].contains("something else than the button"), "{said:?}");
}

#[test]
fn a_camera_that_was_never_ready_has_no_answer_but_a_reason() {
    let mut bench = Bench::new("r", &["oem"], &[5.0], 2, 0).start();
    bench.trial(press("oem", 5.0), Verdict::NotReady);
    let said = said(bench);
    assert!(said[0].starts_with("oem the camera was not ready in the only trial, so it was not pressed."), "{said:?}");
}

#[test]
fn presses_that_did_not_reach_the_firmware_lead_where_they_are_many_and_are_told_where_they_are_few() {
    let with = |reached: u32| {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 10, 0).start();
        for n in 0..10 {
            if n < reached {
                bench.trial(press("oem", 30.0), Verdict::FactoryReset);
            } else {
                bench.unnoticed(press("oem", 30.0));
            }
        }
        said(bench)
    };
    assert!(with(0)[0].starts_with("oem none of 10 presses reached the camera's firmware: look at the button"), "{:?}", with(0));
    assert!(with(4)[0].starts_with("oem 6 of 10 presses did not reach"), "{:?}", with(4));
    let few = with(9);
    assert!(
        !few[0].contains("look at the button") && few[0].contains("1 of 10 presses did nothing and were not named"),
        "{few:?}"
    );
    assert!(!with(10)[0].contains("named"));
}

#[test]
fn what_an_adaptive_suite_asks_for_is_told_beside_the_hold_for_95_percent() {
    let mut bench = Bench::new("r", &["oem"], &[30.0], 30, 0);
    bench.started.suite.design.kind = crate::domain::suite::DesignKind::Adaptive;
    let mut bench = bench.start();
    for round in 0..24 {
        let hold = 6.0 + 1.3 * f64::from((round * 7) % 20);
        bench.trial(press("oem", hold), if hold > 10.0 { Verdict::FactoryReset } else { Verdict::NoResponse });
    }
    let analysis = Analysis::pool(vec![fold(&bench.finish(FinishReason::BudgetSpent))]).unwrap();
    let lead = answers(&analysis)[0].lead.replace('\u{a0}', " ");
    assert!(lead.contains("the hold for 95 % of the way to the plateau, which the suite asks for, is 1"), "{lead}");
    let headline = crate::report::words::headline(&analysis);
    assert_eq!(headline, "Undecided: the budget was spent before every adapter had its answer.");
    let grid = said(grid("r", &["oem"], &HOLDS, 60, |_, hold| if hold > 10.0 { 60 } else { 0 }));
    assert!(!grid[0].contains("which the suite asks for"), "{grid:?}");
}
