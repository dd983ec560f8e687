//! Comparisons of made-up runs.

use super::*;
use crate::analysis::testkit::{Bench, fold, grid, press};
use crate::domain::verdict::Level;
use proptest::prelude::*;

const HOLDS: [f64; 3] = [5.0, 10.0, 20.0];

fn analysis(bench: Bench) -> Analysis {
    Analysis::pool(vec![fold(&bench.events())]).unwrap()
}

/// A run of one adapter with so many resets of `n` at each hold.
fn run(id: &str, n: u32, resets: [u32; 3]) -> Analysis {
    analysis(grid(id, &["oem"], &HOLDS, n, |_, hold| resets[HOLDS.iter().position(|h| *h == hold).unwrap()]))
}

fn compare(a: Analysis, b: Analysis) -> Comparison {
    Comparison::of(a, b, By::default()).unwrap()
}

/// A run whose inputs are changed before it starts, with `n` presses of 10 s that end in `verdicts`.
fn changed(id: &str, change: impl Fn(&mut Bench), verdicts: &[(Verdict, u32)], level: Level) -> Analysis {
    let mut bench = Bench::new(id, &["oem", "clone"], &[10.0], 1, 0);
    change(&mut bench);
    let mut bench = bench.start();
    for &(verdict, count) in verdicts {
        for _ in 0..count {
            bench.trial_at(None, press("oem", 10.0), verdict, level);
        }
    }
    analysis(bench)
}

#[test]
fn a_condition_that_differs_is_found_among_those_that_do_not() {
    let found = compare(run("a", 12, [0, 12, 12]), run("b", 12, [0, 1, 12]));
    let seen: Vec<_> = found.pairs.iter().map(|pair| (pair.key.hold_s.map(|hold| hold.get()), pair.finding)).collect();
    use Finding::*;
    assert_eq!(seen, [(Some(5.0), NotShown), (Some(10.0), Differs), (Some(20.0), NotShown), (None, NotShown)]);
    assert_eq!(found.exit_code(), 1);
    let pair = found.differing().next().unwrap();
    assert!((pair.difference + 11.0 / 12.0).abs() < 1e-12 && pair.interval.unwrap().hi < -0.5);
    assert!(pair.p < 1e-4 && (pair.p_holm - 4.0 * pair.p).abs() < 1e-12 && pair.p == pair.p_worst);
    assert!(found.lone.is_empty() && found.also.is_empty() && found.unlike.is_empty() && !found.copies);
    // Made-up holds are all alike, as are those of a replayed twin.
    assert!(compare(run("a", 12, [0, 5, 12]), run("b", 12, [0, 5, 12])).copies);
}

#[test]
fn intervals_that_do_not_overlap_are_no_finding_and_overlapping_ones_no_acquittal() {
    // Wilson at 95 %: 0 of 12 is at most 24.2 %, 6 of 12 at least 25.4 %: apart. Among ten conditions the exact test is not convinced.
    let holds = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    let side = |id: &str, resets| analysis(grid(id, &["oem"], &holds, 12, |_, hold| if hold > 8.0 { resets } else { 0 }));
    let apart = compare(side("a", 0), side("b", 6));
    let pair = &apart.pairs[8];
    assert!(pair.a.interval().unwrap().hi < pair.b.interval().unwrap().lo);
    assert!(pair.p < ALPHA && pair.finding == Finding::NotShown && apart.exit_code() == 0, "{pair:?}");
    // 30 of 100 and 46 of 100 overlap, and alone they differ.
    let verdicts = |k| [(Verdict::FactoryReset, k), (Verdict::NoResponse, 100 - k)];
    let side = |id: &str, k| changed(id, |_| (), &verdicts(k), Level::Proved);
    let over = compare(side("a", 30), side("b", 46));
    let pair = &over.pairs[0];
    assert!(pair.a.interval().unwrap().hi > pair.b.interval().unwrap().lo);
    assert_eq!((pair.finding, over.exit_code()), (Finding::Differs, 1));
}

#[test]
fn unclear_trials_speak_against_a_difference() {
    let a = changed("a", |_| (), &[(Verdict::FactoryReset, 10)], Level::Proved);
    let b = |unclear| changed("b", |_| (), &[(Verdict::NoResponse, 10), (Verdict::Inconclusive, unclear)], Level::Proved);
    let few = compare(a.clone(), b(1));
    assert!(few.pairs[0].p < few.pairs[0].p_worst && few.pairs[0].finding == Finding::Differs);
    let many = compare(a, b(40));
    assert!(many.pairs[0].p < 1e-4 && many.pairs[0].finding == Finding::NotShown, "{:?}", many.pairs[0]);
    let both = |id| changed(id, |_| (), &[(Verdict::NoResponse, 3), (Verdict::Inconclusive, 3)], Level::Proved);
    assert_eq!(compare(both("a"), both("b")).pairs[0].p_worst, 1.0);
}

#[test]
fn levels_are_never_compared_with_each_other() {
    let resets = [(Verdict::FactoryReset, 10)];
    let found = compare(
        changed("a", |_| (), &resets, Level::Proved),
        changed("b", |_| (), &[(Verdict::NoResponse, 10)], Level::Indicated),
    );
    assert!(found.pairs.is_empty() && found.exit_code() == 4);
    let why: Vec<_> = found.lone.iter().map(|lone| (lone.in_a, lone.why)).collect();
    assert_eq!(why, [(true, Why::OtherLevel(Level::Indicated)), (false, Why::OtherLevel(Level::Proved))]);
}

#[test]
fn profiles_that_judge_differently_keep_everything_apart_and_words_for_people_do_not() {
    let resets = [(Verdict::FactoryReset, 10)];
    let a = || changed("a", |_| (), &resets, Level::Proved);
    let strict = |bench: &mut Bench| bench.started.profile.ready.min_wait_s = crate::domain::units::Seconds::new(99.0);
    let found = compare(a(), changed("b", strict, &resets, Level::Proved));
    assert_eq!((found.unlike.as_slice(), found.exit_code()), (["ready.min_wait_s".to_owned()].as_slice(), 4));
    assert!(found.thresholds.is_empty() && found.lone.iter().all(|lone| lone.why == Why::UnlikeProfiles));
    let told = |bench: &mut Bench| bench.started.profile.button.place = "below the lens".to_owned();
    assert_eq!(compare(a(), changed("b", told, &resets, Level::Proved)).pairs.len(), 1);
}

#[test]
fn what_has_no_counterpart_is_listed_with_the_reason() {
    let mut b = Bench::new("b", &["oem"], &[10.0], 1, 0).start();
    b.trial(press("oem", 10.0), Verdict::NotReady);
    b.trial(press("oem", 15.0), Verdict::FactoryReset);
    let found = compare(changed("a", |_| (), &[(Verdict::FactoryReset, 2)], Level::Proved), analysis(b));
    let mut why: Vec<_> = found.lone.iter().map(|one| (one.in_a, one.key.hold_s.unwrap().get(), one.why)).collect();
    why.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap());
    assert_eq!(why, [(false, 10.0, Why::EmptyHere), (false, 15.0, Why::NotTried), (true, 10.0, Why::NotJudged)]);
    assert_eq!((found.exit_code(), found.b.not_ready), (4, 1));
}

#[test]
fn other_circumstances_are_told() {
    let other = |bench: &mut Bench| {
        bench.started.dut_serial = "AMC0002".into();
        bench.started.dut_fw = None;
        bench.started.adapters[0].lot = Some("L2".to_owned());
    };
    let resets = [(Verdict::FactoryReset, 10)];
    let found = compare(changed("a", |_| (), &resets, Level::Proved), changed("b", other, &resets, Level::Proved));
    assert_eq!(found.also, ["unit (AMC0001, AMC0002)", "firmware (2.800, not known)", "adapter `oem` (lot)"]);
    assert_eq!(found.pairs.len(), 1);
}

#[test]
fn what_must_be_in_common_decides_what_is_put_together() {
    let lots = |bench: &mut Bench| bench.started.adapters.iter_mut().for_each(|adapter| adapter.lot = Some("L2".to_owned()));
    let side = |id: &str, unit: &str| {
        let mut bench = Bench::new(id, &["oem", "clone"], &[10.0], 1, 0);
        lots(&mut bench);
        bench.started.dut_serial = unit.into();
        let mut bench = bench.start();
        bench.trial(press("oem", 10.0), Verdict::FactoryReset);
        bench.trial(press("clone", 10.0), Verdict::NoResponse);
        analysis(bench)
    };
    let by = |words: &str| words.split(',').map(|word| word.parse().unwrap()).collect::<By>();
    let counted = |words: &str| {
        let found = Comparison::of(side("a", "u1"), side("b", "u2"), by(words)).unwrap();
        found.pairs.iter().map(|pair| (pair.key.group.adapter.to_string(), pair.a.resets(), pair.a.n())).collect::<Vec<_>>()
    };
    assert_eq!(counted("adapter"), [("clone".to_owned(), 0, 1), ("oem".to_owned(), 1, 1)]);
    assert_eq!(counted("lot"), [("lot L2".to_owned(), 1, 2)]);
    assert_eq!(counted("fw"), [("firmware 2.800".to_owned(), 1, 2)]);
    assert!(counted("adapter,dut").is_empty());
    assert!("colour".parse::<Factor>().unwrap_err().to_string().contains("adapter, dut, lot, fw"));
}

#[test]
fn what_could_have_been_seen_shrinks_with_more_trials() {
    let seen = |n| compare(run("a", n, [n / 2; 3]), run("b", n, [n / 2; 3])).detectable();
    assert!(seen(2).is_none());
    let (few, many) = (seen(12).unwrap(), seen(40).unwrap());
    assert!(few.0 > many.0 && many.1 < 0.5, "{few:?} {many:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_order_of_the_runs_changes_signs_and_nothing_else(n in 2_u32..14, m in 2_u32..14, k in prop::array::uniform3(0.0..=1.0_f64),
        j in prop::array::uniform3(0.0..=1.0_f64)) {
        let resets = |n: u32, shares: [f64; 3]| shares.map(|share| (share * f64::from(n)).round() as u32);
        let sides = || (run("a", n, resets(n, k)), run("b", m, resets(m, j)));
        let ((a, b), (c, d)) = (sides(), sides());
        let (straight, turned) = (compare(a, b), compare(d, c));
        prop_assert_eq!(straight.exit_code(), turned.exit_code());
        prop_assert_eq!(straight.detectable(), turned.detectable());
        for (one, other) in straight.pairs.iter().zip(&turned.pairs) {
            prop_assert_eq!((&one.key, one.p, one.p_holm, one.finding, one.a), (&other.key, other.p, other.p_holm, other.finding, other.b));
            prop_assert_eq!(one.difference, -other.difference);
            prop_assert!((one.interval.unwrap().lo + other.interval.unwrap().hi).abs() < 1e-12);
        }
    }
}
