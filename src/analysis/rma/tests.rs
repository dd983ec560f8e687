//! Causes, gates, choices and beliefs.

use super::cause::{Cause, Supplied, Unit};
use super::choose::{self, Step};
use super::finding::{Finding, Senses};
use super::gate::{Missing, missing};
use super::inference::{Belief, Done, Kind, Source, Sources, Test};
use super::table::Table;
use crate::domain::rma::{FaultClass, ReturnPlan};

const ALL: Sources = Sources { returned: true, references: 2, margin: true };

fn plan() -> ReturnPlan {
    ReturnPlan::new(vec!["oem".into(), "psu".into()])
}

fn done(test: Test, finding: &str) -> Done {
    Done { test, finding: Finding::parse(finding).unwrap_or_else(|| panic!("{finding}")), took_s: 300.0 }
}

fn table() -> Table {
    Table::built_in(Senses::ALL)
}

#[test]
fn the_built_in_table_knows_every_cause_and_every_test() {
    assert!(table().is_complete());
}

#[test]
fn a_line_that_is_none_is_named() {
    let error =
        Table::parse("# comment\nstroke,sound,-,-/-/-/-/snap/-,1,11\nstroke,sound,-,snap,1,11\n", Senses::ALL).unwrap_err();
    assert_eq!(error.line, 3);
}

#[test]
fn priors_are_probabilities() {
    for returned in [true, false] {
        let sum: f64 = Cause::all(returned).iter().map(|cause| cause.prior(returned)).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
}

#[test]
fn a_finding_is_read_as_it_is_written_and_hides_what_a_rig_cannot_see() {
    let finding = Finding::parse("good/stops/-/-/snap/-").unwrap();
    assert_eq!(finding.to_string(), "good/stops/-/-/snap/-");
    let blind = Senses { plug: false, console: false, force: false };
    assert_eq!(finding.coarsened(blind).to_string(), "-/not_ready/-/-/-/-");
    assert_eq!(Finding::parse("good/ready/-"), None);
    assert_eq!(Finding::parse("good/ready/-/-/-/-/-"), None);
    assert_eq!(Finding::parse("fine/ready/-/-/-/-"), None);
}

#[test]
fn a_mixture_is_named_by_the_unit_first_and_the_adapter_second() {
    let cause = Cause { unit: Unit::ButtonWorn, supplied: Supplied::Weak };
    assert_eq!((cause.class(), cause.secondary()), (FaultClass::Button, Some(FaultClass::Supply)));
    let cause = Cause { unit: Unit::Sound, supplied: Supplied::Dead };
    assert_eq!((cause.class(), cause.secondary()), (FaultClass::Supply, None));
}

#[test]
fn no_unit_is_blamed_on_fewer_than_the_profiles_repeats() {
    let press = |place: usize| done(Test::Press(Source::Reference(place)), "good/ready/nothing/unnoticed/snap/-");
    for class in [FaultClass::Button, FaultClass::Firmware, FaultClass::Hardware] {
        let one_source = [press(0), press(0), press(0)];
        let two_presses = [press(0), press(1)];
        assert!(missing(class, &one_source, ALL, &plan()).is_some(), "{class:?}");
        assert!(missing(class, &two_presses, ALL, &plan()).is_some(), "{class:?}");
    }
    let enough = [press(0), press(1), press(0)];
    assert_eq!(missing(FaultClass::Button, &enough, ALL, &plan()), None);
    let boot = |word: &str| done(Test::Boot(Source::Reference(0)), &format!("good/{word}/-/-/-/-"));
    assert_eq!(missing(FaultClass::Firmware, &[boot("fatal")], ALL, &plan()), Some(Missing::Boots(1)));
    assert_eq!(missing(FaultClass::Firmware, &[boot("fatal"), boot("stops")], ALL, &plan()), Some(Missing::Boots(1)));
    assert_eq!(missing(FaultClass::Firmware, &[boot("fatal"), boot("fatal")], ALL, &plan()), None);
}

#[test]
fn neither_firmware_nor_hardware_is_blamed_where_the_power_was_never_seen_to_be_right() {
    let findings = ["off/silent/-/-/-/-", "sagging/stops/-/-/-/-", "sagging/loops/-/-/-/-", "sagging/ready/reboot/once/snap/-"];
    for finding in findings {
        let tests = [Test::Boot(Source::Reference(0)), Test::Press(Source::Reference(1)), Test::Press(Source::Returned)];
        let made: Vec<Done> = (0..9).map(|n| done(tests[n % 3], finding)).collect();
        for class in [FaultClass::Firmware, FaultClass::Hardware] {
            assert_eq!(missing(class, &made, ALL, &plan()), Some(Missing::GoodPower), "{finding}");
        }
    }
    // On the returned adapter alone nothing can be said, however good it looks.
    let made =
        [done(Test::Boot(Source::Returned), "good/fatal/-/-/-/-"), done(Test::Boot(Source::Returned), "good/fatal/-/-/-/-")];
    assert_eq!(missing(FaultClass::Firmware, &made, ALL, &plan()), Some(Missing::GoodPower));
}

#[test]
fn one_good_reset_on_the_returned_adapter_ends_it() {
    let table = table();
    let made = [done(Test::Stroke, "-/-/-/-/snap/-"), done(Test::Press(Source::Returned), "good/ready/reset/once/snap/-")];
    let belief = Belief::after(true, &made, &table);
    assert!(belief.best().0 == FaultClass::NoFaultFound && belief.best().1 > 0.9, "{:?}", belief.classes());
}

#[test]
fn what_is_done_in_another_order_leaves_the_same_belief() {
    let table = table();
    let made = [
        done(Test::Stroke, "-/-/-/-/snap/-"),
        done(Test::Press(Source::Returned), "sagging/ready/reboot/once/snap/-"),
        done(Test::Press(Source::Reference(0)), "good/ready/reset/once/snap/-"),
    ];
    let mut turned = made;
    turned.reverse();
    let (a, b) = (Belief::after(true, &made, &table).classes(), Belief::after(true, &turned, &table).classes());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
    assert_eq!(Belief::after(true, &made, &table).best().0, FaultClass::Supply);
}

#[test]
fn every_choice_is_a_test_of_the_rig_and_ends() {
    let table = table();
    for sources in [ALL, Sources { returned: false, references: 1, margin: false }] {
        for answer in ["good/ready/nothing/unnoticed/no_snap/-", "sagging/silent/-/-/-/-", "good/ready/partial/once/snap/holes"] {
            let mut made = vec![done(Test::Stroke, "-/-/-/-/snap/-")];
            loop {
                let belief = Belief::after(sources.returned, &made, &table);
                match choose::next(&belief, &made, sources, &plan(), &table) {
                    Step::Test(test, _) => {
                        assert!(choose::tests(sources).contains(&test), "{test}");
                        made.push(done(test, answer));
                    }
                    Step::Decided | Step::Undecided(_) => break,
                }
                assert!(made.len() < 40, "{answer}: no end");
            }
        }
    }
}

#[test]
fn no_test_tells_less_than_nothing() {
    let table = table();
    let belief = Belief::prior(true, &table);
    for test in choose::tests(ALL) {
        assert!(choose::information(&belief, test, &table) >= 0.0);
        assert!(choose::information(&belief, test, &table) <= belief.entropy() + 1e-9);
    }
    assert_eq!(Kind::ALL.len(), 6);
}
