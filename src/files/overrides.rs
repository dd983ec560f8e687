//! `--set path=value`: changes of a suite's text from the command line. Comments and order of the file stay.

use super::error::{FileError, FileErrors};
use super::keypath::{KeyPath, Part};
use super::nearest::help_words;
use super::read::parse;
use super::shape::schema::{Schema, kinds};
use super::source::Source;
use serde_json::Value as Json;
use std::ops::Range;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// Applies overrides such as `design.replicates=3` (a leading `suite.` is allowed) in turn. A value is TOML; a bare word is text.
///
/// # Errors
/// The file's syntax error; for each override: no `=`, a path that `schema` does not know, or a place that the file does not have.
pub(crate) fn apply(file: &Source, sets: &[String], schema: &Json) -> Result<Source, FileErrors> {
    parse(file)?;
    let mut document: DocumentMut = match file.text.parse() {
        Ok(document) => document,
        Err(error) => return Err(FileError::whole(&file.path, format!("not valid TOML: {error}"), "correct the file").into()),
    };
    let mut errors = FileErrors::default();
    for set in sets {
        if let Err(error) = apply_one(&mut document, set, Schema::new(schema)) {
            errors.0.push(error);
        }
    }
    if errors.is_empty() { Ok(Source::new(&file.path, &document.to_string())) } else { Err(errors) }
}

fn apply_one(document: &mut DocumentMut, set: &str, schema: Schema<'_>) -> Result<(), FileError> {
    let shown = Source::new("--set", set);
    let Some((path, raw)) = set.split_once('=') else {
        return Err(FileError::at(
            &shown,
            0..set.len(),
            "an override needs a value",
            "write it as path=value: design.replicates=3",
        ));
    };
    let path = path.trim_end();
    let skipped = if path.starts_with("suite.") { "suite.".len() } else { 0 };
    let keys = KeyPath::from(&path[skipped..]);
    if keys == KeyPath::root() {
        return Err(FileError::at(
            &shown,
            0..path.len(),
            "an override needs a path",
            "write it as path=value: design.replicates=3",
        ));
    }
    let node = resolve(&keys, &shown, skipped, schema)?;
    in_item(document.as_item_mut(), keys.parts(), value(raw.trim(), node, schema)).ok_or_else(|| {
        let help = "set the whole list or table, or count the elements of lists from 0";
        FileError::at(&shown, skipped..path.len(), format!("the file has no place `{keys}`"), help)
    })
}

/// The schema node of a path.
fn resolve<'s>(path: &KeyPath, shown: &Source, skipped: usize, schema: Schema<'s>) -> Result<&'s Json, FileError> {
    let mut node = schema.root();
    let mut from = skipped;
    for part in path.parts() {
        match part {
            Part::Key(key) => {
                let span = place(shown, key, &mut from);
                let Some(next) = schema.property(node, key) else {
                    let keys = schema.keys(node);
                    return Err(FileError::at(shown, span, format!("unknown key `{key}`"), help_words(key, keys)));
                };
                node = next;
            }
            Part::Index(index) => {
                let span = place(shown, &format!("[{index}]"), &mut from);
                let items = schema.options(node).into_iter().find_map(|option| option.get("items"));
                node = items.ok_or_else(|| FileError::at(shown, span, "this is no list", "leave the square brackets away"))?;
            }
        }
    }
    Ok(node)
}

/// Where `word` stands behind `from`, which moves behind it.
fn place(shown: &Source, word: &str, from: &mut usize) -> Range<usize> {
    let start = shown.text[*from..].find(word).map_or(*from, |found| *from + found);
    *from = start + word.len();
    start..*from
}

/// A value as written on a command line, where a shell has most often eaten the quotes.
fn value(raw: &str, node: &Json, schema: Schema<'_>) -> Value {
    let options = schema.options(node);
    let text_only = !options.is_empty() && options.iter().all(|option| kinds(option) == ["string"]);
    match raw.parse::<Value>() {
        Ok(value) if value.is_str() || !text_only => value,
        _ => {
            let items = options.iter().find_map(|option| option.get("items"));
            match (raw.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')), items) {
                (Some(list), Some(items)) => {
                    let elements = list.split(',').map(str::trim).filter(|element| !element.is_empty());
                    Value::Array(elements.map(|element| value(element, items, schema)).collect())
                }
                _ => Value::from(raw),
            }
        }
    }
}

fn in_item(item: &mut Item, parts: &[Part], new: Value) -> Option<()> {
    match parts.split_first() {
        None => {
            match item.as_value_mut() {
                Some(old) => replace(old, new),
                None => *item = Item::Value(new),
            }
            Some(())
        }
        Some((Part::Key(key), rest)) => in_table(item.as_table_like_mut()?, key, rest, new),
        Some((Part::Index(index), rest)) => match item {
            Item::ArrayOfTables(tables) => match rest.split_first() {
                Some((Part::Key(key), rest)) => in_table(tables.get_mut(*index)?, key, rest, new),
                _ => None,
            },
            Item::Value(list) => in_value(list, parts, new),
            _ => None,
        },
    }
}

fn in_table(table: &mut dyn TableLike, key: &str, rest: &[Part], new: Value) -> Option<()> {
    if !table.contains_key(key) {
        match rest.first() {
            None => {
                table.insert(key, Item::Value(new));
                return Some(());
            }
            Some(Part::Key(_)) => {
                table.insert(key, Item::Table(Table::new()));
            }
            Some(Part::Index(_)) => return None,
        }
    }
    in_item(table.get_mut(key)?, rest, new)
}

fn in_value(value: &mut Value, parts: &[Part], new: Value) -> Option<()> {
    match parts.split_first() {
        None => {
            replace(value, new);
            Some(())
        }
        Some((Part::Key(key), rest)) => in_table(value.as_inline_table_mut()?, key, rest, new),
        Some((Part::Index(index), rest)) => in_value(value.as_array_mut()?.get_mut(*index)?, rest, new),
    }
}

/// Replaces a value and keeps the spaces and the comment around it.
fn replace(old: &mut Value, mut new: Value) {
    *new.decor_mut() = old.decor().clone();
    *old = new;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::suite::Suite;
    use crate::files::read::schema_of;

    const TEXT: &str = "\
[factors]
adapter = [\"a\"] # the good one
hold_s = [3, 5]
[design]
kind = \"grid\"
[[limits]]
name = \"x\"
";

    fn set(sets: &[&str]) -> Result<String, String> {
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        let changed = apply(&Source::new("s.toml", TEXT), &sets, &schema_of::<Suite>());
        changed.map(|source| source.text.to_string()).map_err(|errors| errors.to_string())
    }

    #[test]
    fn values_are_changed_added_and_put_into_new_tables() {
        let changed =
            set(&["design.kind=adaptive", "suite.design.replicates=3", "timeouts.trial_s=99", "limits[0].min_rate=0.5"]).unwrap();
        for line in ["kind = \"adaptive\"\n", "replicates = 3\n", "[timeouts]\ntrial_s = 99\n", "name = \"x\"\nmin_rate = 0.5\n"]
        {
            assert!(changed.contains(line), "{changed}");
        }
    }

    #[test]
    fn comments_stay_and_shell_eaten_quotes_do_not_matter() {
        let changed = set(&["factors.adapter=[b, c-d]", "factors.hold_s[1]=7", "design.until=07:00"]).unwrap();
        for line in ["adapter = [\"b\", \"c-d\"] # the good one\n", "hold_s = [3, 7]\n", "until = \"07:00\"\n"] {
            assert!(changed.contains(line), "{changed}");
        }
    }

    #[test]
    fn an_unknown_path_names_the_nearest_key() {
        let expected = "\
error: unknown key `replicate`
 --> --set:1:14
  |
1 | suite.design.replicate=3
  |              ^^^^^^^^^
  |
  = help: did you mean `replicates`? Known are: alone, attempts, budget_h, checks, good_rate, hold_tolerance, kind, order, presses, \
probe_every, rel_half_width, replicates, seed, shams_per_adapter, spec_hold_s, target, trials_per_adapter, unpowered_per_adapter, until";
        assert_eq!(set(&["suite.design.replicate=3"]).unwrap_err(), expected);
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        for (bad, words) in [
            ("design.replicates", "an override needs a value"),
            ("=3", "an override needs a path"),
            ("suite.=3", "an override needs a path"),
            ("design[0]=3", "this is no list"),
            ("factors.hold_s[9]=3", "has no place `factors.hold_s[9]`"),
            ("limits[4].min_rate=0.5", "has no place `limits[4].min_rate`"),
            ("factors.hold_s.from=3", "has no place `factors.hold_s.from`"),
        ] {
            let message = set(&[bad]).unwrap_err();
            assert!(message.contains(words), "{bad}: {message}");
        }
    }
}
