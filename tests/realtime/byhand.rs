//! A bench whose hand is a person: they press the button when they are asked, and swap adapters, each once, with its tag scanned.

use super::support::bare::Bare;
use pinhole::domain::event::Event;
use pinhole::domain::observation::Observation;
use pinhole::journal::{DiskStorage, Reader, Wanted};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

fn bench() -> Bare {
    let bare = Bare::new(false);
    let rig = std::fs::read_to_string(bare.run().with_file_name("rig.toml")).unwrap();
    let presser = rig.lines().find(|line| line.starts_with("presser")).unwrap().to_owned();
    bare.edit("rig.toml", &presser, "presser = { driver = \"manual\" }\nselector = { driver = \"manual\" }");
    bare.edit(
        "rig.toml",
        "[positions.interlocks]",
        "[positions.channels]\nleft = \"oem\"\nright = \"clone\"\n\n[positions.interlocks]",
    );
    let adapter = |name: &str, tag: &str| {
        let text =
            format!("schema = 1\nname = \"{name}\"\nasset_tag = \"{tag}\"\nkind = \"fixed\"\nrating = {{ v = 5.0, a = 2.0 }}\n");
        bare.put(&format!("adapters/{name}.toml"), &text);
    };
    adapter("oem", "LAB-1");
    adapter("clone", "LAB-2");
    bare.edit("suites/suite.toml", "adapter = [\"oem\"]", "adapter = [\"oem\", \"clone\"]");
    bare.edit("suites/suite.toml", "hold_s = [20.0]", "hold_s = [0.3]");
    bare.edit("suites/suite.toml", "unpowered_per_adapter = 6", "unpowered_per_adapter = 1");
    bare
}

/// What a person answers to a line that asks.
fn answer(line: &str, scans: &mut usize) -> Option<String> {
    if line.contains("scan its tag (") {
        *scans += 1;
        let tag = line.split("scan its tag (").nth(1)?.split(')').next()?;
        // The first scan is of another adapter.
        return Some(if *scans == 1 { "LAB-9".to_owned() } else { tag.to_owned() });
    }
    line.contains("Answer in the moment").then(|| "1".to_owned())
}

/// Questions, answers, and the edges of the contact with their uncertainty.
fn told(run: &Path) -> (Vec<String>, Vec<String>, Vec<(bool, f64)>) {
    let (mut asked, mut answered, mut edges) = (Vec::new(), Vec::new(), Vec::new());
    Reader::new(DiskStorage, run, Wanted::ALL)
        .for_each(|_, _, event| match event {
            Event::Asked(question) => asked.push(question.text.clone()),
            Event::Answered(answer) => answered.push(answer.answer.clone()),
            Event::Observed(observed) => {
                if let Observation::Coil { energised, u_s } = observed.observation {
                    edges.push((energised, u_s.get()));
                }
            }
            _ => {}
        })
        .unwrap();
    (asked, answered, edges)
}

/// What the guard says when the computer stood still for longer than its lease: a failure of its own, since then nothing was shown.
const STOOD_STILL: &str = "no beat came from the engine";

#[test]
fn a_person_presses_when_asked_and_swaps_each_adapter_once() {
    let bare = bench();
    bare.edit("dut.toml", "quiet_s = 1.0,", "quiet_s = 1.0, settle_s = 0.2,");
    bare.edit("suites/suite.toml", "replicates = 1", "replicates = 2\norder = \"by_adapter\"");
    let mut run = bare.start_asking(&bare.run());
    let (mut keys, mut scans) = (run.stdin.take().unwrap(), 0);
    let mut shown = String::new();
    for line in BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok) {
        shown.push_str(&format!("{line}\n"));
        if let Some(answer) = answer(&line, &mut scans) {
            writeln!(keys, "{answer}").unwrap();
        }
    }
    run.wait().unwrap();
    assert!(!shown.contains(STOOD_STILL), "the computer stood still: it must be at rest for this\n{shown}");
    let (asked, answered, edges) = told(&bare.run());
    let swaps = asked.iter().filter(|text| text.starts_with("Unplug")).count();
    assert_eq!(swaps, 2, "{shown}{asked:?}");
    assert_eq!(answered.iter().filter(|tag| tag.starts_with("LAB")).collect::<Vec<_>>(), ["LAB-9", "LAB-1", "LAB-2"], "{shown}");
    // Two presses and one without power for each adapter, and each is let go.
    assert_eq!(edges.iter().filter(|(down, u)| *down && *u == 0.25).count(), 6, "{edges:?}\n{shown}{}", bare.said());
    assert_eq!(edges.iter().filter(|(down, _)| !*down).count(), 6, "{edges:?}");
}

#[test]
fn an_order_that_would_swap_again_and_again_is_refused_with_what_to_do() {
    let bare = bench();
    bare.edit("suites/suite.toml", "replicates = 1", "replicates = 4");
    let done = bare.start(&bare.run()).wait().unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(bare.said().contains("swaps") && bare.said().contains("by_adapter"), "{}", bare.said());
}
