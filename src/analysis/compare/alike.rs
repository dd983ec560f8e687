//! In what two runs differ, field by field.

use crate::domain::event::RunStarted;
use crate::domain::profile::Profile;
use serde::Serialize;
use serde_json::Value;

/// Fields of a profile that tell people about the camera and have no say in a verdict.
const FOR_PEOPLE: [&str; 6] = ["serial_pattern", "firmware", "form_factor", "instructions", "button", "budget"];

/// The fields in which two values of one kind differ, as paths such as `press.write_window_s`; a list counts as one field.
pub fn fields<T: Serialize>(a: &T, b: &T) -> Vec<String> {
    let mut found = Vec::new();
    // Values of the domain always serialise; two that did not would both be null, and alike.
    let [a, b] = [a, b].map(|value| serde_json::to_value(value).unwrap_or_default());
    differing(&a, &b, "", &mut found);
    found
}

fn differing(a: &Value, b: &Value, at: &str, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                differing(one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null), &path, found);
            }
        }
        _ if a != b => found.push(at.to_owned()),
        _ => {}
    }
}

/// The fields in which two profiles judge differently: all but those that are for people.
pub fn judged_alike(a: &Profile, b: &Profile) -> Vec<String> {
    let for_people = |field: &String| FOR_PEOPLE.iter().any(|word| field.split('.').next() == Some(word));
    fields(a, b).into_iter().filter(|field| !for_people(field)).collect()
}

/// In what two runs differ beside their profiles, as phrases.
pub(super) fn also(a: &RunStarted, b: &RunStarted) -> Vec<String> {
    let none = || "not known".to_owned();
    let mut found = Vec::new();
    let mut say = |what: &str, a: String, b: String| {
        if a != b {
            found.push(format!("{what} ({a}, {b})"));
        }
    };
    say("unit", a.dut_serial.to_string(), b.dut_serial.to_string());
    say("firmware", a.dut_fw.clone().unwrap_or_else(none), b.dut_fw.clone().unwrap_or_else(none));
    say("station", a.station.to_string(), b.station.to_string());
    say("position", a.position.name.to_string(), b.position.name.to_string());
    say("suite", a.suite.name.clone(), b.suite.name.clone());
    for adapter in &a.adapters {
        if let Some(other) = b.adapters.iter().find(|other| other.name == adapter.name) {
            let changed = fields(adapter, other);
            if !changed.is_empty() {
                found.push(format!("adapter `{}` ({})", adapter.name, changed.join(", ")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_path() {
        let a = json!({ "x": { "y": 1, "z": [1, 2] }, "w": 3 });
        let b = json!({ "x": { "y": 2, "z": [1] }, "v": 3, "w": 3 });
        assert_eq!(fields(&a, &b), ["v", "x.y", "x.z"]);
        assert_eq!(fields(&b, &a), fields(&a, &b));
        assert!(fields(&a, &a).is_empty());
    }
}
