//! Reads a JSON schema as `schemars` writes it: references, alternatives, words, properties.

use serde_json::Value;
use std::collections::BTreeSet;

/// References followed in a row before a schema is taken for circular; real ones need two.
const MAX_DEPTH: usize = 16;

/// A schema with its definitions.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
}

impl<'s> Schema<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root }
    }

    pub(crate) fn root(self) -> &'s Value {
        self.root
    }

    /// Everything a node may be: references followed, alternatives spread, `null` left out since TOML has none. Empty: anything at all.
    pub(crate) fn options(self, node: &'s Value) -> Vec<&'s Value> {
        let mut options = Vec::new();
        self.spread(node, MAX_DEPTH, &mut options);
        options
    }

    fn spread(self, node: &'s Value, depth: usize, options: &mut Vec<&'s Value>) {
        if depth == 0 || !node.is_object() {
            return;
        }
        if let Some(target) = node["$ref"].as_str().and_then(|reference| self.root.pointer(reference.strip_prefix('#')?)) {
            return self.spread(target, depth - 1, options);
        }
        match node["anyOf"].as_array().or_else(|| node["oneOf"].as_array()) {
            Some(branches) => branches.iter().for_each(|branch| self.spread(branch, depth - 1, options)),
            None if node["type"] == "null" => {}
            None => options.push(node),
        }
    }

    /// The properties of a node's tables.
    pub(crate) fn keys(self, node: &'s Value) -> BTreeSet<&'s str> {
        self.options(node).into_iter().flat_map(properties).map(|(key, _)| key).collect()
    }

    /// What a key of a table holds, over all alternatives; `None` when no table of this node knows it.
    pub(crate) fn property(self, node: &'s Value, key: &str) -> Option<&'s Value> {
        self.options(node).into_iter().find_map(|option| child(option, key).node())
    }

    /// The words that a text may be; `None` when any will do or the node is no text.
    pub(crate) fn words(self, node: &'s Value) -> Option<Vec<&'s str>> {
        words(&self.options(node))
    }
}

/// What a table holds under a key.
pub(crate) enum Child<'s> {
    /// A value of this shape.
    Known(&'s Value),
    /// Anything.
    Open,
    /// The key must not be there.
    Unknown,
}

impl<'s> Child<'s> {
    fn node(self) -> Option<&'s Value> {
        match self {
            Child::Known(node) => Some(node),
            Child::Open | Child::Unknown => None,
        }
    }
}

/// What a table of this option holds under `key`.
pub(crate) fn child<'s>(option: &'s Value, key: &str) -> Child<'s> {
    if let Some(node) = option["properties"].get(key) {
        return Child::Known(node);
    }
    match option.get("additionalProperties").or_else(|| option.get("unevaluatedProperties")) {
        Some(Value::Bool(false)) => Child::Unknown,
        Some(node @ Value::Object(_)) => Child::Known(node),
        _ => Child::Open,
    }
}

/// The named properties of an option.
pub(crate) fn properties(option: &Value) -> impl Iterator<Item = (&str, &Value)> {
    option["properties"].as_object().into_iter().flatten().map(|(key, node)| (key.as_str(), node))
}

/// The keys that must be there.
pub(crate) fn required(option: &Value) -> impl Iterator<Item = &str> {
    option["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The names of a node's JSON types; empty when it allows all.
pub(crate) fn kinds(option: &Value) -> Vec<&str> {
    match &option["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        _ if option["const"].is_string() || option["enum"].is_array() => vec!["string"],
        _ => Vec::new(),
    }
}

/// The largest number that a quantity of the domain holds.
const MAX_QUANTITY: f64 = 9e12;

/// The least and the greatest number that any of the options allows.
pub(crate) fn bounds(options: &[&Value]) -> (f64, f64) {
    let of = |option: &&Value| {
        // schemars states the type of an integer, not its upper bound, and gives quantities no format at all.
        let (low, high) = match option["format"].as_str() {
            Some("uint32") => (0.0, f64::from(u32::MAX)),
            Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
            None if option["type"] == "number" => (-MAX_QUANTITY, MAX_QUANTITY),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        (option["minimum"].as_f64().unwrap_or(low), option["maximum"].as_f64().unwrap_or(high))
    };
    options.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |all, one| (all.0.min(one.0), all.1.max(one.1)))
}

/// The words of a single option; `None` when it is no choice of words.
fn words_of(option: &Value) -> Option<Vec<&str>> {
    match (&option["const"], &option["enum"]) {
        (Value::String(word), _) => Some(vec![word]),
        (_, Value::Array(words)) => Some(words.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// The words of several options together; `None` when one of them is no choice of words, or there are no options.
pub(crate) fn words<'s>(options: &[&'s Value]) -> Option<Vec<&'s str>> {
    let all: Option<Vec<Vec<&str>>> = options.iter().map(|option| words_of(option)).collect();
    let words = all?.concat();
    (!words.is_empty()).then_some(words)
}

/// The key whose word tells the alternatives of a tagged choice apart, where there is one.
pub(crate) fn tag<'s>(options: &[&'s Value]) -> Option<&'s str> {
    let (first, rest) = options.split_first()?;
    let is_tag = |option: &Value, key: &str| option["properties"][key]["const"].is_string();
    properties(first).map(|(key, _)| key).find(|key| is_tag(first, key) && rest.iter().all(|option| is_tag(option, key)))
}
