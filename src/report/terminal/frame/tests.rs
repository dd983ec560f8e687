use super::super::line::Look;
use super::*;
use crate::analysis::testkit::{Bench, press, sham};
use crate::domain::condition::{Condition, Origin};
use crate::domain::event::{Empty, Event, StopRequested};
use crate::domain::step::Step;
use crate::domain::units::Seconds;
use crate::domain::verdict::{FaultKind, Verdict};

/// A run in the middle of its third trial, 75 s into a wait.
fn middle(adapters: &[&str]) -> (Progress, Tick) {
    let mut bench = Bench::new("r", adapters, &[10.0], 10, 0).start();
    bench.trial(press(adapters[0], 10.0), Verdict::NoResponse);
    bench.begin(None, press(adapters[0], 10.0), Origin::Planned);
    bench.fault(FaultKind::Timeout, "late");
    bench.trial(press(adapters[0], 10.0), Verdict::FactoryReset);
    bench.begin(None, press(adapters[adapters.len() - 1], 10.0), Origin::Planned);
    bench.wait(30.0);
    let step = Step::AwaitReady { not_before_s: Seconds::new(120.0) };
    bench.push(Event::StepStarted(crate::domain::event::StepStarted { step }));
    let plan: Vec<(Condition, Seconds)> = (0..10).map(|_| (press(adapters[0], 10.0), Seconds::new(200.0))).collect();
    played(bench.events(), &plan, 75.0)
}

fn played(events: Vec<(crate::domain::ids::Seq, Tick, Event)>, plan: &[(Condition, Seconds)], later: f64) -> (Progress, Tick) {
    let mut progress = Progress::new(Some(plan));
    for (seq, at, event) in &events {
        progress.apply(*seq, *at, event);
    }
    (progress, events.last().unwrap().1 + Seconds::new(later))
}

fn shown(runs: &[(Progress, Tick)], columns: usize, rows: usize) -> Vec<String> {
    let labels: Vec<String> = (1..=runs.len()).map(|number| format!("p{number}")).collect();
    let runs: Vec<Shown<'_>> = runs
        .iter()
        .zip(&labels)
        .map(|((progress, now), label)| Shown { label: (runs.len() > 1).then_some(label.as_str()), progress, now: *now })
        .collect();
    frame(&runs, Screen { columns, rows, keys: true }).iter().map(|line| line.render(Look::PLAIN)).collect()
}

fn check(name: &str, got: &[String]) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let got = got.iter().map(|line| line.trim_end().to_owned() + "\n").collect::<String>();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &got).unwrap();
    }
    assert_eq!(got, std::fs::read_to_string(&path).unwrap_or_default(), "{name}");
}

#[test]
fn the_live_view_is_byte_for_byte_the_same_at_three_widths() {
    let run = [middle(&["oem-5v1a", "clone-5v2a", "long-cable"])];
    check("live-40.txt", &shown(&run, 40, 24));
    check("live-100.txt", &shown(&run, 100, 24));
    let runs = [middle(&["oem-5v1a"]), middle(&["oem-5v1a", "long-cable"])];
    check("live-two-60.txt", &shown(&runs, 60, 24));
}

#[test]
fn nothing_is_wider_or_higher_than_the_screen() {
    let many: Vec<String> = (0..12).map(|number| format!("adapter-with-a-long-name-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for runs in [vec![middle(&["oem"])], vec![middle(&many)], vec![middle(&many), middle(&["oem"]), middle(&["oem"])]] {
        for columns in COLUMNS_MIN..200 {
            for rows in [1, 2, 3, 5, 8, 13, 24, 50] {
                let lines = shown(&runs, columns, rows);
                assert!(lines.len() <= rows.saturating_sub(1).max(1), "{} lines in {rows} rows", lines.len());
                let wide = lines.iter().find(|line| columns_of(line) >= columns);
                assert_eq!(wide, None, "{columns} columns");
            }
        }
    }
}

#[test]
fn the_footer_tells_what_can_be_done_next() {
    let last = |event: Option<Event>| {
        let mut bench = Bench::new("r", &["oem"], &[10.0], 10, 0).start();
        event.into_iter().for_each(|event| bench.push(event));
        shown(&[played(bench.events(), &[], 0.0)], 60, 24).pop().unwrap()
    };
    let stop = |how| last(Some(Event::StopRequested(StopRequested { how })));
    assert_eq!(last(None), "p pause  s stop after this trial  q stop safely");
    assert_eq!(last(Some(Event::Paused(Empty {}))), "PAUSED  p go on  s stop after this trial  q stop safely");
    assert_eq!(stop(How::AfterTrial), "STOPS AFTER THIS TRIAL  q stop safely now");
    assert_eq!(stop(How::FinishSafely), "STOPPING SAFELY");
    assert_eq!(stop(How::Now), "STOPPING AT ONCE");
}

#[test]
fn a_sham_that_reset_reads_as_an_alarm() {
    let mut bench = Bench::new("r", &["oem"], &[10.0], 0, 1).start();
    bench.trial(sham("oem"), Verdict::FactoryReset);
    let lines = shown(&[played(bench.events(), &[], 0.0)], 60, 24);
    assert!(lines.iter().any(|line| line.contains("! FACTORY RESET WITHOUT A PRESS")), "{lines:?}");
}

#[test]
fn the_time_of_a_step_counts_from_its_beginning() {
    let (progress, now) = middle(&["oem"]);
    let lines = shown(&[(progress, now)], 60, 24);
    assert!(lines.iter().any(|line| line == "  await ready 75 s (trial 2 min)"), "{lines:?}");
}
