//! Drivers read their own settings out of a rig.

use crate::files::{KeyPath, Problem, Severity, Source, read_at};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Settings {
    /// The line of the chip.
    line: u32,
    /// How it is wired.
    wiring: Wiring,
}

/// A choice with settings of its own.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schemars(deny_unknown_fields)]
enum Wiring {
    /// Drives the coil itself.
    Direct {
        /// The pull resistor.
        pull_ohm: f64,
    },
    /// Through a relay.
    Relay {
        /// Its delay.
        delay_s: f64,
    },
}

fn settings(presser: &str) -> Result<Settings, String> {
    let text = format!("schema = 1\n[[positions]]\nname = \"p1\"\npresser = {presser}\n");
    let source = Source::new("rig.toml", &text);
    read_at::<Settings>(&source, &"positions[0].presser".into()).map(|parsed| parsed.value).map_err(|errors| errors.to_string())
}

#[test]
fn settings_are_read_without_the_drivers_name() {
    let read = settings("{ driver = \"gpio\", line = 17, wiring = { kind = \"relay\", delay_s = 0.01 } }");
    assert_eq!(read, Ok(Settings { line: 17, wiring: Wiring::Relay { delay_s: 0.01 } }));
}

#[test]
fn an_unknown_setting_is_shown_where_it_stands() {
    let said = settings("{ driver = \"gpio\", lin = 17, wiring = { kind = \"direct\", pull_ohm = 10e3 } }").unwrap_err();
    let expected = "\
error: unknown key `lin` in `positions[0].presser`
 --> rig.toml:4:30
  |
4 | presser = { driver = \"gpio\", lin = 17, wiring = { kind = \"direct\", pull_ohm = 10e3 } }
  |                              ^^^
  |
  = help: did you mean `line`?";
    assert_eq!(said, expected);
}

#[test]
fn a_tagged_choice_is_judged_by_its_tag() {
    let said = settings("{ driver = \"gpio\", line = 17, wiring = { kind = \"rely\", delay_s = 0.01 } }").unwrap_err();
    assert!(said.contains("unknown word `rely`") && said.contains("did you mean `relay`?"), "{said}");
    let said = settings("{ driver = \"gpio\", line = 17, wiring = { kind = \"relay\", pull_ohm = 1.0 } }").unwrap_err();
    assert!(said.contains("unknown key `pull_ohm` in `positions[0].presser.wiring`"), "{said}");
    assert!(said.contains("missing key `delay_s`"), "{said}");
}

#[test]
fn a_drivers_own_problem_is_located_from_its_table() {
    let source =
        Source::new("rig.toml", "[[positions]]\npresser = { line = 17, wiring = { kind = \"relay\", delay_s = -1.0 } }\n");
    let parsed = read_at::<Settings>(&source, &"positions[0].presser".into()).unwrap();
    let problem = Problem { path: KeyPath::from("wiring.delay_s"), message: "too short".into(), help: "write more".into() };
    let error = parsed.locate(&problem, Severity::Error);
    assert_eq!(&source.text[error.span.clone().unwrap()], "-1.0");
}

#[test]
fn a_table_that_is_not_there_is_missed() {
    let source = Source::new("rig.toml", "[[positions]]\nname = \"p1\"\n");
    let said = read_at::<Settings>(&source, &"positions[0].presser".into()).unwrap_err().to_string();
    assert!(said.contains("there is no table `positions[0].presser`") && said.contains("add [positions.presser]"), "{said}");
}
