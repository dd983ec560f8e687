//! summary.json is read back by its own types, fits its own schema, and keeps the fields of its first version.

use super::*;
use crate::analysis::testkit::{Bench, fold, grid, max_limit, press, rate_limit, sham};
use crate::domain::event::FinishReason;
use serde_json::Value;

fn pooled(benches: Vec<Bench>) -> Analysis {
    Analysis::pool(benches.into_iter().map(|bench| fold(&bench.finish(FinishReason::Complete))).collect()).unwrap()
}

fn several() -> Vec<Analysis> {
    let mut limited = Bench::new("limited", &["oem"], &[30.0], 3, 1);
    limited.started.suite.limits = vec![rate_limit(30.0, 0.6), max_limit("boot_s", 100.0, 0.1)];
    let mut limited = limited.start();
    for verdict in [Verdict::FactoryReset, Verdict::Inconclusive, Verdict::NotReady] {
        limited.trial(press("oem", 30.0), verdict);
    }
    limited.trial(sham("oem"), Verdict::FactoryReset);
    let holds = [3.0, 6.0, 12.0, 24.0, 48.0];
    let sweep =
        |id, most| grid(id, &["a", "b"], &holds, 20, |adapter, hold| if hold > 10.0 { most - 8 * adapter as u32 } else { 0 });
    vec![
        pooled(vec![limited]),
        pooled(vec![sweep("one", 20), sweep("two", 19)]),
        Analysis::pool(vec![fold(&Bench::new("empty", &["oem"], &[30.0], 3, 1).start().events())]).unwrap(),
        Analysis::pool(vec![fold(&crate::report::golden::small())]).unwrap(),
    ]
}

#[test]
fn what_is_written_is_read_back_as_it_was() {
    for analysis in several() {
        let read: Summary = serde_json::from_slice(&summary(&analysis)).unwrap();
        assert_eq!(read, of(&analysis));
    }
}

/// Types, properties and required fields of a value by the parts of JSON schema that ours is made of.
fn fits(value: &Value, schema: &Value, all: &Value, place: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let part = name.trim_start_matches("#/$defs/");
        return fits(value, &all["$defs"][part], all, place);
    }
    if let Some(ways) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fit = ways.iter().any(|way| fits(value, way, all, place).is_ok());
        return if fit { Ok(()) } else { Err(format!("{place}: {value} is none of {ways:?}")) };
    }
    if let Some(only) = schema.get("const") {
        return if only == value { Ok(()) } else { Err(format!("{place}: {value} is not {only}")) };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Err(format!("{place}: the schema names no type: {schema}")),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if types.contains(&"integer") && !number.is_f64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&is) {
        return Err(format!("{place}: {value} is no {types:?}"));
    }
    let missing = schema["required"].as_array().into_iter().flatten().find(|name| value.get(name.as_str().unwrap()).is_none());
    if let Some(name) = missing {
        return Err(format!("{place}: {name} is missing"));
    }
    let inner = |(name, one): (String, &Value)| {
        let of_name = &schema["properties"][&name];
        let of = [of_name, &schema["items"], &schema["additionalProperties"]].into_iter().find(|part| part.is_object());
        of.map_or_else(
            || Err(format!("{place}.{name} is not in the schema")),
            |of| fits(one, of, all, &format!("{place}.{name}")),
        )
    };
    match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).try_for_each(inner),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).try_for_each(inner),
        _ => Ok(()),
    }
}

#[test]
fn what_is_written_fits_the_schema_and_a_field_too_many_does_not() {
    let schema = schema();
    for analysis in several() {
        let mut written: Value = serde_json::from_slice(&summary(&analysis)).unwrap();
        assert_eq!(fits(&written, &schema, &schema, "summary"), Ok(()));
        written["surprise"] = Value::Null;
        assert!(fits(&written, &schema, &schema, "summary").is_err());
        let mut short: Value = serde_json::from_slice(&summary(&analysis)).unwrap();
        short["trials"] = Value::from("many");
        assert!(fits(&short, &schema, &schema, "summary").is_err());
    }
}

/// The fields of the first version. Lines may be added here; none may go.
const FIRST: &str = "
    schema suite dut_model exit_code complete units trials judged attempts_lost faults control_resets verdicts limits thresholds runs
    limits.name limits.status limits.subjects
    limits.subjects.dut_serial limits.subjects.adapter limits.subjects.supply_v limits.subjects.level limits.subjects.status
    limits.subjects.n limits.subjects.value limits.subjects.lower limits.subjects.upper limits.subjects.marginal limits.subjects.reason
    thresholds.dut_serial thresholds.adapter thresholds.supply_v thresholds.quantity thresholds.edge thresholds.value_s thresholds.lo_s
    thresholds.hi_s thresholds.confidence thresholds.n thresholds.status thresholds.caveats
    runs.run_id runs.started_at runs.program runs.station runs.position runs.dut_serial runs.dut_fw runs.seed runs.finish runs.complete
    runs.sessions runs.slots_planned runs.slots_begun runs.slots_judged runs.slots_lost runs.bench_s runs.journal_head";

#[test]
fn fields_of_the_first_version_stay() {
    let written: Value = serde_json::from_slice(&summary(&several()[3])).unwrap();
    for path in FIRST.split_whitespace() {
        let found = path.split('.').try_fold(&written, |value, name| {
            let value = if let Value::Array(items) = value { items.first()? } else { value };
            value.get(name)
        });
        assert!(found.is_some(), "{path} has gone");
    }
}

#[test]
fn a_summary_of_before_is_still_read() {
    let mut written: Value = serde_json::from_slice(&summary(&several()[3])).unwrap();
    let fields = written.as_object_mut().unwrap();
    fields.retain(|name, _| FIRST.split_whitespace().any(|first| first == name));
    for run in fields["runs"].as_array_mut().unwrap() {
        run.as_object_mut().unwrap().retain(|name, _| FIRST.contains(&format!("runs.{name}")));
    }
    let read: Summary = serde_json::from_value(written).unwrap();
    assert!(read.cells.is_empty() && read.runs[0].calibrated.is_none());
}
