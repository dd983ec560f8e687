//! The report against the shape that test viewers expect. There is no one standard; the rules below are those on which the common schemas
//! agree: which element stands where, in which order, with which attributes, and counts that add up.

use super::*;
use crate::analysis::testkit::{Bench, fold, grid, press, rate_limit};
use crate::domain::condition::Origin;
use crate::domain::event::FinishReason;
use crate::domain::limit::Limit;
use crate::domain::verdict::FaultKind;
use crate::report::golden::small;
use proptest::prelude::*;
use roxmltree::{Document, Node};

/// Name, attributes that must be there, attributes that may, and children in the order in which they may come.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const RULES: [Rule; 10] = [
    ("testsuites", &["tests", "failures", "errors"], &["name", "skipped", "disabled", "time"], &["testsuite"]),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "skipped"],
        &["disabled", "time", "timestamp", "hostname", "id", "package"],
        &["properties", "testcase", "system-out", "system-err"],
    ),
    ("properties", &[], &[], &["property"]),
    ("property", &["name", "value"], &[], &[]),
    (
        "testcase",
        &["name", "classname"],
        &["time", "assertions", "status"],
        &["skipped", "error", "failure", "system-out", "system-err"],
    ),
    ("skipped", &[], &["message", "type"], &[]),
    ("error", &["type"], &["message"], &[]),
    ("failure", &["type"], &["message"], &[]),
    ("system-out", &[], &[], &[]),
    ("system-err", &[], &[], &[]),
];

/// Checks an element and all below it.
fn check(node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name().name();
    let rule = RULES.iter().find(|rule| rule.0 == name).ok_or_else(|| format!("unknown element {name}"))?;
    for must in rule.1 {
        node.attribute(*must).ok_or_else(|| format!("{name} without {must}"))?;
    }
    for attribute in node.attributes() {
        let known = rule.1.iter().chain(rule.2).any(|one| *one == attribute.name());
        known.then_some(()).ok_or_else(|| format!("{name} with {}", attribute.name()))?;
    }
    let mut at = 0;
    for child in node.children().filter(Node::is_element) {
        let found = rule.3.iter().position(|one| *one == child.tag_name().name());
        let place = found.ok_or_else(|| format!("{} in {name}", child.tag_name().name()))?;
        (place >= at).then_some(()).ok_or_else(|| format!("{} too late in {name}", child.tag_name().name()))?;
        at = place;
        check(child)?;
    }
    let text = node.children().filter(Node::is_text).any(|text| !text.text().unwrap_or_default().trim().is_empty());
    (rule.3.is_empty() || !text).then_some(()).ok_or_else(|| format!("text in {name}"))
}

fn count(node: Node<'_, '_>, name: &str) -> String {
    node.descendants().filter(|one| one.has_tag_name(name)).count().to_string()
}

/// Parses and checks a report: shape, counts, one status a case, and no two cases of one name.
fn valid(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    root.has_tag_name("testsuites").then_some(()).ok_or("the root is no testsuites")?;
    check(root)?;
    for node in root.descendants().filter(|one| one.has_tag_name("testsuite") || one.has_tag_name("testsuites")) {
        for (attribute, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            let (said, counted) = (node.attribute(attribute).unwrap_or_default(), count(node, element));
            (said == counted).then_some(()).ok_or_else(|| format!("{attribute} says {said}, there are {counted}"))?;
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for case in root.descendants().filter(|one| one.has_tag_name("testcase")) {
        let status = case.children().filter(|one| ["skipped", "error", "failure"].iter().any(|name| one.has_tag_name(*name)));
        (status.count() <= 1).then_some(()).ok_or("two statuses in a case")?;
        let name = (case.attribute("classname"), case.attribute("name"));
        seen.insert(name).then_some(()).ok_or_else(|| format!("{name:?} twice"))?;
    }
    Ok(())
}

fn analysis(bench: Bench) -> Analysis {
    Analysis::pool(vec![fold(&bench.finish(FinishReason::Complete))]).unwrap()
}

/// Ten presses of 30 s with so many resets, against limits of 0.6 (met by 9) and 0.9 (undecided by 9).
fn limited(resets: u32) -> Analysis {
    let named = |name: &str, min_rate| Limit { name: name.to_owned(), ..rate_limit(30.0, min_rate) };
    let mut bench = Bench::new("r", &["oem"], &[30.0], 10, 0);
    bench.started.suite.limits = vec![named("low", 0.6), named("high", 0.9)];
    let mut bench = bench.start();
    for trial in 0..10 {
        use crate::domain::verdict::Verdict::{FactoryReset, NoResponse};
        bench.trial(press("oem", 30.0), if trial < resets { FactoryReset } else { NoResponse });
    }
    analysis(bench)
}

#[test]
fn met_passes_undecided_is_skipped_and_not_met_fails_each_with_its_reason() {
    let text = |resets| String::from_utf8(junit(&limited(resets))).unwrap();
    let nine = text(9);
    let document = Document::parse(&nine).unwrap();
    let suite = document.root_element().first_element_child().unwrap();
    assert_eq!(["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap()), ["2", "0", "0", "1"]);
    let case =
        |name: &str| suite.children().find(|one| one.attribute("name") == Some(name) && one.has_tag_name("testcase")).unwrap();
    let high = case("high").first_element_child().unwrap();
    assert!(high.has_tag_name("skipped") && high.attribute("type") == Some("undecided"));
    assert!(high.attribute("message").unwrap().contains("9 of 10 reset: the rate may be anything from"), "{nine}");
    assert!(case("low").first_element_child().unwrap().has_tag_name("system-out"));
    let none = text(0);
    let document = Document::parse(&none).unwrap();
    let failures: Vec<_> = document.descendants().filter(|one| one.has_tag_name("failure")).collect();
    assert!(failures.len() == 2 && failures.iter().all(|one| one.attribute("type") == Some("not_met")));
}

#[test]
fn what_was_lost_and_where_it_comes_from_is_in_the_report() {
    let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0).start();
    for _ in 0..70 {
        bench.begin(Some(0), press("oem", 30.0), Origin::Planned);
        bench.fault(FaultKind::Timeout, "no edge & no <answer>");
    }
    let bytes = junit(&analysis(bench));
    valid(&bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let document = Document::parse(&text).unwrap();
    let out = document.descendants().find(|one| one.has_tag_name("system-out")).unwrap().text().unwrap();
    assert!(out.contains("0 of 1 slots judged, 1 lost; attempts lost: 70 faulted, 0 abandoned"), "{out}");
    assert!(out.contains("slot 0, attempt 1: presser: no edge & no <answer> (journal line "), "{out}");
    assert!(out.matches("fault timeout").count() == FAULTS_MAX && out.contains("10 more faults"), "{out}");
    let property = |name: &str| {
        let all = document.descendants().filter(|one| one.has_tag_name("property"));
        all.filter(|one| one.attribute("name") == Some(name)).find_map(|one| one.attribute("value"))
    };
    assert_eq!(
        (property("run.1.id"), property("run.1.dut_serial"), property("exit_code")),
        (Some("r"), Some("AMC0001"), Some("3"))
    );
}

#[test]
fn reports_have_the_shape_that_viewers_expect() {
    let small = Analysis::pool(vec![fold(&small())]).unwrap();
    let none = analysis(grid("r", &["oem"], &[5.0], 2, |_, _| 1));
    for analysis in [small, none, limited(9), limited(0)] {
        let bytes = junit(&analysis);
        valid(&bytes).unwrap_or_else(|why| panic!("{why}:\n{}", String::from_utf8_lossy(&bytes)));
    }
}

#[test]
fn a_wrong_shape_is_found() {
    let good = String::from_utf8(junit(&limited(9))).unwrap();
    let broken = [
        ("skipped=\"1\"", "skipped=\"2\""),
        ("name=\"high\"", "name=\"low\""),
        ("classname=", "clasname="),
        ("<skipped ", "<omitted "),
        ("<properties>", "text<properties>"),
        ("</testsuites>", ""),
    ];
    for (from, to) in broken {
        assert!(good.contains(from), "{from}");
        let bad = good.replace(from, to).replace("</skipped>", if from == "<skipped " { "</omitted>" } else { "</skipped>" });
        assert!(valid(bad.as_bytes()).is_err(), "{from}");
    }
}

proptest! {
    #[test]
    fn any_name_can_stand_in_a_report(name in any::<String>(), serial in any::<String>(), detail in any::<String>()) {
        let mut bench = Bench::new("r", &["oem"], &[30.0], 1, 0);
        bench.started.suite.limits = vec![Limit { name, ..rate_limit(30.0, 0.5) }];
        bench.started.dut_serial = serial.as_str().into();
        let mut bench = bench.start();
        bench.begin(Some(0), press("oem", 30.0), Origin::Planned);
        bench.fault(FaultKind::Timeout, &detail);
        let bytes = junit(&analysis(bench));
        prop_assert!(valid(&bytes).is_ok(), "{:?}\n{}", valid(&bytes), String::from_utf8_lossy(&bytes));
    }
}
