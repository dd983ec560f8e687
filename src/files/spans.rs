//! Where each key and value of a file stands.

use super::keypath::KeyPath;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Spans of a file's keys and values, by key path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(BTreeMap<KeyPath, Place>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Spans {
    /// Of a parsed document.
    pub(crate) fn of(table: &DeTable<'_>) -> Self {
        let mut spans = Self::default();
        spans.table(&KeyPath::root(), table);
        spans
    }

    /// The bytes of the value at `path`, or of the nearest table or list around it when it is absent; the file's start for the root.
    pub fn find(&self, path: &KeyPath) -> Range<usize> {
        let mut path = Some(path.clone());
        while let Some(current) = path {
            if let Some(place) = self.0.get(&current) {
                return place.value.clone();
            }
            path = current.parent();
        }
        0..0
    }

    /// The bytes of the key itself, where there is one.
    pub fn key(&self, path: &KeyPath) -> Option<Range<usize>> {
        self.0.get(path).and_then(|place| place.key.clone())
    }

    /// Whether the file has a value at this path.
    pub fn contains(&self, path: &KeyPath) -> bool {
        self.0.contains_key(path)
    }

    fn table(&mut self, at: &KeyPath, table: &DeTable<'_>) {
        for (key, value) in table {
            self.value(at.key(key.get_ref()), Some(key.span()), value);
        }
    }

    fn value(&mut self, at: KeyPath, key: Option<Range<usize>>, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(&at, table),
            DeValue::Array(array) => {
                for (index, element) in array.iter().enumerate() {
                    self.value(at.index(index), None, element);
                }
            }
            _ => {}
        }
        self.0.insert(at, Place { key, value: value.span() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, path: &str) -> &'t str {
        let table = DeTable::parse(text).unwrap();
        &text[Spans::of(table.get_ref()).find(&path.into())]
    }

    #[test]
    fn values_tables_and_list_elements_are_found() {
        let text = "a = 1\n[b]\nc = [10, 20]\n[[d]]\ne = { f = 'x' }\n";
        assert_eq!(found(text, "a"), "1");
        assert_eq!(found(text, "b"), "[b]");
        assert_eq!(found(text, "b.c[1]"), "20");
        assert_eq!(found(text, "d[0]"), "[[d]]");
        assert_eq!(found(text, "d[0].e.f"), "'x'");
    }

    #[test]
    fn an_absent_value_is_shown_at_the_table_around_it() {
        assert_eq!(found("[b]\nc = 1\n", "b.x.y[3]"), "[b]");
        assert_eq!(found("[b]\nc = 1\n", "x"), "");
    }
}
