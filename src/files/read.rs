//! Reads a file or one of its tables into a type, with places for every complaint.

use super::error::{FileError, FileErrors, Severity};
use super::keypath::{KeyPath, Part};
use super::kind::{Kind, WORLD, kind_of, schema as schema_of_kind};
use super::nearest::help_words;
use super::problem::{Findings, Problem};
use super::shape::{Flaw, Shape};
use super::source::Source;
use super::spans::Spans;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::Value;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The version of the file formats that this program reads.
pub const SCHEMA: i64 = 1;

/// A value together with the places of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<T> {
    /// What the file says.
    pub value: T,
    /// The file.
    pub source: Source,
    /// Where everything stands in it.
    pub spans: Spans,
    /// Where in the file the value itself stands; key paths of problems start there.
    pub base: KeyPath,
}

impl<T> Parsed<T> {
    /// A problem with its place.
    pub fn locate(&self, problem: &Problem, severity: Severity) -> FileError {
        let span = self.spans.find(&self.base.join(&problem.path));
        FileError { severity, ..FileError::at(&self.source, span, &problem.message, &problem.help) }
    }

    /// Findings with their places: errors and warnings, each in the order of the file.
    pub fn locate_all(&self, findings: &Findings) -> (FileErrors, FileErrors) {
        let located = |problems: &[Problem], severity| {
            FileErrors::sorted(problems.iter().map(|problem| self.locate(problem, severity)).collect())
        };
        (located(&findings.errors, Severity::Error), located(&findings.warnings, Severity::Warning))
    }
}

/// The JSON schema of a type, as every check here uses it.
pub fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// Reads a whole file.
///
/// # Errors
/// The first syntax error; another `schema` than 1; otherwise all unknown keys, missing keys and wrong values at once.
pub fn read<T: DeserializeOwned + JsonSchema>(source: &Source) -> Result<Parsed<T>, FileErrors> {
    let document = parse(source)?;
    let schema = schema_of::<T>();
    if schema["properties"].get("schema").is_some() {
        version(source, document.get_ref())?;
    }
    let spans = Spans::of(document.get_ref());
    let table = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    typed(source, &schema, table, spans, KeyPath::root())
}

/// Reads one table of a file, such as a driver's settings at `positions[0].presser`. The key `driver` is not part of the settings.
///
/// # Errors
/// The first syntax error; no table at `at`; otherwise all unknown keys, missing keys and wrong values at once.
pub fn read_at<T: DeserializeOwned + JsonSchema>(source: &Source, at: &KeyPath) -> Result<Parsed<T>, FileErrors> {
    let document = parse(source)?;
    let spans = Spans::of(document.get_ref());
    let root = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    let place = spans.find(at);
    match descend(root, at.parts()) {
        Some(found) if found.get_ref().is_table() => {
            let span = found.span();
            let mut value = found.into_inner();
            if let DeValue::Table(table) = &mut value {
                table.remove("driver");
            }
            typed(source, &schema_of::<T>(), Spanned::new(span, value), spans, at.clone())
        }
        _ => Err(FileError::at(source, place, format!("there is no table `{at}`"), format!("add [{}]", at.header())).into()),
    }
}

/// Holds the table at `at` against a schema that is known only as a value, such as that of a driver's settings. The key `driver` is not part of
/// the settings.
///
/// # Errors
/// As [`read_at`].
pub fn check_at(source: &Source, at: &KeyPath, schema: &Value) -> Result<(), FileErrors> {
    let document = parse(source)?;
    let root = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    let Some(found) = descend(root, at.parts()) else { return Ok(()) };
    let span = found.span();
    let DeValue::Table(mut table) = found.into_inner() else { return Ok(()) };
    table.remove("driver");
    let flaws = Shape::new(schema, &source.text).flaws(&table, at, span);
    let error = |flaw: Flaw| FileError::at(source, flaw.span, flaw.message, flaw.help);
    if flaws.is_empty() { Ok(()) } else { Err(FileErrors::sorted(flaws.into_iter().map(error).collect())) }
}

/// The syntax tree of a file.
pub(crate) fn parse(source: &Source) -> Result<Spanned<DeTable<'_>>, FileErrors> {
    DeTable::parse(&source.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let (message, help) = syntax_words(error.message());
        FileError::at(source, span, message, help).into()
    })
}

fn typed<T: DeserializeOwned>(
    source: &Source,
    schema: &Value,
    value: Spanned<DeValue<'_>>,
    spans: Spans,
    base: KeyPath,
) -> Result<Parsed<T>, FileErrors> {
    let flaws = match value.get_ref() {
        DeValue::Table(table) => Shape::new(schema, &source.text).flaws(table, &base, value.span()),
        _ => Vec::new(),
    };
    if !flaws.is_empty() {
        if let Some(error) = another_kind(source, schema, &value) {
            return Err(error.into());
        }
        let error = |flaw: Flaw| FileError::at(source, flaw.span, flaw.message, flaw.help);
        return Err(FileErrors::sorted(flaws.into_iter().map(error).collect()));
    }
    let place = value.span();
    match T::deserialize(value.into_deserializer()) {
        Ok(value) => Ok(Parsed { value, source: source.clone(), spans, base }),
        Err(error) => Err(refused(source, &error, place)),
    }
}

/// A file of another kind was named in the wrong place: a list of its missing keys would help nobody.
fn another_kind(source: &Source, schema: &Value, value: &Spanned<DeValue<'_>>) -> Option<FileError> {
    let DeValue::Table(table) = value.get_ref() else { return None };
    let wanted = Kind::ALL.into_iter().find(|kind| schema_of_kind(*kind) == *schema).map_or(WORLD, Kind::name);
    let other = kind_of(table).filter(|kind| *kind != wanted)?;
    let message = format!("this is a file of kind {other}, and one of kind {wanted} is wanted here");
    let help = format!("name a {wanted} file; `pinhole schema {wanted}` prints what it holds");
    Some(FileError::at(source, 0..0, message, help))
}

/// What serde refused although the shape was right: a number out of a type's range, a key that is no word of the known ones.
fn refused(source: &Source, error: &toml::de::Error, place: Range<usize>) -> FileErrors {
    let words: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    let (message, help) = match words.split_first() {
        Some((word, known)) if error.message().starts_with("unknown variant") => {
            (format!("unknown word `{word}`"), help_words(word, known.iter().copied()))
        }
        _ => (error.message().to_owned(), "`pinhole schema` prints what this file may hold".to_owned()),
    };
    FileError::at(source, error.span().unwrap_or(place), message, help).into()
}

fn version(source: &Source, table: &DeTable<'_>) -> Result<(), FileErrors> {
    let Some(value) = table.get("schema") else { return Ok(()) };
    let DeValue::Integer(number) = value.get_ref() else { return Ok(()) };
    if number.to_string() == SCHEMA.to_string() {
        return Ok(());
    }
    let message = format!("this file is of version {number}, and this program reads schema = {SCHEMA}");
    let help = format!("use a pinhole that reads version {number}, or write the file anew as schema = {SCHEMA}");
    Err(FileError::at(source, value.span(), message, help).into())
}

fn descend<'i>(value: Spanned<DeValue<'i>>, parts: &[Part]) -> Option<Spanned<DeValue<'i>>> {
    let Some((part, rest)) = parts.split_first() else { return Some(value) };
    let inner = match (value.into_inner(), part) {
        (DeValue::Table(mut table), Part::Key(key)) => table.remove(key.as_str())?,
        (DeValue::Array(array), Part::Index(index)) => array.into_iter().nth(*index)?,
        _ => return None,
    };
    descend(inner, rest)
}

/// The parser's message about the syntax, and what to do about the mistakes people make most.
fn syntax_words(message: &str) -> (String, &'static str) {
    let help = if message.contains("must be quoted") || message.contains("string") {
        "text stands in double quotes, and a value follows every `=`"
    } else if message.contains("duplicate key") {
        "write it once; to repeat a table such as `limits`, use double brackets: [[limits]]"
    } else if message.contains("comma") {
        "separate the elements of a list with commas"
    } else if message.contains("unclosed") {
        "close the bracket"
    } else if message.contains("newline") {
        "one `key = value` a line; decimals are written with a point, lists in square brackets"
    } else {
        "write `key = value`, text in double quotes, lists in square brackets, tables under [name]"
    };
    (format!("not valid TOML: {message}"), help)
}
