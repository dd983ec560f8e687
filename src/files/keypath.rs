//! Paths of keys, such as `factors.hold_s[2]`.

use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// Into a table.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// Where in a file a value stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(Vec<Part>);

impl KeyPath {
    /// The whole file.
    pub fn root() -> Self {
        Self::default()
    }

    /// This path and then a key, taken as it is.
    pub fn key(&self, key: &str) -> Self {
        self.with(Part::Key(key.to_owned()))
    }

    /// This path and then an element of a list, from 0.
    pub fn index(&self, index: usize) -> Self {
        self.with(Part::Index(index))
    }

    /// This path and then another.
    pub fn join(&self, tail: &KeyPath) -> Self {
        Self(self.0.iter().chain(&tail.0).cloned().collect())
    }

    /// The path of the table or list that holds it; `None` for the whole file.
    pub fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        Some(Self(rest.to_vec()))
    }

    /// The path as a table header: without the numbers of list elements.
    pub(crate) fn header(&self) -> String {
        let keys = self.0.iter().filter_map(|part| match part {
            Part::Key(key) => Some(key.as_str()),
            Part::Index(_) => None,
        });
        keys.collect::<Vec<_>>().join(".")
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    fn with(&self, part: Part) -> Self {
        let mut parts = self.0.clone();
        parts.push(part);
        Self(parts)
    }
}

impl From<&str> for KeyPath {
    /// Reads `a.b[2].c`. Keys that hold a dot or a bracket themselves are added with [`KeyPath::key`].
    fn from(text: &str) -> Self {
        let mut path = KeyPath::root();
        for piece in text.split('.').filter(|piece| !piece.is_empty()) {
            let (key, indices) = piece.split_at(piece.find('[').unwrap_or(piece.len()));
            let numbers: Option<Vec<usize>> =
                indices.split_inclusive(']').map(|part| part.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).collect();
            match numbers {
                Some(numbers) => {
                    path = numbers.into_iter().fold(path.key(key), |path, number| path.index(number));
                }
                None => path = path.key(piece),
            }
        }
        path
    }
}

impl From<&KeyPath> for KeyPath {
    fn from(path: &KeyPath) -> Self {
        path.clone()
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if position == 0 => write!(f, "{key}")?,
                Part::Key(key) => write!(f, ".{key}")?,
                Part::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_it_is_written() {
        for text in ["", "a", "a.b", "a[0]", "a.b[2].c", "a[1][2].d"] {
            assert_eq!(KeyPath::from(text).to_string(), text);
        }
        assert_eq!(KeyPath::from("a.b[2]"), KeyPath::root().key("a").key("b").index(2));
    }

    #[test]
    fn a_bracket_without_a_number_belongs_to_the_key() {
        assert_eq!(KeyPath::from("a[x]"), KeyPath::root().key("a[x]"));
        assert_eq!(KeyPath::from("a[1"), KeyPath::root().key("a[1"));
    }
}
