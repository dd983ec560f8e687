//! Holds a TOML tree against the JSON schema of its type and finds everything that does not fit: unknown and missing keys, values of a wrong
//! kind, unknown words. serde alone would stop at the first, know no nearest key, and say little about alternatives.

pub(crate) mod schema;
mod words;

use super::keypath::KeyPath;
use super::nearest::{help_words, nearest};
use schema::{Child, Schema, bounds, child, kinds, properties, required, tag, words};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
pub(crate) use words::json_kind;
use words::{fits, help_kind, spoken};

/// Something that does not fit, by bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A place in a walk: the path, and the bytes shown for the table as a whole.
#[derive(Clone)]
struct Place {
    path: KeyPath,
    span: Range<usize>,
}

/// Holds values against a schema.
#[derive(Clone, Copy)]
pub(crate) struct Shape<'a> {
    schema: Schema<'a>,
    text: &'a str,
}

impl<'a> Shape<'a> {
    /// `text` is the whole file: messages repeat parts of it.
    pub(crate) fn new(schema: &'a Value, text: &'a str) -> Self {
        Self { schema: Schema::new(schema), text }
    }

    /// Everything in `table` that does not fit the root of the schema. `at` and `span` are the table's own place.
    pub(crate) fn flaws(&self, table: &DeTable<'_>, at: &KeyPath, span: Range<usize>) -> Vec<Flaw> {
        let options = self.schema.options(self.schema.root());
        self.best_table(&options, table, &Place { path: at.clone(), span })
    }

    fn value(&self, node: &'a Value, value: &Spanned<DeValue<'_>>, path: KeyPath) -> Vec<Flaw> {
        let options = self.schema.options(node);
        if options.is_empty() {
            return Vec::new();
        }
        let found = json_kind(value.get_ref());
        let fitting: Vec<&Value> =
            options.iter().copied().filter(|o| kinds(o).is_empty() || kinds(o).iter().any(|kind| fits(kind, found))).collect();
        if fitting.is_empty() {
            return vec![self.wrong_kind(&options, value)];
        }
        match value.get_ref() {
            DeValue::String(text) => self.word(&fitting, text, value.span()).into_iter().collect(),
            DeValue::Integer(number) => out_of_range(&fitting, number.as_str(), value.span()).into_iter().collect(),
            DeValue::Float(number) => out_of_range(&fitting, number.as_str(), value.span()).into_iter().collect(),
            DeValue::Array(array) => fewest(fitting.iter().map(|option| {
                let elements = array.iter().enumerate();
                elements.flat_map(|(index, element)| self.value(&option["items"], element, path.index(index))).collect()
            })),
            DeValue::Table(table) => self.best_table(&fitting, table, &Place { path, span: value.span() }),
            _ => Vec::new(),
        }
    }

    fn best_table(&self, options: &[&'a Value], table: &DeTable<'_>, at: &Place) -> Vec<Flaw> {
        let tag = tag(options).filter(|_| options.len() > 1);
        let Some((key, value)) = tag.and_then(|key| Some((key, table.get(key)?))) else {
            return fewest(options.iter().map(|option| self.table(option, table, at)));
        };
        let word = value.get_ref().as_str();
        match options.iter().find(|option| option["properties"][key]["const"].as_str() == word) {
            Some(option) => self.table(option, table, at),
            None => {
                let tags: Vec<&Value> = options.iter().map(|option| &option["properties"][key]).collect();
                match word {
                    Some(word) => self.word(&tags, word, value.span()).into_iter().collect(),
                    None => vec![self.wrong_kind(&tags, value)],
                }
            }
        }
    }

    fn table(&self, option: &'a Value, table: &DeTable<'_>, at: &Place) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut meant = BTreeSet::new();
        for (key, value) in table {
            match child(option, key.get_ref()) {
                Child::Known(node) => flaws.extend(self.value(node, value, at.path.key(key.get_ref()))),
                Child::Open => {}
                Child::Unknown => {
                    let absent = properties(option).map(|(known, _)| known).filter(|known| !table.contains_key(*known));
                    meant.extend(nearest(key.get_ref(), absent).filter(|(_, close)| *close).map(|(known, _)| known));
                    flaws.push(self.unknown_key(option, key, &at.path));
                }
            }
        }
        // A required key that was only mistyped is one mistake, not two.
        let missing = required(option).filter(|key| !table.contains_key(*key) && !meant.contains(key));
        flaws.extend(missing.map(|key| self.missing_key(option, key, at)));
        flaws
    }

    fn unknown_key(&self, option: &'a Value, key: &Spanned<std::borrow::Cow<'_, str>>, at: &KeyPath) -> Flaw {
        let name = key.get_ref().as_ref();
        let known: Vec<&str> = properties(option).map(|(known, _)| known).collect();
        let help = match (self.home(name, at), nearest(name, known.iter().copied())) {
            (Some(home), Some((near, true))) => format!("`{name}` belongs {home}; did you mean `{near}`?"),
            (Some(home), _) => format!("`{name}` belongs {home}"),
            (None, Some((near, true))) => format!("did you mean `{near}`?"),
            (None, Some((near, false))) => format!("the nearest known key is `{near}`; known here: {}", known.join(", ")),
            (None, None) => "no key is known here".to_owned(),
        };
        let message = match at.parent() {
            None => format!("unknown key `{name}`"),
            Some(_) => format!("unknown key `{name}` in `{at}`"),
        };
        Flaw { span: key.span(), message, help }
    }

    /// Another table of the file that knows this key: most often it was written below the wrong header.
    fn home(&self, key: &str, at: &KeyPath) -> Option<String> {
        let root = self.schema.root();
        if at.parent().is_some() && root["properties"].get(key).is_some() {
            return Some("at the top of the file, above the first [header]".to_owned());
        }
        let knows = |node: &'a Value| self.schema.options(node).iter().any(|option| option["properties"].get(key).is_some());
        let table = properties(root).find(|(table, node)| at.header() != *table && knows(node))?;
        Some(format!("in [{}]", table.0))
    }

    fn missing_key(&self, option: &'a Value, key: &str, at: &Place) -> Flaw {
        let node = &option["properties"][key];
        let kind = self.schema.options(node).first().map(|option| kinds(option)).unwrap_or_default();
        let path = at.path.key(key);
        let add = match kind.first().copied() {
            Some("object") => format!("add a table [{}]", path.header()),
            Some("array") => format!("add `{key} = […]`"),
            _ => format!("add `{key} = …`"),
        };
        let place = if at.path.parent().is_some() { format!(" in `{}`", at.path) } else { String::new() };
        let meaning = match (node["description"].as_str(), self.schema.words(node)) {
            (_, Some(words)) => format!(", one of {}", words.join(", ")),
            (Some(meaning), None) => format!(": {}", lower_first(meaning.trim_end_matches('.'))),
            (None, None) => String::new(),
        };
        Flaw { span: at.span.clone(), message: format!("missing key `{key}`{place}"), help: format!("{add}{meaning}") }
    }

    fn wrong_kind(&self, options: &[&'a Value], value: &Spanned<DeValue<'_>>) -> Flaw {
        let mut expected: Vec<&str> = options.iter().flat_map(|option| kinds(option)).collect();
        expected.dedup();
        let spoken_expected: Vec<&str> = expected.iter().map(|kind| spoken(kind)).collect();
        let message = format!("expected {}, found {}", spoken_expected.join(" or "), spoken(json_kind(value.get_ref())));
        let raw = self.text.get(value.span()).unwrap_or("…");
        Flaw { span: value.span(), message, help: help_kind(&expected, value.get_ref(), raw) }
    }

    fn word(&self, options: &[&'a Value], word: &str, span: Range<usize>) -> Option<Flaw> {
        let known = words(options)?;
        if known.contains(&word) {
            return None;
        }
        Some(Flaw { span, message: format!("unknown word `{word}`"), help: help_words(word, known) })
    }
}

fn out_of_range(options: &[&Value], number: &str, span: Range<usize>) -> Option<Flaw> {
    let value: f64 = number.parse().ok()?;
    let (low, high) = bounds(options);
    let (message, help) = if !value.is_finite() {
        (format!("{number} is no number to work with"), "write a finite number, or leave the key away for no bound".to_owned())
    } else if value < low {
        (format!("{number} is too small"), format!("write {low} or more"))
    } else if value > high {
        (format!("{number} is too large"), format!("write {high} or less"))
    } else {
        return None;
    };
    Some(Flaw { span, message, help })
}

/// The shortest of several lists of flaws: the alternative that was most likely meant.
fn fewest(alternatives: impl Iterator<Item = Vec<Flaw>>) -> Vec<Flaw> {
    alternatives.min_by_key(Vec::len).unwrap_or_default()
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
