//! What kinds of values are called in messages, and what to do about a wrong one.

use toml::de::DeValue;

/// The JSON type of a TOML value, with dates apart.
pub(crate) fn json_kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

/// What a person calls a kind.
pub(crate) fn spoken(kind: &str) -> &'static str {
    match kind {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "date" => "a date or a time",
        "array" => "a list",
        _ => "a table",
    }
}

/// Whether a value of kind `found` will do where `expected` is asked for.
pub(crate) fn fits(expected: &str, found: &str) -> bool {
    expected == found || (expected == "number" && found == "integer")
}

/// What to do about a value of the wrong kind. `raw` is the value as written.
pub(crate) fn help_kind(expected: &[&str], value: &DeValue<'_>, raw: &str) -> String {
    let raw = if raw.contains('\n') || raw.chars().count() > 40 { "…" } else { raw };
    let wants = |kind: &str| expected.contains(&kind);
    match value {
        DeValue::Array(_) if !wants("object") => "write one value without square brackets".to_owned(),
        DeValue::Table(_) if wants("array") => "write a list in square brackets".to_owned(),
        _ if wants("array") => format!("put it in square brackets: [{raw}]"),
        _ if wants("object") => "write a table: key = value pairs under its own [header], or in curly brackets".to_owned(),
        DeValue::String(text) if (wants("number") || wants("integer")) && text.parse::<f64>().is_ok() => {
            format!("take the quotes away: {text}")
        }
        _ if wants("integer") => "write a whole number, such as 10".to_owned(),
        _ if wants("number") => "write a plain number, such as 30 or 4.75; the unit stands in the key's name".to_owned(),
        _ if wants("boolean") => "write true or false, without quotes".to_owned(),
        _ => format!("put it in double quotes: \"{raw}\""),
    }
}
