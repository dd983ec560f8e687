//! Golden files: a small made-up run with a bit of everything, and its reports byte for byte. `UPDATE_GOLDEN=1 cargo test --lib golden`
//! writes them anew; the difference is then for a person to read.

use super::terminal::{Look, Progress, table};
use super::{csv, html, junit, summary};
use crate::analysis::Analysis;
use crate::analysis::testkit::{Bench, fold, max_limit, press, rate_limit, sham};
use crate::domain::condition::Origin;
use crate::domain::event::{Event, FinishReason};
use crate::domain::ids::Seq;
use crate::domain::step::Step;
use crate::domain::units::{Seconds, Tick};
use crate::domain::verdict::{FaultKind, Level, Verdict};
use std::path::PathBuf;

/// Two adapters, two holds, two replicates, a sham each; a fault that is retried, a crash, and one of most verdicts.
pub(crate) fn small() -> Vec<(Seq, Tick, Event)> {
    let mut bench = Bench::new("019382a0-0000-7000-8000-000000000001", &["oem", "clone"], &[5.0, 30.0], 2, 1);
    bench.started.suite.limits = vec![rate_limit(30.0, 0.2), rate_limit(5.0, 0.9), max_limit("boot_s", 100.0, 0.1)];
    let mut bench = bench.start();
    bench.trial(press("oem", 5.0), Verdict::NoResponse);
    bench.begin(None, press("oem", 5.0), Origin::Planned);
    bench.wait(33.0);
    bench.fault(FaultKind::Disobeyed, "no coil edge, \"quoted\"");
    bench.trial_at(Some(1), press("oem", 5.0), Verdict::AcknowledgedOnly, Level::Proved);
    bench.trial(press("oem", 30.0), Verdict::FactoryReset);
    bench.trial(press("oem", 30.0), Verdict::FactoryReset);
    bench.trial(sham("oem"), Verdict::NoResponse);
    bench.begin(None, press("clone", 5.0), Origin::Planned);
    bench.step(Step::Begin, None);
    bench.wait(40.0);
    bench.crash_and_resume("2026-11-25T06:00:00Z", "bob");
    bench.trial_at(Some(5), press("clone", 5.0), Verdict::NotReady, Level::Proved);
    bench.trial(press("clone", 5.0), Verdict::NoResponse);
    bench.trial(press("clone", 30.0), Verdict::PartialReset);
    bench.trial(press("clone", 30.0), Verdict::Inconclusive);
    bench.trial(sham("clone"), Verdict::NoResponse);
    bench.finish(FinishReason::Complete)
}

pub(crate) fn analysis() -> Analysis {
    let mut fold = fold(&small());
    fold.journal_head = Some("ab12".repeat(16));
    Analysis::pool(vec![fold]).unwrap()
}

/// The page without what is drawn, which has golden files of its own.
fn words_of_the_page() -> String {
    let page = String::from_utf8(html::html(&analysis())).unwrap();
    let style = page.find("<style>").zip(page.find("</style>")).unwrap();
    let page = format!("{}{}", &page[..style.0], &page[style.1 + "</style>".len()..]);
    let parts = page.split("<svg").enumerate();
    parts.map(|(index, part)| if index == 0 { part } else { part.split_once("</svg>").unwrap().1 }).collect()
}

fn lines() -> String {
    let plan = vec![(press("oem", 5.0), Seconds::new(200.0)); 10];
    let mut progress = Progress::new(Some(&plan));
    small().iter().filter_map(|(seq, at, event)| progress.apply(*seq, *at, event)).map(|line| line.text() + "\n").collect()
}

pub(crate) fn check(name: &str, got: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, got).unwrap();
    }
    let want = std::fs::read(&path).unwrap_or_default();
    let (got, want) = (String::from_utf8_lossy(got), String::from_utf8_lossy(&want));
    for (index, (got, want)) in got.lines().zip(want.lines()).enumerate() {
        assert_eq!(got, want, "{name}, line {}", index + 1);
    }
    assert_eq!(got.len(), want.len(), "{name}: same lines, then one ends");
}

#[test]
fn golden_reports_are_byte_for_byte_the_same() {
    let analysis = analysis();
    check("small-trials.csv", &csv::trials(&analysis));
    check("small-cells.csv", &csv::cells(&analysis));
    check("small-thresholds.csv", &csv::thresholds(&analysis));
    check("small-summary.json", &summary::summary(&analysis));
    check("small-junit.xml", &junit::junit(&analysis));
    check("small-report.html", words_of_the_page().as_bytes());
    check("small-table.txt", table(&analysis, Some(110), Look::PLAIN).as_bytes());
    check("small-lines.txt", lines().as_bytes());
}
