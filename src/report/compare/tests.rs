//! What a comparison says.

use super::*;
use crate::analysis::Analysis;
use crate::analysis::compare::By;
use crate::analysis::testkit::{Bench, fold, grid, press};
use crate::domain::event::FinishReason;
use crate::domain::verdict::Verdict;

/// A complete run of two adapters at two holds, the second of which has so many resets of 12 at 10 s.
fn run(id: &str, resets: u32) -> Bench {
    grid(id, &["oem", "clone"], &[5.0, 10.0], 12, |adapter, hold| match (adapter, hold < 7.0) {
        (_, true) => 0,
        (0, false) => 12,
        _ => resets,
    })
}

fn analysis(bench: Bench) -> Analysis {
    Analysis::pool(vec![fold(&bench.finish(FinishReason::Complete))]).unwrap()
}

fn compare(a: Bench, b: Bench) -> Comparison {
    Comparison::of(analysis(a), analysis(b), By::default()).unwrap()
}

#[test]
fn what_was_not_shown_is_not_called_equal_and_what_differs_is_named() {
    let same = headline(&compare(run("a", 12), run("b", 12)));
    assert!(same.starts_with("No condition differs (6 compared). That does not show them to be equal"), "{same}");
    assert!(same.contains("a difference under ") && same.contains(" points"), "{same}");
    let other = headline(&compare(run("a", 12), run("b", 1)));
    assert!(other.starts_with("1 of 6 conditions differs: clone, press of 10 s: 12 of 12 reset in A, 1 of 12 in B."), "{other}");
    assert!(notes(&compare(run("a", 12), run("b", 12)))[0].contains("no two samples"));
    let few =
        headline(&compare(Bench::new("a", &["oem"], &[5.0], 1, 0).start(), Bench::new("b", &["oem"], &[5.0], 1, 0).start()));
    assert!(few.starts_with("Nothing was compared"), "{few}");
}

#[test]
fn a_condition_of_one_run_alone_is_listed_and_never_ready_trials_are_told() {
    let mut b = run("b", 12);
    b.trial(press("oem", 7.5), Verdict::FactoryReset);
    b.trial(press("oem", 7.5), Verdict::NotReady);
    let comparison = compare(run("a", 12), b);
    let text = text(&comparison, Some(160));
    assert!(text.contains("not compared, only in B: oem, press of 7.5 s (proved)\n"), "{text}");
    assert!(text.contains("Never ready: 0 trials of A, 1 of B."), "{text}");
}

#[test]
fn many_conditions_of_one_run_alone_are_one_sentence() {
    let mut b = run("b", 12);
    for hold in 20..40 {
        b.trial(press("oem", f64::from(hold)), Verdict::FactoryReset);
    }
    let text = text(&compare(run("a", 12), b), Some(160));
    assert_eq!(text.matches("not compared").count(), 1, "{text}");
    assert!(text.contains("not compared, only in B: 20 conditions, such as oem, press of 20 s (proved); "), "{text}");
    assert!(text.contains("say --out DIR for the other 17"), "{text}");
}

#[test]
fn an_interval_that_leaves_nothing_out_is_told_beside_a_corrected_p() {
    let text = text(&compare(run("a", 12), run("b", 12)), Some(160));
    for words in ["B - A, points", "95 % alone", "sees, points", "a condition taken alone", "it alone decides"] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
}

#[test]
fn the_csv_has_a_field_for_each_column_and_the_json_says_the_same() {
    let mut b = run("b", 1);
    b.trial(press("oem", 7.5), Verdict::FactoryReset);
    let comparison = compare(run("a", 12), b);
    let bytes = csv(&comparison);
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let head = reader.headers().unwrap().clone();
    assert_eq!(head.iter().collect::<Vec<_>>().join(","), COMPARE);
    // A line of another length would be an error.
    let lines: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| head.iter().position(|column| column == name).unwrap();
    let findings: Vec<&str> = lines.iter().map(|line| &line[column("finding")]).collect();
    assert_eq!(findings, ["not_shown", "differs", "not_shown", "not_shown", "not_shown", "not_shown", "not_compared"]);
    let last = lines.last().unwrap();
    assert_eq!((&last[column("n_a")], &last[column("n_b")], &last[column("why")]), ("", "1", "only in B"));
    let json: serde_json::Value = serde_json::from_slice(&json(&comparison)).unwrap();
    assert_eq!((json["exit_code"].as_u64(), json["schema"].as_u64()), (Some(1), Some(1)));
    assert_eq!(json["conditions"][1]["finding"], "differs");
    assert_eq!(json["conditions"][1]["b"]["resets"], 1);
    assert_eq!(json["not_compared"][0]["side"], "b");
    let p: f64 = lines[1][column("p_holm")].parse().unwrap();
    assert_eq!(json["conditions"][1]["p_holm"].as_f64(), Some(p));
}

#[test]
fn the_page_is_one_file_and_escapes_what_it_is_given() {
    let with = |id: &str| {
        let mut bench = Bench::new(id, &["<b>&"], &[5.0], 1, 0);
        bench.started.dut_serial = "<script>".into();
        let mut bench = bench.start();
        bench.trial(press("<b>&", 5.0), Verdict::FactoryReset);
        bench
    };
    let page = String::from_utf8(html(&compare(with("a"), with("b")))).unwrap();
    assert!(page.contains("&#60;b&#62;&#38;") && !page.contains("<script") && !page.contains("<b>&"), "{page}");
    // The empty icon stops a browser from asking its server for one; it is the only link.
    let page = page.replacen(r#"<link rel="icon" href="data:,">"#, "", 1);
    assert!(["href=", "src=", "url(", "@import", "http"].iter().all(|word| !page.contains(word)));
}

#[test]
fn p_values_and_points_read_as_they_should() {
    let read: Vec<_> = [0.0, 0.00009, 0.0123, 1.0].map(p_value).into();
    assert_eq!(read, ["<0.0001", "<0.0001", "0.0123", "1.0000"]);
    let read: Vec<_> = [-0.5, -0.001, 0.0, 0.25].map(points).into();
    assert_eq!(read, ["-50", "0", "0", "+25"]);
}
